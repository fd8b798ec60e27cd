"""How well names of one thing are put together, and what references point at, within documents.

Two views of the same figures: between gold mentions, for the component alone, and from
predicted mentions, end to end. Names are scored by B-cubed over the mentions that both sides
have. A reference is right where it points at exactly the gold set of things.

Gold marks every reference that leaves no doubt, so that one that is predicted where gold marks
none is an error. A reference carries a statement where its paragraph names an end of the statement
in no other way; those are scored once more by themselves: recall over them, precision over the
predicted references that overlap one of them.

Source: Bagga and Baldwin 1998, Algorithms for scoring coreference chains (B-cubed).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.components.clusters import Found
from pipeline.components.references import Marked
from pipeline.gold import GoldDocument, as_document
from pipeline.knowledge import Knowledge
from pipeline.markup import GoldText
from pipeline.recognizing import Reader, mentions_of
from pipeline.records import Mention
from pipeline.schema import Schema
from pipeline.training.compare import entity_map

Span = tuple[int, int]


@dataclass(slots=True)
class ClusterScores:
    """Sums over documents.

    `names` counts the names that both sides have, `precision` and `recall` add up their
    B-cubed shares. `found` counts predicted references, `marked` the gold ones, `right` those with
    the same span and the same things; `carrying` holds the same three of those that carry
    statements.
    """

    names: int = 0
    precision: float = 0.0
    recall: float = 0.0
    right: int = 0
    found: int = 0
    marked: int = 0
    carrying: Counter[str] = field(default_factory=Counter)

    def b_cubed(self) -> dict[str, float]:
        """Give precision, recall and F1 of B-cubed over all names."""
        return _scores(self.precision, self.recall, self.names, self.names)

    def references(self) -> dict[str, float]:
        """Give precision, recall and F1 of references."""
        return _scores(self.right, self.right, self.found, self.marked)

    def carrying_references(self) -> dict[str, float]:
        """Give the same of the references that carry statements."""
        right, found, marked = (self.carrying[key] for key in ("right", "found", "marked"))
        return _scores(right, right, found, marked)


def _scores(hit_p: float, hit_r: float, found: int, gold: int) -> dict[str, float]:
    p, r = hit_p / found if found else 0.0, hit_r / gold if gold else 0.0
    f = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": round(p, 4), "r": round(r, 4), "f": round(f, 4), "support": gold}


def score_mentions(
    scores: ClusterScores, gold: GoldText, mentions: Iterable[Mention], schema: Schema
) -> None:
    """Add one document; offsets of mentions are those of the gold text."""
    rows = list(mentions)
    names = [m for m in rows if m.kind == "name"]
    _score_names(scores, gold, names, schema)
    entity = entity_map(gold, names, schema)
    marked = {(m.start, m.end): set(m.ids) for m in gold.mentions if m.label == schema.reference}
    carrying = set(carrying_spans(gold, schema))
    scores.marked += len(marked)
    scores.carrying["marked"] += len(carrying)
    for mention in rows:
        if mention.kind != "reference":
            continue
        span = mention.begin, mention.stop
        things = {entity.get(cluster, f"?{cluster}") for cluster in mention.cluster}
        right = marked.get(span) == things
        scores.found += 1
        scores.right += right
        scores.carrying["found"] += any(s < span[1] and span[0] < e for s, e in carrying)
        scores.carrying["right"] += right and span in carrying


def carrying_spans(gold: GoldText, schema: Schema) -> Iterator[Span]:
    """Give the gold references without which a statement of their paragraph had no end there."""
    needed: dict[Span, set[str]] = defaultdict(set)
    for relation in gold.relations:
        values = (value for _, value in relation.qualifiers)
        needed[relation.start, relation.end].update((relation.head, relation.tail, *values))
    for (start, stop), ends in needed.items():
        inside = [m for m in gold.mentions if start <= m.start < stop]
        ends -= {m.ids[0] for m in inside if m.label != schema.reference}
        for mention in inside:
            if mention.label == schema.reference and not ends.isdisjoint(mention.ids):
                yield mention.start, mention.end


def mentions_between_gold(
    document: GoldDocument,
    knowledge: Knowledge,
    schema: Schema,
    read: Reader | None = None,
) -> list[Mention]:
    """Cluster the gold names and resolve the gold references, as if they had been predicted.

    `read` lets the recognizer's encoder see them, None goes without.
    """
    gold = document.gold
    marked = sorted(gold.mentions, key=lambda mention: mention.start)
    names = [
        Found(m.start, m.end, m.text, m.label, 1.0) for m in marked if m.label != schema.reference
    ]
    pointers = [Marked(m.start, m.end) for m in marked if m.label == schema.reference]
    return list(mentions_of(as_document(document), names, knowledge, pointers, read))


def _score_names(
    scores: ClusterScores, gold: GoldText, names: Sequence[Mention], schema: Schema
) -> None:
    wanted: dict[Span, Hashable] = {
        (m.start, m.end): m.ids[0] for m in gold.mentions if m.label != schema.reference
    }
    found: dict[Span, Hashable] = {(m.begin, m.stop): m.cluster[0] for m in names}
    shared = sorted(wanted.keys() & found.keys())
    groups: list[dict[Hashable, set[Span]]] = []
    for side in (wanted, found):
        group: dict[Hashable, set[Span]] = defaultdict(set)
        for span in shared:
            group[side[span]].add(span)
        groups.append(group)
    for span in shared:
        true, guess = groups[0][wanted[span]], groups[1][found[span]]
        both = len(true & guess)
        scores.precision += both / len(guess)
        scores.recall += both / len(true)
    scores.names += len(shared)
