"""Fit the weights by which a body or law that many countries have finds its country.

Run it after the corpus or the features changed:

    python -m pipeline.training.fit_owners --gold seeds/gold --out pipeline/data/rules/owners.yaml

Learnt from the train part: bodies and documents whose canonical name or a relation says whose
they are. Names are those of the annotation, clusters are predicted.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.context import Context
from pipeline.gold import GoldDocument, as_document, read_corpus
from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.markup import GoldText
from pipeline.owners import kind_of
from pipeline.schema import Schema, load_schema
from pipeline.tables import write_beside
from pipeline.training.fit_coreference import Example, fit
from pipeline.training.score_clusters import mentions_between_gold

log = logging.getLogger(__name__)

HEADER = """\
# Fitted on the train part of seeds/gold by pipeline.training.fit_owners, whose docstring has the
# command. What speaks for a country as the owner of a body, by kind of body; `all` holds for every
# kind and the others add to it.
"""


@dataclass(frozen=True, slots=True)
class Body:
    """A body of a text, whose it is, and the countries that compete for it."""

    name: str
    owner: str
    codes: tuple[str, ...]
    example: Example


def owners_in(gold: GoldText, knowledge: Knowledge) -> dict[str, str]:
    """Give the country of each body and document, where its name or a relation says one."""
    found: dict[str, str] = {}
    named = {name.id: name.name for name in gold.names}
    labels = gold.label_of()
    for relation in gold.relations:
        if relation.relation == "part_of" and labels.get(relation.tail) == "GPE":
            code = knowledge.country(named.get(relation.tail, ""))
            if code and relation.status == "actual":
                found[relation.head] = code
    for identifier, name in named.items():
        if labels.get(identifier) in ("ORG", "DOCUMENT") and (code := country_in(name, knowledge)):
            found[identifier] = code
    return found


def country_in(name: str, knowledge: Knowledge) -> str:
    """Give the country that a canonical name has at its end, in brackets or in front."""
    words = re.sub(r"[(),]", " ", name).split()
    pieces = [part.strip() for part in re.findall(r"\(([^)]*)\)", name)]
    pieces += [" ".join(words[-size:]) for size in (3, 2, 1)]
    pieces += [" ".join(words[:size]) for size in (3, 2, 1)]
    return next((code for piece in pieces if (code := knowledge.country(piece))), "")


def bodies_of(document: GoldDocument, knowledge: Knowledge, schema: Schema) -> Iterator[Body]:
    """Give the bodies without a country in or beside their names and the laws of one text."""
    gold = document.gold
    truth = owners_in(gold, knowledge)
    marked = {(m.start, m.end): m.ids[0] for m in gold.mentions if m.label != schema.reference}
    mentions = mentions_between_gold(document, knowledge, schema)
    context = Context(as_document(document), mentions, (), knowledge, 1.0)
    for rows in sorted(context.clusters.values(), key=lambda rows: rows[0].begin):
        first = rows[0]
        owner = truth.get(marked.get((first.begin, first.stop), ""), "")
        if owner and not first.country and context.owners.in_doubt(first):
            possible = context.owners.candidates(rows)
            codes = tuple(possible)
            right = codes.index(owner) if owner in codes else -1
            example = Example(kind_of(first), tuple(possible.values()), right)
            yield Body(first.name, owner, codes, example)
        if first.label == "ORG" and (settled := owner or first.country):
            context.owners.settled(rows, settled)


def main(gold: InPath, out: OutPath) -> None:
    """Fit on the train part and write the weights."""
    schema, knowledge = load_schema(), load_knowledge()
    bodies = [
        body
        for document in read_corpus(gold, schema)
        if document.part == "train"
        for body in bodies_of(document, knowledge, schema)
    ]
    weights = fit([body.example for body in bodies if body.example.right >= 0])
    with write_beside(out) as stream:
        stream.write(HEADER)
        yaml.safe_dump({"owners": weights}, stream, allow_unicode=True, sort_keys=True)
    log.info(
        "fit_owners: %s of %s bodies have their country among those of the text",
        sum(body.example.right >= 0 for body in bodies),
        len(bodies),
    )


if __name__ == "__main__":
    run_stage(main)
