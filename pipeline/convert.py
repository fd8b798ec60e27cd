"""Annotated texts in the forms of other tools, both ways: brat, JSONL, Label Studio.

What a form has no place for (identifiers, qualifiers, canonical names) travels in its notes,
so that a text that goes out and comes back is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import count
from typing import Any

from pipeline.errors import MarkupError
from pipeline.markup import GoldMention, GoldName, GoldRelation, GoldText

BRAT_SPAN = re.compile(r"T(\d+)\t(\S+) (\d+) (\d+)\t(.*)")
BRAT_NOTE = re.compile(r"#\d+\tAnnotatorNotes (\S+)\t(.*)")


def to_brat(gold: GoldText) -> tuple[str, str]:
    """Give text and standoff annotation (.txt, .ann) as brat 1.3 reads them.

    A relation joins the mentions of its two ends that stand nearest; its note keeps the
    identifiers, the status, the qualifiers and the paragraph.
    """
    lines: list[str] = []
    notes: list[tuple[str, dict[str, Any]]] = []
    for number, mention in enumerate(gold.mentions, start=1):
        lines.append(f"T{number}\t{mention.label} {mention.start} {mention.end}\t{mention.text}")
        notes.append((f"T{number}", {"ids": list(mention.ids)}))
    for number, relation in enumerate(gold.relations, start=1):
        ends = _nearest(gold, relation)
        row = _relation_row(relation)
        if ends is None:
            notes.append((f"N{number}", row))
            continue
        head, tail = ends
        lines.append(f"R{number}\t{relation.relation} Arg1:T{head + 1} Arg2:T{tail + 1}\t")
        notes.append((f"R{number}", row))
    notes.extend(
        (f"E-{name.id}", {"name": name.name, "wikidata": name.wikidata}) for name in gold.names
    )
    for number, (target, note) in enumerate(notes, start=1):
        lines.append(f"#{number}\tAnnotatorNotes {target}\t{json.dumps(note, ensure_ascii=False)}")
    return gold.text, "".join(f"{line}\n" for line in lines)


def from_brat(text: str, standoff: str, source: str = "standoff") -> GoldText:
    """Read brat standoff back; spans and relations made in brat get identifiers of their own.

    Raises:
        MarkupError: a line has no form that brat writes, or a relation names no span.
    """
    spans: dict[str, tuple[int, int, str]] = {}
    bare: dict[str, tuple[str, str, str]] = {}
    notes: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(standoff.splitlines(), start=1):
        if match := BRAT_SPAN.match(line):
            spans[f"T{match[1]}"] = (int(match[3]), int(match[4]), match[2])
        elif match := re.match(r"(R\d+)\t(\S+) Arg1:(T\d+) Arg2:(T\d+)", line):
            bare[match[1]] = (match[2], match[3], match[4])
        elif match := BRAT_NOTE.match(line):
            notes[match[1]] = _note(match[2])
        elif line.strip() and not line.startswith(("A", "#", "*", "E", "N")):
            raise MarkupError(
                f"{source}, line {number}: {line!r} is neither a span, a relation nor a note of "
                f"brat. Export the file from brat again."
            )
    mentions = [
        GoldMention(
            start, end, text[start:end], label, tuple(notes.get(key, {}).get("ids", [key.lower()]))
        )
        for key, (start, end, label) in spans.items()
    ]
    ids = {key: mention.ids[0] for key, mention in zip(spans, mentions, strict=True)}
    relations = [
        _relation_of(note) for key, note in notes.items() if key[0] in "RN" and "head" in note
    ]
    for key, (label, head, tail) in bare.items():
        if head not in ids or tail not in ids:
            raise MarkupError(
                f"{source}: {key} joins {head} and {tail}, one of which is no span. Remove it."
            )
        if "head" not in notes.get(key, {}):
            start, end = _paragraph(text, spans[head][0])
            relations.append(GoldRelation(ids[head], label, ids[tail], "actual", (), start, end))
    names = [
        GoldName(key[2:], note["name"], note["wikidata"])
        for key, note in notes.items()
        if key.startswith("E-")
    ]
    return GoldText(text, tuple(sorted(mentions, key=_place)), tuple(relations), tuple(names))


def _note(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return {}  # a note that a person wrote in brat
    return found if isinstance(found, dict) else {}


def to_json(gold: GoldText) -> dict[str, Any]:
    """Give one object of the JSONL form of Prodigy and doccano: text, spans, relations.

    `relations` have `head` and `child` as indexes into `spans`, as Prodigy has them.
    """
    relations = []
    for relation in gold.relations:
        ends = _nearest(gold, relation)
        row = _relation_row(relation) | {"label": relation.relation}
        if ends is not None:
            row |= {"head": ends[0], "child": ends[1]}
        relations.append(row | {"ids": [relation.head, relation.tail]})
    return {
        "text": gold.text,
        "spans": [
            {"start": m.start, "end": m.end, "label": m.label, "ids": list(m.ids)}
            for m in gold.mentions
        ],
        "relations": relations,
        "names": [{"id": n.id, "name": n.name, "wikidata": n.wikidata} for n in gold.names],
    }


def from_json(row: dict[str, Any], source: str = "row") -> GoldText:
    """Read one object back; spans without `ids` get identifiers of their own.

    Raises:
        MarkupError: the object lacks text or spans, or a relation points at no span.
    """
    try:
        text, fresh = row["text"], count(1)
        mentions = tuple(
            GoldMention(
                s["start"], s["end"], text[s["start"] : s["end"]], s["label"],
                tuple(s.get("ids") or [f"t{next(fresh)}"]),
            )
            for s in row["spans"]
        )  # fmt: skip
        relations = []
        for r in row.get("relations", ()):
            if "ids" in r:
                relations.append(_relation_of(r | {"head": r["ids"][0], "tail": r["ids"][1]}))
                continue
            head, tail = mentions[r["head"]], mentions[r["child"]]
            start, end = _paragraph(text, head.start)
            relations.append(
                GoldRelation(head.ids[0], r["label"], tail.ids[0], "actual", (), start, end)
            )
        names = tuple(GoldName(n["id"], n["name"], n["wikidata"]) for n in row.get("names", ()))
    except (KeyError, IndexError, TypeError) as error:
        raise MarkupError(
            f"{source}: {error!r} is missing or points at nothing, expected text, spans (start, "
            f"end, label) and relations (head, child, label). Export it again."
        ) from error
    return GoldText(text, tuple(sorted(mentions, key=_place)), tuple(relations), names)


def to_label_studio(gold: GoldText) -> dict[str, Any]:
    """Give one Label Studio task with an annotation: labels on spans and relations."""
    results: list[dict[str, Any]] = []
    for number, mention in enumerate(gold.mentions):
        value = {
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "labels": [mention.label],
        }
        results.append(
            {"id": f"m{number}", "from_name": "label", "to_name": "text", "type": "labels",
             "value": value, "meta": {"text": ["+".join(mention.ids)]}}
        )  # fmt: skip
    for relation in gold.relations:
        ends = _nearest(gold, relation)
        row: dict[str, Any] = {
            "type": "relation",
            "labels": [relation.relation],
            "direction": "right",
        }
        if ends is not None:
            row |= {"from_id": f"m{ends[0]}", "to_id": f"m{ends[1]}"}
        results.append(row | {"meta": _relation_row(relation)})
    names = [{"id": n.id, "name": n.name, "wikidata": n.wikidata} for n in gold.names]
    return {"data": {"text": gold.text, "names": names}, "annotations": [{"result": results}]}


def from_label_studio(task: dict[str, Any], source: str = "task") -> GoldText:
    """Read one task back; spans that were added there get identifiers of their own.

    Raises:
        MarkupError: the task lacks a part that Label Studio writes.
    """
    try:
        text = task["data"]["text"]
        results = task["annotations"][0]["result"]
        spans, relations, fresh = {}, [], count(1)
        for row in results:
            if row["type"] == "labels":
                value, meta = row["value"], row.get("meta", {}).get("text") or [f"n{next(fresh)}"]
                start, end = value["start"], value["end"]
                spans[row["id"]] = GoldMention(
                    start, end, text[start:end], value["labels"][0], tuple(meta[0].split("+"))
                )
        for row in results:
            if row["type"] != "relation":
                continue
            if "head" in row.get("meta", {}):
                relations.append(_relation_of(row["meta"]))
                continue
            head, tail = spans[row["from_id"]], spans[row["to_id"]]
            begin, stop = _paragraph(text, head.start)
            relations.append(
                GoldRelation(head.ids[0], row["labels"][0], tail.ids[0], "actual", (), begin, stop)
            )
        names = tuple(
            GoldName(n["id"], n["name"], n["wikidata"]) for n in task["data"].get("names", ())
        )
    except (KeyError, IndexError, TypeError) as error:
        raise MarkupError(
            f"{source}: {error!r} is missing, expected a Label Studio task with data.text and "
            f"annotations. Export it as JSON again."
        ) from error
    return GoldText(text, tuple(sorted(spans.values(), key=_place)), tuple(relations), names)


def _place(mention: GoldMention) -> tuple[int, int]:
    return mention.start, mention.end


def _relation_row(relation: GoldRelation) -> dict[str, Any]:
    return {
        "head": relation.head,
        "relation": relation.relation,
        "tail": relation.tail,
        "status": relation.status,
        "qualifiers": dict(relation.qualifiers),
        "paragraph": [relation.start, relation.end],
    }


def _relation_of(row: dict[str, Any]) -> GoldRelation:
    start, end = row["paragraph"]
    return GoldRelation(
        row["head"], row.get("relation") or row["label"], row["tail"], row["status"],
        tuple(sorted(row["qualifiers"].items())), start, end,
    )  # fmt: skip


def _nearest(gold: GoldText, relation: GoldRelation) -> tuple[int, int] | None:
    """Find the mentions of both ends: in the paragraph if they stand there, and close by."""

    def places(identifier: str) -> list[int]:
        found = [i for i, m in enumerate(gold.mentions) if identifier in m.ids]
        inside = [i for i in found if relation.start <= gold.mentions[i].start < relation.end]
        return inside or found

    pairs: Iterable[tuple[int, int]] = (
        (h, t) for h in places(relation.head) for t in places(relation.tail) if h != t
    )
    return min(pairs, key=lambda pair: (abs(pair[0] - pair[1]), pair), default=None)


def _paragraph(text: str, at: int) -> tuple[int, int]:
    """Give the bounds of the run of lines that are not blank around a character."""
    start = text.rfind("\n\n", 0, at) + 2 if "\n\n" in text[:at] else 0
    end = text.find("\n\n", at)
    return start, len(text) if end < 0 else end + 1
