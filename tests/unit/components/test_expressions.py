"""What pointing expressions say of what they point at."""

from __future__ import annotations

import pytest

from pipeline.components.expressions import read_expression
from pipeline.components.reference_rules import load_reference_rules
from pipeline.knowledge import load_knowledge


@pytest.mark.parametrize(
    ("words", "kind", "number", "label"),
    [
        pytest.param("the two ministries", "set", 2, "ORG", id="counted plural"),
        pytest.param("Both governments", "set", 2, "GPE", id="both"),
        pytest.param("the ministry", "noun", 1, "ORG", id="singular"),
        pytest.param("the six heads of delegation", "set", 6, "PERSON", id="head before of"),
        pytest.param("Article 4", "noun", 1, "DOCUMENT", id="a number behind is a name"),
        pytest.param("the Albanian side", "side", 1, "GPE", id="side"),
        pytest.param("the Danes", "side", 1, "GPE", id="people"),
        pytest.param("she", "person", 1, "PERSON", id="pronoun"),
        pytest.param("the latter", "latter", 1, "ORG", id="ordinal"),
        pytest.param("the two of them", "set", 2, "GPE", id="no noun"),
        pytest.param("each country", "set", -1, "GPE", id="each"),
        pytest.param("the latter two", "set", 2, "ORG", id="counted ordinal"),
        pytest.param("first six", "set", 6, "GPE", id="counted from the front"),
        pytest.param("the deputy minister", "post", 1, "PERSON", id="post"),
    ],
)
def test_number_kind_and_labels_are_read(words, kind, number, label):
    found = read_expression(words, 0, len(words), load_reference_rules(), load_knowledge())
    assert (found.kind, found.number) == (kind, number)
    assert label in found.labels


def test_an_owner_is_told_from_what_is_owned():
    rules, knowledge = load_reference_rules(), load_knowledge()
    found = read_expression("his ministry", 0, 12, rules, knowledge)
    assert (found.owner, found.head) == ("person", "ministry")
