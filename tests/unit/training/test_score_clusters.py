"""Scores of clusters and references, on cases that a hand can count."""

from __future__ import annotations

import pytest

from pipeline.gold import GoldDocument
from pipeline.knowledge import load_knowledge
from pipeline.markup import read_markup
from pipeline.records import Mention
from pipeline.schema import load_schema
from pipeline.training.score_clusters import (
    ClusterScores,
    carrying_spans,
    mentions_between_gold,
    score_mentions,
)

GOLD = read_markup(
    "[[Agim Leka|PERSON|a]] met [[Vera Koci|PERSON|v]]. [[Leka|PERSON|a]] left. [[He|REF|a]] sang,"
    " then [[both|REF|a+v]] ate, and she slept.\n"
)


def mention(surface, clusters, kind="name"):
    begin = GOLD.text.index(surface)
    if surface == "Leka":
        begin = GOLD.text.rindex(surface)
    end = begin + len(surface)
    return Mention(
        f"m{begin}", "x", begin, end, begin, end, surface, "PERSON", kind, tuple(clusters), surface,
        "", 0.9,
    )  # fmt: skip


NAMES = [mention("Agim Leka", ["c1"]), mention("Vera Koci", ["c2"]), mention("Leka", ["c1"])]


def scored(mentions):
    scores = ClusterScores()
    score_mentions(scores, GOLD, mentions, load_schema())
    return scores


def test_what_is_right_scores_one():
    found = scored(
        [*NAMES, mention("He", ["c1"], "reference"), mention("both", ["c2", "c1"], "reference")]
    )
    assert found.b_cubed() == {"p": 1.0, "r": 1.0, "f": 1.0, "support": 3}
    assert found.references() == {"p": 1.0, "r": 1.0, "f": 1.0, "support": 2}


@pytest.mark.parametrize(
    ("clusters", "p", "r"),
    [
        pytest.param(("c1", "c1", "c1"), 0.5556, 1.0, id="all in one"),
        pytest.param(("c1", "c2", "c3"), 1.0, 0.6667, id="each alone"),
    ],
)
def test_b_cubed_is_counted_by_mention(clusters, p, r):
    surfaces = ("Agim Leka", "Vera Koci", "Leka")
    found = scored([mention(s, [c]) for s, c in zip(surfaces, clusters, strict=True)])
    assert (found.b_cubed()["p"], found.b_cubed()["r"]) == (p, r)


def test_names_that_only_one_side_has_are_left_out_of_b_cubed():
    assert scored(NAMES[:1]).b_cubed()["support"] == 1


def test_an_expression_that_gold_left_unmarked_costs_precision():
    found = scored(
        [*NAMES, mention("He", ["c1"], "reference"), mention("she", ["c2"], "reference")]
    )
    assert found.references() == {"p": 0.5, "r": 0.5, "f": 0.5, "support": 2}


CARRYING = read_markup(
    "[[Agim Leka|PERSON|a]] met [[Vera Koci|PERSON|v]].\n>> a meets_with v\n\n"
    "[[He|REF|a]] thanked [[Vera Koci|PERSON|v]], and [[she|REF|v]] left on [[Friday|DATE|d]].\n"
    ">> a praises v | date=d\n"
)


def test_a_reference_carries_a_statement_whose_end_the_paragraph_names_in_no_other_way():
    spans = carrying_spans(CARRYING, load_schema())
    assert [CARRYING.text[start:end] for start, end in spans] == ["He"]


def test_references_that_carry_statements_are_scored_by_themselves():
    scores = ClusterScores()
    rows = [
        Mention(
            f"m{begin}", "x", begin, begin + len(word), begin, begin + len(word), word, "PERSON",
            kind, (cluster,), word, "", 0.9,
        )
        for word, cluster, kind, begin in (
            ("Agim Leka", "c1", "name", 0),
            ("Vera Koci", "c2", "name", CARRYING.text.index("Vera Koci")),
            ("He", "c1", "reference", CARRYING.text.index("He thanked")),
            ("she", "c1", "reference", CARRYING.text.index("she left")),
        )
    ]  # fmt: skip
    score_mentions(scores, CARRYING, rows, load_schema())
    assert scores.references() == {"p": 0.5, "r": 0.5, "f": 0.5, "support": 2}
    assert scores.carrying_references() == {"p": 1.0, "r": 1.0, "f": 1.0, "support": 1}


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param(mention("He", ["c2"], "reference"), id="another thing"),
        pytest.param(mention("both", ["c1"], "reference"), id="one of two things"),
        pytest.param(mention("both ate", ["c1", "c2"], "reference"), id="another span"),
        pytest.param(mention("He", ["c9"], "reference"), id="a thing that is none"),
    ],
)
def test_a_wrong_reference_costs_precision_and_recall(reference):
    found = scored([*NAMES, reference])
    assert found.references() == {"p": 0.0, "r": 0.0, "f": 0.0, "support": 2}
    assert found.found == 1


def test_between_gold_mentions_the_components_are_scored_alone():
    scores = ClusterScores()
    document = GoldDocument("x", "", "", (), "", "test", GOLD)
    mentions = mentions_between_gold(document, load_knowledge(), load_schema())
    score_mentions(scores, GOLD, mentions, load_schema())
    assert scores.b_cubed()["f"] == 1.0
    assert scores.marked == 2
    assert scores.right == 2
