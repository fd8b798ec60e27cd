"""The corpus of annotated texts: which files there are, what is known of each, its part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.check import check_file
from pipeline.errors import InputError, RecordError
from pipeline.markup import GoldText, gold_files, read_markup
from pipeline.offsets import MappedText
from pipeline.records import Document
from pipeline.schema import Schema
from pipeline.tables import Table, read_table, write_table

PARTS = ("train", "dev", "test", "transfer")
SHARES = {"dev": 0.15, "test": 0.15}
DOCUMENTS = Table(
    "documents", ("doc_id", "genre", "published", "countries", "subject", "part"), ("doc_id",)
)


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """An annotated document: `published` is ISO 8601, `countries` are alpha-2 codes."""

    doc_id: str
    genre: str
    published: str
    countries: tuple[str, ...]
    subject: str
    part: str
    gold: GoldText


def read_corpus(folder: Path, schema: Schema) -> list[GoldDocument]:
    """Read all annotated files below a folder, sorted by identifier.

    What is known of a document stands in `documents.csv`. One that is not listed there is
    training material, and its genre is the name of its folder: that is how users add theirs.

    Raises:
        InputError: a file has errors; `pactgraph check` lists them all.
        RecordError: `documents.csv` names a part or a document that does not exist.
    """
    known = {row["doc_id"]: row for row in listed(folder)}
    documents = []
    for path in gold_files([folder]):
        problems = [p for p in check_file(path, schema) if p.severity == "error"]
        if problems:
            raise InputError(
                f"{problems[0]} {len(problems)} errors in this file. Mend them; "
                f"`pactgraph check {folder}` lists all."
            )
        row = known.pop(path.stem, {})
        documents.append(
            GoldDocument(
                doc_id=path.stem,
                genre=row.get("genre") or path.parent.name,
                published=row.get("published", ""),
                countries=tuple(row.get("countries", "").split()),
                subject=row.get("subject", ""),
                part=row.get("part") or "train",
                gold=read_markup(path.read_text(encoding="utf-8"), str(path)),
            )
        )
    if known:
        raise RecordError(
            f"{folder / 'documents.csv'}: {', '.join(sorted(known)[:3])} has no .ann file below "
            f"{folder}. Remove the row, or add the file."
        )
    if unknown := {document.part for document in documents} - set(PARTS):
        raise RecordError(
            f"{folder / 'documents.csv'}: part {', '.join(sorted(unknown))} is not one of "
            f"{', '.join(PARTS)}. Correct it, or leave it empty for train."
        )
    return sorted(documents, key=lambda document: document.doc_id)


def as_document(gold: GoldDocument) -> Document:
    """Give the plain text of an annotated document as a cleaned one, mapped to itself."""
    text = gold.gold.text
    return Document(
        gold.doc_id, "", "", "", gold.published, "en", len(text.split()), "", text,
        MappedText.of_source(text).segments, {},
    )  # fmt: skip


def listed(folder: Path) -> list[dict[str, str]]:
    """Read `documents.csv`, where there is one."""
    path = folder / "documents.csv"
    return read_table(path, DOCUMENTS) if path.exists() else []


def assign_parts(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Give a part to every row without one; rows that have one keep it.

    Within a genre, documents come in the order of a hash of their names, and each goes to the
    part that is furthest below its share: 15 % dev, 15 % test, the rest train.
    """
    done = [dict(row) for row in rows]
    by_genre: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in done:
        by_genre[row["genre"]].append(row)
    for genre in sorted(by_genre):
        inside = [row for row in by_genre[genre] if row["part"] != "transfer"]
        new = sorted(
            (row for row in inside if not row["part"]), key=lambda row: _order(row["doc_id"])
        )
        for row in new:
            counts = {part: sum(r["part"] == part for r in inside) for part in SHARES}
            total = sum(bool(r["part"]) for r in inside) + 1
            short = {part: share * total - counts[part] for part, share in SHARES.items()}
            part = max(short, key=lambda name: (short[name], name))
            row["part"] = part if short[part] >= 0.5 else "train"
    return done


def _order(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def write_listing(folder: Path, rows: Iterable[dict[str, str]]) -> None:
    """Write `documents.csv`."""
    write_table(folder / "documents.csv", rows, DOCUMENTS)
