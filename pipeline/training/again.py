"""Training again after a few texts were added: go on from the pipeline that is there.

A trained pipeline's folder holds `trained.json`: the settings that it was trained with and the
fingerprint of every text. Where the settings are the same and texts were only added, training
goes on from its weights, with all texts, for fewer epochs; else it begins anew.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from pipeline.records import make_key
from pipeline.tables import write_beside
from pipeline.training.loop import Plan

log = logging.getLogger(__name__)
NOTE = "trained.json"
AGAIN = frozenset({"again_epochs", "again_rate"})
PASSAGE = ("capitals ", "references ", "related ")  # begin the lines of short passages
MANY = 0.25  # share of new texts from which training begins anew


class Schedule(Protocol):
    """The settings of a train stage that say how long and how fast."""

    @property
    def seed(self) -> int: ...
    @property
    def epochs(self) -> int: ...
    @property
    def again_epochs(self) -> int: ...
    @property
    def rate(self) -> float: ...
    @property
    def again_rate(self) -> float: ...
    @property
    def warmup(self) -> float: ...
    @property
    def patience(self) -> int: ...


def settings_key(params: Mapping[str, object], config: str, start: str) -> str:
    """Name the settings that weights come from: all but how long and fast to go on from them.

    `params` are those of the stage, `config` the pipeline's, `start` names the starting weights.
    """
    kept = {name: value for name, value in params.items() if name not in AGAIN}
    return make_key(kept, config, start)


def plan_of(params: Schedule, again: bool) -> Plan:
    """Give the plan of a training from the start, or of one after texts were added."""
    epochs, rate = params.epochs, params.rate
    if again:
        epochs, rate = params.again_epochs, params.rate * params.again_rate
    return Plan(params.seed, epochs, rate, params.warmup, params.patience)


def texts_of(prepare: Path, *more: str) -> list[str]:
    """Read the fingerprints of the texts that are learnt from: part, name, SHA-256 each.

    They are those of `trained_on.txt` and of `more` files beside it, where these exist.
    """
    paths = [prepare / name for name in ("trained_on.txt", *more)]
    return [
        line
        for path in paths
        if path == paths[0] or path.exists()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def may_go_on(out: Path, settings: str, texts: Sequence[str]) -> bool:
    """Tell whether the pipeline in `out` was trained with these settings on a part of the texts.

    The same texts exactly mean that somebody asked for a run from the start.
    """
    path = out / NOTE
    if not path.is_file():
        return False
    note = json.loads(path.read_text(encoding="utf-8"))
    known = set(note["texts"])
    added = set(texts) - known
    new = {text for text in added if not text.startswith(PASSAGE)}
    going = (
        note["settings"] == settings
        and known < set(texts)
        and len(new) <= MANY * max(1, sum(not text.startswith(PASSAGE) for text in texts))
    )
    if going:
        log.info(
            "%s: %d texts and %d passages were added, training goes on from its weights",
            out,
            len(new),
            len(added) - len(new),
        )
    return going


def write_note(out: Path, settings: str, texts: Sequence[str]) -> None:
    """Write beside a trained pipeline what it was trained with."""
    with write_beside(out / NOTE) as stream:
        json.dump({"settings": settings, "texts": sorted(texts)}, stream, indent=0)
        stream.write("\n")
