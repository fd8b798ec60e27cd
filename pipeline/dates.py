"""Dates as texts write them, as ISO 8601 with the precision they have, or nothing.

`2018-11` is a month, `2021/2025` a period, `2022-W47` never occurs: weeks are given as
`2022-11-14/2022-11-20`. A relative date needs the day of publication, and `that year` a date
before it; without these, or where the words bear no date (`recent years`), the answer is empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pipeline.dating.absolute import read_absolute
from pipeline.dating.anchored import read_anchored
from pipeline.dating.relative import bare_ordinal, read_relative
from pipeline.text import strip_marks

FRONT = re.compile(
    r"^(?:(?:on|in|since|by|from|until|till|dated|as of|of|around|about|before|after|during|at|as"
    r"|for|le|em|am) )+(?!now)"
)
CLOCK = re.compile(
    r"^\d{1,2}[:h]\d{0,2}(?: ?[ap]\.?m\.?)?(?: hours| hrs)?,? (?:on )?"
    r"|,? (?:at )?\d{1,2}[:h]\d\d(?: ?[ap]\.?m\.?)?(?: hours| hrs)?$"
)
GLOSS = re.compile(r"(?P<said>.+?) ?[(\[](?P<meant>.+?)[)\]]")
HOURS = re.compile(r"(?<=[a-z\d]) (?:morning|afternoon|evening|night|noon)$")


def parse_date(
    text: str, published: str = "", ahead: bool | None = None, anchors: Sequence[str] = ()
) -> str:
    """Read a date; `published` is ISO 8601, `ahead` tells whether the words speak of a plan.

    `anchors` are the dates that the text gives before it, the nearest first, in ISO 8601: what
    `that year` and `three days later` count from.
    """
    if match := GLOSS.fullmatch(text):
        # `today [July 21]`, `February [2006]`: the brackets say what is meant.
        forms = [match["meant"], f"{match['said']} {match['meant']}", match["said"]]
        if re.fullmatch(r"\d{4}", match["meant"]):
            forms = forms[1:]
        read = (parse_date(form, published, ahead, anchors) for form in forms)
        return next((value for value in read if value), "")
    words = fold(text)
    if found := read_absolute(words):
        return found
    if found := read_anchored(words, anchors):
        return found
    day = None if anchors and bare_ordinal(words) else read_day(published)
    return read_relative(words, day, ahead) if day else ""


def fold(text: str) -> str:
    """Give the words of a date in lower case and plain letters, without what stands around."""
    words = re.sub(r"\s+", " ", strip_marks(text).casefold()).strip(" .,[]()")
    words = CLOCK.sub("", re.sub(r"'s$", "", FRONT.sub("", words)))
    words = re.sub(r"^(?:the )?(?:morning|afternoon|evening|night) of ", "", words)
    return words if re.match(r"(?:this|last|next) [a-z]+$", words) else HOURS.sub("", words)


def read_day(published: str) -> date | None:
    """Read the day of publication; None unless it is known to the day."""
    try:
        return date.fromisoformat(published) if len(published) == 10 else None
    except ValueError:
        return None
