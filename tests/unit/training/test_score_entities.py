"""Scores of entities: whose the bodies are that many countries have."""

from __future__ import annotations

import pytest

from pipeline.components.pointing import Pointing
from pipeline.gold import GoldDocument
from pipeline.knowledge import load_knowledge
from pipeline.markup import read_markup
from pipeline.schema import load_schema
from pipeline.training.score_entities import score_given_mentions

ONE = "[[Malta|GPE|mt]] wrote. The [[Ministry of Justice|ORG|moj]] replied.\n"
ABROAD = "[[Malta|GPE|mt]] wrote. The [[Embassy of Laos|ORG|e]] replied.\n"


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (ONE, "== moj | Ministry of Justice of Malta |\n", (1, 1.0, 0.0)),
        (ONE, "== moj | Ministry of Justice of Laos |\n", (1, 0.0, 1.0)),
        (ONE, "== mt | Malta |\n", (0, 0.0, 0.0)),
        (ABROAD, "== e | Embassy of Laos in Malta |\n", (0, 0.0, 0.0)),
    ],
    ids=["right", "wrong", "nothing is known of it", "missions are left out"],
)
def test_owners_are_counted(text, names, expected):
    gold = GoldDocument(
        "a", "wire_news", "2020-01-02", ("MT",), "", "dev", read_markup(text + names)
    )
    scores = score_given_mentions(
        [gold], load_knowledge(), load_schema(), 0.72, lambda *_: Pointing()
    ).summary()
    assert (scores["owners"], scores["owners_right"], scores["owners_wrong"]) == expected
