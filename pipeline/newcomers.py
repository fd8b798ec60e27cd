"""Identifiers of things that the knowledge files lack, made of what tells them from others.

What could be several things takes a country into its identifier: `Penal Code` and `Ministry of
Justice` their owner's, `Star` that of the text; where none is known, the document itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.components.clusters import SMALL
from pipeline.components.countries import MISSION, core_name, is_generic, is_national
from pipeline.context import Context
from pipeline.dating.statements import is_iso
from pipeline.keys import (
    LEGAL_NUMBER,
    YEAR,
    body_key,
    is_full_name,
    is_numbered,
    name_key,
    paper_key,
    person_key,
    role_key,
)
from pipeline.text import entity_key, fold, normalise
from pipeline.words import load_words

PLACE_OF = re.compile(r"(?:the )?(City|Province|Region|State|Department) of (.+)", re.I)
# Of which a country has one in every capital: without its place it is not one.
MISSIONS = frozenset({"embassy", "consulate", "mission", "delegation", "office"})
# How certain it is that another document that makes the same identifier means the same thing.
LOCAL, BY_KEY, BY_TEXT = 1.0, 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A thing that is not known, with what its link needs; `score` as in `Link`."""

    entity_id: str
    name: str
    country: str
    score: float


def new_thing(label: str, name: str, country: str, context: Context) -> Newcomer:
    """Give a thing its identifier; `country` is what the text says that it is of, or ''."""
    local = Newcomer(entity_key(label, name, context.document.doc_id), name, country, LOCAL)
    if label == "ORG":
        return _body(name, country, context) or local
    if label == "PERSON":
        if not is_full_name(name):
            return local
        alone = context.country if len(context.places) < 2 else ""  # foreigners are named too
        return _keyed(label, person_key(name), name, country or alone)
    if label in ("EVENT", "DOCUMENT", "PROGRAM"):
        return _paper(label, name, country, context) or local
    if label == "DATE":
        return Newcomer(entity_key(label, name), name, "", LOCAL) if is_iso(name) else local
    if label == "GPE" and name.replace(".", "") in context.knowledge.ambiguous:
        return local
    if label in ("GPE", "LOC") and not country and _is_anywhere(name):
        return local
    if label == "GPE":
        # A text names foreign towns too: only where it is of one country alone are they there.
        alone = context.country if len(context.places) < 2 else ""
        return _keyed(label, fold(place_name(name)), name, country or alone)
    if label == "LOC":
        return _keyed(label, fold(name), name, country)
    if label == "ROLE":
        return Newcomer(entity_key(label, role_key(name)), name, country, LOCAL)
    return Newcomer(entity_key(label, name), name, country, LOCAL)


def _is_anywhere(name: str) -> bool:
    """Tell whether places of many countries have a name: `Central Region`, `the Gulf`."""
    kinds = load_words("directions", "places", "areas", "nouns_of_parts")
    return set(normalise(name).split()) <= kinds | {"governorate", "state", "department"}


def place_name(name: str) -> str:
    """Write `Province of X` as `X Province`, and `X City` as `X`."""
    if match := PLACE_OF.fullmatch(name):
        name = f"{match[2]} {match[1]}"
    return name.removesuffix(" City")


def _keyed(label: str, key: str, name: str, country: str) -> Newcomer:
    parts = (key, country) if country else (key,)
    return Newcomer(entity_key(label, *parts), name, country, BY_KEY if country else BY_TEXT)


def _body(name: str, country: str, context: Context) -> Newcomer | None:
    core = core_name(name, context.knowledge)
    words = core.split()
    if (MISSIONS & set(words) or MISSION.search(core)) and not re.search(r" (?:in|to) [A-Z]", name):
        return None
    generic = is_generic(name, context.knowledge)
    if not generic and len(words) > 1:
        return Newcomer(entity_key("ORG", name_key(name, context.knowledge)), name, country, BY_KEY)
    country = country or ("" if generic else context.country)
    bare = set(words) <= load_words("bare_bodies")
    if not country or (bare and (len(words) == 1 or "international" in words)):
        return None
    if generic and _is_one_of_many(core):
        return None
    place = context.knowledge.countries[country].name
    full = f"{name} ({place})" if generic and normalise(name) == core else name
    return Newcomer(entity_key("ORG", body_key(core), country), full, country, BY_KEY)


def _is_one_of_many(core: str) -> bool:
    """Tell whether a country may have several bodies of a name: `District Court`, `Task Force`."""
    words = {word.removesuffix("s") for word in core.split()}
    many = load_words("many_in_a_country")
    if "ministry" in words:
        return False
    if core.split()[0] in load_words("parts_of_a_country"):
        return True
    if core.replace(" ", "_") in load_words("bodies_of_parts"):
        return True
    filling = {"border", "force"} if "task" in words else {"border"}
    return bool(words & many) and words <= many | load_words("bare_bodies") | SMALL | filling


def _paper(label: str, name: str, country: str, context: Context) -> Newcomer | None:
    """Key a document, event or project by its name where that says which one it is."""
    words = normalise(name).split()
    national = label == "DOCUMENT" and is_national(name)
    if national and not country:
        return None
    shared = load_words("kinds", "topics", "national_documents")
    own = [
        word
        for word in re.findall(r"\w[\w’'-]*", name)
        if word[0].isupper()
        and normalise(word) not in shared
        and not context.knowledge.country(word)
    ]
    numbered = bool(YEAR.search(name) or LEGAL_NUMBER.search(name))
    if label == "DOCUMENT" and load_words("recurring").intersection(words) and not numbered:
        return None  # a report comes out again: without its year it could be any of them
    if national:
        # `Penal Code`, but no `Plan of Action`: a country has one after the other.
        said = core_name(name, context.knowledge).split()
        bare = said != ["constitution"] and (
            len(said) == 1 or set(said) <= load_words("kinds") | SMALL
        )
        enough = numbered or not bare
    elif label == "EVENT":
        # A forum meets again: without its year or number it could be any of them.
        enough = bool(own) and (numbered or is_numbered(name) or "day" in words)
    else:
        about = [word for word in words if word in load_words("topics")]
        enough = bool(own) or (numbered and len(about) > 1)
    if not enough:
        return None
    parts = (paper_key(name), country) if national else (paper_key(name),)
    score = BY_KEY if own or numbered else BY_TEXT
    return Newcomer(entity_key(label, *parts), name, country, score)
