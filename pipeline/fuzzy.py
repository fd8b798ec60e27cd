"""Names that are nearly one of the knowledge files': misspelt, in another order, romanised.

A name is compared only within its block: known names of its label and country that share its
rarest word, or for a name of one word, that begin alike. Near is word by word, so that
`Ministry of Justice` is never near `Ministry of Tourism`, however alike the whole looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.components.countries import core_name
from pipeline.keys import body_key
from pipeline.knowledge import Knowledge, Known
from pipeline.text import fold

# From this share of equal letters on, a whole name may be another: below it, words differ.
CUTOFF = 85.0
# A second thing that is this close to the best makes the match uncertain: none is taken.
MARGIN = 3.0


class FuzzyNames:
    """Finds the known thing whose name is nearly a given one; counts what it compares."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.comparisons = 0
        self._blocks: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._found: dict[tuple[str, str, str], tuple[Known, float] | None] = {}

    def find(self, name: str, label: str, countries: Iterable[str]) -> tuple[Known, float] | None:
        """Give the known thing and its likeness in [0, 1], of the countries given."""
        folded = fold(name)
        best: tuple[Known, float] | None = None
        for country in dict.fromkeys(countries):
            key = (label, country, folded)
            if key not in self._found:
                self._found[key] = self._compare(folded, label, country)
            found = self._found[key]
            if found and (best is None or found[1] > best[1]):
                best = found
        return best

    def _compare(self, folded: str, label: str, country: str) -> tuple[Known, float] | None:
        names = self.knowledge.blocks.get((label, country), {})
        ranked: dict[str, tuple[float, Known]] = {}
        words = folded.split()
        for other in self._near(words, label, country):
            self.comparisons += 1
            if not alike(words, other.split()):
                continue
            score = fuzz.ratio(folded, other, score_cutoff=CUTOFF)
            for known in names[other] if score else ():
                if score > ranked.get(known.entity_id, (0.0, known))[0]:
                    ranked[known.entity_id] = (score, known)
        order = sorted(ranked.items(), key=lambda item: (-item[1][0], item[0]))
        if not order or (len(order) > 1 and order[0][1][0] - order[1][1][0] < MARGIN):
            return None
        score, known = order[0][1]
        return known, round(score / 100, 3)

    def _near(self, words: Sequence[str], label: str, country: str) -> list[str]:
        block = (label, country)
        if block not in self._blocks:
            index: dict[str, list[str]] = defaultdict(list)
            for name in sorted(self.knowledge.blocks.get(block, {})):
                parts = name.split()
                for word in parts if len(parts) > 1 else [name[:2]]:
                    index[word].append(name)
            self._blocks[block] = dict(index)
        keys = words if len(words) > 1 else [words[0][:2]] if words else []
        lists = [self._blocks[block][key] for key in keys if key in self._blocks[block]]
        return min(lists, key=len) if lists else []


class KnownBodies:
    """Finds the bodies of a country whose names have the words of a given one, in any order."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._keys: dict[str, dict[str, dict[str, Known]]] = {}

    def find(self, name: str, country: str) -> list[Known]:
        """Give the bodies; `name` may have the country in it, and has two words besides."""
        if country not in self._keys:
            keys: dict[str, dict[str, Known]] = {}
            named = self.knowledge.blocks.get(("ORG", country), {}).values()
            for known in {known.entity_id: known for row in named for known in row}.values():
                for form in (known.name, *known.aliases):
                    key = body_key(core_name(form, self.knowledge))
                    keys.setdefault(key, {})[known.entity_id] = known
            self._keys[country] = keys
        key = body_key(core_name(name, self.knowledge))
        return list(self._keys[country].get(key, {}).values()) if " " in key else []


def alike(left: Sequence[str], right: Sequence[str]) -> bool:
    """Tell whether two names agree word by word, but for single letters of long words."""
    return len(left) == len(right) and all(map(_near, left, right))


def _near(left: str, right: str) -> bool:
    if left == right:
        return True
    short = min(len(left), len(right))
    if short < 6 or left[0] != right[0] or not (left.isalpha() and right.isalpha()):
        return False
    allowed = 2 if short >= 9 else 1
    return Levenshtein.distance(left, right, score_cutoff=allowed) <= allowed
