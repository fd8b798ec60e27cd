"""Dates as texts write them, as ISO 8601 with the precision they have, or nothing.

`2018-11` is a month, `2021/2025` a period, `2022-W47` never occurs: weeks are given as
`2022-11-14/2022-11-20`. A relative date needs the day of publication; without it, or where the
words bear no date (`recent years`), the answer is empty. A weekday is the last one before
publication, unless the words or the statement point ahead.

Source: ISO 8601-1:2019; the order of day and month in `16/08/2022` follows the part over 12,
else it stays unread, since the text does not say which it is.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from pipeline.text import strip_marks

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
DAYS = {
    name: n
    for n, name in enumerate(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    )
}
DAYS |= {name[:3]: n for name, n in DAYS.items()} | {"tues": 1, "wednes": 2, "thurs": 3}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
COUNTS = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
COUNTS |= {"a": 1, "an": 1, "couple of": 2}

M = "(?P<m>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
D = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
Y = r"(?P<y>(?:1[89]|20)\d{2})"
DAY_NAME = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)"
FULL = [re.compile(p) for p in (
    rf"(?:{DAY_NAME},? )?(?:the )?{D}(?: of)? {M},? {Y}",
    rf"(?:{DAY_NAME},? )?{M} {D},? (?:of )?{Y}",
    rf"{Y}[-./](?P<mm>\d{{1,2}})[-./](?P<d>\d{{1,2}})",
    rf"{Y} {M} {D}",
)]  # fmt: skip
SLASHED = re.compile(rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.]{Y}")
VIETNAMESE = re.compile(
    rf"(?:ngay )?(?P<d>\d{{1,2}})(?: thang |[-/.])(?P<mm>\d{{1,2}})(?:,? nam |[-/.]){Y}"
)
VIETNAMESE_MONTH = re.compile(rf"thang (?P<mm>\d{{1,2}})(?:,? nam |[-/.]){Y}")
MONTH_YEAR = re.compile(
    rf"(?:(?:early|mid|late|the (?:end|beginning|middle) of)[ -])?{M},? (?:of )?{Y}"
)
ISO_MONTH = re.compile(rf"{Y}-(?P<mm>0[1-9]|1[0-2])")
DAY_MONTH = [
    re.compile(rf"(?:{DAY_NAME},? )?(?:the )?{D}(?: of)? {M}"),
    re.compile(rf"(?:{DAY_NAME},? )?{M} {D}"),
]
MONTH = re.compile(rf"(?:(?P<way>last|next|this|this coming|this past|early|mid|late)[ -])?{M}")
YEAR = re.compile(rf"(?:the year |early |mid-?|late )?{Y}")
YEARS = re.compile(
    r"(?:the )?(?:period )?(?P<y>(?:1[89]|20)\d{2})\s?(?:[-/]|to|and|until)\s?"
    r"(?P<z>(?:1[89]|20)?\d{2})(?: period)?"
)
DECADE = re.compile(r"(?:the )?(?P<y>(?:1[89]|20)\d0)'?s")
FISCAL = re.compile(
    r"(?:us )?(?:fy|fiscal year|financial year)\s?'?(?P<y>\d{4}|\d{2})(?:[-/](?P<z>\d{2,4}))?"
)
QUARTER = re.compile(rf"(?:the )?(?P<q>first|second|third|fourth|q[1-4]) ?(?:quarter)? (?:of )?{Y}")
HALF = re.compile(rf"(?:the )?(?P<h>first|second) half of {Y}")
SEASON = re.compile(rf"(?:the )?(?P<s>spring|summer|autumn|fall)(?: of)? {Y}")
DAY_RANGE = [
    re.compile(rf"(?P<d>\d{{1,2}})(?: to | ?- ?| and )(?P<e>\d{{1,2}}) {M}(?:,? {Y})?"),
    re.compile(rf"{M} (?P<d>\d{{1,2}})(?: to | ?- ?| and )(?P<e>\d{{1,2}})(?:,? {Y})?"),
]
MONTH_RANGE = re.compile(
    rf"(?:from |between )?{M}(?: (?P<y1>\d{{4}}))?(?: to | ?- ?| and | through | until )"
    rf"(?P<n>{'|'.join(MONTHS)}) {Y}"
)
AGO = re.compile(
    r"(?P<n>\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?P<u>day|week|month|year)s? (?:ago|earlier)"
)
PAST = re.compile(
    r"(?:the |over the |in the )?(?P<w>last|past|next|coming) "
    r"(?P<n>\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) (?P<u>day|week|month|year)s"
)
UNIT = re.compile(
    r"(?:earlier |later )?(?P<w>last|this|next|the same|the previous|the past|the coming) "
    r"(?P<u>week|month|year|weekend)"
)


def parse_date(text: str, published: str = "", ahead: bool = False) -> str:
    """Read a date; `published` is ISO 8601, `ahead` tells that a plan is spoken of."""
    words = strip_marks(text).casefold().strip(" .,[]()")
    words = re.sub(r"\s+", " ", words)
    words = re.sub(r"^(?:on|in|since|by|from|until|dated|of|as of|around|about) ", "", words)
    words = re.sub(r"^the (?:morning|afternoon|evening|night) of ", "", words)
    day = _day(published)
    return _absolute(words) or (_relative(words, day, ahead) if day else "")


def _day(published: str) -> date | None:
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None


def _absolute(words: str) -> str:
    for pattern in FULL:
        if match := pattern.fullmatch(words):
            return _ymd(match)
    if match := SLASHED.fullmatch(words):
        first, second = int(match["a"]), int(match["b"])
        if first > 12 >= second or first == second:
            return _iso(int(match["y"]), second, first)
        return _iso(int(match["y"]), first, second) if second > 12 >= first else match["y"]
    if match := VIETNAMESE.fullmatch(words):
        return _ymd(match)
    if match := MONTH_RANGE.fullmatch(words):
        year = match["y1"] or match["y"]
        return f"{year}-{MONTHS[match['m']]:02}/{match['y']}-{MONTHS[match['n']]:02}"
    for pattern in DAY_RANGE:
        if (match := pattern.fullmatch(words)) and match["y"]:
            return _span(match, int(match["y"]))
    if match := MONTH_YEAR.fullmatch(words):
        return f"{match['y']}-{MONTHS[match['m']]:02}"
    if match := (VIETNAMESE_MONTH.fullmatch(words) or ISO_MONTH.fullmatch(words)):
        return f"{match['y']}-{int(match['mm']):02}" if 1 <= int(match["mm"]) <= 12 else ""
    return _years(words)


def _years(words: str) -> str:
    if match := FISCAL.fullmatch(words):
        year = _century(match["y"], 2000)
        if match["z"]:
            return f"{year}/{_century(match['z'], year // 100 * 100)}"
        return f"{year - 1}-10/{year}-09"
    if match := YEARS.fullmatch(words):
        first = int(match["y"])
        last = _century(match["z"], first // 100 * 100)
        return f"{first}/{last}" if last > first else ""
    if match := DECADE.fullmatch(words):
        return f"{match['y']}/{int(match['y']) + 9}"
    if match := QUARTER.fullmatch(words):
        number = ORDINALS.get(match["q"]) or int(match["q"][1])
        return f"{match['y']}-{3 * number - 2:02}/{match['y']}-{3 * number:02}"
    if match := HALF.fullmatch(words):
        return (
            f"{match['y']}-01/{match['y']}-06"
            if match["h"] == "first"
            else f"{match['y']}-07/{match['y']}-12"
        )
    if match := SEASON.fullmatch(words):
        low, high = SEASONS[match["s"]]
        return f"{match['y']}-{low:02}/{match['y']}-{high:02}"
    match = YEAR.fullmatch(words)
    return match["y"] if match else ""


def _relative(words: str, day: date, ahead: bool) -> str:
    simple = dict.fromkeys(
        ("today", "tonight", "this morning", "this afternoon", "this evening", "the same day"), 0
    ) | {"yesterday": -1, "tomorrow": 1, "the day before yesterday": -2}
    if words in simple:
        return (day + timedelta(days=simple[words])).isoformat()
    weekday = re.fullmatch(
        rf"(?:(?P<w>last|next|this|this coming|this past|coming|past) )?(?P<n>{DAY_NAME})", words
    )
    if weekday:
        return _weekday(weekday["n"], weekday["w"] or "", day, ahead)
    for pattern in DAY_MONTH:
        if match := pattern.fullmatch(words):
            return _nearest_day(MONTHS[match["m"]], int(match["d"]), day, ahead)
    for pattern in DAY_RANGE:
        if match := pattern.fullmatch(words):
            start = _nearest_day(MONTHS[match["m"]], int(match["d"]), day, ahead)
            return _span(match, int(start[:4])) if start else ""
    if match := MONTH.fullmatch(words):
        return _nearest_month(MONTHS[match["m"]], match["way"] or "", day, ahead)
    return _unit(words, day)


def _unit(words: str, day: date) -> str:
    if match := UNIT.fullmatch(words):
        step = {"last": -1, "the previous": -1, "next": 1, "the coming": 1}.get(match["w"], 0)
        if match["w"] in ("the same", "the past"):
            return ""
        return _shifted(day, match["u"], step)
    if match := AGO.fullmatch(words):
        count = COUNTS.get(match["n"]) or int(match["n"])
        return _shifted(day, match["u"], -count)
    if match := PAST.fullmatch(words):
        count = COUNTS.get(match["n"]) or int(match["n"])
        if match["u"] == "year":
            first, last = (
                (day.year - count, day.year)
                if match["w"] in ("last", "past")
                else (day.year, day.year + count)
            )
            return f"{first}/{last}"
    return ""


def _shifted(day: date, unit: str, step: int) -> str:
    if unit == "year":
        return str(day.year + step)
    if unit == "month":
        months = day.year * 12 + day.month - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"
    if unit == "day":
        return (day + timedelta(days=step)).isoformat()
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=step)
    first = monday + timedelta(days=5) if unit == "weekend" else monday
    return f"{first.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


def _weekday(name: str, way: str, day: date, ahead: bool) -> str:
    wanted = next(number for start, number in DAYS.items() if name.startswith(start))
    back = (day.weekday() - wanted) % 7
    if way in ("next", "coming", "this coming") or (ahead and way in ("", "this")):
        return (day + timedelta(days=(wanted - day.weekday()) % 7 or 7)).isoformat()
    if way in ("last", "past", "this past"):
        return (day - timedelta(days=back or 7)).isoformat()
    return (day - timedelta(days=back)).isoformat()


def _nearest_day(month: int, number: int, day: date, ahead: bool) -> str:
    """Give the day without a year its year: the last such day, or the next one of a plan."""
    found = [
        d for year in (day.year - 1, day.year, day.year + 1) if (d := _date(year, month, number))
    ]
    if not found:
        return ""
    if ahead:
        return min((d for d in found if d >= day), default=found[-1]).isoformat()
    # Articles announce what is days away: a day within the coming month is ahead.
    near = [d for d in found if 0 < (d - day).days <= 31]
    past = [d for d in found if d <= day]
    if near and (not past or (day - max(past)).days > 300):
        return near[0].isoformat()
    return max(past, default=found[0]).isoformat()


def _nearest_month(month: int, way: str, day: date, ahead: bool) -> str:
    year = day.year
    if way == "next" or way == "this coming" or (ahead and not way):
        year += month < day.month or (way == "next" and month == day.month)
    elif way in ("last", "this past", "") and (
        month > day.month or (way == "last" and month == day.month)
    ):
        year -= 1
    return f"{year}-{month:02}"


def _span(match: re.Match[str], year: int) -> str:
    month = MONTHS[match["m"]]
    first, last = _iso(year, month, int(match["d"])), _iso(year, month, int(match["e"]))
    return f"{first}/{last}" if first and last and first < last else ""


def _ymd(match: re.Match[str]) -> str:
    groups = match.groupdict()
    month = MONTHS[groups["m"]] if groups.get("m") else int(groups["mm"])
    return _iso(int(groups["y"]), month, int(groups["d"]))


def _date(year: int, month: int, day: int) -> date | None:
    if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
        return date(year, month, day)
    return None


def _iso(year: int, month: int, day: int) -> str:
    found = _date(year, month, day)
    return found.isoformat() if found else ""


def _century(digits: str, century: int) -> int:
    if len(digits) == 4:
        return int(digits)
    year = century + int(digits)
    return year - 100 if century == 2000 and int(digits) > 60 else year
