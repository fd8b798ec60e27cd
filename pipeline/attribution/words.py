"""The word lists of reported speech, from data/cues.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import yaml

from pipeline.errors import ConfigError

CUES = Path(__file__).parent.parent / "data" / "cues.yaml"


@dataclass(frozen=True, slots=True)
class Speech:
    """The lists of `speech` in data/cues.yaml, where each is explained."""

    verbs: frozenset[str]
    closing: frozenset[str]
    bare: frozenset[str]
    telling: frozenset[str]
    doubting: frozenset[str]
    hearers: frozenset[str]
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
    """Read the lists.

    Raises:
        ConfigError: a list is missing, or there is one too many.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))["speech"]
    wanted = {field.name for field in fields(Speech)}
    if set(content) != wanted:
        raise ConfigError(
            f"{path}, speech: found {sorted(content)}, expected the lists {sorted(wanted)}. "
            f"Add or remove what differs."
        )
    phrases = "|".join(map(re.escape, content.pop("according")))
    lists = {name: frozenset(words.casefold().split()) for name, words in content.items()}
    return Speech(according=re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE), **lists)
