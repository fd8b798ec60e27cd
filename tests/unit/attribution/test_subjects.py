"""Whose voice a noun phrase is."""

from __future__ import annotations

import pytest

from pipeline.attribution.sentence import Named, units_of
from pipeline.attribution.subjects import voice_of

LABELS = {
    "Kenya": "GPE",
    "Malawi": "GPE",
    "Labour Office": "ORG",
    "Amina Otieno": "PERSON",
    "minister": "ROLE",
    "2019 survey": "DOCUMENT",
}


@pytest.mark.parametrize(
    ("phrase", "speakers"),
    [
        ("Kenya", ["Kenya"]),
        ("But the Labour Office", ["Labour Office"]),
        ("minister Amina Otieno", ["Amina Otieno"]),
        ("Amina Otieno of the Labour Office", ["Amina Otieno"]),
        ("spokesperson for the Labour Office Amina Otieno", ["Amina Otieno"]),
        ("a friend of Amina Otieno", []),
        ("Amina Otieno's", []),
        ("officials from Kenya", ["Kenya"]),
        ("officials from Kenya and Malawi", ["Kenya", "Malawi"]),
        ("Kenya's ambassador", ["Kenya"]),
        ("minister of Kenya", ["Kenya"]),
        ("victims from Kenya", []),
        ("police in Kenya", []),
        ("the 2019 survey by the Labour Office", ["2019 survey"]),
        ("Kenya and Malawi", ["Kenya", "Malawi"]),
        ("nobody", []),
        ("", []),
    ],
)
def test_the_head_of_a_phrase_speaks(phrase, speakers):
    spans = sorted(
        (phrase.index(name), name, label) for name, label in LABELS.items() if name in phrase
    )
    names = [Named(at, at + len(name), label, (name,)) for at, name, label in spans]
    found = voice_of(units_of(phrase, 0, len(phrase), names), names)
    assert [names[number].cluster[0] for number in found] == speakers
