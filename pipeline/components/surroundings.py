"""What stands around an expression: the things that fit its words, and where each was named."""

from __future__ import annotations

import math
from collections import Counter
from functools import cached_property

from pipeline.components.capitals import seat_of
from pipeline.components.expressions import Expression, part_of, singular
from pipeline.components.scene import LEAST_SHARE, Scene, Things, plain

Features = dict[str, float]
POINTED = "pointed at"  # begins the features in which the encoder has its say
SURE = math.log(0.5)  # log share from which the encoder may name what does not fit the words
REACH = 8  # sentences in which a group may stand together
POINTABLE = frozenset({"ORG", "GPE", "PERSON", "LOC", "DOCUMENT", "EVENT", "PROGRAM"})


class Surroundings:
    """One expression before what stands in front of it, and a little behind."""

    def __init__(self, scene: Scene, expression: Expression) -> None:
        self.scene, self.expression = scene, expression
        self.seen = scene.seen(expression.start)
        self.place = {c: (s, e) for s, e, c in self.seen}
        self.count = Counter(c for _, _, c in self.seen)
        self.now = scene.sentence(expression.start)
        self.pointed = scene.pointed(expression)
        self.believed = sorted(
            filter(self.pointable, self.pointed),
            key=lambda c: (-self.pointed[c], c),
        )
        self.shares = sorted(self.pointed.items(), key=lambda row: -row[1])
        self.part = part_of(scene.text, expression, scene.sentences)
        self.headline = scene.paragraph(expression.start) <= 2
        self.apposed = scene.apposed(expression.end)
        self.spoken_of = scene.spoken_of(expression.start)
        self.near = self._near()
        labels = expression.labels
        inside = [c for c in self.near if scene.clusters[c].label in labels]
        self.members = inside if len(inside) > 1 else self.near
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
                found[self.ordered(tuple(things))] = sentence
        return found

    def _near(self) -> list[str]:
        """Give the things that fit, the last mentioned first; behind them those still to come."""
        scene, end = self.scene, self.expression.end
        order = dict.fromkeys(c for _, _, c in reversed(self.seen))
        # A headline points ahead, at whom the first paragraphs name; others within a sentence.
        index = scene.paragraph(self.expression.start)
        stop = next((s for s in scene.sentences if s >= end), len(scene.text))
        if self.expression.number != 1:
            stop = scene.bounds(end)[1]  # `The two ministries, A and B, ...`
        if self.headline:
            stop = scene.paragraphs[index + 2] if index + 2 < len(scene.paragraphs) else stop
        order.update(
            dict.fromkeys(c for s, _, c in scene.sightings if end <= s < stop and c not in order)
        )
        near = [c for c in order if self.fits(c) or c == self.apposed][: scene.rules.reach]
        few = 1 if self.expression.number == 1 else 2
        if not near and few > 1 and self.expression.fields:
            labels = self.expression.labels
            near = [c for c in order if scene.clusters[c].label in labels][: scene.rules.reach]
        # `The two defence ministries` and `the Thai side` are no others, whatever the encoder sees.
        if not self.expression.fields and not self.expression.countries:
            near += [c for c in self.believed[:1] if c not in near and self.pointed[c] > SURE]
        if self.expression.head in scene.rules.countries:
            # `the two countries` are no towns: countries, or else capitals.
            named = [
                c for c in near if scene.clusters[c].label != "GPE" or scene.clusters[c].country
            ]
            seats = [
                c for c in near if c in named or seat_of(scene.clusters[c].name, scene.knowledge)
            ]
            return named if len(named) >= few else seats
        return near

    def pointable(self, cluster: str) -> bool:
        """Tell whether a thing is of a kind that references point at."""
        return self.scene.clusters[cluster].label in POINTABLE

    def fits(self, cluster: str) -> bool:
        """Tell whether the words may mean a thing, by its label, its country and its name."""
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

    def ordered(self, things: tuple[str, ...]) -> Things:
        """Put things in the order of their last mention, those still to come last."""
        ahead = (len(self.scene.text), 0)
        return tuple(sorted(things, key=lambda c: (self.place.get(c, ahead), c)))

    def belief_in(self, things: Things) -> Features:
        """Say how much of the encoder's belief the things have, and what is left beside them."""
        inside = [self.pointed.get(thing, math.log(LEAST_SHARE)) for thing in things]
        beside = next(
            (share for thing, share in self.shares if thing not in things), math.log(LEAST_SHARE)
        )
        kind = POINTED if len(things) == 1 else f"{POINTED} together"
        return {
            kind: 1.0,
            f"{kind}, mean": sum(inside) / len(inside),
            f"{kind}, least": min(inside),
            f"{kind}, least before the rest": max(min(inside) - beside, -3.0),
        }
