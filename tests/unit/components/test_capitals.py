"""Capitals: a government, a city, or undecided."""

from __future__ import annotations

import re

import pytest

from pipeline.components.capitals import (
    CITY,
    GOVERNMENT,
    UNKNOWN,
    acting_capitals,
    stance,
    stances,
    weighed,
)
from pipeline.components.clusters import Found, cluster_names
from pipeline.components.pointing import Pointing
from pipeline.knowledge import load_knowledge


def of(text, name="Hanoi"):
    start = text.index(name)
    return stance(text, start, start + len(name))


@pytest.mark.parametrize(
    "text",
    [
        "Hanoi rejected the report.",
        "In 2019 Hanoi took the draft home.",
        "The envoy urged Hanoi to sign.",
        "The draft was sent back by Hanoi in May.",
        "Officials await Hanoi's response.",
        "A treaty with Hanoi is near.",
        "Would Hanoi agree to that?",
        "Hanoi, which joined late, has yet to ratify it.",
        "The country was on Tier 2, and Hanoi, Tier 3, was angry.",
        "HANOI REJECTS THE REPORT",
        "He read a letter that Hanoi has rejected.",
        "It is a body whose chair Hanoi has yet to name.",
        "Hanoi, a member since 1995, sent a general.",
        "The group called on Thailand and on Hanoi to sign.",
        "They gave Hanoi the list.",
        "Nor did Hanoi, which was silent.",
        "The party left early, and Hanoi intends to sign.",
        "In 1976, when Hanoi opened relations, little was known.",
        "Some 22 million rupees from Hanoi are due.",
        "Nobody would consent without Hanoi.",
        "Hanoi to sign accord with neighbour\n\nThe text is ready.",
    ],
)
def test_a_capital_that_acts_is_a_government(text):
    assert of(text, "HANOI" if text.isupper() else "Hanoi") == GOVERNMENT


@pytest.mark.parametrize(
    "text",
    [
        "They met in Hanoi on Monday.",
        "HANOI, May 3 - Police said on Monday",
        "The suspects arrived at Hanoi by bus.",
        "A Hanoi hospital treated her.",
        "Hanoi's streets were full.",
        "The train on from Hanoi to the coast was late.",
        "She was sent from there to Hanoi by bus.",
    ],
)
def test_a_capital_that_hosts_is_a_city(text):
    assert of(text, "HANOI" if "HANOI" in text else "Hanoi") != GOVERNMENT


def test_joined_capitals_stand_for_one_kind_of_thing():
    text = "It was signed in Hanoi and Vientiane. Hanoi and Vientiane signed it."
    spans = [match.span() for match in re.finditer("Hanoi|Vientiane", text)]
    assert stances(text, spans) == [CITY, CITY, GOVERNMENT, GOVERNMENT]


def test_a_town_beside_a_capital_keeps_it_a_city():
    text = "Victims in Guayaquil and Quito lost money."
    assert stances(text, [(25, 30)]) == [UNKNOWN]


def test_city_and_government_are_two_clusters():
    text = "Delegates met in Hanoi. Hanoi rejected the claim."
    names = [Found(m.start(), m.end(), m[0], "GPE", 1.0) for m in re.finditer("Hanoi", text)]
    city, government = cluster_names(text, names, load_knowledge())
    assert (city.country, government.country, government.name) == ("", "VN", "Vietnam")


def places_of(text, *names):
    return [
        Found(text.index(name), text.index(name) + len(name), name, "GPE", 1.0) for name in names
    ]


@pytest.mark.parametrize(
    ("text", "names", "acting"),
    [
        ("Queues that Hanoi or Sydney might envy. It said no.", ["Hanoi", "Sydney"], []),
        ("Hanoi and Vientiane rejected it.", ["Hanoi", "Vientiane"], ["VN", "LA"]),
        ("Putrajaya, on the hill", ["Putrajaya"], ["MY"]),
        ("Hanoi, on the river", ["Hanoi"], []),
        ("They met in Washington on Monday", ["Washington"], []),
        ("The Hague rejected it.", ["The Hague"], ["NL"]),
    ],
    ids=["town beside", "capitals", "seat alone", "undecided", "placed seat", "no capital"],
)
def test_capitals_that_act_among_places(text, names, acting):
    found = acting_capitals(text, places_of(text, *names), load_knowledge())
    assert list(found.values()) == acting


@pytest.mark.parametrize(
    ("words", "odds", "expected"),
    [
        pytest.param(GOVERNMENT, 0.0, GOVERNMENT, id="no encoder"),
        pytest.param(UNKNOWN, 0.0, CITY, id="no encoder, no words"),
        pytest.param(UNKNOWN, 4.0, GOVERNMENT, id="the encoder alone"),
        pytest.param(UNKNOWN, 2.0, UNKNOWN, id="even"),
        pytest.param(CITY, 6.0, UNKNOWN, id="words and encoder against each other"),
        pytest.param(UNKNOWN, -3.0, CITY, id="the encoder against"),
        pytest.param(GOVERNMENT, -0.5, UNKNOWN, id="plain words against a doubt"),
        pytest.param(GOVERNMENT, 2.0, GOVERNMENT, id="plain words with a leaning encoder"),
        pytest.param(CITY, 1.0, CITY, id="also for a city"),
        pytest.param(CITY, 9.0, GOVERNMENT, id="a sure encoder wins over words"),
    ],
)
def test_words_and_encoder_are_weighed(words, odds, expected):
    assert weighed(words, odds) == expected


class Odds(Pointing):
    """What an encoder would see: the same log odds everywhere."""

    def __init__(self, odds):
        super().__init__()
        self.everywhere = odds

    def acting(self, name):  # noqa: ARG002
        return self.everywhere


@pytest.mark.parametrize(
    ("odds", "acting"), [(6.0, ["VN"]), (2.0, [""]), (-4.0, [])], ids=["government", "open", "city"]
)
def test_a_capital_that_is_left_open_has_no_country(odds, acting):
    text = "Hanoi, on the river"
    found = acting_capitals(text, places_of(text, "Hanoi"), load_knowledge(), Odds(odds))
    assert list(found.values()) == acting


def test_what_is_left_open_is_neither_the_city_nor_the_country():
    text = "Vietnam, Hanoi, on the river"
    names = places_of(text, "Vietnam", "Hanoi")
    clusters = cluster_names(text, names, load_knowledge(), Odds(2.0))
    assert [(c.name, c.country) for c in clusters] == [
        ("Vietnam", "VN"), ("Hanoi (city or government)", ""),
    ]  # fmt: skip
