"""Passages in which only capitals are marked."""

from __future__ import annotations

import pytest

from pipeline.errors import RecordError
from pipeline.training.seats import Passage, read_passages


def test_a_passage_gives_its_text_and_what_each_capital_is(tmp_path):
    (tmp_path / "b.txt").write_text(
        "A note from [[Quito|G]]\nreached [[Lima|C]].\n\n  \n[[Lima|G]] agreed.\n", encoding="utf-8"
    )
    (tmp_path / "a.txt").write_text("\ufeff[[Rome|C]] was hot.", encoding="utf-8")
    assert read_passages(tmp_path) == [
        Passage("Rome was hot.", ((0, 4, False),)),
        Passage("A note from Quito\nreached Lima.", ((12, 17, True), (26, 30, False))),
        Passage("Lima agreed.", ((0, 4, True),)),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "[[Rome|C]].\n\nIn [[Rome|X]].", r"line 3: \[\[Rome\|X\]\] is not well", id="kind"
        ),
        pytest.param("[[|G]] said.", "is not well formed", id="no name"),
        pytest.param("Rome said.", "has no marked capital", id="no mark"),
        pytest.param("[[Rome|G]] told [[Lima.", "a bracket that closes no mark", id="half a mark"),
    ],
)
def test_a_bad_mark_says_where_it_is(tmp_path, text, message):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=message):
        read_passages(tmp_path)
