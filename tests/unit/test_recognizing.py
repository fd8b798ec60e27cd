"""From Docs to mentions: windows, and what knowledge corrects."""

from __future__ import annotations

import pytest

from pipeline.components.clusters import Found
from pipeline.components.mending import as_known
from pipeline.components.references import Marked
from pipeline.errors import ConfigError
from pipeline.knowledge import load_knowledge
from pipeline.recognizing import load_recognizer, reader_of, windows
from pipeline.relating import load_relater


def test_windows_are_cut_at_paragraphs_and_lose_nothing():
    text = "\n\n".join("word " * 30 for _ in range(20))
    cut = windows(text, 400)
    assert "".join(piece for piece, _ in cut) == text
    assert all(text[begin : begin + len(piece)] == piece for piece, begin in cut)
    assert all(piece.endswith("\n\n") for piece, _ in cut[:-1])


def test_a_country_that_was_taken_for_a_body_is_a_country():
    name = Found(0, 2, "US", "ORG", 0.9)
    assert as_known(name, load_knowledge()).label == "GPE"
    person = as_known(Found(3, 9, "PM Son", "PERSON", 0.9), load_knowledge())
    assert (person.start, person.text) == (6, "Son")
    assert as_known(Found(0, 7, "Interpol", "ORG", 0.9), load_knowledge()).label == "ORG"


@pytest.mark.parametrize("load", [load_recognizer, load_relater])
def test_a_model_that_is_not_there_is_said(load):
    with pytest.raises(ConfigError, match=r"model is 'nowhere': there is no folder"):
        load("nowhere")


def test_the_baseline_sees_nothing_in_references():
    read = reader_of(load_recognizer("baseline"))
    pointing = read("Hanoi rejected it.", [Found(0, 5, "Hanoi", "GPE", 1.0)], [Marked(15, 17)])
    assert pointing.acting((0, 5)) == 0
    assert pointing.odds((15, 17)).size == 0
