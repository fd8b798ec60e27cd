"""The shipped models: who adds a text to those that they were trained with goes on from them."""

from __future__ import annotations

import json

import pytest

from pipeline.params import load_params
from pipeline.stages import train_recognizer, train_relater
from pipeline.training.again import NOTE
from tests.conftest import ROOT


@pytest.mark.parametrize("stage", [train_recognizer, train_relater])
def test_the_settings_of_a_shipped_model_are_those_of_the_project(stage):
    name = stage.__name__.rpartition(".")[2]
    model = name.removeprefix("train_")
    config = ROOT / "pipeline" / "configs" / f"{model}.cfg"
    _, key = stage.configured(config, load_params(name, stage.Params))
    note = json.loads((ROOT / "models" / model / NOTE).read_text(encoding="utf-8"))
    assert note["settings"] == key
