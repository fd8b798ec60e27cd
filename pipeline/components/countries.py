"""Whose a name is: the country that it is, or that the words in or beside it say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.components.introduced import Found
from pipeline.knowledge import Knowledge
from pipeline.text import LONG_ACRONYM, is_acronym, normalise
from pipeline.words import load_words

GOVERNMENT = re.compile(
    r"^(?:the )?(?:(?:(?:royal|federal|transitional|interim|central|national|union) )?"
    r"(?:government|kingdom|republic) of (?:the )?(?:(?:kingdom|republic|state) of (?:the )?)?"
    r"(?P<of>.+)|(?:royal )?(?P<front>.+?) (?:government|authorities))$",
    re.I,
)
# Who is posted to a country that is not his own, as a pattern.
ENVOY = r"\b(?:ambassador|envoy|consul(?:[- ]general)?|attach[ée]|high commissioner|d['’]affaires)"
MISSION = re.compile(r"\b(?:embassy|consulate|mission|high commission|delegation)\b", re.I)
# A country in front, in the same sentence: `U.S.`, `St. Lucia's` and `Viet Nam`, and no `Malaysia.`
WORD = r"(?:(?:St|Ste)\. )?(?:(?:[A-Z]\.)+[A-Z]?\.?|[A-Z][\w\-]*)"
SPACE = r"(?:[^\S\n]+|[^\S\n]*\n[^\S\n]*)"
BEFORE = re.compile(rf"({WORD}(?:{SPACE}[A-Z][\w\-]*)?)(?:['’]s?)?{SPACE}(?:own\s+)?$")
OWNED = re.compile(r"['’]s?\s+(?:own\s+)?$")
LISTED = re.compile(
    r"[ \u00a0]*(?:[,;]?[ \u00a0]*(?:and|as well as|&)|[,;])[ \u00a0\n]?(?:the\s+|its\s+)?"
)


def country_beside(text: str, name: Found, knowledge: Knowledge) -> str:
    """Give the country that a name is, or that its own words or the words before it say."""
    if name.label == "GPE":
        return knowledge.country(name.text) or government_of(name.text, knowledge)
    if name.label != "ORG":
        return ""
    words = normalise(name.text).split()
    if len(words) > 2 and knowledge.find(" ".join(words[:2]), "LOC"):
        words = words[2:]  # `Niger Delta Coalition` is not of Niger
    for size in (3, 2, 1):
        if len(words) > size:
            for piece in (" ".join(words[:size]), " ".join(words[-size:])):
                if code := knowledge.country(piece):
                    return code
    before = BEFORE.search(text[max(0, name.start - 40) : name.start])
    if before:
        for piece in (before[1], before[1].split()[-1]):
            if code := knowledge.country(piece):
                return code
    if is_generic(name.text, knowledge):
        # `our embassy in Bangkok` is not Thailand's.
        near = "of" if MISSION.search(name.text) else "(?:of|in)"
        seat = re.match(rf"\s+{near} ([A-Z]\w+(?: [A-Z]\w+)?)", text[name.end : name.end + 40])
        for place in (seat[1], seat[1].split()[0]) if seat else ():
            if code := knowledge.country(place) or knowledge.capitals.get(normalise(place), ""):
                return code
        return ""  # `Ministry of Tourism` is that of many a country, whichever list has it
    if is_acronym(name.text) and len(name.text) < LONG_ACRONYM:
        return ""  # `CPS` is a service in Leeds and another in Houston
    known = knowledge.find(name.text, "ORG")
    return known.country if known else ""


def countries_of(text: str, names: Sequence[Found], knowledge: Knowledge) -> list[str]:
    """Give the country of each name, in text order: see `country_beside`.

    In `Peru's Ministry of Health, the Ministry of Labour and the Ministry of Justice` the owner
    of the first owns all.
    """
    found = [country_beside(text, name, knowledge) for name in names]
    owner = ""
    for index, name in enumerate(names):
        gap = text[names[index - 1].end : name.start] if index else ""
        if name.label != "ORG" or not is_generic(name.text, knowledge):
            owner = ""
        elif OWNED.search(text[max(0, name.start - 10) : name.start]):
            owner = found[index]
        elif LISTED.fullmatch(gap) and not found[index]:
            found[index] = owner
        elif not LISTED.fullmatch(gap) or found[index] != owner:
            owner = ""
    return found


def government_of(name: str, knowledge: Knowledge) -> str:
    match = GOVERNMENT.match(name.strip())
    if match is None:
        return ""
    whole = re.sub(r"^.*?\bgovernment of (?:the )?", "", name.strip(), flags=re.I)
    found = knowledge.country(whole) if whole != name.strip() else ""
    return found or knowledge.country(match["of"] or match["front"])


def core_name(name: str, knowledge: Knowledge) -> str:
    """Fold a name and take its country away: `UK Home Office` and `Home Office` are one."""
    folded = normalise(name)
    words = folded.split()
    for size in (5, 4, 3, 2, 1):
        front, back = " ".join(words[:size]), " ".join(words[-size:])
        if len(words) > size + 1:
            if knowledge.country(front) or knowledge.demonyms.get(front):
                return " ".join(words[size:])
            if words[-size - 1] == "of" and knowledge.country(back):
                return " ".join(words[: -size - 1])
            # `Ministry of Justice of the Kingdom of Spain`, but `Council of the Republic` stays.
            rest = words[: -size - 2]
            if len(rest) > 1 and words[-size - 2 : -size] == ["of", "the"]:
                if knowledge.country(back) or government_of(back, knowledge):
                    return " ".join(rest)
    return folded


def is_national(name: str) -> bool:
    """Tell whether a document's name is one that laws of many countries bear: `Penal Code`."""
    return bool(set(normalise(name).split()) & load_words("national_documents"))


def is_generic(name: str, knowledge: Knowledge) -> bool:
    """Tell whether a name is one that bodies of many countries bear."""
    words = core_name(name, knowledge).split()
    return "ministry" in words[:1] + words[-1:] or set(words) <= load_words(
        "bodies", "bare_bodies", "common_bodies"
    )
