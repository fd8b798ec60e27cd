"""The dates of a whole document, each read with what its sentence and the dates before it say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence

from pipeline.dates import parse_date
from pipeline.sentences import sentence_around, sentence_starts

REACH = 2  # paragraphs in which a date may be what a later one counts from
NEAR = 4  # dates before a date that it may count from
AHEAD = re.compile(
    r"\b(?:will|would|shall|'ll|’ll|can|could|may|might|must|should|(?:is|are|was|were) (?:\w+ )?to"
    r"|(?:is|are|'s|’s|'re|’re|am|'m|’m) (?:now |also )?(?:going|coming|travelling|leaving) to"
    r"|(?:un)?planned|plans?|planning|hop(?:es?|ed|ing)|expect(?:s|ed|ing|ation)?|scheduled?|due"
    r"|foreseen?|foresees|intend(?:s|ed|ing)?|propos(?:es?|ed|al)|pencilled|promis(?:es?|ed)"
    r"|want(?:s|ed)?|ahead|upcoming|forthcoming|awaited|awaits?|set for|set to|aims?|next|await"
    r"|announced for|called for|earmarked|slated|due|envisaged?|envisages|wishes|awaiting|deadline"
    r"|invit(?:es?|ed|ation)|looks? forward|further|later|not yet|undertook|undertakes|pledged?"
    r"|pledges|vow(?:s|ed)?|agreed to|unless|once|if|until|till|before|pending|about to)\b"
)
# Words on -ed that are no verbs of the past, and participles that what stands before them rules.
PAST = re.compile(
    r"\b(?!(?:need|indeed|hundred|red|bed|speed|seed|feed|exceed|proceed|succeed|breed|shed|wed"
    r"|united|so-called|armed|named|based|related|bonded|organised|organized|forced|limited|"
    r"unified|combined|joined-up|interested|concerned|fixed|mixed|detailed|advanced|proposed)\b)"
    r"(?:[a-zà-ÿ]{2,}ed|was|were|had|did|met|held|took|taken|gave|given|said|went|gone|came|made"
    r"|told|left|began|begun|sent|brought|found|got|kept|led|lost|paid|saw|seen|sold|spoke|spoken"
    r"|stood|thought|won|wrote|written|became|fell|fallen|drew|drawn|flew|rose|ran|sat|shut|hid"
    r"|bore|broke|broken|chose|chosen|grew|knew|has|have|since|been|built|bought|caught|taught"
    r"|fought|heard|felt|spent|swore|sworn|shot|struck|sank|threw|wore|hung|burnt|rang|dealt|done"
    r"|ago|former|late|last|bound)\b"
)
RULED = re.compile(r"\b(?:be|being|been|to|to have|have been|get|gets)(?: \w+ly)? $")
BREAK = re.compile(r"[;:–—]|, (?:and|but|while|whereas|though|although) ")


def read_dates(
    text: str,
    spans: Sequence[tuple[int, int]],
    published: str,
    planned: Collection[int] = (),
) -> list[str]:
    """Give the ISO value of each date of a text, empty for one that is not read.

    `spans` are the dates in the order of the text; `planned` are the numbers of those that
    date a plan, which is what their sentence is taken to speak of unless it says otherwise.
    """
    starts = sentence_starts(text, spans)
    breaks = [match.start() for match in re.finditer(r"\n\s*\n", text)]
    values: list[str] = []
    places = [bisect_right(breaks, start) for start, _ in spans]
    for number, (start, end) in enumerate(spans):
        low, high = sentence_around(text, starts, start, end)
        ahead = speaks_of_plan(text[low:start], text[end:high])
        if ahead is None and number in planned:
            ahead = True
        anchors = [
            values[other]
            for other in range(number - 1, max(-1, number - 1 - NEAR), -1)
            if values[other] and places[number] - places[other] < REACH
        ]
        values.append(parse_date(_whole(text, start, end), published, ahead, anchors))
    return values


def _whole(text: str, start: int, end: int) -> str:
    """Give a date with the article that the mention leaves out: `the 14th`, not `14th`."""
    return f"the {text[start:end]}" if text[:start].endswith(("the ", "The ")) else text[start:end]


def speaks_of_plan(before: str, after: str) -> bool | None:
    """Tell from the sentence around a date whether it speaks of what is to come.

    The verb nearest before the date decides, else the first one after it; None where none does.
    """
    cut = [match.end() for match in BREAK.finditer(before)]
    clause = before[cut[-1] :] if cut else before
    for piece in (clause, before):
        if (found := _last_cue(piece)) is not None:
            return found
    return _first_cue(after)


def _cues(piece: str) -> list[tuple[int, bool]]:
    """Give the places of the cues, and whether each points ahead."""
    plans = {match.start(): match.end() for match in AHEAD.finditer(piece)}
    cues = [(start, True) for start in plans]
    for match in PAST.finditer(piece):
        inside = any(start <= match.start() < end for start, end in plans.items())
        if not inside and not RULED.search(piece[: match.start()]):
            cues.append((match.start(), False))
    return sorted(cues)


def _last_cue(piece: str) -> bool | None:
    cues = _cues(piece)
    return cues[-1][1] if cues else None


def _first_cue(piece: str) -> bool | None:
    cues = _cues(piece)
    return cues[0][1] if cues else None
