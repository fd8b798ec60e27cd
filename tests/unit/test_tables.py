"""Tables: round trip, formula cells, order, and files that are whole or absent."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError, RecordError
from pipeline.tables import (
    EDGES,
    REJECTED,
    RELATIONS,
    Table,
    escape_cell,
    read_frame,
    read_table,
    unescape_cell,
    write_beside,
    write_table,
)

PAIRS = Table("pairs", ("key", "value"), ("key",))
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(CELLS)
def test_escaping_a_cell_can_be_undone(cell):
    assert unescape_cell(escape_cell(cell)) == cell


@given(st.dictionaries(CELLS, CELLS, max_size=6))
def test_a_table_reads_back_as_written(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("t") / "pairs.csv"
    write_table(path, [{"key": k, "value": v} for k, v in cells.items()], PAIRS)
    assert {row["key"]: row["value"] for row in read_table(path, PAIRS)} == cells


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "＝1+1"])
def test_no_cell_starts_a_formula(tmp_path, cell):
    write_table(tmp_path / "r.csv", [{"path": cell, "reason": cell}], REJECTED)
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as stream:
        _, row = list(csv.reader(stream))
    assert all(written.startswith("'") for written in row)


def test_the_form_is_utf8_with_mark_and_crlf(tmp_path):
    write_table(tmp_path / "r.csv", [{"path": "Hà Nội, a", "reason": 'say "no"'}], REJECTED)
    assert (tmp_path / "r.csv").read_bytes() == (
        '\ufeffpath,reason\r\n"Hà Nội, a","say ""no"""\r\n'.encode()
    )


def test_an_empty_table_has_its_header(tmp_path):
    write_table(tmp_path / "r.csv", [], RELATIONS)
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig").strip() == ",".join(
        RELATIONS.columns
    )
    assert read_table(tmp_path / "r.csv", RELATIONS) == []


def test_rows_are_sorted_by_key_with_numbers_as_numbers(tmp_path):
    rows = [{"key": key, "value": ""} for key in ("10", "9", "b", "a")]
    write_table(tmp_path / "p.csv", rows, PAIRS)
    assert [row["key"] for row in read_table(tmp_path / "p.csv", PAIRS)] == ["9", "10", "a", "b"]


def test_an_unknown_column_is_an_error(tmp_path):
    with pytest.raises(RecordError, match="columns mood, which pairs lacks"):
        write_table(tmp_path / "p.csv", [{"mood": 1}], PAIRS)


def test_a_changed_header_or_row_is_an_error_that_says_where(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("key,worth\na,b\n", encoding="utf-8")
    with pytest.raises(RecordError, match="row 1: found the columns key, worth"):
        read_table(path, PAIRS)
    path.write_text("key,value\na,b,c\n", encoding="utf-8")
    with pytest.raises(RecordError, match="row 2: found 3 cells, expected 2"):
        read_table(path, PAIRS)
    path.write_bytes(b"key,value\n\xff,b\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_table(path, PAIRS)


def test_an_interrupted_write_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")

    def fail():
        with write_beside(path) as stream:
            stream.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        write_table(tmp_path / "file" / "r.csv", [], REJECTED)


def test_a_frame_has_numbers_where_the_table_has_them(tmp_path):
    row = {"head_id": "a", "tail_id": "b", "relation": "signed", "statements": 2, "documents": 1}
    write_table(tmp_path / "e.csv", [row | {"best_score": "0.900"}], EDGES)
    frame = read_frame(tmp_path / "e.csv", EDGES)
    assert frame["statements"].sum() == 2
    assert frame["best_score"].max() == 0.9
    assert list(frame.columns) == list(EDGES.columns)
    write_table(tmp_path / "e.csv", [], EDGES)
    assert read_frame(tmp_path / "e.csv", EDGES).empty
