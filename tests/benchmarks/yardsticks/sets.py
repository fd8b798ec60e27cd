"""The sets: read, made into annotated Docs, and written as the train stages read them."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from pipeline.errors import InputError, RecordError
from pipeline.extensions import add_extensions


@dataclass(frozen=True, slots=True)
class Sentence:
    """One annotated sentence: spans are start, end, label; relations are head, label, tail."""

    id: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    relations: tuple[tuple[int, str, int], ...]


@dataclass(frozen=True)
class Yardstick:
    """What to measure and how to train for it; one section of yardsticks.yaml.

    `task` is end_to_end, related_pairs or spans.
    `set` names the files, `domain` the part of them whose ids begin so. `typed` lets a relation
    stand only between labels that the train part has at its ends. `floor` is the score from
    which CrossRE's pairs have a relation besides their best. `dev` bounds the sentences that
    training watches, evenly spread; a score on dev is of all. `recognizer` and `relater` are the
    train parameters that differ from params.yaml.
    """

    set: str
    task: str
    seeds: list[int]
    domain: str = ""
    typed: bool = False
    floor: float = 1.0
    dev: int = 1000
    recognizer: dict[str, Any] | None = None
    relater: dict[str, Any] | None = None


def read_part(data: Path, yardstick: Yardstick, part: str) -> list[Sentence]:
    """Read the sentences of one part.

    Raises:
        InputError: the file is not there.
    """
    path = data / f"{yardstick.set}-{part}.jsonl.gz"
    if not path.is_file():
        raise InputError(
            f"{path} is not there, expected the set {yardstick.set} in the form that "
            f"tests/benchmarks/yardsticks/__init__.py describes. The project ships no such text: "
            f"get the set, convert it, and give its folder with --data."
        )
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            if row["id"].startswith(f"{yardstick.set}/{yardstick.domain}"):
                spans = tuple((s["start"], s["end"], s["label"]) for s in row["spans"])
                relations = tuple((r["head"], r["label"], r["tail"]) for r in row["relations"])
                found.append(Sentence(row["id"], row["text"], spans, relations))
    return found


def make_doc(nlp: Language, sentence: Sentence) -> Doc:
    """Give a Doc annotated as those of `prepare`: each mention is an entity of its own."""
    add_extensions()
    doc = nlp.make_doc(sentence.text)
    found: list[tuple[Span, int]] = []
    for number, (start, end, label) in enumerate(sentence.spans):
        span = doc.char_span(start, end, label=label)
        if span is None:
            raise RecordError(
                f"{sentence.id}: the span from {start} to {end} cuts a token, expected whole "
                f"tokens. Separate the tokens of the set by spaces."
            )
        found.append((span, number))
    found.sort(key=lambda row: row[0].start)
    doc.set_ents([span for span, _ in found])
    doc._.mention_ids = [[s.start, s.end, s.label_, [str(number)]] for s, number in found]
    doc._.relations = [
        [str(head), label, str(tail), "actual", {}, 0, len(sentence.text)]
        for head, label, tail in sentence.relations
    ]
    return doc


def schema_of(parts: dict[str, list[Sentence]], typed: bool) -> str:
    """Give the set's schema as YAML: all its names; what stands at which end is train's to say."""
    labels: set[str] = set()
    ends: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for part, sentences in parts.items():
        for sentence in sentences:
            labels.update(label for _, _, label in sentence.spans)
            for head, label, tail in sentence.relations:
                heads, tails = ends[label]
                if part == "train":
                    heads.add(sentence.spans[head][2])
                    tails.add(sentence.spans[tail][2])
    every = sorted(labels)
    relations = {
        name: {
            "head": sorted(heads) if typed else every,
            "tail": sorted(tails) if typed else every,
        }
        for name, (heads, tails) in sorted(ends.items())
    }
    content = {
        "labels": dict.fromkeys(every, ""),
        "reference": "REF",
        "statuses": ["actual"],
        "qualifiers": {},
        "groups": {},
        "relations": relations,
    }
    return yaml.safe_dump(content, sort_keys=False)


def prepare(data: Path, yardstick: Yardstick, folder: Path) -> None:
    """Write train and dev as the train stages read them, and the set's schema."""
    nlp = spacy.blank("en")
    folder.mkdir(parents=True, exist_ok=True)
    parts = {part: read_part(data, yardstick, part) for part in ("train", "dev", "test")}
    step = -(-len(parts["dev"]) // yardstick.dev)
    for part, sentences in (("train", parts["train"]), ("dev", parts["dev"][::step])):
        docs = [make_doc(nlp, sentence) for sentence in sentences]
        DocBin(store_user_data=True, docs=docs).to_disk(folder / f"{part}.spacy")
    schema = schema_of(parts, yardstick.typed)
    (folder / "schema.yaml").write_text(schema, encoding="utf-8")
