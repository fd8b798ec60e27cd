"""The relater's network: one encoding of a window with typed markers, scores for all its pairs.

Around every mention stand a start and an end marker of its label. An entity's state is the
log-sum-exp of its start markers, and a pair adds the context to which both ends attend. From
the pair come a score for every relation, a status for each relation and a pointer to the
mention that qualifies it.

Source: typed markers, Zhong and Chen 2021 (PURE) and Ye et al. 2022 (PL-Marker); pooling over
mentions and localized context, Zhou et al. 2021 (ATLOP). We score each relation by itself
with a sigmoid and learn its threshold after training, where ATLOP learns one with the network.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

DISTANCES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55)  # words between two ends, lower bounds


@dataclass(slots=True)
class Window:
    """A paragraph ready for the network.

    `pieces` are word piece ids, 0 where a marker stands; `markers` are marker numbers plus one,
    0 where a word piece stands. `mentions`: for each mention the place of its start marker,
    its label's number and whether it is a reference. `entities`: for each entity the indexes of
    its mentions. `pairs`: head and tail entity with the number of words between the nearest of
    their mentions. `qualifiers`: the indexes of mentions that may qualify.
    """

    pieces: list[int]
    markers: list[int]
    mentions: list[tuple[int, int, bool]]
    entities: list[list[int]]
    pairs: list[tuple[int, int, int]]
    qualifiers: list[int]


@dataclass(slots=True)
class PairScores:
    """Scores of one window: relations (n_pairs, n_relations), statuses (n_pairs, n_relations,
    n_statuses), pointers (n_pairs, n_qualifiers + 1, n_kinds), the last row meaning none."""

    relations: Tensor
    statuses: Tensor
    pointers: Tensor


class PairNetwork(nn.Module):
    """See the module's docstring."""

    def __init__(
        self,
        encoder: nn.Module,
        n_labels: int,
        n_relations: int,
        n_statuses: int,
        n_kinds: int,
        width: int,
        dropout: float,
    ) -> None:
        super().__init__()
        hidden = int(encoder.config.hidden_size)  # type: ignore[union-attr,arg-type]
        self.encoder = encoder
        self.n_labels, self.n_relations, self.n_statuses = n_labels, n_relations, n_statuses
        self.markers = nn.Embedding(4 * n_labels, hidden)
        nn.init.normal_(self.markers.weight, std=0.02)
        self.label = nn.Embedding(n_labels, 32)
        self.distance = nn.Embedding(len(DISTANCES) * 2, 32)
        self.dropout = nn.Dropout(dropout)
        inputs = 3 * hidden + 2 * 32 + 32
        self.pair = nn.Sequential(
            nn.Linear(inputs, width), nn.GELU(), nn.LayerNorm(width), nn.Dropout(dropout)
        )
        self.head_side = nn.Linear(hidden, width)
        self.tail_side = nn.Linear(hidden, width)
        self.relation = nn.Linear(width, n_relations)
        self.status = nn.Linear(width, n_relations * n_statuses)
        self.pointer = nn.Linear(width, n_kinds * 64)
        self.pointed = nn.Linear(hidden, 64)
        self.none = nn.Parameter(torch.zeros(64))
        self.n_kinds = n_kinds

    def forward(self, windows: list[Window]) -> list[PairScores]:
        """Score all pairs of all windows; one pass of the encoder for all."""
        length = max(len(window.pieces) for window in windows)
        pieces = torch.zeros((len(windows), length), dtype=torch.long)
        markers = torch.zeros_like(pieces)
        mask = torch.zeros_like(pieces)
        for row, window in enumerate(windows):
            size = len(window.pieces)
            pieces[row, :size] = torch.tensor(window.pieces)
            markers[row, :size] = torch.tensor(window.markers)
            mask[row, :size] = 1
        words = self.encoder.embeddings.word_embeddings(pieces)  # type: ignore[union-attr,operator]
        marked = self.markers((markers - 1).clamp(min=0))
        inputs = torch.where((markers > 0).unsqueeze(-1), marked, words)
        output = self.encoder(inputs_embeds=inputs, attention_mask=mask, output_attentions=True)
        states = output.last_hidden_state
        attention = output.attentions[-1].mean(dim=1)
        return [
            self._window(window, states[row], attention[row]) for row, window in enumerate(windows)
        ]

    def _window(self, window: Window, states: Tensor, attention: Tensor) -> PairScores:
        places = torch.tensor([place for place, _, _ in window.mentions], dtype=torch.long)
        at_mentions = states[places]
        attended = attention[places]
        entities = torch.stack([torch.logsumexp(at_mentions[m], dim=0) for m in window.entities])
        looks = torch.stack([attended[m].mean(dim=0) for m in window.entities])
        labels = torch.tensor([window.mentions[m[0]][1] for m in window.entities])
        heads = torch.tensor([pair[0] for pair in window.pairs])
        tails = torch.tensor([pair[1] for pair in window.pairs])
        apart = torch.tensor([bucket(pair[2]) for pair in window.pairs])
        both = looks[heads] * looks[tails]
        both = both / (both.sum(dim=1, keepdim=True) + 1e-6)
        context = both @ states
        features = torch.cat(
            [
                self.dropout(entities[heads]),
                self.dropout(entities[tails]),
                self.dropout(context),
                self.label(labels[heads]),
                self.label(labels[tails]),
                self.distance(apart),
            ],
            dim=1,
        )
        hidden = self.pair(features) + torch.tanh(self.head_side(entities[heads])) * torch.tanh(
            self.tail_side(entities[tails])
        )
        relations = self.relation(hidden)
        statuses = self.status(hidden).view(-1, self.n_relations, self.n_statuses)
        asked = self.pointer(hidden).view(len(window.pairs), self.n_kinds, 64)
        if window.qualifiers:
            keys = torch.cat([self.pointed(at_mentions[window.qualifiers]), self.none.unsqueeze(0)])
        else:
            keys = self.none.unsqueeze(0)
        pointers = torch.einsum("pkd,qd->pqk", asked, keys) / 8.0
        return PairScores(relations, statuses, pointers)


def bucket(distance: int) -> int:
    """Give the class of a signed distance in words: how far, and which end comes first."""
    size = abs(distance)
    kind = sum(size >= low for low in DISTANCES) - 1
    return kind + (len(DISTANCES) if distance < 0 else 0)
