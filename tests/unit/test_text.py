"""Names: normal forms, acronyms, identifiers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import acronyms, entity_key, is_acronym, normalise, slug, strip_marks


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Phạm Thu Hằng", "Pham Thu Hang"),
        ("Đồng Nai", "Dong Nai"),
        ("the Ministry of Labour & Welfare", "Ministry of Labour and Welfare"),
        ("Vietnam’s Law", "Vietnam Law"),
        ("U.S.", "US"),
        ("Viet  Nam\n", "viet nam"),
        ("Côte d'Ivoire", "Cote d’Ivoire"),
    ],
)
def test_forms_of_one_name_are_equal(left, right):
    assert normalise(left) == normalise(right)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ministry of Public Security", "MPS"),
        ("Ministry of Foreign Affairs", "MOFA"),
        ("Ministry of Foreign Affairs", "MFA"),
        ("Global Compact for Migration", "GCM"),
        ("International Organization for Migration", "IOM"),
        ("Vietnam Women's Union", "VWU"),
    ],
)
def test_a_name_gives_its_acronyms(name, short):
    assert short in acronyms(name)


@pytest.mark.parametrize(
    ("text", "yes"),
    [("MPS", True), ("U.S.", True), ("MOLISA/DSEP", True), ("Hanoi", False), ("A", False)],
)
def test_acronyms_are_told_by_their_capitals(text, yes):
    assert is_acronym(text) is yes


def test_an_identifier_is_readable_and_tells_labels_and_scopes_apart():
    key = entity_key("PERSON", "Hoàng Xuân Chiến")
    assert re.fullmatch(r"hoang-xuan-chien-[0-9a-f]{8}", key)
    assert key == entity_key("PERSON", "Hoang Xuan Chien")
    assert key != entity_key("ORG", "Hoang Xuan Chien")
    assert entity_key("ORG", "Court", "a.txt") != entity_key("ORG", "Court", "b.txt")


@given(st.text(max_size=40), st.text(max_size=10))
def test_identifiers_are_safe_in_files_and_spreadsheets(name, scope):
    assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}", entity_key("ORG", name, scope))
    assert not slug(name).startswith("-")


@given(st.text(max_size=40))
def test_normal_forms_are_stable(text):
    assert normalise(normalise(text)) == normalise(text)
    assert strip_marks(strip_marks(text)) == strip_marks(text)
