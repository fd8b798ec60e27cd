"""What an expression may point at, and what speaks for each: recency, role, number, wording."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import combinations

from pipeline.components.expressions import Expression, context_of, part_of, singular
from pipeline.components.scene import Scene, Things, plain
from pipeline.text import is_acronym

Features = dict[str, float]
REACH = 8  # sentences in which a group may stand together
# Signs of the wording of which the nearest bearer is the likeliest.
SIGNS = (
    "noun in the name",
    "like noun in the name",
    "noun nearby",
    "holds the post",
    "sort of place",
    "gender",
    "of the person",
    "of the person, owned",
)
POINTABLE = frozenset({"ORG", "GPE", "PERSON", "LOC", "DOCUMENT", "EVENT", "PROGRAM"})
BEHIND = re.compile(
    r"\b(?:of|in|at|from|to|by|with|for|on|near|under|against|between|into|through|via|than|about"
    r"|after|before|behind|outside|inside|across|over|among)\s+(?:the\s+|an?\s+)?$",
    re.I,
)
JOINED = re.compile(r"[’']?s?\s*(?:,|,?\s*(?:and|&|or)|[–/-])\s*(?:the\s+|its\s+|an?\s+)?", re.I)
ACROSS = re.compile(r"\b(?:with|between|and|met|meet|meets|to|from|by)\b")
CLAUSE = re.compile(r"[,;:()—–]|\b(?:and|but|which|who|that|while|because|if|when|as)\b")


def candidates(scene: Scene, expression: Expression) -> list[tuple[Things, Features]]:
    """Give what an expression may point at, each with what speaks for and against it."""
    view = _View(scene, expression)
    found: list[tuple[Things, Features]] = []
    if expression.number in (1, -1):
        found += [((c,), view.single(c)) for c in view.near]
    if expression.number != 1:
        # Two of three that were just listed are in doubt.
        listed = [set(run) for run in view.runs()][-1:]
        found += [
            (things, view.group(things))
            for things in dict.fromkeys(view.sets())
            if not any(set(things) < run and things != scene.last_set for run in listed)
        ]
    return found


class _View:
    """One expression before what stands in front of it."""

    def __init__(self, scene: Scene, expression: Expression) -> None:
        self.scene, self.expression = scene, expression
        self.seen = scene.seen(expression.start)
        self.place = {c: (s, e) for s, e, c in self.seen}
        self.count = Counter(c for _, _, c in self.seen)
        self.now = scene.sentence(expression.start)
        self.part = part_of(scene.text, expression, scene.sentences)
        self.headline = scene.paragraph(expression.start) <= 2
        self.near = self._near()
        labels = expression.labels
        inside = [c for c in self.near if scene.clusters[c].label in labels]
        self.members = inside if len(inside) > 1 else self.near
        if not self.headline:
            self.members = list(filter(self.place.__contains__, self.members))
        self.rank = {c: i for i, c in enumerate(self.near)}
        self.most = max((self.count[c] for c in self.near), default=0)
        self.sentences: dict[str, set[int]] = {}
        for start, _, c in self.seen:
            self.sentences.setdefault(c, set()).add(scene.sentence(start))
        self.speakers = (
            scene.speakers(expression.start) if expression.kind in ("we", "speaker") else set()
        )
        self.quoted = "quoted" if scene.quoted(expression.start) else "not quoted"
        self.person = next(
            (c for _, _, c in reversed(self.seen) if scene.clusters[c].label == "PERSON"), ""
        )

    @cached_property
    def sentenced(self) -> dict[Things, int]:
        """Give all things of one label that fit and one sentence names, with the last such one."""
        clusters = self.scene.clusters
        found: dict[Things, int] = {}
        by_sentence: dict[tuple[int, str], list[str]] = {}
        for c in self.members:
            for sentence in self.sentences.get(c, ()):
                if self.now - sentence <= REACH:
                    by_sentence.setdefault((sentence, clusters[c].label), []).append(c)
        for (sentence, _), things in sorted(by_sentence.items()):
            if len(things) > 1:
                found[self._ordered(tuple(things))] = sentence
        return found

    def _near(self) -> list[str]:
        """Give the things that fit, the last mentioned first; behind them those still to come."""
        scene, end = self.scene, self.expression.end
        order = dict.fromkeys(c for _, _, c in reversed(self.seen))
        # A headline points ahead, at whom the first paragraphs name; others within a sentence.
        index = scene.paragraph(self.expression.start)
        stop = next((s for s in scene.sentences if s >= end), len(scene.text))
        if self.headline:
            stop = scene.paragraphs[index + 2] if index + 2 < len(scene.paragraphs) else stop
        order.update(
            dict.fromkeys(c for s, _, c in scene.sightings if end <= s < stop and c not in order)
        )
        near = [c for c in order if self._fits(c)][: scene.rules.reach]
        if self.expression.head in scene.rules.countries:
            # `the two countries` are no cities, where there are countries.
            places = [
                c for c in near if scene.clusters[c].label != "GPE" or scene.clusters[c].country
            ]
            return places or near
        return near

    def _fits(self, cluster: str) -> bool:
        thing, said = self.scene.clusters[cluster], self.expression
        if said.fields and said.labels == {"ORG"}:
            forms = {plain(singular(word, self.scene.rules)) for word in said.fields}
            if thing.label != "ORG" or not any(self.scene.named(f, cluster) for f in forms):
                return False
        if said.kind == "side":
            return thing.label in said.labels | {"ORG"} and thing.country in said.countries
        if thing.label in (said.labels or POINTABLE):
            return True
        return bool(said.head) and (
            self.scene.named(said.head, cluster)
            or (thing.label in POINTABLE and self.scene.nearby(said.head, cluster))
        )

    def single(self, cluster: str) -> Features:
        scene, said = self.scene, self.expression
        thing = scene.clusters[cluster]
        f: Features = {
            f"label {thing.label}": 1.0,
            f"rank {min(self.rank[cluster], 4)}": 1.0,
            "count": math.log1p(self.count[cluster]),
        }
        if self.most and self.count[cluster] == self.most:
            f["most named"] = 1.0
        if len(self.near) == 1:
            f["only one"] = 1.0
        if cluster in self.place:
            self._where(f, cluster)
        else:
            f["ahead"] = 1.0
        if said.head:
            self._noun(f, cluster)
        if said.countries:
            f["country" if thing.country in said.countries else "other country"] = 1.0
        if said.labels and thing.label not in said.labels:
            f["other label"] = 1.0
        if scene.last == (cluster,):
            f["pointed at last"] = 1.0
        if scene.said.get(said.words) == (cluster,):
            f["same words"] = 1.0
        if scene.kinds.get(said.kind) == (cluster,):
            f["same kind"] = 1.0
        if thing.country and scene.presence.get(thing.country, 0) == max(scene.presence.values()):
            f["main country"] = 1.0
        self._context(f, thing.label)
        self._people(f, cluster)
        for sign in (s for s in SIGNS if s in f):
            alike = self.signed[sign]
            f[f"{sign}, {min(alike.index(cluster), 2)}"] = 1.0
            if len(alike) == 1:
                f[f"{sign}, alone"] = 1.0
        return f

    @cached_property
    def signed(self) -> dict[str, list[str]]:
        """Give the things for which each sign of the wording speaks, the nearest first."""
        found: dict[str, list[str]] = {sign: [] for sign in SIGNS}
        for cluster in self.near:
            f: Features = {}
            if self.expression.head:
                self._noun(f, cluster)
            self._people(f, cluster)
            for sign in f.keys() & found.keys():
                found[sign].append(cluster)
        return found

    def _where(self, f: Features, cluster: str) -> None:
        scene = self.scene
        start, end = self.place[cluster]
        gap = self.now - scene.sentence(start)
        paragraphs = scene.paragraph(self.expression.start) - scene.paragraph(start)
        f[f"sentence {min(gap, 4)}"] = 1.0
        f["far"] = math.log1p(gap)
        f[f"paragraph {min(paragraphs, 3)}"] = 1.0
        low = scene.sentences[scene.sentence(start) - 1]
        behind = bool(BEHIND.search(scene.text[max(low, start - 20) : start]))
        where = "this" if gap == 0 else "last" if gap == 1 else "old"
        if behind:
            f[f"behind preposition, {where}"] = 1.0
        first = not any(low <= s < start for s, _, c in self.seen if c != cluster)
        if first and not behind:
            f[f"first, {where}"] = 1.0
        if len(scene.text[low:start].split()) <= 2:
            f[f"opens, {where}"] = 1.0
        part = self.part
        if gap == 0:
            clause = (
                "same clause"
                if not CLAUSE.search(scene.text[end : self.expression.start])
                else "other clause"
            )
            f[f"{clause}, {part}"] = 1.0
            if first:
                f[f"first, {clause}, {part}"] = 1.0
            if behind:
                f[f"behind preposition, {clause}, {part}"] = 1.0
        elif gap == 1 and (first or behind):
            f[f"{'first' if first else 'behind preposition'}, last, {part}"] = 1.0
        if gap and any(self.now - s in (0, 1) for s in self.sentences[cluster]):
            f["named in both"] = 1.0
        if start < scene.paragraphs[1 if len(scene.paragraphs) > 1 else 0]:
            f["headline"] = 1.0
        if self.expression.kind in ("former", "latter"):
            self._ordinal(f, cluster)

    def _ordinal(self, f: Features, cluster: str) -> None:
        """Say which of the last two of one label a thing is."""
        clusters = self.scene.clusters
        label = clusters[cluster].label
        same = [
            c for s, _, c in self.seen
            if clusters[c].label == label and self.now - self.scene.sentence(s) <= 1
        ]  # fmt: skip
        order = list(dict.fromkeys(reversed(same)))[:2]
        if len(order) == 2 and cluster in order:
            f["second of two" if cluster == order[0] else "first of two"] = 1.0
        runs = [run for run in self.runs() if cluster in run]
        if runs and len(runs[-1]) == 2:
            f["second of a list" if runs[-1][1] == cluster else "first of a list"] = 1.0

    def _noun(self, f: Features, cluster: str) -> None:
        scene, head = self.scene, self.expression.head
        rules, thing = scene.rules, scene.clusters[cluster]
        kinds = scene.kinds_named[cluster]
        if head in kinds:
            f["noun in the name"] = 1.0
        elif kinds & rules.like.get(head, frozenset()):
            f["like noun in the name"] = 1.0
        elif thing.label == "ORG" and any("ORG" in rules.nouns.get(kind, ()) for kind in kinds):
            f["other noun in the name"] = 1.0
        elif any(
            is_acronym(form.text) and head[0].upper() in form.text for form in scene.forms[cluster]
        ):
            f["letter of an acronym"] = 1.0
        if scene.nearby(head, cluster):
            f["noun nearby"] = 1.0
        if thing.label == "PERSON":
            role = scene.roles.get(cluster, "")
            if re.search(rf"\b{re.escape(head)}\b", role):
                f["holds the post"] = 1.0
            elif role and head in rules.posts:
                f["holds another post"] = 1.0
        if thing.label == "GPE":
            kind = "country" if thing.country and thing.country in scene.presence else "place"
            sort = "country" if head in rules.countries else "place" if head in rules.places else ""
            if sort:
                f["sort of place" if sort == kind else "other sort of place"] = 1.0

    def _context(self, f: Features, label: str) -> None:
        """Weigh how names of this label stand between such words."""
        for key in context_of(self.scene.text, self.expression):
            f["context"] = f.get("context", 0.0) + self.scene.rules.context.get(key, {}).get(
                label, 0.0
            )

    def _people(self, f: Features, cluster: str) -> None:
        scene, said = self.scene, self.expression
        label = scene.clusters[cluster].label
        if said.gender and (gender := scene.genders.get(cluster)):
            f["gender" if gender == said.gender else "other gender"] = 1.0
        if said.kind in ("we", "speaker"):
            if cluster in self.speakers:
                f[f"speaks, {self.quoted}"] = 1.0
            if any(cluster in scene.ties.get(c, ()) for c in self.speakers):
                f[f"beside the speaker, {self.quoted}"] = 1.0
            f[f"{label} {self.quoted}"] = 1.0
        elif said.owner or said.kind == "noun":
            if cluster in scene.ties.get(self.person, ()):
                f["of the person, owned" if said.owner else "of the person"] = 1.0
            if said.owner == "person" and cluster == self.person:
                f["is the owner"] = 1.0
        if said.kind in ("post", "person") and said.owner and cluster == self.person:
            f["is the owner"] = 1.0

    def sets(self) -> Iterator[Things]:
        """Give the groups that fit: the last one, lists, and pairs of what is near or frequent."""
        size, clusters = self.expression.number, self.scene.clusters
        last = self.scene.last_set
        if last and size in (len(last), -1) and all(c in self.members for c in last):
            yield last
        for run in self.runs():
            if size in (len(run), -1):
                yield run
        for things in self.sentenced:
            if size in (len(things), -1):
                yield things
        if size in (2, -1):
            for label in sorted({clusters[c].label for c in self.members}):
                same = [c for c in self.members if clusters[c].label == label]
                counted = sorted(same, key=lambda c: (-self.count[c], self.rank[c]))[:4]
                chosen = dict.fromkeys([*same[:8], *counted])
                yield from (self._ordered(pair) for pair in combinations(chosen, 2))
            yield from (self._ordered(pair) for pair in combinations(self.members[:4], 2))
        elif size > 2:
            for label in sorted({clusters[c].label for c in self.members}):
                same = [c for c in self.members if clusters[c].label == label]
                if len(same) >= size:
                    yield self._ordered(tuple(same[:size]))

    def _ordered(self, things: tuple[str, ...]) -> Things:
        ahead = (len(self.scene.text), 0)
        return tuple(sorted(things, key=lambda c: (self.place.get(c, ahead), c)))

    def runs(self) -> Iterator[Things]:
        """Give the things that were listed one after the other: `A, B and C`."""
        text = self.scene.text
        run: list[tuple[int, int, str]] = []
        for sighting in [*self.seen[-60:], (len(text), 0, "")]:
            if run and not JOINED.fullmatch(text[run[-1][1] : sighting[0]]):
                things = tuple(dict.fromkeys(c for _, _, c in run if c in self.members))
                if len(things) > 1:
                    yield self._ordered(things)
                run = []
            run.append(sighting)

    def group(self, things: Things) -> Features:
        scene = self.scene
        labels = {scene.clusters[c].label for c in things}
        f: Features = {"group": 1.0, f"group of {min(len(things), 4)}": 1.0}
        f[f"group {min(labels)}" if len(labels) == 1 else "group of mixed labels"] = 1.0
        self._bonds(f, things)
        if any(c not in self.place for c in things):
            f["group ahead"] = 1.0
            return f
        first, last = min(self.place[c] for c in things), max(self.place[c] for c in things)
        f["group far"] = math.log1p(self.now - scene.sentence(first[0]))
        f[f"group sentence {min(self.now - scene.sentence(last[0]), 4)}"] = 1.0
        spread = scene.sentence(last[0]) - scene.sentence(first[0])
        f[f"spread {min(spread, 3)}"] = 1.0
        if len(things) == 2 and spread == 0:
            between = scene.text[first[1] : last[0]]
            if JOINED.fullmatch(between):
                f["listed"] = 1.0
            elif ACROSS.search(between):
                f["across"] = 1.0
        top = max(self.rank[c] for c in things)
        skipped = [c for c in self.members if self.rank[c] < top and c not in things]
        f["skipped"] = min(4, sum(scene.clusters[c].label in labels for c in skipped)) / 4
        f["mean count"] = sum(math.log1p(self.count[c]) for c in things) / len(things)
        if len(things) == 2 and (links := scene.links[frozenset(things)]):
            f["linked"] = min(links, 4) / 4
            rivals = (scene.links[frozenset(p)] for p in combinations(self.members, 2)
                      if {scene.clusters[c].label for c in p} == labels)  # fmt: skip
            if links == max(rivals, default=0):
                f["most linked"] = 1.0
        if things in self.sentenced:
            f["all of a sentence"] = 1.0
            if self.now - self.sentenced[things] <= 2:
                f["all of a sentence nearby"] = 1.0
        together = set.intersection(*(self.sentences[c] for c in things))
        f["named together"] = min(3, len(together)) / 3
        return f

    def _bonds(self, f: Features, things: Things) -> None:
        """Weigh what holds a group together and to the words of the expression."""
        scene, said = self.scene, self.expression
        clusters = [scene.clusters[c] for c in things]
        size = len(things)
        if things == scene.last_set:
            f["last group"] = 1.0
        elif set(scene.last_set) & set(things):
            f["part of last group"] = 1.0
        if scene.said.get(said.words) == things:
            f["same group, same words"] = 1.0
        if said.labels and any(c.label not in said.labels for c in clusters):
            f["group of other label"] = 1.0
        codes = [c.country for c in clusters]
        if all(codes):
            f["of two countries" if len(set(codes)) == size else "of one country"] = 1.0
            order = [code for code, _ in scene.presence.most_common(size)]
            if len(set(codes)) == size:
                f["main countries"] = len(set(codes) & set(order)) / size
        if said.head:
            like = {said.head} | scene.rules.like.get(said.head, frozenset())
            f["nouns in the names"] = (
                sum(bool(like & scene.kinds_named[c.id]) for c in clusters) / size
            )
            f["nouns nearby"] = sum(scene.nearby(said.head, c.id) for c in clusters) / size
            f["hold the post"] = (
                sum(said.head in scene.roles.get(c.id, "") for c in clusters) / size
            )
