"""Judgements: what a row may say, contradictions along any chain, adding a row."""

from __future__ import annotations

import pytest

from pipeline.errors import KnowledgeError, RecordError
from pipeline.judgements import FILE, add_judgement, load_judgements, read_term

HEADER = "left,right,judgement,who,when,why\n"


def written(folder, *rows):
    (folder / FILE).write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "entity_id", "name", "label"),
    [
        ("Q881", "Q881", "", ""),
        ("Q881#Hà Nội", "Q881", "Hà Nội", ""),
        ("agim-qerimaj-0a1b2c3d#Qerimaj", "agim-qerimaj-0a1b2c3d", "Qerimaj", ""),
        ("Palermo Protocol (DOCUMENT)", "", "Palermo Protocol", "DOCUMENT"),
        ("Ministry of Defence (UK)", "", "Ministry of Defence (UK)", ""),
        ("Operation #5", "", "Operation #5", ""),
    ],
)
def test_a_side_is_an_identifier_a_name_under_it_or_a_name(text, entity_id, name, label):
    term = read_term(text)
    assert (term.entity_id, term.name, term.label) == (entity_id, name, label)


def test_rows_keep_their_numbers_and_empty_rows_are_none(tmp_path):
    folder = written(tmp_path, ",,,,,", "Q1,Q2,Same,an,2025-03-31,one treaty", "", "")
    [row] = load_judgements(folder).rows
    assert (row.row, row.judgement, row.who, row.when) == (3, "same", "an", "2025-03-31")
    assert row.why == "one treaty"


def test_a_folder_without_the_file_has_no_judgements(tmp_path):
    assert load_judgements(tmp_path).rows == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param("Q1,Q2,equal,,,", r"row 2: .*'equal'.*same, different, unsure", id="word"),
        pytest.param("Q1,Q2,same,,31/03/2025,", r"row 2: when is '31/03/2025'", id="date form"),
        pytest.param("Q1,Q2,same,,2025-02-30,", r"row 2: when is '2025-02-30'", id="no such day"),
        pytest.param("Q1,,same,,,", "row 2: right is empty", id="empty side"),
        pytest.param("Q1,Q1,same,,,", "row 2: left and right are both 'Q1'", id="one thing"),
        pytest.param("Huế,HUE,different,,,", "left and right are both 'Huế'", id="one name"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path, row, message):
    with pytest.raises(KnowledgeError, match=message):
        load_judgements(written(tmp_path, row))


def test_a_lost_column_is_an_error(tmp_path):
    (tmp_path / FILE).write_text("left,right,judgement\n", encoding="utf-8")
    with pytest.raises(RecordError, match="Restore the header"):
        load_judgements(tmp_path)


def test_one_pair_judged_both_ways_names_both_rows(tmp_path):
    folder = written(tmp_path, "Q1,Q2,same,,,", "Q3,Q4,same,,,", "Q2,Q1,different,,,")
    with pytest.raises(KnowledgeError, match="rows 2 and 4: row 4 says that 'Q2' and 'Q1'"):
        load_judgements(folder)


def test_a_contradiction_over_a_chain_names_every_row_of_it(tmp_path):
    folder = written(
        tmp_path, "Q1,Q4,different,,,", "Q1,Q2,same,,,", "Q8,Q9,same,,,", "Q2,Q3,same,,,",
        "Q4,Q3,same,,,",
    )  # fmt: skip
    with pytest.raises(KnowledgeError, match=r"rows 2, 3, 5 and 6: .*'Q1' = 'Q2' = 'Q3' = 'Q4'"):
        load_judgements(folder)


def test_names_contradict_each_other_in_any_spelling(tmp_path):
    folder = written(tmp_path, "Q1#Hà Nội,Q2,same,,,", "Q2,Q1#HA NOI,different,,,")
    with pytest.raises(KnowledgeError, match="rows 2 and 3"):
        load_judgements(folder)


def test_unsure_and_twice_the_same_conflict_with_nothing(tmp_path):
    folder = written(
        tmp_path, "Q1,Q2,same,,,", "Q1,Q2,unsure,,,", "Q2,Q1,same,,,", "Q1,Q3,different,,,"
    )
    assert len(load_judgements(folder).rows) == 4


def test_two_different_from_a_third_may_be_one(tmp_path):
    folder = written(tmp_path, "Q1,Q3,different,,,", "Q2,Q3,different,,,", "Q1,Q2,same,,,")
    assert len(load_judgements(folder).rows) == 3


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_adding_a_row_leaves_the_others_as_they_are(tmp_path, ends, mark):
    before = f'{mark}{HEADER.strip()}{ends}"Q1",Q2,same,an,2025-03-31,"so, yes"'
    path = tmp_path / FILE
    path.write_bytes(before.encode("utf-8"))
    row = {"left": "Q3", "right": "=Q4", "judgement": "unsure", "why": "Đặng, or not"}
    assert add_judgement(path, row) == before
    after = path.read_bytes().decode("utf-8")
    assert after == f'{before}{ends}Q3,\'=Q4,unsure,,,"Đặng, or not"{ends}'
    assert load_judgements(tmp_path).rows[1].right.text == "=Q4"


def test_a_first_row_makes_the_file(tmp_path):
    path = tmp_path / "own" / FILE
    add_judgement(path, {"left": "Q3", "right": "Q4", "judgement": "same"})
    assert path.read_bytes().startswith(b"\xef\xbb\xbfleft,right,")
    assert len(load_judgements(tmp_path / "own").rows) == 1
