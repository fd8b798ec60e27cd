"""Fit the weights by which references find what they point at.

Run it after the corpus or the features changed, or the recognizer was trained:

    python -m pipeline.training.fit_coreference --gold seeds/gold --references seeds/references \
        --recognizer models/recognizer --out pipeline/data/rules/fitted.yaml
"""

from __future__ import annotations

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import torch
import yaml

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.antecedents import candidates
from pipeline.components.clusters import Found, cluster_names
from pipeline.components.expressions import context_keys, read_expression
from pipeline.components.reference_rules import ReferenceRules, load_reference_rules
from pipeline.components.references import Marked, weigh
from pipeline.components.scene import Scene
from pipeline.components.surroundings import POINTABLE, POINTED
from pipeline.gold import read_corpus
from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.markup import GoldMention, GoldText
from pipeline.recognizing import Reader, load_recognizer, reader_of
from pipeline.schema import Schema, load_schema
from pipeline.tables import write_beside
from pipeline.training.marked import read_marked

log = logging.getLogger(__name__)

DECAY = 2.0  # of the squared weights; those of one kind count KIND_DECAY times that
KIND_DECAY = 2.0
LEAST = 4  # examples in which a feature must occur
ROUNDS = 60
LEAST_CONTEXT = 5  # names that must stand beside a word
HEADER = """\
# Fitted on the train and dev parts of seeds/gold and on seeds/references by
# pipeline.training.fit_coreference, whose docstring has the command: run it after a training of
# the recognizer.
# references: what speaks for an antecedent, by kind of expression; `all` holds for every kind and
# the others add to it. context: how much likelier each label is beside a word (log odds), `of <`
# in front of a name, `> said` behind it.
"""
PULL = 8.0  # how strongly a word's labels are pulled to those of all names


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one expression as features, and which of them is right."""

    kind: str
    candidates: tuple[dict[str, float], ...]
    right: int


def examples_of(
    gold: GoldText,
    schema: Schema,
    rules: ReferenceRules,
    knowledge: Knowledge,
    read: Reader | None = None,
) -> list[tuple[GoldMention, Example]]:
    """Give the references of one text, with `right` -1 where no candidate is.

    Names are gold, clusters are predicted from them; earlier references point where gold says.
    """
    marked = sorted(gold.mentions, key=lambda mention: mention.start)
    names = [m for m in marked if m.label != schema.reference]
    found = [Found(m.start, m.end, m.text, m.label, 1.0) for m in names]
    references = [Marked(m.start, m.end) for m in marked if m.label == schema.reference]
    pointing = read(gold.text, found, references) if read else None
    clusters = cluster_names(gold.text, found, knowledge, pointing)
    # Each cluster is the thing of most of its names; each thing its largest cluster.
    thing = {
        c.id: Counter(names[i].ids[0] for i in c.members).most_common(1)[0][0] for c in clusters
    }
    largest = {thing[c.id]: c.id for c in sorted(clusters, key=lambda c: len(c.members))}
    scene = Scene(gold.text, found, clusters, rules, knowledge, pointing)
    examples = []
    for mention in marked:
        if mention.label != schema.reference:
            continue
        expression = read_expression(gold.text, mention.start, mention.end, rules, knowledge)
        possible = candidates(scene, expression)
        wanted = set(mention.ids)
        right = [
            i for i, (things, _) in enumerate(possible) if {thing[c] for c in things} == wanted
        ]
        features = tuple(features for _, features in possible)
        # Of several clusters of one thing, the largest is as right as any.
        best = next(
            (i for i in right if set(possible[i][0]) <= set(largest.values())),
            min(right, default=-1),
        )
        examples.append((mention, Example(expression.kind, features, best)))
        if wanted <= largest.keys():
            scene.resolved(expression, tuple(largest[i] for i in mention.ids))
    return examples


def contexts(texts: Iterable[GoldText]) -> dict[str, dict[str, float]]:
    """Give the log odds of each label beside each word, from names."""
    labels: Counter[str] = Counter()
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for gold in texts:
        for mention in gold.mentions:
            if mention.label in POINTABLE:
                labels[mention.label] += 1
                for key in context_keys(gold.text, mention.start, mention.end):
                    seen[key][mention.label] += 1
    total = sum(labels.values())
    found: dict[str, dict[str, float]] = {}
    for key, counts in seen.items():
        number = sum(counts.values())
        if number < LEAST_CONTEXT:
            continue
        for label in sorted(labels):
            prior = labels[label] / total
            share = (counts[label] + PULL * prior) / (number + PULL)
            if abs(odds := round(math.log(share / prior), 2)) >= 0.3:
                found.setdefault(key, {})[label] = odds
    return found


def fit(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Fit a log-linear model over candidates; give its weights by kind and feature."""
    seen: Counter[tuple[str, str]] = Counter()
    for example in examples:
        names = {name for features in example.candidates for name in features}
        seen.update((kind, name) for kind in kinds_of(example) for name in names)
    columns = {key: i for i, key in enumerate(sorted(k for k, n in seen.items() if n >= LEAST))}
    rows, places, values, groups = [], [], [], []
    right, row = [], 0
    for number, example in enumerate(examples):
        right.append(row + example.right)
        for features in example.candidates:
            for name, value in features.items():
                for kind in kinds_of(example):
                    if (kind, name) in columns:
                        rows.append(row)
                        places.append(columns[kind, name])
                        values.append(value)
            groups.append(number)
            row += 1
    matrix = torch.sparse_coo_tensor(
        torch.tensor([rows, places]), torch.tensor(values, dtype=torch.float64),
        (row, len(columns)), check_invariants=True,
    ).coalesce()  # fmt: skip
    decay = torch.tensor(
        [DECAY if kind == "all" else KIND_DECAY for kind, _ in columns], dtype=torch.float64
    )
    weights = _descend(matrix, torch.tensor(groups), torch.tensor(right), decay)
    found: dict[str, dict[str, float]] = {}
    for (kind, name), column in columns.items():
        if abs(value := round(float(weights[column]), 2)) >= 0.05:
            found.setdefault(kind, {})[name] = value
    return found


def combine(
    examples: Sequence[Example], weights: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Weigh what the encoder believes against what the fitted weights say, on other texts.

    The encoder has learnt the texts that the weights were fitted to, and is too sure there.
    """
    names = sorted({n for e in examples for f in e.candidates for n in f if n.startswith(POINTED)})
    start = torch.tensor([1.0, *(0.0 for _ in names)], dtype=torch.float64)
    values = start.clone().requires_grad_()
    tables = []
    for example in examples:
        rows = [
            [
                weigh({n: v for n, v in f.items() if n not in names}, example.kind, weights),
                *(f.get(name, 0.0) for name in names),
            ]
            for f in example.candidates
        ]
        tables.append((torch.tensor(rows, dtype=torch.float64), example.right))
    optimizer = torch.optim.LBFGS([values], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        total: torch.Tensor = ((values - start) ** 2).sum() / 2
        for rows, right in tables:
            total = total - torch.log_softmax(rows @ values, 0)[right]
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    scale, *rest = (float(value) for value in values.detach())
    log.info("fit_coreference: scale %.2f, %s", scale, dict(zip(names, rest, strict=True)))
    scaled = {
        kind: {name: round(scale * value, 3) for name, value in row.items()}
        for kind, row in weights.items()
    }
    return scaled | {
        "all": scaled.get("all", {})
        | {name: round(value, 3) for name, value in zip(names, rest, strict=True)}
    }


def kinds_of(example: Example) -> tuple[str, ...]:
    """Name the sets of weights that an example teaches."""
    return ("all", example.kind) if example.kind else ("all",)


def _descend(
    matrix: torch.Tensor, groups: torch.Tensor, right: torch.Tensor, decay: torch.Tensor
) -> torch.Tensor:
    weights = torch.zeros(matrix.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=20, line_search_fn="strong_wolfe")
    count = len(right)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = (matrix @ weights.unsqueeze(1)).squeeze(1)
        top = torch.full((count,), -1e9, dtype=torch.float64).scatter_reduce(
            0, groups, scores.detach(), "amax"
        )
        total = torch.zeros(count, dtype=torch.float64).index_add(
            0, groups, torch.exp(scores - top[groups])
        )
        value: torch.Tensor = (torch.log(total) + top - scores[right]).sum()
        value = value + (decay * weights**2).sum() / 2
        value.backward()  # type: ignore[no-untyped-call]
        return value

    for _ in range(ROUNDS // 20):
        optimizer.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach()


def main(gold: InPath, references: InPath, recognizer: InPath, out: OutPath) -> None:
    """Fit on train part and passages, weigh the encoder's belief on dev, and write the weights."""
    schema, rules, knowledge = load_schema(), load_reference_rules(), load_knowledge()
    corpus = read_corpus(gold, schema)
    texts = [d.gold for d in corpus if d.part == "train"]
    context = contexts(texts)
    rules = replace(rules, context=context)
    learnt = [*texts, *(passage.gold for passage in read_marked(references, schema))]
    examples = [e for t in learnt for _, e in examples_of(t, schema, rules, knowledge)]
    weights = fit([e for e in examples if e.right >= 0])
    read = reader_of(load_recognizer(str(recognizer)))
    held = [
        example
        for document in corpus
        if document.part == "dev"
        for _, example in examples_of(document.gold, schema, rules, knowledge, read)
    ]
    content = {
        "context": context,
        "references": combine([e for e in held if e.right >= 0], weights),
    }
    with write_beside(out) as stream:
        stream.write(HEADER)
        yaml.safe_dump(content, stream, allow_unicode=True, sort_keys=True)
    log.info(
        "fit_coreference: %s of %s references have a candidate",
        sum(e.right >= 0 for e in examples),
        len(examples),
    )


if __name__ == "__main__":
    run_stage(main)
