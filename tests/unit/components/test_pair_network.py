"""The pair network: what mentions attend to, and windows that do not disturb each other."""

from __future__ import annotations

import pytest
import torch
from transformers import AutoModel

from pipeline.components.pair_network import PairNetwork, Window, log_sum_exp, open_encoder

SHORT = Window(
    [101, 0, 2001, 0, 2002, 102], [0, 1, 0, 2, 0, 0], [(1, 0, False), (3, 1, False)],
    [[0], [1]], [(0, 1, 1), (1, 0, -1)], [],
)  # fmt: skip
LONG = Window(
    [101, 0, 2003, 2004, 0, 2005, 0, 2006, 2007, 102], [0, 2, 0, 0, 1, 0, 3, 0, 0, 0],
    [(1, 1, False), (4, 0, True), (6, 2, False)],
    [[0, 1], [2]], [(0, 1, 2)], [2],
)  # fmt: skip


@pytest.fixture(scope="module")
def network(tiny_encoder):
    torch.manual_seed(3)
    return PairNetwork(open_encoder(tiny_encoder), 4, 3, 2, 2, 16, 0.1).eval()


def test_the_attention_of_mentions_is_the_encoders_own(network, tiny_encoder):
    plain = AutoModel.from_pretrained(tiny_encoder, attn_implementation="eager").eval()
    inputs = torch.randn(2, 7, 32)
    mask = torch.tensor([[1] * 7, [1] * 4 + [0] * 3])
    at = torch.tensor([[1, 5], [2, 0]])
    with torch.inference_mode():
        states, rows = network._encode(inputs, mask, at)
        wanted = plain(inputs_embeds=inputs, attention_mask=mask, output_attentions=True)
    assert torch.allclose(states[0], wanted.last_hidden_state[0], atol=1e-5)
    assert torch.allclose(states[1, :4], wanted.last_hidden_state[1, :4], atol=1e-5)
    attention = wanted.attentions[-1].mean(dim=1)
    assert torch.allclose(
        rows, torch.stack([attention[0, [1, 5]], attention[1, [2, 0]]]), atol=1e-5
    )


def test_windows_score_together_as_they_do_alone(network):
    with torch.inference_mode():
        together = network([SHORT, LONG])
        alone = [network([window])[0] for window in (SHORT, LONG)]
    for left, right in zip(together, alone, strict=True):
        assert torch.allclose(left.relations, right.relations, atol=1e-5)
        assert torch.allclose(left.statuses, right.statuses, atol=1e-5)
        assert torch.allclose(left.pointers, right.pointers, atol=1e-5)
    assert together[0].pointers.shape == (2, 1, 2)
    assert together[1].pointers.shape == (1, 2, 2)


def test_log_sum_exp_by_owner_is_that_of_its_rows():
    rows = torch.randn(5, 3) * 30
    owner = torch.tensor([1, 0, 1, 1, 0])
    found = log_sum_exp(rows, owner, 2)
    for number in (0, 1):
        assert torch.allclose(found[number], torch.logsumexp(rows[owner == number], dim=0))


def test_all_layers_learn(network):
    network.zero_grad()
    sum(scores.relations.sum() for scores in network([SHORT, LONG])).backward()
    layer = network.encoder.encoder.layer[-1].attention.self
    assert layer.query.weight.grad.abs().sum() > 0
    assert network.head_side.weight.grad.abs().sum() > 0
