"""What an annotated text teaches the pointer: which names its references point at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from pipeline.components.antecedent_network import Pairs
from pipeline.components.marking import MarkedText
from pipeline.components.pointing import Values

Tokens = tuple[int, int]  # first token, and one behind the last


@dataclass(slots=True)
class Lesson:
    """A marked text and what is right in it; all but `things` and `wanted` number marks.

    `things` numbers the thing of each name; `wanted` has a row for each reference of `asked`,
    with the share that each thing should get.
    """

    text: MarkedText
    asked: list[int]
    names: list[int]
    things: list[int]
    wanted: Values
    seats: list[tuple[int, bool]]


def lesson_of(
    text: MarkedText, rows: Sequence[Any], seats: dict[Tokens, bool], reference: str
) -> Lesson:
    """Keep the references whose things are all named."""
    names = [i for i, row in enumerate(rows) if row[2] != reference]
    number = {thing: i for i, thing in enumerate(dict.fromkeys(rows[i][3][0] for i in names))}
    asked, wanted = [], []
    for i, (_, _, label, ids, *_) in enumerate(rows):
        if label == reference and ids and number.keys() >= set(ids):
            share = np.zeros(len(number), dtype="f")
            share[[number[thing] for thing in set(ids)]] = 1 / len(set(ids))
            asked.append(i)
            wanted.append(share)
    return Lesson(
        text,
        asked,
        names,
        [number[rows[i][3][0]] for i in names],
        np.stack(wanted) if wanted else np.zeros((0, len(number)), dtype="f"),
        [
            (i, seats[row[0], row[1]])
            for i in names
            for row in [rows[i]]
            if (row[0], row[1]) in seats
        ],
    )


def pairs_of(text: MarkedText, pairs: Sequence[tuple[int, int]]) -> Pairs:
    """Say of pairs of a reference's and a name's mark what lies between them."""
    one, other = (torch.tensor([pair[i] for pair in pairs], dtype=torch.long) for i in (0, 1))
    tokens, paragraphs = torch.tensor(text.tokens), torch.tensor(text.paragraphs)
    labels = torch.tensor(text.labels)
    return Pairs(
        one,
        other,
        tokens[one] - tokens[other],
        paragraphs[one] - paragraphs[other],
        labels[other],
    )
