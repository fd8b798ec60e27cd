"""Dates and time stamps as sites write them; only what the text bears, never today's date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import dateparser
from babel import Locale

from pipeline.cleaning.patterns import word_set

# Site languages whose month and day names stand in stamps above English texts.
LOCALES = ("en", "vi", "fr", "es", "pt", "de", "it", "nl", "id", "ms", "pl", "ro", "tr", "sv")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
STAMP_WORDS = word_set(
    "date dated published publish publication updated update last modified posted post "
    "created first release released issued issue on at am pm a.m p.m a.m. p.m. noon "
    "midnight hrs hr hours gmt utc bst est edt cst cdt mst mdt pst pdt ist ict sgt jst kst "
    "hkt pht pkt wib cet cest eet msk aest aedt eat wat cat sast z t th st nd rd of the "
    "local time lúc ngày tháng năm giờ cập nhật đăng original original: added filed "
    "archived de du le la el del den der om um às à el o"
)
MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-])")
DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.,-]*(?:of |de |tháng |d')?\s*{MONTH},?[\s.-]*"
    r"(?:de |del |năm )?(?P<year>\d{4})(?!\d)",
    re.I,
)
MONTH_DAY = re.compile(
    rf"(?<![^\W\d_]){MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)", re.I
)
UNIX = re.compile(
    rf"(?<![^\W\d_]){MONTH}\s+(?P<day>\d{{1,2}})\s+\d\d:\d\d:\d\d\s+\S{{1,6}}\s+(?P<year>\d{{4}})"
)
VIETNAMESE = re.compile(
    r"(?:ngày\s*)?(\d{1,2})\s*(?:tháng\s*|[/-])(\d{1,2})\s*,?\s*(?:năm\s*|[/-])(\d{4})", re.I
)
MONTH_YEAR = re.compile(rf"(?<![^\W\d_]){MONTH},?\s+(?P<year>(?:19|20)\d\d)(?!\d)", re.I)
DTG = re.compile(r"\b(\d\d)(\d{4})Z\s+([A-Z]{3})\s+(\d{4}|\d{2})\b")

DAY_FIRST = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|ngày|cập nhật)\b|\bGMT\s?\+\s?0?7\b", re.I
)
TOKEN = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]\.?)?|\d+(?:st|nd|rd|th|am|pm|h)?", re.I)
DATE_TOKEN = re.compile(r"\d+(?:st|nd|rd|th|am|pm|h)?\Z", re.I)
LONGEST_STAMP = 120  # characters


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as read: ISO 8601 with the precision that the text bears, or empty."""

    published: str
    updated: bool


def read_date(text: str, day_first: bool = False) -> str:
    """Give the first full date in a text as ISO 8601; empty if there is none.

    `04/05/2022` says only its year, unless `day_first` (or a part above 12) settles the order.
    """
    found = []
    for pattern in (ISO, VIETNAMESE, UNIX, DAY_MONTH, MONTH_DAY, NUMERIC, COMPACT):
        for match in pattern.finditer(text):
            first = pattern is VIETNAMESE and not re.match(r"[\d\s]+/", match.group())
            if value := _value(match, pattern, day_first or first):
                found.append((match.start(), value))
                break
    if found:
        return min(found)[1]
    for match in MONTH_YEAR.finditer(text):
        if month := _month(match.group("month")):
            return f"{match.group('year')}-{month:02}"
    return ""


def _value(match: re.Match[str], pattern: re.Pattern[str], day_first: bool) -> str:
    if pattern in {ISO, COMPACT}:
        return _iso(*(int(part) for part in match.groups()))
    if pattern is VIETNAMESE:
        day, month, year = (int(part) for part in match.groups())
        return _ordered(day, month, year, day_first)
    if pattern is NUMERIC:
        year = int(match.group(4))
        year += 0 if year > 99 else 1900 if year > 69 else 2000
        # Dots are never month-first.
        return _ordered(
            int(match.group(1)), int(match.group(3)), year, day_first or match.group(2) == "."
        )
    day, year = int(match.group("day")), int(match.group("year"))
    if month := _month(match.group("month")):
        return _iso(year, month, day)
    return ""


def _ordered(first: int, second: int, year: int, day_first: bool) -> str:
    if first > 12 or day_first or first == second:
        return _iso(year, second, first)
    if second > 12:
        return _iso(year, first, second)
    return f"{year:04}" if first >= 1 and second >= 1 else ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if year >= 1900 else ""
    except ValueError:
        return ""


@cache
def _month(name: str) -> int:
    """Give the number of a month's name in any language that dateparser knows; 0 if none."""
    low = name.lower().rstrip(".")
    if low in MONTHS:
        return MONTHS[low]
    if low not in _calendar_words():
        return 0
    parsed = dateparser.parse(
        f"15 {low} 2001",
        languages=list(LOCALES[1:]),
        settings={"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]},
    )
    return parsed.month if parsed and parsed.year == 2001 else 0


@cache
def _calendar_words() -> frozenset[str]:
    """Give month and weekday names, long and short."""
    words: set[str] = set(MONTHS)
    for name in LOCALES:
        locale = Locale(name)
        for table in (locale.months, locale.days):
            for width in ("wide", "abbreviated"):
                for word in table["format"][width].values():
                    words.update(re.findall(r"[^\W\d_]+", word.lower()))
    words.update(
        [
            "tue",
            "tues",
            "wed",
            "weds",
            "thu",
            "thur",
            "thurs",
            "thứ",
            "hai",
            "ba",
            "tư",
            "năm",
            "sáu",
            "bảy",
            "chủ",
            "nhật",
        ]
    )
    return frozenset(words)


def find_stamp(text: str, day_first: bool = False) -> Stamp | None:
    """Read a line that is nothing but a time stamp, perhaps with a place; else None."""
    if len(text) > LONGEST_STAMP or not re.search(r"\d", text):
        return None
    tokens = TOKEN.findall(text)
    other = [token for token in tokens if not _is_calendar(token)]
    if len(tokens) > 24 or len(other) > 3 or any(token[0].islower() for token in other):
        return None
    published = read_date(text, day_first or bool(DAY_FIRST.search(text)))
    named = any(_month(token) for token in tokens if token.isalpha())
    clock = re.search(r"\d{1,2}[:h.]\d\d\b|\d\s?[ap]\.?m", text, re.I)
    if not published and not (named and re.search(r"\d", text)) and not (clock and not other):
        return None
    # `Vision 2030` and `May 2022 report` are words, not stamps.
    if (
        len(published) in {0, 4, 7}
        and other
        and not re.search(r"[-–—:|,]\s*$|^\W*date", text, re.I)
    ):
        return None
    if len(published) == 7 and len(tokens) > 3:
        return None
    return Stamp(published, bool(re.search(r"updat|modif|cập nhật", text, re.I)))


def _is_calendar(token: str) -> bool:
    low = token.lower()
    return bool(DATE_TOKEN.match(token)) or low in STAMP_WORDS or low in _calendar_words()


def read_dtg(text: str) -> str:
    """Read the date-time group of a cable, such as `150723Z SEP 03`."""
    for match in DTG.finditer(text):
        month = MONTHS.get(match.group(3).lower(), 0)
        year = int(match.group(4))
        year += 0 if year > 99 else 1900 if year > 65 else 2000
        if value := _iso(year, month, int(match.group(1))) if month else "":
            return value
    return ""
