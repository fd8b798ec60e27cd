"""How far two annotations of one text agree: mentions, relations, clusters.

Mentions agree where borders and label do. A relation agrees where type, paragraph and both
ends do; ends are the same thing where their clusters share a mention. Clusters are compared by
B-cubed over the mentions that both have.

Source: Bagga and Baldwin 1998, Algorithms for scoring coreference chains (B-cubed); F1 between
annotators as Hripcsak and Rothschild 2005 use it, since there is no set of true negatives.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.markup import GoldMention, GoldRelation, GoldText, gold_files, read_markup
from pipeline.schema import Schema

Place = tuple[int, int, str]


@dataclass(slots=True)
class Agreement:
    """Counts over documents: agreed, left and right, by label and by relation."""

    documents: int = 0
    mentions: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    relations: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    statuses: Counter[str] = field(default_factory=Counter)
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)

    def b_cubed(self) -> float:
        """Give the F1 of B-cubed over all shared mentions."""
        if not self.precision:
            return 0.0
        p, r = sum(self.precision) / len(self.precision), sum(self.recall) / len(self.recall)
        return 2 * p * r / (p + r)


def f1(counts: Counter[str]) -> float:
    """Give F1 of counts with the keys `both`, `left` and `right`."""
    total = counts["left"] + counts["right"]
    return 2 * counts["both"] / total if total else 0.0


def total(rows: Iterable[Counter[str]]) -> Counter[str]:
    """Add counts up."""
    return sum(rows, Counter())


def compare(pairs: Iterable[tuple[GoldText, GoldText]], schema: Schema) -> Agreement:
    """Compare two annotations of each text."""
    found = Agreement()
    for left, right in pairs:
        found.documents += 1
        _mentions(left, right, found)
        _clusters(left, right, schema, found)
        _relations(left, right, schema, found)
    return found


def _place(mention: GoldMention) -> Place:
    return mention.start, mention.end, mention.label


def _mentions(left: GoldText, right: GoldText, found: Agreement) -> None:
    a, b = ({_place(m) for m in gold.mentions} for gold in (left, right))
    for name, places in (("left", a), ("right", b), ("both", a & b)):
        for place in places:
            found.mentions[place[2]][name] += 1


def _names(gold: GoldText, schema: Schema) -> dict[Place, str]:
    return {_place(m): m.ids[0] for m in gold.mentions if m.label != schema.reference}


def _clusters(left: GoldText, right: GoldText, schema: Schema, found: Agreement) -> None:
    a, b = _names(left, schema), _names(right, schema)
    shared = a.keys() & b.keys()
    for place in shared:
        same_a = {p for p in shared if a[p] == a[place]}
        same_b = {p for p in shared if b[p] == b[place]}
        both = len(same_a & same_b)
        found.precision.append(both / len(same_b))
        found.recall.append(both / len(same_a))


def _relations(left: GoldText, right: GoldText, schema: Schema, found: Agreement) -> None:
    sides = []
    for gold in (left, right):
        members: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for place, identifier in _names(gold, schema).items():
            members[identifier].add(place[:2])
        sides.append(members)
    open_rows = list(right.relations)
    for relation in left.relations:
        found.relations[relation.relation]["left"] += 1
        match = next((r for r in open_rows if _same(relation, r, sides, schema)), None)
        if match is not None:
            open_rows.remove(match)
            found.relations[relation.relation]["both"] += 1
            found.statuses["both"] += 1
            found.statuses["same"] += relation.status == match.status
    for relation in right.relations:
        found.relations[relation.relation]["right"] += 1


def _same(
    left: GoldRelation,
    right: GoldRelation,
    sides: Sequence[dict[str, set[tuple[int, int]]]],
    schema: Schema,
) -> bool:
    if left.relation != right.relation or left.start != right.start:
        return False

    def thing(a: str, b: str) -> bool:
        return bool(sides[0][a] & sides[1][b])

    if thing(left.head, right.head) and thing(left.tail, right.tail):
        return True
    kind = schema.relations.get(left.relation)
    crossed = thing(left.head, right.tail) and thing(left.tail, right.head)
    return kind is not None and kind.symmetric and crossed


def read_pairs(left: Path, right: Path) -> list[tuple[GoldText, GoldText]]:
    """Read the files that both folders have, by name.

    Raises:
        InputError: no file is in both, or the texts of a pair differ.
    """
    a, b = ({p.stem: p for p in gold_files([folder])} for folder in (left, right))
    names = sorted(a.keys() & b.keys())
    if not names:
        raise InputError(f"{left} and {right} have no .ann file of one name. Name other folders.")
    pairs = []
    for name in names:
        one, other = (
            read_markup(p[name].read_text(encoding="utf-8"), str(p[name])) for p in (a, b)
        )
        if one.text.rstrip("\n") != other.text.rstrip("\n"):
            raise InputError(
                f"{b[name]}: its text is not that of {a[name]}. Annotate the same text in both."
            )
        pairs.append((one, other))
    return pairs


def report(found: Agreement, schema: Schema) -> str:
    """Write the agreement as Markdown tables: totals, labels, relations."""
    mentions, relations = total(found.mentions.values()), total(found.relations.values())
    same = found.statuses["same"] / found.statuses["both"] if found.statuses["both"] else 0.0
    lines = [
        f"{found.documents} documents. Mentions, strict: F1 {f1(mentions):.3f}. Relations: F1 "
        f"{f1(relations):.3f}; status the same in {same:.1%} of the agreed. Clusters: B-cubed F1 "
        f"{found.b_cubed():.3f}.",
        "",
        "| label | first | second | both | F1 |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_line(label, found.mentions[label]) for label in (*schema.labels, schema.reference)]
    lines += ["", "| relation | first | second | both | F1 |", "| --- | --- | --- | --- | --- |"]
    lines += [_line(name, found.relations[name]) for name in schema.relations]
    return "\n".join(lines)


def _line(name: str, counts: Counter[str]) -> str:
    return (
        f"| {name} | {counts['left']} | {counts['right']} | {counts['both']} | {f1(counts):.2f} |"
    )
