"""Dates as ISO 8601: what the text bears, and no more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import parse_date

PUBLISHED = "2022-07-21"  # a Thursday


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("15 June 2023", "2023-06-15"),
        ("June 15, 2023", "2023-06-15"),
        ("Monday, 3 May 2021", "2021-05-03"),
        ("the 2nd of September 1945", "1945-09-02"),
        ("2023-06-22", "2023-06-22"),
        ("November 2018", "2018-11"),
        ("November, 2018", "2018-11"),
        ("early May 2020", "2020-05"),
        ("2019", "2019"),
        ("late 2019", "2019"),
        ("2021-2025", "2021/2025"),
        ("the 2021–2025 period", "2021/2025"),
        ("2021-25", "2021/2025"),
        ("the 1990s", "1990/1999"),
        ("FY03", "2002-10/2003-09"),
        ("fiscal year 2010", "2009-10/2010-09"),
        ("FY 2010/11", "2010/2011"),
        ("the first half of 2024", "2024-01/2024-06"),
        ("the third quarter of 2024", "2024-07/2024-09"),
        ("5-7 May 2014", "2014-05-05/2014-05-07"),
        ("May 5 and 7, 2014", "2014-05-05/2014-05-07"),
        ("January to March 2020", "2020-01/2020-03"),
        ("ngày 18 tháng 7 năm 2022", "2022-07-18"),
        ("tháng 7/2022", "2022-07"),
        ("16/08/2022", "2022-08-16"),
        ("08/16/2022", "2022-08-16"),
        ("04/05/2022", "2022"),
        ("31 February 2020", ""),
        ("spring 2021", "2021-03/2021-05"),
    ],
)
def test_absolute_dates_need_no_publication_date(text, iso):
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    ("text", "ahead", "iso"),
    [
        ("today", False, "2022-07-21"),
        ("yesterday", False, "2022-07-20"),
        ("Thursday", False, "2022-07-21"),
        ("on Tuesday", False, "2022-07-19"),
        ("Tuesday", True, "2022-07-26"),
        ("last Thursday", False, "2022-07-14"),
        ("next Monday", False, "2022-07-25"),
        ("last week", False, "2022-07-11/2022-07-17"),
        ("earlier this week", False, "2022-07-18/2022-07-24"),
        ("last month", False, "2022-06"),
        ("next year", False, "2023"),
        ("July 18", False, "2022-07-18"),
        ("18 July", False, "2022-07-18"),
        ("December 20", False, "2021-12-20"),
        ("December 20", True, "2022-12-20"),
        ("November", False, "2021-11"),
        ("this coming October", False, "2022-10"),
        ("two years ago", False, "2020"),
        ("three months ago", False, "2022-04"),
        ("the last five years", False, "2017/2022"),
        ("recent years", False, ""),
        ("the past", False, ""),
        ("soon", False, ""),
    ],
)
def test_relative_dates_count_from_publication(text, ahead, iso):
    assert parse_date(text, PUBLISHED, ahead) == iso


@pytest.mark.parametrize("text", ["today", "last week", "Thursday", "July 18", "two years ago"])
def test_without_a_day_of_publication_relative_dates_stay_unread(text):
    assert parse_date(text) == ""
    assert parse_date(text, "2022-07") == ""


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back_from_its_written_forms(day):
    for form in ("%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%A, %d %B %Y"):
        assert parse_date(day.strftime(form)) == day.isoformat()


@given(st.text(max_size=30))
def test_no_text_is_given_the_publication_date_unless_it_says_so(text):
    said = {"today", "tonight", "this morning", "this afternoon", "this evening", "the same day"}
    if parse_date(text, PUBLISHED) == PUBLISHED:
        folded = text.casefold()
        assert any(word in folded for word in said) or "thu" in folded or "21" in folded
