"""Names as people write them: normal forms, words, acronyms and readable identifiers."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import yaml

# Letters that Unicode does not decompose into a base letter and a mark.
LETTERS = str.maketrans(
    dict(zip("đĐðÐłŁøØıİ’‘–—ʼ`", "dDdDlLoOiI''--''", strict=True))
    | {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)
# `co-operation` is two words once its hyphen is gone.
JOINED = re.compile(r"\bco (?=op|ord)")
OUR = re.compile(
    r"^(.*(?:lab|col|hon|harb|neighb|fav|behavi|endeav|arm|rum|vig|sav))our(s|ed|er|ers|ing|able|hood)?$"
)
ISE = re.compile(r"^(\w{4,})is(e|ed|es|er|ers|ing|ation|ations)$")
NOT_IZE = re.compile(
    r"(?:prom|exerc|enterpr|superv|adv|rev|dev|comprom|expert|franch|surpr|prec|conc|ra|no|cour)is"
)
LL = re.compile(r"^(\w*(?:counse|trave|labe|cance|mode|signa|leve))ll(ed|ing|er|ers|or|ors)$")
SPELLING = Path(__file__).parent / "data" / "spelling.yaml"
# Letters from which an acronym is taken for a thing that the text says nothing more of.
LONG_ACRONYM = 4
MINOR = frozenset("of the and for on in to a an against at de la del des du y e et & with".split())


def strip_marks(text: str) -> str:
    """Give the text in plain letters: `Phạm Thu Hằng` is `Pham Thu Hang`."""
    decomposed = unicodedata.normalize("NFD", text.translate(LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=200_000)
def normalise(name: str) -> str:
    """Fold a name for comparison: no marks, case, articles, possessives or punctuation."""
    plain = strip_marks(strip_marks(name).casefold()).replace("&", " and ")
    plain = re.sub(r"(?<=\w)'s?(?=\W|$)", "", plain)
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", plain)
    words = re.findall(r"\w+", plain)
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


@cache
def variants(section: str) -> dict[str, str]:
    """Give the one form of words, by section of data/spelling.yaml: `mohamed` is `muhammad`."""
    data = yaml.safe_load(SPELLING.read_text(encoding="utf-8"))
    return {
        normalise(variant): word
        for word, forms in data[section].items()
        for variant in forms.split()
    }


@cache
def _spelling() -> tuple[dict[str, str], frozenset[str]]:
    data = yaml.safe_load(SPELLING.read_text(encoding="utf-8"))
    return variants("words"), frozenset(data["empty"].split())


def _american(word: str) -> str:
    """Write a British word as an American one: `labourers`, `organising`, `counselled`."""
    word = OUR.sub(r"\1or\2", word)
    word = word if NOT_IZE.search(word) else ISE.sub(r"\1iz\2", word)
    return LL.sub(r"\1l\2", word)


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """Fold a name further than `normalise`: spelling, common abbreviations, small words.

    `Dept. of Labour & Social Affairs` and `Department for Labor and Social Affairs` are one.
    """
    spelt, empty = _spelling()
    words = [spelt.get(word, word) for word in JOINED.sub("co", normalise(name)).split()]
    words = [_american(word) for word in words]
    return " ".join([word for word in words if word not in empty] or words)


def words_of(name: str) -> list[str]:
    """Split a name into its words, punctuation left out."""
    return re.findall(r"\w[\w'’\-]*", name)


@lru_cache(maxsize=100_000)
def acronyms(name: str) -> frozenset[str]:
    """Give the acronyms that a name may be shortened to, in capitals without marks.

    `Ministry of Labour, Invalids and Social Affairs` gives MLISA and MOLISA among others.
    """
    plain = [word for word in re.split(r"[\s\-–/,]+", strip_marks(name)) if word]
    plain = [re.sub(r"\W", "", word) for word in plain]
    plain = [word for word in plain if word]
    major = [word for word in plain if word.casefold() not in MINOR]
    if len(major) < 2:
        return frozenset()
    initials = "".join(word[0] for word in major).upper()
    everything = "".join(word[0] for word in plain if word.casefold() not in {"the", "a"}).upper()
    found = {initials, everything}
    # MOFA, MOLISA, MoU: the first `of` keeps its letter.
    if len(plain) > 2 and plain[1].casefold() == "of":
        found.add(initials[0] + "O" + initials[1:])
    # A country or adjective in front is often left out: Vietnam Women's Union is VWU or WU.
    if len(initials) > 2:
        found.add(initials[1:])
    return frozenset(found)


def is_acronym(text: str) -> bool:
    """Tell whether a text is written like an acronym: MPS, MOLISA/DSEP, U.S., TIPs."""
    letters = re.sub(r"[\W\d_]", "", text)
    upper = sum(char.isupper() for char in letters)
    return 2 <= len(letters) <= 12 and " " not in text and upper >= max(2, len(letters) - 2)


def slug(name: str) -> str:
    """Write a name as a short readable identifier in ASCII letters, digits and hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", normalise(name)).strip("-")
    return plain[:48].rstrip("-") or "x"


def entity_key(label: str, *parts: str) -> str:
    """Make an identifier of a thing by its label and what tells it from others.

    The first part is its name; it alone stands readable in front of the hash.
    """
    folded = "\x1f".join([label, *(normalise(part) or part for part in parts)])
    return f"{slug(parts[0])}-{sha256(folded.encode()).hexdigest()[:8]}"
