"""Fit the weights by which references find their antecedents, from the train part of the corpus.

Run it after the corpus or the features changed:

    python -m pipeline.training.fit_references --gold seeds/gold \
        --out pipeline/data/rules/reference_weights.yaml
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
import yaml

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.antecedents import Scene
from pipeline.components.clusters import Cluster, Found
from pipeline.components.expressions import read_expression
from pipeline.components.reference_rules import ReferenceRules, load_reference_rules
from pipeline.gold import read_corpus
from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.markup import GoldMention, GoldText
from pipeline.schema import Schema, load_schema
from pipeline.tables import write_beside

log = logging.getLogger(__name__)

DECAY = 1.0  # of the squared weights; those of one kind count KIND_DECAY times that
KIND_DECAY = 2.0
LEAST = 4  # examples in which a feature must occur
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one expression as features, and which of them is right."""

    kind: str
    candidates: tuple[dict[str, float], ...]
    right: int


def examples_of(
    gold: GoldText, schema: Schema, rules: ReferenceRules, knowledge: Knowledge
) -> list[Example]:
    """Give the references of one text whose antecedent is among the candidates.

    Earlier references point where gold says, and gold clusters stand for the predicted ones.
    """
    marked = sorted(gold.mentions, key=lambda mention: mention.start)
    names = [m for m in marked if m.label != schema.reference]
    found = [Found(m.start, m.end, m.text, m.label, 1.0) for m in names]
    scene = Scene(gold.text, found, gold_clusters(gold, names, knowledge), rules)
    examples = []
    for mention in marked:
        if mention.label != schema.reference:
            continue
        expression = read_expression(gold.text, mention.start, mention.end, rules, knowledge)
        candidates = scene.candidates(expression)
        right = [i for i, (things, _) in enumerate(candidates) if set(things) == set(mention.ids)]
        if right:
            features = tuple(features for _, features in candidates)
            examples.append(Example(expression.kind, features, right[0]))
        if set(mention.ids) <= set(scene.clusters):
            scene.resolved(expression, mention.ids)
    return examples


def gold_clusters(
    gold: GoldText, names: Sequence[GoldMention], knowledge: Knowledge
) -> list[Cluster]:
    """Give the things of a gold text, with the country that a GPE's name says."""
    labels = gold.label_of()
    clusters = []
    for identifier in dict.fromkeys(mention.ids[0] for mention in names):
        members = tuple(i for i, m in enumerate(names) if m.ids[0] == identifier)
        codes = Counter(
            code for i in members if (code := knowledge.country(names[i].text))
        ) if labels[identifier] == "GPE" else Counter()  # fmt: skip
        country = min(codes, key=lambda code: (-codes[code], code)) if codes else ""
        clusters.append(
            Cluster(identifier, labels[identifier], names[members[0]].text, country, members)
        )
    return clusters


def fit(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Fit a log-linear model over candidates; give its weights by kind and feature."""
    seen: Counter[tuple[str, str]] = Counter()
    for example in examples:
        names = {name for features in example.candidates for name in features}
        seen.update((kind, name) for kind in ("all", example.kind) for name in names)
    columns = {key: i for i, key in enumerate(sorted(k for k, n in seen.items() if n >= LEAST))}
    rows, places, values, groups = [], [], [], []
    right, row = [], 0
    for number, example in enumerate(examples):
        right.append(row + example.right)
        for features in example.candidates:
            for name, value in features.items():
                for kind in ("all", example.kind):
                    if (kind, name) in columns:
                        rows.append(row)
                        places.append(columns[kind, name])
                        values.append(value)
            groups.append(number)
            row += 1
    matrix = torch.sparse_coo_tensor(
        torch.tensor([rows, places]), torch.tensor(values, dtype=torch.float64),
        (row, len(columns)),
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


def gather(
    texts: Iterable[GoldText], schema: Schema, rules: ReferenceRules, knowledge: Knowledge
) -> list[Example]:
    """Give the examples of all texts."""
    return [example for gold in texts for example in examples_of(gold, schema, rules, knowledge)]


def main(gold: InPath, out: OutPath) -> None:
    """Fit on the train part and write the weights."""
    schema, rules, knowledge = load_schema(), load_reference_rules(), load_knowledge()
    texts = [d.gold for d in read_corpus(gold, schema) if d.part == "train"]
    examples = gather(texts, schema, rules, knowledge)
    weights = fit(examples)
    with write_beside(out) as stream:
        stream.write(
            "# Fitted by `python -m pipeline.training.fit_references` on the train part of\n"
            "# seeds/gold. `all` holds for every kind of expression, the others add to it.\n"
        )
        yaml.safe_dump(weights, stream, allow_unicode=True, sort_keys=True)
    log.info("fit_references: %s examples", len(examples))


if __name__ == "__main__":
    run_stage(main)
