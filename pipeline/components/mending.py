"""Names mended after the recognizer: what is plain from their form and from what stands beside.

Steps: white space and quotes at the ends go; a date or a ministry in two halves is one; a body
behind a meeting is a name of its own (`the Summit and National Assembly Speaker Li`), as are a rank
after a post and a year in front of a rating; letters of honour after a person go; an acronym
in brackets has the label of the name that it shortens, one that the lists know that of what it
names; a language is no place, `the north` no project; `FY03` is a date; a country taken for a body
is a country, another place that was is a place, unless somebody in the text bears its name; the
acronym of a post before a person goes. Lists are in data/words.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from babel import Locale

from pipeline.components.clusters import Found
from pipeline.components.countries import ENVOY, SPACE, is_generic
from pipeline.dates import parse_date
from pipeline.knowledge import Knowledge
from pipeline.text import LONG_ACRONYM, acronyms, is_acronym, normalise
from pipeline.words import load_words

# `PM Son`, `DPM Khiem`: the acronym of a post is no part of the name.
POST_IN_FRONT = re.compile(r"[A-Z]{2,3}\s+(?=[A-ZÀ-Ỹ][a-zà-ỹ])")
YEAR_IN_FRONT = re.compile(r"((?:19|20)\d\d)[ \u00a0:–-]+(?=\w)")
EDGES = ' \t\n\r\u00a0\u200b"“”‘«»*_|'
FISCAL = re.compile(r"(?:FY|CY)[ -]?[’']?\d{2,4}")
DATE_GAP = re.compile(r",?[ \u00a0]|[ \u00a0]of[ \u00a0]")
MINISTRY = re.compile(r"(?:Ministry|Department) (?:of|for)\b", re.I)
BODY_GAP = re.compile(rf"(?:,|,?{SPACE}(?:and|&)){SPACE}")
UNITS = "Department|Direct|Division|Office|Bureau|Unit"
UNIT = re.compile(rf"(.+?)['’]s?\s+(?=(?:General\s+)?(?:{UNITS}))", re.S)
MEETING_AND = re.compile(r"(.+?)\s+and\s+(?:the\s+)?(.+)", re.S)
BRACKET = re.compile(r"[ \u00a0]?[(\[“\"]{1,2}")

TIME_OF_DAY = re.compile(
    r"(?:(?:early|late)\s+)?(?:morning|noon|afternoon|evening|night)\s+of\s+", re.I
)
POSTED_TO = re.compile(rf"{ENVOY} to (?:the )?$", re.I)
COLUMNS = re.compile(r"[ \u00a0]{3,}|\t[ \t]*")
REGION = re.compile(r"(?:,? and [A-Z]\w+)? (?:[Rr]egion|[Ss]tate|[Pp]rovince)s?\b")
COMPASS = re.compile(r"(?:north|south)?[- ]?(?:east|west|north|south)(?:ern)?", re.I)
OPEN_BRACKET = re.compile(r"\s*\([^)]*$")
TITLE = re.compile(r"([^\W\d_]+[.'’]?)\s+(?=[^\W\d_])")


def mend_names(text: str, found: Iterable[Found], knowledge: Knowledge) -> list[Found]:
    """Give the mended names of a text, in its order; none overlap."""
    whole = (piece for name in found for piece in split_people(text, name, knowledge))
    trimmed = [name for name in map(trim, whole) if any(c.isalnum() for c in name.text)]
    names = sorted(trimmed, key=lambda name: name.start)
    parts = [
        part
        for name in _dates_joined(text, _bodies_joined(text, names, knowledge))
        for event in split_bodies(name, knowledge)
        for piece in split_years(event)
        for part in split_ranks(piece)
    ]
    told = _acronyms_told(text, parts)
    labelled = [
        replace(name, label=_label_of_acronym(name.text, knowledge) or name.label)
        if name.text not in told
        else name
        for name in parts
    ]
    mended = [as_known(name, knowledge) for name in _acronyms_like_names(text, labelled)]
    told_apart = like_people(list(like_places(text, mended, knowledge)), knowledge)
    return [name for name in told_apart if not is_language(text, name, knowledge)]


def trim(name: Found) -> Found:
    """Take white space and quotes off the ends, titles and letters of honour off people and the
    time of day off dates."""
    left = len(name.text) - len(name.text.lstrip(EDGES))
    kept = name.text.strip(EDGES)
    if kept.endswith(")") and "(" not in kept:
        kept = kept[:-1].rstrip(EDGES)  # `(General Secretary)`
    if kept.startswith("(") and ")" not in kept:
        left += len(kept) - len(kept[1:].lstrip(EDGES))
        kept = kept[1:].lstrip(EDGES)
    if name.label == "PERSON":
        while (match := TITLE.match(kept)) and normalise(match[1]) in titles():
            left += match.end()
            kept = kept[match.end() :]
        words = kept.split()
        while len(words) > 1 and words[-1].casefold() in load_words("honours"):
            kept = kept[: kept.rindex(words.pop())].rstrip(EDGES + ",")
    if name.label == "DATE" and (match := TIME_OF_DAY.match(kept)):
        left += match.end()
        kept = kept[match.end() :]
    if name.label == "DATE" and (match := OPEN_BRACKET.search(kept)):
        kept = kept[: match.start()]  # `Thursday (20/2`
    start = name.start + left
    return replace(name, start=start, end=start + len(kept), text=kept)


def titles() -> frozenset[str]:
    """Give the titles that are no names themselves: `Baroness`, but not `Tan`."""
    return load_words("honorifics") - load_words("titles_and_names")


def _dates_joined(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Join `November` and `2018` of `November, 2018`, where the whole reads as one date."""
    waiting: Found | None = None
    for name in names:
        if waiting is not None:
            gap = text[waiting.end : name.start]
            whole = text[waiting.start : name.end]
            if name.label == "DATE" and DATE_GAP.fullmatch(gap) and parse_date(whole, ""):
                score = min(waiting.score, name.score)
                waiting = Found(waiting.start, name.end, whole, "DATE", score)
                continue
            yield waiting
            waiting = None
        if name.label == "DATE":
            waiting = name
        else:
            yield name
    if waiting is not None:
        yield waiting


def _bodies_joined(text: str, names: Sequence[Found], knowledge: Knowledge) -> list[Found]:
    """Join `Ministry of Labor, Invalids` and `Social Affairs` where a list has the whole.

    So too where no list has it and the second half is no body but a field of work.
    """
    joined: list[Found] = []
    for name in names:
        before = joined[-1] if joined else None
        if (
            before is not None
            and (before.label, name.label) == ("ORG", "ORG")
            and BODY_GAP.fullmatch(text[before.end : name.start])
            and not knowledge.candidates(name.text, "ORG")
        ):
            whole = " ".join(text[before.start : name.end].split())
            ministry = bool(MINISTRY.match(before.text))
            # `Ministry of Health, Family and` / `Youth's Office of Adoption`
            unit = UNIT.match(name.text) if ministry else None
            if unit and _are_fields(unit[1]):
                end = name.start + len(unit[1])
                joined[-1] = replace(before, end=end, text=text[before.start : end])
                start = name.start + unit.end()
                joined.append(replace(name, start=start, text=text[start : name.end]))
                continue
            portfolio = ministry and _are_fields(name.text)
            if knowledge.candidates(whole, "ORG") or portfolio:
                score = min(before.score, name.score)
                joined[-1] = Found(
                    before.start, name.end, text[before.start : name.end], "ORG", score
                )
                continue
        joined.append(name)
    return joined


def _are_fields(words: str) -> bool:
    """Tell whether words are fields of work that a ministry has beside its first."""
    return set(normalise(words).split()) <= load_words("field_words")


def split_bodies(name: Found, knowledge: Knowledge) -> Iterator[Found]:
    """Cut a body off a meeting that it was joined to by `and`."""
    pair = MEETING_AND.fullmatch(name.text) if name.label == "EVENT" else None
    if pair and pair[1].split()[-1].casefold() in load_words("kinds"):
        body = pair[2]
        if knowledge.candidates(body, "ORG") or is_generic(body, knowledge):
            yield replace(name, end=name.start + len(pair[1]), text=pair[1])
            yield replace(name, start=name.start + pair.start(2), text=body, label="ORG")
            return
    yield name


def split_years(name: Found) -> Iterator[Found]:
    """Give a year in front of a rating, as a table has it (`2022 Tier 2`), as a date of its own."""
    year = YEAR_IN_FRONT.match(name.text) if name.label == "RATING" else None
    if year:
        end = name.start + len(year[1])
        yield replace(name, end=end, text=year[1], label="DATE")
        name = replace(name, start=name.start + year.end(), text=name.text[year.end() :])
    yield name


def split_people(text: str, name: Found, knowledge: Knowledge) -> Iterator[Found]:
    """Cut two people in two columns apart, and a country off the ambassador to it.

    `Ana Duka      Ilir Meta` under a record, `Ambassador to Malta Ana Duka`.
    """
    if name.label != "PERSON":
        yield name
        return
    posted = POSTED_TO.search(text[max(0, name.start - 40) : name.start])
    words = list(re.finditer(r"\S+", name.text))
    for count in (3, 2, 1) if posted else ():
        if len(words) > count + 1 and knowledge.country(name.text[: words[count - 1].end()]):
            first, rest = words[count - 1].end(), words[count].start()
            yield replace(name, end=name.start + first, text=name.text[:first], label="GPE")
            name = replace(name, start=name.start + rest, text=name.text[rest:])
            break
    start = 0
    for gap in [*COLUMNS.finditer(name.text), None]:
        end = gap.start() if gap else len(name.text)
        piece = name.text[start:end]
        yield replace(name, start=name.start + start, end=name.start + end, text=piece)
        start = gap.end() if gap else end


def split_ranks(name: Found) -> Iterator[Found]:
    """Cut `Deputy Minister of Defence Sen. Lt. Gen.` into the post and the rank."""
    if name.label != "ROLE":
        yield name
        return
    words = list(re.finditer(r"\S+", name.text))
    ranks = load_words("ranks")
    first = len(words)
    while first and words[first - 1][0].rstrip(".").casefold() in ranks:
        first -= 1
    # `Secretary General` and `Attorney-General` are posts: a rank of one full word stays.
    if first in (0, len(words)) or not any("." in word[0] for word in words[first:]):
        yield name
        return
    border = words[first].start()
    post = name.text[:border].rstrip(EDGES + ",")
    yield replace(name, end=name.start + len(post), text=post)
    yield replace(name, start=name.start + border, text=name.text[border:])


def _acronyms_told(text: str, names: Sequence[Found]) -> set[str]:
    """Give the acronyms that brackets behind a name say what they mean in this text."""
    return {
        name.text
        for before, name in pairwise(names)
        if BRACKET.fullmatch(text[before.end : name.start])
        and name.text.casefold() in {form.casefold() for form in acronyms(before.text)}
    }


def _acronyms_like_names(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Give an acronym in brackets the label of the name that it stands behind and shortens."""
    before: Found | None = None
    for name in names:
        letters = name.text.rstrip("0123456789").casefold()  # `IMM6` is the sixth meeting
        if (
            before is not None
            and name.label != before.label
            and is_acronym(name.text)
            and BRACKET.fullmatch(text[before.end : name.start])
            and {name.text.casefold(), letters}
            & {form.casefold() for form in acronyms(before.text)}
        ):
            name = replace(name, label=before.label)
        yield name
        before = name


def as_known(name: Found, knowledge: Knowledge) -> Found:
    """Mend what is plain: a country taken for a body, the acronym of a post before a person."""
    if name.label == "PERSON" and (title := POST_IN_FRONT.match(name.text)):
        return replace(name, start=name.start + title.end(), text=name.text[title.end() :])
    if FISCAL.fullmatch(name.text):
        return replace(name, label="DATE")
    if name.label in ("PROGRAM", "EVENT", "DOCUMENT", "ORG") and COMPASS.fullmatch(name.text):
        return replace(name, label="LOC")
    # `Ethiopian` as a body is an airline or a newspaper: adjectives are no places.
    adjective = name.label == "ORG" and normalise(name.text) in knowledge.demonyms
    if name.label in ("ORG", "LOC", "PERSON") and knowledge.country(name.text) and not adjective:
        return replace(name, label="GPE")
    return name


def like_people(names: Sequence[Found], knowledge: Knowledge) -> Iterator[Found]:
    """Give a bare surname that was taken for a place the label of the person who bears it."""
    people = [name.text.split() for name in names if name.label == "PERSON"]
    surnames = {words[-1] for words in people if len(words) > 1}
    for name in names:
        bare = name.label == "GPE" and name.text in surnames
        if bare and not knowledge.candidates(name.text, "GPE"):
            name = replace(name, label="PERSON")
        yield name


def like_places(text: str, names: Sequence[Found], knowledge: Knowledge) -> Iterator[Found]:
    """Give what was taken for a person or a body the label GPE, where the lists know but a place.

    Not where somebody in the text has that name, or a title stands before it. Of 9 such names in
    the dev part of the gold corpus 9 were places.
    """
    borne = {
        word
        for name in names
        if name.label == "PERSON" and len(words := name.text.split()) > 1
        for word in words
    }
    for name in names:
        folded = normalise(name.text)
        if (
            name.label in ("ORG", "PERSON")
            and {thing.label for thing in knowledge.things.get(folded, ())} == {"GPE"}
            and folded not in load_words("seats_of_bodies")
            and borne.isdisjoint(name.text.split())
            and not _titled(text, name)
        ):
            name = replace(name, label="GPE")
        yield name


def _titled(text: str, name: Found) -> bool:
    before = text[max(0, name.start - 30) : name.start].split()
    return bool(before) and normalise(before[-1]) in load_words("honorifics")


def _label_of_acronym(text: str, knowledge: Knowledge) -> str:
    """Give the one label that all things have which the lists know by this acronym, or ''.

    `ACTIP` is a document, `MOI` a body in many countries; of 1,709 such in the train and dev parts
    of the gold corpus 1,697 have that label.
    """
    if text in ("MoU", "MOU"):
        return "DOCUMENT"
    if len(text) < LONG_ACRONYM - 1 or not text.isupper() or not is_acronym(text):
        return ""
    if exact := knowledge.exact.get(text):
        return exact.label
    known = knowledge.things.get(normalise(text), ())
    labels = {thing.label for thing in known if text in (thing.name, *thing.aliases)}
    return labels.pop() if len(labels) == 1 else ""


@cache
def languages() -> frozenset[str]:
    """Give the English names of the languages that have a code of two letters.

    Source: ISO 639-1 and Unicode CLDR, by babel.
    """
    names = Locale("en").languages
    return frozenset(name for code, name in names.items() if len(code) == 2)


def is_language(text: str, name: Found, knowledge: Knowledge) -> bool:
    """Tell whether what was taken for a place is a language: `leaflets in Amharic and Swahili`."""
    return (
        name.label in ("GPE", "LOC")
        and name.text in languages()
        and not knowledge.candidates(name.text, name.label)
        and not REGION.match(text, name.end)
    )
