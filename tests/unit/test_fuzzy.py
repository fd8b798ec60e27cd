"""Names that are nearly known: word by word, within a block, never between two."""

from __future__ import annotations

import pytest

from pipeline.fuzzy import FuzzyNames, KnownBodies, alike
from pipeline.knowledge import Knowledge, Known, load_knowledge


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("ministry interior", "ministry interiors", True),
        ("ministry justice", "ministry tourism", False),
        ("convention 29", "convention 30", False),
        ("thanh hoa", "khanh hoa", False),
        ("border guard", "border guard command", False),
        ("protection victims", "protektion victims", True),
    ],
)
def test_names_are_near_only_word_by_word(left, right, near):
    assert alike(left.split(), right.split()) is near


def a_list(count):
    knowledge = Knowledge()
    for number in range(count):
        letters = "".join(chr(97 + int(digit)) for digit in str(number))
        name = f"Harbour Foundation {letters * 3}"
        knowledge.add(Known(name, "ORG", (), "MT" if number % 2 else "LY", "", f"Q{number}"))
    return knowledge


def test_a_misspelt_name_finds_its_thing_in_its_country_alone():
    knowledge = Knowledge()
    knowledge.add(Known("Valletta Rehabilitation Centre", "ORG", (), "MT", "", "Q1"))
    fuzzy = FuzzyNames(knowledge)
    found = fuzzy.find("Valletta Rehabilitatoin Centre", "ORG", ["MT"])
    assert found is not None
    assert found[0].wikidata == "Q1"
    assert 0.9 < found[1] < 1
    assert fuzzy.find("Valletta Rehabilitatoin Centre", "ORG", ["LY"]) is None
    assert fuzzy.find("Valletta Rehabilitatoin Centre", "PROGRAM", ["MT"]) is None


def test_a_name_near_two_things_is_neither():
    knowledge = Knowledge()
    knowledge.add(Known("Harbour Foundation Northern", "ORG", (), "MT", "", "Q1"))
    knowledge.add(Known("Harbour Foundation Northerm", "ORG", (), "MT", "", "Q2"))
    assert FuzzyNames(knowledge).find("Harbour Foundation Northerx", "ORG", ["MT"]) is None


def test_comparisons_are_bounded_by_the_block_and_made_once():
    knowledge = a_list(400)
    fuzzy = FuzzyNames(knowledge)
    for _ in range(50):
        fuzzy.find("Harbour Foundation zzz", "ORG", ["MT"])
    assert 0 < fuzzy.comparisons <= len(knowledge.blocks["ORG", "MT"])
    before = fuzzy.comparisons
    fuzzy.find("Something Else Entirely", "ORG", ["MT"])
    fuzzy.find("Harbour Foundation zzz", "PERSON", ["MT"])
    assert fuzzy.comparisons == before


def test_a_listed_body_is_found_by_its_words():
    bodies = KnownBodies(load_knowledge())
    [found] = bodies.find("Justice Ministry of the Kingdom of Thailand", "TH")
    assert found.name == "Ministry of Justice of Thailand"
    assert bodies.find("Ministry of Lotteries", "TH") == []


def test_a_state_has_bodies_of_its_own():
    bodies = KnownBodies(load_knowledge())
    assert bodies.find("State Police", "BR") == []
    assert bodies.find("Council", "CN") == []
