"""Whether a capital stands for its government: `Hanoi rejected it` against `a talk in Hanoi`.

A log-linear weighing of the words beside the name; its weights are fitted to the corpus
(`pipeline.training.fit_coreference`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

VERB = re.compile(
    r"(?:has|had|have|is|was|are|were|will|would|may|might|can|could|should|must|did|does|do|also"
    r"|again|itself|never|not|then|now|only|still|says?|said|put|gave|took|sent|left|made|got|kept"
    r"|told|held|met|let|set|began|paid|spent|saw|knew|thought|wrote|\w{2,}ed|\w{3,}[^su\W]s)$"
)


ACTS = re.compile(
    r"(?:says?|said|reject\w*|accus\w+|den(?:y|ies|ied)|call\w*|urge[sd]?|insist\w*|announce\w*|agree\w*"
    r"|want\w*|hope[sd]?|pledge\w*|vow\w*|sign\w*|ratif\w+|accede\w*|adopt\w*|expect\w*|welcome[sd]?"
    r"|critici[sz]e\w*|protest\w*|respond\w*|repl(?:y|ies|ied)|answer\w*|promise[sd]?|ask\w*|warn\w*"
    r"|recall\w*|refuse[sd]?|decide[sd]?|plan\w*|offer\w*|thank\w*|praise[sd]?|recogni[sz]e\w*|intend\w*"
    r"|dispute[sd]?|join\w*|object\w*|demand\w*|propose[sd]?|enact\w*|implement\w*|impose[sd]?|back\w*"
    r"|support\w*|cooperat\w+|send\w*|sent|summon\w*|expel\w*|ban\w*|confirm\w*|insist\w*|trade[sd]?"
    r"|deserve[sd]?|consider\w*|regard\w*|belong\w*|bind|binds|owe[sd]?)$"
)
SPEECH = re.compile(
    r"(?:urge[sd]?|asked|asks|told|tells|thank(?:s|ed)|pressed|upon|by|neither|nor|informed?"
    r"|accus\w+|criticis\w+|praise[sd]?|congratulate\w*|assure\w*|remind\w*|warn\w*|refused|towards?)$"
)
PLACE = re.compile(r"\b(?:in|at|near|around|outside|reach\w*|visit\w*)\s+$")


def features_of(text: str, start: int, end: int, country_named: bool) -> dict[str, float]:
    """Give what speaks for or against: the words on both sides of a name, and their kinds.

    `country_named`: whether the text names the country, too.
    """
    f: dict[str, float] = {"always": 1.0}
    if country_named:
        f["country named"] = 1.0
    before = text[max(0, start - 40) : start]
    after = text[end : end + 40]
    if re.search(r"(?:^|[.!?:\n][\"“”’')]?\s+|\n)$", before):
        f["opens"] = 1.0
    elif word := re.search(r"([\w\-]+)\s+(?:the\s+)?$", before):
        f[f"{word[1].casefold()} <"] = 1.0
        if word[1][0].isupper():
            f["capital letter <"] = 1.0
        if SPEECH.match(word[1].casefold()):
            f["addressed"] = 1.0
    elif mark := re.search(r"(\S)\s*$", before):
        f[f"{mark[1]} <"] = 1.0
    if owner := re.match(r"[’']s?\s+([\w\-]+)", after):
        f["> 's"] = 1.0
        f[f"> 's {owner[1].casefold()}"] = 1.0
    elif word := re.match(r"\s+([\w\-]+)", after):
        folded = word[1].casefold()
        f[f"> {folded}"] = 1.0
        verbs = re.findall(r"[\w\-]+", after)[:4]
        if VERB.match(folded) or ACTS.match(folded):
            f["> verb"] = 1.0
            if any(ACTS.match(verb.casefold()) for verb in verbs):
                f["> acts"] = 1.0
        elif word[1][0].isupper():
            f["> capital letter"] = 1.0
    elif mark := re.match(r"\s*(\S)", after):
        f[f"> {mark[1]}"] = 1.0
    name = re.escape(text[start:end])
    places = sum(bool(PLACE.search(text[max(0, m.start() - 12) : m.start()]))
                 for m in re.finditer(rf"\b{name}\b", text))  # fmt: skip
    f["a place elsewhere"] = min(2, places) / 2
    return f


def acts(
    text: str, start: int, end: int, country_named: bool, weights: Mapping[str, float]
) -> float:
    """Give the belief, 0 to 1, that a capital stands for its government here."""
    features = features_of(text, start, end, country_named)
    return 1 / (1 + math.exp(-sum(v * weights.get(n, 0.0) for n, v in features.items())))
