"""Which names of people are one person's, by the habits of the names' languages.

English, Vietnamese and Khmer texts shorten to the last word, Thai and Burmese ones to the first,
Chinese and Korean names to the first or the last two, Spanish ones to the last word but one. A
short form joins a full name only where there is exactly one that it can stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from pipeline.keys import person_words
from pipeline.words import load_words

Words = tuple[str, ...]
LONG = 6  # letters from which one letter may differ


def same_people(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give pairs of indexes of names that are one person's."""
    words = [person_words(name) for name in names]
    where = {forms: words.index(forms) for forms in words}
    yield from ((where[w], i) for i, w in enumerate(words) if w and i != where[w])
    full = sorted({forms for forms in words if len(forms) > 1}, key=lambda f: (-len(f), f))
    for forms in sorted({w for w in words if w}):
        longer = [f for f in full if len(f) > len(forms) and _is_short_for(forms, f)]
        ends = [f for f in longer if f[-len(forms) :] == forms]
        candidates = ends or longer or _second_last(forms, full) or _misspelt(forms, full)
        # Longer forms of one another are one person: `Bui Son`, `Bui Thanh Son`.
        top = [
            f for f in candidates
            if not any(_is_short_for(f, g) for g in candidates if len(g) > len(f))
        ]  # fmt: skip
        if len(top) == 1:
            yield where[top[0]], where[forms]


def _second_last(forms: Words, full: list[Words]) -> list[Words]:
    """Give the names whose first surname of two is the word: `Urrutia`, `Ana Urrutia Belmar`."""
    if len(forms) > 1 or forms[0] in load_words("middle_names"):
        return []
    return [f for f in full if len(f) > 2 and forms[0] in f[1:-1]]


def _misspelt(forms: Words, full: list[Words]) -> list[Words]:
    """Give the names of which these words are a spelling: one letter of a long word differs."""

    def near(one: str, other: str) -> bool:
        return min(len(one), len(other)) >= LONG and OSA.distance(one, other) == 1

    if len(forms) == 1:
        return [f for f in full if near(forms[0], f[0]) or near(forms[0], f[-1])]
    return [
        f for f in full
        if f != forms and len(f) == len(forms)
        and all(one == other or near(one, other) for one, other in zip(forms, f, strict=True))
    ]  # fmt: skip


def _is_short_for(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    if len(short) >= len(full):
        return False
    if full[-len(short) :] == short:
        return True
    if full[: len(short)] == short:
        # No Vietnamese goes without the last name: `Nguyen Thi Mai` is not `Nguyen Thi Mai Huong`.
        families = ("family_only", "vietnamese_families") if len(short) > 2 else ("family_only",)
        return short[0] not in load_words(*families)
    # A middle name left out or cut to its letter: `Matthew J. Rycroft`, `Hoang Chien`.
    return (
        len(short) > 1
        and short[0] == full[0]
        and short[-1] == full[-1]
        and all(any(f.startswith(word) for f in full[1:-1]) for word in short[1:-1])
    )
