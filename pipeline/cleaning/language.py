"""Tell the language of a text; names of other countries do not count."""

from __future__ import annotations

import re
import unicodedata

import py3langid
from babel import Locale, UnknownLocaleError

from pipeline.cleaning.patterns import word_set

STRETCH = 1500  # characters of each sample
SAMPLES = 3
SHORT = 20  # words, below which a guess is worth little
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Share of such words from which a text is English; other languages have few of them.
COMMON = word_set(
    "the of and to in a is that for it was on with as by at from this are be were has have "
    "had which not or an their its they who will would said but been after about into also "
    "he she"
)
COMMON_SHARE = 0.18


def find_language(text: str, expected: str) -> str:
    """Give the ISO 639-1 code of a text's language; where it is unsure, the expected one."""
    sample = _sample(text)
    words = WORD.findall(sample)
    if not words:
        return expected
    found = str(py3langid.classify(sample)[0])
    if found == expected:
        return found
    plain = [word for word in words if not _is_name(word)]
    if expected == "en":
        common = sum(word.lower() in COMMON for word in words)
        share = common / len(words)
        if share >= COMMON_SHARE or (common >= 5 and common >= 2 * COMMON_SHARE * len(plain)):
            return expected
        if len(words) < SHORT and sample.isascii() and (share > 0 or len(plain) < 5):
            return expected
    if len(plain) >= 5 and len(plain) >= 0.25 * len(words):
        again = str(py3langid.classify(" ".join(plain))[0])
        if again == expected:
            return expected
    if len(words) < SHORT and _is_latin(sample) and len(plain) < 4:
        return expected
    return found


def language_name(code: str) -> str:
    """Give the English name of a language, or its code."""
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def _sample(text: str) -> str:
    """Take stretches from the beginning, the middle and the end."""
    if len(text) <= STRETCH * SAMPLES:
        return text
    step = (len(text) - STRETCH) // (SAMPLES - 1)
    return "\n".join(text[at : at + STRETCH] for at in range(0, len(text) - STRETCH + 1, step))


def _is_name(word: str) -> bool:
    return not word.isascii() or (word[0].isupper() and word.lower() not in COMMON)


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return latin >= 0.9 * max(1, len(letters))
