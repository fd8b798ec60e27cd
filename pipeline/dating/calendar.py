"""What the calendar says of statements: nothing that lies ahead has happened, and no plan is old.

A date that lies wholly before or behind the day of publication says whether an event was held and
a document signed; and with the event, whether it took place somewhere, was attended and was hosted.
One whose reading hangs on the tense (`15 August` of this year or the next) does so where a fact
has it too: then it is read as past. Denials and what is alleged stay as they are.

Counted on the train and dev parts of the gold corpus (519 texts): of what is dated ahead, 1,057
statements are planned and 10 actual; of what is dated before, 7 are planned and 4,888 actual. Of
what is said of events whose dates all lie ahead, 535 are planned and 5 actual; of those that lie
behind, none of 1,162 is planned. On dev, 4 of 4 other statements that were read as actual with a
date ahead are plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.dates import read_day
from pipeline.dating.context import read_dates
from pipeline.dating.words import bounds
from pipeline.records import Document, Mention, Relation

AHEAD, BEHIND = "planned", "actual"  # the status of what lies there
# Statements about an event, with the end that it is.
OF_EVENTS = {"located_in": "head", "participates_in": "tail", "organizes": "tail"}


class Calendar:
    """On which side of the day of publication the dates of a text lie."""

    def __init__(self, document: Document, mentions: Sequence[Mention]) -> None:
        self.by_id = {mention.mention_id: mention for mention in mentions}
        self.status: dict[str, str] = {}  # by mention id of a date
        self.tensed: dict[str, str] = {}  # the same, of those that are read by tense, read as past
        day = read_day(document.published)
        dates = sorted(
            (m for m in mentions if m.label == "DATE" and m.kind == "name"), key=lambda m: m.begin
        )
        if day is None or not dates:
            return
        spans = [(date.begin, date.stop) for date in dates]
        planned, past = (
            read_dates(document.text, spans, document.published, ahead)
            for ahead in (set(range(len(dates))), set())
        )
        for date, value, other in zip(dates, planned, past, strict=True):
            known = self.status if value == other else self.tensed
            if other:
                first, last = bounds(other)
                if first > day or last < day:
                    known[date.mention_id] = AHEAD if first > day else BEHIND

    def mended(self, relations: Iterable[Relation]) -> Iterator[Relation]:
        """Give statements with the status that the calendar allows them."""
        rows = list(relations)
        self._settle(rows)
        sides: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.relation == "dated" and row.tail in self.status:
                for cluster in self.by_id[row.head].cluster:
                    sides[cluster].add(self.status[row.tail])
        for row in rows:
            status = self._side(row, sides)
            changes = status and row.status in (AHEAD, BEHIND)
            yield replace(row, status=status) if changes else row

    def _settle(self, rows: Iterable[Relation]) -> None:
        """Read as past what a fact has for its date, as `date_mentions` does."""
        for row in rows:
            date = row.tail if row.relation == "dated" else row.date
            if row.status == BEHIND and date in self.tensed:
                self.status[date] = self.tensed[date]

    def _side(self, row: Relation, sides: dict[str, set[str]]) -> str:
        """Give the status that the dates of a statement or its event leave, or ''."""
        if row.relation == "dated":
            return self.status.get(row.tail, "")
        if end := OF_EVENTS.get(row.relation):
            event = self.by_id[row.head if end == "head" else row.tail]
            known = sides.get(event.cluster[0], set()) if len(event.cluster) == 1 else set()
            if event.label == "EVENT" and len(known) == 1:
                return next(iter(known))
        # The date may be a neighbour's: a fact with it is doubtful, a plan without it is still one.
        return AHEAD if self.status.get(row.date) == AHEAD else ""
