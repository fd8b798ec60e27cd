"""Who speaks: the subject of a verb of speech, before it, behind it, or carried on from earlier."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.attribution.sentence import (
    ACTORS,
    AFTER,
    ARTICLES,
    CLAUSES,
    ENDS,
    PREPOSITIONS,
    QUOTES,
    STOPS,
    Named,
    Sentence,
    Unit,
    Voice,
)
from pipeline.attribution.words import Speech, load_speech

BELONGS = frozenset("of for from at with within".split())
JOINS = frozenset({"and", "but", "then"})
APPOSITION = 18  # longest description between a name and its verb, in units
BEHIND = 13  # longest name of a speaker behind the verb
REACH = 2  # paragraphs over which a speaker is carried on


def voice_of(zone: Sequence[Unit], names: Sequence[Named]) -> tuple[int, ...]:
    """Give the mentions whose voice a noun phrase is; () where it names none.

    `Minister X`, `X of the ministry` and `spokesperson for the ministry X` are X, `officials
    from the ministry` the ministry, `victims from the country` nobody.
    """
    speech = load_speech()
    zone = _without_openers(zone, speech)
    if not zone:
        return ()
    last = zone[-1]
    if last.name >= 0 and names[last.name].label == "PERSON":
        if len(zone) == 1 or zone[-2].word not in PREPOSITIONS | {"and", "or", "'s", "’s"}:
            return (last.name,)
    if several := _coordinated(zone, names):
        return several
    cut = next((i for i, unit in enumerate(zone) if unit.word in PREPOSITIONS), len(zone))
    head, rest = list(zone[:cut]), list(zone[cut:])
    if not head:
        return ()
    kernel = head[-1]
    if kernel.name >= 0 and names[kernel.name].label in ACTORS:
        return (kernel.name,)
    if kernel.word in speech.stand_ins or (kernel.name >= 0 and names[kernel.name].label == "ROLE"):
        own = [u.name for u in head[:-1] if u.name >= 0 and names[u.name].label in ("ORG", "GPE")]
        if own:
            return (own[-1],)
        if rest and rest[0].word in BELONGS:
            tail = rest[1:]
            several = _coordinated([u for u in tail if u.word not in ARTICLES], names)
            first = [u.name for u in tail if u.name >= 0 and names[u.name].label in ACTORS]
            return several or tuple(first[:1])
    return ()


def _without_openers(zone: Sequence[Unit], speech: Speech) -> list[Unit]:
    units = list(zone)
    while units and units[0].word in speech.openers | speech.adverbs:
        units = units[1:]
    return units


def _coordinated(zone: Sequence[Unit], names: Sequence[Named]) -> tuple[int, ...]:
    """Give the members of `A and B` or `A, B and C` where nothing else stands between them."""
    speech = load_speech()
    found, joined = [], False
    for place, unit in enumerate(zone):
        if unit.name >= 0 and names[unit.name].label in ACTORS:
            found.append(unit.name)
        elif unit.word in ("and", ","):
            joined = joined or unit.word == "and"
        elif place == len(zone) - 1 and unit.word in speech.stand_ins:
            continue
        elif unit.word not in ARTICLES:
            return ()
    return tuple(found) if joined and len(found) > 1 else ()


class Subjects:
    """Finds the speakers of verbs; `heard` are all speakers so far, each with its paragraph."""

    def __init__(self, names: Sequence[Named]) -> None:
        self.names = names
        self.speech: Speech = load_speech()
        self.heard: list[tuple[int, Voice]] = []
        self.paragraph = 0

    def before(
        self, sentence: Sentence, place: int, earlier: Voice | None
    ) -> tuple[int, tuple[int, ...]]:
        """Give the place at which the subject of a verb begins, and whom it names.

        `earlier` is the latest voice of the sentence: `..., X said, adding that` goes on with it.
        """
        end = place
        while end and self._is_adverb(sentence, end - 1):
            end -= 1
        if end and sentence.word(end - 1) == "who":
            return self._antecedent(sentence, end - 1)
        low = end
        while low and not _bounds(sentence.units[low - 1]):
            low -= 1
        zone = sentence.units[low:end]
        if len(zone) > 1 and (cut := _clause_and(zone)):
            low, zone = low + cut, zone[cut:]
        bare = [unit for unit in zone if unit.word not in JOINS]
        if not bare:
            if zone or sentence.word(place).endswith("ing"):
                first = self._opening(sentence, low) if zone else ()
                return low, earlier.speakers if earlier else first
            return self._before_apposition(sentence, low)
        if (carried := self._carried(bare)) is not None:
            return low, carried
        speakers = voice_of(zone, self.names)
        labels = {self.names[number].label for number in speakers}
        # `X, spokesperson for the ministry said`: the comma behind the title is missing.
        if low > 1 and sentence.word(low - 1) == "," and "PERSON" not in labels:
            if sentence.label(low - 2) == "PERSON" and self._is_title(sentence, low):
                return low - 2, (sentence.units[low - 2].name,)
        return low, speakers

    def behind(self, sentence: Sentence, place: int) -> tuple[int, tuple[int, ...]] | None:
        """Read `..., said X`: give the place behind X, and X; None where X ends no clause."""
        speech = self.speech
        if not place or sentence.word(place - 1) not in ENDS:
            return None
        if sentence.word(place) not in speech.closing - speech.telling:
            return None
        end = place + 1
        while end < len(sentence.units) and not _ends_phrase(sentence, end):
            end += 1
        zone = sentence.units[place + 1 : end]
        if not zone or len(zone) > BEHIND or zone[0].word in ("that", "it", "there"):
            return None
        speakers = voice_of(zone, self.names)
        # `X, the spokesperson, said Y signed`: with a verb in it the zone is no speaker.
        plain = speech.stand_ins | speech.posts | speech.papers | ARTICLES | PREPOSITIONS
        lower = [u.word for u in zone if u.name < 0 and sentence.text[u.start].islower()]
        if not speakers or any(word not in plain | {"and", "deputy"} for word in lower):
            return None
        return end, speakers

    def _is_adverb(self, sentence: Sentence, place: int) -> bool:
        if sentence.units[place].name >= 0:
            return sentence.label(place) == "DATE" and place > 0
        word = sentence.word(place)
        if word == "on":
            return sentence.label(place + 1) == "DATE"
        adverb = word.endswith("ly") and len(word) > 4 and place > 0
        return adverb or word in self.speech.adverbs

    def _antecedent(self, sentence: Sentence, place: int) -> tuple[int, tuple[int, ...]]:
        """Give X of `X, who said`."""
        if place and sentence.word(place - 1) == ",":
            place -= 1
        known = sentence.label(place - 1) in ACTORS
        return max(0, place - 1), (sentence.units[place - 1].name,) if known else ()

    def _opening(self, sentence: Sentence, low: int) -> tuple[int, ...]:
        """Give the subject that opens the sentence, for `X met Y and said that`."""
        for place, unit in enumerate(sentence.units[:low]):
            label = sentence.label(place)
            if label == "PERSON":
                return (unit.name,)
            if label and label != "ROLE" and not sentence.label(place + 1):
                return (unit.name,) if label in ACTORS else ()
            plain = sentence.text[unit.start].islower() and unit.word not in ARTICLES
            if not label and plain:
                return ()
        return ()

    def _before_apposition(self, sentence: Sentence, low: int) -> tuple[int, tuple[int, ...]]:
        """Give X of `X, the ministry's spokesperson, said` and of `The spokesperson, X, said`."""
        if not low or sentence.word(low - 1) != ",":
            return low, ()
        for place in range(low - 2, max(0, low - 2 - APPOSITION), -1):
            if sentence.word(place) in STOPS | QUOTES:
                break
            if sentence.word(place) == ",":
                label = sentence.label(place - 1)
                if sentence.label(low - 2) == "PERSON" and label != "PERSON":
                    return place - 1, (sentence.units[low - 2].name,)
                if label in ACTORS:
                    return place - 1, (sentence.units[place - 1].name,)
        return low, ()

    def _is_title(self, sentence: Sentence, place: int) -> bool:
        titles = ARTICLES | self.speech.posts | self.speech.stand_ins
        return sentence.label(place) == "ROLE" or sentence.word(place) in titles

    def _carried(self, zone: list[Unit]) -> tuple[int, ...] | None:
        """Give the latest speaker for `he`, `the minister` or `the report`, None for other words.

        A pronoun with somebody else of its kind in between leaves it open.
        """
        speech = self.speech
        words = [u.word for u in zone if u.word not in speech.openers | speech.adverbs]
        if any(unit.name >= 0 for unit in zone) or not words:
            return None
        pronoun = words[0] if len(words) == 1 else ""
        kind = words[-1] if words[0] == "the" and len(words) <= 4 else ""
        if pronoun in speech.persons or kind in speech.posts:
            wanted = {"PERSON"}
        elif pronoun in speech.things:
            wanted = {"ORG", "GPE", "DOCUMENT"}
        elif kind in speech.papers:
            wanted = {"DOCUMENT"}
        else:
            return None
        reach = 0 if pronoun in speech.things else REACH
        near = [voice for number, voice in self.heard if self.paragraph - number <= reach]
        fitting = [v for v in near if all(self.names[i].label in wanted for i in v.speakers)]
        if not fitting:
            return ()
        last = fitting[-1]
        own = {cluster for number in last.speakers for cluster in self.names[number].cluster}
        between = [n for n in self.names if last.phrase[1] <= n.start < zone[0].start]
        others = [n for n in between if n.label in wanted and not own & set(n.cluster)]
        return () if others and kind not in speech.posts else last.speakers


def _bounds(unit: Unit) -> bool:
    return unit.name < 0 and unit.word in STOPS | QUOTES | CLAUSES | ENDS


def _ends_phrase(sentence: Sentence, place: int) -> bool:
    if sentence.units[place].name >= 0:
        return sentence.label(place) == "DATE"
    return sentence.word(place) in STOPS | QUOTES | AFTER | {","}


def _clause_and(zone: list[Unit]) -> int:
    """Give the place of an `and` that joins clauses and not names, 0 for none."""
    for place in range(len(zone) - 1, 0, -1):
        if zone[place].word not in ("and", "but"):
            continue
        plain = all(unit.name >= 0 or unit.word in ARTICLES for unit in zone[:place])
        # `officials from X and Y`: both names hang on the preposition.
        hung = any(unit.word in ("from", "of", "for") for unit in zone[:place])
        hung = hung and zone[place - 1].name >= 0 and place == len(zone) - 2
        if not plain and not (hung and zone[-1].name >= 0):
            return place
    return 0
