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


def entities(maker, label):
    return [entity for entity in resolved(maker).entities if entity.label == label]


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
    assert (country, belief) == ("GB", 0.0)
    [body] = entities(maker, "ORG")
    assert body.name == "National Assembly of Vietnam"  # no other of the two has one


def test_whose_an_embassy_is_is_not_guessed():
    maker = Maker("a", "Malta met. The Embassy wrote.")
    maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    maker.mention("Embassy", "ORG", "e2")
    [body] = entities(maker, "ORG")
    assert body.country == ""


def test_in_doubt_a_body_has_no_country():
    maker = Maker("a", "Malta and Laos met. Both thanked the Ministry of Justice.")
    maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    maker.mention("Laos", "GPE", "e2", "LA", "Laos")
    maker.mention("Ministry of Justice", "ORG", "e3")
    assert owner_of(maker, "Ministry of Justice")[1] < 0.9
    [body] = entities(maker, "ORG")
    assert body.country == ""


def test_a_law_has_an_owner_too():
    maker = Maker("a", "Malta met. The Penal Code of 1999 stands.")
    maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    maker.mention("Penal Code of 1999", "DOCUMENT", "e2")
    [law] = entities(maker, "DOCUMENT")
    assert law.country == "MT"


def test_two_names_of_one_listed_body_are_one():
    text = "The United States voted. The Department of State met. Then the State Department spoke."
    maker = Maker("a", text)
    maker.mention("United States", "GPE", "e1", "US", "United States")
    maker.mention("Department of State", "ORG", "e2")
    maker.mention("State Department", "ORG", "e3")
    assert len(entities(maker, "ORG")) == 1


def test_no_country_no_owner():
    maker = Maker("a", "The Ministry of Justice met.")
    maker.mention("Ministry of Justice", "ORG", "e1")
    assert owner_of(maker, "Ministry of Justice") == ("", 0.0)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Malta's Foreign Ministry wrote.", "MT"),
        ("The U.S.\nForeign Ministry wrote.", "US"),
        ("The U.S Foreign Ministry wrote.", "US"),
        ("The U.K’s Foreign Ministry wrote.", "GB"),
        ("St. Lucia's Foreign Ministry wrote.", "LC"),
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
    assert sorted(body.country for body in entities(maker, "ORG")) == ["", "MT"]


@pytest.mark.parametrize(
    ("name", "label", "kind"),
    [
        ("Ministry of Justice", "ORG", "ministry"),
        ("National Assembly", "ORG", "body"),
        ("Penal Code", "DOCUMENT", "document"),
    ],
)
def test_each_kind_has_weights_of_its_own(name, label, kind):
    maker = Maker("a", f"The {name}.")
    maker.mention(name, label, "e1")
    assert kind_of(maker.mentions[0]) == kind
