"""Passages go to the network in batches of like length."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.components.pair_network import Window
from pipeline.components.windows import PASS, Passage, batches


def passages(lengths):
    return [Passage(0, 1, [], [], Window([0] * n, [0] * n, [], [], [], [])) for n in lengths]


@given(st.lists(st.integers(1, 500), max_size=40))
def test_no_passage_is_lost_and_no_batch_too_large(lengths):
    found = list(batches(passages(lengths), 1000))
    assert sorted(index for batch in found for index in batch) == list(range(len(lengths)))
    for batch in found:
        inside = sorted(lengths[index] for index in batch)
        assert inside[-1] * len(batch) <= 1000
        assert all(
            (longer - before) * count <= PASS
            for count, (before, longer) in enumerate(pairwise(inside), 1)
        )


def test_short_ones_are_not_padded_to_a_long_one():
    assert list(batches(passages([300, 20, 22, 21]), 2048)) == [[1, 3, 2], [0]]
