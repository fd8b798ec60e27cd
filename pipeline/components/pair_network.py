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
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, BertModel

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
        most = max(len(window.mentions) for window in windows)
        pieces, markers, mask, places = [], [], [], []
        for window in windows:
            lacks = [0] * (length - len(window.pieces))
            pieces.append(window.pieces + lacks)
            markers.append(window.markers + lacks)
            mask.append([1] * len(window.pieces) + lacks)
            starts = [place for place, _, _ in window.mentions]
            places.append(starts + [0] * (most - len(starts)))
        marks = torch.tensor(markers)
        words = self.encoder.embeddings.word_embeddings(torch.tensor(pieces))  # type: ignore[union-attr,operator]
        marked = self.markers((marks - 1).clamp(min=0))
        inputs = torch.where((marks > 0).unsqueeze(-1), marked, words)
        at = torch.tensor(places)
        states, attended = self._encode(inputs, torch.tensor(mask), at)
        at_mentions = states.gather(1, at.unsqueeze(-1).expand(-1, -1, states.shape[2]))
        return self._pairs(windows, states, at_mentions, attended)

    def _encode(self, inputs: Tensor, mask: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
        """Give the states, and how mentions attend in the last layer, as `attention_of`."""
        if not isinstance(self.encoder, BertModel):
            output = self.encoder(inputs_embeds=inputs, attention_mask=mask, output_attentions=True)
            attention = output.attentions[-1].mean(dim=1)
            rows = attention.gather(1, at.unsqueeze(-1).expand(-1, -1, attention.shape[2]))
            return output.last_hidden_state, rows
        last: Any = self.encoder.encoder.layer[-1].attention.self  # type: ignore[union-attr]
        below: list[Tensor] = []
        handle = last.register_forward_pre_hook(lambda _, given: below.append(given[0]))
        try:
            # Padding is told only where there is some: the encoder is faster without a mask.
            told = mask if bool((mask == 0).any()) else None
            states = self.encoder(inputs_embeds=inputs, attention_mask=told).last_hidden_state
        finally:
            handle.remove()
        return states, attention_of(last, below[0], mask, at)

    def _pairs(
        self, windows: list[Window], states: Tensor, at_mentions: Tensor, attended: Tensor
    ) -> list[PairScores]:
        """Score the pairs of all windows at once; entities and pairs are numbered throughout."""
        most = at_mentions.shape[1]
        owners: list[int] = []
        members: list[int] = []
        labels: list[int] = []
        counts: list[int] = []
        heads: list[int] = []
        tails: list[int] = []
        apart: list[int] = []
        bounds = [0]
        for row, window in enumerate(windows):
            first = len(labels)
            for entity, inside in enumerate(window.entities):
                owners += [first + entity] * len(inside)
                members += [row * most + mention for mention in inside]
                labels.append(window.mentions[inside[0]][1])
                counts.append(len(inside))
            heads += [first + head for head, _, _ in window.pairs]
            tails += [first + tail for _, tail, _ in window.pairs]
            apart += [bucket(distance) for _, _, distance in window.pairs]
            bounds.append(len(heads))
        owner, member = torch.tensor(owners), torch.tensor(members)
        head, tail = torch.tensor(heads), torch.tensor(tails)
        entities = log_sum_exp(at_mentions.flatten(0, 1)[member], owner, len(labels))
        rows = attended.flatten(0, 1)[member]
        looks = rows.new_zeros(len(labels), rows.shape[1]).index_add(0, owner, rows)
        looks = looks / torch.tensor(counts).unsqueeze(1)
        both = looks[head] * looks[tail]
        both = both / (both.sum(dim=1, keepdim=True) + 1e-6)
        spans = list(pairwise(bounds))
        context = torch.cat([both[a:b] @ states[row] for row, (a, b) in enumerate(spans)])
        kinds = self.label(torch.tensor(labels))
        features = torch.cat(
            [
                self.dropout(entities[head]),
                self.dropout(entities[tail]),
                self.dropout(context),
                kinds[head],
                kinds[tail],
                self.distance(torch.tensor(apart)),
            ],
            dim=1,
        )
        sides = (
            torch.tanh(self.head_side(entities))[head] * torch.tanh(self.tail_side(entities))[tail]
        )
        hidden = self.pair(features) + sides
        relations = self.relation(hidden)
        statuses = self.status(hidden).view(-1, self.n_relations, self.n_statuses)
        asked = self.pointer(hidden).view(-1, self.n_kinds, 64)
        pointed = self.pointed(at_mentions)
        found = []
        for row, (a, b) in enumerate(spans):
            keys = torch.cat([pointed[row, windows[row].qualifiers], self.none.unsqueeze(0)])
            pointers = torch.einsum("pkd,qd->pqk", asked[a:b], keys) / 8.0
            found.append(PairScores(relations[a:b], statuses[a:b], pointers))
        return found


def attention_of(layer: Any, below: Tensor, mask: Tensor, at: Tensor) -> Tensor:
    """Give the mean over heads of how the places `at` attend: (n_windows, n_places, n).

    `layer` is a BertSelfAttention, `below` what goes into it. Only rows of mentions are wanted,
    so that all of the encoder can use the fast attention, which keeps no weights.
    """
    asking = below.gather(1, at.unsqueeze(-1).expand(-1, -1, below.shape[2]))
    heads, width = int(layer.num_attention_heads), int(layer.attention_head_size)
    queries = layer.query(asking).unflatten(2, (heads, width)).transpose(1, 2)
    keys = layer.key(below).unflatten(2, (heads, width)).permute(0, 2, 3, 1)
    scores = (queries @ keys) / width**0.5
    scores = scores.masked_fill((mask == 0)[:, None, None, :], float("-inf"))
    weights: Tensor = layer.dropout(scores.softmax(dim=-1))
    return weights.mean(dim=1)


def log_sum_exp(rows: Tensor, owner: Tensor, size: int) -> Tensor:
    """Give log-sum-exp over the rows of each of `size` owners, each with at least one row."""
    index = owner.unsqueeze(1).expand_as(rows)
    least = rows.new_full((size, rows.shape[1]), float("-inf"))
    peak = least.scatter_reduce(0, index, rows.detach(), "amax")
    shares = torch.exp(rows - peak[owner])
    return torch.log(torch.zeros_like(peak).index_add(0, owner, shares)) + peak


def open_encoder(path: str) -> nn.Module:
    """Open an encoder so that the attention of its last layer can be had."""
    kind = AutoConfig.from_pretrained(path).model_type
    way = "sdpa" if kind == "bert" else "eager"
    encoder: nn.Module = AutoModel.from_pretrained(path, attn_implementation=way)
    return encoder


def bucket(distance: int) -> int:
    """Give the class of a signed distance in words: how far, and which end comes first."""
    size = abs(distance)
    kind = sum(size >= low for low in DISTANCES) - 1
    return kind + (len(DISTANCES) if distance < 0 else 0)
