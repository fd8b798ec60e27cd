"""A text with typed markers around its names and references, as the pointer's network reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from spacy.tokens import Doc
from transformers.tokenization_utils_base import PreTrainedTokenizerBase

from pipeline.components.windows import pieces_of_words

WINDOW = 480  # pieces and markers that the encoder reads at once, of the 512 that it takes
OVERLAP = 120  # of them that two neighbours share


@dataclass(frozen=True, slots=True)
class Mark:
    """A name or a reference: `start` and `end` count tokens, `label` numbers its kind."""

    start: int
    end: int
    label: int


@dataclass(slots=True)
class MarkedText:
    """A text ready for the network.

    `pieces` are word piece ids, 0 where a marker stands; `markers` are marker numbers plus one,
    0 where a word piece stands. For each mark: the places of its two markers, its label's
    number, its first token and the number of its paragraph.
    """

    pieces: list[int]
    markers: list[int]
    starts: list[int]
    ends: list[int]
    labels: list[int]
    tokens: list[int]
    paragraphs: list[int]

    def windows(self) -> list[tuple[int, int]]:
        """Give windows of WINDOW places, the last as long as the text is; neighbours overlap."""
        size = len(self.pieces)
        begins = range(0, max(1, size - OVERLAP), WINDOW - OVERLAP)
        return [(begin, min(size, begin + WINDOW)) for begin in begins]


def mark_text(
    doc: Doc, marks: Sequence[Mark], tokenizer: PreTrainedTokenizerBase, n_labels: int
) -> MarkedText:
    """Put markers around the marks of a Doc, which come in order and share no token."""
    per_token = pieces_of_words(tokenizer, ["," if token.is_space else token.text for token in doc])
    breaks = list(accumulate(int("\n\n" in token.text) for token in doc))
    text = MarkedText([], [], [], [], [], [], [])
    at = 0
    for mark in marks:
        _take(text, per_token[at : mark.start])
        text.starts.append(_place(text, mark.label))
        _take(text, per_token[mark.start : mark.end])
        text.ends.append(_place(text, n_labels + mark.label))
        text.labels.append(mark.label)
        text.tokens.append(mark.start)
        text.paragraphs.append(breaks[mark.start])
        at = mark.end
    _take(text, per_token[at:])
    return text


def _take(text: MarkedText, words: Sequence[Sequence[int]]) -> None:
    for pieces in words:
        text.pieces.extend(pieces)
        text.markers.extend([0] * len(pieces))


def _place(text: MarkedText, marker: int) -> int:
    text.pieces.append(0)
    text.markers.append(marker + 1)
    return len(text.pieces) - 1
