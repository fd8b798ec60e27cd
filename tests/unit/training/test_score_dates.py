"""Dates against gold: right, wrong and unread counted apart."""

from __future__ import annotations

from pipeline.gold import GoldDocument
from pipeline.markup import read_markup
from pipeline.records import Mention, Relation
from pipeline.schema import load_schema
from pipeline.training.score_dates import score_dates, score_statement_dates

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


STATED = """[[Ghana|GPE|gh]] joined [[ECOWAS|ORG|ec]] in [[1975|DATE|a]]. In [[2019|DATE|b]] \
[[Togo|GPE|tg]] met [[Benin|GPE|bj]].
>> gh member_of ec | date=a
>> tg meets_with bj | date=b

[[Ghana|GPE|gh]] belongs to [[ECOWAS|ORG|ec]].
>> gh member_of ec
== a | 1975 |
== b | 2019 |
"""


def mentions(gold):
    return [
        Mention(
            f"m{number}", "x", m.start, m.end, m.start, m.end, m.text, m.label, "name",
            m.ids, m.text, "", 1.0,
        )
        for number, m in enumerate(gold.mentions)
    ]  # fmt: skip


def stated(gold, relation_id, head, relation, tail, date):
    return Relation(
        relation_id, "x", head, relation, tail, "actual", date, "", "", "", 0.9, "model",
        0, len(gold.text), "",
    )  # fmt: skip


def summary_of(*statements):
    gold = read_markup(STATED)
    document = GoldDocument("x", "wire", "2022-07-21", (), "", "dev", gold)
    rows = [stated(gold, f"r{i}", *statement) for i, statement in enumerate(statements)]
    score = score_statement_dates([document], {"x": mentions(gold)}, rows, load_schema())
    return score.right, score.wrong, score.missing, score.extra


def test_a_statement_has_the_date_of_its_paragraph_or_another_or_none():
    ghana, ecowas, year, later, togo, benin, ghana_again, ecowas_again = (
        f"m{number}" for number in range(8)
    )
    assert summary_of((ghana, "member_of", ecowas, year)) == (1, 0, 0, 0)
    assert summary_of((benin, "meets_with", togo, later)) == (1, 0, 0, 0)
    assert summary_of((benin, "meets_with", togo, year)) == (0, 1, 0, 0)
    assert summary_of((togo, "meets_with", benin, "")) == (0, 0, 1, 0)
    assert summary_of((ghana_again, "member_of", ecowas_again, year)) == (0, 0, 0, 1)
    assert summary_of((ghana_again, "member_of", ecowas_again, "")) == (0, 0, 0, 0)
    assert summary_of((togo, "urges", benin, later)) == (0, 0, 0, 0)  # gold does not say so
