"""Scores of relations between given mentions: what was missed, what was invented, which status."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from spacy.tokens import Doc
from spacy.training import Example

from pipeline.schema import Schema, load_schema

Key = tuple[str, str, str, int]


def score_relations(
    examples: Iterable[Example], *, schema: Schema | None = None, **_: Any
) -> dict[str, Any]:
    """Score statements between given mentions, by identifier: a relation never proposed is missed.

    Gives `relations_p`, `relations_r`, `relations_f` (micro), `relations_macro_f`,
    `relations_status` (share of the matched with the right status), `relations_per_type`.
    A `schema` of None means the project's own.
    """
    schema = schema or load_schema()
    counts: dict[str, list[int]] = {name: [0, 0, 0] for name in schema.relations}
    right = matched = 0
    for example in examples:
        gold, found = (
            gold_statements(example.reference, schema),
            found_statements(example.predicted, schema),
        )
        for key in gold.keys() | found.keys():
            counts[key[1]][0] += key in gold and key in found
            counts[key[1]][1] += key in found
            counts[key[1]][2] += key in gold
            if key in gold and key in found:
                matched += 1
                right += gold[key] == found[key]
    per_type = {name: prf(*row) for name, row in counts.items() if row[1] or row[2]}
    total = prf(*(sum(row[i] for row in counts.values()) for i in range(3)))
    return {
        "relations_p": total["p"],
        "relations_r": total["r"],
        "relations_f": total["f"],
        "relations_macro_f": sum(row["f"] for row in per_type.values()) / max(1, len(per_type)),
        "relations_status": right / matched if matched else 0.0,
        "relations_per_type": per_type,
    }


def prf(hit: int, found: int, gold: int) -> dict[str, float]:
    """Give precision, recall, F1 and support."""
    p, r = hit / found if found else 0.0, hit / gold if gold else 0.0
    f = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": p, "r": r, "f": f, "support": gold}


def gold_statements(doc: Doc, schema: Schema) -> dict[Key, str]:
    """Give the annotated statements with their status, by ends, relation and paragraph."""
    found: dict[Key, str] = {}
    for head, relation, tail, status, _, start, _ in doc._.relations or []:
        ends = sorted((head, tail)) if schema.relations[relation].symmetric else (head, tail)
        found[ends[0], relation, ends[1], paragraph_of(doc, start)] = status
    return found


def found_statements(doc: Doc, schema: Schema) -> dict[Key, str]:
    """Give the predicted statements with their status, one for each pair of identifiers."""
    found: dict[Key, str] = {}
    rows = doc._.mention_ids or []
    for statement in doc._.statements or []:
        head, relation, tail, status = statement[:4]
        for left in rows[head][3]:
            for right in rows[tail][3]:
                if left != right:
                    ends = (
                        sorted((left, right))
                        if schema.relations[relation].symmetric
                        else (left, right)
                    )
                    at = doc[rows[head][0]].idx
                    found[ends[0], relation, ends[1], paragraph_of(doc, at)] = status
    return found


def paragraph_of(doc: Doc, at: int) -> int:
    """Number the paragraph that holds a character."""
    return doc.text.count("\n\n", 0, at + 1)


def make_relation_scorer() -> Callable[..., dict[str, Any]]:
    """Give the scorer of relations."""
    return score_relations
