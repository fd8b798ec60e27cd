"""References: what `the two sides`, `the ministry` or `he` point at, or nothing if unsure.

Each expression is read for number, labels, head noun and gender; what fits is weighed by
recency, place in the sentence, wording, what earlier expressions pointed at and, where there is
one, what the encoder sees; and the best
is taken where its share of belief is high enough.

Source: salience factors as in Lappin and Leass 1994, An algorithm for pronominal anaphora
resolution; here their weights are fitted (log-linear, as Denis and Baldridge 2008), and sets of
things compete with single ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.components.antecedents import candidates
from pipeline.components.clusters import Cluster, Found
from pipeline.components.expressions import Expression, read_expression
from pipeline.components.pointing import Pointing
from pipeline.components.reference_rules import ReferenceRules
from pipeline.components.scene import Scene, Things
from pipeline.components.surroundings import Features
from pipeline.knowledge import Knowledge

FOR = re.compile(r"\bfor $", re.I)
PART = re.compile(r" part,? (?:the )?")
SMALL = frozenset({"of", "for", "to", "at", "and", "the", "s"})  # between titles and names
STOP = re.compile(r"[^\w\s,.'’-]|\n")


@dataclass(frozen=True, slots=True)
class Marked:
    """A span that was taken for a reference; `score` in [0, 1] is the belief that it is one."""

    start: int
    end: int
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Reference:
    """A span with the ids of the clusters that it points at.

    `score` in [0, 1] is the belief that it is a reference and points at these.
    """

    start: int
    end: int
    text: str
    clusters: tuple[str, ...]
    score: float


def resolve_references(
    text: str,
    names: Sequence[Found],
    clusters: Sequence[Cluster],
    rules: ReferenceRules,
    knowledge: Knowledge,
    marked: Sequence[Marked] | None = None,
    pointing: Pointing | None = None,
) -> list[Reference]:
    """Resolve the expressions whose score reaches the rules' bound, in text order.

    `marked` are the spans that the recognizer took for references; None looks for the
    expressions that the rules name. `pointing` is what the encoder saw, None without one.
    """
    scene = Scene(text, names, clusters, rules, knowledge, pointing)
    found: list[Reference] = []
    spans = expressions(text, names, rules) if marked is None else marked
    first = {names[index].start: cluster.id for cluster in clusters for index in cluster.members}
    things: Things
    for span in sorted(spans, key=lambda span: span.start):
        expression = read_expression(text, span.start, span.end, rules, knowledge)
        if name := _ahead(text, span, names):
            things, belief = (first[name.start],), 1.0
        else:
            things, belief = best(scene, expression, rules)
        score = round(belief * span.score, 4)
        least = rules.unsure_unmarked
        if marked is not None:
            least = rules.unsure_of.get(expression.kind, rules.unsure)
        if things and score >= least:
            scene.resolved(expression, things)
            found.append(
                Reference(span.start, span.end, text[span.start : span.end], things, score)
            )
    return found


def _ahead(text: str, span: Marked, names: Sequence[Found]) -> Found | None:
    """Give the name that `For his part,` points ahead at, past titles: who acts next, or None.

    `his` and `her` mean a person, `its` and `their` a body or country.
    """
    part = PART.match(text, span.end)
    if not part or not FOR.search(text[max(0, span.start - 4) : span.start]):
        return None
    personal = text[span.start : span.end].casefold() in ("his", "her")
    at = part.end()
    for name in names:
        if name.start < at:
            continue
        gap = text[at : name.start]
        words = re.findall(r"[^\W\d_]+", gap)
        if STOP.search(gap) or not all(w[0].isupper() or w in SMALL for w in words):
            return None
        if (name.label == "PERSON") if personal else (name.label in ("ORG", "GPE")):
            return name
        at = name.end
    return None


def expressions(text: str, names: Sequence[Found], rules: ReferenceRules) -> list[Marked]:
    """Give the spans of the expressions that the rules name, those inside names left out."""
    taken = [(name.start, name.end) for name in names]
    spans: list[Marked] = []
    for pattern in rules.find:
        for match in pattern.finditer(text):
            if not any(s < match.end() and match.start() < e for s, e in taken):
                taken.append(match.span())
                spans.append(Marked(*match.span()))
    return spans


def best(scene: Scene, expression: Expression, rules: ReferenceRules) -> tuple[Things, float]:
    """Give the likeliest antecedent and the belief in it; nothing fits: `()` and 0.

    What the words rule out competes too: where it is the likeliest, the expression is not one
    of those that are understood, and is left alone.
    """
    possible = candidates(scene, expression)
    if not possible:
        return (), 0.0
    scores = [weigh(features, expression.kind, rules.weights) for _, features in possible]
    top = max(scores)
    total = sum(math.exp(score - top) for score in scores)
    index = min(range(len(scores)), key=lambda i: (-scores[i], possible[i][0]))
    things = possible[index][0]
    return (things, 1 / total) if allowed(scene, expression, things) else ((), 0.0)


def allowed(scene: Scene, expression: Expression, things: Things) -> bool:
    """Tell whether the words may mean things.

    `countries` never mean one thing; a noun that no list knows means only what has it in its name;
    countries are not meant where the paragraph has none of them and the capital of another.
    """
    if expression.number == 0 and len(things) == 1:
        return False
    if len(things) > 2 and expression.head in scene.rules.countries:
        if any(scene.clusters[thing].label != "GPE" for thing in things):
            return False  # `the six countries` are no river and a desk
    if len(things) > 1 and set(things).isdisjoint(scene.before(expression.start)):
        codes = {scene.clusters[thing].country for thing in things}
        if all(codes) and scene.capitals_before(expression.start) - codes:
            return False
    known = expression.labels or not expression.head
    return bool(known) or all(scene.named(expression.head, thing) for thing in things)


def weigh(features: Features, kind: str, weights: dict[str, dict[str, float]]) -> float:
    """Add up what speaks for and against a candidate."""
    shared, own = weights.get("all", {}), weights.get(kind, {})
    return sum(v * (shared.get(n, 0.0) + own.get(n, 0.0)) for n, v in features.items())
