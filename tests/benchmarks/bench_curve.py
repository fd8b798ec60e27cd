"""The learning curve: scores on dev by share of the annotated texts, for both networks.

`python -m tests.benchmarks.bench_curve --prepare outputs/prepare --out
tests/benchmarks/curve.csv` trains both on a quarter and on a half of the train part, the relater
with the recognizer of the same share, and reads the scores of the whole off the shipped models. A
small share makes few steps an epoch, so it is given `--longer` times the epochs: the curve is to
show what texts are worth, not what steps are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.tokens import DocBin

from pipeline.cli import InPath, run_stage
from pipeline.params import load_params
from pipeline.stages import train_recognizer, train_relater
from pipeline.training.loop import digest
from tests.benchmarks.trials import (
    WORK,
    Trial,
    add_row,
    build,
    key_of,
    known,
    measure_relater,
    recognizer_config,
    run,
)

SHARES = (0.25, 0.5)
VARIANT = "shipped design"


def train_and_keep(
    params: train_recognizer.Params, out: Path, prepare: Path, checkpoint: Path
) -> dict[str, Any]:
    """Train a recognizer as the stage does, keep it in `out`, and give its scores on dev."""
    settings = recognizer_config(params)
    nlp = build(settings, params.seed)
    key = key_of(params, settings, prepare)
    scores = train_recognizer.train_recognizer(nlp, prepare, params, checkpoint, key, None)
    shutil.rmtree(out, ignore_errors=True)
    nlp.to_disk(out)
    return scores


def shipped_scores(folder: Path) -> dict[str, Any]:
    """Read the scores on dev that a shipped pipeline carries."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    scores: dict[str, Any] = meta["performance"]
    return scores


def measure_share(
    out: Path, prepare: Path, share: float, longer: float, names: train_recognizer.Params,
    relations: train_relater.Params,
) -> None:  # fmt: skip
    """Add the rows of both networks at one share."""
    ours = replace(names, epochs=round(names.epochs * longer))
    theirs = replace(relations, epochs=round(relations.epochs * longer))
    kept = WORK / f"recognizer-{share}-{ours.epochs}-{digest(prepare / 'train.spacy')[:8]}"
    trials: list[tuple[Trial, Callable[[Path, Path], dict[str, Any]]]] = [
        (Trial("recognizer", VARIANT, share, ours.epochs), partial(train_and_keep, ours, kept)),
        (Trial("relater", VARIANT, share, theirs.epochs), partial(measure_relater, theirs, kept)),
    ]
    if known(out, trials[1][0]):
        trials.pop()
    if known(out, trials[0][0]) and (kept.exists() or len(trials) == 1):
        trials.pop(0)
    for trial, measure in trials:
        run(out, trial, prepare, measure)


def main(
    prepare: InPath,
    out: Annotated[Path, typer.Option(help="The table that rows are added to.")],
    models: Annotated[Path, typer.Option(help="The shipped models, trained on all.")] = Path(
        "models"
    ),
    longer: Annotated[float, typer.Option(help="Epochs of a share, by those of all.")] = 2.0,
) -> None:
    """Measure the shares that are not in the table yet."""
    names = load_params("train_recognizer", train_recognizer.Params)
    relations = load_params("train_relater", train_relater.Params)
    for share in SHARES:
        measure_share(out, prepare, share, longer, names, relations)
    count = len(DocBin().from_disk(prepare / "train.spacy"))
    for name, params in (("recognizer", names), ("relater", relations)):
        trial = Trial(name, VARIANT, 1.0, params.epochs)
        add_row(out, trial, count, shipped_scores(models / name), None)


if __name__ == "__main__":
    run_stage(main)
