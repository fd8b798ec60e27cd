"""Annotated texts with the mentions that a recognizer finds in them, for the relater to learn from.

Between perfect mentions the relater would learn a world that it never meets. On texts that the
recognizer learnt from, its answers are nearly perfect; noise on its scores brings its errors,
made where it is unsure, up to the share that it makes on unseen texts.

Source: perturb-and-MAP, Papandreou and Yuille 2011 (Gumbel noise before the best sequence).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.name_tagger import NameTagger, Scores, gold_spans, tagger_of

NOISES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
LOST_REFERENCES = 0.25  # share of references that rules will leave unresolved


@dataclass(slots=True)
class Scored:
    """An annotated Doc with the recognizer's scores of its tokens: (n_tokens, n_tags)."""

    doc: Doc
    scores: Scores


def score_docs(nlp: Language, docs: Sequence[Doc]) -> list[Scored]:
    """Run the recognizer over the tokens of annotated Docs."""
    tagger = tagger_of(nlp)
    scored = []
    for doc in docs:
        copy: Any = blank_copy(doc, nlp)
        for name, pipe in nlp.pipeline:
            if name != tagger.name:
                copy = pipe(copy)
        scored.append(Scored(doc, tagger.predict([copy])[0]))
    return scored


def blank_copy(doc: Doc, nlp: Language) -> Doc:
    """Give a Doc of the same tokens without annotation."""
    return Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])


def found_spans(
    scored: Scored,
    tagger: NameTagger,
    noise: float = 0.0,
    generator: np.random.Generator | None = None,
) -> list[tuple[int, int, str, float]]:
    """Decode spans of a Doc from its scores, with Gumbel noise of that scale if any."""
    rows = scored.scores
    if noise and generator is not None:
        rows = rows + generator.gumbel(scale=noise, size=rows.shape).astype(np.float32)
    words = [token.lower_ for token in scored.doc]
    return list(tagger.decode(rows, words))


def fitting_noise(
    learnt: Sequence[Scored], held: Sequence[Scored], tagger: NameTagger, seed: int
) -> float:
    """Give the least noise with which the learnt texts are read no better than held-out ones."""
    wanted = span_f1(held, tagger, 0.0, seed)
    return next(
        (noise for noise in NOISES if span_f1(learnt, tagger, noise, seed) <= wanted), NOISES[-1]
    )


def span_f1(
    texts: Sequence[Scored],
    tagger: NameTagger,
    noise: float = 0.0,
    seed: int = 0,
    labels: Collection[str] | None = None,
) -> float:
    """Give the strict F1 of names and references decoded with noise, of some labels or of all."""
    generator = np.random.default_rng(seed)
    hit = both = 0
    for scored in texts:
        spans = gold_spans(scored.doc, tagger.cfg["reference"])
        gold = {(span.start, span.end, span.label_) for span in spans}
        found = {span[:3] for span in found_spans(scored, tagger, noise, generator)}
        if labels is not None:
            gold, found = ({span for span in side if span[2] in labels} for side in (gold, found))
        hit, both = hit + len(found & gold), both + len(found) + len(gold)
    return 2 * hit / max(1, both)


def with_mentions(
    scored: Scored, tagger: NameTagger, noise: float, generator: np.random.Generator
) -> Doc:
    """Give a Doc with the found mentions and the annotated relations.

    A mention has the identifiers of the annotated one that it overlaps, most tokens first; one
    that overlaps none has an identifier of its own, which stands in no relation.
    """
    copy = Doc(
        scored.doc.vocab,
        words=[t.text for t in scored.doc],
        spaces=[bool(t.whitespace_) for t in scored.doc],
    )
    copy._.relations = scored.doc._.relations
    copy._.mention_ids = list(_rows(scored, tagger, noise, generator))
    return copy


def _rows(
    scored: Scored, tagger: NameTagger, noise: float, generator: np.random.Generator
) -> Iterator[list[object]]:
    reference = tagger.cfg["reference"]
    annotated = scored.doc._.mention_ids or []
    for start, end, label, score in found_spans(scored, tagger, noise, generator):
        shared = [
            (min(end, row[1]) - max(start, row[0]), row)
            for row in annotated
            if row[0] < end and start < row[1]
        ]
        best = max(shared, key=lambda pair: pair[0])[1] if shared else None
        if label == reference:
            lost = bool(noise) and generator.random() < LOST_REFERENCES
            if best is not None and best[2] == reference and not lost:
                yield [start, end, label, list(best[3]), score]
        elif best is not None and best[2] != reference:
            yield [start, end, label, list(best[3]), score]
        else:
            yield [start, end, label, [f"?{start}"], score]
