"""Linking against gold: identifiers, wrong merges, splits."""

from __future__ import annotations

import pytest

from pipeline.markup import read_markup
from pipeline.records import LinkedMention, Mention
from pipeline.training.score_linking import score_linking


def linked(doc_id, gold, ids):
    rows = []
    for number, (mention, entity_id) in enumerate(zip(gold.mentions, ids, strict=True)):
        found = Mention(
            f"{doc_id}{number}", doc_id, mention.start, mention.end, mention.start, mention.end,
            mention.text, mention.label, "name", (f"e{number}",), mention.text, "", 1.0,
        )  # fmt: skip
        rows.append(LinkedMention(found, entity_id))
    return rows


def scored(*texts):
    golds, rows = [], []
    for number, (text, ids) in enumerate(texts):
        gold = read_markup(text, "text")
        golds.append((f"d{number}", gold))
        rows += linked(f"d{number}", gold, ids)
    return score_linking(golds, rows)


def test_a_right_and_a_wrong_identifier_are_counted():
    text = "[[Hanoi|GPE|h]] and [[Paris|GPE|p]]\n== h | Hanoi | Q1858\n== p | Paris | Q90\n"
    summary = scored((text, ["Q1858", "Q142"])).summary()
    assert (summary["linked_right"], summary["with_identifier"]) == (0.5, 2)


def test_a_thing_that_was_not_found_counts_only_against_all():
    gold = read_markup("[[Hanoi|GPE|h]]\n== h | Hanoi | Q1858\n", "text")
    summary = score_linking([("d", gold)], []).summary()
    assert (summary["linked_right"], summary["linked_right_of_all"]) == (0.0, 0.0)
    assert summary["entities"] == 0


@pytest.mark.parametrize(
    ("left", "right", "merged"),
    [
        ("Sejm", "Sejm of Poland", 0),
        ("Attapeu", "Attapeu Province", 0),
        ("Ministry of Justice of Laos", "Ministry of Justice of Thailand", 1),
        ("2019 Harbour Report", "2020 Harbour Report", 1),
        ("Zed Alliance", "Quay Alliance", 1),
        ("Viet Nam", "Vietnam", 0),
    ],
)
def test_two_gold_things_in_one_entity_are_a_wrong_merge(left, right, merged):
    texts = [(f"[[Thing|ORG|t]]\n== t | {name} |\n", ["same"]) for name in (left, right)]
    assert scored(*texts).summary()["wrong_merges"] == merged


def test_one_gold_thing_in_two_entities_is_a_split():
    text = "[[Thing|ORG|t]]\n== t | Zed Alliance |\n"
    score = scored((text, ["one"]), (text, ["two"]))
    assert (score.summary()["split"], score.summary()["wrong_merges"]) == (1, 0)


def test_a_name_within_another_is_not_that_thing():
    gold = read_markup("[[Akimat of Almaty|ORG|a]]\n== a | Akimat of Almaty |\n", "text")
    inner = Mention("m", "d", 10, 16, 10, 16, "Almaty", "GPE", "name", ("e1",), "Almaty", "", 1.0)
    assert score_linking([("d", gold)], [LinkedMention(inner, "Q35493")]).placed[0].entity_id == ""
