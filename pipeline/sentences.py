"""Sentence borders by rule, for evidence: right on ranks, initials, laws and numbered paragraphs.

Source: the cues of Kiss and Strunk 2006 (abbreviations, initials, ordinals) as fixed lists.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[¶]*[\dA-ZÀ-ÖØ-ÞĀ-ŽƠƯẠ-Ỹ¶])|\n\s*\n")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“'‘])(?:[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Hon|Rev|St|Sr|Jr|Gen|Lt|Maj|Col"
    r"|Capt|Cdr|Adm|Brig|Sgt|Insp|Supt|Snr|Sen|Rep|Gov|Pol|Amb|Min|Barr|Engr?|Atty|Alh|Md|"
    r"No|Nos|Art|Arts|para|paras|pp|vol"
    r"|ref|refs|cf|vs|etc|approx|ca|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Co|Corp|Inc|Ltd)"
    r"\.$"
)
BLANK = re.compile(r"\s*")
NUMBERED = re.compile(r"(?:^|\n)\s*(?:¶\s*)?\d{1,3}\.$")


def sentence_starts(text: str, protected: Iterable[tuple[int, int]] = ()) -> list[int]:
    """Give the characters at which sentences begin; none begins inside a protected span."""
    spans = sorted(protected)
    lows = [start for start, _ in spans]
    starts = [0]
    for match in END.finditer(text):
        at = match.end()
        before = text[max(0, at - 12) : at]
        if "\n" not in match[0] and (
            ABBREVIATION.search(before) or NUMBERED.search(text[max(0, at - 8) : at])
        ):
            continue
        index = bisect_left(lows, at) - 1
        if index >= 0 and spans[index][0] < at < spans[index][1]:
            continue
        at = BLANK.match(text, at).end()  # type: ignore[union-attr]
        if at < len(text):
            starts.append(at)
    return sorted(set(starts))


def sentence_around(text: str, starts: list[int], begin: int, stop: int) -> tuple[int, int]:
    """Give the bounds of the sentences that hold a span, white space at the end left out."""
    low = starts[bisect_right(starts, begin) - 1]
    index = bisect_left(starts, stop)
    high = starts[index] if index < len(starts) else len(text)
    return low, low + len(text[low:high].rstrip())
