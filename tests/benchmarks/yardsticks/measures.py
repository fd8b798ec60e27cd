"""What is measured on Docs with gold annotation, and how it is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.components.name_tagger import score_names
from pipeline.components.relation_scorer import prf
from tests.benchmarks.yardsticks.sets import Yardstick
from tests.benchmarks.yardsticks.training import keep_related, recognizer, relater

Pair = tuple[str, str]
Scores = dict[str, float | int]  # p, r, f and support


def bare(doc: Doc) -> Doc:
    """Give a Doc with the same tokens and no annotation."""
    return Doc(doc.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])


def spans(docs: Sequence[Doc], yardstick: Yardstick, seed: int, folder: Path) -> dict[str, Scores]:
    """Train for names and score them: borders and label."""
    nlp = recognizer(yardstick, seed, folder)
    return {"spans": _of_names(list(nlp.pipe(bare(doc) for doc in docs)), docs)}


def end_to_end(
    docs: Sequence[Doc], yardstick: Yardstick, seed: int, folder: Path
) -> dict[str, Scores]:
    """Train for names and for relations; score relations between the names that were found."""
    names = recognizer(yardstick, seed, folder)
    relations = relater(yardstick, seed, folder, names)
    named = list(names.pipe(bare(doc) for doc in docs))
    triples = []
    for doc in named:
        copy = bare(doc)
        copy._.mention_ids = [
            [ent.start, ent.end, ent.label_, [str(number)], score]
            for number, (ent, score) in enumerate(
                zip(doc.ents, doc.user_data["scores"], strict=True)
            )
        ]
        triples.append(found_triples(relations(copy)))
    gold = [gold_triples(doc) for doc in docs]
    return {"spans": _of_names(named, docs), "strict relations": micro(triples, gold)}


def related_pairs(
    docs: Sequence[Doc], yardstick: Yardstick, seed: int, folder: Path
) -> dict[str, Scores]:
    """Train for relations; score which of them hold between pairs that have some."""
    component: Any = relater(yardstick, seed, folder).get_pipe("relater")
    keep_related(component, docs)
    names = component.cfg["relations"]
    gold = [gold_pairs(doc) for doc in docs]
    found = [
        {pair: chosen(known[pair], names, yardstick.floor) for pair in wanted if pair in known}
        for known, wanted in zip(pair_chances(component, docs), gold, strict=True)
    ]
    return per_pair(found, gold)


def _of_names(found: Sequence[Doc], docs: Sequence[Doc]) -> Scores:
    scores = score_names([Example(x, y) for x, y in zip(found, docs, strict=True)])
    support = sum(len(doc.ents) for doc in docs)
    return {key: scores[f"names_{key}"] for key in "prf"} | {"support": support}


def found_triples(doc: Doc) -> set[tuple[Any, ...]]:
    """Give the relations that were read, with borders and labels of both ends."""
    rows = doc._.mention_ids
    return {
        (*rows[head][:3], name, *rows[tail][:3]) for head, name, tail, *_ in doc._.statements or []
    }


def gold_triples(doc: Doc) -> set[tuple[Any, ...]]:
    """Give the relations of an annotated Doc with borders and labels of both ends."""
    place = {ids[0]: (start, end, label) for start, end, label, ids in doc._.mention_ids}
    return {(*place[head], name, *place[tail]) for head, name, tail, *_ in doc._.relations}


def micro(found: Sequence[set[tuple[Any, ...]]], gold: Sequence[set[tuple[Any, ...]]]) -> Scores:
    """Give precision, recall and F1 over all that gold and prediction hold."""
    hit = sum(len(read & wanted) for read, wanted in zip(found, gold, strict=True))
    return prf(hit, sum(map(len, found)), sum(map(len, gold)))


def pair_chances(component: Any, docs: Sequence[Doc]) -> list[dict[Pair, torch.Tensor]]:
    """Give for each Doc's pairs of mentions the calibrated score of each relation."""
    slope, weight, shift = component.cfg["calibration"]
    copies = []
    for doc in docs:
        copies.append(bare(doc))
        copies[-1]._.mention_ids = doc._.mention_ids
    made = []
    for rows in component.predict(copies):
        known: dict[Pair, torch.Tensor] = {}
        for passage, scores in rows:
            sure = component.sureness(passage).unsqueeze(1)
            scaled = torch.sigmoid(scores.relations * slope + sure * weight + shift)
            for (head, tail, _), chance in zip(passage.window.pairs, scaled, strict=True):
                pair = passage.entities[head], passage.entities[tail]
                known[pair] = torch.maximum(known[pair], chance) if pair in known else chance
        made.append(known)
    return made


def chosen(chances: torch.Tensor, names: Sequence[str], floor: float) -> set[str]:
    """Give the best relation of a pair, and all that reach the floor."""
    best = int(chances.argmax())
    return {name for at, name in enumerate(names) if at == best or float(chances[at]) >= floor}


def gold_pairs(doc: Doc) -> dict[Pair, set[str]]:
    """Give the relations of an annotated Doc by head and tail."""
    pairs: dict[Pair, set[str]] = defaultdict(set)
    for head, name, tail, *_ in doc._.relations:
        pairs[head, tail].add(name)
    return dict(pairs)


def per_pair(
    found: Sequence[dict[Pair, set[str]]], gold: Sequence[dict[Pair, set[str]]]
) -> dict[str, Scores]:
    """Give micro F1 over the relations of pairs, and the mean of the relations' own F1.

    The mean is over the relations that gold has; its precision and recall are means as well.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for read, wanted in zip(found, gold, strict=True):
        for pair, names in wanted.items():
            own = read.get(pair, set())
            for name in own | names:
                counts[name][0] += name in own and name in names
                counts[name][1] += name in own
                counts[name][2] += name in names
    total = [sum(row[at] for row in counts.values()) for at in range(3)]
    each = [prf(*row) for row in counts.values() if row[2]]
    mean: Scores = {key: sum(row[key] for row in each) / max(1, len(each)) for key in "prf"}
    return {
        "relations of pairs, macro": mean | {"support": total[2]},
        "relations of pairs, micro": prf(*total),
    }


Measure = Callable[[Sequence[Doc], Yardstick, int, Path], dict[str, Scores]]
TASKS: dict[str, Measure] = {
    "end_to_end": end_to_end,
    "related_pairs": related_pairs,
    "spans": spans,
}
