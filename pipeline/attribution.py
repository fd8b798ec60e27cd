"""Who says so: the speaker whose reported speech states a relation.

Works on words and mentions, without a parse. Steps: find phrases that report speech (`X said
that`, `..., said X`, `according to X`), give each the stretches of text that it answers for, let
quotations reach over the sentences that they span, and give a statement the innermost speaker
whose stretches hold both of its ends. `data/cues.yaml` has the words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.speech import ACTORS, ARTICLES, PREPOSITIONS, Named, Speech, Unit, load_speech, units_of, voice_of
from pipeline.status import load_groups

Span = tuple[int, int]
REACH = 30  # units after a verb within which `that` may open what is said
APPOSITION = 18  # longest description between a name and its verb, in units
STOPS = frozenset(". ; : ( ) — – ? ! …".split())
QUOTES = frozenset('"“”‘')
CLAUSES = frozenset("that which while whereas because although though when where whose if".split())
PASSIVE = frozenset("is are was were be been being to will would not".split())
AFTER = frozenset(
    "in on at during after before when while as who following last yesterday today through via"
    " upon ahead earlier to".split()
)
# After a comma these lead back from what is said to what the text says.
OWN = frozenset("while whereas following speaking referring citing responding".split())
REPLY = frozenset("response reply answer a an".split())
# What is said begins with one of these, without `that`.
SUBJECTS = frozenset("the a an it he she they we there this these those his her its their all both no".split())
LINKED = re.compile(r"(?:['’]s|of|for|at|to|from|in|the|a|an|and|with|,|\s|~)*")
SHORT_QUOTE = 3  # words up to which a quotation is a term and no speech


@dataclass(frozen=True, slots=True)
class Voice:
    """A phrase that names a speaker, and the stretches of text that the speaker answers for."""

    speakers: tuple[int, ...]
    phrase: Span
    stretches: tuple[Span, ...]

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.stretches)

    def holds(self, head: Span, tail: Span) -> bool:
        """Tell whether both ends are in it, and not both in the phrase alone."""
        said = [any(a <= span[0] and span[1] <= b for a, b in self.stretches) for span in (head, tail)]
        named = [self.phrase[0] <= s[0] and s[1] <= self.phrase[1] for s in (head, tail)]
        return any(said) and all(x or y for x, y in zip(said, named, strict=True))


def speakers_of(
    voices: Sequence[Voice],
    names: Sequence[Named],
    text: str,
    head: Span,
    tail: Span,
    relation: str,
    ends: tuple[str, ...],
) -> tuple[int, ...]:
    """Give the mentions of those who state a relation, () where the text itself does.

    `ends` are the clusters of both ends: who praises, urges or disputes, or is told off, in own
    words is no witness of it, the text is. A title beside a name is the writer's even in another's speech.
    """
    around = [voice for voice in voices if voice.holds(head, tail)]
    if not around:
        return ()
    voice = min(around, key=lambda v: (v.size, -v.phrase[0]))
    groups = load_groups()
    if relation in groups["acts"]:
        if any(set(names[i].cluster) & set(ends) for i in voice.speakers):
            return ()
    if relation in groups["titles"]:
        low, high = min(head[1], tail[1]), max(head[0], tail[0])
        if low >= high or LINKED.fullmatch(_masked(text, low, high, names)):
            return ()
    return voice.speakers


def _masked(text: str, low: int, high: int, names: Sequence[Named]) -> str:
    pieces, at = [], low
    for name in names:
        if at <= name.start and name.end <= high:
            pieces += [text[at : name.start], "~"]
            at = name.end
    return "".join([*pieces, text[at:high]]).casefold()


def find_voices(text: str, starts: Sequence[int], names: Sequence[Named]) -> list[Voice]:
    """Find who speaks where. `starts` are where sentences begin, `names` sorted mentions."""
    finder = _Finder(text, sorted(starts), names)
    begin = 0
    for border in [*re.finditer(r"\n\s*\n", text), None]:
        stop = border.start() if border else len(text)
        if text[begin:stop].strip():
            finder.paragraph(begin, stop)
        begin = border.end() if border else stop
    return finder.voices


def quotations(text: str, begin: int, stop: int) -> list[Span]:
    """Give the quotations of a paragraph with their marks; one left open ends with it."""
    found: list[Span] = []
    opened = -1
    for at in range(begin, stop):
        char = text[at]
        before = text[at - 1] if at > begin else " "
        after = text[at + 1] if at + 1 < stop else " "
        opens = char in "“‘" or (char == '"' and opened < 0)
        if char == "‘" and (before.isalnum() or opened >= 0):
            continue
        if opens:
            if opened < 0 and (before.isspace() or before in "([—–-"):
                opened = at
        elif opened >= 0 and (
            (char == "”" and text[opened] == "“")
            or (char == '"' and text[opened] == '"')
            or (char == "’" and text[opened] == "‘" and before in ",.?!" and not after.isalpha())
        ):
            found.append((opened, at + 1))
            opened = -1
    if opened >= 0:
        found.append((opened, stop))
    return found


class _Finder:
    def __init__(self, text: str, starts: list[int], names: Sequence[Named]) -> None:
        self.text, self.starts, self.names = text, starts, names
        self.speech: Speech = load_speech()
        self.voices: list[Voice] = []
        self.heard: list[tuple[int, Voice]] = []  # all speakers so far, with their paragraph
        self.number = 0
        self.quotes: list[Span] = []

    def paragraph(self, begin: int, stop: int) -> None:
        self.number += 1
        carried = self.heard[-1] if self.heard else None
        self.quotes = quotations(self.text, begin, stop)
        first = len(self.voices)
        low = max(0, bisect_right(self.starts, begin) - 1)
        borders = [begin, *(s for s in self.starts[low:] if begin < s < stop), stop]
        for left, right in zip(borders, borders[1:], strict=False):
            self.sentence(left, right, begin)
        before = carried[1] if carried and carried[0] == self.number - 1 else None
        self.open_quotations(self.voices[first:], before, begin)

    def sentence(self, begin: int, stop: int, paragraph: int) -> None:
        names = self.names
        units = units_of(self.text, begin, stop, names)
        earlier: Voice | None = None
        for place, unit in enumerate(units):
            voice = None
            if unit.word in self.speech.verbs and self.text[unit.start].islower():
                voice = self.spoken(units, place, begin, stop, earlier, paragraph)
            elif self.speech.according.match(self.text, unit.start):
                voice = self.according(units, place, begin, stop)
            if voice is None:
                continue
            earlier = voice
            self.heard.append((self.number, voice))
            if voice.stretches:
                self.voices.append(voice)

    def spoken(
        self,
        units: list[Unit],
        place: int,
        begin: int,
        stop: int,
        earlier: Voice | None,
        paragraph: int,
    ) -> Voice | None:
        """Read one verb of speech: its speaker, and what is said."""
        if place and units[place - 1].word in PASSIVE | ARTICLES | {"'s", "’s"}:
            if not (units[place].word == "saying" and units[place - 1].word == "as"):
                return None
        inverted = self.inverted(units, place)
        if inverted:
            speakers, after = inverted
            return self.closing(speakers, units, place, after, begin, stop)
        left, speakers = self.subject(units, place, earlier, paragraph)
        if not speakers:
            return None
        return self.reported(speakers, units, left, place, begin, stop)

    def inverted(self, units: list[Unit], place: int) -> tuple[tuple[int, ...], int] | None:
        """Read `..., said X`: the speaker stands behind the verb and ends the clause."""
        before = units[place - 1] if place else None
        if before is None or before.word not in QUOTES | {",", "’"}:
            return None
        speech = self.speech
        if units[place].word not in speech.closing - speech.telling:
            return None
        end = place + 1
        while end < len(units) and not self._ends_phrase(units[end]):
            end += 1
        if end == place + 1 or end - place > 14:
            return None
        zone = units[place + 1 : end]
        closed = end == len(units) or not units[end].word.isalpha() or units[end].word in AFTER
        if not closed or zone[0].word in ("that", "it", "there"):
            return None
        speakers = voice_of(zone, self.names)
        # `X, the spokesperson, said Y signed`: with a verb in it the zone is no speaker.
        plain = speech.stand_ins | speech.posts | speech.papers | ARTICLES | PREPOSITIONS
        lower = [u.word for u in zone if u.name < 0 and self.text[u.start].islower()]
        if not speakers or any(word not in plain | {"and", "deputy"} for word in lower):
            return None
        return speakers, end

    def _ends_phrase(self, unit: Unit) -> bool:
        if unit.name >= 0:
            return self.names[unit.name].label == "DATE"
        return unit.word in STOPS | QUOTES | AFTER | {","}

    def subject(
        self, units: list[Unit], place: int, earlier: Voice | None, paragraph: int
    ) -> tuple[int, tuple[int, ...]]:
        """Give where the subject of a verb begins, as a place among the units, and who it is."""
        end = place
        while end and self._is_adverb(units, end - 1):
            end -= 1
        if end and units[end - 1].word == "who":
            end -= 1
            if end and units[end - 1].word == ",":
                end -= 1
            name = units[end - 1].name if end else -1
            known = name >= 0 and self.names[name].label in ACTORS
            return max(0, end - 1), (name,) if known else ()
        low = end
        while low and not self._bounds(units[low - 1]):
            low -= 1
        zone = units[low:end]
        if len(zone) > 1 and (cut := self._clause_and(zone)):
            low, zone = low + cut, zone[cut:]
        bare = [u for u in zone if u.word not in ("and", "but", "then")]
        word = units[place].word
        if not bare:
            if word.endswith("ing") or zone:
                return low, earlier.speakers if earlier else self._opening(units, low, zone)
            return self._before_apposition(units, low)
        if (carried := self.carried(bare, paragraph)) is not None:
            return low, carried
        speakers = voice_of(zone, self.names)
        if low and units[low - 1].word == ",":
            before = self._person_before(units, low - 1)
            kernel = self.names[speakers[0]].label if speakers else ""
            if before >= 0 and kernel != "PERSON" and self._is_title(zone):
                return before, (units[before].name,)
        return low, speakers

    def _is_adverb(self, units: list[Unit], place: int) -> bool:
        unit = units[place]
        if unit.name >= 0:
            return self.names[unit.name].label == "DATE" and place > 0
        if unit.word == "on" and units[place + 1].name >= 0:
            return self.names[units[place + 1].name].label == "DATE"
        return unit.word in self.speech.adverbs or (
            unit.word.endswith("ly") and len(unit.word) > 4 and place > 0
        )

    def _bounds(self, unit: Unit) -> bool:
        return unit.name < 0 and (unit.word in STOPS | QUOTES | CLAUSES or unit.word in (",", "’"))

    def _clause_and(self, zone: list[Unit]) -> int:
        """Give the place of an `and` that joins clauses and not names, 0 for none."""
        for place in range(len(zone) - 1, -1, -1):
            if zone[place].word in ("and", "but"):
                names_only = all(u.name >= 0 or u.word in ARTICLES for u in zone[:place])
                if not names_only or place == 0:
                    return place
        return 0

    def _opening(self, units: list[Unit], low: int, zone: list[Unit]) -> tuple[int, ...]:
        """Give the subject that opens the sentence, for `X met Y and said that`."""
        if not zone:
            return ()
        for place, unit in enumerate(units[:low]):
            if unit.name >= 0:
                label = self.names[unit.name].label
                if label == "PERSON":
                    return (unit.name,)
                if label == "ROLE" or units[place + 1].name >= 0:
                    continue
                return (unit.name,) if label in ACTORS else ()
            if not self.text[unit.start].isupper() and unit.word not in ARTICLES:
                return ()
        return ()

    def _before_apposition(self, units: list[Unit], low: int) -> tuple[int, tuple[int, ...]]:
        """Give X of `X, the ministry's spokesperson, said`."""
        if not low or units[low - 1].word != ",":
            return low, ()
        for place in range(low - 2, max(-1, low - 2 - APPOSITION), -1):
            if units[place].word in STOPS | QUOTES:
                break
            if units[place].word == "," and place:
                name = units[place - 1].name
                inner = self._person_before(units, low - 1)
                if inner >= 0 and (name < 0 or self.names[name].label != "PERSON"):
                    return place - 1, (units[inner].name,)
                if name >= 0 and self.names[name].label in ACTORS:
                    return place - 1, (name,)
        return low, ()

    def _is_title(self, zone: list[Unit]) -> bool:
        first = zone[0]
        role = first.name >= 0 and self.names[first.name].label == "ROLE"
        return role or first.word in ARTICLES | self.speech.posts | self.speech.stand_ins

    def _person_before(self, units: list[Unit], comma: int) -> int:
        if comma and (name := units[comma - 1].name) >= 0 and self.names[name].label == "PERSON":
            return comma - 1
        return -1

    def carried(self, zone: list[Unit], paragraph: int) -> tuple[int, ...] | None:
        """Give the latest speaker for `he`, `the minister` or `the report`, None for others.

        A pronoun with another person in between leaves it open.
        """
        words = [u.word for u in zone if u.word not in self.speech.openers | self.speech.adverbs]
        if any(u.name >= 0 for u in zone) or not words:
            return None
        speech = self.speech
        pronoun = words[0] if len(words) == 1 else ""
        the = words[0] == "the" and len(words) <= 4
        if pronoun in speech.persons or (the and words[-1] in speech.posts):
            wanted = {"PERSON"}
        elif pronoun in speech.things:
            wanted = {"ORG", "GPE", "DOCUMENT"}
        elif the and words[-1] in speech.papers:
            wanted = {"DOCUMENT"}
        else:
            return None
        reach = 0 if pronoun in speech.things else 2
        near = [voice for number, voice in self.heard if self.number - number <= reach]
        fitting = [v for v in near if all(self.names[i].label in wanted for i in v.speakers)]
        if not fitting:
            return ()
        last = fitting[-1]
        clusters = {c for i in last.speakers for c in self.names[i].cluster}
        between = [n for n in self.names if last.phrase[1] <= n.start < zone[0].start]
        others = [n for n in between if n.label in wanted and not clusters & set(n.cluster)]
        return () if others and (pronoun or wanted != {"PERSON"}) else last.speakers

    def reported(
        self,
        speakers: tuple[int, ...],
        units: list[Unit],
        left: int,
        place: int,
        begin: int,
        stop: int,
    ) -> Voice | None:
        """Read what is said before or after `X said`."""
        closes = left > 0 and units[left - 1].word in QUOTES | {",", "’"}
        after = place + 1
        while after < len(units) and units[after].word in self.speech.adverbs:
            after += 1
        follows = units[after].word if after < len(units) else "."
        if follows in self.speech.empty:
            return Voice(speakers, (units[left].start, units[place].end), ())
        quote = self._quote_before(units[left].start) if closes else None
        if quote and len(self.text[slice(*quote)].split()) > SHORT_QUOTE and follows != ",":
            return self.closing(speakers, units, left, len(units), begin, stop)
        if follows == "," and closes and not self._quoted(units, after + 1):
            return self.closing(speakers, units, left, after, begin, stop, both=True)
        if closes and follows in STOPS - {":"}:
            return self.closing(speakers, units, left, after, begin, stop)
        opening = self._opens(units, place, after, closes)
        if opening < 0:
            if left == 0 and (quote := self._quote_before(units[0].start)):
                return Voice(speakers, (begin, stop), (quote,))
            if closes and self._settled(units, left, place, after):
                return self.closing(speakers, units, left, len(units), begin, stop)
            return Voice(speakers, (units[left].start, units[place].end), ())
        start = units[opening].start if opening < len(units) else stop
        end = self._end_of_speech(units, opening, stop)
        quote = [b for a, b in self.quotes if a <= start + 1 < b]
        end = max([end, *quote])
        if quote and opening > after:  # `called it "progress"`: the rest is the text's own
            end = quote[0]
        return Voice(speakers, (units[left].start, start), ((start, end),))

    def _opens(self, units: list[Unit], place: int, after: int, closes: bool) -> int:
        """Give the place at which what is said begins, -1 where nothing is."""
        verb = units[place].word
        reach = units[after : after + REACH]
        first = reach[0] if reach else None
        at_once = first is not None and (
            first.name >= 0 and self.names[first.name].label != "DATE" or first.word in SUBJECTS
        )
        if verb in self.speech.bare and at_once:
            return after
        for step, unit in enumerate(reach):
            if unit.word in STOPS - {":"} or (unit.word in self.speech.verbs and step > 1):
                break
            if unit.word == "that" or unit.word == ":":
                return after + step + 1
            if unit.word in QUOTES and self._quoted(units, after + step):
                return after + step
        if after >= len(units) or verb not in self.speech.bare | self.speech.telling:
            return -1
        if verb in self.speech.telling:
            hearer = next((i for i, u in enumerate(reach[:3]) if u.word in self.speech.hearers), -1)
            if hearer < 0:
                return -1
            after += hearer + 1
        while after < len(units) and (step := self._setting(units, after)):
            after += step
        if after >= len(units) or units[after].word in STOPS | AFTER | {","}:
            return -1
        return -1 if closes and len(units) - after < 3 else after

    def _settled(self, units: list[Unit], left: int, place: int, after: int) -> bool:
        """Tell whether `..., X said in Y` closes a clause: `In May, X reported on Y` does not."""
        if units[left - 1].word in QUOTES | {"’"}:
            return True
        if units[place].word not in self.speech.closing:
            return False
        unit = units[after]
        date = unit.name >= 0 and self.names[unit.name].label == "DATE"
        if not (date or unit.word in AFTER or units[place].word in self.speech.telling):
            return False
        commas = sum(u.word == "," for u in units[:left])
        return commas > 1 or units[0].word not in AFTER | PREPOSITIONS

    def _setting(self, units: list[Unit], at: int) -> int:
        """Count the units of `on Thursday` or `in a statement` at a place."""
        rest = units[at : at + 8]
        step = 1 if rest[0].word in ("on", "in", "at", "during", "to", "late", "early") else 0
        while step < len(rest) and rest[step].word in ARTICLES:
            step += 1
        if step < len(rest) and rest[step].name >= 0 and self.names[rest[step].name].label == "DATE":
            return step + 1
        if rest[0].word not in ("in", "at", "during", "on"):
            return 0
        for width, unit in enumerate(rest[1:6], start=2):
            follows = rest[width].word if width < len(rest) else ""
            if unit.word in self.speech.sittings and follows not in self.speech.sittings:
                return width
        return 0

    def _quoted(self, units: list[Unit], at: int) -> bool:
        return at < len(units) and any(a == units[at].start for a, _ in self.quotes)

    def _quote_before(self, at: int) -> Span | None:
        near = [q for q in self.quotes if q[1] <= at and not self.text[q[1] : at].strip()]
        return near[-1] if near else None

    def _end_of_speech(self, units: list[Unit], opening: int, stop: int) -> int:
        for place in range(opening, len(units)):
            after = units[place + 1].word if place + 1 < len(units) else ""
            words = [u.word for u in units[place + 1 : place + 3]]
            if units[place].word == ";" or (
                units[place].word == ","
                and (after in OWN or (len(words) == 2 and words[0] == "in" and words[1] in REPLY))
            ):
                return units[place].start
        return stop

    def closing(
        self,
        speakers: tuple[int, ...],
        units: list[Unit],
        left: int,
        after: int,
        begin: int,
        stop: int,
        both: bool = False,
    ) -> Voice:
        """Give what stands before `..., X said`, and behind it where the sentence goes on."""
        edge = units[left].start
        breaks = [u.end for u in units[:left] if u.word == ";"]
        low = min([max([begin, *breaks]), *(a for a, b in self.quotes if a < edge and b > begin and a < begin)])
        if not self.text[begin:edge].strip(" \"“”") and (quote := self._quote_before(edge)):
            low = quote[0]
        high = units[after].start if after < len(units) else stop
        stretches = [(low, edge)]
        if both and after + 1 < len(units):
            follows = units[after + 1].word
            if follows not in AFTER | CLAUSES and not follows.endswith("ing"):
                stretches.append((high, self._end_of_speech(units, after + 1, stop)))
        phrase = (edge, high if both else stop)
        return Voice(speakers, phrase, tuple(stretches))

    def according(self, units: list[Unit], place: int, begin: int, stop: int) -> Voice | None:
        """Read `according to X`, before or after what X says."""
        match = self.speech.according.match(self.text, units[place].start)
        if match is None:
            return None
        at = place
        while at < len(units) and units[at].start < match.end():
            at += 1
        end = at
        while end < len(units) and units[end].word not in STOPS | QUOTES | {","}:
            end += 1
        zone = units[at:end]
        cut = next((i for i, u in enumerate(zone) if u.word in ("in", "on", "as", "released")), len(zone))
        speakers = voice_of([u for u in zone[:cut] if u.word not in ARTICLES], self.names)
        if not speakers:
            return None
        if end + 1 < len(units) and units[end + 1].word in ("who", "which", "whose"):
            end = next((i for i in range(end + 1, len(units)) if units[i].word == ","), end)
        high = units[end].start if end < len(units) else stop
        if place <= 1 or units[place - 1].word in (";", "that"):
            return Voice(speakers, (units[place].start, high), ((high, self._end_of_speech(units, end, stop)),))
        return self.closing(
            speakers, units, place, end, begin, stop, both=high < stop and units[end].word == ","
        )

    def open_quotations(self, inside: list[Voice], carried: Voice | None, begin: int) -> None:
        """Give quotations that no phrase claims the latest speaker."""
        for start, end in self.quotes:
            if len(self.text[start:end].split()) <= SHORT_QUOTE:
                continue
            if any(a <= start + 1 and end - 1 <= b for v in inside for a, b in v.stretches):
                continue
            before = [v for v in inside if v.phrase[0] < start]
            latest = before[-1] if before else None
            if latest is None and not self.text[begin:start].strip():
                latest = carried
            if latest is not None:
                self.voices.append(Voice(latest.speakers, (start, start), ((start, end),)))
