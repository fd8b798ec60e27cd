"""What an expression may point at, and what speaks for each: recency, role, number, wording."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from pipeline.components.clusters import Cluster, Found
from pipeline.components.expressions import Expression
from pipeline.components.reference_rules import ReferenceRules
from pipeline.sentences import sentence_starts
from pipeline.text import is_acronym

Things = tuple[str, ...]
Features = dict[str, float]
POINTABLE = frozenset({"ORG", "GPE", "PERSON", "LOC", "DOCUMENT", "EVENT", "PROGRAM"})
PREPOSITION = re.compile(
    r"\b(?:of|in|at|from|to|by|with|for|on|near|under|against|between|into|through|via|than|about"
    r"|after|before|behind|outside|inside|across|over|among)\s+(?:the\s+|an?\s+)?$",
    re.I,
)
JOINED = re.compile(r"[’']?s?\s*(?:,|,?\s*(?:and|&|or)|[–/-])\s*(?:the\s+|its\s+|an?\s+)?", re.I)
ACROSS = re.compile(r"\b(?:with|between|and|met|meet|meets|to|from)\b")
CLAUSE = re.compile(r"[,;:()—–]|\b(?:and|but|which|who|that|while|because|if|when|as)\b")
QUOTE = re.compile(r"[\"“”]")


class Scene:
    """A text with the things that have been named or pointed at so far."""

    def __init__(
        self,
        text: str,
        names: Sequence[Found],
        clusters: Sequence[Cluster],
        rules: ReferenceRules,
    ) -> None:
        self.text, self.names, self.rules = text, names, rules
        self.clusters = {cluster.id: cluster for cluster in clusters}
        of = {index: cluster.id for cluster in clusters for index in cluster.members}
        self.of = of
        # (start, end, cluster): names, then whatever has been resolved.
        self.sightings = sorted((n.start, n.end, of[i]) for i, n in enumerate(names))
        self.sentences = sentence_starts(text, [(n.start, n.end) for n in names])
        self.paragraphs = [0, *(m.end() for m in re.finditer(r"\n\s*\n", text))]
        self.forms: dict[str, list[Found]] = defaultdict(list)
        for index, name in enumerate(names):
            self.forms[of[index]].append(name)
        self.roles = self._roles()
        self.ties = self._ties()
        self.genders = self._genders()
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

    def candidates(self, expression: Expression) -> list[tuple[Things, Features]]:
        """Give what the expression may point at, with features, best guess anywhere."""
        near = self._near(expression)
        found: list[tuple[Things, Features]] = []
        if expression.number in (1, -1):
            found += [((c,), self._single(expression, c, i, near)) for i, c in enumerate(near)]
        if expression.number != 1:
            sets = dict.fromkeys(self._sets(expression, near))
            found += [(things, self._group(expression, things, near)) for things in sets]
        return found

    def _sentence(self, at: int) -> int:
        return bisect_right(self.sentences, at)

    def _paragraph(self, at: int) -> int:
        return bisect_right(self.paragraphs, at)

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
                if len(gap) <= width and not re.search(r"[.;!?]\s|\n", gap):
                    yield other

    def _genders(self) -> dict[str, str]:
        genders: dict[str, str] = {}
        for index, name in enumerate(self.names):
            if name.label != "PERSON":
                continue
            before = self.text[max(0, name.start - 25) : name.start].split()
            words = [*before[-2:], *self.roles.get(self.of[index], "").split()]
            for word in words:
                if gender := self.rules.titles.get(word.casefold().rstrip(".,")):
                    genders.setdefault(self.of[index], gender)
        return genders

    def _near(self, expression: Expression) -> list[str]:
        """Give the things that fit, the last mentioned first; behind them those still to come."""
        at = bisect_left(self.sightings, (expression.start,))
        order = dict.fromkeys(c for _, _, c in reversed(self.sightings[:at]))
        stop = self.text.find("\n\n", expression.end)
        ahead = (
            c for s, _, c in self.sightings[at:]
            if expression.end <= s < (stop if stop >= 0 else len(self.text))
        )  # fmt: skip
        order.update(dict.fromkeys(c for c in ahead if c not in order))
        return [c for c in order if self._fits(expression, c)][: self.rules.reach]

    def _fits(self, expression: Expression, cluster: str) -> bool:
        thing = self.clusters[cluster]
        if expression.kind == "side":
            return thing.label in expression.labels and thing.country in expression.countries
        labels = expression.labels or POINTABLE
        return thing.label in labels or self._head(expression, cluster)

    def _head(self, expression: Expression, cluster: str) -> bool:
        """Tell whether a name of the thing has the expression's noun among its words."""
        head = expression.head
        if not head or self.clusters[cluster].label in ("DATE", "MONEY", "ROLE"):
            return False
        stem = re.escape(re.sub(r"(?:re|er|mme|our|isation|ization)$", "", head))
        pattern = re.compile(rf"\b{stem}\w{{0,5}}(?<!\wional)\b", re.I)
        return any(pattern.search(form.text) for form in self.forms[cluster])

    def _before(self, expression: Expression, cluster: str) -> tuple[int, int] | None:
        at = bisect_left(self.sightings, (expression.start,))
        for start, end, thing in reversed(self.sightings[:at]):
            if thing == cluster:
                return start, end
        return None

    def _count(self, expression: Expression, cluster: str) -> int:
        return sum(s < expression.start for s, _, c in self.sightings if c == cluster)

    def _single(
        self, expression: Expression, cluster: str, rank: int, near: list[str]
    ) -> Features:
        thing = self.clusters[cluster]
        f: Features = {f"label {thing.label}": 1.0, f"rank {min(rank, 4)}": 1.0}
        place = self._before(expression, cluster)
        count = self._count(expression, cluster)
        f["count"] = math.log1p(count)
        if count and count == max(self._count(expression, c) for c in near):
            f["most named"] = 1.0
        if len(near) == 1:
            f["only one"] = 1.0
        if place is None:
            f["ahead"] = 1.0
        else:
            self._place(f, expression, cluster, place)
        self._wording(f, expression, cluster)
        if self.last == (cluster,):
            f["pointed at last"] = 1.0
        if self.said.get(expression.words) == (cluster,):
            f["same words"] = 1.0
        if self.kinds.get(expression.kind) == (cluster,):
            f["same kind"] = 1.0
        self._people(f, expression, cluster)
        return f

    def _place(
        self, f: Features, expression: Expression, cluster: str, place: tuple[int, int]
    ) -> None:
        start, end = place
        gap = self._sentence(expression.start) - self._sentence(start)
        paragraphs = self._paragraph(expression.start) - self._paragraph(start)
        f[f"sentence {min(gap, 4)}"] = 1.0
        f[f"paragraph {min(paragraphs, 3)}"] = 1.0
        low = self.sentences[self._sentence(start) - 1]
        between = self.text[end : expression.start]
        lead = self.text[low:start]
        behind = bool(PREPOSITION.search(self.text[max(low, start - 20) : start]))
        where = "this" if gap == 0 else "last" if gap == 1 else "old"
        if behind:
            f[f"behind preposition, {where}"] = 1.0
        first = not any(low <= s < start for s, _, c in self.sightings if c != cluster)
        if first and not behind:
            f[f"first, {where}"] = 1.0
        if len(lead.split()) <= 2:
            f[f"opens, {where}"] = 1.0
        if gap == 0 and not CLAUSE.search(between):
            f["same clause"] = 1.0
        if start < self.paragraphs[1 if len(self.paragraphs) > 1 else 0]:
            f["headline"] = 1.0
        pair = self._pair(expression, cluster)
        if pair:
            f[pair] = 1.0

    def _pair(self, expression: Expression, cluster: str) -> str:
        """Say which of the last two of one label a thing is, for `the former` and `the latter`."""
        if expression.kind not in ("former", "latter"):
            return ""
        at = bisect_left(self.sightings, (expression.start,))
        label = self.clusters[cluster].label
        now = self._sentence(expression.start)
        same = [
            c for s, _, c in self.sightings[:at]
            if self.clusters[c].label == label and now - self._sentence(s) <= 1
        ]  # fmt: skip
        order = list(dict.fromkeys(reversed(same)))[:2]
        if len(order) < 2 or cluster not in order:
            return ""
        return "second of two" if cluster == order[0] else "first of two"

    def _wording(self, f: Features, expression: Expression, cluster: str) -> None:
        thing = self.clusters[cluster]
        head = expression.head
        if head and self._head(expression, cluster):
            f["head"] = 1.0
            if any(form.text.casefold().endswith(head) for form in self.forms[cluster]):
                f["head at the end"] = 1.0
        elif head and any(
            is_acronym(form.text) and head[0].upper() in form.text for form in self.forms[cluster]
        ):
            f["letter"] = 1.0
        if head and self._described(head, cluster):
            f["described"] = 1.0
        if head and thing.label == "PERSON" and re.search(
            rf"(?<![\w])(?:\w+[- ])?{re.escape(head)}\b", self.roles.get(cluster, "")
        ):
            f["post"] = 1.0
        if expression.countries and thing.country in expression.countries:
            f["country"] = 1.0
        if expression.labels and thing.label not in expression.labels:
            f["other label"] = 1.0
        if head and thing.label == "GPE" and thing.country:
            f["is a country"] = 1.0

    def _described(self, head: str, cluster: str) -> bool:
        """Tell whether the noun stands near a name of the thing, outside names."""
        for form in self.forms[cluster]:
            around = self.text[max(0, form.start - 60) : form.start], self.text[form.end :][:60]
            before = re.split(r"[.;!?]\s|\n", around[0])[-1]
            after = re.split(r"[.;!?]\s|\n", around[1])[0]
            if re.search(rf"\b{re.escape(head)}\b", f"{before} | {after}", re.I):
                return True
        return False

    def _people(self, f: Features, expression: Expression, cluster: str) -> None:
        thing = self.clusters[cluster]
        if expression.gender and (gender := self.genders.get(cluster)):
            f["gender" if gender == expression.gender else "other gender"] = 1.0
        low = self.paragraphs[self._paragraph(expression.start) - 1]
        stop = self.text.find("\n", expression.end)
        high = stop if stop >= 0 else len(self.text)
        quoted = len(QUOTE.findall(self.text[low : expression.start])) % 2 == 1
        if expression.kind in ("we", "speaker"):
            speakers = [
                c for s, e, c in self.sightings
                if low <= s < high and self.clusters[c].label == "PERSON"
                and (self.rules.speech.search(self.text[e : e + 30])
                     or self.rules.speech.search(self.text[max(low, s - 50) : s]))
            ]  # fmt: skip
            where = "quoted" if quoted else "not quoted"
            if cluster in speakers:
                f[f"speaks, {where}"] = 1.0
            if any(cluster in self.ties.get(c, ()) for c in speakers):
                f[f"beside the speaker, {where}"] = 1.0
            f[f"{thing.label} {where}"] = 1.0
        if expression.owner or expression.kind == "noun":
            at = bisect_left(self.sightings, (expression.start,))
            person = next(
                (c for _, _, c in reversed(self.sightings[:at])
                 if self.clusters[c].label == "PERSON"), ""
            )  # fmt: skip
            if cluster in self.ties.get(person, ()):
                f["tied, owned" if expression.owner else "tied"] = 1.0
            if expression.owner == "person" and cluster == person:
                f["is the owner"] = 1.0

    def _sets(self, expression: Expression, near: list[str]) -> Iterator[Things]:
        size = expression.number
        if self.last_set and size in (len(self.last_set), 0, -1):
            if all(c in near for c in self.last_set):
                yield self.last_set
        for run in self._runs(expression, set(near)):
            if size in (len(run), 0, -1):
                yield run
            elif 0 < size < len(run):
                yield run[-size:]
        if size in (2, 0, -1):
            recent = near[:10]
            for label in sorted({self.clusters[c].label for c in recent}):
                same = [c for c in recent if self.clusters[c].label == label][:5]
                yield from (self._ordered(expression, pair) for pair in combinations(same, 2))
            yield from (self._ordered(expression, pair) for pair in combinations(recent[:4], 2))
            counted = sorted(near, key=lambda c: -self._count(expression, c))[:3]
            yield from (self._ordered(expression, pair) for pair in combinations(counted, 2))
        elif size > 2:
            for label in sorted({self.clusters[c].label for c in near}):
                same = [c for c in near if self.clusters[c].label == label]
                if len(same) >= size:
                    yield self._ordered(expression, tuple(same[:size]))

    def _ordered(self, expression: Expression, things: tuple[str, ...]) -> Things:
        places = {c: self._before(expression, c) or (len(self.text), 0) for c in things}
        return tuple(sorted(things, key=lambda c: (places[c], c)))

    def _runs(self, expression: Expression, near: set[str]) -> Iterator[Things]:
        """Give the things that were listed one after the other: `A, B and C`."""
        at = bisect_left(self.sightings, (expression.start,))
        run: list[tuple[int, int, str]] = []
        for sighting in [*self.sightings[max(0, at - 60) : at], (len(self.text), 0, "")]:
            if run and not JOINED.fullmatch(self.text[run[-1][1] : sighting[0]]):
                things = tuple(dict.fromkeys(c for _, _, c in run if c in near))
                if len(things) > 1:
                    yield self._ordered(expression, things)
                run = []
            run.append(sighting)

    def _group(self, expression: Expression, things: Things, near: list[str]) -> Features:
        f: Features = {"group": 1.0, f"group of {min(len(things), 4)}": 1.0}
        labels = {self.clusters[c].label for c in things}
        f["one label" if len(labels) == 1 else "mixed labels"] = 1.0
        if len(labels) == 1:
            f[f"group {min(labels)}"] = 1.0
        places = [self._before(expression, c) for c in things]
        known = [place for place in places if place]
        if len(known) < len(things):
            f["group ahead"] = 1.0
            return f
        last, first = max(known), min(known)
        gap = self._sentence(expression.start) - self._sentence(last[0])
        f[f"group sentence {min(gap, 4)}"] = 1.0
        spread = self._sentence(last[0]) - self._sentence(first[0])
        f[f"spread {min(spread, 3)}"] = 1.0
        between = self.text[first[1] : last[0]]
        together = self._together(expression, things)
        f["named together"] = min(3, together) / 3
        if len(things) == 2 and JOINED.fullmatch(between):
            f["listed"] = 1.0
        elif len(things) == 2 and spread == 0 and ACROSS.search(between):
            f["across"] = 1.0
        ranks = sorted(near.index(c) for c in things)
        f["skipped"] = min(4, sum(
            self.clusters[c].label in labels for c in near[: ranks[-1]] if c not in things
        )) / 4  # fmt: skip
        f["mean count"] = sum(math.log1p(self._count(expression, c)) for c in things) / len(things)
        if things == self.last_set:
            f["last group"] = 1.0
        elif set(self.last_set) & set(things):
            f["part of last group"] = 1.0
        if self.said.get(expression.words) == things:
            f["same group, same words"] = 1.0
        if expression.head:
            heads = sum(self._head(expression, c) for c in things) / len(things)
            f["heads"] = heads
            f["group described"] = sum(
                self._described(expression.head, c) or self._described_by_post(expression.head, c)
                for c in things
            ) / len(things)  # fmt: skip
        if expression.labels and not labels <= expression.labels:
            f["group of other label"] = 1.0
        if all(self.clusters[c].label == "GPE" and self.clusters[c].country for c in things):
            f["countries"] = 1.0
        countries = {self.clusters[c].country for c in things}
        if len(countries - {""}) == len(things):
            f["of two countries"] = 1.0
        return f

    def _described_by_post(self, head: str, cluster: str) -> bool:
        return head in self.roles.get(cluster, "")

    def _together(self, expression: Expression, things: Things) -> int:
        """Count the sentences so far that name all of the things."""
        seen = [
            {self._sentence(s) for s, _, c in self.sightings if c == thing and s < expression.start}
            for thing in things
        ]
        return len(set.intersection(*seen))
