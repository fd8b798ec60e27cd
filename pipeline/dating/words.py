"""Words and numbers that dates are made of, and the small arithmetic of the calendar."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from functools import cache

from babel import Locale

from pipeline.text import strip_marks

# Languages of the texts' sources whose month names stand in English texts as well.
LOCALES = ("fr", "es", "pt", "de", "it", "nl", "id", "pl", "ro", "tr", "sv", "sw", "ru", "uk")
ENGLISH = (
    "january jan", "february feb febuary feburary", "march mar", "april apr", "may", "june jun",
    "july jul", "august aug", "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th",
            "seventh 7th", "eighth 8th", "ninth 9th", "tenth 10th", "eleventh 11th",
            "twelfth 12th", "thirteenth 13th", "fourteenth 14th", "fifteenth 15th",
            "sixteenth 16th", "seventeenth 17th", "eighteenth 18th", "nineteenth 19th",
            "twentieth 20th", "twenty-first 21st",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
SMALL = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split(),
        start=1,
    )
} | {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "a dozen": 12}
TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
NUMBER = (
    rf"(?:\d{{1,3}}|(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(SMALL)}))?"
    rf"|{'|'.join(sorted(SMALL, key=len, reverse=True))})"
)
YEAR = r"(?:1\d|20|21)\d{2}"
DAY_NAME = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thur?s?|fri|sat|sun)"
FIXED = {
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24),
    "new year's day": (1, 1), "new year's eve": (12, 31),
}  # fmt: skip


@cache
def months() -> dict[str, int]:
    """Give the number of each month by its names, in plain letters.

    English names come first; a name that means two months in two languages is left out.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for code in LOCALES:
        for context in ("format", "stand-alone"):
            for number, name in Locale(code).months[context]["wide"].items():
                found[strip_marks(name).casefold()].add(number)
    names = {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}
    return names | {
        name: number for number, words in enumerate(ENGLISH, start=1) for name in words.split()
    }


@cache
def month_pattern() -> str:
    """Give the expression that any name of a month matches."""
    return "(?:" + "|".join(sorted(map(re.escape, months()), key=len, reverse=True)) + r")\.?"


def month(name: str) -> int:
    """Give the number of a month's name."""
    return months()[name.rstrip(".")]


def count(words: str) -> int:
    """Read `18` and `twenty-one`; what `NUMBER` matches."""
    if words.isdigit():
        return int(words)
    if words in SMALL:
        return SMALL[words]
    tens, _, units = words.replace("-", " ").partition(" ")
    return TENS[tens] + SMALL.get(units, 0)


def weekday(name: str) -> int:
    """Give the number of a weekday's name, Monday 0."""
    return DAYS.index(name[:3])


def a_day(year: int, month: int, day: int) -> date | None:
    """Give a day of the calendar, or None where there is none."""
    if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
        return date(year, month, day)
    return None


def iso(year: int, month: int, day: int) -> str:
    """Write a day, or nothing where the calendar has none."""
    found = a_day(year, month, day)
    return found.isoformat() if found else ""


def century(digits: str, base: int) -> int:
    """Complete a year of two digits; from 2061 on it is one of the century before."""
    if len(digits) == 4:
        return int(digits)
    year = base + int(digits)
    return year - 100 if base == 2000 and int(digits) > 60 else year


def bounds(value: str) -> tuple[date, date]:
    """Give the first and the last day of an ISO value."""
    first, _, last = value.partition("/")
    return _edge(first, 0), _edge(last or first, 1)


def _edge(value: str, late: int) -> date:
    parts = [int(part) for part in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else (1, 12)[late]
    return date(year, month, parts[2] if len(parts) > 2 else (1, monthrange(year, month)[1])[late])


def joined(first: str, last: str) -> str:
    """Write a period, or nothing unless its ends come in order."""
    if not first or not last or "/" in first or "/" in last:
        return ""
    return f"{first}/{last}" if bounds(first)[0] < bounds(last)[0] else ""


def shifted(day: date, unit: str, step: int) -> str:
    """Give the day, week, weekend, month, quarter or year that lies `step` of them away.

    Empty where that is outside the calendar.
    """
    try:
        return _shifted(day, unit, step)
    except OverflowError:
        return ""


def _shifted(day: date, unit: str, step: int) -> str:
    if unit == "year":
        return f"{day.year + step:04}" if 1 <= day.year + step <= 9999 else ""
    if unit in ("month", "quarter"):
        width = 3 if unit == "quarter" else 1
        first = (day.year * 12 + day.month - 1) // width * width + width * step
        if not 12 <= first < 9999 * 12:
            return ""
        names = [f"{number // 12:04}-{number % 12 + 1:02}" for number in (first, first + width - 1)]
        return names[0] if width == 1 else "/".join(names)
    if unit == "day":
        return (day + timedelta(days=step)).isoformat()
    return week_of(day + timedelta(weeks=step), unit == "weekend")


def week_of(day: date, weekend: bool = False) -> str:
    """Give the days from Monday, or from Saturday, to Sunday of the week that holds a day."""
    monday = day - timedelta(days=day.weekday())
    first = monday + timedelta(days=5) if weekend else monday
    return f"{first.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
