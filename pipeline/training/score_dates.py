"""Dates against gold: the values that are read, and the dates that statements have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.dating.context import read_dates
from pipeline.dating.statements import date_all
from pipeline.gold import GoldDocument, as_document
from pipeline.records import Mention, Relation
from pipeline.schema import Schema
from pipeline.training.compare import entity_map


@dataclass(slots=True)
class DateScore:
    """Counts of dates with a value in gold, and the wrong ones as (document, text, gold, read)."""

    right: int = 0
    wrong: int = 0
    unread: int = 0
    misses: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, document: GoldDocument) -> None:
        """Count the dates of one document; gold gives their place in the text."""
        mentions = sorted(
            (m for m in document.gold.mentions if m.label == "DATE"), key=lambda m: m.start
        )
        values = {name.id: name.name for name in document.gold.names}
        spans = [(m.start, m.end) for m in mentions]
        read = read_dates(document.gold.text, spans, document.published)
        for mention, found in zip(mentions, read, strict=True):
            wanted = values.get(mention.ids[0], "")
            if not wanted:
                continue
            if found == wanted:
                self.right += 1
                continue
            self.wrong += bool(found)
            self.unread += not found
            self.misses.append((document.doc_id, mention.text, wanted, found))

    def summary(self) -> dict[str, float]:
        """Give shares of the dates that have a value in gold, and their number."""
        total = self.right + self.wrong + self.unread
        return {
            "dates_right": round(self.right / max(1, total), 4),
            "dates_wrong": round(self.wrong / max(1, total), 4),
            "dates_unread": round(self.unread / max(1, total), 4),
            "dates": total,
        }


def score_dates(documents: Sequence[GoldDocument]) -> DateScore:
    """Count the dates of all documents."""
    score = DateScore()
    for document in documents:
        score.add(document)
    return score


@dataclass(slots=True)
class StatementDates:
    """Right statements by their date: gold's (`right`), another (`wrong`), none though gold has
    one (`missing`), one though gold has none (`extra`); those without on both sides are no
    matter. `misses`: (document, relation, gold's dates, given)."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    extra: int = 0
    misses: list[tuple[str, str, str, str]] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Give precision and recall of the dates of right statements, and how many gold has."""
        given = self.right + self.wrong + self.extra
        wanted = self.right + self.wrong + self.missing
        return {
            "statement_dates_p": round(self.right / max(1, given), 4),
            "statement_dates_r": round(self.right / max(1, wanted), 4),
            "statement_dates": wanted,
        }


def score_statement_dates(
    documents: Sequence[GoldDocument],
    mentions: Mapping[str, Sequence[Mention]],
    relations: Sequence[Relation],
    schema: Schema,
) -> StatementDates:
    """Compare the dates of the statements that gold makes too, in the same paragraph.

    `mentions` are those of each document, with the offsets of the gold text; `relations` those
    that are kept.
    """
    given = date_all([as_document(document) for document in documents], mentions, relations)
    stated: dict[str, list[Relation]] = defaultdict(list)
    for relation in relations:
        if relation.relation != "dated":
            stated[relation.doc_id].append(relation)
    score = StatementDates()
    for document in documents:
        found = mentions.get(document.doc_id, ())
        for relation, wanted in _right(document, found, stated[document.doc_id], schema):
            date = given.statements.get((document.doc_id, relation.relation_id), "")
            if date in wanted:
                score.right += bool(date)
                continue
            score.extra += wanted == {""}
            score.missing += not date
            score.wrong += bool(date) and wanted != {""}
            row = (document.doc_id, relation.relation, " ".join(sorted(wanted)).strip(), date)
            score.misses.append(row)
    return score


def _right(
    document: GoldDocument,
    mentions: Sequence[Mention],
    relations: Sequence[Relation],
    schema: Schema,
) -> Iterator[tuple[Relation, set[str]]]:
    """Give the statements that gold makes too, with the dates that they have there, '' for none."""
    gold = document.gold
    entity = entity_map(gold, [m for m in mentions if m.kind == "name"], schema)
    by_id = {mention.mention_id: mention for mention in mentions}
    values = {name.id: name.name for name in gold.names}
    rows = defaultdict(list)
    for made in gold.relations:
        date = values.get(dict(made.qualifiers).get("date", ""), "")
        rows[made.head, made.relation, made.tail].append((made, date))
        if schema.relations[made.relation].symmetric:
            rows[made.tail, made.relation, made.head].append((made, date))
    for relation in relations:
        head, tail = by_id[relation.head], by_id[relation.tail]
        wanted = {
            date
            for left in head.cluster
            for right in tail.cluster
            for made, date in rows.get(
                (entity.get(left, ""), relation.relation, entity.get(right, "")), ()
            )
            if made.start <= head.begin < made.end and made.start <= tail.begin < made.end
        }
        if wanted:
            yield relation, wanted
