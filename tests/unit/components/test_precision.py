"""8 bits: near the full answer, the same for a token in any batch and on any processor."""

from __future__ import annotations

import pytest
import spacy
import torch
from torch import nn

from pipeline.components.pair_network import open_encoder
from pipeline.components.precision import Int8Linear, set_precision, to_int8
from pipeline.errors import ConfigError


def test_an_encoder_in_8_bits_answers_nearly_as_in_32(tiny_encoder):
    full, rounded = open_encoder(tiny_encoder).eval(), open_encoder(tiny_encoder).eval()
    to_int8(rounded.encoder, native=False)
    pieces = torch.arange(1000, 1040).view(2, 20)
    with torch.inference_mode():
        left = full(input_ids=pieces).last_hidden_state
        right = rounded(input_ids=pieces).last_hidden_state
    assert not torch.equal(left, right)
    assert nn.functional.cosine_similarity(left, right, dim=-1).min() > 0.995
    assert not any(isinstance(module, nn.Linear) for module in rounded.encoder.modules())


def test_a_row_does_not_depend_on_the_others():
    torch.manual_seed(5)
    layer = Int8Linear(nn.Linear(16, 8), None, native=False)
    rows = torch.randn(1, 6, 16)
    alone = torch.cat([layer(rows[:, at : at + 1]) for at in range(6)], dim=1)
    assert torch.equal(layer(rows * torch.ones(1, 6, 1)), alone)


def test_floats_give_the_sums_of_the_processor():
    torch.manual_seed(6)
    linear, rows = nn.Linear(1536, 32), torch.randn(4, 5, 1536)
    ways = [Int8Linear(linear, None, native) for native in (True, False)]
    assert torch.equal(ways[0](rows), ways[1](rows))


def test_a_row_of_zeros_gives_the_bias():
    linear = nn.Linear(4, 3)
    assert torch.equal(Int8Linear(linear, None, native=False)(torch.zeros(1, 4))[0], linear.bias)


def test_a_precision_that_is_not_there_is_said():
    with pytest.raises(ConfigError, match=r"relate\.precision is 'int4', expected full or int8"):
        set_precision(spacy.blank("en"), "int4", "relate.precision")


def test_the_processor_is_asked_where_nothing_is_said(tiny_encoder):
    encoder = open_encoder(tiny_encoder).eval()
    to_int8(encoder.encoder)
    with torch.inference_mode():
        assert (
            encoder(input_ids=torch.tensor([[101, 2001, 102]])).last_hidden_state.isfinite().all()
        )
