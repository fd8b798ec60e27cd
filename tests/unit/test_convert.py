"""Other tools' forms: what goes out comes back the same, and what they add comes in."""

from __future__ import annotations

import json

import pytest

from pipeline.convert import (
    from_brat,
    from_json,
    from_label_studio,
    to_brat,
    to_json,
    to_label_studio,
)
from pipeline.errors import MarkupError
from pipeline.markup import GoldText, read_markup, write_markup
from tests.conftest import ROOT

ANNOTATED = (
    "[[Minister|ROLE|r]] [[Agim Hoxhaj|PERSON|ah]] met [[Vera Koci|PERSON|vk]].\n"
    ">> ah has_role r\n"
    ">> ah meets_with vk | date=d | status=planned\n"
    "\n"
    "\n"
    "[[Both|REF|ah+vk]] came on [[1 May|DATE|d]] to [[Tirana|GPE|t]].\n"
    ">> ah works_for t | status=former\n"
    "== ah | Agim Hoxhaj |\n"
    "== t | Tirana | Q19689\n"
)


def through_brat(gold: GoldText) -> GoldText:
    return from_brat(*to_brat(gold))


def through_json(gold: GoldText) -> GoldText:
    return from_json(json.loads(json.dumps(to_json(gold))))


def through_label_studio(gold: GoldText) -> GoldText:
    return from_label_studio(json.loads(json.dumps(to_label_studio(gold))))


WAYS = [through_brat, through_json, through_label_studio]


@pytest.mark.parametrize("through", WAYS)
def test_out_and_back_is_the_same(through):
    assert write_markup(through(read_markup(ANNOTATED))) == ANNOTATED


@pytest.mark.parametrize("through", WAYS)
def test_every_gold_text_goes_out_and_back(through):
    paths = sorted((ROOT / "seeds" / "gold").rglob("*.ann"))[::9]
    for path in paths:
        gold = read_markup(path.read_text(encoding="utf-8"))
        back = through(gold)
        assert write_markup(back) == write_markup(gold), path.name


def test_spans_and_relations_made_in_brat_come_in():
    text = "Agim met Vera.\n"
    standoff = "T1\tPERSON 0 4\tAgim\nT2\tPERSON 9 13\tVera\nR1\tmeets_with Arg1:T1 Arg2:T2\t\n"
    gold = from_brat(text, standoff)
    assert [(m.text, m.ids) for m in gold.mentions] == [("Agim", ("t1",)), ("Vera", ("t2",))]
    assert [(r.head, r.relation, r.tail, r.status) for r in gold.relations] == [
        ("t1", "meets_with", "t2", "actual")
    ]


def test_rows_made_in_prodigy_come_in():
    row = {
        "text": "Agim met Vera.\n",
        "spans": [
            {"start": 0, "end": 4, "label": "PERSON"},
            {"start": 9, "end": 13, "label": "PERSON"},
        ],
        "relations": [{"head": 0, "child": 1, "label": "meets_with"}],
    }
    assert ">> t1 meets_with t2" in write_markup(from_json(row))


@pytest.mark.parametrize(
    ("read", "content", "message"),
    [
        (lambda c: from_brat("A\n", c), "Q1\tnonsense", "line 1: .* neither a span"),
        (lambda c: from_brat("A\n", c), "R1\tsigned Arg1:T1 Arg2:T2\t", "is no span"),
        (from_json, {"spans": []}, "text"),
        (from_label_studio, {"data": {}}, "text"),
    ],
)
def test_what_cannot_be_read_is_said(read, content, message):
    with pytest.raises(MarkupError, match=message):
        read(content)


@pytest.mark.parametrize("form", ["brat", "jsonl", "label-studio"])
def test_files_go_out_and_come_back(tmp_path, form):
    from pipeline.convert_files import convert_back, convert_to

    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.ann").write_text(ANNOTATED, encoding="utf-8")
    assert convert_to([tmp_path / "in"], tmp_path / "out", form) == 2
    assert convert_back([tmp_path / "out"], tmp_path / "back", form) == 2
    assert (tmp_path / "back" / "b.ann").read_text(encoding="utf-8") == ANNOTATED


def test_an_unknown_form_is_said(tmp_path):
    from pipeline.convert_files import convert_to
    from pipeline.errors import ConfigError

    with pytest.raises(ConfigError, match="form 'conll': expected brat"):
        convert_to([tmp_path], tmp_path / "out", "conll")
