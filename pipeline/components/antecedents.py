"""What an expression may point at, and what speaks for each: recency, role, number, wording."""

from __future__ import annotations

import math
import re
from functools import cached_property

from pipeline.components.expressions import Expression, context_of
from pipeline.components.groups import Groups
from pipeline.components.scene import Scene, Things
from pipeline.components.surroundings import Features
from pipeline.text import is_acronym

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
BEHIND = re.compile(
    r"\b(?:of|in|at|from|to|by|with|for|on|near|under|against|between|into|through|via|than|about"
    r"|after|before|behind|outside|inside|across|over|among)\s+(?:the\s+|an?\s+)?$",
    re.I,
)
CLAUSE = re.compile(r"[,;:()—–]|\b(?:and|but|which|who|that|while|because|if|when|as)\b")


def candidates(scene: Scene, expression: Expression) -> list[tuple[Things, Features]]:
    """Give what an expression may point at, each with what speaks for and against it."""
    view = View(scene, expression)
    found: list[tuple[Things, Features]] = []
    if expression.number in (1, 0, -1):
        found += [((c,), view.single(c)) for c in view.near]
    if expression.number != 1:
        # Two of three that were just listed are in doubt.
        listed = [set(run) for run in view.runs()][-1:]
        found += [
            (things, view.group(things))
            for things in dict.fromkeys(view.sets())
            if not any(set(things) < run and set(things) != set(scene.last_set) for run in listed)
        ]
    return found


class View(Groups):
    """One expression with all that it may point at."""

    def single(self, cluster: str) -> Features:
        """Say what speaks for one thing."""
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
            f["last resolved"] = 1.0
        if scene.said.get(said.words) == (cluster,):
            f["same words"] = 1.0
        if scene.kinds.get(said.kind) == (cluster,):
            f["same kind"] = 1.0
        if thing.country and scene.presence.get(thing.country, 0) == max(scene.presence.values()):
            f["main country"] = 1.0
        if cluster == self.apposed and said.head:
            f["set off behind"] = 1.0
        if thing.label == "GPE" and thing.country and self.spoken_of and said.head:
            f["of the country spoken of" if thing.country == self.spoken_of else "of another"] = 1.0
        self._context(f, thing.label)
        self._people(f, cluster)
        if self.pointed:
            f |= self.belief_in((cluster,))
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
