"""Whose a body or law is that many countries have: `Ministry of Justice`, `Penal Code`.

The countries that a text names compete for it: by how much speaks for each as the text's own, by
how near, in which form and in which order they are named, and by whose bodies of that name are
listed.

Source: a log-linear choice among candidates, as for references; the weights are fitted on annotated
texts by pipeline.training.fit_owners.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.components.countries import MISSION, is_generic, is_national
from pipeline.knowledge import Knowledge
from pipeline.records import Mention
from pipeline.sentences import sentence_starts
from pipeline.text import normalise
from pipeline.words import load_weights

Features = dict[str, float]
FITTED = Path(__file__).parent / "data" / "rules" / "owners.yaml"
MOST = 8  # countries that are tried, those first for which most speaks
# Listed bodies of a country from which on one that is not among them is likely not its own.
MANY_BODIES = 15
RIVAL = 0.25  # of the most that speaks for one, from which a country is its rival
NEAR = (2, 5, 10, 20)  # words between a country and the body, upper bounds
WORD = re.compile(r"\b[A-Z][a-z]+\b")


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """A country at a character, by the form in which it is named.

    `form` is name, adjective, place (a town in it) or body (that is known to be its own).
    """

    start: int
    end: int
    country: str
    form: str


class Owners:
    """The countries of one document and what speaks for each as the owner of a body.

    `home` weighs the countries of the text, by their codes; the weights have no bound.
    """

    def __init__(
        self,
        text: str,
        clusters: Mapping[str, Sequence[Mention]],
        home: Mapping[str, float],
        knowledge: Knowledge,
    ) -> None:
        self.text, self.home, self.knowledge = text, home, knowledge
        names = [mention for rows in clusters.values() for mention in rows]
        spans = [(mention.begin, mention.stop) for mention in names]
        self.sentences = sentence_starts(text, spans)
        self.paragraphs = [0, *(m.end() for m in re.finditer(r"\n\s*\n", text))]
        self.sightings = sorted(self._sightings(names))
        self.starts = [sighting.start for sighting in self.sightings]
        self.settled_at: list[tuple[int, str]] = []
        self.tried = sorted(home, key=lambda code: (-home[code], code))[:MOST]

    def owner(self, rows: Sequence[Mention]) -> tuple[str, float]:
        """Give the likeliest owner of a body and the belief in it in [0, 1]; else '' and 0.

        Where only a rival has such a body listed, the belief is 0.
        """
        possible = self.candidates(rows)
        if not possible:
            return "", 0.0
        weights = load_weights("owners", FITTED)
        shared, own = weights["all"], weights.get(kind_of(rows[0]), {})
        scores = {
            code: sum(v * (shared.get(n, 0.0) + own.get(n, 0.0)) for n, v in features.items())
            for code, features in possible.items()
        }
        best = min(scores, key=lambda code: (-scores[code], code))
        if "listed of another" in possible[best]:
            return best, 0.0
        return best, 1 / sum(math.exp(score - scores[best]) for score in scores.values())

    def in_doubt(self, row: Mention) -> bool:
        """Tell whether a name is one that bodies or documents of many countries bear."""
        if row.label == "DOCUMENT":
            return is_national(row.name)
        # Whose an embassy is and where it stands are two countries.
        named = row.label == "ORG" and is_generic(row.name, self.knowledge)
        return named and not MISSION.search(row.name)

    def settled(self, rows: Sequence[Mention], country: str) -> None:
        """Note whose a body is, for those behind it."""
        self.settled_at.append((rows[0].begin, country))

    def candidates(self, rows: Sequence[Mention]) -> dict[str, Features]:
        """Give what speaks for each country as the owner of a body with these names."""
        return {code: self._features(code, rows) for code in self.tried}

    def _sightings(self, names: Sequence[Mention]) -> list[Sighting]:
        found = []
        taken: set[int] = set()
        for mention in names:
            code, form = mention.country, "name" if mention.label == "GPE" else "body"
            if mention.label == "GPE" and not code:
                known = self.knowledge.candidates(mention.text, "GPE")
                codes = {thing.country for thing in known} - {""}
                code, form = codes.pop() if len(codes) == 1 else "", "place"
            if code and mention.label in ("GPE", "ORG"):
                found.append(Sighting(mention.begin, mention.stop, code, form))
                taken.update(range(mention.begin, mention.stop))
        for word in WORD.finditer(self.text):
            code = self.knowledge.demonyms.get(word[0].casefold(), "")
            if code and word.start() not in taken:
                found.append(Sighting(word.start(), word.end(), code, "adjective"))
        return found

    def _features(self, code: str, rows: Sequence[Mention]) -> Features:
        total = sum(self.home.values()) or 1.0
        share = self.home[code] / total
        f: Features = {"home": share, f"home rank {min(self.tried.index(code), 3)}": 1.0}
        second = max((self.home[c] for c in self.tried if c != code), default=0.0)
        f["home ahead"] = (self.home[code] - second) / (self.home[code] + second or 1.0)
        seen = [s for s in self.sightings if s.country == code]
        f["named"] = math.log1p(sum(s.form in ("name", "adjective") for s in seen))
        f["bodies"] = math.log1p(sum(s.form == "body" for s in seen))
        f["places"] = math.log1p(sum(s.form == "place" for s in seen))
        if seen and seen[0].start < self._end_of_first():
            f["headline"] = 1.0
        self._nearness(f, code, rows[0])
        for row in rows[1:4]:
            if any(s.country == code for s in self._inside(row, self.sentences)):
                f["in the sentence of another mention"] = 1.0
        if rows[0].label == "ORG":
            self._listing(f, code, rows)
        before = [owner for start, owner in self.settled_at if start < rows[0].begin]
        if before:
            f["owner of the last body" if before[-1] == code else "not of the last body"] = 1.0
            f["bodies owned"] = before.count(code) / len(before)
        return f

    def _nearness(self, f: Features, code: str, row: Mention) -> None:
        """Say where the country stands in front of and behind a mention of the body."""
        index = bisect_left(self.starts, row.begin)
        order = list(dict.fromkeys(s.country for s in reversed(self.sightings[:index])))
        f[f"before {min(order.index(code), 3)}" if code in order else "not before"] = 1.0
        last = next((s for s in reversed(self.sightings[:index]) if s.country == code), None)
        if last and order[0] == code:
            f[f"last by {last.form}"] = 1.0
        for where, borders in (("sentence", self.sentences), ("paragraph", self.paragraphs)):
            inside = self._inside(row, borders)
            front = [s for s in inside if s.start < row.begin]
            if front and front[-1].country == code:
                f[f"last in the {where}"] = 1.0
                f[f"last in the {where} by {front[-1].form}"] = 1.0
            if any(s.country == code for s in front):
                f[f"before in the {where}"] = 1.0
            if any(s.country == code for s in inside if s.start >= row.stop):
                f[f"behind in the {where}"] = 1.0
            if inside and all(s.country == code for s in inside):
                f[f"alone in the {where}"] = 1.0
            if where == "sentence" and front and front[0].country == code:
                f["first in the sentence"] = 1.0
        if last and bisect_right(self.sentences, last.start) == bisect_right(
            self.sentences, row.begin
        ):
            apart = len(self.text[last.end : row.begin].split())
            f[f"words {sum(apart > bound for bound in NEAR)} by {last.form}"] = 1.0

    def _inside(self, row: Mention, borders: Sequence[int]) -> list[Sighting]:
        """Give the sightings of the sentence or paragraph that holds a mention, it left out."""
        at = bisect_right(borders, row.begin)
        low = borders[at - 1]
        high = borders[at] if at < len(borders) else len(self.text)
        first, last = bisect_left(self.starts, low), bisect_left(self.starts, high)
        return [s for s in self.sightings[first:last] if not row.begin <= s.start < row.stop]

    def _listing(self, f: Features, code: str, rows: Sequence[Mention]) -> None:
        """Say whether the knowledge files have such a body of that country, or of another.

        Only where a country's bodies are listed is a lack of one telling.
        """
        known = {
            thing.country
            for text in dict.fromkeys(row.text for row in rows[:3])
            for thing in self.knowledge.candidates(text, "ORG")
        } - {""}
        rivals = {c for c in self.tried if self.home[c] >= RIVAL * self.home[self.tried[0]]}
        well = all(self.knowledge.bodies[c] >= MANY_BODIES for c in rivals)
        if len(known) == 1:
            f["only one listed" if code in known else "other the only one listed"] = 1.0
        if code not in known and self.knowledge.bodies[code] >= MANY_BODIES:
            f["not listed"] = 1.0
        if well and code in rivals and known & rivals:
            f["listed" if code in known else "listed of another"] = 1.0
            if known & rivals == {code}:
                f["listed alone"] = 1.0

    def _end_of_first(self) -> int:
        return self.paragraphs[1] if len(self.paragraphs) > 1 else len(self.text)


def kind_of(row: Mention) -> str:
    """Name the weights that apply: of ministries, of other bodies, or of documents."""
    if row.label == "DOCUMENT":
        return "document"
    return "ministry" if "ministry" in normalise(row.text) else "body"
