"""Seconds that `resolve` takes for 50,000 and 100,000 mentions, and their ratio.

Run with `python -m tests.benchmarks.bench_resolve`. The documents are made of the knowledge
files' own names and misspelt ones, a hundred mentions each, on one core.
"""

from __future__ import annotations

import random
import time

from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.records import Document, Mention, Relation
from pipeline.stages.resolve import Params, resolve

EACH = 100
KNOWN, MISSPELT = 0.6, 0.2


def misspelt(name: str, chance: random.Random) -> str:
    """Leave one letter out of a name."""
    at = chance.randrange(1, len(name)) if len(name) > 1 else 0
    return name[:at] + name[at + 1 :]


def documents(count: int, knowledge: Knowledge) -> tuple[list[Document], list[Mention]]:
    """Make so many mentions, in documents of a hundred; three names of five are known ones."""
    chance = random.Random(7)
    things = sorted(
        {known.entity_id: known for row in knowledge.things.values() for known in row}.values(),
        key=lambda known: known.entity_id,
    )
    made: list[Document] = []
    mentions: list[Mention] = []
    for number in range(count // EACH):
        doc_id, pieces, at = f"d{number:05}", [], 0
        for index in range(EACH):
            known = chance.choice(things)
            name = chance.choice([known.name, *known.aliases])
            if (draw := chance.random()) > KNOWN + MISSPELT:
                name = f"{chance.choice(things).name.split()[0]} {name}"
            elif draw > KNOWN:
                name = misspelt(name, chance)
            stop = at + len(name)
            country = known.country if known is knowledge.countries.get(known.country) else ""
            mentions.append(
                Mention(
                    f"{doc_id}:{index}", doc_id, at, stop, at, stop, name, known.label, "name",
                    (f"e{index}",), name, country, 0.9,
                )
            )  # fmt: skip
            pieces.append(name)
            at = stop + 2
        text = ". ".join(pieces)
        segments = ((len(text), 0, len(text), True),)
        day = f"{2000 + number % 26}-07-01"
        made.append(Document(doc_id, "", "", "", day, "en", EACH, "", text, segments, {}))
    return made, mentions


def seconds(count: int, knowledge: Knowledge) -> float:
    """Measure one run of `resolve`; making the documents does not count."""
    made, mentions = documents(count, knowledge)
    relations: list[Relation] = []
    began = time.process_time()
    resolve(made, mentions, relations, Params(0.72), knowledge)
    return time.process_time() - began


def main() -> None:
    """Print mentions, seconds and the ratio of both runs."""
    knowledge = load_knowledge()
    seconds(2_000, knowledge)  # caches of names are warm in both runs
    measured = {count: seconds(count, knowledge) for count in (50_000, 100_000)}
    for count, took in measured.items():
        print(f"{count} mentions: {took:.1f} s")
    print(f"ratio: {measured[100_000] / measured[50_000]:.2f}")


if __name__ == "__main__":
    main()
