"""What stages hand to each other, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import InputError, RecordError
from pipeline.offsets import Segment
from pipeline.tables import write_beside

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned document.

    `text` is the body, paragraphs separated by one blank line. `segments` map it to the
    source file (see `pipeline.offsets`). `published` is an ISO 8601 date or empty.
    `duplicate_of` is the `doc_id` of the document that this one nearly repeats.
    """

    doc_id: str
    sha256: str
    title: str
    outlet: str
    published: str
    language: str
    words: int
    duplicate_of: str
    text: str
    segments: tuple[Segment, ...]
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or a reference in one document.

    `start` and `end` count code points of the source file, `begin` and `stop` those of the
    cleaned text, ends exclusive. `cluster` names the things of this document that the span
    stands for: one for a name, several for `the two sides`. `name` is the fullest form of the
    cluster in the document. `score` is in [0, 1].
    """

    mention_id: str
    doc_id: str
    start: int
    end: int
    begin: int
    stop: int
    text: str
    label: str
    kind: str
    cluster: tuple[str, ...]
    name: str
    country: str
    score: float


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement of one document between two mentions, with the sentence that says so.

    `head`, `tail` and the qualifiers are mention ids; a qualifier is empty where the text
    gives none. `start` and `end` bound the evidence in the source file. `attributed_to` are the
    mentions of those whose reported speech states it, none where the text itself does.
    """

    relation_id: str
    doc_id: str
    head: str
    relation: str
    tail: str
    status: str
    date: str
    document: str
    rating: str
    amount: str
    score: float
    source: str
    start: int
    end: int
    evidence: str
    attributed_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that was not read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkedMention:
    """A mention with the identifiers of its entities, joined by `+`."""

    mention: Mention
    entity_id: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing across documents; `first_seen` and `last_seen` are publication dates."""

    entity_id: str
    name: str
    label: str
    wikidata: str
    country: str
    aliases: tuple[str, ...]
    mentions: int
    documents: int
    first_seen: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A row of relations.csv: who does what with whom, when, whether, and who says so.

    `date` is ISO 8601 with the precision that the text gives; `start` and `end` bound the
    evidence in the source file. `attributed_to` are the names of those whose reported speech
    states it, `reference` the words through which an end was read, both joined by ` | `.
    """

    relation_id: str
    head_id: str
    head: str
    relation: str
    tail_id: str
    tail: str
    status: str
    date: str
    document: str
    rating: str
    amount: str
    score: float
    source: str
    doc_id: str
    start: int
    end: int
    evidence: str
    published: str
    symmetric: bool
    attributed_to: str = ""
    reference: str = ""


def make_key(*parts: object) -> str:
    """Name a thing by its parts, the same in every run: 16 hexadecimal digits."""
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def write_records(path: Path, records: Iterable[Any]) -> None:
    """Write dataclass records as JSON lines, in the order given."""
    with write_beside(path) as stream:
        for record in records:
            stream.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")


def read_records(path: Path, kind: type[R]) -> Iterator[R]:
    """Read records back.

    Raises:
        InputError: the file cannot be opened.
        RecordError: a line is no record of this kind.
    """
    adapter: TypeAdapter[R] = _adapter(kind)  # type: ignore[arg-type]
    try:
        stream = path.open(encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(
            f"{path}: cannot be opened ({error.strerror}). Run the stage that writes it first."
        ) from error
    with stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield adapter.validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                wanted = ", ".join(field.name for field in fields(kind))  # type: ignore[arg-type]
                raise RecordError(
                    f"{path}, line {number}: {place or 'the line'} {first['msg'].lower()}, "
                    f"expected a {kind.__name__} ({wanted}). Run the stage that writes it again."
                ) from error
