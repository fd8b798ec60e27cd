"""Sentence borders where news and cables are hard."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.sentences import sentence_around, sentence_starts


def split(text, protected=()):
    starts = [*sentence_starts(text, protected), len(text)]
    return [text[a:b].strip() for a, b in pairwise(starts)]


@pytest.mark.parametrize(
    "text",
    [
        "Deputy Minister Sen. Lt. Gen. Trinh Quoc Bao gave a dinner.",
        "The U.S. Embassy spoke to Mr. J. P. Leka of St. Kitts.",
        "Law No. 5/2012/QH13 of Nov. 2012 applies.",
        "1. (U) Summary: The conference met.",
        "He paid 5.5 million dong on 3.5.2020 to it.",
    ],
)
def test_no_border_where_none_is(text):
    assert split(text) == [text]


def test_borders_where_they_are():
    text = 'It met. "They came," he said. The end?\n\n2. (U) Next paragraph. Done'
    assert split(text) == [
        "It met.", '"They came," he said.', "The end?", "2. (U) Next paragraph.", "Done",
    ]  # fmt: skip


def test_a_name_is_never_cut():
    text = "He of Acme Pty. Ltd. Holdings came."
    assert split(text, [(6, 29)]) == [text]


def test_the_sentences_around_a_span():
    text = "One is here. Two is there. Three."
    starts = sentence_starts(text)
    assert text[slice(*sentence_around(text, starts, 14, 16))] == "Two is there."
    assert text[slice(*sentence_around(text, starts, 5, 16))] == "One is here. Two is there."
