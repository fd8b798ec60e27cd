"""Dates as ISO 8601: what the text bears, and no more."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.dates import fold, parse_date
from pipeline.dating.relative import SIMPLE
from pipeline.dating.words import bounds

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
        ("21-23 November 2018", "2018-11-21/2018-11-23"),
        ("30 June - 2 July 2020", "2020-06-30/2020-07-02"),
        ("December 2019 to February 2020", "2019-12/2020-02"),
        ("December to February 2020", "2019-12/2020-02"),
        ("1993 through 1998", "1993/1998"),
        ("the academic year 2019/20", "2019/2020"),
        ("since 2015", "2015"),
        ("by the end of 2025", "2025-12"),
        ("end-2025", "2025-12"),
        ("the 19th century", "1801/1900"),
        ("eighties", "1980/1989"),
        ("the twenties", ""),
        ("the early 1990s", ""),
        ("B.E. 2561", "2018"),
        ("5 June B.E. 2551", "2008-06-05"),
        ("fiscal 2022-23", "2022/2023"),
        ("the 2nd half of June 2011", "2011-06-16/2011-06-30"),
        ("first nine months of 2001", "2001-01/2001-09"),
        ("H1 2020", "2020-01/2020-06"),
        ("Q3 2021", "2021-07/2021-09"),
        ("year to March 1998", "1997-04/1998-03"),
        ("six years to 2009", "2004/2009"),
        ("12 de octubre de 2019", "2019-10-12"),
        ("1er juillet 2020", "2020-07-01"),
        ("5. Mai 2019", "2019-05-05"),
        ("15 июля 2022", "2022-07-15"),
        ("năm 2018", "2018"),
        ("2022年7月21日", "2022-07-21"),
        ("18:00, July 18, 2022", "2022-07-18"),
        ("the night of 3 March 2019", "2019-03-03"),
        ("July 2 [2022]", "2022-07-02"),
        ("2023 to 2019", ""),
        ("2019-13-40", ""),
        ("1641", "1641"),
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
        ("eighteen months ago", None, "2021-01"),
        ("ten days ago", None, "2022-07-11"),
        ("two weeks ago", None, "2022-07-07"),
        ("three days away", None, "2022-07-24"),
        ("today [July 21]", None, "2022-07-21"),
        ("yesterday (July 20)", None, "2022-07-20"),
        ("July last year", None, "2021-07"),
        ("4 July of this year", None, "2022-07-04"),
        ("May next year", None, "2023-05"),
        ("early next year", None, "2023"),
        ("the end of the year", None, "2022-12"),
        ("the end of last year", None, "2021-12"),
        ("end of March", None, "2022-03"),
        ("first half of October", True, "2022-10-01/2022-10-15"),
        ("last day of September", None, "2021-09-30"),
        ("July to September", None, "2021-07/2021-09"),
        ("Tuesday to Thursday", None, "2022-07-19/2022-07-21"),
        ("29 June to 1 July", None, "2022-06-29/2022-07-01"),
        ("fourth quarter", True, "2022-10/2022-12"),
        ("second quarter", None, "2022-04/2022-06"),
        ("the 14th", None, "2022-07-14"),
        ("the 30th", True, "2022-07-30"),
        ("the 12th of last month", None, "2022-06-12"),
        ("Christmas", True, "2022-12-25"),
        ("Wednesday last", None, "2022-07-20"),
        ("Tuesday next week", None, "2022-07-26"),
        ("1 August", None, "2022-08-01"),
        ("1 August", False, "2021-08-01"),
        ("ngày 18 tháng 7", None, "2022-07-18"),
        ("hôm nay", None, "2022-07-21"),
        ("last summer", None, ""),
        ("two days", None, ""),
        ("every year", None, ""),
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


@pytest.mark.parametrize(
    ("text", "anchors", "iso"),
    [
        ("that year", ["2017"], "2017"),
        ("the same day", ["2020-11-29", "2019"], "2020-11-29"),
        ("the same day", ["2004-10"], "2004-10"),
        ("the same month", ["2016", "2016-02-11"], "2016-02"),
        ("that week", ["2016-07-27"], "2016-07-25/2016-07-31"),
        ("the following day", ["2022-07-19"], "2022-07-20"),
        ("the following day", ["2022-07"], ""),
        ("the previous year", ["2018-05-01"], "2017"),
        ("three days later", ["2007-06-12"], "2007-06-15"),
        ("a year earlier", ["2004-06"], "2003"),
        ("two weeks later", ["2007-06-12"], "2007-06-26"),
        ("the 20th", ["2022-06-17"], "2022-06-20"),
        ("the 31st", ["2022-06-17"], ""),
        ("17th of that month", ["2020-05"], "2020-05-17"),
        ("November of that same year", ["2015-12"], "2015-11"),
        ("that June", ["2009"], "2009-06"),
        ("later that year", ["2024-03-01"], "2024"),
        ("the same period of 2009", ["2010-01/2010-09"], "2009-01/2009-09"),
        ("that year", [], ""),
        ("the next day", [], ""),
    ],
)
def test_dates_count_from_the_nearest_date_before_them(text, anchors, iso):
    assert parse_date(text, PUBLISHED, None, anchors) == iso


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back_from_its_written_forms(day):
    for form in ("%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%A, %d %B %Y"):
        assert parse_date(day.strftime(form)) == day.isoformat()


ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?")
WORDS = st.lists(
    st.sampled_from(
        "the last next this that same of to and - / first half quarter year years month week days "
        "ago later before end early mid 3 12 31st 45 99 999 2018 2561 B.E. FY FY99 November may "
        "Tuesday Christmas two eighteen century 1990s ngày tháng năm [ ] , 1000".split()
    ),
    max_size=6,
).map(" ".join)


@given(
    WORDS | st.text(max_size=20),
    st.lists(st.sampled_from(["1000", "2019-02", "2020-02-29", "2020/2021", "9999-12-31"])),
    st.sampled_from([None, False, True]),
)
def test_whatever_the_words_the_answer_is_empty_or_a_date_of_the_calendar(text, anchors, ahead):
    value = parse_date(text, PUBLISHED, ahead, anchors)
    if value:
        assert ISO.fullmatch(value)
        first, last = bounds(value)
        assert first <= last


@example("HOM NAY")
@given(st.text(max_size=30))
def test_no_text_is_given_the_publication_date_unless_it_says_so(text):
    said = {words for words, days in SIMPLE.items() if days == 0}
    said |= {"today", "tonight", "this morning", "this afternoon", "this evening", "the same day"}
    if parse_date(text, PUBLISHED) == PUBLISHED:
        folded = fold(text)  # `ÞU` is Thu without its mark
        assert any(word in folded for word in said) or "thu" in folded or "21" in folded
