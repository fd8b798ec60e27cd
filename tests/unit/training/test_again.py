"""Training again: only where few texts are new, none is gone, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from pipeline.extensions import add_extensions
from pipeline.training.again import (
    Again,
    going_on,
    plan_of,
    settings_key,
    texts_of,
    write_note,
)
from pipeline.training.loop import Plan

OLD = [f"train {number} abc" for number in range(6)]
ADDED = [*OLD, "train 6 abc"]


@pytest.mark.parametrize(
    ("settings", "texts", "expected"),
    [
        pytest.param("s", ADDED, True, id="a text was added"),
        pytest.param("s", ADDED[::-1], True, id="in any order"),
        pytest.param("s", [*OLD, "train 6 abc", "dev 7 abc"], True, id="a quarter is new"),
        pytest.param("s", OLD, False, id="the same texts"),
        pytest.param("other", ADDED, False, id="other settings"),
        pytest.param("s", [*ADDED, "train 7 abc", "train 8 abc"], False, id="a third is new"),
        pytest.param("s", ADDED[1:], False, id="a text is gone"),
        pytest.param("s", [*OLD[1:], "train 0 corrected"], True, id="one was corrected"),
        pytest.param("s", [*OLD[1:], "dev 0 abc"], False, id="one went to another part"),
    ],
)
def test_training_goes_on_only_where_few_texts_are_new(tmp_path, settings, texts, expected):
    write_note(tmp_path, "s", OLD)
    assert (going_on(tmp_path, settings, texts) is not None) is expected


def test_a_passage_may_go(tmp_path):
    write_note(tmp_path, "s", [*OLD, "references abc"])
    again = going_on(tmp_path, "s", [*OLD, "references corrected"])
    assert again == Again(tmp_path, frozenset({"references corrected"}))
    assert going_on(tmp_path, "s", OLD) is None  # nothing is new


def test_new_texts_and_a_share_of_the_others_are_learnt():
    add_extensions()
    docs = [spacy.blank("en")(str(number)) for number in range(400)]
    for number, doc in enumerate(docs[1:]):
        doc._.fingerprints = [f"references {number}", f"related {number}"]
    again = Again(Path(), frozenset({"related 3", "references 7"}))
    assert [d.text for d in again.replayed(docs, 0, 1, lambda doc: doc)] == ["4", "8"]
    some = again.replayed(docs, 0.3, 1, lambda doc: doc)
    assert {docs[4], docs[8]} <= set(some)
    assert 90 < len(some) < 150
    assert some == again.replayed(docs, 0.3, 1, lambda doc: doc)
    assert some != again.replayed(docs, 0.3, 2, lambda doc: doc)
    assert again.replayed(docs, 1, 1, lambda doc: doc) == docs


def test_without_a_note_training_begins_anew(tmp_path):
    assert not going_on(tmp_path, "s", ADDED)
    assert not going_on(tmp_path / "absent", "s", ADDED)


def test_it_says_how_many_texts_were_added(tmp_path, caplog):
    write_note(tmp_path, "s", OLD)
    with caplog.at_level("INFO"):
        going_on(tmp_path, "s", ADDED)
        going_on(tmp_path, "s", [*ADDED, "references abc", "related abc", "capitals abc"])
    assert (
        "1 texts and 0 passages are new or corrected, training goes on from its weights"
        in caplog.text
    )
    assert "1 texts and 3 passages are new or corrected" in caplog.text


def test_passages_are_no_texts_and_may_be_many(tmp_path):
    write_note(tmp_path, "s", OLD)
    passages = [f"references {number}" for number in range(50)]
    assert going_on(tmp_path, "s", [*OLD, *passages])


def test_the_note_does_not_depend_on_the_order_of_texts(tmp_path):
    write_note(tmp_path / "a", "s", OLD)
    write_note(tmp_path / "b", "s", OLD[::-1])
    left, right = ((tmp_path / name / "trained.json").read_bytes() for name in "ab")
    assert left == right


def test_texts_are_read_from_what_prepare_wrote(tmp_path):
    (tmp_path / "trained_on.txt").write_text("".join(f"{t}\n" for t in OLD), encoding="utf-8")
    assert texts_of(tmp_path) == texts_of(tmp_path, "related_on.txt") == OLD
    (tmp_path / "related_on.txt").write_text("related abc\n", encoding="utf-8")
    assert texts_of(tmp_path, "related_on.txt") == [*OLD, "related abc"]


def test_how_long_to_go_on_does_not_ask_for_a_run_from_the_start():
    params = {"rate": 0.1, "again_epochs": 2, "again_rate": 0.3, "again_replay": 0.3}
    key = settings_key(params, "config", "start")
    assert settings_key(params | {"again_epochs": 1}, "config", "start") == key
    assert settings_key(params | {"again_replay": 1.0}, "config", "start") == key
    assert settings_key(params | {"rate": 0.2}, "config", "start") != key
    assert settings_key(params, "another", "start") != key


class Schedule:
    seed, epochs, again_epochs, rate, again_rate, warmup, patience = 3, 8, 2, 0.1, 0.5, 0.3, 4


def test_the_plan_is_shorter_and_slower_the_second_time():
    assert plan_of(Schedule(), again=False) == Plan(3, 8, 0.1, 0.3, 4)
    assert plan_of(Schedule(), again=True) == Plan(3, 2, 0.05, 0.3, 4)
