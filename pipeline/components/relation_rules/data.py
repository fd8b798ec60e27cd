"""The relation rules as data: frames, rules between names, words of status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import ConfigError
from pipeline.schema import load_schema

RULES = Path(__file__).parents[2] / "data" / "rules" / "relations.yaml"


@dataclass(frozen=True, slots=True)
class Frame:
    """A trigger with the places of its ends in the parse."""

    number: int
    relation: str
    pos: str
    triggers: tuple[str, ...]
    head: tuple[str, ...]
    tail: tuple[str, ...]
    both: bool
    score: float
    object: tuple[str, ...] | None
    need: str


@dataclass(frozen=True, slots=True)
class Between:
    """What may stand between two names, and what it says of them."""

    relation: str
    head: frozenset[str]
    tail: frozenset[str]
    gap: re.Pattern[str]
    score: float
    reverse: bool
    across: frozenset[str]
    only: re.Pattern[str] | None
    only_tail: re.Pattern[str] | None
    cue: re.Pattern[str] | None
    before: re.Pattern[str] | None
    role_before: bool
    country_tail: bool
    tight: bool


@dataclass(frozen=True, slots=True)
class RelationRules:
    """The frames, the rules between names and the words of status."""

    frames: tuple[Frame, ...]
    between: tuple[Between, ...]
    stand_ins: frozenset[str]
    status: dict[str, frozenset[str]]


@cache
def load_relation_rules(path: Path = RULES) -> RelationRules:
    """Read the rules.

    Raises:
        ConfigError: a rule names an unknown relation or a pattern is no regular expression.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    schema = load_schema()
    for rule in [*content["frames"], *content["between"]]:
        if rule["relation"] not in schema.relations:
            raise ConfigError(
                f"{path}: relation {rule['relation']!r} is not one of "
                f"{', '.join(schema.relations)}. Correct it, or add it to schema.yaml."
            )
    frames = tuple(
        Frame(
            number=number,
            relation=rule["relation"],
            pos=rule["pos"],
            triggers=tuple(rule["triggers"]),
            head=tuple(rule["head"]),
            tail=tuple(rule.get("tail", ())),
            both=rule.get("both", False),
            score=float(rule["score"]),
            object=None
            if "object" not in rule
            else ()
            if rule["object"] == "none"
            else tuple(rule["object"]),
            need=rule.get("need", ""),
        )
        for number, rule in enumerate(content["frames"])
    )
    between = tuple(_between(rule, path) for rule in content["between"])
    status = {name: frozenset(words) for name, words in content["status"].items()}
    return RelationRules(frames, between, frozenset(content["stand_ins"]), status)


def _between(rule: dict[str, Any], path: Path) -> Between:
    def labels(value: str | list[str]) -> frozenset[str]:
        return frozenset([value] if isinstance(value, str) else value)

    def pattern(key: str) -> re.Pattern[str] | None:
        try:
            return re.compile(rule[key]) if key in rule else None
        except re.error as error:
            raise ConfigError(f"{path}, {rule['relation']}: {rule[key]!r}: {error}.") from error

    gap = pattern("gap")
    if gap is None:
        raise ConfigError(f"{path}, {rule['relation']}: a rule between names lacks `gap`. Add it.")
    before = pattern("before")
    return Between(
        relation=rule["relation"],
        head=labels(rule["head"]),
        tail=labels(rule["tail"]),
        gap=gap,
        score=float(rule["score"]),
        reverse=rule.get("reverse", False),
        across=labels(rule.get("across", [])),
        only=pattern("only"),
        only_tail=pattern("only_tail"),
        cue=pattern("cue"),
        before=re.compile(f"(?:{before.pattern})$") if before else None,
        role_before=rule.get("role_before", False),
        country_tail=rule.get("country_tail", False),
        tight=rule.get("tight", False),
    )
