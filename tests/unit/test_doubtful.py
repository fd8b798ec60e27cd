"""Doubtful pairs: which are worth asking about, in what order, and how many are compared."""

from __future__ import annotations

import random

import pytest

from pipeline.doubtful import BLOCK, Thing, _Comparer, doubtful_pairs
from pipeline.knowledge import load_knowledge


def thing(name, label="ORG", country="", *, id=None, aliases=(), rows=1, docs=None, forms=None):
    wikidata = id if id and id.startswith("Q") else ""
    entity_id = id or f"{name.lower().replace(' ', '-')}-{len(name):08x}"
    documents = frozenset(docs or {f"{entity_id}.txt"})
    return Thing(
        entity_id, name, label, wikidata, country, tuple(aliases), rows, 0, documents,
        forms or {name: rows},
    )  # fmt: skip


def pairs(*things):
    return doubtful_pairs(things, load_knowledge())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(thing("Durres Harbour Trust"), thing("Durres Harbour"), id="shorter"),
        pytest.param(thing("Durres Harbour Trust"), thing("DHT"), id="acronym"),
        pytest.param(
            thing("Labour Centre of Durres"), thing("Labor Centre, Durres"), id="spelling"
        ),
        pytest.param(
            thing("Agim Qerimaj", "PERSON"), thing("Qerimaj Agim", "PERSON"), id="order of names"
        ),
        pytest.param(thing("Agim Qerimaj", "PERSON"), thing("Qerimaj", "PERSON"), id="surname"),
        pytest.param(
            thing("Agim B. Qerimaj", "PERSON"), thing("Agim Qerimaj", "PERSON"), id="initial"
        ),
        pytest.param(
            thing("Tirana Protocol", "DOCUMENT"),
            thing("Tirana Protocol", "DOCUMENT", id="tirana-protocol-00000000"),
            id="one name",
        ),
    ],
)
def test_likely_pairs_are_asked_about(left, right):
    [pair] = pairs(left, right)
    assert {side.entity_id for side in (pair.left, pair.right)} == {left.entity_id, right.entity_id}
    assert 0 < pair.doubt < 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(thing("Fund X", country="AL"), thing("Fund X ", country="XK"), id="country"),
        pytest.param(thing("Odd Fund"), thing("Odd Fund ", "PERSON"), id="label"),
        pytest.param(
            thing("Second Vlora Summit", "EVENT"), thing("Third Vlora Summit", "EVENT"), id="rank"
        ),
        pytest.param(
            thing("2021 Odd Report", "DOCUMENT"), thing("2022 Odd Report", "DOCUMENT"), id="year"
        ),
        pytest.param(thing("report", "DOCUMENT"), thing("Report ", "DOCUMENT"), id="bare kind"),
        pytest.param(
            thing("labour agreement", "DOCUMENT"), thing("agreement on labour", "DOCUMENT"),
            id="descriptions",
        ),
        pytest.param(
            thing("Malawi Odd Service", aliases=["MOS"]), thing("Museum of Snow", aliases=["MOS"]),
            id="one acronym of two full names",
        ),
        pytest.param(
            thing("Le Luong Minh", "PERSON", aliases=["Minh"]),
            thing("Pham Minh Chinh", "PERSON", aliases=["Minh"]),
            id="a short form of two full names",
        ),
        pytest.param(thing("Ministry of Justice"), thing("Ministry of Labour"), id="ministries"),
        pytest.param(
            thing("United Nations", id="Q1065"), thing("Odd Council of the United Nations"),
            id="a body of a known one",
        ),
    ],
)  # fmt: skip
def test_unlikely_pairs_are_not(left, right):
    assert pairs(left, right) == []


def test_the_most_valuable_comes_first_and_order_of_entities_does_not_matter():
    things = [
        thing("Odd Fund", rows=9), thing("Odd Fund of Tirana", rows=2),
        thing("Agim Qerimaj", "PERSON", rows=30), thing("Qerimaj Agim", "PERSON", rows=20),
        thing("Vlora Guild", rows=500), thing("VG", rows=1),
    ]  # fmt: skip
    found = pairs(*things)
    assert [pair.rows for pair in found] == [20, 2, 1]
    assert [pair.value for pair in found] == sorted((p.value for p in found), reverse=True)
    random.Random(3).shuffle(things)
    assert pairs(*things) == found


def test_a_text_that_names_both_makes_one_less_likely():
    apart = pairs(thing("Odd Vlora Fund"), thing("Odd Vlora Funds"))
    beside = pairs(thing("Odd Vlora Fund", docs=["a"]), thing("Odd Vlora Funds", docs=["a", "b"]))
    assert beside[0].doubt < apart[0].doubt


def test_a_name_that_nothing_ties_to_its_entity_is_asked_about():
    trust = thing(
        "Durres Harbour Trust", id="Q7", aliases=["DHT", "Durres Trust", "Vlora Guild"],
        forms={"DHT": 5, "Durres Trust": 5, "Vlora Guild": 4},
    )  # fmt: skip
    [pair] = pairs(trust)  # the acronym and the shorter form are of its words
    assert pair.sides == ("Q7", "Q7#Vlora Guild")
    assert pair.rows == 4


def test_a_ministry_of_no_country_may_be_that_of_a_country_in_its_texts_only():
    albanian = thing("Ministry of Odd Affairs of Albania", country="AL")
    bare = thing("Ministry of Odd Affairs", docs=["b"])
    tirana = thing("Albania", "GPE", "AL", id="Q222", docs=["b"])
    [pair] = pairs(albanian, bare, tirana)
    assert pair.reason == "one name"
    assert pairs(albanian, bare, thing("Kosovo", "GPE", "XK", id="Q1246", docs=["b"])) == []


def test_a_name_that_the_knowledge_files_give_is_not():
    names = ["GVN", "Viet Nam", "Hanoi", "Vlora"]
    vietnam = thing("Vietnam", "GPE", "VN", id="Q881", aliases=names,
                    forms={"GVN": 1, "Viet Nam": 1, "Hanoi": 3, "Vlora": 3})  # fmt: skip
    assert [pair.alias for pair in pairs(vietnam)] == ["Vlora"]


def test_comparisons_grow_with_the_entities_and_not_with_their_square():
    rng = random.Random(5)
    syllables = ["dur", "res", "vlo", "ra", "kor", "ce", "shko", "der", "ber", "at"]

    def word():
        return "".join(rng.choices(syllables, k=3)).title()

    def world(size):
        return [
            thing(f"{word()} {word()} Border Trust", id=f"w-{n:08x}", rows=rng.randint(1, 9))
            for n in range(size)
        ]

    counts = []
    for size in (500, 1000):
        comparer = _Comparer(world(size), load_knowledge())
        list(comparer.pairs())
        counts.append(comparer.compared)
    assert counts[1] < 2.6 * counts[0]
    # Every name has seven keys at most, and under none is it compared with more than BLOCK.
    assert counts[1] <= 1000 * 7 * BLOCK
