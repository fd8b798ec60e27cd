"""Agreement between two annotations: what counts as the same."""

from __future__ import annotations

import pytest

from pipeline.agreement import compare, f1, read_pairs, report, total
from pipeline.errors import InputError
from pipeline.markup import read_markup
from pipeline.schema import load_schema

LEFT = (
    "[[Agim Leka|PERSON|a]] met [[Vera Koci|PERSON|v]] in [[Durres|GPE|d]].\n"
    ">> a meets_with v\n"
    "\n"
    "[[Leka|PERSON|a]] left [[Durres|GPE|d]].\n"
)
SAME = (
    LEFT.replace("|a]", "|x1]")
    .replace("|v]", "|x2]")
    .replace(">> a meets_with v", ">> x2 meets_with x1")
)


def agreement(left, right):
    return compare([(read_markup(left), read_markup(right))], load_schema())


def test_other_identifiers_and_the_other_direction_are_the_same():
    found = agreement(LEFT, SAME)
    assert f1(total(found.mentions.values())) == f1(total(found.relations.values())) == 1.0
    assert found.b_cubed() == 1.0


def test_a_label_or_border_of_its_own_is_a_difference():
    found = agreement(LEFT, LEFT.replace("[[Durres|GPE|d]].\n>>", "[[Durres|LOC|e]].\n>>", 1))
    assert found.mentions["GPE"] == {"left": 2, "right": 1, "both": 1}
    assert found.mentions["LOC"] == {"right": 1}


def test_a_cluster_split_in_two_lowers_b_cubed():
    found = agreement(LEFT, LEFT.replace("[[Leka|PERSON|a]]", "[[Leka|PERSON|b]]"))
    assert 0.7 < found.b_cubed() < 1.0


def test_a_status_of_its_own_is_counted_apart():
    found = agreement(LEFT, LEFT.replace("meets_with v", "meets_with v | status=planned"))
    assert f1(total(found.relations.values())) == 1.0
    assert found.statuses == {"both": 1, "same": 0}


def test_the_report_has_a_row_for_each_label_and_relation():
    text = report(agreement(LEFT, SAME), load_schema())
    assert "| PERSON | 3 | 3 | 3 | 1.00 |" in text
    assert "| meets_with | 1 | 1 | 1 | 1.00 |" in text


def test_texts_that_differ_or_are_missing_are_errors(tmp_path):
    for name, text in (("one", "[[A|ORG|a]]\n"), ("two", "[[B|ORG|a]]\n"), ("three", "")):
        (tmp_path / name).mkdir()
        if text:
            (tmp_path / name / "f.ann").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="its text is not that of"):
        read_pairs(tmp_path / "one", tmp_path / "two")
    with pytest.raises(InputError, match=r"no \.ann file of one name"):
        read_pairs(tmp_path / "one", tmp_path / "three")
