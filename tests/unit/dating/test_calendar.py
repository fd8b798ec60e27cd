"""What lies ahead has not happened, and no plan is old."""

from __future__ import annotations

import pytest

from pipeline.dating.calendar import Calendar
from tests.unit.dating.test_statements import Text

MET = "The [meeting|EVENT|e] in [Hanoi|GPE|h] is on [{}|DATE|d], and [Laos|GPE|l] attends."


def statuses(text):
    calendar = Calendar(text.document, text.mentions)
    return [row.status for row in calendar.mended(text.relations)]


@pytest.mark.parametrize(
    ("when", "said", "mended"),
    [
        ("3 May 2023", "actual", "planned"),
        ("3 May 2019", "planned", "actual"),
        ("3 May 2023", "negated", "negated"),
        ("21 July 2022", "planned", "planned"),
        ("2022", "actual", "actual"),
        ("Thursday", "planned", "planned"),
        ("3 May", "planned", "planned"),
    ],
    ids=["ahead", "behind", "denied", "the day itself", "this year", "by tense", "either year"],
)
def test_an_event_and_what_is_said_of_it_lie_on_one_side_of_the_day(when, said, mended):
    text = Text(MET.format(when))
    text.relate("e", "dated", "d", status=said)
    text.relate("e", "located_in", "h", status=said)
    text.relate("l", "participates_in", "e", status=said)
    assert statuses(text) == [mended] * 3


def test_a_fact_with_a_date_ahead_is_a_plan_but_a_plan_with_an_old_date_stays_one():
    text = Text("[Ghana|GPE|g] meets [Togo|GPE|t] on [3 May 2023|DATE|a], not [2019|DATE|b].")
    text.relate("g", "meets_with", "t", date="a")
    text.relate("g", "meets_with", "t", status="planned", date="b")
    assert statuses(text) == ["planned", "planned"]


def test_an_event_with_dates_on_both_sides_says_nothing():
    text = Text("[Laos|GPE|l] attends the [talks|EVENT|e] of [2019|DATE|a] and [2024|DATE|b].")
    text.relate("e", "dated", "a")
    text.relate("e", "dated", "b", status="planned")
    text.relate("l", "participates_in", "e")
    assert statuses(text) == ["actual", "planned", "actual"]


def test_without_a_day_of_publication_nothing_changes():
    text = Text(MET.format("3 May 2050"), published="")
    text.relate("e", "dated", "d")
    assert statuses(text) == ["actual"]


def test_a_date_that_is_read_by_tense_is_past_where_a_fact_has_it_too():
    text = Text("[Laos|GPE|l] leads the [talks|EVENT|e] on [15 May|DATE|d], [Peru|GPE|p] attends.")
    text.relate("e", "dated", "d", status="planned")
    text.relate("p", "participates_in", "e", status="planned", date="d")
    assert statuses(text) == ["planned", "planned"]
    text.relate("l", "organizes", "e", date="d")
    assert statuses(text) == ["actual"] * 3
