"""The word lists and patterns of `data/cleaning.yaml`, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).parent.parent / "data" / "cleaning.yaml"
LONGEST = 1500  # characters of a line that may be a menu
SPLIT = re.compile(r"\s*[|»›>·•/,;:\t—–►▶▸…«‹<]+\s*|\s{2,}|\s-\s")


@dataclass(frozen=True)
class Rules:
    """Compiled rules. A line rule is its reason and a pattern for the whole line."""

    menu: frozenset[str]
    share: frozenset[str]
    related: frozenset[str]
    outlets: dict[str, str]
    lines: tuple[tuple[str, re.Pattern[str]], ...]
    firm: frozenset[str]
    credit_tail: re.Pattern[str]
    agency_tail: re.Pattern[str]
    agency_name_tail: re.Pattern[str]
    finite: frozenset[str]


@cache
def load_rules() -> Rules:
    """Read the rules that the package ships."""
    data: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return Rules(
        menu=frozenset(data["menu"]) | frozenset(data["related"]),
        share=frozenset(data["share"]),
        related=frozenset(data["related"]),
        outlets={alias: name for name, aliases in data["outlets"].items() for alias in aliases},
        lines=tuple((reason, _whole_line(patterns)) for reason, patterns in data["lines"].items()),
        firm=frozenset(data["firm"]),
        credit_tail=re.compile(data["credit_tail"].strip(), re.I),
        agency_tail=re.compile(data["agency_tail"].strip()),
        agency_name_tail=re.compile(data["agency_name_tail"].strip()),
        finite=frozenset(data["finite"].split()),
    )


def word_set(text: str) -> frozenset[str]:
    """Give the words of a list that is written as one text."""
    return frozenset(text.split())


def _whole_line(patterns: list[str]) -> re.Pattern[str]:
    parts = [p[1:] if p.startswith("~") else rf"(?:{p})\W*\Z" for p in patterns]
    return re.compile("|".join(f"(?:{part})" for part in parts), re.I)


def made_of(text: str, phrases: frozenset[str], longest: int = 4) -> bool:
    """Say whether a line is nothing but phrases of a list, small numbers and marks."""
    if len(text) > LONGEST:
        return False
    found = False
    for chunk in SPLIT.split(text.lower()):
        words = [word.strip("()[]{}.!?\"'“”*#+&") or word for word in chunk.split()]
        at = 0
        while at < len(words):
            size = next(
                (
                    size
                    for size in range(min(longest, len(words) - at), 0, -1)
                    if " ".join(words[at : at + size]) in phrases
                ),
                0,
            )
            if size:
                found = True
                at += size
            elif re.fullmatch(r"\d[\d.,]*[km]?|\W+", words[at]):
                at += 1
            else:
                return False
    return found
