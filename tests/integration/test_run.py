"""From raw texts to tables and graph: the same bytes each time, nothing lost, nothing invented."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pytest

from pipeline.cleaning.decode import decode
from pipeline.errors import InputError
from pipeline.recognizing import windows
from pipeline.run import run_all
from pipeline.stages import clean, export, recognize, relate, resolve
from tests.conftest import ARTICLES, REAL


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(few, tmp_path_factory):
    out = tmp_path_factory.mktemp("first")
    run_all([few], out)
    return out


def test_a_second_run_gives_the_same_bytes(few, first, tmp_path):
    run_all([few], tmp_path)
    assert digests(tmp_path) == digests(first)


def test_stages_one_by_one_give_the_same_tables_as_one_run(few, first, tmp_path):
    clean.main(few, tmp_path / "clean")
    recognize.main(tmp_path / "clean", tmp_path / "recognize")
    relate.main(tmp_path / "clean", tmp_path / "recognize", tmp_path / "relate")
    resolve.main(
        tmp_path / "clean", tmp_path / "recognize", tmp_path / "relate", tmp_path / "resolve"
    )
    export.main(tmp_path / "clean", tmp_path / "resolve", tmp_path / "export")
    assert digests(tmp_path / "export" / "tables") == digests(first / "tables")
    assert digests(tmp_path / "export" / "graph") == digests(first / "graph")


def test_another_document_leaves_rows_and_identifiers_as_they_were(few, first, tmp_path):
    for path in few.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "a new one.txt").write_text(
        "Tirana signs with Skopje\n\nThe Ministry of Interior of Albania signed an agreement on "
        "border checks with North Macedonia on 3 May 2021, Minister Luan Hoxhaj said.\n",
        encoding="utf-8",
    )
    run_all([tmp_path], tmp_path / "out")
    for table in ("documents", "mentions", "relations"):
        before, after = rows(first, table), rows(tmp_path / "out", table)
        assert before == [row for row in after if row["doc_id"] != "a new one.txt"], table
        assert len(after) > len(before)
    ids = {row["entity_id"] for row in rows(tmp_path / "out", "entities")}
    assert {row["entity_id"] for row in rows(first, "entities")} <= ids


def bare(text: str) -> str:
    """Take away what cleaning may fold: white space, soft hyphens, hyphens at line ends."""
    return re.sub(r"\s+", "", re.sub(r"-[ \t]*\r?\n\s*|\u00ad", "", text)).replace("-", "")


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(ARTICLES, id="seeds"),
        pytest.param(
            REAL,
            id="real documents",
            marks=pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not here"),
        ),
    ],
)
def test_every_span_of_every_table_is_in_its_source(folder, tmp_path):
    import html
    import unicodedata

    run_all([folder], tmp_path)
    checked = 0
    for table, column in (("mentions", "text"), ("relations", "evidence")):
        for row in rows(tmp_path, table):
            path = folder / row["doc_id"]
            if not path.exists():
                [path] = [
                    p for p in folder.iterdir()
                    if unicodedata.normalize("NFC", p.name) == row["doc_id"]
                ]  # fmt: skip
            source = decode(path.read_bytes(), path.suffix == ".html")
            piece = source[int(row["start"]) : int(row["end"])]
            if path.suffix == ".html":
                piece = html.unescape(re.sub(r"<[^>]*>", "", piece))
            if path.suffix == ".md":
                piece = re.sub(r"\]\([^)]*\)|[*_\[\]`#>]", "", piece)
            text = row[column].removeprefix("'") if column == "evidence" else row[column]
            assert bare(unicodedata.normalize("NFC", piece)) == bare(text), row
            checked += 1
    assert checked > 200


def test_formula_and_script_stay_text(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "odd.txt").write_text(
        '=HYPERLINK("http://x.example","Ministry of Justice") stood in the cell that the '
        "Ministry of Justice of Albania sent to Kosovo, officials said.\n\n"
        "<script>alert('Albania')</script> was what the Ministry of Justice of Albania read on "
        "3 May 2021 & said so to Kosovo.\n",
        encoding="utf-8",
    )
    run_all([tmp_path / "in"], tmp_path / "out")
    assert rows(tmp_path / "out", "documents")[0]["doc_id"] == "odd.txt"
    for path in (tmp_path / "out" / "tables").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                assert not [cell for cell in row if re.match(r"[=+\-@\t\r]", cell)], path
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in report


def test_the_report_loads_nothing_from_outside(first):
    report = (first / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)\s*=|@import|url\(|https?://""", report)


def test_the_graph_is_what_the_edges_say(first):
    edges = rows(first, "edges")
    graph = nx.read_graphml(first / "graph" / "graph.graphml", force_multigraph=True)
    assert graph.number_of_edges() == len(edges) > 0
    with (first / "graph" / "graph.json").open(encoding="utf-8") as stream:
        assert len(json.load(stream)["edges"]) == len(edges)
    assert "lastmodifieddate" not in (first / "graph" / "graph.gexf").read_text(encoding="utf-8")
    ET.parse(first / "graph" / "graph.gexf")


def test_what_is_reported_names_its_speaker(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(
        "Tirana signs with Skopje\n\nThe Ministry of Interior of Albania signed an agreement on "
        "border checks with North Macedonia on 3 May 2021, Minister Luan Hoxhaj said.\n",
        encoding="utf-8",
    )
    run_all([tmp_path / "in"], tmp_path / "out")
    speakers = {
        row["relation"]: row["attributed_to"] for row in rows(tmp_path / "out", "relations")
    }
    assert speakers["signed"] == "Luan Hoxhaj"
    assert speakers["has_role"] == ""


def test_plans_and_denials_are_no_edges(first):
    actual = {
        frozenset((row["head_id"], row["tail_id"])) | {row["relation"]}
        for row in rows(first, "relations")
        if row["status"] == "actual"
    }
    for row in rows(first, "edges"):
        assert frozenset((row["head_id"], row["tail_id"])) | {row["relation"]} in actual


def test_every_identifier_of_a_row_is_an_entity(first):
    ids = {row["entity_id"] for row in rows(first, "entities")}
    for row in rows(first, "relations"):
        assert {row["head_id"], row["tail_id"]} <= ids
    for row in rows(first, "mentions"):
        assert set(row["entity_id"].split("+")) <= ids


def test_a_file_name_with_spaces_and_marks_is_kept(tmp_path):
    (tmp_path / "in" / "Tin tức").mkdir(parents=True)
    (tmp_path / "in" / "Tin tức" / "Hà Nội – bản 1.txt").write_text(
        "The Ministry of Justice of Albania met the Ministry of Justice of Kosovo in Tirana.\n",
        encoding="utf-8",
    )
    run_all([tmp_path / "in"], tmp_path / "out")
    assert [row["doc_id"] for row in rows(tmp_path / "out", "documents")] == [
        "Tin tức/Hà Nội – bản 1.txt"
    ]


def test_bad_files_are_listed_and_the_rest_goes_on(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "viet.txt").write_text(
        "Bộ Công an Việt Nam và Bộ Nội vụ Campuchia đã ký kết biên bản ghi nhớ về phòng, chống "
        "mua bán người tại Hà Nội trong chuyến thăm chính thức của đoàn đại biểu cấp cao.\n",
        encoding="utf-8",
    )
    (folder / "table.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "good.txt").write_text(
        "Albania signed an agreement with Kosovo on border checks, the ministry said.\n",
        encoding="utf-8",
    )
    run_all([folder], tmp_path / "out")
    assert [row["doc_id"] for row in rows(tmp_path / "out", "documents")] == ["good.txt"]
    reasons = {row["path"]: row["reason"] for row in rows(tmp_path / "out", "rejected")}
    assert sorted(reasons) == ["binary.txt", "empty.txt", "table.xlsx", "viet.txt"]
    assert "Vietnamese" in reasons["viet.txt"]
    assert "empty" in reasons["empty.txt"]
    assert "binary" in reasons["binary.txt"]


def test_a_folder_of_nothing_but_bad_files_gives_tables_with_headers(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.txt").write_text(" \n", encoding="utf-8")
    run_all([tmp_path / "in"], tmp_path / "out")
    assert rows(tmp_path / "out", "relations") == []
    assert len(rows(tmp_path / "out", "rejected")) == 1


def test_an_output_folder_that_cannot_be_written_is_said_before_the_work(few, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        run_all([few], tmp_path / "file" / "out")


def test_an_interrupted_run_leaves_no_half_written_table(few, tmp_path, monkeypatch):
    run_all([few], tmp_path)
    before = digests(tmp_path)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(export, "_relation_row", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_all([few], tmp_path)
    assert digests(tmp_path) == before


def test_a_long_text_is_cleaned_whole(tmp_path):
    sentence = "The Ministry of Justice of Albania wrote to Kosovo about case {} in May 2021. "
    paragraphs = ("".join(sentence.format(n * 7 + i) for i in range(7)) for n in range(9_500))
    text = "\n\n".join(paragraphs)
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    assert len(text) > 5_000_000
    params = clean.Params(10_000_000, 5, "en", 5, 0.8)
    [document] = clean.read_documents([tmp_path], params).documents
    assert bare(document.text) == bare(text)
    cut = windows(document.text, 20_000)
    assert "".join(piece for piece, _ in cut) == document.text
    assert max(len(piece) for piece, _ in cut) < 25_000


def test_a_text_over_the_limit_is_listed(tmp_path):
    (tmp_path / "long.txt").write_text("Albania wrote to Kosovo. " * 400, encoding="utf-8")
    params = clean.Params(5_000, 5, "en", 5, 0.8)
    cleaned = clean.read_documents([tmp_path], params)
    assert cleaned.documents == []
    assert "5,000" in cleaned.rejected[0].reason
