"""What is known of expressions that point back, read from data/rules/references.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import ConfigError
from pipeline.words import load_weights

RULES = Path(__file__).parent.parent / "data" / "rules" / "references.yaml"
NUMBERS = {"one": 1, "two": 2, "many": 0, "any": -1}


@dataclass(frozen=True, slots=True)
class Pronoun:
    """How one pronoun points: `number` is 1, 2, 0 for several, or -1 for one thing or several."""

    kind: str
    labels: frozenset[str]
    number: int
    gender: str


@dataclass(frozen=True, slots=True)
class ReferenceRules:
    """The word lists and weights.

    `unsure`, `unsure_unmarked` and, by kind of expression, `unsure_of` are the least beliefs.
    `like` gives nouns that may stand for one another. `weights` are by kind of expression, then
    by feature; `context` by a word beside a name, then by label: its log odds.
    """

    unsure: float
    unsure_of: dict[str, float]
    unsure_unmarked: float
    reach: int
    pronouns: dict[str, Pronoun]
    numbers: dict[str, int]
    determiners: frozenset[str]
    possessors: dict[str, str]
    nouns: dict[str, frozenset[str]]
    singular: frozenset[str]
    speech: re.Pattern[str]
    titles: dict[str, str]
    find: tuple[re.Pattern[str], ...]
    like: dict[str, frozenset[str]]
    posts: frozenset[str]
    countries: frozenset[str]
    places: frozenset[str]
    several: frozenset[str]
    weights: dict[str, dict[str, float]]
    context: dict[str, dict[str, float]]


@cache
def load_reference_rules(path: Path = RULES) -> ReferenceRules:
    """Read the rules.

    Raises:
        ConfigError: an expression of `find` is no regular expression, or a number is no number.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    nouns: dict[str, set[str]] = {}
    for label, words in content["nouns"].items():
        for word in words.split():
            nouns.setdefault(word, set()).add(label)
    return ReferenceRules(
        unsure=float(content["unsure"]),
        unsure_of={kind: float(bound) for kind, bound in content["unsure_of"].items()},
        unsure_unmarked=float(content["unsure_unmarked"]),
        reach=int(content["reach"]),
        pronouns=_pronouns(content["pronouns"], path),
        numbers={str(word): int(number) for word, number in content["numbers"].items()},
        determiners=frozenset(content["determiners"]),
        possessors=content["possessors"],
        nouns={word: frozenset(labels) for word, labels in nouns.items()},
        singular=frozenset(content["singular"]),
        speech=re.compile(rf"\b(?:{'|'.join(content['speech'].split())})\b"),
        titles={
            title.casefold().rstrip("."): gender
            for gender, titles in content["titles"].items()
            for title in titles
        },
        find=tuple(_compiled(words, path) for words in content["find"]),
        like={word: frozenset(row.split()) for row in content["like"] for word in row.split()},
        posts=frozenset(content["nouns"]["PERSON"].split()) - set(content["strangers"].split()),
        countries=frozenset(content["countries"].split()),
        places=frozenset(content["places"].split()),
        several=frozenset(content["several"].split()),
        weights=load_weights("references"),
        context=load_weights("context"),
    )


def _pronouns(rows: list[dict[str, Any]], path: Path) -> dict[str, Pronoun]:
    found: dict[str, Pronoun] = {}
    for row in rows:
        if row["number"] not in NUMBERS:
            raise ConfigError(
                f"{path}, pronouns {row['words']!r}: number {row['number']!r} is not one of "
                f"{', '.join(NUMBERS)}. Correct it."
            )
        pronoun = Pronoun(
            row["kind"],
            frozenset(row["labels"].split()),
            NUMBERS[row["number"]],
            row.get("gender", ""),
        )
        found.update(dict.fromkeys(row["words"].split(), pronoun))
    return found


def _compiled(words: str, path: Path) -> re.Pattern[str]:
    either = re.sub(r"(^|\||\?:)([tb])", lambda m: f"{m[1]}[{m[2]}{m[2].upper()}]", words)
    try:
        return re.compile(rf"(?<![\w-])(?:{either})(?![\w’-])")
    except re.error as error:
        raise ConfigError(f"{path}, find {words!r}: {error}. Correct the pattern.") from error
