"""Passages in which names and references are marked, and nothing else."""

from __future__ import annotations

import pytest

from pipeline.errors import RecordError
from pipeline.schema import load_schema
from pipeline.training.marked import read_marked

ONE = "[[Agim Leka|PERSON|a]] left.\n\n[[He|REF|a]] sang.\n"
TWO = "[[Vera Koci|PERSON|v]] said that [[she|REF|v]] would stay.\n"


def read(tmp_path, content):
    (tmp_path / "a.txt").write_text(content, encoding="utf-8")
    return read_marked(tmp_path, load_schema())


def test_passages_stand_apart_by_hyphens(tmp_path):
    first, second = read(tmp_path, f"{ONE}---\n{TWO}---\n")
    assert first.gold.text == "Agim Leka left.\n\nHe sang.\n"
    assert [m.ids for m in second.gold.mentions] == [("v",), ("v",)]
    assert {first.part, second.part} == {"train"}
    assert (first.doc_id, second.doc_id) == ("a:1", "a:5")


def test_hyphens_within_a_line_part_nothing(tmp_path):
    [passage] = read(tmp_path, "[[Vera Koci|PERSON|v]] --- [[she|REF|v]] --- left.\n")
    assert " --- she --- " in passage.gold.text


def test_a_passage_may_state_relations(tmp_path):
    first, second = read(
        tmp_path, f"{ONE}---\n[[Oslo|GPE|o]] is in [[Norway|GPE|n]].\n>> o located_in n\n"
    )
    assert not first.gold.relations
    assert [r.relation for r in second.gold.relations] == ["located_in"]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        pytest.param("[[He|REF|b]] sang.", r"a\.txt, line 5: .*which no name", id="no such name"),
        pytest.param("[[Oslo|CITY|o]]", r"line 5: unknown label .*Use one of", id="label"),
        pytest.param("[[Oslo|GPE|o", r"passage in line 5, line 1.*first", id="open mark"),
        pytest.param("Nobody left.", r"line 5: it has no mark.*Mark its names", id="no mark"),
        pytest.param(
            "[[Oslo|GPE|o]] agreed.\n>> o urges", "line 5, line 2.*first", id="half a line"
        ),
        pytest.param(
            "[[Oslo|GPE|o]] agreed.\n== o | Norway | Q20",
            r"line 5: it has a line that begins with ==",
            id="canonical name",
        ),
    ],
)
def test_an_error_says_where_and_how_to_mend_it(tmp_path, second, message):
    with pytest.raises(RecordError, match=message):
        read(tmp_path, f"{ONE}---\n{second}\n")
