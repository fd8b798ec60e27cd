"""What attribution reads: words, marks, whole names, quotations."""

from __future__ import annotations

from pipeline.attribution.sentence import Named, Voice, quotations, units_of


def test_a_name_is_one_unit_and_a_possessive_is_apart():
    text = "Kenya's Ministry of Labour said e-mails help."
    names = [Named(0, 5, "GPE", ("a",)), Named(8, 26, "ORG", ("b",))]
    units = units_of(text, 0, len(text), names)
    assert [u.word for u in units] == ["", "'s", "", "said", "e-mails", "help", "."]
    assert [u.name for u in units[:3]] == [0, -1, 1]


def test_units_of_a_stretch_keep_the_places_of_the_text():
    text = "One. Malta said so."
    units = units_of(text, 5, len(text), [Named(5, 10, "GPE", ("a",))])
    assert [text[u.start : u.end] for u in units] == ["Malta", "said", "so", "."]


def test_a_quotation_left_open_ends_with_its_paragraph():
    text = '"One. Two.\n\n"Three," he said. It is the ‘so-called plan,’ they say.'
    assert [text[a:b] for a, b in quotations(text, 0, 10)] == ['"One. Two.']
    assert [text[a:b] for a, b in quotations(text, 12, len(text))] == [
        '"Three,"',
        "‘so-called plan,’",
    ]


def test_an_apostrophe_and_an_inch_mark_open_nothing():
    text = 'The ministers’ talks on 12" pipes and Kenya’s plan.'
    assert quotations(text, 0, len(text)) == []


def test_a_voice_holds_what_is_said_and_its_speaker_but_not_the_phrase_alone():
    voice = Voice((0,), (0, 10), ((10, 30),))
    assert voice.holds((10, 12), (20, 25))
    assert voice.holds((2, 5), (20, 25))
    assert not voice.holds((2, 5), (6, 9))
    assert not voice.holds((12, 15), (28, 33))
