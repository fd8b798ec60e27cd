"""Letters that come in a bad shape."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cleaning.mend import mend, mend_text
from pipeline.offsets import MappedText


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(
            "HÃ\xa0 Ná»™i said “no” in the report", "Hà Nội said “no” in the report", id="mojibake"
        ),
        pytest.param("It’s “fine”", "It’s “fine”", id="curly quotes stay"),
        pytest.param("Ha\u0300 No\u0323\u0302i", "Hà Nội", id="composed"),
        pytest.param("a\u00a0b\u200bc\u00add", "a bcd", id="spaces and invisible"),
        pytest.param("gov\u00ad\r\nernment", "government", id="soft hyphen at a line end"),
        pytest.param("a\r\nb\rc\u2028d", "a\nb\nc\nd", id="line ends"),
        pytest.param("traﬃcking", "trafficking", id="ligature"),
    ],
)
def test_letters_are_mended(found, expected):
    assert mend_text(found) == expected


@given(st.text(max_size=60))
def test_mended_text_is_composed_and_mapped(source):
    text = mend(MappedText.of_source(source))
    assert unicodedata.is_normalized("NFC", text.text)
    assert sum(segment[0] for segment in text.segments) == len(text.text)
    for length, origin, width, copied in text.segments:
        assert 0 <= origin <= origin + width <= len(source)
        assert not copied or length == width
