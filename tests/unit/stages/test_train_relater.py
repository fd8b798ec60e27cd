"""Stage `train_relater`: from the start, broken off and resumed, and again after new texts."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
import spacy

from pipeline.components.encoder import encoder_of
from pipeline.components.pointer import pointer_of
from pipeline.components.relater import Relater
from pipeline.errors import ConfigError
from pipeline.stages import train_recognizer, train_relater
from pipeline.stages.train_relater import main, start_from
from pipeline.training.loop import digest_of
from tests.conftest import ROOT
from tests.unit.stages.training_set import LEARNT, write_params, write_prepared, write_related

CONFIGS = ROOT / "pipeline" / "configs"
NAMES = {
    "start": "", "epochs": 15, "rate": 0.003, "head_rate": 5.0, "dropout": 0.0, "patience": 0,
    "warmup": 1.0, "batch_words": 60, "piece_tokens": 40,
}  # fmt: skip
SETTINGS = {
    "start": "", "predicted": 0.5, "freeze_layers": 0, "epochs": 3, "again_epochs": 1,
    "rate": 0.002, "again_rate": 0.1, "patience": 0, "batch": 3, "width": 32,
}  # fmt: skip


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory, tiny_encoder):
    """A recognizer that has learnt the few sentences."""
    folder = tmp_path_factory.mktemp("recognizer")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        write_params(folder, train_recognizer=NAMES | {"encoder": tiny_encoder})
        write_prepared(folder / "prepare")
        patch.chdir(folder)
        train_recognizer.main(folder / "prepare", CONFIGS / "recognizer.cfg", folder / "model")
    return folder / "model"


@pytest.fixture
def place(tmp_path, tiny_encoder, monkeypatch):
    """A folder to train in: settings and prepared parts."""
    write_params(tmp_path, train_relater=SETTINGS | {"encoder": tiny_encoder})
    write_prepared(tmp_path / "prepare")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def train(place, recognizer, out="model"):
    main(place / "prepare", recognizer, CONFIGS / "relater.cfg", place / out)
    return place / out


@pytest.fixture
def rising(monkeypatch):
    """Make every epoch better than the one before, so that the last one is kept."""
    score, clock = train_relater.score_relations, count(1)
    monkeypatch.setattr(
        train_relater, "score_relations",
        lambda found, **settings: score(found, **settings) | {"relations_f": next(clock) / 100},
    )  # fmt: skip


def break_off(place, recognizer, monkeypatch, out="model"):
    """Train, and stop at the end of the second epoch, before it is kept."""
    score, calls = train_relater.score_relations, []

    def interrupted(found, **settings):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return score(found, **settings)

    with monkeypatch.context() as patch:
        patch.setattr(train_relater, "score_relations", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(place, recognizer, out)


def weights(folder):
    network = spacy.load(folder).get_pipe("relater").network
    return {name: value.numpy() for name, value in network.state_dict().items()}


def test_two_runs_give_the_same_pipeline_with_its_scores(place, recognizer):
    out = train(place, recognizer)
    assert digest_of(out) == digest_of(train(place, recognizer, "other"))
    nlp = spacy.load(out)
    assert {"relations_f", "between_given_mentions_f"} <= nlp.meta["performance"].keys()
    thresholds = nlp.get_pipe("relater").cfg["thresholds"]
    assert min(thresholds.values()) >= 0.2
    assert not (place / ".train" / "relater").exists()


def test_a_broken_run_goes_on_from_its_last_epoch(place, recognizer, monkeypatch, caplog):
    break_off(place, recognizer, monkeypatch)
    assert not (place / "model").exists()
    with caplog.at_level("INFO"):
        train(place, recognizer)
    assert "resuming after epoch 1" in caplog.text
    assert "epoch 1 of 3" not in caplog.text
    assert "epoch 3 of 3" in caplog.text


@pytest.mark.usefixtures("rising")
def test_a_broken_run_ends_with_the_weights_of_an_unbroken_one(place, recognizer, monkeypatch):
    whole = weights(train(place, recognizer, "whole"))
    break_off(place, recognizer, monkeypatch)
    resumed = weights(train(place, recognizer))
    assert whole.keys() == resumed.keys()
    for name, value in whole.items():
        np.testing.assert_array_equal(value, resumed[name], err_msg=name)


def test_after_a_text_was_added_training_goes_on_from_the_weights(place, recognizer, caplog):
    before = weights(train(place, recognizer))
    write_prepared(place / "prepare", LEARNT + 1)
    with caplog.at_level("INFO"):
        after = weights(train(place, recognizer))
    assert (
        "1 texts and 0 passages are new or corrected, training goes on from its weights"
        in caplog.text
    )
    assert "epoch 1 of 1" in caplog.text
    moved = max(np.abs(after[name] - before[name]).max() for name in before)
    assert 0 < moved < 0.05


def test_without_replay_the_new_texts_alone_are_learnt(
    place, recognizer, tiny_encoder, monkeypatch
):
    train(place, recognizer)
    write_params(place, train_relater=SETTINGS | {"encoder": tiny_encoder, "again_replay": 0.0})
    write_related(place / "prepare")
    learnt = []
    learn = Relater.learn

    def watched(relater, items, rate):
        learnt.extend(doc.text for _, doc in items)
        return learn(relater, items, rate)

    monkeypatch.setattr(Relater, "learn", watched)
    train(place, recognizer)
    assert len(set(learnt)) == 1
    assert "Agim Duka" in learnt[0]


def test_passages_with_relations_are_learnt_from(place, recognizer, caplog):
    before = weights(train(place, recognizer))
    write_related(place / "prepare")
    with caplog.at_level("INFO"):
        after = weights(train(place, recognizer))
    assert (
        "0 texts and 1 passages are new or corrected, training goes on from its weights"
        in caplog.text
    )
    assert max(np.abs(after[name] - before[name]).max() for name in before) > 0


def test_the_same_texts_again_mean_a_run_from_the_start(place, recognizer, caplog):
    first = digest_of(train(place, recognizer))
    with caplog.at_level("INFO"):
        again = digest_of(train(place, recognizer))
    assert "goes on" not in caplog.text
    assert first == again


def test_it_starts_from_the_recognizer_where_that_is_asked(place, recognizer, tiny_encoder):
    settings = SETTINGS | {"encoder": tiny_encoder, "start": "recognizer"}
    write_params(place, train_relater=settings | {"epochs": 1, "rate": 0.0})
    started = spacy.load(train(place, recognizer)).get_pipe("relater")
    finder = spacy.load(recognizer)
    rounding = 0.01
    for name, value in encoder_of(finder).state_dict().items():
        np.testing.assert_allclose(started.encoder.state_dict()[name], value, atol=rounding)
    pointer = pointer_of(finder)
    markers, own = (
        layer.weight.detach().numpy() for layer in (started.markers, pointer.layers.markers)
    )
    labels, known = started.cfg["labels"], list(pointer.labels)
    size, last = len(labels), len(known)
    person, role = labels.index("PERSON"), known.index("PERSON")
    np.testing.assert_allclose(markers[person], own[role], atol=rounding)
    np.testing.assert_allclose(
        markers[size + person], (own[role] + own[last - 1]) / 2, atol=rounding
    )
    np.testing.assert_allclose(markers[2 * size + person], own[last + role], atol=rounding)
    np.testing.assert_allclose(
        markers[3 * size + person], (own[last + role] + own[2 * last - 1]) / 2, atol=rounding
    )


def test_a_recognizer_without_a_pointer_is_no_start():
    relater = Relater.__new__(Relater)
    with pytest.raises(ConfigError, match="expected a pointer"):
        start_from(spacy.blank("en"), relater)
