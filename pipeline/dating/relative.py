"""Dates that count from the day of publication: `last week`, `July 18`, `two years ago`.

A weekday or a day without a year is the last one before publication; where the sentence speaks
of what is to come it is the next one. Where neither is said, a day within the coming month is
ahead only if the one before it is most of a year away.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from pipeline.dating.absolute import PART, RANGE, read_absolute
from pipeline.dating.words import (
    DAY_NAME,
    FIXED,
    NUMBER,
    ORDINALS,
    a_day,
    bounds,
    count,
    iso,
    joined,
    month,
    month_pattern,
    shifted,
    week_of,
    weekday,
)

SIMPLE = {
    "today": 0, "hom nay": 0, "hom qua": -1, "earlier today": 0, "later today": 0,
    "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
    "yesterday": -1, "tomorrow": 1, "last night": -1, "last evening": -1,
    "the day before yesterday": -2, "day before yesterday": -2,
    "the day after tomorrow": 2, "day after tomorrow": 2,
}  # fmt: skip
STEPS = {
    "last": -1, "previous": -1, "past": -1, "next": 1, "coming": 1, "following": 1,
    "this": 0, "current": 0, "present": 0, "this coming": 0,
}  # fmt: skip
UNIT = re.compile(
    rf"(?:the )?(?:earlier |later |early |late )?(?:the )?(?P<w>{'|'.join(STEPS)}) "
    r"(?P<u>week|month|year|weekend|quarter)(?:'?s)?"
)
AGO = re.compile(
    rf"(?:about |some |over |nearly )?(?P<n>{NUMBER}) (?P<u>day|week|month|year)s? ago"
)
AWAY = re.compile(
    rf"(?P<in>in )?(?P<n>{NUMBER}) (?P<u>day|week|month|year)s?"
    r"(?P<far>'? time| away| hence| from now)?"
)
PAST = re.compile(rf"(?:the )?(?P<w>last|past|next|coming) (?P<n>{NUMBER}) years")
OF_YEAR = re.compile(
    rf"(?P<d>.+?),? (?:of )?(?:the )?(?P<w>{'|'.join(STEPS)}) year"
    r"|(?P<e>.+?) of the year"
)
OF_WEEK = re.compile(rf"(?P<n>{DAY_NAME}) (?:of )?(?P<w>last|this|next) week")
END = re.compile(
    r"(?:the )?(?:end|close) of (?:the )?(?:(?P<w>last|this|next|current|present) )?year"
    r"|year[- ]end"
)
AHEAD = frozenset({"next", "coming", "this coming", "following"})
BEHIND = frozenset({"last", "past", "this past", "previous"})


@cache
def _bare() -> tuple[re.Pattern[str], ...]:
    """Give the expressions of days without a year, and of months without one."""
    m, d = f"(?P<m>{month_pattern()})", r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º)?"
    name = rf"(?:{DAY_NAME},? )?(?:the )?"
    return (
        re.compile(rf"{name}{d}(?: of| de)? {m}"),
        re.compile(rf"{name}{d}-{m}"),
        re.compile(rf"{name}{m} (?:the )?{d}"),
        re.compile(
            rf"(?:ngay )?{d} thang (?P<mm>\d{{1,2}})|ngay (?P<dd>\d{{1,2}})[-/](?P<nn>\d{{1,2}})"
        ),
        re.compile(
            rf"(?:the )?(?:(?P<w>last|next|this|this coming|this past|past|coming) )?"
            rf"(?:{PART}[ -]?)?(?:the month of )?{m}(?P<l> last| next)?"
        ),
    )


def read_relative(words: str, day: date, ahead: bool | None) -> str:
    """Read words in lower case and plain letters against a day; empty where they are none."""
    return (
        _simple(words, day, ahead)
        or _weekday(words, day, ahead)
        or _month(words, day, ahead)
        or _unit(words, day)
        or _of_year(words, day)
        or _part(words, day, ahead)
        or _range(words, day, ahead)
    )


def _simple(words: str, day: date, ahead: bool | None) -> str:
    if words in SIMPLE:
        return (day + timedelta(days=SIMPLE[words])).isoformat()
    if words == "the year":
        return f"{day.year}"
    if words in FIXED:
        return nearest_day(*FIXED[words], day, ahead)
    if match := re.fullmatch(r"(?:the )?week of (?P<d>.+)", words):
        found = _month(match["d"], day, ahead) or read_absolute(match["d"])
        return week_of(date.fromisoformat(found)) if len(found) == 10 else ""
    return ""


def _weekday(words: str, day: date, ahead: bool | None) -> str:
    match = re.fullmatch(
        rf"(?:(?P<w>last|next|this|this coming|this past|coming|past) )?(?P<n>{DAY_NAME})"
        r"(?P<l> last| next)?",
        words,
    )
    if not match:
        return ""
    way = (match["w"] or match["l"] or "").strip()
    wanted = weekday(match["n"])
    back, on = (day.weekday() - wanted) % 7, (wanted - day.weekday()) % 7
    if way in AHEAD or (ahead and way in ("", "this")):
        return (day + timedelta(days=on or 7)).isoformat()
    return (day - timedelta(days=(back or 7) if way in BEHIND else back)).isoformat()


def _month(words: str, day: date, ahead: bool | None) -> str:
    *days, months = _bare()
    for pattern in days:
        if match := pattern.fullmatch(words):
            groups = match.groupdict()
            place = groups.get("mm") or groups.get("nn")
            number = int(place) if place else month(groups["m"])
            return nearest_day(number, int(groups["d"] or groups["dd"]), day, ahead)
    if match := months.fullmatch(words):
        way = (match["w"] or match["l"] or "").strip()
        return nearest_month(month(match["m"]), way, day, ahead)
    if match := re.fullmatch(r"(?:the )?(?P<h>first|second) half of (?P<m>[a-z]+)", words):
        found = _month(match["m"], day, ahead)
        return read_absolute(f"{match['h']} half of {match['m']} {found[:4]}") if found else ""
    if match := re.fullmatch(r"(?:the )?last day of (?P<m>[a-z]+)", words):
        found = _month(match["m"], day, ahead)
        return shifted(_next_month(found), "day", -1) if found else ""
    return ""


def _next_month(value: str) -> date:
    year, place = int(value[:4]), int(value[5:])
    return date(year + place // 12, place % 12 + 1, 1)


def nearest_day(place: int, number: int, day: date, ahead: bool | None) -> str:
    """Give the day without a year its year: the last such day, or the next one of a plan."""
    found = [d for year in range(day.year - 4, day.year + 5) if (d := a_day(year, place, number))]
    past, coming = [d for d in found if d <= day], [d for d in found if d >= day]
    if not past or not coming:
        return ""
    near = 0 < (coming[0] - day).days <= 31 and (day - past[-1]).days > 300
    return (coming[0] if ahead or (ahead is None and near) else past[-1]).isoformat()


def nearest_month(place: int, way: str, day: date, ahead: bool | None) -> str:
    """Give the month its year, as `nearest_day` does; the month of publication is its own."""
    year = day.year
    if way == "this":
        pass
    elif way in AHEAD or (ahead and not way):
        year += place < day.month or (way == "next" and place == day.month)
    elif place > day.month or (way == "last" and place == day.month):
        year -= 1
    return f"{year}-{place:02}"


def _unit(words: str, day: date) -> str:
    if match := UNIT.fullmatch(words):
        if match["w"] in ("past", "coming", "previous", "following"):
            return ""
        return shifted(day, match["u"], STEPS[match["w"]])
    if match := AGO.fullmatch(words):
        return _counted(day, match["u"], -count(match["n"]))
    if (match := AWAY.fullmatch(words)) and (match["in"] or match["far"]):
        return _counted(day, match["u"], count(match["n"]))
    if match := PAST.fullmatch(words):
        number = count(match["n"])
        past = match["w"] in ("last", "past")
        return f"{day.year - number}/{day.year}" if past else f"{day.year}/{day.year + number}"
    return ""


def _counted(day: date, unit: str, step: int) -> str:
    """Count weeks from a day to a day, months to a month and years to a year."""
    return shifted(day, "day", 7 * step) if unit == "week" else shifted(day, unit, step)


def _of_year(words: str, day: date) -> str:
    if match := re.fullmatch(
        r"(?:the )?(\d{1,2})(?:st|nd|rd|th)? of (last|this|next) month", words
    ):
        place = shifted(day, "month", STEPS[match[2]])
        return iso(int(place[:4]), int(place[5:]), int(match[1]))
    if match := OF_WEEK.fullmatch(words):
        week = day + timedelta(weeks=STEPS[match["w"]], days=-day.weekday())
        return (week + timedelta(days=weekday(match["n"]))).isoformat()
    if match := END.fullmatch(words):
        return f"{day.year + STEPS[match['w'] or 'this']:04}-12"
    if re.fullmatch(r"(?:the )?last day of the (?:present |current )?year", words):
        return iso(day.year, 12, 31)
    if match := OF_YEAR.fullmatch(words):
        year = day.year + STEPS[match["w"] or "this"]
        rest = match["d"] or match["e"]
        return read_absolute(f"{rest} {year}") or read_absolute(f"{rest} of {year}")
    return ""


def _part(words: str, day: date, ahead: bool | None) -> str:
    """Read a quarter, a count of months or a day of the month whose year or month is left out."""
    if number := bare_ordinal(words):
        found = [d for place in range(-2, 3) if (d := _in_month(day, place, number))]
        past, coming = [d for d in found if d <= day], [d for d in found if d >= day]
        return (coming[0] if ahead else past[-1]).isoformat()
    if re.fullmatch(r"(?:the )?(?:[a-z0-9]+ quarter|q[1-4])", words):
        return _latest(words, day, ahead)
    if re.fullmatch(rf"(?:the )?first {NUMBER} months", words):
        return _latest(f"{words} of", day, ahead)
    if match := re.fullmatch(
        r"(?:the )?(?P<n>year|twelve months|12 months) to (?P<m>[a-z]+)", words
    ):
        found_month = _month(match["m"], day, False)
        return read_absolute(f"{words} {found_month[:4]}") if found_month else ""
    return ""


def _in_month(day: date, step: int, number: int) -> date | None:
    first = date.fromisoformat(f"{shifted(day, 'month', step)}-01")
    return a_day(first.year, first.month, number)


def _latest(words: str, day: date, ahead: bool | None) -> str:
    """Give a period without its year the last year in which it began, or the next of a plan."""
    periods = [
        found
        for year in (day.year - 1, day.year, day.year + 1)
        if (found := read_absolute(f"{words} {year}"))
    ]
    if ahead:
        return next((found for found in periods if bounds(found)[1] >= day), "")
    begun = [found for found in periods if bounds(found)[0] <= day]
    return begun[-1] if begun else ""


def _range(words: str, day: date, ahead: bool | None) -> str:
    """Read a period without a year: the later end takes its year, the earlier one follows."""
    if not (match := RANGE.fullmatch(words)):
        return ""
    first, last = match["a"], match["b"]
    number = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", last)
    if number and (head := re.fullmatch(rf"({month_pattern()}) \d{{1,2}}(?:st|nd|rd|th)?", first)):
        last = f"{head[1]} {number[1]}"
    end = _month(last, day, ahead) or _weekday(last, day, ahead)
    if not end:
        return ""
    if re.search(DAY_NAME + r"\Z", last):
        closing = date.fromisoformat(end)
        return joined(_weekday(first, closing, False), end)
    start = _bare_day(first, end) or _month(first, _day_of(end), False)
    return joined(start, end) if len(start) == len(end) else ""


def _bare_day(first: str, end: str) -> str:
    number = re.fullmatch(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?", first)
    return iso(int(end[:4]), int(end[5:7]), int(number[1])) if number and len(end) == 10 else ""


def _day_of(value: str) -> date:
    return date.fromisoformat(value if len(value) == 10 else f"{value}-28")


def bare_ordinal(words: str) -> int:
    """Give the number of a day of the month that is named alone, `the 14th`; 0 if none."""
    word = words.removeprefix("the ")
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", word):
        return int(word[:-2])
    return ORDINALS.get(word, 0) if words.startswith("the ") or len(word) > 7 else 0
