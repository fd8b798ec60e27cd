"""The inline form of annotated texts.

Mentions are marked `[[text|LABEL|id]]`; under a paragraph stand its relations, `>> head relation
tail`; at the end stand names, `== id | canonical name | Q881`.

Taking the marks and the `>>` and `==` lines away gives the text back, character for
character. A text that holds such marks of its own has them escaped with a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import MarkupError

MARK = re.compile(
    r"\[\[(?!\[)((?:\\.|(?!\[\[|\]\])[^\\])*?)\|([^|\[\]]*)\|([^|\[\]]*)\]\]", re.DOTALL
)
ESCAPED = re.compile(r"\\([\\\[\]>=])")
NEEDS_ESCAPE = re.compile(r"\\|\[{2,}|\]{2,}|^[\[\]]|[\[\]]$")
RELATION = re.compile(r">>\s*(\S+)\s+(\S+)\s+(\S+)\s*((?:\|[^|]*)*)$")
NAME = re.compile(r"==\s*([^|\s]+)\s*\|\s*([^|]*?)\s*\|\s*([^|]*?)\s*$")


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A marked span; `ids` has several parts for a reference to several things.

    `start` and `end` count code points of the plain text, `line` lines of the annotated file.
    """

    start: int
    end: int
    text: str
    label: str
    ids: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """A statement between two identifiers; `start` and `end` bound its paragraph."""

    head: str
    relation: str
    tail: str
    status: str
    qualifiers: tuple[tuple[str, str], ...]
    start: int
    end: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class GoldName:
    """What an identifier stands for in the world: canonical name and Wikidata item."""

    id: str
    name: str
    wikidata: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class GoldText:
    """An annotated document; paragraphs are runs of lines that are not blank."""

    text: str
    mentions: tuple[GoldMention, ...] = ()
    relations: tuple[GoldRelation, ...] = ()
    names: tuple[GoldName, ...] = ()

    def label_of(self) -> dict[str, str]:
        """Map each identifier to the label of its first name in the text."""
        labels: dict[str, str] = {}
        for mention in self.mentions:
            if len(mention.ids) == 1 and mention.label != "REF":
                labels.setdefault(mention.ids[0], mention.label)
        return labels


@dataclass(slots=True)
class _Reader:
    source: str
    text: list[str] = field(default_factory=list)
    length: int = 0
    mentions: list[GoldMention] = field(default_factory=list)
    relations: list[GoldRelation] = field(default_factory=list)
    names: list[GoldName] = field(default_factory=list)
    paragraph: tuple[int, int] | None = None
    open: bool = False

    def fail(self, line: int, what: str, how: str) -> MarkupError:
        return MarkupError(f"{self.source}, line {line}: {what}. {how}")

    def add(self, piece: str) -> None:
        self.text.append(piece)
        self.length += len(piece)


def read_markup(annotated: str, source: str = "text") -> GoldText:
    """Read an annotated text; `source` names it in errors.

    Raises:
        MarkupError: marks are unbalanced, or a `>>` or `==` line has the wrong form.
    """
    reader = _Reader(source)
    for number, line in enumerate(annotated.splitlines(keepends=True), start=1):
        if line.startswith(">>"):
            _read_relation(reader, line, number)
        elif line.startswith("=="):
            _read_name(reader, line, number)
        else:
            _read_text(reader, line, number)
    return GoldText(
        "".join(reader.text),
        tuple(reader.mentions),
        tuple(reader.relations),
        tuple(reader.names),
    )


def _read_text(reader: _Reader, line: str, number: int) -> None:
    if not line.strip():
        reader.open = False
    begin, at = reader.length, 0
    for mark in MARK.finditer(line):
        reader.add(_plain(reader, line[at : mark.start()], number))
        surface = _unescape(mark[1])
        label, ids = mark[2].strip(), tuple(part.strip() for part in mark[3].split("+"))
        if not surface or not label or not all(ids):
            raise reader.fail(
                number, f"the mark {mark[0]!r} lacks a part", "Write [[text|LABEL|id]]"
            )
        start = reader.length
        reader.add(surface)
        reader.mentions.append(GoldMention(start, reader.length, surface, label, ids, number))
        at = mark.end()
    reader.add(_plain(reader, line[at:], number))
    if line.strip():
        first = reader.paragraph[0] if reader.open and reader.paragraph else begin
        reader.paragraph, reader.open = (first, reader.length), True


def _plain(reader: _Reader, piece: str, number: int) -> str:
    bare = ESCAPED.sub(" ", piece)
    for mark, other in (("[[", "]]"), ("]]", "[[")):
        if mark in bare:
            near = bare[max(0, bare.index(mark) - 20) : bare.index(mark) + 30].strip()
            raise reader.fail(
                number,
                f"{mark} without its {other}, or a mark without its three parts, near {near!r}",
                r"Write [[text|LABEL|id]], on one line and never nested; a real [[ is \[\[",
            )
    return _unescape(piece)


def _read_relation(reader: _Reader, line: str, number: int) -> None:
    match = RELATION.match(line.rstrip())
    if not match:
        raise reader.fail(
            number,
            f"{line.strip()!r} is no relation line",
            "Write `>> head relation tail` or `>> head relation tail | date=d1 | status=planned`",
        )
    if reader.paragraph is None:
        raise reader.fail(
            number,
            "a relation stands before any text",
            "Move it under the paragraph that states it",
        )
    reader.open = False
    status, qualifiers = "actual", []
    for part in match[4].split("|")[1:]:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not key or not value:
            raise reader.fail(number, f"{part.strip()!r} is no `name=value`", "Write `| date=d1`")
        if key == "status":
            status = value
        else:
            qualifiers.append((key, value))
    start, end = reader.paragraph
    reader.relations.append(
        GoldRelation(
            match[1], match[2], match[3], status, tuple(sorted(qualifiers)), start, end, number
        )
    )


def _read_name(reader: _Reader, line: str, number: int) -> None:
    match = NAME.match(line.rstrip())
    if not match:
        raise reader.fail(
            number, f"{line.strip()!r} is no name line", "Write `== id | canonical name | Q123`"
        )
    reader.names.append(GoldName(match[1], match[2], match[3], number))


def write_markup(gold: GoldText) -> str:
    """Write the inline form; `read_markup` gives the same text, mentions and relations back.

    Relations and names need a line of their own, so a text that does not end with one gets it.

    Raises:
        MarkupError: mentions overlap or cross a line, or no line ends where a relation stands.
    """
    relations = sorted(gold.relations, key=lambda relation: relation.end)
    mentions = sorted(gold.mentions, key=lambda mention: (mention.start, mention.end))
    _check_spans(gold.text, mentions)
    parts: list[str] = []
    begin = taken = 0
    for line in gold.text.splitlines(keepends=True):
        end = begin + len(line)
        inside = [m for m in mentions if begin <= m.start < end]
        parts.append(_marked(line, begin, inside))
        mentions = mentions[len(inside) :]
        while taken < len(relations) and relations[taken].end <= end:
            if not parts[-1].endswith(("\n", "\r")):
                parts.append("\n")
            parts.append(relation_line(relations[taken]) + "\n")
            taken += 1
        begin = end
    if gold.names and parts and not parts[-1].endswith(("\n", "\r")):
        parts.append("\n")
    parts.extend(
        f"== {name.id} | {name.name} | {name.wikidata}".rstrip() + "\n" for name in gold.names
    )
    return "".join(parts)


def relation_line(relation: GoldRelation) -> str:
    """Write one `>>` line, without its line end."""
    extras = [f"{key}={value}" for key, value in relation.qualifiers]
    if relation.status != "actual":
        extras.append(f"status={relation.status}")
    return " | ".join([f">> {relation.head} {relation.relation} {relation.tail}", *extras])


def _check_spans(text: str, mentions: Iterable[GoldMention]) -> None:
    reached = 0
    for mention in mentions:
        if mention.start < reached or not mention.start < mention.end <= len(text):
            raise MarkupError(
                f"mention {mention.text!r} at {mention.start}-{mention.end} overlaps another or "
                f"leaves the text of {len(text)} characters. Mentions never overlap: keep the "
                f"longer."
            )
        if len(text[mention.start : mention.end].splitlines()) > 1:
            raise MarkupError(
                f"mention {mention.text!r} at {mention.start} runs over a line end. "
                f"Undo hard wraps before you annotate."
            )
        reached = mention.end


def _marked(line: str, begin: int, mentions: list[GoldMention]) -> str:
    pieces, at = [], 0
    for mention in mentions:
        start, end = mention.start - begin, mention.end - begin
        pieces.append(_escape(line[at:start]))
        pieces.append(f"[[{_escape(line[start:end])}|{mention.label}|{'+'.join(mention.ids)}]]")
        at = end
    pieces.append(_escape(line[at:]))
    marked = "".join(pieces)
    return f"\\{marked}" if marked.startswith((">>", "==")) else marked


def _escape(text: str) -> str:
    """Escape backslashes, doubled brackets, and brackets that would touch a mark."""
    return NEEDS_ESCAPE.sub(lambda found: "".join(f"\\{char}" for char in found[0]), text)


def _unescape(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def gold_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Give the annotated files below the paths, sorted; a file that is named is always given."""
    found: set[Path] = set()
    for path in paths:
        found.update(path.rglob("*.ann") if path.is_dir() else [path])
    yield from sorted(found)
