"""Put the letters of a text right: mojibake, composed marks, odd spaces, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ftfy import fix_encoding
from ftfy.badness import is_bad

from pipeline.offsets import MappedText

Edit = tuple[int, int, str]

LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# A soft hyphen at a line's end splits a word; elsewhere it is invisible.
SOFT_BREAK = re.compile("\u00ad[ \t]*(?:\r\n|\r|\n)[ \t]*(?=[^\\W\\d_])")
SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
LIGATURE = re.compile("[ﬀ-ﬆ]")
CHARACTERS = re.compile(
    "|".join(p.pattern for p in (SOFT_BREAK, LINE_END, SPACE, INVISIBLE, LIGATURE))
)

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
CHUNK = re.compile(r"[^\n]{1,400}(?=[ \n]|\Z)|[^\n]{1,400}")

# UTF-8 read as Windows-1252: a lead byte of Latin letters or of signs, then its followers.
_FOLLOW = "".join(
    re.escape(bytes([byte]).decode("cp1252", "ignore") or chr(byte)) for byte in range(0x80, 0xC0)
)
UTF8_AS_1252 = re.compile(f"[ÂÃÄÅÆ][{_FOLLOW}]|á[º»][{_FOLLOW}]|â€[{_FOLLOW}]")


def mend(text: MappedText) -> MappedText:
    """Give the text with mended letters; lines end with a line feed."""
    text = text.edit(_mojibake(text.text))
    text = text.edit(_single_letters(text.text))
    text = text.edit(_characters(text.text))
    if not unicodedata.is_normalized("NFC", text.text):
        text = text.edit(_compositions(text.text))
    return text


def mend_text(text: str) -> str:
    """Give what `mend` makes of a text whose source does not matter."""
    return mend(MappedText.of_source(text)).text


def _mojibake(text: str) -> Iterator[Edit]:
    """Let ftfy mend short stretches, so that one odd letter does not spoil a line."""
    if text.isascii():
        return
    for chunk in CHUNK.finditer(text):
        words = chunk.group()
        if not words.isascii() and is_bad(words) and (fixed := fix_encoding(words)) != words:
            yield from _differences(words, fixed, chunk.start())


def _single_letters(text: str) -> Iterator[Edit]:
    """Mend letters beside quotes and dashes, which make ftfy leave the stretch as it is."""
    for found in UTF8_AS_1252.finditer(text):
        if letter := _decoded(found.group()):
            yield found.start(), found.end(), letter


def _decoded(letters: str) -> str:
    """Give the one letter that UTF-8 meant; empty where the bytes mean none."""
    data = b"".join(
        letter.encode("latin_1") if letter <= "\xff" else letter.encode("cp1252")
        for letter in letters
    )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _differences(old: str, new: str, start: int) -> Iterator[Edit]:
    """Give the edits of a mended chunk, through the edit distance of `MappedText.rewrite`."""
    at = start
    for length, origin, width, copied in MappedText.of_source(old).rewrite(new).segments:
        begin = start + origin
        written = "" if copied else new[:length]
        if copied and at < begin:
            yield at, begin, ""
        elif not copied:
            yield begin, begin + width, written
        new, at = new[length:], begin + width
    if at < start + len(old):
        yield at, start + len(old), ""


def _characters(text: str) -> Iterator[Edit]:
    for found in CHARACTERS.finditer(text):
        letters = found.group()
        if letters in LIGATURES:
            new = LIGATURES[letters]
        elif SOFT_BREAK.match(text, found.start()):
            new = ""
        elif LINE_END.match(letters):
            new = "\n"
        else:
            new = " " if SPACE.match(letters) else ""
        yield found.start(), found.end(), new


def _compositions(text: str) -> Iterator[Edit]:
    """Compose each letter with its marks, a group at a time, so that the map stays fine."""
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and _continues(text[at]):
            continue
        group = text[start:at]
        if not group.isascii() and (composed := unicodedata.normalize("NFC", group)) != group:
            yield start, at, composed
        start = at


def _continues(letter: str) -> bool:
    return letter > "\u02ff" and (
        unicodedata.combining(letter) > 0 or "\u1160" <= letter <= "\u11ff"
    )
