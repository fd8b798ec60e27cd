"""Encodings that newsrooms produce, and bytes that are no text."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.cleaning.decode import Unreadable, decode
from pipeline.cleaning.mend import mend_text

TEXT = "Minister Tô Lâm met Phạm Thu Hằng in Đà Nẵng; the ministry’s word was “important”."


def to_cp1258(text: str) -> bytes:
    """Encode with the tones as letters of their own, as Windows-1258 has them."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
        parts.append(base + "".join(m for m in marks if m in tones))
    return "".join(parts).encode("cp1258")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16 with a mark"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="utf-16 big end first"),
        pytest.param(TEXT.encode("utf-16-le"), id="utf-16 without a mark"),
        pytest.param(TEXT.encode("utf-16-be"), id="utf-16 big end first without a mark"),
        pytest.param(TEXT.encode("utf-32"), id="utf-32"),
        pytest.param(to_cp1258(TEXT), id="windows-1258"),
        pytest.param(unicodedata.normalize("NFD", TEXT).encode(), id="decomposed"),
        pytest.param(TEXT.encode().decode("latin_1").encode(), id="mojibake"),
    ],
)
def test_every_encoding_gives_the_same_text(data):
    assert mend_text(decode(data)) == TEXT


def test_windows_1252_is_told_from_windows_1258():
    text = "Il perciò “così” del ministro João; São Paulo — €5, café à Málaga"
    assert decode(text.encode("cp1252")) == text


def test_a_page_names_its_encoding():
    page = "<html><head><meta charset='windows-1251'></head><p>Москва и Hanoi</p>"
    assert decode(page.encode("cp1251"), is_html=True) == page


def test_utf8_with_a_broken_letter_stays_utf8():
    assert decode("Hà Nội và Đà Nẵng".encode() + b"\xe1\xba") == "Hà Nội và Đà Nẵng\ufffd"


def test_line_ends_are_not_translated():
    assert decode(b"a\r\nb\rc") == "a\r\nb\rc"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(bytes(range(256)) * 4, "binary: .* control characters", id="bytes"),
        pytest.param(b"%PDF-1.7 words", "binary: a PDF document", id="pdf"),
        pytest.param(b"words \0 words", "binary: 1 control characters", id="zero byte"),
    ],
)
def test_binary_files_are_named(data, reason):
    with pytest.raises(Unreadable, match=reason):
        decode(data)
