"""Stage `resolve`: the same thing under one identifier across documents, dates in ISO 8601."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.clusters import core_name
from pipeline.dating.statements import date_all, is_iso
from pipeline.judged_links import apply_judgements
from pipeline.judgements import Judgements, load_judgements
from pipeline.knowledge import Knowledge, Known, load_knowledge
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
from pipeline.schema import load_schema
from pipeline.tables import TALLY, Row, write_table
from pipeline.text import entity_key, is_acronym, normalise
from pipeline.words import load_words

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Params:
    """`country_share`: share of country mentions from which a text is about one country."""

    country_share: float


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the tables are made of."""

    mentions: list[LinkedMention]
    entities: list[Entity]
    statements: list[Statement]
    tally: list[Row]


@dataclass(frozen=True, slots=True)
class _Link:
    """One cluster of one document with the entity that it was given."""

    entity_id: str
    name: str
    label: str
    wikidata: str
    country: str
    known: bool
    forms: tuple[str, ...]
    count: int


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
    relations = list(relations)
    dates = date_all(documents, inside, relations)
    inside.update(dates.mentions)
    links: dict[tuple[str, str], _Link] = {}
    for document in documents:
        linker = _Linker(document, inside[document.doc_id], params, knowledge)
        links.update({(document.doc_id, cluster): link for cluster, link in linker.links().items()})
    judged = apply_judgements(judgements or Judgements(Path(), ()), inside, links)
    inside, links = judged.mentions, judged.links
    entities = _entities(documents, links)
    by_id = {mention.mention_id: mention for rows in inside.values() for mention in rows}
    linked = [
        LinkedMention(m, "+".join(links[m.doc_id, cluster].entity_id for cluster in m.cluster))
        for document in documents
        for m in inside.get(document.doc_id, ())
    ]
    statements, tally = _statements(documents, relations, dates.statements, by_id, links, entities)
    return Resolved(
        linked,
        sorted(entities.values(), key=lambda e: e.entity_id),
        statements,
        [*tally, *judged.tally],
    )


class _Linker:
    """Links one document's clusters."""

    def __init__(
        self, document: Document, mentions: list[Mention], params: Params, knowledge: Knowledge
    ) -> None:
        self.document, self.knowledge = document, knowledge
        self.clusters: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.kind == "name":
                self.clusters[mention.cluster[0]].append(mention)
        self.country = self._main_country(mentions, params.country_share)

    def _main_country(self, mentions: list[Mention], share: float) -> str:
        """Give the country that the text is about, by names and adjectives, or ''."""
        seen = Counter(m.country for m in mentions if m.label == "GPE" and m.country)
        for word in re.findall(r"\b[A-Z][a-z]+\b", self.document.text):
            if code := self.knowledge.demonyms.get(word.casefold()):
                seen[code] += 1
        ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or ranked[0][1] < share * sum(seen.values()):
            return ""
        return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1] else ""

    def links(self) -> dict[str, _Link]:
        return {cluster: self._link(rows) for cluster, rows in self.clusters.items()}

    def _link(self, rows: list[Mention]) -> _Link:
        first = rows[0]
        label, name, country = first.label, first.name, first.country
        forms = tuple(dict.fromkeys(" ".join(m.text.split()) for m in rows))
        known = self._known(label, name, country, forms)
        if known:
            entity_id, full, wikidata, country = (
                known.entity_id,
                known.name,
                known.wikidata,
                known.country or country,
            )
        else:
            entity_id, full, country = self._new(label, " ".join(name.split()), country)
            wikidata = ""
        return _Link(entity_id, full, label, wikidata, country, bool(known), forms, len(rows))

    def _known(self, label: str, name: str, country: str, forms: tuple[str, ...]) -> Known | None:
        knowledge = self.knowledge
        if (
            label == "GPE"
            and country
            and (found := knowledge.countries.get(country))
            and normalise(found.name) == normalise(name)
        ):
            return found
        full = [form for form in (name, *forms) if not is_acronym(form)]
        short = [form for form in forms if is_acronym(form)]
        # An acronym alone names a known body; beside a full name that is not known it does not.
        for form in full or short:
            for place in dict.fromkeys([country, self.country, ""]):
                if found := knowledge.find(form, label, place):
                    if found.country and country and found.country != country:
                        continue
                    if (
                        found.country
                        and label == "ORG"
                        and not country
                        and found.country != self.country
                        and self._is_body(form)
                    ):
                        continue
                    return found
        return None

    def _is_body(self, name: str) -> bool:
        """Tell whether a name is one that bodies of many countries bear."""
        words = core_name(name, self.knowledge).split()
        return words[:1] == ["ministry"] or set(words) <= load_words("bodies")

    def _new(self, label: str, name: str, country: str) -> tuple[str, str, str]:
        """Give identifier, name and country of a thing that the knowledge files lack."""
        here = self.document.doc_id
        if label == "ORG":
            core = core_name(name, self.knowledge)
            if self._is_body(name):
                country = country or self.country
                if not country:
                    return entity_key(label, name, here), name, ""
                place = self.knowledge.countries[country].name
                bare = normalise(name) == core
                return (
                    entity_key(label, core, country),
                    f"{name} ({place})" if bare else name,
                    country,
                )
            return entity_key(label, name), name, country
        if label == "PERSON" and " " not in name:
            return entity_key(label, name, here), name, country
        if label in ("EVENT", "DOCUMENT", "PROGRAM"):
            own = [
                w
                for w in re.findall(r"\w[\w’'-]*", name)
                if w[0].isupper() and normalise(w) not in load_words("kinds")
            ]
            numbered = re.search(r"\d+/\d+|No\.?\s*\d", name)
            if len(own) + bool(numbered) < (1 if label != "EVENT" else 2) or not (own or numbered):
                return entity_key(label, name, here), name, country
            return entity_key(label, name), name, country
        if label == "DATE":
            if is_iso(name):
                return entity_key(label, name), name, ""
            return entity_key(label, name, here), name, ""
        return entity_key(label, name), name, country


def _entities(
    documents: Sequence[Document], links: dict[tuple[str, str], _Link]
) -> dict[str, Entity]:
    """Sum up what the documents say of each entity; copies of a document count once."""
    published = {document.doc_id: document.published for document in documents}
    grouped: dict[str, list[tuple[str, _Link]]] = defaultdict(list)
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
    relations: Iterable[Relation],
    dates: dict[tuple[str, str], str],
    mentions: dict[str, Mention],
    links: dict[tuple[str, str], _Link],
    entities: dict[str, Entity],
) -> tuple[list[Statement], list[Row]]:
    """Write each relation out for every pair of entities that its mentions stand for."""
    about = {document.doc_id: document for document in documents}
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
            statement = _statement(
                relation, ids, number, len(pairs), about[relation.doc_id], mentions, links,
                entities, dates.get((relation.doc_id, relation.relation_id), ""),
            )  # fmt: skip
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
    for reason in ("both ends are one entity", "said twice in one sentence"):
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
    links: dict[tuple[str, str], _Link],
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


if __name__ == "__main__":
    run_stage(main)
