"""The voices of a text, and whose reported speech states a relation.

Works on words and mentions, without a parse. Steps: find phrases that report speech (`X said
that`, `..., said X`, `according to X`), give each the stretches of text that it answers for, let
quotations reach over the sentences that they span, and give a statement the innermost speaker
whose stretches hold both of its ends. `data/cues.yaml` has the words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.attribution import contents
from pipeline.attribution.sentence import (
    ARTICLES,
    Named,
    Sentence,
    Span,
    Voice,
    quotations,
    units_of,
)
from pipeline.attribution.subjects import Subjects
from pipeline.attribution.words import load_speech
from pipeline.status import load_groups

# `is said to`, `will say`, `to say`: no report of what was said.
NO_REPORT = frozenset("is are was were be been being to will would not".split()) | ARTICLES
NO_REPORT |= {"'s", "’s"}
PARAGRAPH = re.compile(r"\n\s*\n")
# Between the parts of one noun phrase, names masked: `X's`, `of the`, `X and`.
LINKED = re.compile(r"(?:['’]s|of|for|at|to|from|in|the|a|an|and|with|,|\s|~)*")


def find_voices(text: str, starts: Sequence[int], names: Sequence[Named]) -> list[Voice]:
    """Find who speaks where. `starts` are where sentences begin; mentions are sorted, and apart."""
    finder = _Finder(text, sorted(starts), names)
    begin = 0
    for border in [*PARAGRAPH.finditer(text), None]:
        stop = border.start() if border else len(text)
        if text[begin:stop].strip():
            finder.read(begin, stop)
        begin = border.end() if border else stop
    return finder.voices


def voice_around(
    voices: Sequence[Voice],
    names: Sequence[Named],
    text: str,
    head: Span,
    tail: Span,
    relation: str,
    ends: tuple[str, ...],
) -> Voice | None:
    """Give the voice that states a relation, None where the text itself does.

    `ends` are the clusters of both ends: that somebody praises, urges or disputes, or is told
    off, the text says where that body's own words show it. What a noun phrase holds (a title
    beside a name) is the writer's even in another's speech.
    """
    around = [voice for voice in voices if voice.holds(head, tail)]
    if not around:
        return None
    voice = min(around, key=lambda v: (v.size, -v.phrase[0]))
    groups = load_groups()
    if relation in groups["acts"]:
        if any(set(names[number].cluster) & set(ends) for number in voice.speakers):
            return None
    if relation in groups["titles"]:
        low, high = min(head[1], tail[1]), max(head[0], tail[0])
        if low >= high or LINKED.fullmatch(_masked(text, low, high, names)):
            return None
    return voice


def _masked(text: str, low: int, high: int, names: Sequence[Named]) -> str:
    pieces, at = [], low
    for name in names:
        if at <= name.start and name.end <= high:
            pieces += [text[at : name.start], "~"]
            at = name.end
    return "".join([*pieces, text[at:high]]).casefold()


class _Finder:
    def __init__(self, text: str, starts: list[int], names: Sequence[Named]) -> None:
        self.text, self.starts, self.names = text, starts, names
        self.speech = load_speech()
        self.subjects = Subjects(names)
        self.voices: list[Voice] = []

    def read(self, begin: int, stop: int) -> None:
        """Read one paragraph."""
        heard = self.subjects.heard
        latest = heard[-1] if heard else None
        previous = latest[1] if latest and latest[0] == self.subjects.paragraph else None
        self.subjects.paragraph += 1
        quotes = quotations(self.text, begin, stop)
        first = len(self.voices)
        low = bisect_right(self.starts, begin)
        borders = [begin, *(start for start in self.starts[low:] if start < stop), stop]
        for left, right in pairwise(borders):
            units = units_of(self.text, left, right, self.names)
            self._sentence(Sentence(self.text, left, right, units, self.names, quotes))
        self._unclaimed(quotes, self.voices[first:], previous, begin)

    def _sentence(self, sentence: Sentence) -> None:
        earlier: Voice | None = None
        for place, unit in enumerate(sentence.units):
            if earlier and earlier.phrase[0] <= unit.start < earlier.phrase[1]:
                continue
            voice = None
            if unit.word in self.speech.verbs and self.text[unit.start].islower():
                voice = self._spoken(sentence, place, earlier)
                if voice and unit.word in self.speech.doubting:
                    voice = replace(voice, doubted=True)
            elif self.speech.according.match(self.text, unit.start):
                voice = contents.according(sentence, place)
            if voice is None:
                continue
            earlier = voice
            self.subjects.heard.append((self.subjects.paragraph, voice))
            if voice.stretches:
                self.voices.append(voice)

    def _spoken(self, sentence: Sentence, place: int, earlier: Voice | None) -> Voice | None:
        """Read one verb of speech: its speaker, and what is said."""
        before = sentence.word(place - 1) if place else ""
        if before in NO_REPORT:
            by = sentence.word(place + 1) == "by"
            return contents.passive(sentence, place) if by else None
        if inverted := self.subjects.behind(sentence, place):
            after, speakers = inverted
            return contents.closing(sentence, speakers, place, after)
        left, speakers = self.subjects.before(sentence, place, earlier)
        return contents.reported(sentence, speakers, left, place) if speakers else None

    def _unclaimed(
        self, quotes: list[Span], inside: list[Voice], previous: Voice | None, begin: int
    ) -> None:
        """Give quotations that no phrase claims the latest speaker.

        A quotation that opens a paragraph goes on with the paragraph before.
        """
        for start, end in quotes:
            if contents.is_term(self.text, (start, end)):
                continue
            claimed = [stretch for voice in inside for stretch in voice.stretches]
            if any(a <= start + 1 and end - 1 <= b for a, b in claimed):
                continue
            before = [voice for voice in inside if voice.phrase[0] < start]
            latest = before[-1] if before else None
            if latest is None and not self.text[begin:start].strip():
                latest = previous
            if latest is not None:
                self.voices.append(Voice(latest.speakers, (start, start), ((start, end),)))
