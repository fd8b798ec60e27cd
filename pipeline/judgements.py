"""What people decided about entities: the rows of judgements.csv, read, checked and added to."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar

import networkx as nx

from pipeline.errors import KnowledgeError
from pipeline.params import project_path
from pipeline.schema import load_schema
from pipeline.tables import Table, escape_cell, read_table, write_beside
from pipeline.text import normalise

FILE = "judgements.csv"
SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
WORDS = (SAME, DIFFERENT, UNSURE)
JUDGEMENTS = Table(
    "judgements", ("left", "right", "judgement", "who", "when", "why"), ("left", "right")
)
ENTITY_ID = r"Q\d+|[a-z0-9]+(?:-[a-z0-9]+)*-[0-9a-f]{8}"

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Term:
    """One side of a judgement: an entity, a name under it (`id#name`), or a name alone.

    `entity_id` is empty for a name alone, `name` for an entity as a whole; `label` narrows a
    name down (`Convention (DOCUMENT)`). Terms that name one thing in two spellings are equal
    in `key`.
    """

    text: str
    entity_id: str
    name: str
    label: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells terms apart."""
        return self.entity_id, normalise(self.name) or self.name, self.label


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row of judgements.csv; `row` counts from 2, as the spreadsheet does."""

    row: int
    left: Term
    right: Term
    judgement: str
    who: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Judgements:
    """All rows of one file, in its order."""

    path: Path
    rows: tuple[Judgement, ...]


def read_term(text: str) -> Term:
    """Read `Q881`, `Q881#Hanoi`, `Convention (DOCUMENT)` or a plain name."""
    if match := re.fullmatch(rf"({ENTITY_ID})(?:#(.+))?", text):
        return Term(text, match[1], (match[2] or "").strip(), "")
    match = re.fullmatch(r"(.+?)\s*\(([A-Z]+)\)", text)
    if match and match[2] in load_schema().labels:
        return Term(text, "", match[1], match[2])
    return Term(text, "", text, "")


def load_judgements(folder: Path | None = None) -> Judgements:
    """Read the judgements of a knowledge folder, by default the project's own.

    A folder without the file has none.

    Raises:
        InputError, RecordError: the file is no table of judgements.
        KnowledgeError: a row cannot be read, or rows contradict each other.
    """
    path = (folder or project_path("seeds/knowledge")) / FILE
    if not path.exists():
        return Judgements(path, ())
    cells = enumerate(read_table(path, JUDGEMENTS), start=2)
    rows = tuple(_judgement(path, number, row) for number, row in cells if any(row.values()))
    Ties(path, [(row, row.left.key, row.right.key) for row in rows], "#".join)
    return Judgements(path, rows)


def _judgement(path: Path, number: int, row: dict[str, str]) -> Judgement:
    values = {name: " ".join(cell.split()) for name, cell in row.items()}
    where = f"{path}, row {number}"
    word = values["judgement"].casefold()
    if word not in WORDS:
        raise KnowledgeError(
            f"{where}: the judgement is {values['judgement']!r}, expected one of "
            f"{', '.join(WORDS)}. Correct the word."
        )
    for side in ("left", "right"):
        if not values[side]:
            raise KnowledgeError(
                f"{where}: {side} is empty, expected an entity_id of entities.csv, an "
                f"entity_id#name, or a name. Fill the cell, or delete the row."
            )
    if values["when"] and not _is_day(values["when"]):
        raise KnowledgeError(
            f"{where}: when is {values['when']!r}, expected a day as in 2025-03-31, or nothing. "
            f"Write it so, and format the column as text in your spreadsheet."
        )
    left, right = read_term(values["left"]), read_term(values["right"])
    if left.key == right.key:
        raise KnowledgeError(
            f"{where}: left and right are both {left.text!r}, expected two things. Write "
            f"entity_id#name for a name that is not the entity, or delete the row."
        )
    return Judgement(number, left, right, word, values["who"], values["when"], values["why"])


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Ties(Generic[N]):
    """What a set of judgements makes of things: `same` is carried on, `different` holds it back.

    Raises:
        KnowledgeError: `different` stands between two things that `same` joins, directly or
            over others; the message names all rows of the chain.
    """

    def __init__(
        self,
        path: Path,
        judged: Sequence[tuple[Judgement, N, N]],
        show: Callable[[N], str],
    ) -> None:
        self._graph: nx.Graph[N] = nx.Graph()
        for judgement, left, right in judged:
            self._graph.add_nodes_from((left, right))
            if judgement.judgement == SAME and not self._graph.has_edge(left, right):
                self._graph.add_edge(left, right, row=judgement.row)
        self.groups: list[set[N]] = list(nx.connected_components(self._graph))
        self._group = {node: number for number, group in enumerate(self.groups) for node in group}
        self._apart: set[frozenset[int]] = set()
        self._unsure: set[frozenset[N]] = set()
        for judgement, left, right in judged:
            if judgement.judgement == UNSURE:
                self._unsure.add(frozenset((left, right)))
            elif judgement.judgement == DIFFERENT:
                if self.group(left) == self.group(right) and left != right:
                    raise KnowledgeError(self._contradiction(path, judgement, left, right, show))
                self._apart.add(frozenset((self._group[left], self._group[right])))

    def group(self, node: N) -> frozenset[N]:
        """Give all that is the same as a thing, itself included."""
        if node not in self._group:
            return frozenset((node,))
        return frozenset(self.groups[self._group[node]])

    def decided(self, left: N, right: N) -> bool:
        """Tell whether the judgements answer, or left open on purpose, if two things are one."""
        if frozenset((left, right)) in self._unsure:
            return True
        if left not in self._group or right not in self._group:
            return False
        numbers = frozenset((self._group[left], self._group[right]))
        return len(numbers) == 1 or numbers in self._apart

    def _contradiction(
        self, path: Path, judgement: Judgement, left: N, right: N, show: Callable[[N], str]
    ) -> str:
        chain = nx.shortest_path(self._graph, left, right)
        rows = [self._graph.edges[pair]["row"] for pair in pairwise(chain)]
        names = " = ".join(repr(show(node).strip("#")) for node in chain)
        return (
            f"{path}, rows {_listed(sorted({*rows, judgement.row}))}: "
            f"row {judgement.row} says that {show(left).strip('#')!r} and "
            f"{show(right).strip('#')!r} are different, but "
            f"{'row' if len(rows) == 1 else 'rows'} {_listed(rows)} "
            f"{'makes' if len(rows) == 1 else 'make'} them the same ({names}), and only one can "
            f"hold. Correct or delete one of these rows."
        )


def _listed(rows: Iterable[int]) -> str:
    *front, last = map(str, rows)
    return f"{', '.join(front)} and {last}" if front else last


def add_judgement(path: Path, row: dict[str, str]) -> str:
    """Append a row to the file, all the rest of it left as it is, and give what it held before.

    Raises:
        InputError: the file cannot be written.
    """
    content = path.read_bytes().decode("utf-8") if path.exists() else ""
    ends = "\r\n" if "\r\n" in content or not content else "\n"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=ends)
    if not content:
        # With the mark a spreadsheet takes the file for UTF-8, and names keep their letters.
        buffer.write("\ufeff")
        writer.writerow(JUDGEMENTS.columns)
    elif not content.endswith("\n"):
        buffer.write(ends)
    writer.writerow([escape_cell(row.get(name, "")) for name in JUDGEMENTS.columns])
    write_judgements(path, content + buffer.getvalue())
    return content


def write_judgements(path: Path, content: str) -> None:
    """Write the file's content as it is, all of it or nothing."""
    with write_beside(path) as stream:
        stream.write(content)
