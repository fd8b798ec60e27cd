"""The word lists of reported speech."""

from __future__ import annotations

import pytest

from pipeline.attribution.words import CUES, load_speech
from pipeline.errors import ConfigError


def test_verbs_that_work_in_a_special_way_are_verbs_of_speech():
    speech = load_speech()
    for name in ("closing", "bare", "telling", "doubting"):
        assert getattr(speech, name) <= speech.verbs, name


def test_a_missing_list_is_an_error(tmp_path):
    content = CUES.read_text(encoding="utf-8").replace("  hearers:", "  listeners:")
    (tmp_path / "cues.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="expected the lists"):
        load_speech(tmp_path / "cues.yaml")
