"""Word lists of the package: kinds of things, words of which names of bodies are made."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).parent / "data" / "words.yaml"


@cache
def load_words(*names: str) -> frozenset[str]:
    """Give the words of lists of data/words.yaml, in lower case.

    Raises:
        KeyError: there is no list of that name.
    """
    lists: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return frozenset(word for name in names for word in lists[name].split())
