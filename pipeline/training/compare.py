"""Predictions from raw text against gold: mentions, entities, relations of whole documents."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from pipeline.markup import GoldText
from pipeline.records import Mention, Relation
from pipeline.schema import Schema
from pipeline.sentences import sentence_starts

Triple = tuple[str, str, str]


@dataclass(slots=True)
class Counts:
    """True positives, predicted and gold, by name."""

    hit: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)

    def add(self, found: Iterable[tuple[str, object]], gold: Iterable[tuple[str, object]]) -> None:
        """Count two sets of (name, thing)."""
        a, b = set(found), set(gold)
        self.found.update(name for name, _ in a)
        self.gold.update(name for name, _ in b)
        self.hit.update(name for name, _ in a & b)

    def score(self, name: str | None = None) -> dict[str, float]:
        """Give precision, recall and F1 for one name, or over all (micro)."""
        hit, found, gold = (
            counter[name] if name is not None else sum(counter.values())
            for counter in (self.hit, self.found, self.gold)
        )
        p, r = hit / found if found else 0.0, hit / gold if gold else 0.0
        f = 2 * p * r / (p + r) if p + r else 0.0
        return {"p": round(p, 4), "r": round(r, 4), "f": round(f, 4), "support": gold}

    def macro(self) -> float:
        """Give the mean F1 over names that gold has."""
        names = [name for name in self.gold if self.gold[name]]
        return round(sum(self.score(name)["f"] for name in names) / max(1, len(names)), 4)


@dataclass(slots=True)
class Comparison:
    """All that is counted over the documents of one part.

    `strict`: borders and label of names; `borders`: borders alone; `overlap`: label and a shared
    character. `relations`: both ends are the right entities; `relations_strict`: both also have
    a mention with the right borders and label. `silent` counts pairs that stand in one sentence
    with nothing said between them, `silent_rejected` those without a statement. `scores`: score
    of every statement, below the threshold too, and whether it is right.
    """

    strict: Counts = field(default_factory=Counts)
    overlap: Counts = field(default_factory=Counts)
    borders: Counts = field(default_factory=Counts)
    relations: Counts = field(default_factory=Counts)
    relations_strict: Counts = field(default_factory=Counts)
    status_right: int = 0
    status_all: int = 0
    silent: int = 0
    silent_rejected: int = 0
    scores: list[tuple[float, bool]] = field(default_factory=list)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)


def compare_document(
    comparison: Comparison,
    gold: GoldText,
    mentions: list[Mention],
    relations: list[Relation],
    schema: Schema,
    threshold: float = 0.0,
) -> None:
    """Count one document; offsets of mentions are those of the gold text.

    Statements with a score below `threshold` count only among `scores`.
    """
    names = [m for m in mentions if m.kind == "name"]
    marked = [m for m in gold.mentions if m.label != schema.reference]
    comparison.strict.add(
        ((m.label, (m.begin, m.stop)) for m in names), ((m.label, (m.start, m.end)) for m in marked)
    )
    comparison.borders.add(
        (("name", (m.begin, m.stop)) for m in names), (("name", (m.start, m.end)) for m in marked)
    )
    _overlap(comparison, gold, names, schema)
    entity = entity_map(gold, names, schema)
    wanted = gold_triples(gold, schema)
    by_id = {m.mention_id: m for m in mentions}
    every: dict[Triple, Relation] = {}
    for relation in sorted(relations, key=lambda r: (r.score, r.relation_id)):
        for head in by_id[relation.head].cluster:
            for tail in by_id[relation.tail].cluster:
                ends = entity.get(head, f"?{head}"), entity.get(tail, f"?{tail}")
                if ends[0] != ends[1]:
                    every[_triple(ends[0], relation.relation, ends[1], schema)] = relation
    found = {t: relation for t, relation in every.items() if relation.score >= threshold}
    comparison.relations.add(((t[1], t) for t in found), ((t[1], t) for t in wanted))
    exact = _exact(gold, names)
    comparison.relations_strict.add(
        ((t[1], t if {t[0], t[2]} <= exact else ("?", *t)) for t in found),
        ((t[1], t) for t in wanted),
    )
    comparison.scores += [(relation.score, t in wanted) for t, relation in every.items()]
    for triple, relation in found.items():
        if triple in wanted:
            comparison.status_all += 1
            comparison.status_right += relation.status in wanted[triple]
    _confusion(comparison, set(found), set(wanted))
    silent = silent_pairs(gold, schema)
    comparison.silent += len(silent)
    comparison.silent_rejected += len(silent - {frozenset((t[0], t[2])) for t in found})


def _exact(gold: GoldText, names: list[Mention]) -> set[str]:
    """Give the gold identifiers with a mention whose borders and label were found."""
    places = {(m.begin, m.stop, m.label) for m in names}
    return {m.ids[0] for m in gold.mentions if (m.start, m.end, m.label) in places}


def silent_pairs(gold: GoldText, schema: Schema) -> set[frozenset[str]]:
    """Give the pairs that may be related, share a sentence, and of which nothing is said."""
    marked = [m for m in gold.mentions if m.label != schema.reference]
    label = {m.ids[0]: m.label for m in marked}
    said = {frozenset((r.head, r.tail)) for r in gold.relations}
    starts = sentence_starts(gold.text, [(m.start, m.end) for m in gold.mentions])
    inside: dict[int, set[str]] = defaultdict(set)
    for mention in marked:
        inside[bisect_right(starts, mention.start)].add(mention.ids[0])
    return {
        frozenset(pair)
        for ids in inside.values()
        for pair in combinations(sorted(ids), 2)
        if frozenset(pair) not in said and _may_relate(label[pair[0]], label[pair[1]], schema)
    }


def _may_relate(left: str, right: str, schema: Schema) -> bool:
    return any(
        (left in kind.head and right in kind.tail) or (right in kind.head and left in kind.tail)
        for kind in schema.relations.values()
    )


def _overlap(comparison: Comparison, gold: GoldText, names: list[Mention], schema: Schema) -> None:
    """Count a name as found where one of its label overlaps it."""
    marked = [m for m in gold.mentions if m.label != schema.reference]
    pairs_found, pairs_gold = [], []
    for m in names:
        touches = [g for g in marked if g.label == m.label and g.start < m.stop and m.begin < g.end]
        pairs_found.append(
            (m.label, (touches[0].start, touches[0].end) if touches else (m.begin, -1))
        )
    pairs_gold = [(g.label, (g.start, g.end)) for g in marked]
    comparison.overlap.add(pairs_found, pairs_gold)


def entity_map(gold: GoldText, names: list[Mention], schema: Schema) -> dict[str, str]:
    """Give each predicted cluster the gold identifier that it shares most mentions with."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    marked = sorted(
        (m for m in gold.mentions if m.label != schema.reference), key=lambda m: m.start
    )
    for name in names:
        for mention in marked:
            if mention.start < name.stop and name.begin < mention.end:
                exact = (mention.start, mention.end) == (name.begin, name.stop)
                votes[name.cluster[0]][mention.ids[0]] += 3 if exact else 1
    return {cluster: min(count, key=lambda i: (-count[i], i)) for cluster, count in votes.items()}


def gold_triples(gold: GoldText, schema: Schema) -> dict[Triple, set[str]]:
    """Give the statements of a whole document with the statuses that they have in it."""
    found: dict[Triple, set[str]] = defaultdict(set)
    for relation in gold.relations:
        found[_triple(relation.head, relation.relation, relation.tail, schema)].add(relation.status)
    return found


def _triple(head: str, relation: str, tail: str, schema: Schema) -> Triple:
    if schema.relations[relation].symmetric and tail < head:
        head, tail = tail, head
    return head, relation, tail


def _confusion(comparison: Comparison, found: set[Triple], wanted: set[Triple]) -> None:
    """Count what stands between the same ends instead of what should."""
    by_ends: dict[frozenset[str], set[str]] = defaultdict(set)
    for head, relation, tail in found - wanted:
        by_ends[frozenset((head, tail))].add(relation)
    for head, relation, tail in wanted - found:
        others = by_ends.get(frozenset((head, tail)), set()) or {"none"}
        for other in others:
            comparison.confusion[relation, other] += 1
    for _, relation, _ in found & wanted:
        comparison.confusion[relation, relation] += 1
