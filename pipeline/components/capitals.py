"""Whether a capital is named for its government (`Hanoi rejected it`) or as a city (`in Hanoi`).

A city is where something is or goes to; a government does, gets, is told or owns what governments
do, get, are told or own. What an encoder sees is added to what the words say; where the two leave
it open, the capital is neither, for a wrong merge is worse than a split. Without an encoder, a name
whose words do not tell is the city.
Source: Markert and Nissim (2002), Metonymy Resolution as a Classification Task, who decide by
grammatical role; here the words beside the name stand for the role, so that no parse is needed.
Score: by the words alone, governments with precision 0.93 and recall 0.81 on 1,994 capitals of the
gold train and dev parts (November 2026), on which the lists were made; on other texts it is lower.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from pipeline.components.countries import government_of
from pipeline.components.introduced import Found
from pipeline.components.pointing import Pointing
from pipeline.knowledge import Knowledge
from pipeline.text import normalise

RULES = Path(__file__).parents[1] / "data" / "rules" / "capitals.yaml"
GOVERNMENT, CITY, UNKNOWN = 1, -1, 0
# Where an encoder has seen the name: what the words beside it count, in log odds, and what speaks
# for the city beforehand.
WORDS, LEAN = 3.0, -2.0
# Log odds on either side of even within which nothing is decided: of 502 capitals of the gold dev
# part 23 are there, of the others 14 are wrong.
MARGIN = 2.0
EITHER = " (city or government)"  # behind the name of what is not decided

CAPITALISED = r"[A-ZÀ-Ỹ][\w.’'\-]*"
LINE = re.compile(r"(?:^|\n)\s*$")
DATELINE = re.compile(r"\s*(?:\(|[,:]\s*\d|[-–—:]|,\s*[A-Z][a-z]{2,8}\.?\s\d)")
BY = re.compile(r"\b(\w+)(?: \w+ly)?(?: of it)? by\s+$")
WITH = re.compile(r"\bwith\s+$", re.I)
FROM_TO = re.compile(r"\b(?:from|to|of|for|on|with|before|by)\s+$", re.I)
BETWEEN = re.compile(
    r"\b(?:neither|both|either|(?:agreement|treaty|pact|accord|deal|talks|relations|ties|signed"
    r"|cooperation|memorandum)\b.{0,30}\bbetween)\s+$",
    re.I,
)
FOR_ITS_PART = re.compile(r"(?:^|[.;\n]\s*)[Ff]or\s+$")
ANDED = re.compile(r"\s*(?:,|,?\s+(?:and|or|nor)|/|-|–)\s*")
OTHER_PLACE = re.compile(rf"{CAPITALISED} (?:and|or|nor)\s+$")
JOINED = re.compile(rf"(?:,|\s+(?:and|or|nor))\s+{CAPITALISED}(?:\s{CAPITALISED})?")
CLAUSE = re.compile(
    r"(?:^|[.;:!?)\n\"“”(—–]\s*|,\s+|\b(?:and|but|that|while|as|when|if|whether|because|although"
    r"|though|so|after|before|until|once|since|which|what|says|said|nor)\s+)$"
)
TIME = (
    r"(?:[Oo]n|[Ii]n|[Ss]ince|[Ll]ast|[Tt]his|[Aa]fter)\s(?:the\s)?[\w ]{0,14}(?:\d{1,4}"
    r"|[A-Z][a-z]+(?:day|ary|ch|il|ay|ne|ly|st|ber)|week|month|year|turn)(?:\s\d{4})?,?\s+"
)
OPENS = re.compile(
    rf"(?:^|[.:;!?)\n]\s*|\b(?:that|which|whether|because|although|nor|[Hh]ow|[Ww]hat(?:ever)?|[Ww]hy)"
    rf"\s+|{TIME}|\bago,?\s+)$"
)
ASKED = re.compile(
    r"(?:^|[.;!?:\n,]\s*|\b(?:what|why|how|when|nor|neither|so|as|than)\s+)"
    r"(?:does|do|did|will|would|has|have|had|should|can|could|may|is|was)\s+$",
    re.I,
)
SUBJECT = re.compile(
    r"\s+(?!in\b|at\b|on\b|and\b|or\b|is\b|was\b|are\b|were\b|for\b|to\b|from\b|of\b|as\b|the\b|a\b"
    r"|with\b|time\b|where\b)[a-z]+"
)
ASIDE = re.compile(r",? (?:which|whose|represented|for its part|he |she |then,)")
ADVERB = (
    r"(?:,? (?:too|also|itself|alone|again|now|still|yet|never|always|soon|meanwhile|later|since"
    r"|already|only|once|\w+ly|in (?:turn|[A-Z][a-z]+)),?)?"
)
HELPER = r"(?:has|have|had|will|would|did|does|do|could|can|may|must|should|might)"
# `a letter that Hanoi has rejected`, `the panel Hanoi has yet to name`
CLAIMED = re.compile(
    r"\s+(?:has|have|had|will|would)(?:n['’]t| not| never| yet| already)*"
    r" (?:\w+[^e\W]ed|yet to|agree[d]?|given|taken|made|kept|paid|said|sent|chosen|refused)\b"
)
NOUN_BEFORE = re.compile(r"\b(?!(?:and|or|of|the|a|an|nor)\b)[a-z]{3,}\s+$")
# `Hanoi, a member since 1995, sent a general`
SET_OFF = re.compile(r",\s[^,.;:\n]{4,70},\s+(?!and\b|or\b|the\b|an?\b)(?=[a-z])")
# `called on Hanoi to sign`, `and on Hanoi to sign`
ON = re.compile(r"\bon\s+$", re.I)
TO_DO = re.compile(r"\s+to (?!the\b|an?\b|its\b|his\b|her\b|their\b)[a-z]+")
# `gave Hanoi the list`, `took Hanoi off its list`
GIVEN = re.compile(
    r"\b(?:gives?|gave|given|sent|sends|lends?|lent|owes?|owed|granted|offers|offered|paid|handed"
    r"|takes|took|taken)\s+$"
)
GIFT = re.compile(r"\s+(?:the|an?|its|their|his|her|no|off|nothing|until|some|[$€£\d])")
NOT = r"(?:n['’]t| not| never| yet| also| already| since| \w+ly)*"
TIERED = re.compile(
    r"(?:,|\s+(?:is|was|are|were|st\w+|remain\w*)(?: not| now| still)*(?: on| in| at)?|\s+on)"
    r" (?:the |any |a )?(?:[A-Z]\w+ ){0,2}(?:['’] |['’]s )?"
    r"(?:Tier\b|(?:watch ?|black|grey )?list\b)"
)


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return rules


@cache
def _pattern(name: str, form: str, flags: re.RegexFlag = re.I) -> re.Pattern[str]:
    """Join a list of the rules into one pattern; `form` has `{}` where it goes."""
    words = _rules()[name]
    parts = (
        [part.strip() for line in words for part in line.split(" | ")]
        if isinstance(words, list)
        else [word.replace("_", " ") for word in words.split()]
    )
    return re.compile(form.replace("{}", "(?:" + "|".join(parts) + ")"), flags)


def acting_capitals(
    text: str, places: Sequence[Found], knowledge: Knowledge, pointing: Pointing | None = None
) -> dict[Found, str]:
    """Give the capitals among places, in text order, that stand for their country's government.

    Each has its country's code, or '' where it may as well be the city. `pointing` is what an
    encoder saw of the text, None without one: then nothing is left open.
    """
    named = {knowledge.country(place.text) for place in places}
    capitals: dict[Found, str] = {}
    for place in places:
        code = seat_of(place.text, knowledge)
        others = {known.country for known in knowledge.candidates(place.text, "GPE")} - {code}
        # `Victoria` is oftener an Australian state: a shared name needs its country.
        if code and not knowledge.country(place.text) and (not others or code in named):
            capitals[place] = code
    found = stances(text, [(place.start, place.end) for place in capitals])
    only = _rules()["only_seats"]
    found = [
        GOVERNMENT if stance == UNKNOWN and normalise(place.text) in only else stance
        for place, stance in zip(capitals, found, strict=True)
    ]
    if pointing is not None:
        seen = [pointing.acting((place.start, place.end)) for place in capitals]
        found = [weighed(stance, odds) for stance, odds in zip(found, seen, strict=True)]
    least = GOVERNMENT if pointing is None else UNKNOWN  # that is not the city
    beside = _towns_beside(text, places, knowledge)
    return {
        place: code if stance == GOVERNMENT else ""
        for (place, code), stance in zip(capitals.items(), found, strict=True)
        if place not in beside and stance >= least
    }


def weighed(stance: int, odds: float) -> int:
    """Give the stance that the words and an encoder's log odds make together."""
    if not odds:
        return stance or CITY
    both = odds + WORDS * stance + LEAN
    if abs(both) < MARGIN:
        return UNKNOWN
    return GOVERNMENT if both > 0 else CITY


def seat_of(name: str, knowledge: Knowledge) -> str:
    """Give the country whose capital or seat of government has this name, or ''."""
    folded = normalise(name)
    return knowledge.capitals.get(folded) or str(_rules()["seats"].get(folded, ""))


def _towns_beside(text: str, places: Sequence[Found], knowledge: Knowledge) -> set[Found]:
    """Give the places that are joined to a town with no government: `Paris or Sydney`."""
    beside: set[Found] = set()
    for left, right in pairwise(places):
        if ANDED.fullmatch(text[left.end : right.start]):
            for one, other in ((left, right), (right, left)):
                governed = knowledge.country(other.text) or government_of(other.text, knowledge)
                if not governed and not seat_of(other.text, knowledge):
                    beside.add(one)
    return beside


def stances(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Give what each capital stands for, of a text's capitals in order: see `stance`.

    Those that are joined (`Hanoi and Phnom Penh`) stand for the same kind of thing.
    """
    found = [stance(text, start, end) for start, end in spans]
    groups: list[list[int]] = []
    for index, (start, _) in enumerate(spans):
        if groups and ANDED.fullmatch(text[spans[index - 1][1] : start]):
            groups[-1].append(index)
        else:
            groups.append([index])
    for group in groups:
        first = spans[group[0]][0]
        if found[group[0]] == CITY or OTHER_PLACE.search(text[max(0, first - 60) : first]):
            for index in group:  # `in Hanoi and Vientiane`, `Guayaquil and Quito`
                found[index] = CITY if found[group[0]] == CITY else min(found[index], UNKNOWN)
            continue
        total = sum(found[index] for index in group)
        for index in group:
            found[index] = found[index] or (total > 0) - (total < 0)
    return found


def stance(text: str, start: int, end: int) -> int:
    """Tell what the words beside a capital make of it: 1 its government, -1 a city, 0 neither."""
    before, after = text[max(0, start - 60) : start], text[end : end + 90]
    if text[start:end].isupper() and after[:20].strip().isupper():
        before, after = before.lower(), after.lower()  # a headline in capitals
    if _owned(after):
        return GOVERNMENT
    if _pattern("placed", r"\b{}(?: of| from)?(?: the)?\s+$").search(before):
        return CITY
    if DATELINE.match(after) and LINE.search(before):
        return CITY
    if _pattern("addressed", r"(?<![\w-]){}\s+$").search(before) or TIERED.match(after):
        return GOVERNMENT
    if passive := BY.search(before):
        route = _pattern("routes", r"{}$").match(passive[1])
        return UNKNOWN if route else GOVERNMENT
    if _pattern("city_nouns", r"(?:-based|\s*['’]s)?\s+{}\b").match(after):
        return CITY
    if (ON.search(before) and TO_DO.match(after)) or (GIVEN.search(before) and GIFT.match(after)):
        return GOVERNMENT
    if WITH.search(before) or (BETWEEN.search(before) and (JOINED.match(after) or "and" in after)):
        return GOVERNMENT
    if FOR_ITS_PART.search(before) and re.match(r"\s*[:,]", after):
        return GOVERNMENT
    if ASKED.search(before) and re.match(r"\s+(?:and\s\S+\s)?[a-z]|\s*[,;.?]", after):
        return GOVERNMENT
    if FROM_TO.search(before) and not OPENS.search(before):
        return UNKNOWN
    return _clause(before, after)


def _owned(after: str) -> bool:
    adjectives = _pattern("owned_adjectives", r"\s*['’]s?\s+(?:{}\s+)*").match(after)
    return bool(adjectives and _pattern("owned", r"{}\b").match(after[adjectives.end() :]))


def _clause(before: str, after: str) -> int:
    """Tell whether the name is the subject of what a government does."""
    if NOUN_BEFORE.search(before) and CLAIMED.match(after):
        return GOVERNMENT
    if not CLAUSE.search(before) and not OPENS.search(before):
        return UNKNOWN
    joined = JOINED.match(after)
    rest = after[joined.end() :] if joined else after
    if _pattern("figures", r"\s+{}\s+(?:\$|\d|some|about|its own|dust|rain|snow|fog)").match(rest):
        return UNKNOWN
    opens = bool(OPENS.search(before))
    if opens and (SUBJECT.match(rest) or (ASIDE.match(rest) and not joined)):
        return GOVERNMENT
    if opens and not joined and (aside := SET_OFF.match(rest)):
        rest = " " + rest[aside.end() :]
    if TO_DO.match(rest) and re.search(r"(?:^|\n|; )$", before) and "." not in after.split("\n")[0]:
        return GOVERNMENT  # a headline: `Hanoi to sign`
    acts = (
        re.match(rf"{ADVERB}\s+{HELPER}{NOT}\s+(?!a\b|an\b|the\b|\w+er\b)[a-z]+", rest)
        or _pattern(
            "states", rf"{ADVERB}\s+(?:is|was|are|were){NOT} (?:been |be |to )?{{}}\b"
        ).match(rest)
        or _pattern("verbs", rf"{ADVERB}\s+(?:{{}}(?:e?s)?|\w{{2,}}(?<!n)ed)\b").match(rest)
    )
    return GOVERNMENT if acts else UNKNOWN
