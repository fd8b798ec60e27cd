"""Trials: one training of one variant on a share of the train part, one row of scores on dev.

A row is written as soon as it is known, a row that stands in the file is not measured again, and
a broken training goes on from its last epoch, so that a broken run of many trials goes on too.
"""

from __future__ import annotations

import logging
import math
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.util import load_config, load_model_from_config
from thinc.api import Config

from pipeline.extensions import add_extensions
from pipeline.params import ROOT
from pipeline.records import make_key
from pipeline.stages import train_recognizer, train_relater
from pipeline.tables import Table, read_table, write_table
from pipeline.training.loop import digest, digest_of, seed_all

log = logging.getLogger(__name__)
WORK = Path(".train") / "trials"
CONFIGS = ROOT / "pipeline" / "configs"
SCORES = (
    "names_f", "names_overlap_f", "references_f",
    "relations_f", "between_given_mentions_f",
)  # fmt: skip
# `seconds` is empty where the training was broken off and went on; scores are those of dev.
TRIALS = Table(
    "trials",
    ("model", "variant", "share", "epochs", "documents", *SCORES, "seconds"),
    ("model", "variant", "share", "epochs"),
)
KEY = ("model", "variant", "share", "epochs")


@dataclass(frozen=True, slots=True)
class Trial:
    """What a row stands for: `model` is recognizer or relater, `share` that of the train part."""

    model: str
    variant: str
    share: float
    epochs: int

    @property
    def folder(self) -> Path:
        """Where the trial keeps its epochs while it runs."""
        return WORK / make_key(self.model, self.variant, self.share, self.epochs)


def known(path: Path, trial: Trial) -> bool:
    """Tell whether the row of a trial stands in the table."""
    wanted = [str(value) for value in asdict(trial).values()]
    return path.exists() and wanted in [
        [row[name] for name in KEY] for row in read_table(path, TRIALS)
    ]


def add_row(
    path: Path, trial: Trial, documents: int, scores: dict[str, Any], seconds: float | None
) -> None:
    """Add the row of a trial, in the place of an older one, and keep all others."""
    row: dict[str, object] = {**asdict(trial), "documents": documents}
    row |= {name: f"{scores[name]:.4f}" for name in SCORES if scores.get(name) is not None}
    row["seconds"] = None if seconds is None else round(seconds)
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    for other in [*(read_table(path, TRIALS) if path.exists() else []), row]:
        rows[tuple(str(other[name]) for name in KEY)] = dict(other)
    write_table(path, rows.values(), TRIALS)


def run(
    path: Path, trial: Trial, prepare: Path, measure: Callable[[Path, Path], dict[str, Any]]
) -> None:
    """Run a trial and write its row; `measure` takes the prepared parts and the checkpoint."""
    part, count = share_of(prepare, trial.share)
    checkpoint = trial.folder
    whole = not (checkpoint / "progress.json").exists()
    began = time.perf_counter()
    log.info("trial: %s, %s, %d documents", trial.model, trial.variant, count)
    scores = measure(part, checkpoint)
    add_row(path, trial, count, scores, time.perf_counter() - began if whole else None)


def share_of(prepare: Path, share: float) -> tuple[Path, int]:
    """Write prepared parts whose train part is a share of the whole; gives folder and documents.

    Documents are taken at even steps through their sorted names, so that every genre is there.
    """
    out = WORK / f"prepare-{share}"
    add_extensions()
    docs = list(DocBin().from_disk(prepare / "train.spacy").get_docs(spacy.blank("en").vocab))
    chosen = every(sorted(docs, key=lambda doc: str(doc._.doc_id)), share)
    out.mkdir(parents=True, exist_ok=True)
    DocBin(store_user_data=True, docs=chosen).to_disk(out / "train.spacy")
    shutil.copyfile(prepare / "dev.spacy", out / "dev.spacy")
    return out, len(chosen)


def every(docs: Sequence[Doc], share: float) -> list[Doc]:
    """Take that share of a sequence, at even steps, one at least."""
    count = max(1, round(share * len(docs)))
    return [docs[math.floor(number * len(docs) / count)] for number in range(count)]


def recognizer_config(params: train_recognizer.Params) -> Config:
    """Give the recognizer's network as the stage makes it."""
    whole = load_config(CONFIGS / "recognizer.cfg")
    settings = Config({name: whole[name] for name in ("nlp", "components")})
    model = settings["components"]["transformer"]["model"]
    model["name"], model["freeze_layers"] = params.encoder, params.freeze_layers
    return settings


def build(settings: Config, seed: int) -> Language:
    """Make an untrained pipeline, always the same."""
    seed_all(seed)
    return load_model_from_config(settings, auto_fill=True)


def key_of(params: object, settings: Config, prepare: Path, *more: str) -> str:
    """Name a training, so that a checkpoint is taken up by the same one only."""
    data = [digest(prepare / f"{part}.spacy") for part in ("train", "dev")]
    return make_key(asdict(params), settings.to_str(), *data, *more)  # type: ignore[call-overload]


def measure_relater(
    params: train_relater.Params, recognizer: Path, prepare: Path, checkpoint: Path
) -> dict[str, Any]:
    """Train a relater as the stage does and give its scores on dev."""
    settings = load_config(CONFIGS / "relater.cfg")
    settings["components"]["relater"].update(
        encoder=params.encoder,
        freeze_layers=params.freeze_layers,
        width=params.width,
        dropout=params.dropout,
    )
    nlp = build(settings, params.seed)
    key = key_of(params, settings, prepare, digest_of(recognizer))
    finder = spacy.load(recognizer)
    return train_relater.train_relater(nlp, finder, prepare, params, checkpoint, key, None)
