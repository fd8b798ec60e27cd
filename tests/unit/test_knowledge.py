"""The knowledge files that are special to some countries, and what they refuse."""

from __future__ import annotations

import pytest

from pipeline.errors import KnowledgeError
from pipeline.knowledge import load_knowledge
from tests.unit.test_settings import write_knowledge

PROVINCES = "name,aliases,valid_from,valid_until,successor,former,wikidata\n"
REORGANISATIONS = "name,country,valid_until,successor,note,source\n"


def a_folder(tmp_path, **files):
    folder = write_knowledge(tmp_path / "k")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_own_files_know_successors_and_ambiguous_governments():
    knowledge = load_knowledge()
    [row] = knowledge.successions["Q36874"]
    assert (row.successor.name, row.until) == ("Ho Chi Minh City", "2025-06-30")
    assert {"BZ", "BR", "BO"} <= set(knowledge.ambiguous["GOB"])
    assert all(s.until for rows in knowledge.successions.values() for s in rows)


def test_a_province_that_keeps_its_name_has_no_successor():
    assert "Q33408" not in load_knowledge().successions  # Bac Ninh, larger since July 2025


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param(
            {"governments_ambiguous": "abbreviation,countries\nGOZ,ZZ | VN\n"},
            "row 2: ZZ is no ISO 3166",
            id="country",
        ),
        pytest.param(
            {"provinces_vietnam": PROVINCES + "Old,,,2025-06-30,New,,\n"},
            "row 2: the successor 'New' has no row",
            id="successor",
        ),
        pytest.param(
            {"reorganisations": REORGANISATIONS + "Ministry of Tides,MT,2020-01-01,Nobody,,\n"},
            "names no single ORG",
            id="body",
        ),
        pytest.param(
            {"cable_names": "form,name,label\nDesk,Desk of Nobody,ORG\n"},
            "row 2: 'Desk of Nobody' names no single ORG",
            id="cable name",
        ),
    ],
)
def test_a_wrong_row_is_refused(tmp_path, files, message):
    with pytest.raises(KnowledgeError, match=message):
        load_knowledge(a_folder(tmp_path, **files))
