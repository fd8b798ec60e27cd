"""Scores that mean what they say: Platt scaling, and a threshold for each relation.

The thresholds are those of best F1 on the dev part, drawn towards the common one where a relation
has few examples.

Source: Platt 1999, Probabilistic outputs for support vector machines; Lipton et al. 2014, Optimal
thresholding of classifiers to maximize F1 measure (half of the best F1).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

FEW = 30  # positives from which a relation's own threshold counts half


def platt(logits: Sequence[float], truths: Sequence[bool]) -> tuple[float, float]:
    """Fit slope and shift, so that sigmoid(slope * logit + shift) is the share that is true."""
    slope, shift = logistic([list(logits)], truths)
    return (slope, shift) if slope > 0 else (1.0, 0.0)


def logistic(features: Sequence[Sequence[float]], truths: Sequence[bool]) -> list[float]:
    """Fit a weight for each feature and a shift, the last, by logistic regression.

    `features` has shape (n_features, n_examples). Where nothing can be learnt, the first
    feature has the weight 1 and all else 0.
    """
    x = torch.tensor([list(row) for row in features], dtype=torch.float64)
    y = torch.tensor([float(truth) for truth in truths], dtype=torch.float64)
    plain = [1.0] + [0.0] * len(features)
    if len(y) == 0 or y.min() == y.max():
        return plain
    values = torch.tensor(plain, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([values], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(values[:-1] @ x + values[-1], y)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return [float(value) for value in values.detach()]


def best_threshold(scores: Sequence[float], truths: Sequence[bool], missed: int = 0) -> float:
    """Give the score from which keeping gives the best F1; `missed` were never proposed."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    if not len(order):
        return 0.5
    ranked = np.asarray(scores)[order]
    hits = np.cumsum(np.asarray(truths)[order])
    total = hits[-1] + missed
    if total == 0:
        return 0.5
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + total)
    at = int(f1.argmax())
    after = ranked[at + 1] if at + 1 < len(ranked) else 0.0
    return float((ranked[at] + after) / 2)


def best_logit(logits: Sequence[float], truths: Sequence[bool], missed: int = 0) -> float:
    """Give the logit whose chance of being true is half of the best F1, where F1 is best.

    The chances are `platt`'s, so that it moves little with single examples; `missed` were never
    proposed. Where nothing is true it is 0.
    """
    if not any(truths):
        return 0.0
    slope, shift = platt(logits, truths)
    least = best_threshold(logits, truths, missed)
    kept = [truth for logit, truth in zip(logits, truths, strict=True) if logit >= least]
    half = sum(kept) / (len(kept) + sum(truths) + missed)
    return (float(np.log(half / (1 - half))) - shift) / slope


def thresholds(
    scores: dict[str, tuple[list[float], list[bool]]], lowest: float
) -> dict[str, float]:
    """Give each relation its threshold, drawn towards the common one where examples are few."""
    every = [s for rows, _ in scores.values() for s in rows]
    truths = [t for _, rows in scores.values() for t in rows]
    common = best_threshold(every, truths)
    found = {}
    for name, (rows, right) in scores.items():
        positives = sum(right)
        weight = positives / (positives + FEW)
        own = best_threshold(rows, right) if positives else common
        found[name] = round(max(lowest, weight * own + (1 - weight) * common), 4)
    return found


def reliability(
    scores: Sequence[float], truths: Sequence[bool], bins: int = 10
) -> list[tuple[float, float, int]]:
    """Give for bins of the score: mean score, share that is true, count; empty bins left out."""
    x: NDArray[np.float64] = np.asarray(scores, dtype=float)
    y: NDArray[np.float64] = np.asarray(truths, dtype=float)
    rows = []
    for low in range(bins):
        inside = (x >= low / bins) & ((x < (low + 1) / bins) | (low == bins - 1))
        if inside.any():
            rows.append((float(x[inside].mean()), float(y[inside].mean()), int(inside.sum())))
    return rows
