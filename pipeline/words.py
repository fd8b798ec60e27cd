"""Word lists and fitted weights of the package: kinds of things, what speaks for a reading."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).parent / "data" / "words.yaml"
FITTED = WORDS.parent / "rules" / "fitted.yaml"

Weights = dict[str, dict[str, float]]


@cache
def load_words(*names: str) -> frozenset[str]:
    """Give the words of lists of data/words.yaml, in lower case.

    Raises:
        KeyError: there is no list of that name.
    """
    lists: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return frozenset(word for name in names for word in lists[name].split())


@cache
def load_weights(section: str, path: Path = FITTED) -> Weights:
    """Give one section of a file of fitted weights, by default of what `fit_coreference` writes.

    Raises:
        KeyError: there is no section of that name.
    """
    sections: dict[str, Weights] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return sections[section]
