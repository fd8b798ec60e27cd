"""Training again after a few texts were added or corrected: go on from the pipeline that is there.

A trained pipeline's folder holds `trained.json`: the settings that it was trained with and the
fingerprint of every text. Where the settings are the same and few texts are new, training goes on
from its weights, with the new texts and a share of the old ones, for fewer epochs; else it begins
anew. So it does where an annotated text is gone: it may be one to test with now.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from spacy.tokens import Doc

from pipeline.records import make_key
from pipeline.tables import write_beside
from pipeline.training.loop import Plan

log = logging.getLogger(__name__)
Item = TypeVar("Item")
NOTE = "trained.json"
AGAIN = frozenset({"again_epochs", "again_rate", "again_replay"})
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


@dataclass(frozen=True, slots=True)
class Again:
    """What to go on from: the folder of a trained pipeline, and the fingerprints that are new."""

    before: Path
    added: frozenset[str]

    def replayed(
        self, items: Sequence[Item], share: float, seed: int, doc_of: Callable[[Item], Doc]
    ) -> list[Item]:
        """Give the items of new texts and a share of the others, another each time, in order."""
        draw = random.Random(make_key(seed, sorted(self.added)))
        chance = [draw.random() for _ in items]
        return [
            item
            for item, drawn in zip(items, chance, strict=True)
            if drawn < share or not self.added.isdisjoint(doc_of(item)._.fingerprints or [])
        ]


def going_on(out: Path, settings: str, texts: Sequence[str]) -> Again | None:
    """Give what to go on from where the pipeline in `out` was trained with these settings.

    None where it was not, where nothing or too much is new, or an annotated text is gone. The
    same texts exactly mean that somebody asked for a run from the start.
    """
    path = out / NOTE
    if not path.is_file():
        return None
    note = json.loads(path.read_text(encoding="utf-8"))
    known = set(note["texts"])
    added = frozenset(set(texts) - known)
    now = {text for text in texts if not text.startswith(PASSAGE)}
    new = now & added
    gone = _named(known) - _named(texts)
    if note["settings"] != settings or gone or not added or len(new) > MANY * max(1, len(now)):
        return None
    log.info(
        "%s: %d texts and %d passages are new or corrected, training goes on from its weights",
        out,
        len(new),
        len(added) - len(new),
    )
    return Again(out, added)


def _named(lines: Iterable[str]) -> set[str]:
    """Give part and name of the annotated texts among fingerprints."""
    return {line.rpartition(" ")[0] for line in lines if not line.startswith(PASSAGE)}


def write_note(out: Path, settings: str, texts: Sequence[str]) -> None:
    """Write beside a trained pipeline what it was trained with."""
    with write_beside(out / NOTE) as stream:
        json.dump({"settings": settings, "texts": sorted(texts)}, stream, indent=0)
        stream.write("\n")
