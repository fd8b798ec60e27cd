"""Dates against gold: right, wrong and unread counted apart."""

from __future__ import annotations

from pipeline.gold import GoldDocument
from pipeline.markup import read_markup
from pipeline.training.score_dates import score_dates

ANNOTATED = """[[Ghana|GPE|gh]] met [[Togo|GPE|tg]] on [[3 May 2019|DATE|a]], [[Tuesday|DATE|b]], \
[[Feast of Yams|DATE|c]] and in [[spring|DATE|d]].
== a | 2019-05-03 |
== b | 2022-07-12 |
== c | 2022-08-15 |
"""


def test_wrong_and_unread_dates_are_counted_apart_and_those_without_a_value_not_at_all():
    gold = read_markup(ANNOTATED)
    score = score_dates([GoldDocument("x", "wire", "2022-07-21", (), "", "dev", gold)])
    assert score.summary() == {
        "dates_right": 0.3333, "dates_wrong": 0.3333, "dates_unread": 0.3333, "dates": 3,
    }  # fmt: skip
    assert score.misses == [
        ("x", "Tuesday", "2022-07-12", "2022-07-19"),
        ("x", "Feast of Yams", "2022-08-15", ""),
    ]


def test_nothing_to_score_is_no_error():
    assert score_dates([]).summary()["dates"] == 0
