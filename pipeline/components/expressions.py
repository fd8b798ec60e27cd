"""What a pointing expression says of what it points at: number, labels, head noun, country."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.components.reference_rules import ReferenceRules
from pipeline.knowledge import Knowledge
from pipeline.words import load_words

# A word behind a name by which the name is a subject.
VERB = re.compile(
    r"(?:has|had|have|is|was|are|were|will|would|may|might|can|could|should|must|did|does|do|also"
    r"|again|itself|never|not|then|now|only|still|says?|said|put|gave|took|sent|left|made|got|kept"
    r"|told|held|met|let|set|began|paid|spent|saw|knew|thought|wrote|\w{2,}ed|\w{3,}[^su\W]s)$"
)
IN_ORDER = frozenset({"first", "last", "latter", "former", "other"})
OWNERS = frozenset({"its", "their", "his", "our", "my", "your", "whose"})


@dataclass(frozen=True, slots=True)
class Expression:
    """A pointing expression, read.

    `kind` names the weights that apply: a pronoun's kind, `noun`, `post` for nouns for
    persons, `side` for people of a country, or `set`. `labels` empty means any. `number` is
    that of the things pointed at, -1 for one or several, 0 for several. `owner` is the kind of a
    possessive in front. `fields` are the fields of work that a body's name must have: `the
    defence ministries`.
    """

    start: int
    end: int
    words: str
    kind: str
    labels: frozenset[str]
    number: int
    head: str = ""
    countries: tuple[str, ...] = ()
    gender: str = ""
    owner: str = ""
    fields: frozenset[str] = frozenset()


def read_expression(
    text: str, start: int, end: int, rules: ReferenceRules, knowledge: Knowledge
) -> Expression:
    """Read the words between two offsets."""
    said = " ".join(re.findall(r"[\w\-]+(?:[’'](?!s\b)\w+)?", text[start:end].casefold()))
    # `the six heads of delegation` are heads.
    words = re.split(r"(?<=\w)\s(?:of|as|for|on|in|from|at)\s(?!them$)", said)[0].split()
    content = [word for word in words if word not in rules.determiners] or words[-1:]
    if len(content) == 1 and (pronoun := rules.pronouns.get(content[0])):
        return Expression(
            start, end, said, pronoun.kind, pronoun.labels, pronoun.number, gender=pronoun.gender
        )
    # `Article 4` is one article, `the latter two` are two things.
    counts = content if set(content[:-1]) <= IN_ORDER else content[:-1]
    number = next((rules.numbers[word] for word in counts if word in rules.numbers), None)
    owner = rules.possessors.get(content[0], "") if content else ""
    if number is not None and counts is content:
        content = [word for word in content if word not in IN_ORDER]
    content = [w for w in content if w not in rules.numbers and w not in rules.possessors]
    countries = _countries(content, knowledge)
    if not content:
        labels = frozenset({"ORG", "GPE", "PERSON", "DOCUMENT", "PROGRAM", "EVENT"})
        return Expression(start, end, said, "set", labels, 2 if number is None else number)
    head = content[-1]
    one = singular(head, rules)
    plural = one != head
    if number is None:
        number = 1 if not plural else 0 if one in rules.several else -1
    if countries and (_country(head, knowledge) or plural or one in ("side", "delegation")):
        # `the Thai side`, `the Danes`, `Thai colleagues` are one party to the talks.
        labels = frozenset({"GPE"}) if one not in rules.nouns else rules.nouns[one] | {"GPE"}
        number = 1 if len(countries) == 1 else len(countries)
        return Expression(start, end, said, "side", labels, number, one, countries)
    kind = "noun" if number == 1 else "set"
    labels = rules.nouns.get(one, frozenset())
    if kind == "noun" and labels == {"PERSON"}:
        kind = "post"
    fields = load_words("portfolios").intersection(content[:-1])
    return Expression(
        start, end, said, kind, labels, number, one, countries, owner=owner, fields=fields
    )


def singular(noun: str, rules: ReferenceRules) -> str:
    """Give a noun's singular: `ministries` is `ministry`; what is no plural stays."""
    if noun in rules.singular or noun in rules.nouns or not noun.endswith("s"):
        return {"men": "man", "women": "woman", "people": "person"}.get(noun, noun)
    for ending, other in (("ies", "y"), ("es", ""), ("s", "")):
        if noun.endswith(ending) and noun[: -len(ending)] + other in rules.nouns:
            return noun[: -len(ending)] + other
    return noun if noun.endswith("ss") else noun[:-1]


def _countries(words: list[str], knowledge: Knowledge) -> tuple[str, ...]:
    found = dict.fromkeys(_country(word, knowledge) for word in words)
    pairs = [" ".join(pair) for pair in pairwise(words)]
    found.update(dict.fromkeys(_country(pair, knowledge) for pair in pairs))
    return tuple(code for code in found if code)


def _country(word: str, knowledge: Knowledge) -> str:
    demonyms = knowledge.demonyms
    return demonyms.get(word) or (demonyms.get(word[:-1], "") if word.endswith("s") else "")


def context_of(text: str, span: Expression) -> tuple[str, ...]:
    """Give the words around a span as keys: `said >`, `< of`, and `'s director` for owners."""
    return context_keys(text, span.start, span.end, span.words in OWNERS)


def context_keys(text: str, start: int, end: int, owner: bool = False) -> tuple[str, ...]:
    """Give the words around any span as keys; `owner` reads a possessive without its `'s`."""
    keys = []
    if before := re.search(r"([\w\-]+)\s+(?:the\s+|an?\s+)?$", text[max(0, start - 40) : start]):
        keys.append(f"{before[1].casefold()} <")
    after = text[end : end + 30]
    if possessive := re.match(r"[’']s?\s+([\w\-]+)", after):
        keys.append(f"> 's {possessive[1].casefold()}")
    elif following := re.match(r"\s+([\w\-]+)", after):
        keys.append(f"> {chr(39) + 's ' if owner else ''}{following[1].casefold()}")
    return tuple(keys)


def part_of(text: str, span: Expression, sentences: Sequence[int]) -> str:
    """Guess an expression's part in its sentence: subject, object, or owner of something."""
    if span.words in OWNERS or re.match(r"[’']s?\s", text[span.end : span.end + 3]):
        return "owner"
    following = re.match(r"\s+([\w\-]+)", text[span.end : span.end + 30])
    if span.start in sentences or (following and VERB.match(following[1].casefold())):
        return "subject"
    return "object"
