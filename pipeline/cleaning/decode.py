"""From the bytes of a file to its text: the encoding is found, never guessed from the locale."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from charset_normalizer import from_bytes

# The longer mark first: that of UTF-32 begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x1f\x8b", "a gzip archive"),
)
CODE_PAGES = ["cp1252", "cp1250", "cp1251", "cp1258", "latin_1"]
SAMPLE = 200_000  # bytes that are enough to tell code pages apart
CONTROL_SHARE = 0.005  # of characters, above which a file is binary
BROKEN_SHARE = 0.05  # of letters beyond ASCII that may be broken in UTF-8

CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
VOWEL_MARK = re.compile("(?<=[aeiouyăâêôơưAEIOUYĂÂÊÔƠƯ])[\u0300\u0301\u0303\u0309\u0323]")
TONE_MARK = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
HORNED = re.compile("[ƠơƯưĐđ]")
ODD_IN_WORD = re.compile(r"[a-zß-ÿ][¡-¿×÷ƒˆ˜‰†‡À-ÖØ-Þ]+[a-zß-ÿ]|[À-ÿ]{4}")


class Unreadable(Exception):
    """The bytes are no text; the message is the reason that users see."""


def decode(data: bytes, is_html: bool = False) -> str:
    """Give the text of a file, without its byte-order mark; line ends stay as they are.

    Raises:
        Unreadable: the file is binary.
    """
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"binary: {kind}, expected text")
    text = _decode(data, is_html)
    controls = len(CONTROLS.findall(text))
    if "\0" in text or controls > max(2, CONTROL_SHARE * len(text)):
        raise Unreadable(f"binary: {controls:,} control characters, expected text")
    return text


def _decode(data: bytes, is_html: bool) -> str:
    for mark, name in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace")
    if name := _wide(data):
        return data.decode(name, errors="replace")
    if text := _strict(data, "utf-8"):
        return text
    if is_html and (found := CHARSET.search(data[:4096])):
        text = _declared(data, found.group(1).decode("ascii", "replace"))
        if text is not None:
            return text
    return _nearly_utf8(data) or _code_page(data)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _wide(data: bytes) -> str:
    """Tell UTF-16 without a mark by the zero bytes of its Latin letters."""
    sample = data[: SAMPLE // 2 * 2]
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if len(data) % 2 == 0 and odd > 0.3 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if len(data) % 2 == 0 and even > 0.3 and odd < 0.05 else ""


def _declared(data: bytes, name: str) -> str | None:
    """Decode as a page says, unless it says UTF-8 (which was tried) or names no text codec."""
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return None
    if name in {"iso8859-1", "ascii"}:  # browsers read both as Windows-1252
        name = "cp1252"
    if name.startswith("utf") or name == "cp1252":
        return None
    try:
        return _strict(data, name)
    except (ValueError, AttributeError):  # codecs that are not for text
        return None


def _nearly_utf8(data: bytes) -> str | None:
    """Read UTF-8 with some broken letters, such as a file cut off within one."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond = sum(count for letter, count in Counter(text).items() if letter > "\x7f")
    return text if broken <= max(BROKEN_SHARE * beyond, 1) and beyond - broken >= 2 else None


def _code_page(data: bytes) -> str:
    vietnamese = _strict(data, "cp1258")
    if vietnamese and _reads_as_vietnamese(vietnamese):
        return vietnamese
    western = _strict(data, "cp1252")
    if western is not None and not ODD_IN_WORD.search(western):
        return western
    best = from_bytes(data[:SAMPLE], cp_isolation=CODE_PAGES).best()
    text = _strict(data, best.encoding) if best else None
    return text or western or data.decode("latin_1")


def _reads_as_vietnamese(text: str) -> bool:
    marks, fitting = len(TONE_MARK.findall(text)), len(VOWEL_MARK.findall(text))
    horned = len(HORNED.findall(text))
    return fitting >= 1 and fitting >= 0.9 * marks and fitting + horned >= 2
