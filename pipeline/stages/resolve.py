"""Stage `resolve`: the same thing under one identifier across documents, dates in ISO 8601."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.dates import parse_date
from pipeline.dating.statements import date_all
from pipeline.judged_links import apply_judgements
from pipeline.judgements import Judgements, load_judgements
from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.linking import Link, Links, link_documents
from pipeline.params import load_params
from pipeline.records import (
    Document,
    Entity,
    LinkedMention,
    Mention,
    Relation,
    Statement,
    make_key,
    read_records,
    write_records,
)
from pipeline.review import review_rows, succession_rows
from pipeline.schema import load_schema
from pipeline.sides import Sides
from pipeline.tables import REVIEW, SUCCESSIONS, TALLY, Row, write_table
from pipeline.terms import find_terms

log = logging.getLogger(__name__)
OWN = "a person towards the own country"


@dataclass(frozen=True)
class Params:
    """`country_share`: share of what speaks for the two likeliest countries, from which on a
    text is taken to be from the first; `review`: most rows of each kind in review.csv."""

    country_share: float
    review: int = 50


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the tables are made of."""

    mentions: list[LinkedMention]
    entities: list[Entity]
    statements: list[Statement]
    tally: list[Row]
    review: list[Row]
    successions: list[Row]


def resolve(
    documents: Sequence[Document],
    mentions: Iterable[Mention],
    relations: Iterable[Relation],
    params: Params,
    knowledge: Knowledge,
    judgements: Judgements | None = None,
) -> Resolved:
    """Give every cluster an entity, every mention its entities and every statement its names.

    An identifier depends on the document alone and on the knowledge, never on other documents.
    What a person judged the same or different wins over both.

    Raises:
        KnowledgeError: judgements contradict each other.
    """
    inside: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        inside[mention.doc_id].append(mention)
    said: dict[str, list[Relation]] = defaultdict(list)
    for relation in relations:
        said[relation.doc_id].append(relation)
    read = [relation for document in documents for relation in said[document.doc_id]]
    dates = date_all(documents, inside, read)
    inside.update(dates.mentions)
    found = link_documents(documents, inside, said, knowledge, params.country_share)
    judged = apply_judgements(judgements or Judgements(Path(), ()), inside, found)
    inside, links = judged.mentions, judged.links
    entities = _entities(documents, links)
    by_id = {mention.mention_id: mention for rows in inside.values() for mention in rows}
    linked = [
        LinkedMention(m, "+".join(links[m.doc_id, cluster].entity_id for cluster in m.cluster))
        for document in documents
        for m in inside.get(document.doc_id, ())
    ]
    sides = Sides(read, by_id, links, knowledge)
    statements, tally = _statements(
        documents, read, dates.statements, by_id, links, entities, sides
    )
    return Resolved(
        linked,
        sorted(entities.values(), key=lambda e: e.entity_id),
        statements,
        [*tally, *judged.tally],
        review_rows(links, entities, knowledge, params.review),
        succession_rows(links, documents, entities, knowledge),
    )


def _entities(documents: Sequence[Document], links: Links) -> dict[str, Entity]:
    """Sum up what the documents say of each entity; copies of a document count once."""
    published = {document.doc_id: document.published for document in documents}
    grouped: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for (doc_id, _), link in links.items():
        grouped[link.entity_id].append((doc_id, link))
    entities = {}
    for entity_id, rows in grouped.items():
        names = Counter(link.name for _, link in rows)
        name = min(names, key=lambda n: (-names[n], -len(n), n))
        forms = sorted({form for _, link in rows for form in (*link.forms, link.name)} - {name})
        days = sorted(published[doc_id] for doc_id, _ in rows if published[doc_id])
        countries = Counter(link.country for _, link in rows if link.country)
        entities[entity_id] = Entity(
            entity_id=entity_id,
            name=name,
            label=rows[0][1].label,
            wikidata=rows[0][1].wikidata,
            country=min(countries, key=lambda c: (-countries[c], c)) if countries else "",
            aliases=tuple(forms),
            mentions=sum(link.count for _, link in rows),
            documents=len({doc_id for doc_id, _ in rows}),
            first_seen=days[0] if days else "",
            last_seen=days[-1] if days else "",
        )
    return entities


def _statements(
    documents: Sequence[Document],
    relations: Sequence[Relation],
    dates: Mapping[tuple[str, str], str],
    mentions: dict[str, Mention],
    links: Links,
    entities: dict[str, Entity],
    sides: Sides,
) -> tuple[list[Statement], list[Row]]:
    """Write each relation out for every pair of entities that its mentions stand for."""
    about = {document.doc_id: document for document in documents}
    terms = find_terms(relations, mentions, about)
    kept: dict[tuple[object, ...], Statement] = {}
    skipped: Counter[str] = Counter()
    read = 0
    for relation in relations:
        head, tail = mentions[relation.head], mentions[relation.tail]
        pairs = _pairs(relation, head, tail)
        for number, (left, right) in enumerate(pairs):
            read += 1
            ids = links[head.doc_id, left].entity_id, links[tail.doc_id, right].entity_id
            if ids[0] == ids[1]:
                skipped["both ends are one entity"] += 1
                continue
            if sides.own(relation, left, right):
                skipped[OWN] += 1
                continue
            kinds = links[head.doc_id, left].label, links[tail.doc_id, right].label
            if not load_schema().allows(relation.relation, *kinds):
                # A reference to several things has the label of the first.
                skipped["ends of a kind that the relation does not take"] += 1
                continue
            document, place = about[relation.doc_id], (relation.doc_id, relation.relation_id)
            date = dates.get(place, "") or parse_date(terms.get(place, ""), document.published)
            statement = _statement(
                relation, ids, number, len(pairs), document, mentions, links, entities, date
            )
            key = (
                statement.doc_id, statement.relation,
                tuple(sorted(ids)) if statement.symmetric else ids,
                statement.status, statement.date, statement.document, statement.rating,
                statement.amount, statement.start, statement.end,
            )  # fmt: skip
            if key in kept:
                skipped["said twice in one sentence"] += 1
                if kept[key].score >= statement.score:
                    continue
            kept[key] = statement
    rows = _join_ratings(kept.values())
    tally: list[Row] = [
        {"stage": "resolve", "unit": "statement", "outcome": "kept", "count": len(rows)}
    ]
    for reason in (
        "both ends are one entity",
        OWN,
        "ends of a kind that the relation does not take",
        "said twice in one sentence",
    ):
        tally.append(
            {"stage": "resolve", "unit": "statement", "outcome": reason, "count": skipped[reason]}
        )
    return sorted(
        rows, key=lambda s: (s.doc_id, s.start, s.end, s.relation, s.head_id, s.tail_id)
    ), tally


def _pairs(relation: Relation, head: Mention, tail: Mention) -> list[tuple[str, str]]:
    """Pair the clusters at both ends; one reference to several is paired within itself."""
    if relation.head == relation.tail:
        return list(combinations(head.cluster, 2))
    return [
        (left, right) for left, right in product(head.cluster, tail.cluster) if left != right
    ] or [(head.cluster[0], tail.cluster[0])]


def _statement(
    relation: Relation,
    ids: tuple[str, str],
    number: int,
    count: int,
    document: Document,
    mentions: dict[str, Mention],
    links: Links,
    entities: dict[str, Entity],
    date: str,
) -> Statement:
    def surface(mention_id: str) -> str:
        return mentions[mention_id].name if mention_id else ""

    ends = [mentions[relation.head], mentions[relation.tail]]
    through = [" ".join(end.text.split()) for end in ends if end.kind == "reference"]
    voices = [mentions[mention_id] for mention_id in relation.attributed_to]
    speakers = [
        entities[links[voice.doc_id, cluster].entity_id].name
        for voice in voices
        for cluster in voice.cluster
    ]
    return Statement(
        relation_id=relation.relation_id if count == 1 else make_key(relation.relation_id, number),
        head_id=ids[0],
        head=entities[ids[0]].name,
        relation=relation.relation,
        tail_id=ids[1],
        tail=entities[ids[1]].name,
        status=relation.status,
        date=date,
        document=surface(relation.document),
        rating=surface(relation.rating),
        amount=mentions[relation.amount].text if relation.amount else "",
        score=relation.score,
        source=relation.source,
        doc_id=relation.doc_id,
        start=relation.start,
        end=relation.end,
        evidence=relation.evidence,
        published=document.published,
        symmetric=load_schema().relations[relation.relation].symmetric,
        attributed_to=" | ".join(dict.fromkeys(speakers)),
        reference=" | ".join(dict.fromkeys(through)),
    )


def _join_ratings(statements: Iterable[Statement]) -> list[Statement]:
    """Put the rating of `rated_as` into the `rates` row of the same country and sentence."""
    rows = list(statements)
    rated = {(s.doc_id, s.start, s.head_id): s.tail for s in rows if s.relation == "rated_as"}
    joined = []
    for row in rows:
        if row.relation == "rates" and not row.rating:
            row = replace(row, rating=rated.get((row.doc_id, row.start, row.tail_id), ""))
        elif row.relation == "rated_as":
            row = replace(row, rating=row.tail)
        joined.append(row)
    return joined


def main(clean: InPath, recognize: InPath, relate: InPath, out: OutPath) -> None:
    """Read documents, mentions and relations, write entities and the rows of the tables."""
    params = load_params("resolve", Params)
    resolved = resolve(
        list(read_records(clean / "documents.jsonl", Document)),
        read_records(recognize / "mentions.jsonl", Mention),
        read_records(relate / "relations.jsonl", Relation),
        params,
        load_knowledge(),
        load_judgements(),
    )
    write_resolved(out, resolved)
    log.info(
        "resolve: %d entities, %d statements", len(resolved.entities), len(resolved.statements)
    )


def write_resolved(out: Path, resolved: Resolved) -> None:
    """Write the records that stage export reads."""
    write_records(out / "mentions.jsonl", resolved.mentions)
    write_records(out / "entities.jsonl", resolved.entities)
    write_records(out / "statements.jsonl", resolved.statements)
    write_table(out / "tally.csv", resolved.tally, TALLY)
    write_review(out, resolved)


def write_review(out: Path, resolved: Resolved) -> None:
    """Write what a person should look at, and what went into what."""
    write_table(out / "review.csv", resolved.review, REVIEW)
    write_table(out / "successions.csv", resolved.successions, SUCCESSIONS)


if __name__ == "__main__":
    run_stage(main)
