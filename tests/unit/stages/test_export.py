"""Stage `export`: edges and their counts."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.records import Document, Statement
from pipeline.report import write_report
from pipeline.stages.export import Params, edge_rows, make_tables


def a_document(doc_id, duplicate_of=""):
    return Document(doc_id, "", "", "", "2022-01-01", "en", 1, duplicate_of, "x", (), {})


def a_statement(doc_id="a", head="x", tail="y", status="actual", date="", symmetric=False, **more):
    values = {
        "relation_id": f"{doc_id}{head}{tail}{date}", "head_id": head, "head": head.upper(),
        "relation": "meets_with" if symmetric else "urges", "tail_id": tail, "tail": tail.upper(),
        "status": status, "date": date, "document": "", "rating": "", "amount": "", "score": 0.5,
        "source": "rule", "doc_id": doc_id, "start": 0, "end": 1, "evidence": "e",
        "published": "2022-01-01", "symmetric": symmetric,
    }  # fmt: skip
    return Statement(**(values | more))


def test_an_edge_sums_its_statements_up():
    rows = edge_rows(
        [a_document("a"), a_document("b")],
        [a_statement("a", date="2018-11"), a_statement("b", date="2019/2021", score=0.9)],
        ["actual"],
    )
    [row] = rows
    assert (row["statements"], row["documents"]) == (2, 2)
    assert (row["first_date"], row["last_date"], row["best_score"]) == ("2018-11", "2021", "0.900")


def test_two_posts_of_one_person_are_two_edges_with_their_dates():
    posts = [
        a_statement("a", tail="deputy", date="2022", relation="has_role"),
        a_statement("b", tail="minister", date="2025-02", relation="has_role"),
    ]
    rows = edge_rows([a_document("a"), a_document("b")], posts, ["actual"])
    dated = {row["tail_id"]: (row["first_date"], row["last_date"]) for row in rows}
    assert dated == {"deputy": ("2022", "2022"), "minister": ("2025-02", "2025-02")}


def test_what_no_text_dates_is_seen_when_it_was_published():
    said = [a_statement("a"), a_statement("b", published="2024-06-01")]
    [row] = edge_rows([a_document("a"), a_document("b")], said, ["actual"])
    assert (row["first_date"], row["last_date"]) == ("", "")
    assert (row["first_seen"], row["last_seen"]) == ("2022-01-01", "2024-06-01")


def test_only_wanted_statuses_become_edges():
    planned = [a_statement(status="planned")]
    assert edge_rows([a_document("a")], planned, ["actual"]) == []
    assert len(edge_rows([a_document("a")], planned, ["actual", "planned"])) == 1


def test_a_symmetric_relation_is_one_edge_either_way_round():
    pair = [a_statement(symmetric=True), a_statement(head="y", tail="x", symmetric=True)]
    [row] = edge_rows([a_document("a")], pair, ["actual"])
    assert (row["head_id"], row["head"], row["tail_id"]) == ("x", "X", "y")


def test_a_copy_adds_nothing_to_what_its_original_says():
    documents = [a_document("a"), a_document("b", duplicate_of="a")]
    [row] = edge_rows(documents, [a_statement("a"), a_statement("b")], ["actual"])
    assert (row["statements"], row["documents"]) == (1, 1)
    [row] = edge_rows(documents, [a_statement("b")], ["actual"])
    assert (row["statements"], row["documents"]) == (1, 1)


def test_ratings_come_in_the_order_of_their_dates():
    rated = [
        a_statement(date="2022", rating="Tier 3"),
        a_statement(date="2019", rating="Tier 2"),
    ]
    assert edge_rows([a_document("a")], rated, ["actual"])[0]["rating"] == "Tier 2 | Tier 3"


def test_a_relation_row_has_who_says_so_and_the_reference_in_its_order():
    said = a_statement(attributed_to="Agim Qerimaj", reference="the two sides")
    [row] = make_tables([], [], [], [said], [], Params(["actual"], 100)).relations
    assert list(row)[5:9] == ["tail", "reference", "status", "attributed_to"]
    assert (row["reference"], row["attributed_to"]) == ("the two sides", "Agim Qerimaj")


def test_what_somebody_says_is_an_edge_like_the_texts_own():
    rows = edge_rows([a_document("a")], [a_statement(attributed_to="Z")], ["actual"])
    assert len(rows) == 1


def test_the_report_shows_who_says_so_and_through_what_an_end_was_read(tmp_path):
    said = a_statement(attributed_to="Agim <b>", reference="the two sides")
    tables = make_tables([a_document("a")], [], [], [said], [], Params(["actual"], 100))
    write_report(tmp_path / "report.html", tables, 100)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Agim &lt;b&gt;" in page
    assert "the two sides" in page


def test_an_unknown_status_is_an_error():
    with pytest.raises(ConfigError, match="graph_statuses: rumoured is not one of"):
        make_tables([], [], [], [], [], Params(["rumoured"], 100))
