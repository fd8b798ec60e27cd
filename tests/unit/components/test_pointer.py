"""The pointer: it learns what references point at, and its vectors are read by characters."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.components.pointer import Pointing, lessons_of, score_pointing, score_seats, softmax
from pipeline.extensions import add_extensions

TRAIN = [
    (
        "Agim Leka met Vera Koci . She thanked Agim Leka .",
        [(0, 2, "PERSON", "al"), (3, 5, "PERSON", "vk"), (6, 7, "REF", "vk")],
    ),
    (
        "Tirana wrote to Skopje . Both capitals agreed .",
        [(0, 1, "GPE", "tir"), (3, 4, "GPE", "sko"), (5, 7, "REF", "tir", "sko")],
    ),
    ("It rained on Skopje .", [(3, 4, "GPE", "sko"), (0, 1, "REF", "nobody")]),
]


def example(nlp, text, rows):
    add_extensions()
    words = text.split()
    gold = Doc(nlp.vocab, words=words)
    gold._.mention_ids = [[start, end, label, list(ids)] for start, end, label, *ids in rows]
    gold._.seats = [[3, 4, words[0] == "Tirana"]] if words[3] == "Skopje" else []
    return Example(Doc(nlp.vocab, words=words), gold)


def examples(nlp):
    return [example(nlp, text, rows) for text, rows in TRAIN]


@pytest.fixture(scope="module")
def trained():
    nlp = spacy.blank("en")
    nlp.add_pipe("pointer")
    optimizer = nlp.initialize(lambda: examples(nlp))
    optimizer.learn_rate = 0.01
    for _ in range(40):
        nlp.update(examples(nlp), sgd=optimizer)
    return nlp


def test_it_learns_one_thing_and_several(trained):
    found = examples(trained)
    before = [Example(eg.x.copy(), eg.y) for eg in found]
    for eg in before:
        eg.x.tensor = np.zeros((len(eg.x), 65), dtype="f")
    for eg in found:
        trained.get_pipe("pointer")(eg.predicted)
    assert score_pointing(before, "REF") < 1
    assert score_pointing(found, "REF") == 1
    assert score_seats(before) == 0.5
    assert score_seats(found) == 1


def test_it_is_the_same_after_the_disk(trained, tmp_path):
    trained.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    text = "Vera Koci met Agim Leka ."
    np.testing.assert_array_equal(trained(text).tensor, again(text).tensor)


def test_a_reference_to_nothing_named_is_no_lesson():
    nlp = spacy.blank("en")
    count = [len(list(lessons_of(eg.reference, "REF"))) for eg in examples(nlp)]
    assert count == [1, 1, 0]


def test_the_gradient_is_that_of_the_loss(trained):
    pipe, batch = trained.get_pipe("pointer"), examples(trained)
    generator = np.random.default_rng(0)
    scores = [generator.normal(size=(len(eg.x), 9)).astype("f") for eg in batch]
    _, gradients = pipe.get_loss(batch, scores)
    for text, row, column in (
        (0, 6, 1),
        (0, 3, 5),
        (1, 5, 2),
        (1, 0, 7),
        (1, 3, 8),
        (2, 3, 8),
        (2, 3, 6),
    ):
        losses = []
        for step in (1e-2, -1e-2):
            moved = [rows.copy() for rows in scores]
            moved[text][row, column] += step
            losses.append(pipe.get_loss(batch, moved)[0])
        slope = (losses[0] - losses[1]) / 2e-2
        assert gradients[text][row, column] == pytest.approx(slope, abs=1e-3)
    assert np.abs(gradients[0]).max() > 0.01
    assert not gradients[2][:, :8].any()


def test_vectors_are_read_by_characters_across_windows(trained):
    one, two = trained("Vera Koci left."), trained("She met Agim Leka.")
    pointing = Pointing()
    pointing.add(one, 0)
    pointing.add(two, 100)
    answers = pointing.answers([(0, 9), (108, 117)])
    width = answers.shape[1]
    assert answers[0] == pytest.approx(one.tensor[:2, width:-1].mean(axis=0))
    assert answers[1] == pytest.approx(two.tensor[2:4, width:-1].mean(axis=0))
    asked = two.tensor[0, :width]
    assert pointing.odds((100, 103), answers) == pytest.approx(answers @ asked / np.sqrt(width))


def test_without_vectors_nothing_is_preferred():
    pointing = Pointing()
    answers = pointing.answers([(0, 3), (5, 9)])
    assert softmax(pointing.odds((10, 12), answers)) == pytest.approx([0.5, 0.5])
    assert pointing.acting((0, 3)) == 0


def test_the_odds_of_a_capital_are_those_of_its_tokens(trained):
    doc = trained("She left Phnom Penh.")
    pointing = Pointing()
    pointing.add(doc, 10)
    assert pointing.acting((19, 29)) == pytest.approx(doc.tensor[2:4, -1].mean())
