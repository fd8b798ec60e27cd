"""The pointer: it learns what references point at, and says it of characters."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
import torch
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Config

from pipeline.components.pointer import pointer_of, score_pointing
from pipeline.extensions import add_extensions
from pipeline.params import project_path

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
TEXT = "Vera Koci left.\n\nShe met Agim Leka."
NAMES = [(0, 9, "PERSON"), (25, 34, "PERSON")]


def example(nlp, text, rows):
    add_extensions()
    words = text.split()
    gold = Doc(nlp.vocab, words=words)
    gold._.mention_ids = [[start, end, label, list(ids)] for start, end, label, *ids in rows]
    gold._.seats = [[3, 4, words[0] == "Tirana"]] if words[3] == "Skopje" else []
    return Example(Doc(nlp.vocab, words=words), gold)


def examples(nlp):
    return [example(nlp, text, rows) for text, rows in TRAIN]


def gold_of(nlp):
    return [eg.reference for eg in examples(nlp)]


@pytest.fixture(scope="module")
def trained():
    whole = load_config(project_path("pipeline/configs/recognizer.cfg"))
    parts = {name: dict(whole["components"][name]) for name in ("transformer", "pointer")}
    parts["pointer"] |= {"lost": 0.0, "dropout": 0.0, "weight": 1.0}
    parts["transformer"]["model"]["freeze_layers"] = 6
    settings = Config({"nlp": {"lang": "en", "pipeline": list(parts)}, "components": parts})
    torch.manual_seed(1)
    nlp = load_model_from_config(settings, auto_fill=True)
    nlp.initialize(lambda: examples(nlp))
    before = score_pointing(pointer_of(nlp), gold_of(nlp))
    optimizer = torch.optim.Adam(pointer_of(nlp).layers.parameters(), lr=3e-3)
    losses = []
    for _ in range(30):
        losses.append(pointer_of(nlp).update(examples(nlp))["pointer"])
        optimizer.step()
        optimizer.zero_grad()
    assert losses[-1] < 0.3 * losses[0]
    nlp.meta["before"] = before
    return nlp


def test_it_learns_one_thing_and_several_and_capitals(trained):
    assert trained.meta["before"] != (1, 1)
    assert score_pointing(pointer_of(trained), gold_of(trained)) == (1, 1)


def test_a_run_leaves_a_doc_as_it_is(trained):
    doc = trained.make_doc(TEXT)
    assert pointer_of(trained)(doc) is doc
    assert list(pointer_of(trained).pipe([doc])) == [doc]


def test_it_is_the_same_after_the_disk(trained, tmp_path):
    read = [pointer_of(trained).read(TEXT, NAMES, [(17, 20)])]
    trained.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    read.append(pointer_of(again).read(TEXT, NAMES, [(17, 20)]))
    assert read[1].odds((17, 20)) == pytest.approx(read[0].odds((17, 20)), abs=0.05)
    assert read[1].acting((0, 9)) == pytest.approx(read[0].acting((0, 9)), abs=0.05)


def test_a_reference_to_nothing_named_is_no_lesson(trained):
    lessons = [pointer_of(trained).lesson(doc) for doc in gold_of(trained)]
    assert [len(lesson.asked) for lesson in lessons] == [1, 1, 0]
    assert [len(lesson.seats) for lesson in lessons] == [0, 1, 1]
    assert lessons[1].wanted.tolist() == [[0.5, 0.5]]


def test_marks_are_lost_in_learning_and_capitals_never(trained):
    pointer = pointer_of(trained)
    docs = gold_of(trained)
    assert all(not pointer.lesson(doc, lost=1.0).asked for doc in docs)
    assert [len(pointer.lesson(doc, lost=1.0).seats) for doc in docs] == [0, 1, 1]


def test_the_gradient_reaches_the_encoder(trained):
    pointer = pointer_of(trained)
    layer = pointer.encoder.encoder.layer[5].output.dense.weight
    layer.requires_grad = True
    pointer.update(examples(trained))
    assert float(layer.grad.abs().sum()) > 0
    layer.requires_grad, layer.grad = False, None
    pointer.layers.zero_grad()


def test_names_are_read_in_the_order_in_which_they_are_given(trained):
    forth = pointer_of(trained).read(TEXT, NAMES, [(17, 20)])
    back = pointer_of(trained).read(TEXT, NAMES[::-1], [(17, 20)])
    assert forth.odds((17, 20)) == pytest.approx(back.odds((17, 20))[::-1], abs=1e-4)


def test_of_two_names_in_one_token_the_second_is_unseen(trained):
    names = [*NAMES, (27, 34, "ORG")]
    odds = pointer_of(trained).read(TEXT, names, [(17, 20)]).odds((17, 20))
    assert odds[2] < min(odds[:2]) - 10


def test_a_long_text_is_read_in_windows_and_names_far_away_are_unseen(trained):
    text = " ".join(f"Ana{i} met Bea{i}." for i in range(300)) + " She left."
    names, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        if word[:3] in ("Ana", "Bea"):
            names.append((start, start + len(word.rstrip(".")), "PERSON"))
    she = text.index("She")
    odds = pointer_of(trained).read(text, names, [(she, she + 3)]).odds((she, she + 3))
    assert len(odds) == 600
    assert np.flatnonzero(odds > -29).tolist() == list(range(350, 600))


def test_without_names_or_marks_nothing_is_seen(trained):
    pointing = pointer_of(trained).read("It rained.", [], [(0, 2)])
    assert pointing.odds((0, 2)).size == 0
    assert pointing.acting((0, 2)) == 0
    assert pointer_of(trained).read("", [], []).odds((0, 1)).size == 0


def test_a_name_of_a_label_that_was_not_learnt_is_unseen(trained):
    odds = pointer_of(trained).read(TEXT, [*NAMES, (10, 14, "SHIP")], [(17, 20)]).odds((17, 20))
    assert odds[2] < min(odds[:2]) - 10


def test_a_text_may_be_longer_than_a_run_of_the_pipeline(trained, monkeypatch):
    monkeypatch.setattr(trained, "max_length", 10)
    assert pointer_of(trained).read(TEXT, NAMES, [(17, 20)]).odds((17, 20)).size == 2


def test_labels_of_another_field_come_from_the_examples(trained):
    nlp = load_model_from_config(trained.config)
    ship = example(nlp, "Skopje owns Adria .", [(0, 1, "GPE", "s"), (2, 3, "SHIP", "a")])
    ship.reference._.seats = []
    nlp.initialize(lambda: [ship])
    assert "SHIP" in pointer_of(nlp).labels
    assert pointer_of(nlp).labels[-1] == "REF"
    assert pointer_of(nlp).lesson(ship.reference).names == [0, 1]
