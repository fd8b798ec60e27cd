"""The dates of a whole document, each read with what its sentence and the dates before it say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence

from pipeline.dates import fold, parse_date
from pipeline.dating.relative import bare_ordinal
from pipeline.dating.words import YEAR
from pipeline.sentences import sentence_around, sentence_starts

REACH = 3  # paragraphs in which a date may be what a later one counts from
OPENING = 3  # words at most before a date that opens its clause
GLOSSED = 30  # characters at most of the brackets behind a date
ANY_DAY = "2000-01-01"
NEAR = 4  # dates before a date that it may count from
AHEAD = re.compile(
    r"\b(?:will|would|shall|won't|won’t|'ll|’ll|could|may|might|must|should|about to|not yet"
    r"|[Nn]ext|[Aa]head"
    r"|(?:is|are|am|'s|’s|'re|’re) (?:therefore |now |also |still |both |not |soon |each |then )*to"
    r"|(?:is|are|am|'s|’s|'re|’re|'m|’m) (?:now |also )?(?:going|coming|leaving|due|set|expecting)"
    r"|(?:is|are|be) (?:\w+ )?(?:un)?(?:planned|scheduled|proposed|announced|set|foreseen)"
    r"|(?:planned|scheduled|announced|set|slated|booked|proposed|pencilled(?: in)?) (?:for|to)"
    r"|(?<!the )(?<!a )(?<!of )(?<!its )(?<!this )(?<!action )plans?|planning|hop(?:es?|ed|ing)"
    r"|[Ee]xpect(?:s|ed|ing|ation)?|due|foreseen?|foresees"
    r"|intend(?:s|ed|ing)?|promis(?:es?|ed)|wants?|wanted|upcoming|forthcoming|awaits?|awaited"
    r"|aims?|slated|envisaged?|envisages|wishes|awaiting|deadline|pledge[sd]?|vow(?:s|ed)?"
    r"|(?:open|start|begin|end|close|resume|expire|retire|stop|arrive|depart|leave|convene|gather)s"
    r"|(?:goe|flie|travel|return|face)s|runs out|extends|propos(?:es|ed)(?= (?:a|an|the|to)\b)"
    r"|(?:meet|leave|go|gather) (?:in|on|at|again|here|there|online)"
    r"|, to (?:be|open|start|begin|take|hold)"
    r"|takes (?:effect|office|over|its seat|his seat|her seat|up)|enters into)\b"
    r"|\b(?:is|are) (?:on|in|for)(?= (?:the )?$)"
)
# A request points ahead for the dates behind it, but was itself made on the date before it.
REQUEST = re.compile(
    r"\b(?:[Aa]sk|[Uu]rg|call|request|offer|invit|agree|recommend|advis|instruct|order|oblig"
    r"|appeal|undert|decid|seek|commit|encourag|appoint)\w*\b[^.;:]{0,90}? to [a-z]{2,}\b(?<! the)"
)
# What was to be, and what is said not to have been, lies behind as a rule.
MISSED = re.compile(
    r"\b(?:was|were) (?:first |once )?(?:to|set|planned|scheduled|announced)\b"
    r"|\b(?:was|were|had been) (?:hoping|expecting|planning|expected)\b"
    r"|\bhad been (?:\w+ )?(?:planned|scheduled|announced|set)\b"
)
UNDONE = re.compile(
    r"\b(?:did not|didn't|didn’t|never took|was (?:cancelled|postponed|called off))\b"
)
NAMED = re.compile(r"\w of (?:the )?$")  # the letter of 12 October
WEAK = re.compile(r"\b(?:by|until|till|before|from) (?:the )?$", re.IGNORECASE)
SINCE = re.compile(r"\bsince (?:the )?\Z", re.IGNORECASE)
# Words on -ed that are no verbs of the past, and participles that what stands before them rules.
PAST = re.compile(
    r"(?<![-\w])(?!(?:need|indeed|hundred|red|bed|speed|seed|feed|exceed|proceed|succeed|breed"
    r"|shed|wed|united|so-called|armed|named|based|related|bonded|organised|organized|forced|limited|"
    r"unified|combined|joined-up|interested|concerned|fixed|mixed|detailed|advanced|proposed)\b)"
    r"(?:[a-zà-ÿ]{2,}ed|was|were|had|did|met|held|took|taken|gave|given|said|went|gone|came|made"
    r"|told|left|began|begun|sent|brought|found|got|kept|led|lost|paid|saw|seen|sold|spoke|spoken"
    r"|stood|thought|won|wrote|written|became|fell|fallen|drew|drawn|flew|rose|ran|sat|shut|hid"
    r"|bore|broke|broken|chose|chosen|grew|knew|has|have|since|been|built|bought|caught|taught"
    r"|fought|heard|felt|spent|swore|sworn|shot|struck|sank|threw|wore|hung|burnt|rang|dealt|done"
    r"|ago|former|late|last|bound)\b"
)
RULED = re.compile(
    r"\b(?:will|would|won't|won’t|could|may|might|must|should|shall)(?: not)? $"
    r"|\b(?:be|being|been|to|to have|have been|get|gets)(?: \w+ly)? $"
)
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
        said = speaks_of_plan(text[low:start], text[end:high])
        ahead = True if said or (said is None and number in planned) else None
        if SINCE.search(text[low:start]):
            ahead = False
        anchors = [
            values[other]
            for other in range(number - 1, max(-1, number - 1 - NEAR), -1)
            if values[other] and places[number] - places[other] < REACH
        ]
        whole = _whole(text, start, end) + _gloss(text[end : end + GLOSSED])
        if bare_ordinal(fold(whole)) and not (number and spans[number - 1][0] >= low):
            anchors = []
        before = (text[slice(*spans[number - 1])], values[-1]) if anchors else ("", "")
        near = number and spans[number - 1][0] >= low and not ahead
        told = _in_told_year(whole, *before) if near else ""
        values.append(told or parse_date(whole, published, ahead, anchors))
    return values


def _in_told_year(text: str, before: str, value: str) -> str:
    """Give a day or month without a year the year of the full date before it in its sentence.

    That holds for what came later in that year: `annulled on 21 November 2004 and repeated on
    26 December`.
    """
    year = re.search(YEAR, before)
    if not year or len(value) != 10 or re.search(r"\d{3}|last|next|this", text):
        return ""
    found = parse_date(f"{text} {year[0]}")
    return found if len(found) in (7, 10) and found > value else ""


def _gloss(after: str) -> str:
    """Give the brackets that say which day or year a date is: `today [July 21]`."""
    found = re.match(r" ?[(\[](?:\w+,? )?[^()\[\]]*\d[^()\[\]]*[)\]]", after)
    return (
        found[0] if found and len(parse_date(found[0].strip(" []()"), ANY_DAY)) in (4, 10) else ""
    )


def _whole(text: str, start: int, end: int) -> str:
    """Give a date with the article that the mention leaves out: `the 14th`, not `14th`."""
    return f"the {text[start:end]}" if text[:start].endswith(("the ", "The ")) else text[start:end]


def speaks_of_plan(before: str, after: str) -> bool | None:
    """Tell from the sentence around a date whether it speaks of what is to come.

    The verb nearest before the date decides; where the date opens its clause, the first one
    after it; None where neither says.
    """
    if NAMED.search(before):
        return None
    cut = [match.end() for match in BREAK.finditer(before)]
    clause = before[cut[-1] :] if cut else before
    for piece in (clause, before):
        if cues := _cues(piece):
            place, ahead = cues[-1]
            return ahead and not _undone(piece[:place], after)
    if len(clause.split()) <= OPENING and (cues := _cues(after, opening=True)):
        return cues[0][1]
    return True if WEAK.search(before) else None


def _undone(before: str, after: str) -> bool:
    """Tell whether what was `planned for` a date is said not to have come."""
    return before.endswith(" for") and bool(UNDONE.search(after))


def _cues(piece: str, opening: bool = False) -> list[tuple[int, bool]]:
    """Give where each cue ends, or begins if it tells of the past, and whether it points ahead."""
    missed = [match.span() for match in MISSED.finditer(piece)]
    plans = [match.span() for match in AHEAD.finditer(piece) if not _inside(match, missed)]
    if not opening:
        plans += [match.span() for match in REQUEST.finditer(piece)]
    cues = [(end, False) for _, end in missed] + [(end, True) for _, end in plans]
    for match in PAST.finditer(piece):
        if not _inside(match, [*missed, *plans]) and not RULED.search(piece[: match.start()]):
            cues.append((match.start(), False))
    return sorted(cues)


def _inside(match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(start <= match.start() < end for start, end in spans)
