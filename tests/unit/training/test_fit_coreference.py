"""Fitting: what tells right from wrong gets weight."""

from __future__ import annotations

from pipeline.components.reference_rules import load_reference_rules
from pipeline.knowledge import load_knowledge
from pipeline.markup import read_markup
from pipeline.schema import load_schema
from pipeline.training.fit_coreference import (
    Example,
    combine,
    contexts,
    examples_of,
    fit,
)


def test_a_feature_of_the_right_candidate_gets_weight():
    rows = [Example("noun", ({"near": 1.0}, {"far": 1.0}), 0)] * 10
    weights = fit(rows)
    assert weights["all"]["near"] > 0 > weights["all"]["far"]
    assert weights["noun"]["near"] > 0


def test_without_held_out_texts_the_weights_stay():
    assert combine([], {"all": {"near": 1.5}}) == {"all": {"near": 1.5}}


def test_the_encoder_gets_weight_where_it_is_right():
    rows = [Example("noun", ({"pointed at, mean": 0.0}, {"pointed at, mean": -3.0}), 0)] * 10
    assert combine(rows, {"all": {}})["all"]["pointed at, mean"] > 0


def test_examples_name_the_right_candidate():
    gold = read_markup("[[Agim Leka|PERSON|a]] left. [[He|REF|a]] sang.\n")
    [(mention, example)] = examples_of(
        gold, load_schema(), load_reference_rules(), load_knowledge()
    )
    assert mention.text == "He"
    assert example.right == 0


def test_words_beside_names_tell_labels():
    texts = [read_markup("[[Agim Leka|PERSON|a]] sang in [[Oslo|GPE|o]].\n")] * 6
    assert contexts(texts)["> sang"]["PERSON"] > 0
    assert contexts(texts)["in <"]["GPE"] > 0
