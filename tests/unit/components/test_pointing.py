"""What was read of references and names is asked by characters."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.components.pointing import UNSEEN, Pointing, softmax


def test_what_was_read_is_given_by_characters():
    seen = np.array([2, 0]), np.array([1.0, 2.0], dtype="f")
    pointing = Pointing({(5, 8): seen}, {(0, 3): -1.5}, 3)
    assert pointing.odds((5, 8)).tolist() == [2.0, UNSEEN, 1.0]
    assert pointing.odds((0, 3)).size == 0
    assert pointing.acting((0, 3)) == -1.5
    assert Pointing().acting((0, 3)) == 0


def test_shares_sum_to_one_without_overflow():
    assert softmax(np.array([1000.0, 1000.0, -1000.0], dtype="f")) == pytest.approx([0.5, 0.5, 0])
