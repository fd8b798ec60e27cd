"""`pactgraph check`: each kind of mistake is found, with its line."""

from __future__ import annotations

import pytest

from pipeline.check import check_file, check_gold
from pipeline.markup import read_markup
from pipeline.schema import load_schema

GOOD = "[[Ministry of Labour|ORG|mol]] met [[Ana Krasniqi|PERSON|ana]] on [[Monday|DATE|mon]].\n"


def problems(annotated, raw=None):
    return [
        (p.line, p.severity, p.what)
        for p in sorted(check_gold(read_markup(annotated), load_schema(), "f.ann", raw))
    ]


def test_a_good_text_has_no_problem():
    assert problems(GOOD + ">> mol meets_with ana | date=mon\n== ana | Ana Krasniqi |\n") == []


@pytest.mark.parametrize(
    ("annotated", "line", "severity", "what"),
    [
        pytest.param("[[A|CITY|a]]\n", 1, "error", "unknown label", id="label"),
        pytest.param(GOOD + ">> mol befriends ana\n", 2, "error", "unknown relation", id="kind"),
        pytest.param(GOOD + ">> mol meets_with bob\n", 2, "error", "no name in the text", id="end"),
        pytest.param(GOOD + ">> mol works_for ana\n", 2, "error", "from ORG to PERSON", id="types"),
        pytest.param(GOOD + ">> mol meets_with mol\n", 2, "error", "at both ends", id="loop"),
        pytest.param(
            GOOD + ">> mol meets_with ana\n>> ana meets_with mol\n", 3, "error", "repeats line 2",
            id="symmetric duplicate",
        ),
        pytest.param(
            GOOD + ">> mol meets_with ana | status=maybe\n", 2, "error", "unknown status", id="mood"
        ),
        pytest.param(
            GOOD + ">> mol meets_with ana | date=ana\n", 2, "error", "names PERSON, not a DATE",
            id="qualifier label",
        ),
        pytest.param(
            GOOD + ">> mol meets_with ana | mood=mon\n", 2, "error", "unknown qualifier", id="key"
        ),
        pytest.param("[[he|REF|bob]] came\n", 1, "error", "refers to 'bob'", id="reference"),
        pytest.param("[[A|ORG|a+b]]\n", 1, "error", "several identifiers", id="joined name"),
        pytest.param("[[A|ORG|a]] [[A|GPE|a]]\n", 1, "error", "two labels", id="two labels"),
        pytest.param("[[A |ORG|a]]\n", 1, "error", "with a space", id="space"),
        pytest.param("[[the Senate|ORG|s]]\n", 1, "warning", "article", id="article"),
        pytest.param("[[Senate,|ORG|s]]\n", 1, "warning", "punctuation", id="comma"),
        pytest.param("[[Senate's|ORG|s]]\n", 1, "warning", "possessive", id="possessive"),
        pytest.param(GOOD + "== bob | Bob |\n", 2, "error", "no name in the text", id="name"),
        pytest.param(GOOD + "== ana | A |\n== ana | B |\n", 3, "error", "named in line 2", id="2"),
        pytest.param(GOOD + "== ana | A | 42\n", 2, "error", "no Wikidata", id="wikidata"),
    ],
)  # fmt: skip
def test_each_mistake_is_found_in_its_line(annotated, line, severity, what):
    assert [(n, s) for n, s, w in problems(annotated) if what in w] == [(line, severity)]


@pytest.mark.parametrize("name", ["Sen. Lt. Gen.", "U.S.", "Acme Co.", "5 p.m."])
def test_a_full_stop_of_an_abbreviation_is_no_trailing_punctuation(name):
    assert problems(f"[[{name}|ORG|a]]\n") == []


def test_a_text_that_differs_from_its_original_is_an_error():
    [(line, severity, what)] = problems(
        GOOD, raw=GOOD.replace("[[", "").replace("Monday", "Friday")
    )
    assert (line, severity) == (1, "error")
    assert "differs from its original at character" in what


def test_a_file_that_cannot_be_read_is_a_problem_with_its_line(tmp_path):
    path = tmp_path / "a.ann"
    path.write_text("fine\n[[A|ORG\n", encoding="utf-8")
    [problem] = check_file(path, load_schema())
    assert (problem.line, problem.severity) == (2, "error")
    path.write_bytes(b"\xff\xfe\xfa")
    assert "UTF-8" in check_file(path, load_schema())[0].what


def test_the_original_beside_the_file_is_compared(tmp_path):
    (tmp_path / "a.ann").write_text("[[A|ORG|a]] came\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("A went\n", encoding="utf-8")
    assert "differs" in check_file(tmp_path / "a.ann", load_schema())[0].what
