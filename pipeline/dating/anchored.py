"""Dates that count from another date of the text: `that year`, `three days later`, `the 14th`.

Each takes the nearest date before it that is as fine as it needs; where there is none, the
answer is empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pipeline.dating.absolute import read_single
from pipeline.dating.relative import bare_ordinal
from pipeline.dating.words import NUMBER, YEAR, bounds, count, iso, month_pattern, shifted

SAME = r"(?:(?:the|that|this) )?(?:very )?same|that|that very"
NEXT = r"(?:the next|(?:the )?following|next(?= day| morning))"
BEFORE = r"(?:the )?(?:previous|preceding)"
UNIT = r"(?P<u>day|week|weekend|month|quarter|year)"
SAME_UNIT = re.compile(rf"(?:{SAME}) (?:{UNIT}|(?P<date>date|period|months?|span))")
SAME_OF = re.compile(rf"(?:{SAME}) (?:period|span|months?|quarter|days?)(?: of| in)? (?P<y>{YEAR})")
STEP = re.compile(rf"(?:(?P<f>{NEXT})|(?P<b>{BEFORE})) {UNIT}")
COUNTED = re.compile(
    rf"(?:(?:but|only|just|some|the) )*(?:(?P<n>{NUMBER}) )?(?P<u>day|week|month|year)s? "
    r"(?:(?P<f>later|after|afterwards)|(?P<b>before|earlier|previously|prior))"
)
THAT_YEAR = re.compile(
    rf"(?P<d>.+?),? (?:of |in )?(?:{SAME}) year|(?:{SAME}) (?P<e>{month_pattern()})"
)
NTH = re.compile(rf"(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? of (?:{SAME}) month")
COARSE = re.compile(r"(?:early|earlier|late|later|mid)")


def read_anchored(words: str, anchors: Sequence[str]) -> str:
    """Read words in lower case and plain letters against the dates before them, nearest first."""
    if not anchors:
        return ""
    if match := SAME_OF.fullmatch(words):
        return _moved(anchors[0], match["y"])
    if match := NTH.fullmatch(words):
        return _nth(int(match["d"]), anchors)
    if match := SAME_UNIT.fullmatch(words):
        return anchors[0] if match["date"] else _at(anchors, match["u"], 0)
    if match := STEP.fullmatch(words):
        return _at(anchors, match["u"], 1 if match["f"] else -1)
    if match := COUNTED.fullmatch(words):
        number = count(match["n"]) if match["n"] else 1
        if match["u"] == "week" and (day := _day(anchors)):
            return shifted(day, "day", 7 * (number if match["f"] else -number))
        return _at(anchors, match["u"], number if match["f"] else -number)
    if match := THAT_YEAR.fullmatch(words):
        return _in_year(match["d"] or match["e"], bounds(anchors[0])[0].year)
    if words == "the quarter":
        return next((anchor for anchor in anchors if _is_quarter(anchor)), "")
    number = bare_ordinal(words)
    return _nth(number, anchors) if number else ""


def _at(anchors: Sequence[str], unit: str, step: int) -> str:
    """Give the unit that lies `step` away from the nearest date that falls inside one unit.

    `the same day` as a month is that month: no more is said.
    """
    if unit == "day" and len(anchors[0]) != 10:
        return "" if step else anchors[0]
    for anchor in anchors:
        first, last = bounds(anchor)
        if shifted(first, unit, 0) == shifted(last, unit, 0):
            return shifted(first, unit, step)
    return ""


def _day(anchors: Sequence[str]) -> date | None:
    return next((bounds(anchor)[0] for anchor in anchors if len(anchor) == 10), None)


def _in_year(words: str, year: int) -> str:
    if COARSE.fullmatch(words):
        return f"{year}"
    return read_single(f"{words} {year}") or read_single(f"{words} of {year}")


def _nth(number: int, anchors: Sequence[str]) -> str:
    """Give the day of the month that the nearest day or month stands in."""
    for anchor in anchors:
        first, last = bounds(anchor)
        if (first.year, first.month) == (last.year, last.month):
            return iso(first.year, first.month, number)
    return ""


def _moved(anchor: str, year: str) -> str:
    """Give the same part of another year."""
    ends = anchor.split("/")
    if len({end[:4] for end in ends}) > 1 or len(ends[0]) == 4:
        return ""
    return "/".join(f"{year}{end[4:]}" for end in ends)


def _is_quarter(value: str) -> bool:
    first, last = bounds(value)
    return shifted(first, "quarter", 0) == value and first < last
