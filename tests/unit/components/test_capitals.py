"""Capitals that act and capitals that are places."""

from __future__ import annotations

import pytest

from pipeline.components.capitals import acts
from pipeline.words import load_weights


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        pytest.param("It said so. Oslo has rejected the report.", True, id="verb"),
        pytest.param("The minister urged Oslo to sign.", True, id="addressed"),
        pytest.param("They met in Oslo on Friday.", False, id="place"),
        pytest.param("He lives near Oslo.", False, id="near"),
    ],
)
def test_a_capital_stands_for_its_government_where_it_acts(text, stands):
    start = text.index("Oslo")
    weights = load_weights("capitals")["all"]
    assert (acts(text, start, start + 4, True, weights) > 0.5) == stands
