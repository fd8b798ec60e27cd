"""References: what `the two sides`, `the ministry` or `he` point at, or nothing if unsure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.components.clusters import Cluster, Found
from pipeline.components.rules import ReferenceRule

WINDOW = 3  # paragraphs that a reference may reach back
BASE_SCORE = 0.7


@dataclass(frozen=True, slots=True)
class Reference:
    """A span that points at clusters by their ids."""

    start: int
    end: int
    text: str
    clusters: tuple[str, ...]
    score: float


def resolve_references(
    text: str, names: Sequence[Found], clusters: Sequence[Cluster], rules: Sequence[ReferenceRule]
) -> list[Reference]:
    """Find expressions that point back and resolve those that leave no doubt."""
    context = _Context(text, names, clusters)
    taken = [(name.start, name.end) for name in names]
    found: list[Reference] = []
    for rule in rules:
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if any(s < end and start < e for s, e in taken):
                continue
            targets = context.targets(rule, match[0], start)
            if targets:
                found.append(Reference(start, end, match[0], targets, BASE_SCORE))
                taken.append((start, end))
    return sorted(found, key=lambda reference: reference.start)


class _Context:
    def __init__(self, text: str, names: Sequence[Found], clusters: Sequence[Cluster]) -> None:
        self.text, self.names = text, names
        self.of = {index: cluster for cluster in clusters for index in cluster.members}
        self.breaks = [0, *(m.end() for m in re.finditer(r"\n\n", text))]
        self.roles = self._roles()

    def _roles(self) -> dict[str, set[str]]:
        """Give each person the posts that stand right beside the name anywhere in the text."""
        roles: dict[str, set[str]] = {}
        for index, name in enumerate(self.names):
            if name.label != "PERSON":
                continue
            for step in (-3, -2, -1, 1, 2):
                other = index + step
                if 0 <= other < len(self.names) and self.names[other].label == "ROLE":
                    near = self.names[other]
                    gap = self.text[min(name.end, near.end) : max(name.start, near.start)]
                    if len(gap) <= 60 and not re.search(r"[.;!?]\s", gap):
                        roles.setdefault(self.of[index].id, set()).add(near.text.casefold())
        return roles

    def targets(self, rule: ReferenceRule, words: str, at: int) -> tuple[str, ...]:
        paragraph = max(i for i, begin in enumerate(self.breaks) if begin <= at)
        low = self.breaks[max(0, paragraph - WINDOW)]
        before = [
            i for i, n in enumerate(self.names) if low <= n.start < at and n.label in rule.labels
        ]
        if rule.number == 2:
            return self._pair(rule, before, paragraph)
        if rule.pronoun:
            return self._pronoun(before, at)
        recent: list[Cluster] = []
        for index in reversed(before):
            if self.of[index] not in recent and self._fits(rule, words, self.of[index]):
                recent.append(self.of[index])
        if rule.country and len(recent) > 1:
            recent = self._dominant(recent)
        if len(recent) > 1 and not (rule.head or rule.same_head or rule.role):
            return ()
        return (recent[0].id,) if recent else ()

    def _fits(self, rule: ReferenceRule, words: str, cluster: Cluster) -> bool:
        forms = [self.names[i].text for i in cluster.members]
        if rule.head and not any(rule.head.search(form) for form in forms):
            return False
        if rule.same_head:
            head = words.split()[-1].casefold()
            stems = {
                head,
                head.replace("programme", "program"),
                head.replace("organisation", "organization"),
            }
            if not any(stem in form.casefold() for form in forms for stem in stems):
                return False
        if rule.role:
            post = words.split(" ", 1)[1].casefold()
            post = {"diplomat": "", "official": "", "deputy pm": "deputy prime minister"}.get(
                post, post
            )
            held = self.roles.get(cluster.id, set())
            return bool(held) and any(post in role for role in held)
        return not rule.country or bool(cluster.country)

    def _dominant(self, recent: list[Cluster]) -> list[Cluster]:
        """Keep a country that the text speaks of far more than of any other."""
        ordered = sorted(recent, key=lambda cluster: -len(cluster.members))
        first, second = ordered[0], ordered[1]
        return [first] if len(first.members) >= 2 * len(second.members) else []

    def _pair(self, rule: ReferenceRule, before: list[int], paragraph: int) -> tuple[str, ...]:
        """Point at two things of one label that one paragraph names, and no third."""
        for reach in range(WINDOW):
            if reach > paragraph:
                break
            low = self.breaks[paragraph - reach]
            high = self.breaks[paragraph - reach + 1] if reach else len(self.text)
            inside = [self.of[i] for i in before if low <= self.names[i].start < high]
            for label in rule.labels:
                kinds = [c for c in inside if c.label == label and (label != "GPE" or c.country)]
                distinct = list(dict.fromkeys(c.id for c in kinds))
                if len(distinct) == 2:
                    return (distinct[0], distinct[1])
                if len(distinct) > 2:
                    return ()
        return ()

    def _pronoun(self, before: list[int], at: int) -> tuple[str, ...]:
        """Point at the only person since the last sentence but one, or at its subject."""
        stops = [m.end() for m in re.finditer(r"[.!?][\"”’']?\s", self.text[:at])]
        low = max([stops[-2] if len(stops) > 1 else 0, self.breaks[0]])
        near = list(dict.fromkeys(self.of[i].id for i in before if self.names[i].start >= low))
        if len(near) == 1:
            return (near[0],)
        if near:
            return ()
        previous = list(dict.fromkeys(self.of[i].id for i in reversed(before)))
        return (previous[0],) if len(previous) == 1 else ()
