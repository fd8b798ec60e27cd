"""The encoder: checked when opened, small when stored."""

from __future__ import annotations

import pytest
import torch
from transformers import AutoModel

from pipeline.components import encoder
from pipeline.components.encoder import changed_state, encoder_path, restore_state
from pipeline.components.precision import round_rows
from pipeline.errors import ConfigError


def test_the_packaged_encoder_is_the_publishers():
    assert encoder_path("minilm").endswith("model")


def test_other_weights_under_its_name_are_refused(monkeypatch):
    package, inside, _ = encoder.PACKAGED["minilm"]
    monkeypatch.setitem(encoder.PACKAGED, "other", (package, inside, "0" * 64))
    with pytest.raises(ConfigError, match=r"has SHA-256 .* expected 0000"):
        encoder_path("other")
    monkeypatch.setitem(encoder.PACKAGED, "absent", ("no_such_package", inside, "0" * 64))
    with pytest.raises(ConfigError, match="is not installed"):
        encoder_path("absent")


def test_only_what_changed_is_stored_and_comes_back(tiny_encoder):
    model = AutoModel.from_pretrained(tiny_encoder)
    assert len(changed_state(model.state_dict(), tiny_encoder)) < 2_000
    with torch.no_grad():
        model.encoder.layer[0].output.dense.bias += 0.5
    packed = changed_state(model.state_dict(), tiny_encoder)
    other = AutoModel.from_pretrained(tiny_encoder)
    restore_state(other, packed, tiny_encoder)
    left, right = (m.encoder.layer[0].output.dense.bias for m in (model, other))
    assert torch.allclose(left, right, atol=1e-3)


def test_what_is_stored_computes_the_same_in_8_bits(tiny_encoder):
    model = AutoModel.from_pretrained(tiny_encoder)
    with torch.no_grad():
        for weight in model.encoder.parameters():
            weight += 0.1 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(1))
    other = AutoModel.from_pretrained(tiny_encoder)
    restore_state(other, changed_state(model.state_dict(), tiny_encoder), tiny_encoder)
    pairs = [
        (one.weight, two.weight)
        for one, two in zip(model.encoder.modules(), other.encoder.modules(), strict=True)
        if isinstance(one, torch.nn.Linear)
    ]
    assert len(pairs) > 4
    for one, two in pairs:
        (rows, scale), (again, scale_again) = round_rows(one.detach()), round_rows(two.detach())
        assert torch.equal(rows, again)
        assert torch.allclose(scale, scale_again)
        assert not torch.equal(one, two)
