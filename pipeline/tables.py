"""The tables that users open: fixed columns, UTF-8 with a byte-order mark, RFC 4180."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pandas as pd

from pipeline.errors import InputError, RecordError

# Spreadsheets run cells that begin so; a cell that begins with apostrophes before one of
# these gets one more, so that every escaped cell reads back as it was.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns in order, and those that make a row's key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def _table(name: str, columns: str, key: str) -> Table:
    return Table(name, tuple(columns.split()), tuple(key.split()))


DOCUMENTS = _table(
    "documents", "doc_id sha256 title outlet published language words duplicate_of", "doc_id"
)
MENTIONS = _table(
    "mentions", "mention_id doc_id start end text label kind entity_id score", "doc_id start end"
)
ENTITIES = _table(
    "entities",
    "entity_id name label wikidata country aliases mentions documents first_seen last_seen",
    "entity_id",
)
RELATIONS = _table(
    "relations",
    "relation_id head_id head relation tail_id tail reference status attributed_to date document "
    "rating amount score source doc_id start end evidence published",
    "doc_id start end relation head_id tail_id relation_id",
)
EDGES = _table(
    "edges",
    "head_id head relation tail_id tail statements documents first_date last_date best_score "
    "rating first_seen last_seen",
    "head_id relation tail_id rating",
)
REJECTED = _table("rejected", "path reason", "path")
DROPPED = _table("dropped", "doc_id start end reason text", "doc_id start end")
REVIEW = _table(
    "review", "kind entity_id entity label names score documents", "kind score entity_id"
)
SUCCESSIONS = _table(
    "successions",
    "entity_id entity until successor_id successor documents_after",
    "entity_id until successor_id",
)
TALLY = _table("tally", "stage unit outcome count", "stage unit outcome")

INTEGERS = frozenset(
    {"start", "end", "words", "mentions", "documents", "statements", "count", "documents_after"}
)
FLOATS = frozenset({"score", "best_score"})

Row = Mapping[str, object]


@contextmanager
def write_beside(path: Path) -> Iterator[TextIO]:
    """Open a text file that takes the place of `path` only when all of it is written.

    Raises:
        InputError: the folder cannot be made or written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}). Choose a folder that you may write to."
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written ({error.strerror}). Close programs that hold it open, "
            f"or free disk space."
        ) from error
    finally:
        Path(beside).unlink(missing_ok=True)


def write_table(path: Path, rows: Iterable[Row], table: Table) -> None:
    """Write rows sorted by the table's key; None and missing values are empty cells.

    Raises:
        RecordError: a row has a column that the table does not know.
    """
    cells = [_cells(row, table, path) for row in rows]
    numbers = [table.columns.index(name) for name in table.key]
    ordered = sorted(cells, key=lambda row: [_sortable(row[number]) for number in numbers])
    with write_beside(path) as stream:
        stream.write("\ufeff")
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(table.columns)
        writer.writerows([escape_cell(cell) for cell in row] for row in ordered)


def _cells(row: Row, table: Table, path: Path) -> list[str]:
    if unknown := sorted(set(row) - set(table.columns)):
        raise RecordError(
            f"{path}: a row has the columns {', '.join(unknown)}, which {table.name} lacks. "
            f"It has {', '.join(table.columns)}; add the new ones to pipeline/tables.py."
        )
    return ["" if (value := row.get(name)) is None else str(value) for name in table.columns]


def _sortable(cell: str) -> tuple[int, int, str]:
    return (0, int(cell), "") if cell.isdecimal() else (1, 0, cell)


def read_table(path: Path, table: Table) -> list[dict[str, str]]:
    """Read a table back as text cells, with the formula escapes taken away.

    Raises:
        InputError: the file cannot be opened or is not UTF-8.
        RecordError: the header or a row does not have the table's columns.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot be read as UTF-8 ({error}). Save it as CSV UTF-8."
        ) from error
    reader = csv.reader(io.StringIO(content, newline=""))
    header = next(reader, [])
    if tuple(header) != table.columns:
        raise RecordError(
            f"{path}, row 1: found the columns {', '.join(header)}, expected "
            f"{', '.join(table.columns)}. Restore the header."
        )
    rows = []
    for number, row in enumerate(reader, start=2):
        if not row:  # the empty line that an editor leaves at the end
            continue
        if len(row) != len(table.columns):
            raise RecordError(
                f"{path}, row {number}: found {len(row)} cells, expected {len(table.columns)}. "
                f"Quote cells that hold commas."
            )
        rows.append(dict(zip(table.columns, map(unescape_cell, row), strict=True)))
    return rows


def read_frame(path: Path, table: Table) -> pd.DataFrame:
    """Read a table as a DataFrame: counts and offsets as integers, scores as floats.

    Other columns are text, empty for unknown. Raises what `read_table` raises.
    """
    frame = pd.DataFrame(read_table(path, table), columns=list(table.columns))
    for name in frame.columns:
        if name in INTEGERS:
            frame[name] = pd.to_numeric(frame[name], downcast="integer")
        elif name in FLOATS:
            frame[name] = pd.to_numeric(frame[name]).astype(float)
    return frame


def escape_cell(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unescape_cell(cell: str) -> str:
    """Undo `escape_cell`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
