"""Several things as one antecedent: which groups may be meant, and what speaks for each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations

from pipeline.components.scene import Things
from pipeline.components.surroundings import Features, Surroundings

JOINED = re.compile(r"[’']?s?\s*(?:,|,?\s*(?:and|&|or)|[–/-])\s*(?:the\s+|its\s+|an?\s+)?", re.I)
ACROSS = re.compile(r"\b(?:with|between|and|met|meet|meets|to|from|by)\b")
AHEAD = 3  # things still to come that may be one of a pair


class Groups(Surroundings):
    """The groups that an expression may point at."""

    def sets(self) -> Iterator[Things]:
        """Give the groups that fit: the last one, lists, and pairs of what is near or frequent."""
        said, clusters = self.expression, self.scene.clusters
        size = said.number or -1  # how many is open
        last = self.scene.last_set
        if last and size in (len(last), -1) and all(c in self.members for c in last):
            yield self.ordered(last)
        for count in (size,) if size > 1 else (2, 3):
            group = self.believed[:count]
            # `The two defence ministries` are no two others, whatever the encoder sees.
            if len(group) == count and (not said.fields or all(map(self.fits, group))):
                yield self.ordered(tuple(group))
        for run in self.runs(every=size > 2):
            if size in (len(run), -1):
                yield run
        for things in self.sentenced:
            if size in (len(things), -1):
                yield things
        if size in (2, -1):
            for label in sorted({clusters[c].label for c in self.members}):
                same = [c for c in self.members if clusters[c].label == label]
                counted = sorted(same, key=lambda c: (-self.count[c], self.rank[c]))[:4]
                ahead = [c for c in same if c not in self.place][:AHEAD]
                named = [c for c in same if self.expression.head in self.scene.kinds_named[c]][:6]
                chosen = dict.fromkeys([*same[:8], *counted, *named, *ahead])
                yield from (self.ordered(pair) for pair in combinations(chosen, 2))
            yield from (self.ordered(pair) for pair in combinations(self.members[:4], 2))
        elif size > 2:
            for label in sorted({clusters[c].label for c in self.members}):
                same = [c for c in self.members if clusters[c].label == label]
                if len(same) >= size:
                    yield self.ordered(tuple(same[:size]))

    def runs(self, every: bool = False) -> Iterator[Things]:
        """Give the things that were listed one after the other: `A, B and C`.

        `every` is for those that the words do not fit too: `the six signatories`.
        """
        text = self.scene.text
        run: list[tuple[int, int, str]] = []
        for sighting in [*self.seen[-60:], (len(text), 0, "")]:
            if run and not JOINED.fullmatch(text[run[-1][1] : sighting[0]]):
                fits = [c for _, _, c in run if c in self.members or (every and self.pointable(c))]
                things = tuple(dict.fromkeys(fits))
                if len(things) > 1:
                    yield self.ordered(things)
                run = []
            run.append(sighting)

    def group(self, things: Things) -> Features:
        """Say what speaks for a group: where and how its things stand together."""
        scene = self.scene
        labels = {scene.clusters[c].label for c in things}
        f: Features = {"group": 1.0, f"group of {min(len(things), 4)}": 1.0}
        f[f"group {min(labels)}" if len(labels) == 1 else "group of mixed labels"] = 1.0
        self._bonds(f, things)
        if self.pointed:
            f |= self.belief_in(things)
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
        top = max(self.rank.get(c, len(self.near)) for c in things)
        skipped = [c for c in self.members if self.rank.get(c, top) < top and c not in things]
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
        if set(things) == set(scene.last_set):
            f["last group"] = 1.0
        elif set(scene.last_set) & set(things):
            f["part of last group"] = 1.0
        if set(scene.said.get(said.words, ())) == set(things):
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
