"""Whether a statement holds: what the words of its clause say beside the model's own status.

The model reads a whole paragraph and is right on most statements; a plain negation, plan or
former post in the very clause that states it is surer. `data/cues.yaml` says which words count
where, and which statuses they may replace; and which words a paragraph must hold for a status to
be believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipeline.errors import ConfigError
from pipeline.schema import load_schema
from pipeline.sentences import sentence_around

CUES = Path(__file__).parent / "data" / "cues.yaml"
NAME = "~"  # stands for a name, so that `Not Free` is no negation
# What `denied that` and `suggested that` govern belongs to their clause.
GOVERNED = "".join(
    f"(?<!{word} that)" for word in ("denied", "denies", "suggested", "proposed", "recommended")
)
CLAUSE = re.compile(
    rf"[;:()]|,? (?:but|while|although|though|because|whereas|since|which|who|whose|where|when"
    rf"|that{GOVERNED}|if|before|after)\b|, (?:and|or|as|with|nor)\b|[—–]| - "
)
# `A and B will sign`: what is said of both stands behind the second.
COORDINATED = re.compile(r"(?:,|and|as well as|the|both|~|[-–/]|\s)*")
SENTENCE = re.compile(r"[.!?;]\s")
GROUPS = ("acts", "standing", "posts", "times", "titles", "signings", "harms")
NEGATIVE = re.compile(r"(?:neither|nor|no|none)\b")  # `Neither country`: a name that says no
ACTUAL = "actual"
PLACES = ("before", "between", "after")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cue:
    """A rule of `status` in data/cues.yaml, its groups written out as relations."""

    status: str
    where: str
    words: re.Pattern[str]
    of: frozenset[str]
    relations: frozenset[str]
    whole_sentence: bool


@dataclass(frozen=True, slots=True)
class _Clause:
    """The text around two ends, names masked; `joined` where no clause ends between them."""

    before: str
    between: str
    after: str
    sentence_after: str
    joined: bool
    one_sentence: bool


@cache
def load_groups(path: Path = CUES) -> dict[str, frozenset[str]]:
    """Give the groups of relations that rules name.

    Raises:
        ConfigError: a group names an unknown relation.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = load_schema().relations
    groups = {}
    for name in GROUPS:
        groups[name] = frozenset(content[name])
        if unknown := sorted(groups[name] - set(known)):
            raise ConfigError(
                f"{path}, {name}: {', '.join(unknown)} is not one of {', '.join(known)}. "
                f"Correct it, or add the relation to pipeline/data/schema.yaml."
            )
    return groups


@cache
def load_cues(path: Path = CUES) -> tuple[Cue, ...]:
    """Read the rules, in the order in which they are tried.

    Raises:
        ConfigError: a rule has an unknown status, place, group or a broken pattern.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    schema, groups = load_schema(), load_groups(path)
    cues = []
    for number, rule in enumerate(content["status"], start=1):
        where = f"{path}, status rule {number}"
        named = {rule["status"], *rule["of"]}
        if unknown := sorted(named - set(schema.statuses)):
            raise ConfigError(
                f"{where}: {', '.join(unknown)} is not one of {', '.join(schema.statuses)}. "
                f"Correct it."
            )
        if rule["where"] not in PLACES:
            raise ConfigError(
                f"{where}: `where` is {rule['where']!r}, expected one of {', '.join(PLACES)}. "
                f"Correct it."
            )
        kept = _members(groups, rule.get("only"), frozenset(schema.relations))
        left_out = _members(groups, rule.get("unless"), frozenset())
        try:
            words = re.compile(rule["words"])
        except re.error as error:
            raise ConfigError(f"{where}: {rule['words']!r} is no pattern: {error}.") from error
        cues.append(
            Cue(
                rule["status"],
                rule["where"],
                words,
                frozenset(rule["of"]),
                kept - left_out,
                rule.get("reach") == "sentence",
            )
        )
    return tuple(cues)


@cache
def load_needs(path: Path = CUES) -> dict[str, re.Pattern[str]]:
    """Give what a paragraph must say for a status to be believed.

    Raises:
        ConfigError: a status is unknown, or a pattern is broken.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    needs = {}
    for status, words in content["needs"].items():
        if status not in load_schema().statuses:
            raise ConfigError(
                f"{path}, needs: {status} is not one of {', '.join(load_schema().statuses)}. "
                f"Correct it."
            )
        try:
            needs[status] = re.compile(words)
        except re.error as error:
            raise ConfigError(f"{path}, needs, {status}: no pattern: {error}.") from error
    return needs


def _members(
    groups: dict[str, frozenset[str]], names: list[str] | None, default: frozenset[str]
) -> frozenset[str]:
    return default if names is None else frozenset().union(*(groups[name] for name in names))


def mask(text: str, spans: Iterable[Span]) -> str:
    """Give the text in lower case with each span filled with marks, at the same places.

    A span that denies itself, like `neither country`, stays as it is.
    """
    # Lower case may change a text's length: `İ` is two characters then.
    plain = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start < at or NEGATIVE.match(plain[start:end]):
            continue
        pieces += [plain[at:start], NAME * (end - start)]
        at = end
    return "".join([*pieces, plain[at:]])


def settled_status(
    masked: str, starts: Sequence[int], head: Span, tail: Span, relation: str, status: str
) -> str:
    """Give the status that the clause around both ends settles, or the given one.

    `masked` is what `mask` gives, `starts` are the places where sentences begin.
    """
    symmetric = load_schema().relations[relation].symmetric
    needed = load_needs().get(status)
    if needed and not needed.search(masked, *paragraph_around(masked, head, tail)):
        status = ACTUAL
    clause = _clause(masked, list(starts), head, tail, symmetric)
    for cue in load_cues():
        if status in cue.of and relation in cue.relations and _fits(cue, clause):
            return cue.status
    return status


def paragraph_around(text: str, head: Span, tail: Span) -> Span:
    """Give the bounds of the paragraph, or paragraphs, that hold two spans."""
    first, last = min(head, tail)[0], max(head[1], tail[1])
    end = text.find("\n\n", last)
    return text.rfind("\n\n", 0, first) + 1, end if end >= 0 else len(text)


def doubted_status(relation: str, status: str) -> str:
    """Give the status of what `X claims`: alleged, where the model takes it for a fact.

    Titles, places and dates beside a name are no part of the claim.
    """
    groups = load_groups()
    aside = groups["acts"] | groups["standing"] | groups["times"]
    return "alleged" if status == "actual" and relation not in aside else status


def _clause(masked: str, starts: list[int], head: Span, tail: Span, symmetric: bool) -> _Clause:
    first, second = sorted((head, tail))
    begin, stop = sentence_around(masked, starts, first[0], second[1])
    denies = NEGATIVE.match(masked, first[0])
    before, after = masked[begin : first[1] if denies else first[0]], masked[second[1] : stop]
    between = re.sub(f"{NAME}+", NAME, masked[first[1] : second[0]])
    last = max((match.end() for match in CLAUSE.finditer(before)), default=0)
    end = CLAUSE.search(after)
    clause_after = re.sub(f"{NAME}+", NAME, after[: end.start()] if end else after)
    if symmetric and COORDINATED.fullmatch(between):
        between, clause_after = clause_after, ""
    one = not SENTENCE.search(between)
    return _Clause(
        before=re.sub(f"{NAME}+", NAME, before[last:] if last else before),
        between=between,
        after=clause_after,
        sentence_after=re.sub(f"{NAME}+", NAME, after),
        joined=one and not CLAUSE.search(between),
        one_sentence=one,
    )


def _fits(cue: Cue, clause: _Clause) -> bool:
    if cue.where == "after":
        words = clause.sentence_after if cue.whole_sentence else clause.after
        return clause.one_sentence and bool(cue.words.search(words))
    words = clause.between if cue.where == "between" else clause.before
    return clause.joined and bool(cue.words.search(words))
