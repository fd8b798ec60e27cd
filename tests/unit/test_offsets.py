"""Properties of the map from a cleaned text to its source."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.offsets import MappedText, OffsetMap, fold, join_segments, join_texts

TEXTS = st.text(alphabet="ab \nàẠ\u0301\u00ad-", max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, MappedText]:
    """Draw a source and a text made of it by up to three rounds of edits and cuts."""
    source = draw(TEXTS)
    text = MappedText.of_source(source)
    for _ in range(draw(st.integers(0, 3))):
        places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        pairs = list(zip(places[::2], places[1::2], strict=False))
        text = text.edit(
            [(low, high, draw(st.sampled_from(["", "x", "xy"]))) for low, high in pairs]
        )
        if draw(st.booleans()):
            low, high = sorted([draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))])
            text = text.cut(low, high)
    return source, text


def check(source: str, text: MappedText) -> None:
    """Assert what holds of every map: it covers the text, in order, and copies are copies."""
    at = 0
    last = (0, 0)
    for length, origin, width, copied in text.segments:
        assert length > 0
        assert width >= 0
        # Halves of a cut replacement stand for all of it: spans may overlap, not go back.
        assert last[0] <= origin
        assert last[1] <= origin + width
        assert origin + width <= len(source)
        if copied:
            assert length == width
            assert text.text[at : at + length] == source[origin : origin + width]
        at += length
        last = (origin, origin + width)
    assert at == len(text)


@given(edited())
def test_edits_and_cuts_keep_the_map_right(case):
    check(*case)


def test_what_is_put_between_halves_of_a_replacement_stands_for_all_of_it():
    halves = MappedText("xy", ((1, 0, 1, False), (1, 0, 1, False)))
    assert halves.edit([(1, 1, "-")]).segments == ((1, 0, 1, False),) * 3


@given(edited(), st.data())
def test_spans_grow_with_the_text_span(case, data):
    source, text = case
    if not text.text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    low, high = text.source_span(start, end)
    assert 0 <= low <= high <= len(source)
    inner = text.source_span(start, start + 1)
    assert low <= inner[0] <= inner[1] <= high
    assert text.cut(start, end).source_span(0, end - start) == (low, high)


@given(st.lists(st.integers(0, 12), max_size=8), TEXTS)
def test_joined_cuts_of_a_source_are_mapped(places, source):
    whole = MappedText.of_source(source)
    places = sorted(min(place, len(source)) for place in places)
    parts = [whole.cut(a, b) for a, b in zip(places[::2], places[1::2], strict=False)]
    joined = join_texts(parts, "\n\n")
    check(source, joined)
    assert joined.text == "\n\n".join(part.text for part in parts if part.text)


@given(TEXTS, TEXTS)
def test_rewrite_gives_the_new_text_with_a_map(source, new):
    text = MappedText.of_source(source).rewrite(new)
    assert text.text == new
    check(source, text)


@given(TEXTS)
def test_sub_and_strip_agree_with_plain_strings(source):
    text = MappedText.of_source(source)
    pattern = re.compile(r"\s+")
    assert text.sub(pattern, " ").text == pattern.sub(" ", source)
    assert text.strip().text == source.strip()
    check(source, text.sub(pattern, " ").strip())


def test_a_replacement_maps_to_all_that_it_replaces():
    text = MappedText.of_source("a e\u0301 b").replace(2, 4, "é")
    assert text.text == "a é b"
    assert text.source_span(2, 3) == (2, 4)
    assert text.source_span(0, 5) == (0, 6)


def test_an_insertion_maps_to_the_place_between():
    text = MappedText.of_source("ab").edit([(1, 1, "-")])
    assert text.text == "a-b"
    assert text.source_span(1, 2) == (1, 1)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 1), (0, 4)])
def test_a_span_outside_the_text_is_an_error(start, end):
    with pytest.raises(ValueError, match="of a text of 3 characters"):
        MappedText.of_source("abc").source_span(start, end)


def test_copied_neighbours_are_one_segment():
    assert join_segments([(2, 0, 2, True), (3, 2, 3, True)]) == ((5, 0, 5, True),)
    assert OffsetMap([(5, 3, 5, True)]).cut(1, 3) == [(2, 4, 2, True)]


def test_fold_ignores_soft_hyphens_and_white_space():
    assert fold(" traf\u00adficking\r\n in\tpersons ") == "trafficking in persons"
