"""Dates of a whole text: tense, the dates before, what stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dating.context import read_dates

PUBLISHED = "2022-07-21"  # a Thursday


def read(text, published=PUBLISHED, planned=()):
    """Read the dates between braces."""
    spans, plain = [], ""
    for number, piece in enumerate(text.replace("}", "{").split("{")):
        if number % 2:
            spans.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return read_dates(plain, spans, published, planned)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Ghana and Togo signed it in {December}.", "2021-12"),
        ("Ghana and Togo will sign it in {December}.", "2022-12"),
        ("The ministers are expected to be received there in {May}.", "2023-05"),
        ("The unit was closed in {August}; it will open again.", "2021-08"),
        ("They hope to meet in October, as they did in {September}.", "2021-09"),
        ("In {December} the minister is going to visit Accra.", "2022-12"),
        ("On {11 October} Togo asked Ghana to return the men.", "2021-10-11"),
        ("Togo urged Ghana to return the men by {11 October}.", "2022-10-11"),
        ("Togo has not answered the letter of {12 October}.", "2021-10-12"),
        ("The law has been in force since {1 August}.", "2021-08-01"),
        ("The council met before its {1 August} session.", "2022-08-01"),
        ("A visit, planned for {September}, did not take place.", "2021-09"),
        ("The pact, which will be renewed, was signed on {Tuesday}.", "2022-07-19"),
        ("She flies to Accra on {Tuesday}.", "2022-07-26"),
        ("He negotiated the plan until his retirement in {September}.", "2021-09"),
        ("Lomé's reply is due before the {end of the year}.", "2022-12"),
        ("Prices rose in the {last five years}.", "2017/2022"),
        ("{Today} [July 20] the two met.", "2022-07-20"),
        ("One was promised by {February} [2021].", "2021-02"),
        ("A raid {eighteen months ago} freed them.", "2021-01"),
        ("Ghana met Togo on {a day to remember}.", ""),
    ],
)
def test_the_sentence_tells_whether_a_date_is_behind_or_ahead(text, iso):
    assert read(text) == [iso]


@pytest.mark.parametrize(
    ("text", "isos"),
    [
        ("Togo joined in {2017}. In {that year} it signed.", ["2017", "2017"]),
        (
            "The ruling of {21 November 2014} was quashed on {3 December}.",
            ["2014-11-21", "2014-12-03"],
        ),
        ("Raids came on {17 June} and on the {20th}.", ["2022-06-17", "2022-06-20"]),
        ("It ended on {3 May 2019}. {Three days later} she left.", ["2019-05-03", "2019-05-06"]),
        ("They met in {May 2019}.\n\nA\n\nB\n\nC\n\nIn {that month} it rained.", ["2019-05", ""]),
        ("The April plan of {2019} holds. On the {14th} they met.", ["2019", "2022-07-14"]),
    ],
)
def test_dates_count_from_those_before_them_but_not_from_afar(text, isos):
    assert read(text) == isos


def test_a_date_of_plans_is_ahead_unless_its_sentence_says_otherwise():
    assert read("Next round: Lomé, {March}.", planned={0}) == ["2023-03"]
    assert read("They parted in {March}.", planned={0}) == ["2022-03"]


def test_without_a_day_of_publication_only_dates_of_the_text_count():
    text = "It met {last week}, on {Tuesday} and in {2019}, and {that year} again."
    assert read(text, "") == ["", "", "2019", "2019"]


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_every_date_gets_one_answer(text, places):
    cuts = sorted({place for place in places if place <= len(text)})
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert len(read_dates(text, spans, PUBLISHED)) == len(spans)
