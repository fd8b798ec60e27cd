"""Paragraphs with their mentions, made ready for the relater's network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc
from transformers.tokenization_utils_base import PreTrainedTokenizerBase

from pipeline.components.pair_network import Window
from pipeline.schema import Schema

MAX_PIECES = 500  # of the 512 that the encoder takes, markers counted
PASS = 48  # pieces that the encoder reads in the time that another pass costs
MAX_PAIRS = 4000  # a paragraph that lists a hundred names is cut into stretches


@dataclass(frozen=True, slots=True)
class Row:
    """A mention as `doc._.mention_ids` has it; `start` and `end` count tokens.

    `score` is in [0, 1], and 1 where the row gives none.
    """

    start: int
    end: int
    label: str
    ids: tuple[str, ...]
    reference: bool
    score: float


@dataclass(slots=True)
class Passage:
    """A stretch of one paragraph with what the network sees of it.

    `entities` are the identifiers, `rows` the mentions in the order of the window's.
    """

    start: int
    end: int
    rows: list[Row]
    entities: list[str]
    window: Window


def paragraphs(doc: Doc) -> Iterator[tuple[int, int]]:
    """Give first and last token of each paragraph, blank lines left out."""
    start = 0
    for token in doc:
        if token.is_space and "\n\n" in token.text:
            if token.i > start:
                yield start, token.i
            start = token.i + 1
    if start < len(doc):
        yield start, len(doc)


def rows_of(doc: Doc, reference: str) -> list[Row]:
    """Give the mentions of a Doc; a reference has the label of what it points at."""
    rows = doc._.mention_ids or []
    labels = {ids[0]: label for _, _, label, ids, *_ in rows if label != reference}
    found = []
    for start, end, label, ids, *score in rows:
        own = labels.get(ids[0], "") if label == reference else label
        if own:
            found.append(Row(start, end, own, tuple(ids), label == reference, *(score or [1.0])))
    return found


def passages(
    doc: Doc, schema: Schema, tokenizer: PreTrainedTokenizerBase, labels: Sequence[str]
) -> Iterator[Passage]:
    """Give the passages of a Doc that hold a pair which the schema allows."""
    mentions = rows_of(doc, schema.reference)
    for start, end in paragraphs(doc):
        inside = [row for row in mentions if start <= row.start and row.end <= end]
        yield from _stretch(doc, start, end, inside, schema, tokenizer, labels)


def _stretch(
    doc: Doc,
    start: int,
    end: int,
    rows: list[Row],
    schema: Schema,
    tokenizer: PreTrainedTokenizerBase,
    labels: Sequence[str],
) -> Iterator[Passage]:
    """Make one passage, or two halves that overlap by a third where it is too long."""
    if len({i for row in rows for i in row.ids}) < 2:
        return
    words = [doc[i].text if not doc[i].is_space else "," for i in range(start, end)]
    per_word = pieces_of_words(tokenizer, words)
    passage = _passage(start, end, rows, per_word, schema, tokenizer, labels)
    size = sum(len(pieces) for pieces in per_word) + 2 * len(rows)
    too_long = size > MAX_PIECES or len(passage.window.pairs) > MAX_PAIRS
    if too_long and end - start > 20:
        third = (end - start) // 3
        for low, high in ((start, end - third), (start + third, end)):
            inside = [row for row in rows if low <= row.start and row.end <= high]
            yield from _stretch(doc, low, high, inside, schema, tokenizer, labels)
    elif passage.window.pairs:
        yield passage


def pieces_of_words(tokenizer: PreTrainedTokenizerBase, words: list[str]) -> list[list[int]]:
    """Give the ids of each word's pieces."""
    coded = tokenizer(words, is_split_into_words=True, add_special_tokens=False, verbose=False)
    pieces: list[list[int]] = [[] for _ in words]
    for piece, word in zip(coded.input_ids, coded.word_ids(), strict=True):
        pieces[word].append(piece)
    return pieces


def _passage(
    start: int,
    end: int,
    rows: list[Row],
    per_word: list[list[int]],
    schema: Schema,
    tokenizer: PreTrainedTokenizerBase,
    labels: Sequence[str],
) -> Passage:
    pieces = [int(tokenizer.cls_token_id)]
    markers = [0]
    opens = {row.start: row for row in rows}
    closes = {row.end - 1: row for row in rows}
    mentions: list[tuple[int, int, bool]] = []
    n = len(labels)
    for at in range(start, end):
        if at in opens:
            row = opens[at]
            kind = labels.index(row.label) + (n if row.reference else 0)
            mentions.append((len(pieces), labels.index(row.label), row.reference))
            pieces.append(0)
            markers.append(1 + kind)
        pieces.extend(per_word[at - start])
        markers.extend([0] * len(per_word[at - start]))
        if at in closes:
            row = closes[at]
            kind = labels.index(row.label) + (n if row.reference else 0)
            pieces.append(0)
            markers.append(1 + 2 * n + kind)
    pieces.append(int(tokenizer.sep_token_id))
    markers.append(0)
    entities = list(dict.fromkeys(i for row in rows for i in row.ids))
    members = [[k for k, row in enumerate(rows) if entity in row.ids] for entity in entities]
    of_label = [rows[m[0]].label for m in members]
    pairs = []
    for head, head_label in enumerate(of_label):
        for tail, tail_label in enumerate(of_label):
            if head != tail and _may_pair(schema, head_label, tail_label):
                pairs.append((head, tail, _distance(rows, members[head], members[tail])))
    wanted = set(schema.qualifiers.values())
    qualifiers = [k for k, row in enumerate(rows) if row.label in wanted]
    window = Window(pieces, markers, mentions, members, pairs, qualifiers)
    return Passage(start, end, rows, entities, window)


def _may_pair(schema: Schema, head: str, tail: str) -> bool:
    return any(head in kind.head and tail in kind.tail for kind in schema.relations.values())


def _distance(rows: list[Row], heads: list[int], tails: list[int]) -> int:
    """Give the words between the nearest mentions of two entities, negative if tail comes first."""
    found = [
        (rows[t].start - rows[h].end + 1)
        if rows[t].start >= rows[h].end
        else -(rows[h].start - rows[t].end + 1)
        for h in heads
        for t in tails
        if h != t
    ]
    return min(found, key=abs) if found else 0


def batches(items: list[Passage], size: int) -> Iterator[list[int]]:
    """Give indexes of passages in batches of like length, at most `size` pieces with padding.

    A longer passage begins a batch of its own where the others would be padded by more pieces
    than another pass of the encoder costs.
    """
    order = sorted(range(len(items)), key=lambda i: (len(items[i].window.pieces), i))
    batch: list[int] = []
    longest = 0
    for index in order:
        length = len(items[index].window.pieces)
        padding = (length - longest) * len(batch)
        if batch and (length * (len(batch) + 1) > size or padding > PASS):
            yield batch
            batch = []
        batch.append(index)
        longest = length
    if batch:
        yield batch
