"""Whose a body is that many countries have."""

from __future__ import annotations

import pytest

from pipeline.components.clusters import Found
from pipeline.components.countries import country_beside
from pipeline.context import Context
from pipeline.knowledge import load_knowledge
from pipeline.owners import kind_of
from tests.unit.stages.test_resolve import Maker, resolved

TWO_COUNTRIES = (
    "Officials of Vietnam and Laos met. The Vietnamese side was led by Colonel Bui Van Tam, "
    "director of a department of the Ministry of Public Security.\n\n"
    "On the Lao side, an adviser of the Ministry of Public Security took part."
)


def owner_of(maker, name):
    context = Context(maker.document, maker.mentions, (), load_knowledge(), 0.72)
    [rows] = [rows for rows in context.clusters.values() if rows[0].text == name]
    return context.owners.owner(rows)


def test_the_only_country_of_a_text_owns_its_bodies():
    maker = Maker("a", "The Ministry of Justice met. Malta signed.")
    maker.mention("Ministry of Justice", "ORG", "e1")
    maker.mention("Malta", "GPE", "e2", "MT", "Malta")
    country, belief = owner_of(maker, "Ministry of Justice")
    assert country == "MT"
    assert belief > 0.9


def test_a_body_is_of_the_country_whose_side_is_spoken_of():
    maker = Maker("a", TWO_COUNTRIES)
    maker.mention("Vietnam", "GPE", "e1", "VN", "Vietnam")
    maker.mention("Laos", "GPE", "e2", "LA", "Laos")
    maker.mention("Ministry of Public Security", "ORG", "e3")
    assert owner_of(maker, "Ministry of Public Security")[0] == "VN"


def test_a_listed_body_of_a_rival_leaves_doubt():
    text = "The United Kingdom met. London wrote to Vietnam. In the UK the National Assembly met."
    maker = Maker("a", text)
    maker.mention("United Kingdom", "GPE", "e1", "GB", "United Kingdom")
    maker.mention("Vietnam", "GPE", "e2", "VN", "Vietnam")
    maker.mention("UK", "GPE", "e1", "GB", "United Kingdom")
    maker.mention("National Assembly", "ORG", "e3")
    country, belief = owner_of(maker, "National Assembly")
    assert country == "VN" or belief == 0.0


def test_no_country_no_owner():
    maker = Maker("a", "The Ministry of Justice met.")
    maker.mention("Ministry of Justice", "ORG", "e1")
    assert owner_of(maker, "Ministry of Justice") == ("", 0.0)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Malta's Foreign Ministry wrote.", "MT"),
        ("The U.S.\nForeign Ministry wrote.", "US"),
        ("They asked Malta. Foreign Ministry staff left.", ""),
        ("They asked Malta.\n\nForeign Ministry staff left.", ""),
    ],
)
def test_a_country_in_front_owns_a_body_within_the_sentence(text, country):
    name = "Foreign Ministry"
    found = Found(text.index(name), text.index(name) + len(name), name, "ORG", 1.0)
    assert country_beside(text, found, load_knowledge()) == country


def test_two_bodies_of_one_name_are_not_both_the_guessed_country_s():
    text = "Malta met. The Ministry of Justice spoke. Then the Ministry of Justice spoke."
    maker = Maker("a", text)
    maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    maker.mention("Ministry of Justice", "ORG", "e2")
    maker.mention("Ministry of Justice", "ORG", "e3")
    bodies = [entity for entity in resolved(maker).entities if entity.label == "ORG"]
    assert len(bodies) == 2


@pytest.mark.parametrize(
    ("name", "label", "kind"),
    [
        ("Ministry of Justice", "ORG", "ministry"),
        ("Embassy", "ORG", "mission"),
        ("National Assembly", "ORG", "body"),
        ("Penal Code", "DOCUMENT", "document"),
    ],
)
def test_each_kind_has_weights_of_its_own(name, label, kind):
    maker = Maker("a", f"The {name}.")
    maker.mention(name, label, "e1")
    assert kind_of(maker.mentions[0]) == kind
