"""Bodies of a part of a country that bear the name of the national one: the provincial police."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.components.countries import is_generic
from pipeline.components.introduced import Found
from pipeline.knowledge import Knowledge
from pipeline.text import is_acronym
from pipeline.words import load_words

BRANCH = "branch"  # in front of the core of a name that the text says is of a part of a country
# `the province's`, and behind a name `of the province`
OF_A_PART = re.compile(r"\b(\w+)(?:['’]s)?\s+$")
OF_THE_PART = re.compile(r"\s+of (?:the|this|that|each|every) (\w+)\b(?! of\b)")
# `of Tây Ninh Province`
OF_SUCH_A_PART = re.compile(
    r"\s+of (?:[A-ZÀ-ÖØ-ÞĀ-ŽƠƯẠ-Ỹ][\w’'\-]* ){1,3}"
    r"(?:Province|District|City|County|Municipality|Prefecture|province|district|city|county)\b"
)


def is_branch(text: str, start: int, end: int) -> bool:
    """Tell whether the words beside a body say that it is that of a part of a country.

    `the provincial Border Guard`, `the district's Women's Union`, `Police of the province`.
    """
    before = OF_A_PART.search(text[max(0, start - 24) : start])
    after = OF_THE_PART.match(text[end : end + 30])
    if before and before[1].casefold() in load_words("parts_of_a_country"):
        return True
    if OF_SUCH_A_PART.match(text, end):
        return True
    owner = before and "s" in before[0][len(before[1]) :] and before[1]
    nouns = load_words("nouns_of_parts")
    return (owner or "").casefold() in nouns or bool(after and after[1].casefold() in nouns)


def cores_of_branches(
    text: str,
    names: Sequence[Found],
    cores: dict[int, str],
    countries: list[str],
    knowledge: Knowledge,
) -> dict[int, str]:
    """Tell `the provincial Border Guard`, and the name alone behind it, from the national one."""
    found: dict[int, str] = {}
    seen: dict[str, bool] = {}  # whether the name was last that of a branch
    for index, core in cores.items():
        name = names[index]
        if name.label == "ORG" and not is_acronym(name.text) and is_generic(name.text, knowledge):
            branch = is_branch(text, name.start, name.end)
            branch = branch or (seen.get(core, False) and not countries[index])
            seen[core] = branch
            if branch:
                found[index] = f"{BRANCH} {core}"
    return found
