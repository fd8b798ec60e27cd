"""Annotated texts with found mentions: whose they are, and what noise does to them."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span

from pipeline.components.name_tagger import NameTagger
from pipeline.extensions import add_extensions
from pipeline.training.predicted import (
    NOISES,
    Scored,
    fitting_noise,
    score_docs,
    span_f1,
    with_mentions,
)

WORDS = "Minister Agim Leka of Malta met Vera Koci ; he left Libya .".split()
# start, end, label, identifiers
GOLD = [
    (0, 1, "ROLE", ["r"]), (1, 3, "PERSON", ["a"]), (4, 5, "GPE", ["m"]), (6, 8, "PERSON", ["v"]),
    (9, 10, "REF", ["a"]), (11, 12, "GPE", ["l"]),
]  # fmt: skip
RELATIONS = [["a", "meets_with", "v", "actual", {}, 0, 60]]
SURE, UNSURE = 12.0, 2.0


@pytest.fixture(scope="module")
def tagger():
    found = NameTagger(spacy.blank("en").vocab, None, "name_tagger", "REF", None)
    for label in ("GPE", "PERSON", "REF", "ROLE"):
        found.add_label(label)
    return found


def annotated():
    add_extensions()
    doc = Doc(spacy.blank("en").vocab, words=WORDS)
    doc.set_ents([Span(doc, s, e, label=label) for s, e, label, _ in GOLD if label != "REF"])
    doc.spans["references"] = [
        Span(doc, s, e, label="REF") for s, e, label, _ in GOLD if label == "REF"
    ]
    doc._.mention_ids = [list(row) for row in GOLD]
    doc._.relations = RELATIONS
    return doc


def scored(tagger, spans, height=SURE):
    """Make scores whose best sequence is exactly these spans."""
    rows = np.zeros((len(WORDS), len(tagger.tags)), dtype="f")
    rows[:, 0] = height
    for start, end, label in spans:
        for at in range(start, end):
            prefix = (
                "U" if end - start == 1 else "BL"[at == end - 1] if at in (start, end - 1) else "I"
            )
            rows[at, 0] = 0
            rows[at, tagger.tags.index(f"{prefix}-{label}")] = height
    return Scored(annotated(), rows)


def rows_of(tagger, spans, noise=0.0):
    generator = np.random.default_rng(1)
    doc = with_mentions(scored(tagger, spans), tagger, noise, generator)
    return doc, [row[:4] for row in doc._.mention_ids]


def test_found_mentions_have_the_identifiers_of_those_they_overlap(tagger):
    doc, rows = rows_of(tagger, [(0, 3, "PERSON"), (4, 5, "GPE"), (9, 10, "REF")])
    assert rows == [[0, 3, "PERSON", ["a"]], [4, 5, "GPE", ["m"]], [9, 10, "REF", ["a"]]]
    assert doc._.relations == RELATIONS
    assert all(0.5 < row[4] <= 1 for row in doc._.mention_ids)
    assert not doc.ents


def test_a_name_that_overlaps_nothing_stands_in_no_relation(tagger):
    doc, rows = rows_of(tagger, [(5, 6, "PERSON"), (6, 8, "PERSON")])
    assert rows == [[5, 6, "PERSON", ["?5"]], [6, 8, "PERSON", ["v"]]]
    ends = {end for row in doc._.relations for end in (row[0], row[2])}
    assert "?5" not in ends


def test_a_name_where_a_reference_stands_has_an_identifier_of_its_own(tagger):
    _, rows = rows_of(tagger, [(9, 10, "PERSON")])
    assert rows == [[9, 10, "PERSON", ["?9"]]]


@pytest.mark.parametrize("place", [(5, 6), (11, 12)], ids=["where nothing is", "where a name is"])
def test_a_reference_that_is_none_is_left_out(tagger, place):
    assert rows_of(tagger, [(*place, "REF")])[1] == []


def test_with_noise_some_references_are_lost(tagger):
    text = scored(tagger, [(9, 10, "REF")], height=60.0)  # too sure for the noise to matter
    generator = np.random.default_rng(2)
    kept = [len(with_mentions(text, tagger, 0.25, generator)._.mention_ids) for _ in range(200)]
    assert set(kept) == {0, 1}
    assert sum(kept) / len(kept) == pytest.approx(0.75, abs=0.1)
    silent = [len(with_mentions(text, tagger, 0.0, generator)._.mention_ids) for _ in range(50)]
    assert set(silent) == {1}


def test_more_noise_makes_more_errors(tagger):
    texts = [scored(tagger, [row[:3] for row in GOLD], height=6.0) for _ in range(8)]
    means = [
        np.mean([span_f1(texts, tagger, noise, seed) for seed in range(2)]) for noise in NOISES
    ]
    assert means[0] == 1.0
    assert means == sorted(means, reverse=True)
    assert means[-1] < 0.6


def test_the_fitting_noise_is_the_least_that_brings_learnt_texts_down_to_held_out_ones(tagger):
    learnt = [scored(tagger, [row[:3] for row in GOLD], height=6.0) for _ in range(8)]
    half = [scored(tagger, [row[:3] for row in GOLD[:3]]) for _ in range(5)]
    noise = fitting_noise(learnt, half, tagger, seed=3)
    wanted = span_f1(half, tagger, 0.0, 3)
    assert wanted == pytest.approx(2 / 3)
    assert span_f1(learnt, tagger, noise, 3) <= wanted
    before = NOISES[NOISES.index(noise) - 1]
    assert span_f1(learnt, tagger, before, 3) > wanted
    assert fitting_noise(learnt, learnt, tagger, seed=3) == 0.0
    nothing = [scored(tagger, [])]
    assert fitting_noise([scored(tagger, [(4, 5, "GPE")], 90.0)], nothing, tagger, 3) == NOISES[-1]


def test_docs_are_scored_token_by_token():
    nlp = spacy.blank("en")
    nlp.add_pipe("name_tagger")
    doc = annotated()
    from spacy.training import Example

    nlp.initialize(lambda: [Example(Doc(nlp.vocab, words=WORDS), doc)])
    [found] = score_docs(nlp, [doc])
    assert found.doc is doc
    assert found.scores.shape == (len(WORDS), 1 + 4 * 4)
