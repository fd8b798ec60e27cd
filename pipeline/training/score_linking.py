"""How well entities are told apart across documents, against the names in annotated texts.

A gold entity is what its Wikidata identifier says, else its canonical name and label. Annotators
name one thing in several ways (`Sejm`, `Sejm of Poland`; `Salavan`, `Salavan Province`), so two
gold entities that lie in one predicted entity are a wrong merge only where their identifiers,
their countries, the years or numbers in their names, or the words that name them differ; two
names that the knowledge files list for one thing are one. A split counts every difference, so
the share of splits is an upper bound.
Values (dates, roles, ratings, amounts) are no things that can be taken for one another, so they
are not scored.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from pipeline.components.clusters import core_name
from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.markup import GoldText
from pipeline.records import LinkedMention
from pipeline.text import fold, normalise

THINGS = frozenset({"ORG", "PERSON", "GPE", "LOC", "EVENT", "DOCUMENT", "PROGRAM"})
# What a name may have or lack: `Attapeu` and `Attapeu Province` are taken for one.
KINDS_OF_PLACE = frozenset(
    "province state district governorate oblast prefecture region county department municipality"
    " river peninsula volcano island islands airport international convention number ilo".split()
)
Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A gold entity of one document, and the predicted entity that has most of its names.

    `entity_id` is empty where no predicted name touches one of its own.
    """

    doc_id: str
    gold_id: str
    label: str
    name: str
    wikidata: str
    entity_id: str


@dataclass(slots=True)
class LinkingScore:
    """All that is counted over the documents of one part; `placed` in the order given."""

    placed: list[Placed] = field(default_factory=list)
    knowledge: Knowledge = field(default_factory=load_knowledge)

    def add(self, doc_id: str, gold: GoldText, mentions: Iterable[LinkedMention]) -> None:
        """Count one document; offsets of mentions are those of the gold text."""
        names = [m for m in mentions if m.mention.kind == "name"]
        labels = gold.label_of()
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for mention in gold.mentions:
            if mention.label not in THINGS:
                continue
            for linked in names:
                begin, stop = linked.mention.begin, linked.mention.stop
                if mention.start < stop and begin < mention.end:
                    exact = (mention.start, mention.end) == (begin, stop)
                    if not exact and linked.mention.label != mention.label:
                        continue  # `Almaty` found within `Akimat of Almaty` is another thing
                    votes[mention.ids[0]][linked.entity_id] += 3 if exact else 1
        named = {name.id: name for name in gold.names}
        for gold_id, label in sorted(labels.items()):
            if label not in THINGS:
                continue
            count = votes.get(gold_id, Counter())
            name = named.get(gold_id)
            self.placed.append(
                Placed(
                    doc_id,
                    gold_id,
                    label,
                    name.name if name else "",
                    name.wikidata if name else "",
                    min(count, key=lambda entity: (-count[entity], entity)) if count else "",
                )
            )

    def identities(self) -> dict[tuple[str, str], Identity]:
        """Give each gold entity, by document and identifier, what it is in the world."""
        items: dict[Identity, set[str]] = defaultdict(set)
        for row in self.placed:
            if row.wikidata:
                items[row.label, normalise(row.name)].add(row.wikidata)
        found = {}
        for row in self.placed:
            folded = normalise(row.name)
            known = items.get((row.label, folded), set())
            if row.wikidata or len(known) == 1:
                identity = ("", row.wikidata or min(known))
            elif folded:
                identity = (row.label, folded)
            else:
                identity = (row.doc_id, row.gold_id)
            found[row.doc_id, row.gold_id] = identity
        return found

    def merged(self) -> dict[str, list[Placed]]:
        """Give the predicted entities that hold several gold ones, with what they hold."""
        return {
            entity_id: rows
            for entity_id, rows in self._by_entity().items()
            if any(not self._same(left, right) for left, right in combinations(_unlike(rows), 2))
        }

    def _same(self, left: Placed, right: Placed) -> bool:
        """Tell whether two gold entities may be one thing, named in two ways."""
        if left.wikidata and right.wikidata:
            return left.wikidata == right.wikidata
        if not (left.name and right.name):
            return False
        if left.label == right.label and fold(left.name) == fold(right.name):
            return True
        known = [
            {thing.entity_id for thing in self.knowledge.things.get(normalise(row.name), ())}
            for row in (left, right)
        ]
        if known[0] & known[1]:
            return True
        (words, country), (others, other_country) = self._parts(left), self._parts(right)
        if (country and other_country and country != other_country) or not (words and others):
            return False
        digits = [{word for word in side if word.isdigit()} for side in (words, others)]
        if digits[0] and digits[1] and digits[0] != digits[1]:
            return False
        words, others = words - digits[0], others - digits[1]
        return words == others or (
            min(len(words), len(others)) > 1 and (words < others or others < words)
        )

    def _parts(self, row: Placed) -> tuple[frozenset[str], str]:
        """Give the words that tell a thing from others, and the country that its name says."""
        aside = re.findall(r"\(([^)]*)\)|,\s*([^,(]+)", row.name)
        bare = (
            re.sub(r"\s*\([^)]*\)|,.*", "", row.name)
            if row.label in ("GPE", "LOC")
            else (re.sub(r"\s*\([^)]*\)", "", row.name))
        )
        core = core_name(bare, self.knowledge)
        away = [word for word in normalise(bare).split() if word not in core.split()]
        said = [*(a or b for a, b in aside), " ".join(w for w in away if w not in ("of", "the"))]
        countries = [code for piece in said if (code := self.knowledge.country(piece.strip()))]
        words = frozenset(fold(core).split()) - KINDS_OF_PLACE
        return words or frozenset(fold(core).split()), countries[0] if countries else ""

    def split(self) -> dict[Identity, list[Placed]]:
        """Give the gold entities that lie in several predicted ones."""
        identities = self.identities()
        grouped: dict[Identity, list[Placed]] = defaultdict(list)
        for row in self.placed:
            if row.entity_id:
                grouped[identities[row.doc_id, row.gold_id]].append(row)
        return {
            identity: rows
            for identity, rows in sorted(grouped.items())
            if len({row.entity_id for row in rows}) > 1
        }

    def wrong(self) -> list[Placed]:
        """Give the found gold entities with a Wikidata identifier that got another one."""
        return [r for r in self.placed if r.wikidata and r.entity_id not in ("", r.wikidata)]

    def summary(self) -> dict[str, float | int]:
        """Give what metrics.json holds: shares are 0 to 1.

        `linked_right` is the share of gold entities with a Wikidata identifier that carry it,
        of those that were found at all; `linked_right_of_all` counts the others as wrong.
        """
        given = [row for row in self.placed if row.wikidata]
        reached = [row for row in given if row.entity_id]
        right = len(reached) - len(self.wrong())
        entities = self._by_entity()
        merged = self.merged()
        return {
            "linked_right": _share(right, len(reached)),
            "linked_right_of_all": _share(right, len(given)),
            "with_identifier": len(given),
            "entities": len(entities),
            "wrong_merges": len(merged),
            "wrong_merges_share": _share(len(merged), len(entities)),
            "split": len(self.split()),
            "split_share": _share(len(self.split()), len(set(self.identities().values()))),
        }

    def _by_entity(self) -> dict[str, list[Placed]]:
        grouped: dict[str, list[Placed]] = defaultdict(list)
        for row in self.placed:
            if row.entity_id:
                grouped[row.entity_id].append(row)
        return dict(sorted(grouped.items()))


def _unlike(rows: Sequence[Placed]) -> list[Placed]:
    """Keep one row a name, label and identifier."""
    return list({(row.label, row.name, row.wikidata): row for row in rows}.values())


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def score_linking(
    golds: Sequence[tuple[str, GoldText]], mentions: Iterable[LinkedMention]
) -> LinkingScore:
    """Score the linked mentions of several documents, given by identifier and gold text."""
    inside: dict[str, list[LinkedMention]] = defaultdict(list)
    for linked in mentions:
        inside[linked.mention.doc_id].append(linked)
    score = LinkingScore()
    for doc_id, gold in golds:
        score.add(doc_id, gold, inside[doc_id])
    return score
