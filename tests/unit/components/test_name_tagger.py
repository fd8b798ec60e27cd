"""The name tagger: it learns, keeps what it learnt, and its spans are whole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.training import Example

from pipeline.components.name_tagger import NameTagger, score_names, viterbi
from pipeline.errors import ConfigError

TRAIN = [
    (
        "Minister Agim Leka met Vera Koci in Tirana .",
        [(1, 3, "PERSON"), (4, 6, "PERSON"), (7, 8, "GPE")],
        [],
    ),
    ("He left Tirana for Skopje .", [(2, 3, "GPE"), (4, 5, "GPE")], [(0, 1)]),
    ("Skopje wrote to Agim Leka .", [(0, 1, "GPE"), (3, 5, "PERSON")], []),
]


def examples(nlp):
    found = []
    for text, names, references in TRAIN:
        words = text.split()
        gold = Doc(nlp.vocab, words=words)
        gold.set_ents([Span(gold, start, end, label=label) for start, end, label in names])
        gold.spans["references"] = [Span(gold, s, e, label="REF") for s, e in references]
        found.append(Example(Doc(nlp.vocab, words=words), gold))
    return found


@pytest.fixture(scope="module")
def trained():
    nlp = spacy.blank("en")
    nlp.add_pipe("name_tagger")
    optimizer = nlp.initialize(lambda: examples(nlp))
    optimizer.learn_rate = 0.01
    for _ in range(60):
        nlp.update(examples(nlp), sgd=optimizer)
    return nlp


def test_it_learns_what_it_is_shown(trained):
    found = examples(trained)
    for example in found:
        trained.get_pipe("name_tagger")(example.predicted)
    scores = score_names(found)
    assert scores["names_f"] == scores["references_f"] == 1.0
    assert all(0 < score <= 1 for eg in found for score in eg.predicted.user_data["scores"])
    for example in found:
        scores = example.predicted.user_data["reference_scores"]
        assert len(scores) == len(example.predicted.spans["references"])
        assert all(0 < score <= 1 for score in scores)


def test_it_is_the_same_after_the_disk(trained, tmp_path):
    trained.to_disk(tmp_path)
    other = spacy.load(tmp_path)
    for text, _, _ in TRAIN:
        left, right = (nlp(Doc(nlp.vocab, words=text.split())) for nlp in (trained, other))
        assert [(e.text, e.label_) for e in left.ents] == [(e.text, e.label_) for e in right.ents]
        assert left.user_data["scores"] == pytest.approx(right.user_data["scores"])


def test_examples_without_spans_are_an_error():
    nlp = spacy.blank("en")
    nlp.add_pipe("name_tagger")
    doc = nlp.make_doc("nothing here")
    with pytest.raises(ConfigError, match="the examples hold no span"):
        nlp.initialize(lambda: [Example(nlp.make_doc("nothing here"), doc)])


def test_texts_whose_names_nobody_annotated_teach_nothing(trained):
    tagger = trained.get_pipe("name_tagger")
    known = examples(trained)[0]
    bare = Doc(trained.vocab, words=[token.text for token in known.reference])
    unknown = Example(known.predicted.copy(), bare)
    scores = tagger.predict([known.predicted, unknown.predicted])
    loss, gradients = tagger.get_loss([known, unknown], scores)
    alone, [gradient] = tagger.get_loss([known], scores[:1])
    assert loss == alone
    assert np.array_equal(gradients[0], gradient)
    assert not gradients[1].any()


def tagger(labels):
    found = NameTagger(spacy.blank("en").vocab, None, "name_tagger", "REF", None)
    for label in labels:
        found.add_label(label)
    return found


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_whatever_the_scores_spans_are_whole_and_apart(seed, length):
    found = tagger(["GPE", "ORG"])
    rows = np.random.default_rng(seed).normal(size=(length, len(found.tags))).astype("f")
    reached = 0
    for start, end, label, score in found.decode(rows * 5):
        assert reached <= start < end <= length
        assert label in ("GPE", "ORG")
        assert 0 <= score <= 1
        reached = end


def test_the_best_sequence_is_found():
    found = tagger(["ORG"])
    rng = np.random.default_rng(3)
    allowed, first, last = found._transitions()
    for _ in range(20):
        logs = rng.normal(size=(4, 5)).astype("f")
        best = max(
            np.ndindex(5, 5, 5, 5),
            key=lambda path: (
                sum(logs[i, t] for i, t in enumerate(path))
                + sum(allowed[a, b] for a, b in pairwise(path))
                + first[path[0]]
                + last[path[-1]]
            ),
        )
        assert tuple(viterbi(logs, allowed, first, last)) == best


def test_a_name_that_was_never_found_costs_recall():
    nlp = spacy.blank("en")
    [example, *_] = examples(nlp)
    example.predicted.set_ents([Span(example.predicted, 1, 3, label="PERSON")])
    scores = score_names([example])
    assert scores["names_p"] == 1.0
    assert scores["names_r"] == pytest.approx(1 / 3)
    example.predicted.set_ents([Span(example.predicted, 0, 3, label="PERSON")])
    scores = score_names([example])
    assert scores["names_f"] == 0.0
    assert scores["names_overlap_f"] > 0


def rows_for(found, margin):
    """Give scores of one token that is a GPE by that margin over all else."""
    rows = np.zeros((1, len(found.tags)), dtype="f")
    rows[0, found.tags.index("U-GPE")] = margin
    return rows


def score_of(found, margin):
    [(_, _, _, score)] = found.decode(rows_for(found, margin))
    return score


def test_uncalibrated_scores_are_the_networks_probabilities():
    found = tagger(["GPE"])
    assert score_of(found, 2.0) == pytest.approx(np.exp(2) / (np.exp(2) + 4), abs=1e-5)


@pytest.mark.parametrize("margin", [1.0, 4.0, 30.0])
def test_calibration_moves_the_log_odds_of_scores(margin):
    found = tagger(["GPE"])
    plain = score_of(found, margin)
    found.cfg["calibration"] = [0.5, -1.0]
    changed = score_of(found, margin)
    odds = np.log(min(plain, 1 - 1e-6) / (1 - min(plain, 1 - 1e-6)))
    assert changed == pytest.approx(1 / (1 + np.exp(1.0 - 0.5 * odds)), abs=1e-3)
    assert changed < plain


def test_calibration_keeps_the_order_of_scores_and_the_spans():
    found = tagger(["GPE"])
    margins = (1.0, 2.0, 4.0, 8.0)
    found.cfg["calibration"] = [0.6, -0.8]
    scores = [score_of(found, margin) for margin in margins]
    assert scores == sorted(set(scores))
    assert all(0 < score < 1 for score in scores)


def test_calibration_is_kept_on_the_disk(trained, tmp_path):
    part = trained.get_pipe("name_tagger")
    before = list(part.cfg["calibration"])
    part.cfg["calibration"] = [0.75, -0.25]
    try:
        trained.to_disk(tmp_path)
    finally:
        part.cfg["calibration"] = before
    assert spacy.load(tmp_path).get_pipe("name_tagger").cfg["calibration"] == [0.75, -0.25]
