"""The map from a cleaned text back to the file it came from.

A text is a run of pieces. A piece copied from the source maps character by character; a
piece that was written anew (a space for a line break, one letter for a letter with a
combining mark) maps to the source characters that it stands for, as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from rapidfuzz.distance import Levenshtein

# Length in the clean text, start in the source, length in the source, copied to the letter.
Segment = tuple[int, int, int, bool]

SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text with the source span of each of its characters."""

    text: str
    segments: tuple[Segment, ...]

    @classmethod
    def of_source(cls, source: str) -> Self:
        """Take a whole source as it is."""
        return cls(source, ((len(source), 0, len(source), True),) if source else ())

    def __len__(self) -> int:
        return len(self.text)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the source span of a span of the text that is not empty.

        Raises:
            ValueError: the span is empty or leaves the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}-{end} of a text of {len(self.text)} characters")
        return OffsetMap(self.segments).span(start, end)

    def cut(self, start: int, end: int) -> MappedText:
        """Give the part between two offsets of the text."""
        if start >= end:
            return MappedText("", ())
        return MappedText(self.text[start:end], tuple(OffsetMap(self.segments).cut(start, end)))

    def replace(self, start: int, end: int, new: str) -> MappedText:
        """Write `new` for the span; it maps to the whole of what it replaces."""
        return self.edit([(start, end, new)])

    def edit(self, edits: Iterable[tuple[int, int, str]]) -> MappedText:
        """Apply replacements of spans that do not overlap, sorted by start; one pass."""
        offsets = OffsetMap(self.segments)
        texts: list[str] = []
        pieces: list[Segment] = []
        at = 0
        for start, end, new in edits:
            if at < start:
                texts.append(self.text[at:start])
                pieces.extend(offsets.cut(at, start))
            if new:
                origin, stop = offsets.span(start, end) if start < end else offsets.point(start)
                texts.append(new)
                pieces.append((len(new), origin, stop - origin, False))
            at = end
        if at < len(self.text):
            texts.append(self.text[at:])
            pieces.extend(offsets.cut(at, len(self.text)))
        return MappedText("".join(texts), join_segments(pieces))

    def sub(self, pattern: re.Pattern[str], new: str) -> MappedText:
        """Replace all that a pattern matches by a fixed text."""
        found = [
            (m.start(), m.end(), new) for m in pattern.finditer(self.text) if m.end() > m.start()
        ]
        return self.edit(found) if found else self

    def strip(self) -> MappedText:
        """Take white space away at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, len(self.text.rstrip()))

    def rewrite(self, new: str) -> MappedText:
        """Give the text other words where they differ, found by edit distance."""
        if new == self.text:
            return self
        edits: list[tuple[int, int, str]] = []
        for operation in Levenshtein.opcodes(self.text, new):
            kind, start, end, low, high = (
                operation.tag,
                operation.src_start,
                operation.src_end,
                operation.dest_start,
                operation.dest_end,
            )
            if kind == "insert" and edits and edits[-1][1] == start:
                edits[-1] = (edits[-1][0], start, edits[-1][2] + new[low:high])
            elif kind != "equal":
                edits.append((start, end, new[low:high]))
        return self.edit(edits)


class OffsetMap:
    """Look up source spans of a clean text's spans quickly."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self.segments = tuple(segments)
        self.starts = []
        at = 0
        for segment in self.segments:
            self.starts.append(at)
            at += segment[0]
        self.length = at

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the source span of the characters from `start` to `end`, exclusive."""
        return self._char(start)[0], self._char(end - 1)[1]

    def point(self, at: int) -> tuple[int, int]:
        """Give the empty source span between two characters; within a replacement, all of it."""
        if 0 < at < self.length:
            index = bisect_right(self.starts, at) - 1
            _, origin, width, copied = self.segments[index]
            if not copied and self.starts[index] < at:
                return origin, origin + width
            before = self.segments[index - 1] if self.starts[index] == at else (0, 0, 0, True)
            if before[1] + before[2] > origin:  # halves of a cut replacement
                return before[1], before[1] + before[2]
        place = self._char(at)[0] if at < self.length else self._char(at - 1)[1] if at else 0
        return place, place

    def cut(self, start: int, end: int) -> list[Segment]:
        """Give the segments between two offsets."""
        pieces: list[Segment] = []
        index = max(0, bisect_right(self.starts, start) - 1)
        while index < len(self.segments) and self.starts[index] < end:
            length, origin, width, copied = self.segments[index]
            at = self.starts[index]
            low, high = max(start, at), min(end, at + length)
            if low < high:
                if copied:
                    pieces.append((high - low, origin + low - at, high - low, True))
                else:
                    pieces.append((high - low, origin, width, False))
            index += 1
        return pieces

    def _char(self, at: int) -> tuple[int, int]:
        index = bisect_right(self.starts, at) - 1
        _, origin, width, copied = self.segments[index]
        if copied:
            origin += at - self.starts[index]
            return origin, origin + 1
        return origin, origin + width


def join_segments(pieces: Iterable[Segment]) -> tuple[Segment, ...]:
    """Merge copied pieces that follow each other in both texts."""
    joined: list[Segment] = []
    for piece in pieces:
        if joined and piece[3] and joined[-1][3] and joined[-1][1] + joined[-1][2] == piece[1]:
            length, origin, width, _ = joined[-1]
            joined[-1] = (length + piece[0], origin, width + piece[2], True)
        else:
            joined.append(piece)
    return tuple(joined)


def join_texts(parts: Iterable[MappedText], separator: str) -> MappedText:
    """Join texts; a separator maps to what lies in the source between its neighbours."""
    texts: list[str] = []
    pieces: list[Segment] = []
    for part in parts:
        if not part.text:
            continue
        if texts:
            _, origin, width, _ = pieces[-1]
            between = origin + width
            width = max(0, part.segments[0][1] - between)
            pieces.append((len(separator), between, width, False))
            texts.append(separator)
        texts.append(part.text)
        pieces.extend(part.segments)
    return MappedText("".join(texts), join_segments(pieces))


def fold(text: str) -> str:
    """Fold white space to single spaces and drop soft hyphens, to compare with a source."""
    return re.sub(r"\s+", " ", text.replace(SOFT_HYPHEN, "")).strip()
