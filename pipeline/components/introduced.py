"""Acronyms that a text introduces in brackets, either way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.components.disjoint import DisjointSets
from pipeline.knowledge import Knowledge
from pipeline.text import is_acronym, normalise, strip_marks

# `(FGN, by its Spanish acronym)`
IN_ANOTHER_TONGUE = re.compile(
    r",? (?:(?:by|for|after|from|in) (?:its|the|their) )?(?:[A-Z]\w+ )?"
    r"(?:acronym|initials|abbreviation)\b|,? (?:in|from the|its) [A-Z][a-z]+\)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A name found in a text; offsets count characters of that text."""

    start: int
    end: int
    text: str
    label: str
    score: float


def introduced(
    text: str, names: Sequence[Found], indexes: Sequence[int], knowledge: Knowledge
) -> Iterator[tuple[int, int]]:
    """Give pairs of indexes such as `Ministry of Labour (MOL)` and `MOL (Ministry of Labour)`."""
    for left, right in pairwise(indexes):
        gap = text[names[left].end : names[right].start]
        closed = text[names[right].end : names[right].end + 2].lstrip()[:1]
        if re.fullmatch(r"\s*[(\[]\s*(?:the |hereafter |or )?[\"“”']?", gap) and closed in (
            ")",
            "]",
            '"',
            "”",
            "'",
            ",",
        ):
            short, long = sorted((names[left].text, names[right].text), key=len)
            fits = is_acronym(short) and _may_abbreviate(short, long)
            foreign = is_acronym(names[right].text) and _introduces(
                text, names, indexes, left, right, knowledge
            )
            if fits or foreign:
                yield left, right


def apart(
    names: Sequence[Found], indexes: Sequence[int], groups: DisjointSets, one: int, other: int
) -> bool:
    """Tell whether two things both have acronyms and none in common: `MOL` is not `MLVT`."""
    left, right = (
        {
            strip_marks(names[i].text).casefold()
            for i in indexes
            if groups.root(i) == groups.root(side) and is_acronym(names[i].text)
        }
        for side in (one, other)
    )
    return bool(left and right) and left.isdisjoint(right)


def _introduces(
    text: str,
    names: Sequence[Found],
    indexes: Sequence[int],
    left: int,
    right: int,
    knowledge: Knowledge,
) -> bool:
    """Tell whether brackets give a name's acronym in another tongue: `Social Fund (FHIS)`.

    `Department of Social Work (MOLISA)` names the parent: an acronym that was there before,
    that fits another name, or that is known for another thing.
    """
    short = names[right].text
    if IN_ANOTHER_TONGUE.match(text, names[right].end):
        return True
    if any(names[i].text == short for i in indexes if i < right):
        return False
    if any(i not in (left, right) and _may_abbreviate(short, names[i].text)
           for i in indexes if " " in names[i].text):  # fmt: skip
        return False
    known = knowledge.find(short, names[right].label)
    if known is None or known == knowledge.find(names[left].text, names[left].label):
        return True
    both = names[left].text, known.name
    if known.country and all("ministry" in normalise(name).split() for name in both):
        return True  # a ministry does not belong to another one
    # `National Institute (MAE)` of a text that never names the country of that MAE.
    codes = {knowledge.country(name.text) for name in names if name.label == "GPE"}
    words = {word.casefold() for word in re.findall(r"\b[A-Z][a-z]+\b", text)}
    codes |= {knowledge.demonyms.get(word, "") for word in words}
    named = " " in names[left].text and known.country not in codes
    return bool(named and known.country)


def _may_abbreviate(short: str, long: str) -> bool:
    """Tell whether the letters of `short` stand in `long` in their order, the first in front."""
    letters = [c for c in strip_marks(short).casefold() if c.isalpha()]
    words = strip_marks(long).casefold()
    initials = {word[0] for word in re.findall(r"\w+", words)}
    at = 0
    for letter in letters:
        at = words.find(letter, at) + 1
        if at == 0:
            return False
    return bool(letters) and letters[0] in initials
