"""What `pactgraph judge` does: show doubtful pairs of a finished run and keep the answers."""

from __future__ import annotations

import getpass
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from pipeline.doubtful import Pair, Thing, doubtful_pairs
from pipeline.errors import InputError
from pipeline.judged_links import Bearers, Node
from pipeline.judgements import (
    DIFFERENT,
    FILE,
    SAME,
    UNSURE,
    Judgement,
    Judgements,
    Term,
    Ties,
    add_judgement,
    load_judgements,
    read_term,
    write_judgements,
)
from pipeline.knowledge import load_knowledge
from pipeline.tables import ENTITIES, MENTIONS, RELATIONS, read_table
from pipeline.text import normalise

KEYS = {"s": SAME, "d": DIFFERENT, "u": UNSURE}
QUESTION = "[s]ame, [d]ifferent, [u]nsure, Enter to skip, [b]ack, [q]uit"
EVIDENCE = 2  # sentences a side
WIDE = 220  # characters of a line where no terminal says how many it has

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Results:
    """A finished run: its entities, and the sentences of each, best first."""

    things: list[Thing]
    evidence: dict[str, list[tuple[str, str]]]


def read_results(folder: Path) -> Results:
    """Read the tables below a folder that `dvc repro` or `pactgraph run` wrote.

    Raises:
        InputError: there are no tables.
    """
    tables = folder / "tables" if (folder / "tables").is_dir() else folder
    if not (tables / "entities.csv").is_file():
        raise InputError(
            f"{folder}: holds no tables/entities.csv. Name a folder that `pactgraph run` or "
            f"stage export wrote."
        )
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    documents: dict[str, set[str]] = defaultdict(set)
    for row in read_table(tables / "mentions.csv", MENTIONS):
        for entity_id in row["entity_id"].split("+"):
            documents[entity_id].add(row["doc_id"])
            if row["kind"] == "name":
                forms[entity_id][" ".join(row["text"].split())] += 1
    statements: Counter[str] = Counter()
    evidence: dict[str, list[tuple[float, str, int, str]]] = defaultdict(list)
    for row in read_table(tables / "relations.csv", RELATIONS):
        for entity_id in (row["head_id"], row["tail_id"]):
            statements[entity_id] += 1
            found = (-float(row["score"]), row["doc_id"], int(row["start"]), row["evidence"])
            evidence[entity_id].append(found)
    things = [
        Thing(
            entity_id=row["entity_id"],
            name=row["name"],
            label=row["label"],
            wikidata=row["wikidata"],
            country=row["country"],
            aliases=tuple(filter(None, row["aliases"].split(" | "))),
            mentions=int(row["mentions"]),
            statements=statements[row["entity_id"]],
            documents=frozenset(documents[row["entity_id"]]),
            forms=dict(forms[row["entity_id"]]),
        )
        for row in read_table(tables / "entities.csv", ENTITIES)
    ]
    sentences = {
        entity_id: list(dict.fromkeys((doc_id, text) for _, doc_id, _, text in sorted(found)))
        for entity_id, found in evidence.items()
    }
    return Results(things, sentences)


def make_console() -> Console:
    """Make the console: as wide as the terminal, or wide enough for whole identifiers."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    return console


def login_name() -> str:
    """Give the name of who is logged in.

    Raises:
        InputError: the system does not know it.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError) as error:
        raise InputError(
            "your login name is not known to the system. Say who judges with --who NAME."
        ) from error


def ask(question: str) -> str:
    """Ask on the terminal; the end of the input, or an interruption, is an EOFError."""
    try:
        answer: str = typer.prompt(question, default="", show_default=False)
    except typer.Abort as error:
        raise EOFError from error
    return answer


class Judged:
    """What is judged so far, in terms of the entities of a run."""

    def __init__(self, judgements: Judgements, things: Sequence[Thing]) -> None:
        self.path = judgements.path
        self._bearers = Bearers((t.entity_id, t.label, t.name, t.aliases) for t in things)
        self.rows = list(judgements.rows)
        self._tie()

    def _tie(self) -> None:
        parts = [
            Node(term.entity_id, normalise(term.name))
            for row in self.rows
            for term in (row.left, row.right)
            if term.entity_id and term.name
        ]
        self._parted = {node.split_id: node for node in parts}
        pairs = [(row, self._node(row.left), self._node(row.right)) for row in self.rows]
        self._ties = Ties(self.path, [(r, a, b) for r, a, b in pairs if a and b], str)

    def _node(self, term: Term) -> Node | None:
        """Give what a term stands for; entities that are gone still tie others together."""
        if term.entity_id:
            node = Node(term.entity_id, normalise(term.name))
            return self._parted.get(term.entity_id, node)
        found = self._bearers.bearing(term.name, term.label)
        return Node(found.pop(), "") if len(found) == 1 else None

    def decided(self, sides: tuple[str, str]) -> bool:
        """Tell whether the rows answer the question, directly or over others."""
        left, right = (self._node(read_term(side)) for side in sides)
        return bool(left and right and self._ties.decided(left, right))

    def add(self, sides: tuple[str, str], word: str) -> None:
        """Take an answer in."""
        left, right = map(read_term, sides)
        self.rows.append(Judgement(len(self.rows) + 2, left, right, word, "", "", ""))
        self._tie()

    def take_back(self) -> None:
        """Forget the last answer."""
        self.rows.pop()
        self._tie()


def open_pairs(results: Results, knowledge: Path | None) -> tuple[list[Pair], Judged]:
    """List the pairs that nobody has judged, most valuable first."""
    judged = Judged(load_judgements(knowledge), results.things)
    pairs = doubtful_pairs(results.things, load_knowledge(knowledge))
    return [pair for pair in pairs if not judged.decided(pair.sides)], judged


def list_pairs(pairs: Sequence[Pair], console: Console) -> None:
    """Print the pairs as a table."""
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for column in ("value", "left", "right", "names", "why"):
        grid.add_column(column, overflow="fold", justify="right" if column == "value" else "left")
    for pair in pairs:
        left, right = pair.sides
        names = f"{pair.left.name} / {pair.alias or pair.right.name}"
        cells = (f"{pair.value:.1f}", left, right, names, pair.reason)
        grid.add_row(*(Text(_clean(cell)) for cell in cells))
    console.print(grid)


def judge_pairs(
    results: Results,
    pairs: Sequence[Pair],
    judged: Judged,
    who: str,
    today: date,
    ask: Ask,
    console: Console,
) -> int:
    """Ask about one pair after the other and write every answer at once; give their number.

    `ask` shows a question and gives the answer; EOFError ends the session, and what was
    answered is kept.
    """
    given: list[tuple[int, str, str]] = []  # place, the file before and after
    at = 0
    while at < len(pairs):
        pair = pairs[at]
        if judged.decided(pair.sides):
            at += 1
            continue
        _show(pair, results, console, f"{at + 1} of {len(pairs)}")
        try:
            key = _key(ask, console)
            if key == "q":
                break
            if key == "b":
                at = _take_back(given, judged, console, at)
                continue
            if key:
                why = _why(ask)
                row = dict(zip(("left", "right"), pair.sides, strict=True))
                row |= {"judgement": KEYS[key], "who": who, "when": today.isoformat()}
                before = add_judgement(judged.path, row | {"why": why or ""})
                given.append((at, before, judged.path.read_bytes().decode("utf-8")))
                judged.add(pair.sides, KEYS[key])
                if why is None:
                    break
        except EOFError:
            break
        at += 1
    else:
        console.print("No doubtful pair is left.")
    console.print(f"{len(given)} answers in {judged.path}", soft_wrap=True)
    return len(given)


def _key(ask: Ask, console: Console) -> str:
    while True:
        answer = ask(QUESTION).strip().casefold()[:1]
        if answer in ("", "b", "q", *KEYS):
            return answer
        console.print("That is none of the keys.")


def _why(ask: Ask) -> str | None:
    try:
        return " ".join(ask("Why (Enter for no reason)").split())
    except EOFError:
        return None


def _take_back(given: list[tuple[int, str, str]], judged: Judged, console: Console, at: int) -> int:
    if not given:
        console.print("There is no answer to take back.")
        return at
    place, before, after = given[-1]
    if judged.path.read_bytes().decode("utf-8") != after:
        console.print(f"{FILE} was changed by another program: take the answer back there.")
        return at
    given.pop()
    write_judgements(judged.path, before)
    judged.take_back()
    return place


def _show(pair: Pair, results: Results, console: Console, place: str) -> None:
    console.rule(Text(f"{place}: {pair.reason}, {pair.rows} rows"))
    grid = Grid(box=None, pad_edge=False, show_header=False, expand=True)
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    left, right = pair.left, pair.right
    names = (left.name, f"written “{pair.alias}”" if pair.alias else right.name)
    for title, cells in (
        ("", names),
        ("id", pair.sides),
        ("label", (left.label, right.label)),
        ("country", (left.country, right.country)),
        ("also", (_aliases(left), "" if pair.alias else _aliases(right))),
        ("in", (_documents(left), "" if pair.alias else _documents(right))),
        ("says", (_says(pair, results, left, ""), _says(pair, results, right, pair.alias))),
    ):
        if any(cells):
            grid.add_row(title, *(Text(_clean(cell)) for cell in cells))
    console.print(grid)


def _aliases(thing: Thing) -> str:
    return ", ".join(thing.aliases)


def _documents(thing: Thing) -> str:
    first = sorted(thing.documents)[:3]
    more = len(thing.documents) - len(first)
    return f"{thing.mentions} × in {', '.join(first)}" + (f" and {more} more" if more else "")


def _says(pair: Pair, results: Results, thing: Thing, alias: str) -> str:
    found = results.evidence.get(thing.entity_id, [])
    if pair.alias:
        written = normalise(pair.alias)
        found = [row for row in found if (written in normalise(row[1])) == bool(alias)]
    # Two documents tell more than two sentences of one.
    firsts = {doc_id: (doc_id, text) for doc_id, text in reversed(found)}
    chosen = [row for row in found if firsts[row[0]] == row]
    chosen = [*chosen, *(row for row in found if row not in chosen)][:EVIDENCE]
    return "\n\n".join(f"“{text}” ({doc_id})" for doc_id, text in chosen) or "no statement"


def _clean(text: str) -> str:
    """Leave out what a terminal would obey instead of showing."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
