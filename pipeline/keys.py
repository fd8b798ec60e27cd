"""What of a name tells a thing from others, however it is spelt and in whatever order.

Two names with one key are taken for one thing where label and country agree. So what a key leaves
out must hardly ever tell two things apart: titles, the order of a person's names, `3rd` or `third`.
"""

from __future__ import annotations

import re

from pipeline.knowledge import Knowledge
from pipeline.text import fold, normalise, variants
from pipeline.words import load_words

ARTICLES = frozenset({"al", "el"})  # of Arabic names: `al-Qahtani`, `Al Qahtani`, `Qahtani`
ARTICLE = re.compile(r"\b[AaEe]l-(?=\w)")
LINEAGE = frozenset({"bin", "binti", "bint", "binte", "ibn"})  # son or daughter of
BOUND = frozenset({"ben", "abu", "bou"})  # one name with the next: `Ben Achour`, `Benachour`
# `Shu-fen` is `Shufen`, `N'Diaye` is `Ndiaye`; `Karlsen-Dahl` stays two names.
INNER = re.compile(r"(?<=\w)(?:-(?=[a-zà-ỹ])|['’](?=\w{2}))")
PATRONYMIC = re.compile(r"\w{3,}(?:ov|ev)(?:ich|yc?h|na)")
UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth"
    " nineteenth".split()
)
TENS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth".split()
ORDINALS = {word: number for number, word in enumerate([*UNITS, *TEENS], start=1)} | {
    word: number for number, word in zip(range(20, 80, 10), TENS, strict=True)
}
TEN = {word.removesuffix("ieth") + "y": ORDINALS[word] for word in TENS}
IN_DIGITS = re.compile(r"(\d+)(?:st|nd|rd|th)")
ROMAN = re.compile(r"(?=[ivxl]{2})(?:xl|l?x{0,3})(?:i[xv]|v?i{0,3})")
# A word or two that count: `sixth`, `6th`, `twenty-first`.
COUNTED = rf"\d+(?:st|nd|rd|th)|(?:(?:{'|'.join(TEN)})[- ])?(?:{'|'.join(ORDINALS)})"
WORDED = re.compile(rf"\b(?:{COUNTED})\b", re.I)
NUMBER = re.compile(rf"\b(?:{COUNTED}|(?-i:[IVXL]{{2,}}))\b", re.I)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LEGAL_NUMBER = re.compile(r"\d+/\d+|\bNo\.?\s*\d", re.I)
TURNED = re.compile(r"\s+(?:of|for|on|against)\s+(?:the\s+)?", re.I)


def person_words(name: str) -> tuple[str, ...]:
    """Give a person's names in one order and spelling, without titles.

    `Al-Jaziri, Mona` and `Mona al-Jaziri`, `Wenhua Li` and `Li Wenhua`, `Mohamed` and `Muhammad`
    are one. A title in front of a single name stays: `Mr Marcos` is not `Mrs Marcos`.
    """
    family, _, given = name.partition(",")
    behind = normalise(given).split()
    if behind and not load_words("honours").issuperset(behind):
        family = f"{given} {family}"
    words = normalise(INNER.sub("", ARTICLE.sub("", family))).split()
    words = words[_titles(words) :]
    inner = {i for i, w in enumerate(words[:-1]) if i and w in ARTICLES | LINEAGE}
    words = [word for i, word in enumerate(words) if i not in inner]
    words = [w for i, w in enumerate(words) if i in (0, len(words) - 1) or not _is_patronymic(w)]
    return tuple(_family_first([_spelt(word) for word in _bound(words)]))


def _is_patronymic(word: str) -> bool:
    return bool(PATRONYMIC.fullmatch(word))


def _bound(words: list[str]) -> list[str]:
    """Write `ben Achour` and `Abu Bakar` as one word."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in BOUND:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _spelt(word: str) -> str:
    """Write a name in its one form, and `dj` of Serbian names as `d`."""
    if word.endswith("ic"):
        word = word.replace("dj", "d")
    return variants("names").get(word, word)


def _titles(words: list[str]) -> int:
    """Count the titles in front: `Tan` and `Sri` are none where they stand alone."""
    known = load_words("honorifics")
    count = next((i for i, word in enumerate(words) if word not in known), len(words))
    if count == 1 and words[0] in load_words("titles_and_names"):
        return 0
    return count if len(words) - count > 1 else 0


def _family_first(words: list[str]) -> list[str]:
    """Turn round a Chinese, Japanese, Korean, Hungarian or Vietnamese name that was turned.

    Only names of two words, and Vietnamese ones of three, of which the last is a family name and
    the first could be none.
    """
    vietnamese = load_words("family_only")
    first = load_words("family_only", "family_first", "vietnamese_families")
    if len(words) in (2, 3) and words[0] not in first and words[-1] in vietnamese:
        return words[::-1]
    if len(words) == 2 and words[0] not in first and words[1] in load_words("family_first"):
        return words[::-1]
    return words


def person_key(name: str) -> str:
    """Fold a person's name: `person_words`, without a single initial between other names."""
    words = person_words(name)
    initials = [word for word in words[1:-1] if len(word) == 1]
    inner = [word for word in words[1:-1] if len(word) > 1 or len(initials) > 1]
    return " ".join([*words[:1], *inner, *words[1:][-1:]]) or name


def is_full_name(name: str) -> bool:
    """Tell whether two names of a person are there, besides titles."""
    return sum(word not in load_words("honorifics") for word in person_words(name)) > 1


def role_key(name: str) -> str:
    """Write a post or rank in full: `Deputy PM` is `Deputy Prime Minister`."""
    spelt = variants("roles")
    return " ".join(spelt.get(word, word) for word in normalise(name).split()) or name


def is_vietnamese(name: str) -> bool:
    """Tell by its words whether a full name is Vietnamese: `Le Quoc Khanh`, not `Le Monde`."""
    words = person_words(name)
    if len(name.split()) < 3 or len(words) < 3:
        return False
    if words[0] in load_words("vietnamese_families"):
        return not load_words("vietnamese_middle").isdisjoint(words[1:-1])
    return words[0] in load_words("family_only")


def body_key(core: str) -> str:
    """Fold the name of a body that many countries have, given without its country.

    `Foreign Ministry` and `Ministry of Foreign Affairs`, `Office of the Attorney General` and
    `Attorney General's Office` are one; a ministry may be called federal or not.
    """
    words = fold(core).split()
    idle = {"affairs"}
    if "ministry" in words:
        idle |= {"federal", "state"} if words[:2] == ["ministry", "state"] else {"federal"}
    kept = [word for word in words if word not in idle]
    kept = kept if len(kept) > 1 else words
    return " ".join(sorted(kept, key=lambda word: (word != "ministry", word)))


def name_key(name: str, knowledge: Knowledge) -> str:
    """Fold a body's name so that the order of its parts and the form of a country do not matter.

    `Association of Recruiters of Nepal` and `Nepali Recruiters' Association` are one; the
    University of York and York University are two.
    """
    plain = normalise(name)
    parts = re.split(r"\b(?:of|for|in|at)\b", plain)
    if not load_words("kept_in_order").isdisjoint(plain.split()):
        parts = [plain]
    words = fold(" ".join(reversed(parts))).split()
    # `Siam Rath` and `Thai Rath` are two: only the country's present name stands for it.
    codes = {
        word: code
        for word in words
        if (code := knowledge.demonyms.get(word, "") or knowledge.country(word))
        and (word in knowledge.demonyms or word == fold(knowledge.countries[code].name))
    }
    return " ".join(
        knowledge.countries[codes[w]].name if w in codes else w for w in words
    ).casefold()


def paper_key(name: str) -> str:
    """Fold the name of a document, event or project: year and ordinal in front, in one form.

    `Sixth Andean Prosecutors' Meeting` and `6th Meeting of Andean Prosecutors` are one, as are
    `Sahel Forum 2011` and `2011 Sahel Forum`. Of two ordinals each counts what it stands beside.
    """
    years = YEAR.findall(name)
    plain = re.sub(r"(?<=\d)/(?=\d)", "_", YEAR.sub(" ", name))
    plain = re.sub(r"\s+(?:of|for|in|from)\s*$|\bannual\b", "", plain.strip(), flags=re.I)
    numbers = [counted(match[0]) for match in NUMBER.finditer(plain) if ordinal(match[0])]
    if len(numbers) == 1:
        plain = NUMBER.sub(lambda match: " " if ordinal(match[0]) else match[0], plain)
        parts = TURNED.split(plain)
        plain = " ".join(reversed(parts)) if len(parts) == 2 else plain
    else:
        plain = NUMBER.sub(lambda match: counted(match[0]) or match[0], plain)
    words = [_singular(word) for word in fold(plain).split()]
    return " ".join([*sorted(years), *(numbers if len(numbers) == 1 else []), *words])


def ordinal(words: str) -> int:
    """Give the number that `third`, `3rd`, `twenty-first` or `III` says, 0 where none is said."""
    tens, _, unit = words.casefold().replace("-", " ").rpartition(" ")
    if match := IN_DIGITS.fullmatch(unit):
        return int(match[1])
    if ROMAN.fullmatch(unit):
        values = [{"i": 1, "v": 5, "x": 10, "l": 50}[letter] for letter in unit]
        behind = [*values[1:], 0]
        return sum(-v if v < after else v for v, after in zip(values, behind, strict=True))
    return TEN.get(tens, 0) + ORDINALS[unit] if unit in ORDINALS else 0


def counted(words: str) -> str:
    """Write `sixth` and `VI` as `6th`, and what says no number as ''."""
    number = ordinal(words)
    teen = number % 100 in (11, 12, 13)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if not teen else "th"
    return f"{number}{ending}" if number else ""


def is_numbered(name: str) -> bool:
    """Tell whether a name has an ordinal in it."""
    return any(ordinal(match[0]) for match in NUMBER.finditer(name))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
