"""Which capitals stand for their country: in annotated texts, and in passages marked for it alone.

A passage is a paragraph of a `.txt` file in which every capital is marked `[[Hanoi|G]]` where it is
the government, `[[Hanoi|C]]` where it is the city. Nothing else is marked, so that a reader who
finds a capital read wrong can add the sentence in a minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.components.capitals import seat_of
from pipeline.errors import RecordError
from pipeline.knowledge import Knowledge
from pipeline.markup import GoldText
from pipeline.text import normalise

MARK = re.compile(r"\[\[([^\[\]|]*)\|([^\[\]|]*)\]\]")
STRAY = re.compile(r"\[\[|\]\]")
GOVERNMENT = {"G": True, "C": False}


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with its capitals: first and last character, whether it is the government."""

    text: str
    seats: tuple[tuple[int, int, bool], ...]


def seats_of(gold: GoldText, knowledge: Knowledge) -> Iterator[tuple[int, int, bool]]:
    """Give first and last character of each capital, and whether it stands for its country.

    A name that its thing has as its canonical name, or begins with, is the city. Where the text
    gives no canonical name, it is the government if the country's own name has the same
    identifier, and the city if that has another; else nothing is known of it.
    """
    names = {name.id: name for name in gold.names}
    countries = {
        mention.ids[0]: code
        for mention in gold.mentions
        if mention.label == "GPE" and (code := knowledge.country(mention.text))
    }
    for mention in gold.mentions:
        code = seat_of(mention.text, knowledge)
        if mention.label != "GPE" or not code or knowledge.country(mention.text):
            continue
        thing = names.get(mention.ids[0])
        if thing is None:
            if code in countries.values():
                yield mention.start, mention.end, countries.get(mention.ids[0]) == code
            continue
        if thing.wikidata == knowledge.countries[code].wikidata or knowledge.country(thing.name):
            yield mention.start, mention.end, True
        elif normalise(thing.name).startswith(normalise(mention.text)):
            yield mention.start, mention.end, False


def read_passages(folder: Path) -> list[Passage]:
    """Read the passages of all `.txt` files of a folder, by file name and place.

    Raises:
        RecordError: a mark is not well formed, or a passage has none.
    """
    return [
        _passage(block[0], f"{path}, line {content.count(chr(10), 0, block.start()) + 1}")
        for path in sorted(folder.glob("*.txt"))
        for content in [path.read_text(encoding="utf-8-sig")]
        for block in re.finditer(r"\S(?:.|\n(?!\s*\n))*", content)
    ]


def _passage(marked: str, place: str) -> Passage:
    text, seats, at = "", [], 0
    for mark in MARK.finditer(marked):
        name, kind = mark[1], mark[2]
        if kind not in GOVERNMENT or not name.strip():
            raise RecordError(
                f"{place}: {mark[0]} is not well formed, expected [[Hanoi|G]] for the government "
                f"or [[Hanoi|C]] for the city. Correct the mark."
            )
        text += marked[at : mark.start()]
        seats.append((len(text), len(text) + len(name), GOVERNMENT[kind]))
        text += name
        at = mark.end()
    text += marked[at:]
    if not seats or STRAY.search(text):
        raise RecordError(
            f"{place}: the passage {' '.join(marked.split())[:60]!r} has "
            f"{'a bracket that closes no mark' if seats else 'no marked capital'}, expected "
            f"[[Hanoi|G]] for a government or [[Hanoi|C]] for a city. Mark its capitals, or take "
            f"the passage out."
        )
    return Passage(text.rstrip(), tuple(seats))
