"""Dates against gold: how many of the values that gold gives are read, and how many wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.dating.context import read_dates
from pipeline.gold import GoldDocument


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
