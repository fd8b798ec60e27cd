"""Possible names, and which of those that overlap are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.text import is_acronym


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name: character offsets in the Doc's text, label and score."""

    start: int
    end: int
    label: str
    score: float
    source: str


def after_titles(candidates: list[Candidate], text: str) -> Iterator[Candidate]:
    """Let a person's name begin behind the title that the model took for a part of it."""
    titles: dict[int, int] = {}
    for candidate in candidates:
        if candidate.label == "ROLE":
            titles[candidate.start] = max(candidate.end, titles.get(candidate.start, 0))
    for candidate in candidates:
        end = titles.get(candidate.start, 0)
        title = text[candidate.start : end]
        # `DPM Khiem`: what begins with the acronym of a post is no body but who holds it.
        person = candidate.label == "PERSON" or (candidate.source == "ner" and is_acronym(title))
        if person and end and end + 1 < candidate.end:
            yield replace(
                candidate, label="PERSON", start=end + len(text[end:]) - len(text[end:].lstrip())
            )
        else:
            yield candidate


def without_runs(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out what the model took for one name and the rules for two or more."""
    sure = [c for c in candidates if c.source != "ner"]
    return [
        c
        for c in candidates
        if c.source != "ner"
        or len(
            {
                (s.start, s.label)
                for s in choose(s for s in sure if c.start <= s.start and s.end <= c.end)
            }
        )
        < 2
    ]


def choose(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Keep candidates that do not overlap: the longer first, then the surer."""
    kept: list[Candidate] = []
    taken: set[int] = set()

    def rank(candidate: Candidate) -> tuple[float, int, str, str]:
        length = candidate.end - candidate.start
        return (-length * candidate.score**2, candidate.start, candidate.label, candidate.source)

    for candidate in sorted(candidates, key=rank):
        span = range(candidate.start, candidate.end)
        if not taken.intersection(span):
            taken.update(span)
            kept.append(candidate)
    return sorted(kept, key=lambda candidate: candidate.start)
