"""Hyphens at line ends."""

from __future__ import annotations

import pytest

from pipeline.cleaning.hyphens import Hyphens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("the USG-\nfunded work", "USG-funded", id="capitals"),
        pytest.param("the gov-\nernment", "government", id="a word"),
        pytest.param("the awareness-\nraising", "awareness-raising", id="two words"),
        pytest.param("antitrafficking and anti-\ntrafficking", "antitrafficking", id="elsewhere"),
        pytest.param("co-operation and co-\noperation", "co-operation", id="hyphen elsewhere"),
        pytest.param("South-\nEast", "South-East", id="names"),
        pytest.param("pre-\nand post-war", None, id="suspended"),
        pytest.param("he said -\nand left", None, id="dash"),
    ],
)
def test_hyphens(text, expected):
    end = text.index("\n")
    hyphens = Hyphens(text)
    joined = hyphens.joins(end, end + 1)
    assert joined == (expected is not None)
    if expected:
        assert (text[: hyphens.cut(end, end + 1)] + text[end + 1 :]).find(expected) >= 0
