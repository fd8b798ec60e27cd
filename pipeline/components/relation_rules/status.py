"""Did it, plans to, denies it: the status that the words around a trigger give."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

Words = dict[str, frozenset[str]]

# Links on which a verb or noun above governs the trigger.
GOVERNED = frozenset(
    "xcomp ccomp conj dobj pobj prep acl advcl pcomp attr acomp oprd nsubjpass".split()
)
# Of these, where the governor's meaning carries over to the whole clause below it ...
CLAUSE = frozenset("xcomp ccomp acl acomp oprd".split())
# ... and where it carries over to an object or a phrase.
PHRASE = frozenset("pcomp prep pobj dobj advcl".split())
DENIED = frozenset("xcomp ccomp pcomp acl dobj".split())
# `helped to sign`, `began to work`: the infinitive after these is no plan.
REAL = frozenset("help continue begin start manage come serve".split())
STEPS = 4
STANDING = frozenset({"has_role", "works_for", "member_of", "part_of"})


def is_former(before: Iterable[Token], words: Words) -> bool:
    """Tell whether the words before a name or a post say that it holds no longer."""
    return any(token.lower_.strip("-") in words["former"] for token in before)


def status_of(trigger: Token, words: Words) -> str:
    """Climb from the trigger through what governs it; the nearest cue decides."""
    low = trigger
    for _ in range(STEPS):
        if status := own_status(low, words):
            return status
        high = low.head
        if high.i == low.i or low.dep_ not in GOVERNED:
            break
        if low.dep_ == "conj" and low.pos_ == "VERB" and _has_subject(low):
            break
        if status := _from_above(low, high.lemma_.lower(), words):
            return status
        low = high
    return "actual"


def _has_subject(token: Token) -> bool:
    return any(child.dep_ == "nsubj" for child in token.children)


def _from_above(low: Token, lemma: str, words: Words) -> str:
    if low.dep_ not in CLAUSE | PHRASE:
        return ""
    if lemma in words["negated"] and low.dep_ in DENIED:
        return "negated"
    if lemma in words["alleged"]:
        return "alleged"
    plans = words["planned"] if low.dep_ in CLAUSE else words["planned_object"]
    return "planned" if lemma in plans else ""


def own_status(token: Token, words: Words) -> str:
    """Read the status off a word's own dependents, '' where they say nothing."""
    children = list(token.children)
    if any(_negates(child) for child in children):
        return "negated"
    if any(child.lower_ in words["alleged"] for child in children):
        return "alleged"
    if token.pos_ in ("VERB", "AUX"):
        if any(c.dep_ == "aux" and c.lower_ in words["planned_aux"] for c in children):
            return _ahead(token, children, words)
    adjectives = {child.lower_ for child in children if child.dep_ == "amod"}
    if adjectives & words["planned_words"]:
        return "planned"
    return "former" if token.pos_ == "NOUN" and adjectives & words["former"] else ""


def _negates(child: Token) -> bool:
    if child.dep_ == "neg":
        return True
    words = ("yet", "never", "neither", "nor")
    return child.lower_ in words and child.dep_ in ("advmod", "preconj", "cc")


def _ahead(token: Token, children: list[Token], words: Words) -> str:
    """Tell a plan (`will sign`, `plans to sign`) from a purpose or a deed (`helped to sign`)."""
    lemma = token.head.lemma_.lower()
    infinitive = any(child.lower_ == "to" for child in children)
    if infinitive and token.dep_ == "xcomp":
        return "planned" if lemma in words["planned"] and lemma not in REAL else ""
    if infinitive and token.dep_ == "advcl" and lemma not in words["planned"]:
        return ""
    return "planned"
