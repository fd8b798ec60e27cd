"""Validate annotated files: what is wrong, in which line, and how to mend it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import MarkupError
from pipeline.markup import GoldMention, GoldRelation, GoldText, read_markup
from pipeline.schema import Schema

ARTICLE = re.compile(r"(?:the|a|an)\s", re.IGNORECASE)
TRAILING = re.compile(r"(?:[,;:!?\"”’'\-–—]|['’]s|(?<![A-Z.]\w)(?<!\bNo)\.)$")
# Abbreviations of ranks, companies and months end in a full stop of their own.
ABBREVIATION = re.compile(
    r"(?:\b[A-Z]\.|\b(?:Co|Corp|Inc|Ltd|Gen|Lt|Col|Maj|Capt|Sgt|Sr|Jr|Dr|Mr|Mrs|Ms|St|Sen|Rep"
    r"|Gov|Insp|Supt|Brig|Adm|Cdr|Comm|Dir|Pol|Prof|Hon|Rev|Amb|Det|No|Dept|Asst|Jan|Feb|Mar|Apr"
    r"|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|m|bn|tn|a\.m|p\.m)\.)$",
)
WIKIDATA = re.compile(r"Q[1-9][0-9]*")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding; a `warning` is worth a look, an `error` keeps the file out of training."""

    path: str
    line: int
    severity: str
    what: str
    how: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity}: {self.what}. {self.how}."


def check_file(path: Path, schema: Schema, raw: Path | None = None) -> list[Problem]:
    """Check one annotated file against the schema and, where it exists, its raw original.

    `raw` is the original text; by default the file of the same name that ends in .txt.
    """
    name = path.as_posix()
    try:
        annotated = path.read_text(encoding="utf-8")
        gold = read_markup(annotated, name)
    except MarkupError as error:
        line = re.search(r", line (\d+): (.*?)\. (.*)$", str(error), re.DOTALL)
        if line is None:
            return [Problem(name, 0, "error", str(error), "Mend the marks")]
        return [Problem(name, int(line[1]), "error", line[2], line[3].rstrip("."))]
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(name, 0, "error", f"cannot be read as UTF-8 ({error})", "Save it as UTF-8")]
    original = raw or path.with_suffix(".txt")
    text = original.read_text(encoding="utf-8") if original.exists() else None
    return sorted(check_gold(gold, schema, name, text))


def check_gold(
    gold: GoldText, schema: Schema, name: str = "text", raw: str | None = None
) -> list[Problem]:
    """Check a text that could be read; `raw` is what it says without its marks."""
    checker = _Checker(gold, schema, name)
    problems = [
        *checker.mentions(),
        *checker.identifiers(),
        *checker.relations(),
        *checker.names(),
    ]
    if raw is not None:
        problems.extend(checker.original(raw))
    return problems


class _Checker:
    def __init__(self, gold: GoldText, schema: Schema, name: str) -> None:
        self.gold, self.schema, self.name = gold, schema, name
        self.labels: dict[str, dict[str, int]] = defaultdict(dict)
        for mention in gold.mentions:
            if mention.label != schema.reference:
                self.labels[mention.ids[0]].setdefault(mention.label, mention.line)

    def error(self, line: int, what: str, how: str) -> Problem:
        return Problem(self.name, line, "error", what, how)

    def warning(self, line: int, what: str, how: str) -> Problem:
        return Problem(self.name, line, "warning", what, how)

    def mentions(self) -> Iterator[Problem]:
        known = [*self.schema.labels, self.schema.reference]
        for mention in self.gold.mentions:
            where = f"[[{mention.text}|{mention.label}|{'+'.join(mention.ids)}]]"
            if mention.label not in known:
                yield self.error(
                    mention.line, f"unknown label in {where}", f"Use one of {', '.join(known)}"
                )
            elif mention.label == self.schema.reference:
                for missing in sorted(set(mention.ids) - set(self.labels)):
                    yield self.error(
                        mention.line,
                        f"{where} refers to {missing!r}, which no name in the text carries",
                        "Mark the name that it points at, or take the reference away",
                    )
            elif len(mention.ids) > 1:
                yield self.error(
                    mention.line,
                    f"{where} is a name with several identifiers",
                    "Keep one, or use REF",
                )
            else:
                yield from self.borders(mention, where)

    def borders(self, mention: GoldMention, where: str) -> Iterator[Problem]:
        if mention.text != mention.text.strip():
            yield self.error(mention.line, f"{where} starts or ends with a space", "Move the mark")
        elif ARTICLE.match(mention.text) and mention.label != "DATE":
            yield self.warning(
                mention.line, f"{where} starts with an article", "Leave the article outside"
            )
        elif TRAILING.search(mention.text) and not ABBREVIATION.search(mention.text):
            yield self.warning(
                mention.line,
                f"{where} ends in punctuation or a possessive",
                "Leave it outside, unless it belongs to the name",
            )

    def identifiers(self) -> Iterator[Problem]:
        for identifier, labels in self.labels.items():
            if len(labels) > 1:
                seen = ", ".join(f"{label} in line {line}" for label, line in labels.items())
                yield self.error(
                    max(labels.values()),
                    f"identifier {identifier!r} has two labels ({seen})",
                    "Give each thing an identifier of its own, or correct the label",
                )

    def relations(self) -> Iterator[Problem]:
        seen: dict[tuple[object, ...], int] = {}
        for relation in self.gold.relations:
            if relation.relation not in self.schema.relations:
                yield self.error(
                    relation.line,
                    f"unknown relation {relation.relation!r}",
                    f"Use one of {', '.join(self.schema.relations)}",
                )
                continue
            yield from self.ends(relation)
            yield from self.extras(relation)
            ends: tuple[str, ...] = (relation.head, relation.tail)
            if self.schema.relations[relation.relation].symmetric:
                ends = tuple(sorted(ends))
            key = (relation.start, relation.relation, ends, relation.qualifiers)
            if key in seen:
                yield self.error(
                    relation.line,
                    f"{relation.head} {relation.relation} {relation.tail} repeats line {seen[key]}",
                    "Keep one of the two",
                )
            seen.setdefault(key, relation.line)

    def ends(self, relation: GoldRelation) -> Iterator[Problem]:
        labels = []
        for end in (relation.head, relation.tail):
            if end not in self.labels:
                yield self.error(
                    relation.line,
                    f"{end!r} in `{relation.relation}` is the identifier of no name in the text",
                    "Correct it, or mark the mention (several identifiers need several lines)",
                )
            else:
                labels.append(next(iter(self.labels[end])))
        if relation.head == relation.tail:
            yield self.error(relation.line, f"{relation.head!r} stands at both ends", "Correct one")
        elif len(labels) == 2 and not self.schema.allows(relation.relation, *labels):
            kind = self.schema.relations[relation.relation]
            yield self.error(
                relation.line,
                f"{relation.relation} from {labels[0]} to {labels[1]}",
                f"It goes from {'/'.join(sorted(kind.head))} to {'/'.join(sorted(kind.tail))}",
            )

    def extras(self, relation: GoldRelation) -> Iterator[Problem]:
        if relation.status not in self.schema.statuses:
            yield self.error(
                relation.line,
                f"unknown status {relation.status!r}",
                f"Use one of {', '.join(self.schema.statuses)}",
            )
        for key, value in relation.qualifiers:
            wanted = self.schema.qualifiers.get(key)
            if wanted is None:
                yield self.error(
                    relation.line,
                    f"unknown qualifier {key!r}",
                    f"Use one of {', '.join(self.schema.qualifiers)}, status",
                )
            elif wanted not in self.labels.get(value, {}):
                found = "/".join(self.labels.get(value, {})) or "nothing in the text"
                yield self.error(
                    relation.line,
                    f"qualifier {key}={value} names {found}, not a {wanted}",
                    f"Give the identifier of a marked {wanted}",
                )

    def names(self) -> Iterator[Problem]:
        seen: dict[str, int] = {}
        for name in self.gold.names:
            if name.id not in self.labels:
                yield self.error(
                    name.line, f"{name.id!r} is the identifier of no name in the text", "Correct it"
                )
            if name.id in seen:
                yield self.error(
                    name.line, f"{name.id!r} is named in line {seen[name.id]} already", "Keep one"
                )
            seen.setdefault(name.id, name.line)
            if name.wikidata and not WIKIDATA.fullmatch(name.wikidata):
                yield self.error(
                    name.line,
                    f"{name.wikidata!r} is no Wikidata identifier",
                    "Write it like Q881, or leave it empty",
                )

    def original(self, raw: str) -> Iterator[Problem]:
        if self.gold.text.rstrip("\n") == raw.rstrip("\n"):
            return
        pairs = enumerate(zip(self.gold.text, raw, strict=False))
        at = next((i for i, (a, b) in pairs if a != b), min(len(self.gold.text), len(raw)))
        shown, wanted = self.gold.text[at : at + 40], raw[at : at + 40]
        # Marks and relation lines shift lines, so the nearest mention before it leads there.
        line = max((m.line for m in self.gold.mentions if m.start <= at), default=1)
        yield self.error(
            line,
            f"the text differs from its original at character {at}: {shown!r}, not {wanted!r}",
            "Copy the original's wording back; only marks may be added",
        )
