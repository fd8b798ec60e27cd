"""Typed markers around names and references, and the windows in which they are read."""

from __future__ import annotations

from itertools import pairwise

import spacy
from transformers import AutoTokenizer

from pipeline.components.encoder import encoder_path
from pipeline.components.marking import OVERLAP, WINDOW, Mark, MarkedText, mark_text

TOKENIZER = AutoTokenizer.from_pretrained(encoder_path("minilm"), use_fast=True)


def test_markers_stand_around_marks():
    doc = spacy.blank("en")("Vera Koci left.\n\nShe met Leka.")
    text = mark_text(doc, [Mark(0, 2, 1), Mark(5, 6, 2)], TOKENIZER, 3)
    words = TOKENIZER.convert_ids_to_tokens(text.pieces)
    shown = [
        f"<{marker - 1}>" if marker else word
        for word, marker in zip(words, text.markers, strict=True)
    ]
    assert "".join(shown).replace("##", "") == "<1>verakoci<4>left.,<2>she<5>metleka."
    assert [text.markers[place] for place in (*text.starts, *text.ends)] == [2, 3, 5, 6]
    assert text.paragraphs == [0, 1]
    assert text.tokens == [0, 5]


def test_windows_overlap_and_hold_every_place():
    for size in (1, WINDOW, WINDOW + 1, 3 * WINDOW, 1234):
        windows = MarkedText([0] * size, [0] * size, [], [], [], [], []).windows()
        assert windows[0][0] == 0
        assert windows[-1][1] == size
        assert all(high - low <= WINDOW for low, high in windows)
        for (_, high), (low, _) in pairwise(windows):
            assert high - low == OVERLAP
