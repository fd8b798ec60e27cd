"""Doubtful pairs: entities that may be one, and names that may not be their entity's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from pipeline.components.clusters import core_name
from pipeline.knowledge import Knowledge
from pipeline.text import MINOR, acronyms, is_acronym, normalise, strip_marks, words_of
from pipeline.words import load_words

LABELS = ("ORG", "PERSON", "GPE", "LOC", "DOCUMENT", "EVENT", "PROGRAM")
NUMBERED = ("DOCUMENT", "EVENT", "PROGRAM")
SHORT = "one may be short for the other"
ACRONYM = "one may abbreviate the other"
LOWEST = 0.25  # pairs less likely to be one are not worth a person's time
BLOCK = 20  # names compared under one key; of more, those with the most rows
ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        start=1,
    )
}


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of a finished run; `forms` counts the mentions of each written form."""

    entity_id: str
    name: str
    label: str
    wikidata: str
    country: str
    aliases: tuple[str, ...]
    mentions: int
    statements: int
    documents: frozenset[str]
    forms: dict[str, int]

    @property
    def rows(self) -> int:
        """How many rows of the tables change when it gets another identifier."""
        return self.mentions + self.statements


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides that a person should look at.

    `alias` is the written form of `left` that may be another thing; it is empty where `left`
    and `right` are two entities. `doubt`, in [0, 1], is how likely the run is wrong about them;
    `rows` counts the rows of the tables that would change.
    """

    left: Thing
    right: Thing
    alias: str
    doubt: float
    rows: int
    reason: str

    @property
    def value(self) -> float:
        """What an answer is worth: rows that can be expected to change."""
        return self.doubt * self.rows

    @property
    def sides(self) -> tuple[str, str]:
        """The two sides as judgements.csv writes them."""
        right = self.right.entity_id
        return self.left.entity_id, f"{right}#{self.alias}" if self.alias else right


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a thing, folded; `words` leaves out country, articles and prepositions.

    `form` keeps the country; `first` tells the name of the thing from its aliases; `proper`
    tells a name (`Tirana Protocol`, `resolution 55/56`) from a description (`labour agreement`).
    """

    thing: int
    first: bool
    proper: bool
    form: str
    folded: str
    words: frozenset[str]
    letters: str
    acronyms: frozenset[str]
    numbers: frozenset[str]


def doubtful_pairs(things: Sequence[Thing], knowledge: Knowledge) -> list[Pair]:
    """List the pairs, most valuable first.

    Names are compared only where they share a key (a word, two neighbouring words, an acronym,
    the first letters of a person's name), and under a key only `BLOCK` of them, so that work
    grows with the number of entities and not with its square.
    """
    judge = _Comparer(things, knowledge)
    pairs = [*judge.pairs(), *judge.aliases()]
    return sorted(pairs, key=lambda pair: (-pair.value, pair.sides))


class _Comparer:
    def __init__(self, things: Sequence[Thing], knowledge: Knowledge) -> None:
        self.things, self.knowledge = things, knowledge
        self.known = [self._is_known(thing) for thing in things]
        self.about: dict[str, set[str]] = defaultdict(set)
        for thing in things:
            if thing.label == "GPE" and thing.country:
                for doc_id in thing.documents:
                    self.about[doc_id].add(thing.country)
        self.compared = 0

    def _is_known(self, thing: Thing) -> bool:
        found = self.knowledge.find(thing.name, thing.label, thing.country)
        return bool(thing.wikidata) or (found is not None and found.entity_id == thing.entity_id)

    def pairs(self) -> Iterator[Pair]:
        best: dict[tuple[int, int], tuple[float, str]] = {}
        for left, right in self._candidates():
            low, high = sorted((left, right), key=lambda name: name.thing)
            self.compared += 1
            likeness, reason = self._likeness(low, high)
            if likeness > best.get((low.thing, high.thing), (0.0, ""))[0]:
                best[low.thing, high.thing] = (likeness, reason)
        for (a, b), (likeness, reason) in best.items():
            one, two = self.things[a], self.things[b]
            doubt = self._in_context(one, two, likeness, reason)
            if doubt >= LOWEST and self._share_a_country(one, two):
                first, last = sorted((one, two), key=lambda t: (not t.wikidata, t.entity_id))
                yield Pair(first, last, "", doubt, min(one.rows, two.rows), reason)

    def _likeness(self, a: _Name, b: _Name) -> tuple[float, str]:
        label = self.things[a.thing].label
        if label == "PERSON" and not (a.first or b.first):
            return 0.0, ""  # `Minh` is short for many people, all of whom have longer names
        likeness, reason = _likeness(a, b, label)
        if reason == SHORT:
            short = min((a, b), key=lambda name: len(name.words))
            # `Security Council of the United Nations` is a body of the known one.
            if (label == "PERSON" and not short.first) or self.known[short.thing]:
                return 0.0, ""
        return likeness, reason

    def _in_context(self, one: Thing, two: Thing, likeness: float, reason: str) -> float:
        """Weigh what the texts say beside the names."""
        if one.documents & two.documents:
            # A text gives the full name and its short form; one name twice it would have joined.
            likeness *= 1.3 if reason in (SHORT, ACRONYM) else 0.5
        if one.country and one.country == two.country:
            likeness *= 1.15
        elif one.label == "ORG" and _is_body(one) and _is_body(two):
            likeness *= 0.6 if one.country or two.country else 0.4  # many countries have one
        return round(min(likeness, 0.95), 3)

    def _share_a_country(self, one: Thing, two: Thing) -> bool:
        """Tell whether a body without a country may be that of the other's, by its texts."""
        if one.label != "ORG" or (one.country and two.country):
            return True
        here, there = (
            {thing.country} if thing.country else self._countries(thing) for thing in (one, two)
        )
        if not (one.country or two.country or _is_body(one) or _is_body(two)):
            return True
        return bool(here & there)

    def _countries(self, thing: Thing) -> set[str]:
        return {code for doc_id in thing.documents for code in self.about.get(doc_id, ())}

    def _candidates(self) -> Iterator[tuple[_Name, _Name]]:
        blocks: dict[tuple[str, str], list[_Name]] = defaultdict(list)
        for number, thing in enumerate(self.things):
            if thing.label in LABELS:
                for name in self._names(number, thing):
                    for key in _keys(name, thing.label):
                        blocks[thing.label, key].append(name)
        seen: set[tuple[int, str, int, str]] = set()
        for names in blocks.values():
            if len(names) > BLOCK:
                names.sort(key=lambda n: (-self.things[n.thing].rows, n.thing, n.folded))
            for left, right in combinations(names[:BLOCK], 2):
                if left.thing != right.thing and self._may_be_one(left.thing, right.thing):
                    both = (left.thing, left.folded, right.thing, right.folded)
                    if both not in seen:
                        seen.add(both)
                        yield left, right

    def _may_be_one(self, a: int, b: int) -> bool:
        one, two = self.things[a], self.things[b]
        if one.country and two.country and one.country != two.country:
            return False
        return not (self.known[a] and self.known[b])

    def _names(self, number: int, thing: Thing) -> list[_Name]:
        found: dict[str, _Name] = {}
        for form in (thing.name, *thing.aliases):
            folded = core_name(form, self.knowledge) if thing.label == "ORG" else normalise(form)
            if folded and folded not in found:
                words = frozenset(folded.split()) - MINOR
                short = is_acronym(form)
                letters = re.sub(r"[\W\d_]", "", strip_marks(form)).upper() if short else ""
                long = frozenset[str]() if short else acronyms(form)
                found[folded] = _Name(
                    number,
                    not found,
                    _is_proper(form),
                    normalise(form),
                    folded,
                    words,
                    letters,
                    long,
                    _numbers(folded),
                )
        return list(found.values())

    def aliases(self) -> Iterator[Pair]:
        """Find names that nothing ties to their entity: no word, acronym or list."""
        for number, thing in enumerate(self.things):
            if thing.label not in LABELS:
                continue
            names = self._names(number, thing)
            for name in names[1:]:
                form = next(f for f in thing.aliases if name.folded in (
                    normalise(f), core_name(f, self.knowledge)
                ))  # fmt: skip
                rows = sum(n for f, n in thing.forms.items() if normalise(f) == normalise(form))
                others = [other for other in names if other is not name]
                if rows and not self._is_tied(thing, form, name, others):
                    yield Pair(thing, thing, form, 0.3, rows, "nothing ties the name to it")

    def _is_tied(self, thing: Thing, form: str, name: _Name, others: list[_Name]) -> bool:
        for place in (thing.country, ""):
            found = self.knowledge.find(form, thing.label, place)
            if found and found.entity_id == thing.entity_id:
                return True
        if thing.label == "GPE" and thing.country:
            # A capital that acts is its country; where it only hosts, one word cannot tell.
            capital = self.knowledge.capitals.get(normalise(form))
            if thing.country in (self.knowledge.country(form), capital):
                return True
        if re.search(r"\bgovernment\b", name.folded):
            return True
        return any(
            name.words & other.words
            or (name.letters and _abbreviates(name.letters, other.form))
            or (other.letters and _abbreviates(other.letters, name.form))
            for other in others
        )


def _keys(name: _Name, label: str) -> Iterator[str]:
    words = name.folded.split()
    yield " ".join(sorted(words))
    yield from (f"word {word}" for word in name.words)
    yield from (f"two {left} {right}" for left, right in pairwise(words))
    yield from (f"acronym {letters}" for letters in name.acronyms | {name.letters} if letters)
    if label in ("PERSON", "GPE", "LOC"):
        yield from (f"letters {word[:4]}" for word in name.words if len(word) > 4)


def _likeness(a: _Name, b: _Name, label: str) -> tuple[float, str]:
    """Say how likely two names mean one thing, by their letters alone, and why."""
    if label in NUMBERED and a.numbers != b.numbers:
        return 0.0, ""
    if label in NUMBERED and any(name.words <= load_words("kinds") for name in (a, b)):
        return 0.05, "a bare kind of thing"
    if label in NUMBERED and not (a.proper and b.proper):
        return 0.1, "a description"
    if a.letters and a.letters == b.letters:
        # Where both have a full name too, those tell.
        return (0.5 if a.first or b.first else 0.0), "one name"
    if a.folded == b.folded:
        return _one_name(a, label), "one name"
    for short, long in ((a, b), (b, a)):
        if short.first and short.letters in long.acronyms:
            return (0.6 if len(short.letters) > 2 else 0.4), ACRONYM
    if a.letters or b.letters:
        return 0.0, ""
    if a.words == b.words:
        return _one_name(a, label), "the same words"
    few, many = sorted((a.words, b.words), key=len)
    if few < many:
        if label == "PERSON":
            return (0.7 if len(few) > 1 else 0.3), SHORT
        # A treaty's topic, without the word that says that it is one, is in many names.
        if len(few) > 1 and (label not in ("DOCUMENT", "EVENT") or few & load_words("kinds")):
            return (0.45 if len(many) - len(few) == 1 else 0.3), SHORT
        return (0.2 if label in ("ORG", "PROGRAM", "LOC", "GPE") else 0.0), SHORT
    left, right = (" ".join(sorted(words)) for words in (a.words - b.words, b.words - a.words))
    # One other word makes another body, law or person, so what differs must itself look alike.
    if min(len(left), len(right)) > 3 and fuzz.ratio(left, right) >= 75:
        alike = fuzz.token_sort_ratio(a.folded, b.folded)
        if alike >= 85:
            return 0.6, "spelt alike"
    return 0.0, ""


def _one_name(name: _Name, label: str) -> float:
    """Say how likely two things of one name are one: a bare kind of body is many."""
    if label == "ORG" and len(name.words) < 2 and name.words <= load_words("bare_bodies"):
        return 0.05
    if label in NUMBERED and len(name.words) < 2:
        return 0.4
    if label == "PERSON" and len(name.words) < 2:
        return 0.4
    return 0.85


def _is_proper(form: str) -> bool:
    return any(
        word[0].isupper() and normalise(word) not in load_words("kinds") for word in words_of(form)
    ) or any(char.isdigit() for char in form)


def _is_body(thing: Thing) -> bool:
    words = set(normalise(thing.name).split())
    return "ministry" in words or words <= load_words("bodies")


def _numbers(folded: str) -> frozenset[str]:
    digits = re.findall(r"\d+", folded)
    return frozenset(digits) | {ORDINALS[word] for word in folded.split() if word in ORDINALS}


def _abbreviates(letters: str, folded: str) -> bool:
    """Tell whether the letters stand in the name in their order, the first in front of a word."""
    rest = iter(folded.replace(" ", ""))
    initials: Iterable[str] = {word[0] for word in folded.split()}
    return letters[0].lower() in initials and all(c in rest for c in letters.lower())
