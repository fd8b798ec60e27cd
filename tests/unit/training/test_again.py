"""Training again: only where texts were added, few of them, and nothing else changed."""

from __future__ import annotations

import pytest

from pipeline.training.again import may_go_on, plan_of, settings_key, texts_of, write_note
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
        pytest.param("s", [*OLD[1:], "train 0 changed", *ADDED[6:]], False, id="one was changed"),
    ],
)
def test_training_goes_on_only_where_a_few_texts_were_added(tmp_path, settings, texts, expected):
    write_note(tmp_path, "s", OLD)
    assert may_go_on(tmp_path, settings, texts) is expected


def test_without_a_note_training_begins_anew(tmp_path):
    assert not may_go_on(tmp_path, "s", ADDED)
    assert not may_go_on(tmp_path / "absent", "s", ADDED)


def test_it_says_how_many_texts_were_added(tmp_path, caplog):
    write_note(tmp_path, "s", OLD)
    with caplog.at_level("INFO"):
        may_go_on(tmp_path, "s", ADDED)
        may_go_on(tmp_path, "s", [*ADDED, "references abc", "related abc", "capitals abc"])
    assert "1 texts and 0 passages were added, training goes on from its weights" in caplog.text
    assert "1 texts and 3 passages were added" in caplog.text


def test_passages_are_no_texts_and_may_be_many(tmp_path):
    write_note(tmp_path, "s", OLD)
    passages = [f"references {number}" for number in range(50)]
    assert may_go_on(tmp_path, "s", [*OLD, *passages])


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
    params = {"rate": 0.1, "again_epochs": 2, "again_rate": 0.3}
    key = settings_key(params, "config", "start")
    assert settings_key(params | {"again_epochs": 1}, "config", "start") == key
    assert settings_key(params | {"rate": 0.2}, "config", "start") != key
    assert settings_key(params, "another", "start") != key


class Schedule:
    seed, epochs, again_epochs, rate, again_rate, warmup, patience = 3, 8, 2, 0.1, 0.5, 0.3, 4


def test_the_plan_is_shorter_and_slower_the_second_time():
    assert plan_of(Schedule(), again=False) == Plan(3, 8, 0.1, 0.3, 4)
    assert plan_of(Schedule(), again=True) == Plan(3, 2, 0.05, 0.3, 4)
