"""Stage `recognize`: names, references and the things they stand for, document by document."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.knowledge import load_knowledge
from pipeline.params import load_params
from pipeline.recognizing import Settings, Tally, load_recognizer, recognize
from pipeline.records import Document, read_records, write_records
from pipeline.tables import TALLY, write_table

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Params:
    """`model` is `baseline` or a folder under models/; `window` counts characters; names with a
    score below `lowest_score` are left out; `precision`, `full` or `int8`, is of a trained
    pipeline's encoder."""

    model: str
    window: int
    batch_size: int
    lowest_score: float
    precision: str


def main(clean: InPath, out: OutPath) -> None:
    """Read documents.jsonl of stage clean, write mentions.jsonl and a tally."""
    params = load_params("recognize", Params)
    documents = list(read_records(clean / "documents.jsonl", Document))
    nlp = load_recognizer(params.model, precision=params.precision)
    settings = Settings(params.window, params.batch_size, params.lowest_score)
    tally = Tally()
    mentions = list(recognize(documents, nlp, settings, load_knowledge(), tally=tally))
    write_records(out / "mentions.jsonl", mentions)
    rows = [
        {"stage": "recognize", "unit": "name", "outcome": outcome, "count": count}
        for outcome, count in tally.outcomes.items()
    ]
    write_table(out / "tally.csv", rows, TALLY)
    log.info("recognize: %d documents, %d mentions", len(documents), len(mentions))


if __name__ == "__main__":
    run_stage(main)
