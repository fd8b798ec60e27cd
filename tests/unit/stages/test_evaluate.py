"""Stage `evaluate`: what its tables say of a comparison."""

from __future__ import annotations

import pytest

from pipeline.gold import GoldDocument
from pipeline.markup import read_markup
from pipeline.schema import load_schema
from pipeline.stages.evaluate import (
    confusion_rows,
    curve_rows,
    evaluate,
    reliability_rows,
    score_rows,
    summary,
)
from pipeline.training.compare import Comparison


def comparison():
    found = Comparison()
    found.strict.add([("ORG", 1), ("ORG", 2)], [("ORG", 1), ("PERSON", 3)])
    found.relations.add([("signed", 1), ("rates", 2)], [("signed", 1), ("signed", 4)])
    found.scores = [(0.9, True), (0.4, False)]
    found.status_right = found.status_all = 1
    found.confusion["signed", "none"] = 1
    return found


def test_the_summary_has_the_figures_of_both_stages():
    figures = summary(comparison(), load_schema())
    assert figures["mentions_strict_f"] == figures["relations_f"] == 0.5
    assert figures["relations_missed"] == 1
    assert figures["status_right"] == 1.0


def test_each_label_has_its_row():
    rows = {(row["kind"], row["name"]): row for row in score_rows(comparison(), "models", "test")}
    assert rows["mention", "ORG"]["p"] == 0.5
    assert rows["relation", "signed"]["support"] == 2


def test_a_higher_threshold_trades_recall_for_precision():
    rows = curve_rows(comparison(), "models", "test")
    assert (rows[0]["p"], rows[0]["r"]) == (0.5, 0.5)
    assert (rows[10]["p"], rows[10]["r"]) == (1.0, 0.5)
    assert (rows[19]["p"], rows[19]["r"]) == (1.0, 0.0)


def test_scores_and_mistakes_have_their_rows():
    rows = reliability_rows(comparison(), "models", "test")
    assert [(row["score"], row["right"], row["count"]) for row in rows] == [
        ("0.400", "0.000", 1),
        ("0.900", "1.000", 1),
    ]
    assert confusion_rows(comparison(), "test") == [
        {"part": "test", "actual": "signed", "predicted": "none"}
    ]


def test_the_baseline_is_scored_from_raw_text():
    gold = read_markup(
        "[[Albania|GPE|al]] signed the [[Palermo Protocol|DOCUMENT|p]] on [[3 May 2021|DATE|d]].\n"
        ">> al signed p | date=d\n== d | 2021-05-03 |\n"
    )
    document = GoldDocument("a", "", "", (), "", "test", gold)
    found, entities, dates = evaluate([document], "baseline", "baseline", load_schema())
    assert found.strict.score()["f"] == pytest.approx(1.0)
    assert found.relations.score("signed")["f"] == pytest.approx(1.0)
    assert entities.summary()["b_cubed_f"] == pytest.approx(1.0)
    assert dates.summary() == {
        "statement_dates_p": 1.0, "statement_dates_r": 1.0, "statement_dates": 1,
    }  # fmt: skip
