"""A text as a reader of its references sees it: what has been named where, and by which words."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pipeline.components.capitals import seat_of
from pipeline.components.clusters import Cluster, Found
from pipeline.components.expressions import Expression, singular
from pipeline.components.pointing import Pointing, softmax
from pipeline.components.reference_rules import ReferenceRules
from pipeline.knowledge import Knowledge
from pipeline.sentences import sentence_starts
from pipeline.text import normalise

Things = tuple[str, ...]
LEAST_SHARE = 1e-3  # of the encoder's belief: below it, one thing is as unlikely as another
BREAK = re.compile(r"[.;!?]\s|\n")
LINK = re.compile(r"(?:^|\s)(?:and|with|between|met|to|from|[–/-])\s|^\s?[–/,-]\s?", re.I)
# A comma and a title at most, and what closes the name behind it.
SET_OFF = re.compile(
    r",\s+(?:(?!(?:which|who|whose|that|and|or|but|with|where|when|to|in|on|by|as|said|told)\b)"
    r"[\w.’'\-]+\s+){0,6}"
)
CLOSED = re.compile(r"\s*(?:[,.;:)\n]|$)")
NEARBY = 400  # characters
QUOTE = re.compile(r"[\"“”]")


class Scene:
    """The things of a text; what is resolved counts as a sighting for what follows."""

    def __init__(
        self,
        text: str,
        names: Sequence[Found],
        clusters: Sequence[Cluster],
        rules: ReferenceRules,
        knowledge: Knowledge,
        pointing: Pointing | None = None,
    ) -> None:
        self.pointing = pointing or Pointing()
        self.text, self.names, self.rules, self.knowledge = text, names, rules, knowledge
        self.clusters = {cluster.id: cluster for cluster in clusters}
        self.of = {index: cluster.id for cluster in clusters for index in cluster.members}
        # (start, end, cluster) of names, then of whatever has been resolved.
        self.sightings = sorted((n.start, n.end, self.of[i]) for i, n in enumerate(names))
        self.sentences = sentence_starts(text, [(n.start, n.end) for n in names])
        self.paragraphs = [0, *(m.end() for m in re.finditer(r"\n\s*\n", text))]
        self.forms: dict[str, list[Found]] = defaultdict(list)
        for index, name in enumerate(names):
            self.forms[self.of[index]].append(name)
        self.roles = self._roles()
        self.ties = self._ties()
        self.genders = self._genders()
        self.kinds_named = {cluster: self._kinds_named(cluster) for cluster in self.clusters}
        self.described: dict[tuple[str, str], bool] = {}
        self.adjectives = self._adjectives()
        self.presence = self._presence()
        self.links = self._links()
        self.said: dict[str, Things] = {}
        self.kinds: dict[str, Things] = {}
        self.last: Things = ()
        self.last_set: Things = ()

    def resolved(self, expression: Expression, things: Things) -> None:
        """Note what an expression pointed at, for those that follow."""
        for thing in things:
            insort(self.sightings, (expression.start, expression.end, thing))
        if expression.gender and len(things) == 1:
            self.genders.setdefault(things[0], expression.gender)
        self.said[expression.words] = things
        self.kinds[expression.kind] = things
        self.last = things
        if len(things) > 1:
            self.last_set = things

    def pointed(self, expression: Expression) -> dict[str, float]:
        """Give the log share of each thing in what the encoder takes an expression to point at.

        Empty where no encoder has read the text.
        """
        odds = self.pointing.odds((expression.start, expression.end))
        if not odds.size:
            return {}
        shares: dict[str, float] = defaultdict(float)
        for index, share in enumerate(softmax(odds)):
            shares[self.of[index]] += float(share)
        return {cluster: math.log(max(share, LEAST_SHARE)) for cluster, share in shares.items()}

    def sentence(self, at: int) -> int:
        """Number the sentence that holds a character."""
        return bisect_right(self.sentences, at)

    def paragraph(self, at: int) -> int:
        """Number the paragraph that holds a character."""
        return bisect_right(self.paragraphs, at)

    def bounds(self, at: int) -> tuple[int, int]:
        """Give the bounds of the paragraph that holds a character."""
        index = self.paragraph(at)
        high = self.paragraphs[index] if index < len(self.paragraphs) else len(self.text)
        return self.paragraphs[index - 1], high

    def seen(self, at: int) -> list[tuple[int, int, str]]:
        """Give the sightings in front of a character."""
        return self.sightings[: bisect_left(self.sightings, (at,))]

    def before(self, at: int) -> set[str]:
        """Give the things that are sighted in a paragraph in front of a character."""
        low = self.bounds(at)[0]
        return {cluster for start, _, cluster in self.seen(at) if start >= low}

    def capitals_before(self, at: int) -> set[str]:
        """Give the countries of the capitals that are sighted there and stand for cities."""
        forms = {
            form.text
            for cluster in self.before(at)
            if self.clusters[cluster].label == "GPE" and not self.clusters[cluster].country
            for form in self.forms[cluster]
        }
        return {code for form in forms if (code := seat_of(form, self.knowledge))}

    def quoted(self, at: int) -> bool:
        """Tell whether a character stands in quotation marks."""
        return len(QUOTE.findall(self.text[self.bounds(at)[0] : at])) % 2 == 1

    def speakers(self, at: int) -> set[str]:
        """Give the persons of a paragraph who stand beside a verb of speech."""
        low, high = self.bounds(at)
        speech, text = self.rules.speech, self.text
        return {
            c for s, e, c in self.sightings
            if low <= s < high and self.clusters[c].label == "PERSON"
            and (speech.search(text[e : e + 30]) or speech.search(text[max(low, s - 50) : s]))
        }  # fmt: skip

    def nearby(self, head: str, cluster: str) -> bool:
        """Tell whether a noun stands near a name of the thing, outside it: `a charity, Dom`."""
        key = head, cluster
        if key not in self.described:
            pattern = re.compile(rf"\b{re.escape(head)}\b", re.I)
            self.described[key] = any(
                pattern.search(BREAK.split(self.text[max(0, f.start - 60) : f.start])[-1])
                or pattern.search(BREAK.split(self.text[f.end : f.end + 60])[0])
                for f in self.forms[cluster]
            )
        return self.described[key]

    def named(self, head: str, cluster: str) -> bool:
        """Tell whether a name of the thing has the noun among its words."""
        return head in self.kinds_named[cluster]

    def _kinds_named(self, cluster: str) -> frozenset[str]:
        """Give the words of a thing's names in the singular, spelt one way."""
        if self.clusters[cluster].label in ("DATE", "MONEY", "ROLE"):
            return frozenset()
        words = {
            w for form in self.forms[cluster] for w in re.findall(r"[\w\-]+", form.text.casefold())
        }
        words |= {part for word in words for part in word.split("-")}
        return frozenset(plain(singular(word, self.rules)) for word in words)

    def _roles(self) -> dict[str, str]:
        """Give each person the posts that stand right beside the name anywhere in the text."""
        roles: dict[str, str] = defaultdict(str)
        for index, name in enumerate(self.names):
            if name.label == "PERSON":
                for near in self._beside(index, ("ROLE",), 60):
                    roles[self.of[index]] += f" {self.names[near].text.casefold()} "
        return roles

    def _ties(self) -> dict[str, set[str]]:
        """Give each person the bodies and countries named beside the name."""
        ties: dict[str, set[str]] = defaultdict(set)
        for index, name in enumerate(self.names):
            if name.label == "PERSON":
                for near in self._beside(index, ("ORG", "GPE"), 80):
                    ties[self.of[index]].add(self.of[near])
        return ties

    def _beside(self, index: int, labels: tuple[str, ...], width: int) -> Iterator[int]:
        name = self.names[index]
        for other in range(max(0, index - 4), min(len(self.names), index + 4)):
            near = self.names[other]
            if near.label in labels:
                gap = self.text[min(name.end, near.end) : max(name.start, near.start)]
                if len(gap) <= width and not BREAK.search(gap):
                    yield other

    def _genders(self) -> dict[str, str]:
        genders: dict[str, str] = {}
        for index, name in enumerate(self.names):
            if name.label != "PERSON":
                continue
            before = self.text[max(0, name.start - 25) : name.start].split()
            for word in [*before[-2:], *self.roles.get(self.of[index], "").split()]:
                if gender := self.rules.titles.get(word.casefold().rstrip(".,")):
                    genders.setdefault(self.of[index], gender)
        return genders

    def _links(self) -> Counter[frozenset[str]]:
        """Count how often two things of one label are tied in a sentence: `A met B`, `A and B`."""
        found: Counter[frozenset[str]] = Counter()
        for index, (_, end, left) in enumerate(self.sightings):
            for start, _, right in self.sightings[index + 1 : index + 6]:
                between = self.text[end:start]
                if len(between) > 120 or BREAK.search(between):
                    break
                if self.clusters[left].label == self.clusters[right].label and LINK.search(between):
                    found[frozenset((left, right))] += 1
        return found

    def _presence(self) -> Counter[str]:
        """Count how often each country is there: by name, by adjective, by its bodies."""
        found: Counter[str] = Counter()
        for cluster in self.clusters.values():
            code = cluster.country
            if cluster.label == "GPE":
                code = code or self.knowledge.capitals.get(normalise(cluster.name), "")
            if code:
                found[code] += len(cluster.members)
        found.update(code for _, code in self.adjectives)
        return found

    def _adjectives(self) -> list[tuple[int, str]]:
        """Give where the text has the adjective of a country: `Togolese`."""
        return [
            (match.start(), code)
            for match in re.finditer(r"\b[A-ZÀ-Ỹ][\w’'\-]+", self.text)
            if (code := self.knowledge.demonyms.get(normalise(match[0])))
        ]

    def spoken_of(self, at: int) -> str:
        """Give the country of the last adjective or body shortly in front of a character, or ''."""
        low = at - NEARBY
        said = [place for place in self.adjectives if low <= place[0] < at]
        for start, _, cluster in self.seen(at)[-8:]:
            thing = self.clusters[cluster]
            if thing.label == "ORG" and thing.country and start >= low:
                said.append((start, thing.country))
        return max(said)[1] if said else ""

    def apposed(self, end: int) -> str:
        """Give the thing whose name, set off, follows an expression: `his boss, Captain Vu,`."""
        for index, name in enumerate(self.names):
            if name.start < end or name.label == "ROLE":
                continue
            gap = self.text[end : name.start]
            set_off = SET_OFF.fullmatch(gap) and CLOSED.match(self.text[name.end : name.end + 2])
            return self.of[index] if set_off else ""
        return ""


def plain(word: str) -> str:
    """Spell a noun one way: `centre` and `center`, `programme` and `program` are one."""
    for ending, other in (
        ("mme", "m"),
        ("tre", "ter"),
        ("isation", "ization"),
        ("our", "or"),
        ("efence", "efense"),
    ):
        if word.endswith(ending):
            return word[: -len(ending)] + other
    return word
