"""Stage `relate`: statements between mentions, with status, qualifiers and evidence."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.knowledge import load_knowledge
from pipeline.params import load_params
from pipeline.records import Document, Mention, read_records, write_records
from pipeline.relating import Settings, load_relater, relate
from pipeline.tables import TALLY, write_table

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Params:
    """`model` is `baseline` or a folder under models/; `threshold` is a score in [0, 1];
    `precision`, `full` or `int8`, is of a trained pipeline's encoder."""

    model: str
    threshold: float
    batch_size: int
    precision: str


def main(clean: InPath, recognize: InPath, out: OutPath) -> None:
    """Read documents and mentions, write relations.jsonl and a tally of what was left out."""
    params = load_params("relate", Params)
    documents = list(read_records(clean / "documents.jsonl", Document))
    mentions = list(read_records(recognize / "mentions.jsonl", Mention))
    settings = Settings(params.batch_size)
    nlp = load_relater(params.model, params.precision)
    relations = list(relate(documents, mentions, nlp, settings, load_knowledge()))
    kept = [relation for relation in relations if relation.score >= params.threshold]
    write_records(out / "relations.jsonl", kept)
    outcomes = {"kept": len(kept), "below relate.threshold": len(relations) - len(kept)}
    tally = [
        {"stage": "relate", "unit": "relation", "outcome": outcome, "count": count}
        for outcome, count in outcomes.items()
    ]
    write_table(out / "tally.csv", tally, TALLY)
    log.info("relate: %d documents, %d relations", len(documents), len(kept))


if __name__ == "__main__":
    run_stage(main)
