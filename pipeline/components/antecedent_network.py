"""The pointer's network: one reading of a text with typed markers, odds for all its names.

The state of a mark is that of its two markers, side by side, in the mean over the windows that
hold it. A reference and a name are scored by a layer over both states, how far apart they
stand and the name's label; whether a capital stands for its country, by one over its state.

Source: typed markers, Zhong and Chen 2021 (PURE); scores of pairs, Lee et al. 2017, End-to-end
Neural Coreference Resolution, without its search for spans, which are known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.components.marking import MarkedText

# Tokens between a reference and a name in quarters, and paragraphs: lower bounds of classes.
DISTANCES = torch.tensor([0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64])
PARAGRAPHS = 10
AT_ONCE = 20_000  # pairs that are scored at once
PLACES = 4096  # of windows that are read at once, padding counted
WASTE = 1.15  # the longest of a batch is at most that many times as long as its shortest

Sides = tuple[Tensor, Tensor, Tensor, Tensor]
Cut = tuple[MarkedText, int, int]  # a text and the first and last place of a window of it


@dataclass(slots=True)
class Pairs:
    """References and names of read texts, as rows of states, and what lies between them.

    `reference` and `name` index states, one entry a pair; `far` counts tokens from the name to
    the reference, `paragraphs` the paragraph breaks, `labels` numbers the name's label.
    """

    reference: Tensor
    name: Tensor
    far: Tensor
    paragraphs: Tensor
    labels: Tensor


class AntecedentNetwork(nn.Module):
    """See the module's docstring."""

    def __init__(self, hidden: int, n_labels: int, width: int, dropout: float) -> None:
        super().__init__()
        self.markers = nn.Embedding(2 * n_labels, hidden)
        nn.init.normal_(self.markers.weight, std=0.02)
        self.reference, self.name = nn.Linear(2 * hidden, width), nn.Linear(2 * hidden, width)
        self.reference_gate = nn.Linear(2 * hidden, width)
        self.name_gate = nn.Linear(2 * hidden, width)
        self.distance = nn.Embedding(2 * len(DISTANCES), width)
        self.paragraphs = nn.Embedding(PARAGRAPHS + 2, width)
        self.label = nn.Embedding(n_labels, width)
        self.score = nn.Linear(width, 1)
        self.seat = nn.Linear(2 * hidden, 1)
        self.dropout = nn.Dropout(dropout)

    def states(
        self, encoder: nn.Module, texts: Sequence[MarkedText], first: int, last: int
    ) -> Tensor:
        """Read texts and give the states of their marks, text after text: (n_marks, 2 * hidden).

        `first` and `last` are the ids of the pieces that begin and end what the encoder reads.
        """
        cuts = [(text, *window) for text in texts for window in text.windows()]
        cuts.sort(key=lambda cut: cut[2] - cut[1])  # so that little is padded
        begins: dict[int, int] = {}
        count = 0
        for text in texts:
            begins[id(text)] = count
            count += len(text.starts)
        hidden = self.markers.embedding_dim
        sides = [torch.zeros(count, hidden), torch.zeros(count, hidden)]
        seen = [torch.zeros(count, 1), torch.zeros(count, 1)]
        for inside in _batches(cuts):
            read = self._encode(encoder, inside, first, last)
            for number, side in enumerate(("starts", "ends")):
                owners, rows, columns = [], [], []
                for row, (text, low, high) in enumerate(inside):
                    for mark, place in enumerate(getattr(text, side)):
                        if low <= place < high:
                            owners.append(begins[id(text)] + mark)
                            rows.append(row)
                            columns.append(place - low + 1)
                owner = torch.tensor(owners, dtype=torch.long)
                sides[number] = sides[number].index_add(0, owner, read[rows, columns])
                seen[number] = seen[number].index_add(0, owner, torch.ones(len(owners), 1))
        return torch.cat(
            [side / n.clamp(min=1) for side, n in zip(sides, seen, strict=True)], dim=1
        )

    def _encode(self, encoder: Any, cuts: Sequence[Cut], first: int, last: int) -> Tensor:
        longest = max(high - low for _, low, high in cuts)
        pieces, markers, mask = [], [], []
        for text, low, high in cuts:
            lacks = [0] * (longest - (high - low))
            pieces.append([first, *text.pieces[low:high], last, *lacks])
            markers.append([0, *text.markers[low:high], 0, *lacks])
            mask.append([1] * (high - low + 2) + lacks)
        marks, told = torch.tensor(markers), torch.tensor(mask)
        words = encoder.embeddings.word_embeddings(torch.tensor(pieces))
        marked = self.markers((marks - 1).clamp(min=0))
        inputs = torch.where((marks > 0).unsqueeze(-1), marked, words)
        # Padding is told only where there is some: the encoder is faster without a mask.
        padded = told if bool((told == 0).any()) else None
        states: Tensor = encoder(inputs_embeds=inputs, attention_mask=padded).last_hidden_state
        return states

    def sides(self, states: Tensor) -> Sides:
        """Give what each mark has for a pair, as a reference and as a name: (n_marks, width)."""
        states = self.dropout(states)
        return (
            self.reference(states),
            self.name(states),
            torch.tanh(self.reference_gate(states)),
            torch.tanh(self.name_gate(states)),
        )

    def odds(self, sides: Sides, pairs: Pairs) -> Tensor:
        """Score pairs, before softmax over the names of each reference: (n_pairs,)."""
        reference, name, asks, answers = sides
        quarters = torch.bucketize(pairs.far.abs() // 4, DISTANCES, right=True) - 1
        far = quarters + (pairs.far < 0) * len(DISTANCES)
        found = []
        for at in range(0, len(pairs.reference), AT_ONCE):
            part = slice(at, at + AT_ONCE)
            one, other = pairs.reference[part], pairs.name[part]
            hidden = (
                reference[one]
                + name[other]
                + asks[one] * answers[other]
                + self.distance(far[part])
                + self.paragraphs(pairs.paragraphs[part].clamp(-1, PARAGRAPHS) + 1)
                + self.label(pairs.labels[part])
            )
            found.append(self.score(self.dropout(functional.gelu(hidden))).squeeze(1))
        return torch.cat(found) if found else torch.zeros(0)

    def seats(self, states: Tensor) -> Tensor:
        """Give the log odds that a capital of that state stands for its country: (n_marks,)."""
        return torch.as_tensor(self.seat(self.dropout(states)).squeeze(1))


def _batches(cuts: Sequence[Cut]) -> Iterator[list[Cut]]:
    """Give windows, the shortest first, in batches; one of another length begins a new batch
    where the others would be padded to more than WASTE times their own."""
    batch: list[Cut] = []
    for cut in cuts:
        size = cut[2] - cut[1]
        shortest = batch[0][2] - batch[0][1] if batch else size
        if batch and (size * (len(batch) + 1) > PLACES or size > WASTE * shortest):
            yield batch
            batch = []
        batch.append(cut)
    if batch:
        yield batch
