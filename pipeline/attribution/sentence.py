"""A sentence as attribution reads it: words, marks and whole names in order, and quotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]

PIECE = re.compile(r"['’]s\b|\w+(?:['’\-.]\w+)*|[^\w\s]")
ACTORS = frozenset({"ORG", "GPE", "PERSON", "DOCUMENT"})
ARTICLES = frozenset("the a an its his her their our this that one some other another".split())
PREPOSITIONS = frozenset(
    "of for from at in by with to on about against under within between".split()
)
STOPS = frozenset(". ; : ( ) [ ] — – ? ! …".split())
QUOTES = frozenset('"“”‘')
ENDS = QUOTES | {",", "’"}  # what stands before `X said` at the end of a clause
CLAUSES = frozenset("that which while whereas because although though when where whose if".split())
# What follows a clause that `X said` ends: `..., X said in Geneva`.
AFTER = frozenset(
    "in on at during after before when while as who following last yesterday today through via"
    " upon ahead earlier to".split()
)


@dataclass(frozen=True, slots=True)
class Named:
    """A mention as attribution sees it: characters of the text, label, what it stands for."""

    start: int
    end: int
    label: str
    cluster: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word in lower case, a mark, or a whole name: `name` indexes the mentions, -1 for none."""

    start: int
    end: int
    word: str
    name: int = -1


@dataclass(frozen=True, slots=True)
class Voice:
    """A phrase that names speakers, and the stretches of text that they answer for.

    `doubted` says that the text does not endorse it: `X claims that`.
    """

    speakers: tuple[int, ...]
    phrase: Span
    stretches: tuple[Span, ...]
    doubted: bool = False

    @property
    def size(self) -> int:
        """The number of characters that the speakers answer for."""
        return sum(end - start for start, end in self.stretches)

    def holds(self, head: Span, tail: Span) -> bool:
        """Tell whether both ends are in it, and not both in the phrase alone."""

        def within(span: Span, around: Span) -> bool:
            return around[0] <= span[0] and span[1] <= around[1]

        said = [any(within(end, stretch) for stretch in self.stretches) for end in (head, tail)]
        named = [within(end, self.phrase) for end in (head, tail)]
        return any(said) and all(x or y for x, y in zip(said, named, strict=True))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text, with the mentions of the text and the paragraph's quotations."""

    text: str
    begin: int
    stop: int
    units: list[Unit]
    names: Sequence[Named]
    quotes: list[Span]

    def word(self, place: int) -> str:
        """Give the word at a place; the empty string for a name, a full stop past the end."""
        return self.units[place].word if place < len(self.units) else "."

    def label(self, place: int) -> str:
        """Give the label of the name at a place, the empty string where there is none."""
        inside = 0 <= place < len(self.units)
        name = self.units[place].name if inside else -1
        return self.names[name].label if name >= 0 else ""

    def at(self, place: int) -> int:
        """Give the character at which a place begins, or the end of the sentence."""
        return self.units[place].start if place < len(self.units) else self.stop

    def opens_quote(self, place: int) -> bool:
        """Tell whether a quotation begins at a place."""
        return place < len(self.units) and any(a == self.at(place) for a, _ in self.quotes)

    def quote_before(self, place: int) -> Span | None:
        """Give the quotation that ends right before a place."""
        at = self.at(place)
        near = [q for q in self.quotes if q[1] <= at and not self.text[q[1] : at].strip()]
        return near[-1] if near else None


def units_of(text: str, begin: int, stop: int, names: Sequence[Named]) -> list[Unit]:
    """Cut a stretch of text into units; `names` are sorted and never overlap."""
    units: list[Unit] = []

    def words(low: int, high: int) -> None:
        for match in PIECE.finditer(text, low, high):
            units.append(Unit(match.start(), match.end(), match[0].casefold()))

    at = begin
    for number, name in enumerate(names):
        if name.start < at or name.end > stop:
            continue
        words(at, name.start)
        units.append(Unit(name.start, name.end, "", number))
        at = name.end
    words(at, stop)
    return units


def quotations(text: str, begin: int, stop: int) -> list[Span]:
    """Give the quotations of a paragraph with their marks; one left open ends with it."""
    found: list[Span] = []
    opened = -1
    for at in range(begin, stop):
        char = text[at]
        before = text[at - 1] if at > begin else " "
        after = text[at + 1] if at + 1 < stop else " "
        if opened < 0:
            if char in '"“‘' and (before.isspace() or before in "([—–-"):
                opened = at
        elif (text[opened] + char in ("“”", '""')) or (
            # An apostrophe looks like the closing mark; punctuation stands before the latter.
            text[opened] + char == "‘’" and before in ",.?!" and not after.isalpha()
        ):
            found.append((opened, at + 1))
            opened = -1
    if opened >= 0:
        found.append((opened, stop))
    return found
