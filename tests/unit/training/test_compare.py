"""Predictions against gold, from whole documents."""

from __future__ import annotations

from pipeline.markup import read_markup
from pipeline.records import Mention, Relation
from pipeline.schema import load_schema
from pipeline.training.compare import Comparison, compare_document

GOLD = read_markup(
    "[[Agim Leka|PERSON|a]] met [[Vera Koci|PERSON|v]] in [[Durres|GPE|d]].\n"
    ">> a meets_with v | status=planned\n"
    "\n"
    "[[Leka|PERSON|a]] rules [[Durres|GPE|d]].\n"
    ">> a works_for d\n"
)


def mention(surface, label, cluster, at=0):
    begin = GOLD.text.index(surface, at)
    end = begin + len(surface)
    return Mention(
        f"m{begin}", "x", begin, end, begin, end, surface, label, "name", (cluster,), surface, "",
        0.9,
    )  # fmt: skip


def relation(head, name, tail, status="actual", score=0.9):
    return Relation(
        f"{head.mention_id}{name}", "x", head.mention_id, name, tail.mention_id, status,
        "", "", "", "", score, "model", 0, 1, "",
    )  # fmt: skip


def compared(mentions, relations):
    comparison = Comparison()
    compare_document(comparison, GOLD, mentions, relations, load_schema())
    return comparison


def test_what_is_right_counts_whatever_the_clusters_are_called():
    leka, koci = mention("Agim Leka", "PERSON", "c7"), mention("Vera Koci", "PERSON", "c9")
    found = compared([leka, koci], [relation(koci, "meets_with", leka, "planned")])
    assert found.strict.score() == {"p": 1.0, "r": 0.4, "f": 0.5714, "support": 5}
    assert found.relations.score("meets_with")["f"] == 1.0
    assert found.relations.score("works_for") == {"p": 0.0, "r": 0.0, "f": 0.0, "support": 1}
    assert (found.status_right, found.status_all) == (1, 1)


def test_a_name_with_other_borders_is_wrong_strictly_and_found_by_overlap():
    found = compared([mention("Leka", "PERSON", "c1")], [])
    assert found.strict.score()["f"] == 0.0
    assert found.overlap.score("PERSON")["p"] == 1.0


def test_a_wrong_relation_is_seen_beside_the_right_one():
    leka, koci = mention("Agim Leka", "PERSON", "c7"), mention("Vera Koci", "PERSON", "c9")
    found = compared([leka, koci], [relation(leka, "praises", koci)])
    assert found.confusion["meets_with", "praises"] == 1
    assert found.confusion["works_for", "none"] == 1
    assert found.scores == [(0.9, False)]


def test_a_relation_of_something_invented_is_a_false_one():
    leka = mention("Agim Leka", "PERSON", "c7")
    ghost = Mention("g", "x", 20, 23, 20, 23, "in ", "ORG", "name", ("c8",), "in", "", 0.9)
    found = compared([leka, ghost], [relation(leka, "works_for", ghost)])
    assert found.relations.score()["p"] == 0.0
