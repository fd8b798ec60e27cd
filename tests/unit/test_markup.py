"""The inline form: reading, writing, and the two being inverse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import MarkupError
from pipeline.markup import GoldMention, GoldName, GoldRelation, GoldText, read_markup, write_markup

EXAMPLE = (
    "[[Minister|ROLE|r]] [[Agim Hoxhaj|PERSON|ah]] met [[her guest|REF|x+y]].\n"
    ">> ah has_role r\n"
    ">> ah meets_with x | date=d | status=planned\n"
    "\n"
    "[[X|ORG|x]] and [[Y|ORG|y]] on [[1 May|DATE|d]]\n"
    "== x | X of Albania | Q42\n"
    "== y | Y |\n"
)


def test_marks_and_lines_come_away_and_leave_the_text():
    gold = read_markup(EXAMPLE)
    assert gold.text == "Minister Agim Hoxhaj met her guest.\n\nX and Y on 1 May\n"
    assert [(m.text, m.label, m.ids) for m in gold.mentions][:3] == [
        ("Minister", "ROLE", ("r",)),
        ("Agim Hoxhaj", "PERSON", ("ah",)),
        ("her guest", "REF", ("x", "y")),
    ]
    assert gold.relations[1].status == "planned"
    assert gold.relations[1].qualifiers == (("date", "d"),)
    assert gold.text[gold.relations[0].start : gold.relations[0].end].startswith("Minister")
    assert gold.names[0] == GoldName("x", "X of Albania", "Q42", 6)
    assert write_markup(gold) == EXAMPLE


@pytest.mark.parametrize(
    ("annotated", "message"),
    [
        pytest.param("[[A|ORG|a]", r"text, line 1: \[\[ without", id="never closed"),
        pytest.param("A|ORG|a]]", r"text, line 1: \]\] without", id="never opened"),
        pytest.param("[[A|ORG]]", r"line 1: \[\[ without", id="two parts"),
        pytest.param("[[A|ORG|]]", r"lacks a part", id="empty identifier"),
        pytest.param("[[A [[B|ORG|b]] C|ORG|c]]", r"line 1", id="nested"),
        pytest.param("A\n>> a b\n", r"line 2: '>> a b' is no relation line", id="two words"),
        pytest.param("A\n>> a b c | x\n", r"line 2: 'x' is no `name=value`", id="no value"),
        pytest.param(">> a b c\n", r"before any text", id="no paragraph"),
        pytest.param("A\n== a\n", r"is no name line", id="name without bars"),
    ],
)
def test_errors_say_where_what_and_how(annotated, message):
    with pytest.raises(MarkupError, match=message):
        read_markup(annotated)


def test_brackets_of_the_text_next_to_a_mark_are_kept():
    gold = read_markup("said today [[[July 21|DATE|d]]].\n")
    assert gold.text == "said today [July 21].\n"
    assert gold.mentions[0].text == "July 21"


def test_overlapping_mentions_cannot_be_written():
    mentions = (GoldMention(0, 3, "A B", "ORG", ("a",)), GoldMention(2, 3, "B", "ORG", ("b",)))
    with pytest.raises(MarkupError, match="overlaps"):
        write_markup(GoldText("A B\n", mentions))


ALPHABET = st.sampled_from(list("ab Zđ.|\\[]>=\n'"))


@st.composite
def gold_texts(draw: st.DrawFn) -> GoldText:
    text = draw(st.text(ALPHABET, min_size=1, max_size=60)) + "\n"
    mentions = []
    at = 0
    lines, begin = [], 0
    for line in text.split("\n")[:-1]:
        lines.append((begin, begin + len(line)))
        begin += len(line) + 1
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(at, len(text)))
        inside = [(low, high) for low, high in lines if low <= start < high]
        if not inside:
            continue
        end = draw(st.integers(start + 1, inside[0][1]))
        mentions.append(GoldMention(start, end, text[start:end], "ORG", (f"e{number}",)))
        at = end
    return GoldText(text, tuple(mentions))


@given(gold_texts())
def test_reading_what_was_written_gives_the_same(gold):
    back = read_markup(write_markup(gold))
    assert back.text == gold.text
    assert [(m.start, m.end, m.text, m.ids) for m in back.mentions] == [
        (m.start, m.end, m.text, m.ids) for m in gold.mentions
    ]


def test_a_relation_stays_with_its_paragraph():
    gold = GoldText(
        "A\nB\n\nC\n",
        (GoldMention(0, 1, "A", "ORG", ("a",)), GoldMention(2, 3, "B", "ORG", ("b",))),
        (GoldRelation("a", "part_of", "b", "actual", (), 0, 4),),
    )
    back = read_markup(write_markup(gold))
    assert (back.relations[0].start, back.relations[0].end) == (0, 4)
