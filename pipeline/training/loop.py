"""The training loop: shuffled batches, a rate that rises and falls, checkpoints to resume from."""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import torch

from pipeline.tables import write_beside

log = logging.getLogger(__name__)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train and how fast: `warmup` and `epochs` count epochs, `rate` is the peak."""

    seed: int
    epochs: int
    rate: float
    warmup: float
    patience: int


@dataclass(slots=True)
class Progress:
    """Where a run stands; the checkpoint keeps it."""

    epoch: int = 0
    best: float = -1.0
    best_epoch: int = 0


class Steps(Protocol):
    """What the next step depends on and a saved pipeline does not hold.

    A pipeline's folder has the encoder in half precision and no moments of the optimizers.
    """

    def keep(self, path: Path) -> None:
        """Write it to a file."""

    def take_up(self, path: Path) -> None:
        """Read it from a file, after the pipeline."""


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def digest_of(folder: Path) -> str:
    """Give the SHA-256 of a folder: of its files' names and contents, but for a README.md."""
    whole = sha256()
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "README.md")
    for path in sorted(files):
        whole.update(f"{path.relative_to(folder).as_posix()} {digest(path)}\n".encode())
    return whole.hexdigest()


def void(_: object) -> None:
    """Take a value and give none, for callbacks."""


def seed_all(seed: int) -> None:
    """Seed every library that draws."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def rate_at(plan: Plan, step: int, steps_per_epoch: int) -> float:
    """Give the rate of a step: up over the warm-up, then down in a line to a fiftieth."""
    warm = max(1, int(plan.warmup * steps_per_epoch))
    last = max(1, plan.epochs * steps_per_epoch)
    return plan.rate * min(step / warm, max(0.02, 1 - (step - warm) / max(1, last - warm)))


def train(
    plan: Plan,
    batches: Callable[[random.Random], Sequence[Item]],
    learn: Callable[[Item, float], float],
    evaluate: Callable[[], float],
    save: Callable[[Path], None],
    restore: Callable[[Path], None],
    checkpoint: Path,
    key: str,
    steps: Steps | None = None,
) -> Progress:
    """Train and leave the best epoch's weights in place.

    `batches` makes an epoch's batches from a generator of its own, so that a resumed run sees
    what an unbroken one would. `checkpoint` holds the last and the best epoch; it is taken up
    only where `key` (inputs and settings) is the same, and removed at the end. With `steps` a
    resumed run ends with the weights of an unbroken one.
    """
    progress = _resume(checkpoint, key, restore, steps)
    checkpoint.mkdir(parents=True, exist_ok=True)
    for epoch in range(progress.epoch, plan.epochs):
        seed_all(plan.seed + epoch)
        inside = batches(random.Random(plan.seed + epoch))
        loss = 0.0
        for number, batch in enumerate(inside):
            step = epoch * len(inside) + number + 1
            loss += learn(batch, rate_at(plan, step, len(inside)))
            if number % 20 == 19:
                log.info("  epoch %d, batch %d of %d", epoch + 1, number + 1, len(inside))
        score = evaluate()
        log.info(
            "epoch %d of %d: loss %.3f, score %.4f",
            epoch + 1,
            plan.epochs,
            loss / max(1, len(inside)),
            score,
        )
        progress.epoch = epoch + 1
        if score > progress.best:
            progress.best, progress.best_epoch = score, epoch + 1
            save(checkpoint / "best")
        save(checkpoint / "last")
        if steps:
            steps.keep(checkpoint / "steps.pt")
        _note(checkpoint, key, progress)
        if plan.patience and progress.epoch - progress.best_epoch >= plan.patience:
            break
    restore(checkpoint / "best")
    shutil.rmtree(checkpoint)
    return progress


def _resume(
    checkpoint: Path, key: str, restore: Callable[[Path], None], steps: Steps | None
) -> Progress:
    note = checkpoint / "progress.json"
    if note.exists():
        content = json.loads(note.read_text(encoding="utf-8"))
        if content.pop("key") == key:
            restore(checkpoint / "last")
            if steps:
                steps.take_up(checkpoint / "steps.pt")
            log.info("resuming after epoch %d", content["epoch"])
            return Progress(**content)
    shutil.rmtree(checkpoint, ignore_errors=True)
    return Progress()


def _note(checkpoint: Path, key: str, progress: Progress) -> None:
    with write_beside(checkpoint / "progress.json") as stream:
        json.dump({"key": key, **asdict(progress)}, stream)
