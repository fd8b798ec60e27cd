"""Words and names of a sentence in order, and whose voice a phrase of them is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

CUES = Path(__file__).parent / "data" / "cues.yaml"
PIECE = re.compile(r"['’]s\b|\w+(?:['’\-.]\w+)*|[^\w\s]")
PREPOSITIONS = frozenset("of for from at in by with to on about against under within between".split())
BELONGS = frozenset("of for from at with within".split())
ACTORS = frozenset({"ORG", "GPE", "PERSON", "DOCUMENT"})
ARTICLES = frozenset("the a an its his her their our this that one some other another".split())


@dataclass(frozen=True, slots=True)
class Named:
    """A mention as attribution sees it: characters of the text, label, what it stands for."""

    start: int
    end: int
    label: str
    cluster: tuple[str, ...]
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, a mark or a whole name; `name` is the index of a mention, -1 for none."""

    start: int
    end: int
    word: str
    name: int = -1


@dataclass(frozen=True, slots=True)
class Speech:
    """The word lists of `speech` in data/cues.yaml."""

    verbs: frozenset[str]
    bare: frozenset[str]
    telling: frozenset[str]
    hearers: frozenset[str]
    closing: frozenset[str]
    empty: frozenset[str]
    according: re.Pattern[str]
    stand_ins: frozenset[str]
    persons: frozenset[str]
    things: frozenset[str]
    posts: frozenset[str]
    papers: frozenset[str]
    sittings: frozenset[str]
    adverbs: frozenset[str]
    openers: frozenset[str]


@cache
def load_speech(path: Path = CUES) -> Speech:
    """Read the lists; a missing one is a KeyError."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))["speech"]
    phrases = "|".join(map(re.escape, content.pop("according")))
    lists = {name: frozenset(words.casefold().split()) for name, words in content.items()}
    return Speech(according=re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE), **lists)


def units_of(text: str, begin: int, stop: int, names: Sequence[Named]) -> list[Unit]:
    """Cut a stretch of text into units; `names` are sorted and never overlap."""
    units: list[Unit] = []

    def words(low: int, high: int) -> None:
        for match in PIECE.finditer(text, low, high):
            units.append(Unit(match.start(), match.end(), match[0].casefold()))

    at = begin
    for number, name in enumerate(names):
        if name.start < at or name.end > stop:
            continue
        words(at, name.start)
        units.append(Unit(name.start, name.end, "", number))
        at = name.end
    words(at, stop)
    return units


def voice_of(zone: Sequence[Unit], names: Sequence[Named]) -> tuple[int, ...]:
    """Give the mentions whose voice a noun phrase is; () where it names none.

    `Minister X`, `X of the ministry` and `spokesperson for the ministry X` are X, `officials
    from the ministry` the ministry, `victims from the country` nobody.
    """
    speech = load_speech()
    zone = _without_openers(zone, speech)
    if not zone:
        return ()
    last = zone[-1]
    if last.name >= 0 and names[last.name].label == "PERSON":
        if len(zone) == 1 or zone[-2].word not in PREPOSITIONS | {"and", "or", "'s", "’s"}:
            return (last.name,)
    if several := _coordinated(zone, names):
        return several
    cut = next((i for i, unit in enumerate(zone) if unit.word in PREPOSITIONS), len(zone))
    head, rest = list(zone[:cut]), list(zone[cut:])
    if not head:
        return ()
    kernel = head[-1]
    if kernel.name >= 0 and names[kernel.name].label in ACTORS:
        return (kernel.name,)
    if kernel.word in speech.stand_ins or (kernel.name >= 0 and names[kernel.name].label == "ROLE"):
        own = [u.name for u in head[:-1] if u.name >= 0 and names[u.name].label in ("ORG", "GPE")]
        if own:
            return (own[-1],)
        if rest and rest[0].word in BELONGS:
            tail = rest[1:]
            several = _coordinated([u for u in tail if u.word not in ARTICLES], names)
            first = [u.name for u in tail if u.name >= 0 and names[u.name].label in ACTORS]
            return several or tuple(first[:1])
    return ()


def _without_openers(zone: Sequence[Unit], speech: Speech) -> list[Unit]:
    units = list(zone)
    while units and units[0].word in speech.openers | speech.adverbs:
        units = units[1:]
    return units


def _coordinated(zone: Sequence[Unit], names: Sequence[Named]) -> tuple[int, ...]:
    """Give the members of `A and B` or `A, B and C` where nothing else stands between them."""
    speech = load_speech()
    found, joined = [], False
    for place, unit in enumerate(zone):
        if unit.name >= 0 and names[unit.name].label in ACTORS:
            found.append(unit.name)
        elif unit.word in ("and", ","):
            joined = joined or unit.word == "and"
        elif place == len(zone) - 1 and unit.word in speech.stand_ins:
            continue
        elif unit.word not in ARTICLES:
            return ()
    return tuple(found) if joined and len(found) > 1 else ()
