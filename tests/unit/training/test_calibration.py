"""Calibration: scores that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.training.calibration import (
    best_logit,
    best_threshold,
    logistic,
    platt,
    reliability,
    thresholds,
)


def test_platt_scaling_finds_the_scale_that_made_the_data():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=4000) * 3
    truths = rng.random(4000) < 1 / (1 + np.exp(-(0.5 * logits - 1)))
    slope, shift = platt(logits.tolist(), truths.tolist())
    assert slope == pytest.approx(0.5, abs=0.06)
    assert shift == pytest.approx(-1, abs=0.12)


def test_platt_scaling_leaves_what_cannot_be_fitted():
    assert platt([], []) == platt([1.0, 2.0], [True, True]) == (1.0, 0.0)


def test_logistic_regression_finds_the_weights_that_made_the_data():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 6000)) * 2
    truths = rng.random(6000) < 1 / (1 + np.exp(-(0.7 * first - 0.4 * second + 0.5)))
    found = logistic([first.tolist(), second.tolist()], truths.tolist())
    assert found == pytest.approx([0.7, -0.4, 0.5], abs=0.08)


def test_a_feature_that_says_nothing_weighs_nothing():
    rng = np.random.default_rng(2)
    first, noise = rng.normal(size=(2, 6000)) * 2
    truths = rng.random(6000) < 1 / (1 + np.exp(-first))
    slope, weight, _ = logistic([first.tolist(), noise.tolist()], truths.tolist())
    assert slope == pytest.approx(1, abs=0.1)
    assert weight == pytest.approx(0, abs=0.06)


def test_logistic_regression_leaves_what_cannot_be_learnt():
    plain = [1.0, 0.0, 0.0]
    assert logistic([[], []], []) == plain
    assert logistic([[1.0, 2.0], [0.1, 0.2]], [False, False]) == plain
    assert logistic([[1.0, 2.0], [0.1, 0.2]], [True, True]) == plain


def test_a_scale_that_turns_scores_over_is_not_taken():
    assert platt([3.0, 2.0, -2.0, -3.0], [False, False, True, True]) == (1.0, 0.0)


def test_the_best_threshold_separates():
    assert best_threshold([0.9, 0.8, 0.3, 0.1], [True, True, False, False]) == pytest.approx(0.55)
    assert best_threshold([0.9, 0.2], [False, False]) == 0.5


def test_the_best_logit_is_where_the_chance_is_half_of_the_best_f1():
    rng = np.random.default_rng(3)
    logits = rng.normal(size=20000) * 2
    truths = rng.random(20000) < 1 / (1 + np.exp(-(logits - 1)))
    limit = best_logit(logits.tolist(), truths.tolist())
    assert limit == pytest.approx(best_threshold(logits.tolist(), truths.tolist()), abs=0.25)
    missed = best_logit(logits.tolist(), truths.tolist(), 5000)
    assert missed < limit - 0.2  # with less to gain by precision, more is kept


def test_the_best_logit_is_even_odds_where_nothing_is_true():
    assert best_logit([], []) == best_logit([1.0, -1.0], [False, False]) == 0.0
    assert np.isfinite(best_logit([1.0], [True]))


def test_a_relation_with_few_examples_is_drawn_to_the_common_threshold():
    many = ([0.9] * 50 + [0.1] * 50, [True] * 50 + [False] * 50)
    few = ([0.3, 0.05], [True, False])
    found = thresholds({"many": many, "few": few}, 0.1)
    assert 0.17 < found["few"] <= found["many"]
    assert thresholds({"many": many}, 0.6) == {"many": 0.6}


def test_reliability_compares_score_and_truth():
    rows = reliability([0.95, 0.95, 0.05, 1.0], [True, False, False, True])
    assert rows == [(0.05, 0.0, 1), (pytest.approx(0.9667, abs=1e-3), pytest.approx(2 / 3), 3)]
