"""Dates that need nothing beside themselves: days, months, years and periods as written.

Source: ISO 8601-1:2019; the order of day and month in `16/08/2022` follows the part over 12,
else only its year is read, since the text does not say which is which. A fiscal year is that of
the United States, October to September, which cables and reports name without saying so.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.dating.words import (
    DAY_NAME,
    NUMBER,
    ORDINALS,
    YEAR,
    century,
    count,
    iso,
    joined,
    month,
    month_pattern,
)

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
DECADES = {
    word: digits
    for digits, word in enumerate(
        "twenties thirties forties fifties sixties seventies eighties nineties".split(), start=2
    )
}
PART = r"(?:early|mid|late|end-|(?:the )?(?:beginning|start|middle|end) of|mid-)"
BUDDHIST = re.compile(r"(?:\bb\.?e\.? ?(?P<y>2[45]\d\d)|(?<!\d)(?P<z>2[45]\d\d) b\.?e\b\.?)")
RANGE = re.compile(
    r"(?:from |between )?(?:the )?(?:period |academic year |school year |season )?(?P<a>.+?)"
    r"(?:(?: to | ?- ?| through | until | till | up to | den | and | & )|(?<=\d{4})/(?=\d{2}))"
    r"(?P<b>.+?)(?: period| season| academic year| school year)?"
)
NUMERIC = re.compile(rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>{YEAR})")
VIETNAMESE = re.compile(
    r"(?:ngay )?(?P<d>\d{1,2})(?: thang |[-/.])(?P<m>\d{1,2})"
    rf"(?:,? nam |[-/.])(?P<y>{YEAR})"
)
VIETNAMESE_MONTH = re.compile(rf"thang (?P<m>\d{{1,2}})(?:,? nam |[-/.])(?P<y>{YEAR})")
ISO_DAY = re.compile(rf"(?P<y>{YEAR})[-./](?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}})")
ISO_MONTH = re.compile(rf"(?P<y>{YEAR})-(?P<m>0[1-9]|1[0-2])")
CJK = re.compile(rf"(?P<y>{YEAR})年(?:(?P<m>\d{{1,2}})月(?:(?P<d>\d{{1,2}})日)?)?")
FISCAL = re.compile(
    r"(?:us )?(?:fy|fiscal year|fiscal|financial year) ?'?(?P<y>\d{4}|\d{2})(?:[-/](?P<z>\d{2,4}))?"
)
YEARS_TO = re.compile(rf"(?P<n>{NUMBER}) years to (?P<y>{YEAR})")
QUARTER = re.compile(
    r"(?:(?P<q>first|second|third|fourth|1st|2nd|3rd|4th) quarter|q(?P<n>[1-4]))"
    rf"(?: of|,)? (?P<y>{YEAR})"
)
LONE_DAY = re.compile(r"(?:[a-z]+,? )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?")
HALF = re.compile(
    r"(?:h(?P<n>[12]) (?:of )?|(?P<h>first|second|1st|2nd) half of (?:(?P<m>[^\d]+) )?)"
    rf"(?P<y>{YEAR})"
)
MONTHS_OF = re.compile(rf"(?:(?P<w>first|last) )?(?P<n>{NUMBER}) months of (?P<y>{YEAR})")


@cache
def _written() -> list[re.Pattern[str]]:
    """Give the expressions of dates whose month is a word: days first, then months."""
    m, y = f"(?P<m>{month_pattern()})", f"(?P<y>{YEAR})"
    d, of = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?", "(?:,? (?:of |de |del )?| d')"
    name = rf"(?:{DAY_NAME},? )?(?:the |le |el |den |am |tanggal )?"
    return [
        re.compile(pattern)
        for pattern in (
            rf"{name}{d}{of}{m}{of}{y}",
            rf"{name}{m} {d},? (?:of )?{y}",
            rf"{name}{d}[- ]{m}[- ]{y}",
            rf"{y},? {m} {d}",
            rf"(?:the )?(?:{PART}[ -]?)?(?:the month of )?{m}{of}{y}",
            rf"{y},? {m}",
            rf"{m}[- ]{y}",
        )
    ]


def read_absolute(words: str) -> str:
    """Read words in lower case and plain letters; empty where they are no such date."""
    words = BUDDHIST.sub(lambda found: str(int(found["y"] or found["z"]) - 543), words)
    return read_single(words) or _period(words) or _range(words)


def read_single(words: str) -> str:
    """Read a day, a month or a year."""
    for pattern in (*_written(), ISO_DAY, VIETNAMESE_MONTH, CJK):
        if match := pattern.fullmatch(words):
            return _calendar(match)
    if match := NUMERIC.fullmatch(words):
        first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
        if first > 12 >= second or first == second:
            return iso(year, second, first)
        return iso(year, first, second) if second > 12 >= first else match["y"]
    if match := (VIETNAMESE.fullmatch(words) or ISO_MONTH.fullmatch(words)):
        return _calendar(match)
    if match := re.fullmatch(rf"(?:year[- ]end |(?:the )?end of |end[- ])(?P<y>{YEAR})", words):
        return f"{match['y']}-12"
    match = re.fullmatch(rf"(?:the )?(?:year |nam )?(?:{PART}[ -]?)?(?P<y>{YEAR})", words)
    return match["y"] if match else ""


def _calendar(match: re.Match[str]) -> str:
    groups = match.groupdict()
    number = groups.get("m")
    if not number:
        return match["y"]
    place = int(number) if number.isdigit() else month(number)
    if groups.get("d"):
        return iso(int(match["y"]), place, int(match["d"]))
    return f"{match['y']}-{place:02}" if 1 <= place <= 12 else ""


def _period(words: str) -> str:
    words = words.removeprefix("the ")
    if match := FISCAL.fullmatch(words):
        year = century(match["y"], 2000)
        if match["z"]:
            return joined(str(year), str(century(match["z"], year // 100 * 100)))
        return f"{year - 1}-10/{year}-09"
    if match := re.fullmatch(r"((?:1\d|20)\d0)'?s", words):
        return f"{match[1]}/{int(match[1]) + 9}"
    if match := re.fullmatch(r"'?(?P<y>[2-9]0)'?s|(?P<w>[a-z]+ties)", words):
        tens = int(match["y"][0]) if match["y"] else DECADES.get(match["w"], 0)
        # `the twenties` and `the thirties` are those of two centuries.
        return f"19{tens}0/19{tens}9" if tens >= 4 else ""
    if match := re.fullmatch(r"([a-z0-9-]+) century", words):
        number = ORDINALS.get(match[1], 0)
        return f"{number * 100 - 99}/{number * 100}" if number >= 11 else ""
    if match := QUARTER.fullmatch(words):
        number = int(match["n"] or ORDINALS[match["q"]])
        return f"{match['y']}-{3 * number - 2:02}/{match['y']}-{3 * number:02}"
    if match := HALF.fullmatch(words):
        return _half(match)
    if match := MONTHS_OF.fullmatch(words):
        number = count(match["n"])
        if match["w"] == "last" or number > 12:
            return f"{match['y']}-{13 - number:02}/{match['y']}-12" if number < 12 else ""
        return f"{match['y']}-01/{match['y']}-{number:02}"
    if match := YEARS_TO.fullmatch(words):
        return joined(f"{int(match['y']) - count(match['n']) + 1}", match["y"])
    if match := re.fullmatch(rf"({'|'.join(SEASONS)})(?: of)? ({YEAR})", words):
        low, high = SEASONS[match[1]]
        return f"{match[2]}-{low:02}/{match[2]}-{high:02}"
    if match := re.fullmatch(r"(?:year|twelve months|12 months) to (?P<m>.+)", words):
        end = read_single(match["m"])
        if len(end) == 7:
            year, place = int(end[:4]), int(end[5:])
            return f"{year - (place < 12)}-{place % 12 + 1:02}/{end}"
    return ""


def _half(match: re.Match[str]) -> str:
    first, year = int(match["n"] or ORDINALS[match["h"]]) == 1, match["y"]
    if not match["m"]:
        return f"{year}-01/{year}-06" if first else f"{year}-07/{year}-12"
    place = read_single(f"{match['m']} {year}")
    if len(place) != 7:
        return ""
    last = next(day for day in (31, 30, 29, 28) if iso(int(year), int(place[5:]), day))
    return f"{place}-01/{place}-15" if first else f"{place}-16/{place}-{last}"


def _range(words: str) -> str:
    """Read a period whose later end says what the earlier one leaves out."""
    if not (match := RANGE.fullmatch(words)):
        return ""
    return read_range(match["a"], match["b"])


def read_range(first: str, last: str) -> str:
    """Read a period from its two ends, of which the later one has a year."""
    if re.fullmatch(YEAR, first) and re.fullmatch(r"\d{2}", last):
        return joined(first, str(century(last, int(first) // 100 * 100)))
    end = read_single(last)
    if not end and (tail := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?(,? {YEAR})", last)):
        # `May 5 and 7, 2014`: the month stands with the earlier end.
        head = re.fullmatch(
            rf"(?:{DAY_NAME},? )?({month_pattern()}) \d{{1,2}}(?:st|nd|rd|th)?", first
        )
        end = read_single(f"{head[1]} {tail[1]}{tail[2]}") if head else ""
    if not end:
        return ""
    return joined(_opened(first, end), end)


def _opened(first: str, end: str) -> str:
    """Read the earlier end of a period, with month and year of the later where it lacks them."""
    if (found := read_single(first)) or len(end) == 4:
        return found
    year = int(end[:4])
    if len(end) == 10 and (day := LONE_DAY.fullmatch(first)):
        return iso(year, int(end[5:7]), int(day[1]))
    for form in (f"{first} {year}", f"{first} {year - 1}"):
        # `December to February 2020` begins in the year before.
        if (found := read_single(form)) and joined(found, end):
            return found
    return ""
