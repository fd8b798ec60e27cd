"""Lines, paragraphs of lines, and the body that is built from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.cleaning.hyphens import Hyphens
from pipeline.offsets import MappedText

Span = tuple[int, int]

WIDE_SPACE = re.compile(r"\s{2,}|[^\S ]")
LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its span without outer space, and whether a gap precedes it."""

    start: int
    end: int
    text: str
    gap: bool
    indent: int


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together. `reason` says why they are left out; empty means kept.

    `kind` is what markup said: `heading`, `caption`, `item`, or empty.
    """

    spans: list[Span]
    text: str
    gap: bool = True
    kind: str = ""
    reason: str = ""

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


@dataclass(slots=True)
class Piece:
    """A span of the text that was left out, and why; `text` where it stands in no span."""

    start: int
    end: int
    reason: str
    text: str = ""


@dataclass(slots=True)
class Article:
    """What one reader makes of a text: kept paragraphs, pieces left out, what it says of itself."""

    paragraphs: list[Paragraph]
    dropped: list[Piece] = field(default_factory=list)
    title: str = ""
    outlet: str = ""
    published: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


def split_lines(text: str) -> list[Line]:
    """Give the lines that hold something."""
    lines: list[Line] = []
    before = 0
    for found in LINE.finditer(text):
        words = found.group()
        indent = len(words) - len(words.lstrip())
        start = found.start() + indent
        gap = not lines or text.count("\n", before, found.start()) > 1
        lines.append(Line(start, start + len(words.strip()), words.strip(), gap, indent))
        before = found.end()
    return lines


def build_body(text: MappedText, paragraphs: Iterable[Paragraph]) -> MappedText:
    """Write the paragraphs with one blank line between them and single spaces inside."""
    return text.edit(_edits(text.text, [p.spans for p in paragraphs], Hyphens(text.text)))


def _edits(
    text: str, paragraphs: list[list[Span]], hyphens: Hyphens
) -> Iterator[tuple[int, int, str]]:
    at, separator = 0, ""
    for spans in paragraphs:
        for start, end in spans:
            if separator == " " and hyphens.joins(at, start):
                yield hyphens.cut(at, start), start, ""
            elif at < start or separator:
                yield at, start, separator
            for found in WIDE_SPACE.finditer(text, start, end):
                yield found.start(), found.end(), " "
            at, separator = end, " "
        separator = "\n\n"
    if at < len(text):
        yield at, len(text), ""
