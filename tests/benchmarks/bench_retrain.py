"""How long training again takes after twenty annotated texts were added.

`python -m tests.benchmarks.bench_retrain` copies the project to a temporary folder, adds copies
of twenty texts of the transfer part as new ones, runs the stages prepare, train_recognizer and
train_relater there, and prints the seconds of each. The models that result are thrown away: they
have seen the transfer part.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.gold import listed
from tests.conftest import ROOT

log = logging.getLogger(__name__)
ADDED = 20
STAGES = {
    "prepare": [
        "--gold", "seeds/gold", "--capitals", "seeds/capitals", "--references", "seeds/references",
        "--out", "outputs/prepare",
    ],
    "train_recognizer": [
        "--prepare", "outputs/prepare", "--config", "pipeline/configs/recognizer.cfg",
        "--out", "models/recognizer",
    ],
    "train_relater": [
        "--prepare", "outputs/prepare", "--recognizer", "models/recognizer",
        "--config", "pipeline/configs/relater.cfg", "--out", "models/relater",
    ],
}  # fmt: skip


def add_texts(project: Path) -> None:
    """Add copies of transfer texts, which belong to no other part, to the train part.

    The originals go, so that no text stands in two parts.
    """
    gold = project / "seeds" / "gold"
    moved = [row["doc_id"] for row in listed(gold) if row["part"] == "transfer"][:ADDED]
    table = (gold / "documents.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in table if line.split(",")[0] not in moved]
    (gold / "documents.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    log.info("%d texts are new", len(moved))


def main() -> None:
    """Run the stages on a copy and print how long each took."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        leave = shutil.ignore_patterns(".git", ".venv", ".dvc", ".train", "outputs", "articles")
        shutil.copytree(ROOT, project, ignore=leave)
        add_texts(project)
        total = 0.0
        for stage, options in STAGES.items():
            began = time.perf_counter()
            command = [sys.executable, "-m", f"pipeline.stages.{stage}", *options]
            subprocess.run(command, cwd=project, check=True)
            total += time.perf_counter() - began
            log.info("%s: %.0f s", stage, time.perf_counter() - began)
        log.info("all: %.0f s", total)


if __name__ == "__main__":
    main()
