"""What a person should look at after linking: the largest clusters, the least certain merges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.components.capitals import EITHER
from pipeline.knowledge import Knowledge
from pipeline.linking import Link, Links
from pipeline.records import Document, Entity
from pipeline.tables import Row
from pipeline.text import fold

# Values that stand for themselves: there is nothing to take for another.
VALUES = frozenset({"DATE", "MONEY", "RATING", "ROLE"})
# Below this, a link that joins documents or names is worth a look.
CERTAIN = 0.9


def review_rows(
    links: Links, entities: Mapping[str, Entity], knowledge: Knowledge, most: int
) -> list[Row]:
    """Give the rows of review.csv, at most `most` of each kind.

    A `large cluster` is an entity under many names that the knowledge files do not list for it;
    an `uncertain merge` joins documents or names by a link that is not certain; an `open capital`
    may be the city or the government.
    """
    grouped: dict[str, list[Link]] = defaultdict(list)
    for link in links.values():
        if link.label not in VALUES:
            grouped[link.entity_id].append(link)
    large: list[tuple[int, str]] = []
    unsure: list[tuple[float, str]] = []
    for entity_id, rows in grouped.items():
        listed = _listed(rows[0], knowledge)
        names = {fold(form) for row in rows for form in row.forms}
        new = names - listed
        if len(new) > 1:
            large.append((len(new), entity_id))
        score = min(row.score for row in rows)
        if score < CERTAIN and (len(rows) > 1 or len(names) > 1):
            unsure.append((score, entity_id))
    large.sort(key=lambda item: (-item[0], item[1]))
    unsure.sort(key=lambda item: (item[0], -len(grouped[item[1]]), item[1]))
    kinds = [("large cluster", entity_id) for _, entity_id in large[:most]]
    kinds += [("uncertain merge", entity_id) for _, entity_id in unsure[:most]]
    undecided = [key for key, rows in grouped.items() if rows[0].name.endswith(EITHER)]
    undecided.sort(key=lambda key: (-sum(row.count for row in grouped[key]), key))
    kinds += [("open capital", entity_id) for entity_id in undecided[:most]]
    return [_row(kind, entities[entity_id], grouped[entity_id]) for kind, entity_id in kinds]


def _listed(link: Link, knowledge: Knowledge) -> set[str]:
    """Give the folded names that the knowledge files list for a linked thing."""
    return {
        fold(name)
        for known in knowledge.candidates(link.name, link.label)
        if known.entity_id == link.entity_id
        for name in (known.name, *known.aliases)
    }


def _row(kind: str, entity: Entity, rows: list[Link]) -> Row:
    return {
        "kind": kind,
        "entity_id": entity.entity_id,
        "entity": entity.name,
        "label": entity.label,
        "names": " | ".join(sorted({form for row in rows for form in row.forms})),
        "score": f"{min(row.score for row in rows):.3f}",
        "documents": entity.documents,
    }


def succession_rows(
    links: Links,
    documents: Iterable[Document],
    entities: Mapping[str, Entity],
    knowledge: Knowledge,
) -> list[Row]:
    """Give the rows of successions.csv: named bodies and provinces that went into others.

    They stay things of their own; `documents_after` counts the texts that name them after
    their last day.
    """
    published = {document.doc_id: document.published for document in documents}
    days: dict[str, list[str]] = defaultdict(list)
    for (doc_id, _), link in links.items():
        if link.entity_id in knowledge.successions:
            days[link.entity_id].append(published[doc_id])
    return [
        {
            "entity_id": entity_id,
            "entity": entities[entity_id].name,
            "until": succession.until,
            "successor_id": succession.successor.entity_id,
            "successor": succession.successor.name,
            "documents_after": sum(day > succession.until for day in seen),
        }
        for entity_id, seen in days.items()
        for succession in knowledge.successions[entity_id]
    ]
