"""What the relater should say of a passage's pairs, and how far its scores are from it."""

from __future__ import annotations

from typing import Any

import torch
from spacy.tokens import Doc
from torch import Tensor
from torch.nn import functional

from pipeline.components.pair_network import PairScores
from pipeline.components.windows import Passage
from pipeline.schema import Schema

Pointer = tuple[int, int, int]


def loss_of(
    passage: Passage, doc: Doc, scores: PairScores, cfg: dict[str, Any], schema: Schema
) -> Tensor:
    """Sum the losses of relations, statuses and qualifiers over a passage's pairs."""
    target, status, pointers = targets_of(passage, doc, cfg, schema)
    total = functional.binary_cross_entropy_with_logits(
        scores.relations, target, weight=allowed_pairs(passage, schema), reduction="sum"
    )
    held = target > 0
    if held.any():
        total = total + 0.5 * functional.cross_entropy(
            scores.statuses[held], status[held], reduction="sum"
        )
    for pair, number, wanted_row in pointers:
        logits = scores.pointers[pair, :, number].unsqueeze(0)
        total = total + 0.3 * functional.cross_entropy(logits, torch.tensor([wanted_row]))
    return total


def allowed_pairs(passage: Passage, schema: Schema) -> Tensor:
    """Give 1 where the schema allows a relation between a pair: (n_pairs, n_relations)."""
    labels = [passage.rows[members[0]].label for members in passage.window.entities]
    kinds = schema.relations.values()
    rows: dict[tuple[str, str], list[float]] = {}
    for ends in {(labels[head], labels[tail]) for head, tail, _ in passage.window.pairs}:
        rows[ends] = [float(ends[0] in kind.head and ends[1] in kind.tail) for kind in kinds]
    return torch.tensor(
        [rows[labels[head], labels[tail]] for head, tail, _ in passage.window.pairs]
    )


def targets_of(
    passage: Passage, doc: Doc, cfg: dict[str, Any], schema: Schema
) -> tuple[Tensor, Tensor, list[Pointer]]:
    """Give relations (n_pairs, n_relations), statuses of the same shape, and pointers.

    Pointers are rows of pair, qualifier and the row that it should choose, for relations
    that hold.
    """
    names = {name: number for number, name in enumerate(cfg["relations"])}
    kinds = {key: number for number, key in enumerate(cfg["qualifiers"])}
    place = {entity: number for number, entity in enumerate(passage.entities)}
    pairs = {(h, t): number for number, (h, t, _) in enumerate(passage.window.pairs)}
    target = torch.zeros((len(pairs), len(names)))
    status = torch.zeros((len(pairs), len(names)), dtype=torch.long)
    pointers: dict[tuple[int, int], int] = {}
    first, last = doc[passage.start].idx, doc[passage.end - 1].idx
    for head, relation, tail, state, qualifiers, start, end in doc._.relations or []:
        if relation not in names or start > last or end <= first:
            continue
        ends = [(place.get(head), place.get(tail))]
        if schema.relations[relation].symmetric:
            ends.append((place.get(tail), place.get(head)))
        for pair in (pairs[e] for e in ends if e in pairs):
            target[pair, names[relation]] = 1
            status[pair, names[relation]] = cfg["statuses"].index(state)
            for key, number in kinds.items():
                if not wanted(relation, key):
                    continue
                chosen = qualifiers.get(key)
                rows = [
                    k
                    for k, m in enumerate(passage.window.qualifiers)
                    if chosen is not None and chosen in passage.rows[m].ids
                ]
                none = len(passage.window.qualifiers)
                if rows:
                    pointers[pair, number] = rows[0]
                else:
                    pointers.setdefault((pair, number), none)
    return target, status, [(p, k, row) for (p, k), row in sorted(pointers.items())]


def wanted(relation: str, qualifier: str) -> bool:
    """Tell whether a relation may carry a qualifier: some only their own, the others all."""
    own = {"document": ("signed_with",), "rating": ("rates",), "amount": ("supports",)}
    if qualifier in own:
        return relation in own[qualifier]
    return relation != "dated"
