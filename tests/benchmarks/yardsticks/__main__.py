"""The command: train and score on each set, and write the table of results."""

from __future__ import annotations

import csv
import logging
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import spacy
import typer
import yaml

from pipeline.cli import run_stage
from pipeline.params import make_params
from tests.benchmarks.yardsticks.measures import TASKS
from tests.benchmarks.yardsticks.sets import Yardstick, make_doc, prepare, read_part

log = logging.getLogger(__name__)

SETTINGS = Path(__file__).parent.with_suffix(".yaml")
RESULTS = SETTINGS.with_suffix(".csv")
COLUMNS = ("yardstick", "measure", "part", "seed", "precision", "recall", "f1", "gold")
Row = dict[str, Any]


def measure(name: str, yardstick: Yardstick, data: Path, part: str, work: Path) -> list[Row]:
    """Train with each seed and score one part; rows of the mean where there are several seeds."""
    prepare(data, yardstick, work)
    nlp = spacy.blank("en")
    docs = [make_doc(nlp, sentence) for sentence in read_part(data, yardstick, part)]
    rows: list[Row] = []
    for seed in yardstick.seeds:
        for kind, scores in TASKS[yardstick.task](docs, yardstick, seed, work).items():
            values = {"precision": scores["p"], "recall": scores["r"], "f1": scores["f"]}
            rows.append(
                {"yardstick": name, "measure": kind, "part": part, "seed": seed}
                | values
                | {"gold": scores["support"]}
            )
            log.info("%s, seed %d, %s: F1 %.4f on %s", name, seed, kind, scores["f"], part)
    return rows + means(rows)


def means(rows: Sequence[Row]) -> list[Row]:
    """Give a row a measure with the mean over the seeds; none for a single seed."""
    found = []
    for kind in dict.fromkeys(row["measure"] for row in rows):
        own = [row for row in rows if row["measure"] == kind]
        mean = {k: statistics.mean(row[k] for row in own) for k in ("precision", "recall", "f1")}
        if len(own) > 1:
            found.append(own[0] | {"seed": "mean"} | mean)
    return found


def read_settings(path: Path = SETTINGS) -> dict[str, Yardstick]:
    """Read the yardsticks and how to train for them."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: make_params(own, Yardstick, f"{path}, {name}") for name, own in content.items()}


def write_results(path: Path, rows: Sequence[Row]) -> None:
    """Put rows into the table in place of those of the same yardstick and part."""
    kept: list[Row] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            kept = list(csv.DictReader(stream))
    new = {(row["yardstick"], row["part"]) for row in rows}
    kept = [row for row in kept if (row["yardstick"], row["part"]) not in new]
    for row in rows:
        kept.append({k: f"{v:.4f}" if isinstance(v, float) else str(v) for k, v in row.items()})
    kept.sort(key=lambda row: [row[column] for column in COLUMNS[:4]])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


def main(
    data: Annotated[Path, typer.Option(help="The folder with the sets.")],
    only: Annotated[list[str] | None, typer.Option(help="A yardstick; none for all.")] = None,
    part: Annotated[str, typer.Option(help="dev to choose settings, test to report.")] = "test",
    out: Annotated[Path, typer.Option(help="The table of results.")] = RESULTS,
    settings: Annotated[Path, typer.Option(help="The yardsticks' settings.")] = SETTINGS,
    work: Annotated[Path, typer.Option(help="Where models lie.")] = Path(".train/yardsticks"),
) -> None:
    """Train and score on each set, and write the table."""
    for name, yardstick in read_settings(settings).items():
        if not only or name in only:
            write_results(out, measure(name, yardstick, data, part, work / name))


if __name__ == "__main__":
    run_stage(main)
