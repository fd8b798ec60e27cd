"""Stage `train_recognizer`: from the start, broken off and resumed, and again after new texts."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
import spacy
import torch
from spacy.tokens import Doc, Span
from transformers import AutoModel

from pipeline.components.encoder import encoder_of, write_start
from pipeline.components.name_tagger import NameTagger, tagger_of
from pipeline.components.pointer import pointer_of
from pipeline.stages import train_recognizer
from pipeline.stages.train_recognizer import calibrate, main, settle
from pipeline.training.loop import digest_of
from tests.conftest import ROOT
from tests.unit.stages.training_set import LEARNT, write_params, write_prepared

CONFIG = ROOT / "pipeline" / "configs" / "recognizer.cfg"
SETTINGS = {
    "start": "", "epochs": 3, "again_epochs": 1, "rate": 0.002, "again_rate": 0.1,
    "head_rate": 5.0, "dropout": 0.1, "patience": 0, "batch_words": 40, "piece_tokens": 20,
}  # fmt: skip


@pytest.fixture
def place(tmp_path, tiny_encoder, monkeypatch):
    """A folder to train in: settings and prepared parts."""
    write_params(tmp_path, train_recognizer=SETTINGS | {"encoder": tiny_encoder})
    write_prepared(tmp_path / "prepare")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def train(place, out="model"):
    main(place / "prepare", CONFIG, place / out)
    return place / out


@pytest.fixture
def rising(monkeypatch):
    """Make every epoch better than the one before, so that the last one is kept."""
    score, clock = train_recognizer.score_names, count(1)
    monkeypatch.setattr(
        train_recognizer, "score_names",
        lambda found, **settings: score(found, **settings) | {"names_f": next(clock) / 100},
    )  # fmt: skip


def break_off(place, monkeypatch, out="model"):
    """Train, and stop at the end of the second epoch, before it is kept."""
    score, calls = train_recognizer.score_names, []

    def interrupted(found, **settings):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return score(found, **settings)

    with monkeypatch.context() as patch:
        patch.setattr(train_recognizer, "score_names", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(place, out)


def weights(folder):
    return weights_of(spacy.load(folder))


def weights_of(nlp):
    found = {k: v.numpy() for k, v in encoder_of(nlp).state_dict().items()}
    found |= {k: v.numpy() for k, v in pointer_of(nlp).layers.state_dict().items()}
    for number, node in enumerate(tagger_of(nlp).model.walk()):
        found |= {f"{number} {name}": node.get_param(name) for name in node.param_names}
    return found


def test_two_runs_give_the_same_pipeline_with_its_scores(place):
    assert digest_of(train(place)) == digest_of(train(place, "other"))
    nlp = spacy.load(place / "model")
    assert {"names_f", "names_overlap_f", "references_f", "points", "seats"} <= nlp.meta[
        "performance"
    ].keys()
    assert nlp.get_pipe("name_tagger").labels == ("GPE", "PERSON", "REF", "ROLE")
    assert not (place / ".train" / "recognizer").exists()


def test_a_broken_run_goes_on_from_its_last_epoch(place, monkeypatch, caplog):
    break_off(place, monkeypatch)
    assert not (place / "model").exists()
    with caplog.at_level("INFO"):
        train(place)
    assert "resuming after epoch 1" in caplog.text
    assert "epoch 1 of 3" not in caplog.text
    assert "epoch 3 of 3" in caplog.text


@pytest.mark.usefixtures("rising")
def test_a_broken_run_ends_with_the_weights_of_an_unbroken_one(place, monkeypatch):
    whole = weights(train(place, "whole"))
    break_off(place, monkeypatch)
    resumed = weights(train(place))
    assert whole.keys() == resumed.keys()
    for name, value in whole.items():
        np.testing.assert_array_equal(value, resumed[name], err_msg=name)


def test_after_a_text_was_added_training_goes_on_from_the_weights(place, caplog):
    before = weights(train(place))
    write_prepared(place / "prepare", LEARNT + 1)
    with caplog.at_level("INFO"):
        after = weights(train(place))
    assert (
        "1 texts and 0 passages are new or corrected, training goes on from its weights"
        in caplog.text
    )
    assert "epoch 1 of 1" in caplog.text
    moved = max(np.abs(after[name] - before[name]).max() for name in before)
    assert 0 < moved < 0.05  # a start from nothing would be far from there


def test_without_replay_the_new_texts_alone_are_learnt(place, tiny_encoder, monkeypatch):
    train(place)
    write_params(place, train_recognizer=SETTINGS | {"encoder": tiny_encoder, "again_replay": 0.0})
    write_prepared(place / "prepare", LEARNT + 1)
    learnt = []
    update = spacy.language.Language.update

    def watched(nlp, examples, **settings):
        learnt.extend(line for example in examples for line in example.reference._.fingerprints)
        return update(nlp, examples, **settings)

    monkeypatch.setattr(spacy.language.Language, "update", watched)
    train(place)
    assert {line.split()[1] for line in learnt} == {f"t{LEARNT}"}


def test_weights_settle_halfway_to_those_before(place):
    folder = train(place)
    nlp = spacy.load(folder)
    with torch.no_grad():
        for weight in encoder_of(nlp).parameters():
            weight += 1
        for weight in pointer_of(nlp).layers.parameters():
            weight += 1
    for node in tagger_of(nlp).model.walk():
        for name in filter(node.has_param, node.param_names):
            node.set_param(name, node.get_param(name) + 1)
    settle(nlp, folder)
    settled = weights_of(nlp)
    for name, value in weights(folder).items():
        moved = 0.5 if value.dtype.kind == "f" else 0
        np.testing.assert_allclose(settled[name], value + moved, atol=1e-5, err_msg=name)


def test_with_other_settings_training_begins_anew(place, caplog, tiny_encoder):
    train(place)
    write_prepared(place / "prepare", LEARNT + 1)
    changed = {"encoder": tiny_encoder, "epochs": 2}
    write_params(place, train_recognizer=SETTINGS | changed)
    with caplog.at_level("INFO"):
        train(place)
    assert "goes on" not in caplog.text
    assert "epoch 2 of 2" in caplog.text


def test_it_starts_from_the_weights_of_the_first_round(place, tiny_encoder):
    encoder = AutoModel.from_pretrained(tiny_encoder)
    with torch.no_grad():
        encoder.encoder.layer[0].output.dense.bias += 0.5
    write_start(place / "start", encoder, tiny_encoder)
    plain = weights(train(place))
    changed = {"encoder": tiny_encoder, "start": str(place / "start")}
    write_params(place, train_recognizer=SETTINGS | changed)
    started = weights(train(place, "started"))
    bias = "encoder.layer.0.output.dense.bias"
    assert (started[bias] - plain[bias]).mean() == pytest.approx(0.5, abs=0.1)


def test_frozen_layers_stay_as_published(place, tiny_encoder):
    changed = {"encoder": tiny_encoder, "freeze_layers": 1}
    write_params(place, train_recognizer=SETTINGS | changed)
    found = weights(train(place))
    published = AutoModel.from_pretrained(tiny_encoder).state_dict()
    moved = {name for name in published if not np.array_equal(published[name], found[name])}
    assert any(name.startswith("encoder.layer.1.") for name in moved)
    assert not [n for n in moved if n.startswith(("embeddings.", "encoder.layer.0."))]


def test_an_encoder_that_is_frozen_whole_stays_as_published(place, tiny_encoder):
    write_params(place, train_recognizer=SETTINGS | {"encoder": tiny_encoder, "freeze_layers": 2})
    found = weights(train(place))
    published = AutoModel.from_pretrained(tiny_encoder).state_dict()
    assert all(np.array_equal(value, found[name]) for name, value in published.items())


class Pretender(NameTagger):
    """Finds one place a Doc, sure of itself, and with a low score a reference."""

    def predict(self, docs):
        tags = self.tags
        found = []
        for doc in docs:
            rows = np.zeros((len(doc), len(tags)), dtype="f")
            rows[0, tags.index("U-GPE")] = 6.0
            rows[1:, 0] = 2.0
            rows[1, tags.index("U-REF")] = 1.0
            found.append(rows)
        return found


@pytest.fixture
def pretender():
    nlp = spacy.blank("en")
    tagger = Pretender(nlp.vocab, None, "name_tagger", "REF", None)
    for label in ("GPE", "PERSON", "REF"):
        tagger.add_label(label)
    # spaCy has no way to add a component that no factory made.
    nlp._components.append((tagger.name, tagger))
    return nlp


def held_out(nlp, label, reference):
    doc = Doc(nlp.vocab, words=["Malta", "it", "wrote"])
    doc.set_ents([Span(doc, 0, 1, label=label)])
    doc.spans["references"] = [Span(doc, 1, 2, label="REF")] if reference else []
    return doc


def test_calibrated_scores_are_the_share_that_is_right(pretender):
    dev = [held_out(pretender, "GPE" if n % 2 else "PERSON", False) for n in range(40)]
    calibrate(pretender, dev)
    [score] = [
        score for _, _, label, score in tagger_of(pretender).decode(
            tagger_of(pretender).predict(dev[:1])[0], ["malta", "it", "wrote"]
        ) if label == "GPE"
    ]  # fmt: skip
    assert score == pytest.approx(0.5, abs=0.02)
    calibrate(pretender, [])
    assert tagger_of(pretender).cfg["calibration"] == [1.0, 0.0]


@pytest.mark.parametrize(("marked", "found"), [(True, True), (False, False)])
def test_references_are_found_as_often_as_held_out_texts_ask(pretender, marked, found):
    dev = [held_out(pretender, "GPE", marked) for _ in range(4)]
    calibrate(pretender, dev)
    tagger = tagger_of(pretender)
    rows = tagger.predict(dev[:1])[0]
    assert ("REF" in {span[2] for span in tagger.decode(rows)}) is found
