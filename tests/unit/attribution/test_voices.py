"""Who says so: the speaker of the clause that states a relation."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.attribution.sentence import Named
from pipeline.attribution.voices import find_voices, voice_around
from pipeline.markup import read_markup
from pipeline.sentences import sentence_starts


def said_by(annotated, head, tail, relation="cooperates_with"):
    """Give the identifiers of the speakers; ends are the last mentions of their identifiers."""
    gold = read_markup(annotated)
    labels = gold.label_of()
    names = [
        Named(m.start, m.end, m.label if m.label != "REF" else labels[m.ids[0]], m.ids)
        for m in gold.mentions
    ]
    starts = sentence_starts(gold.text, [(n.start, n.end) for n in names])
    voices = find_voices(gold.text, starts, names)
    ends = [[n for n in names if end in n.cluster][-1] for end in (head, tail)]
    spans = [(n.start, n.end) for n in ends]
    voice = voice_around(voices, names, gold.text, *spans, relation, (head, tail))
    return "+".join(sorted({c for i in voice.speakers for c in names[i].cluster})) if voice else ""


V, L, K = "[[Kenya|GPE|v]]", "[[Malawi|GPE|l]]", "[[Qatar|GPE|k]]"
P = "[[Amina Otieno|PERSON|p]]"
Q = "[[Jonas Berg|PERSON|q]]"
M = "[[Ministry of Labour|ORG|m]]"
R = "[[2019 migration survey|DOCUMENT|r]]"
SPOKES = "[[spokesperson|ROLE|s]]"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # the text's own
        (f"{V} and {L} run joint patrols.", ""),
        (f"{P} met reporters. {V} works with {L}.", ""),
        (f"The report of the {M} came late, and {V} works with {L}.", ""),
        (f"{V} is said to work with {L}.", ""),
        (f"A man from {K} said {V} works with {L}.", ""),
        (f"Victims in {K} said that {V} works with {L}.", ""),
        (f"Officials said that {V} works with {L}.", ""),
        (f"{P} spoke on Monday. {V} works with {L}, it was announced.", ""),
        (f"{P} said nothing; {V} works with {L}.", ""),
        (f"{P} said little, while {V} went on working with {L}.", ""),
        # the speaker first
        (f"{P} said {V} works with {L}.", "p"),
        (f"{P} said that {V} works with {L}.", "p"),
        (f"{P} also said {V} works with {L}.", "p"),
        (f"{P} has repeatedly stressed that {V} works with {L}.", "p"),
        (f"{P} said on [[Monday|DATE|d]] that {V} works with {L}.", "p"),
        (f"{P} said [[Monday|DATE|d]] {V} works with {L}.", "p"),
        (f"{P} said in a statement that {V} works with {L}.", "p"),
        (f"{P} said in a press release {V} works with {L}.", "p"),
        (f"{P} told reporters {V} works with {L}.", "p"),
        (f"{P} told {Q} that {V} works with {L}.", "p"),
        (f"{P}, [[director|ROLE|s]] of the {M}, said {V} works with {L}.", "p"),
        (f"{P} of the {M} noted that {V} works with {L}.", "p"),
        (f"[[Minister|ROLE|s]] {P} announced that {V} will work with {L}.", "p"),
        (f"{SPOKES} for the {M} {P} stressed that {V} works with {L}.", "p"),
        (f"A {M} {SPOKES} said {V} works with {L}.", "m"),
        (f"A {SPOKES} for the {M} said {V} works with {L}.", "m"),
        (f"Officials from the {M} said {V} works with {L}.", "m"),
        (f"The {M} confirmed that {V} works with {L}.", "m"),
        (f"{K} claimed that {V} works with {L}.", "k"),
        (f"{K}'s ambassador claimed that {V} works with {L}.", "k"),
        (f"The {R} found that {V} works with {L}.", "r"),
        (f"The {R} by the {M} notes that {V} works with {L}.", "r"),
        (f"{P} and {Q} said that {V} works with {L}.", "p+q"),
        (f"{P} met {Q} and said that {V} works with {L}.", "p"),
        (f"On [[Monday|DATE|d]], {P} warned that {V} works with {L}.", "p"),
        (f"{K} joined last year, but {P} said {V} works with {L}.", "p"),
        (f"{P} denied that {V} works with {L}.", "p"),
        (f"{P}, who noted that {V} works with {L}, left early.", "p"),
        (f"{P} said, when asked, that {V} works with {L}.", "p"),
        (f"{P} added: {V} works with {L}.", "p"),
        # the speaker last
        (f"{V} works with {L}, {P} said.", "p"),
        (f"{V} works with {L}, {P} said on [[Monday|DATE|d]].", "p"),
        (f"{V} works with {L}, {P} told reporters in [[Doha|GPE|c]].", "p"),
        (f"{V} works with {L}, said {P}.", "p"),
        (f"{V} works with {L}, said [[Deputy Minister|ROLE|s]] {P} in [[Doha|GPE|c]].", "p"),
        (f"{V} works with {L}, said {P}, [[director|ROLE|s]] of the {M}.", "p"),
        (f"{V} works with {L}, said a {SPOKES} for the {M}.", "m"),
        (f"{V} works with {L}, the {M} said in a statement.", "m"),
        (f"{V} works with {L}, {P}, the {SPOKES}, said.", "p"),
        (f"Looking ahead, {P} said, {V} works with {L}.", "p"),
        (f"Much was done, {P} said, adding that {V} works with {L}.", "p"),
        # other phrases
        (f"According to {P}, {V} works with {L}.", "p"),
        (f"{V} works with {L}, according to the {M}.", "m"),
        (f"{V} works with {L}, according to officials at the {M}.", "m"),
        (f"According to {M} and {K} figures, {V} works with {L}.", "k+m"),
        (f"{V}, according to the {R}, works with {L}.", "r"),
        (f"{V} works with {L}, the agency said, citing the {M}.", "m"),
        (f"It was noted by the {M} that {V} works with {L}.", "m"),
        (f"Negotiators from {K} and [[Doha|GPE|c]] announced that {V} works with {L}.", "c+k"),
        (f"According to {P}, who heads the {M}, {V} works with {L}.", "p"),
        (f"The head of the {M}, [[Colonel|ROLE|s]] {P}, said {V} works with {L}.", "p"),
        (
            f"At a [[forum|EVENT|e]], {P}, the host, said he would join {R}. {V} and {L} came.",
            "",
        ),
        (f"{K}, asked about {V}, said so at a meeting with {L}.", ""),
        (f"{P} said {V} pays, in reply to a question about {L}.", ""),
        (f"{P} called {V} a friend of {L}.", ""),
        (f"In [[May|DATE|d]], the {M} reported to {V} on {L}.", ""),
        # nested: the innermost
        (f"{P} said the {R} claims that {V} works with {L}.", "r"),
        (f"{P} said that {V} works, and {Q} added that it works with {L}.", "p"),
        # quotations
        (f'"{V} works with {L}," {P} noted.', "p"),
        (f"“{V} works with {L},” said {P}.", "p"),
        (f'{P} said: "We are glad. {V} works with {L}."', "p"),
        (f'"We are glad. {V} works with {L}. More is to come," {P} said.', "p"),
        (f'"We are glad," {P} said. "{V} has long worked with {L}."', "p"),
        (f'{P} thanked the hosts and said so.\n\n"In truth {V} works with {L} a lot."', "p"),
        (f'{P} said he was glad.\n\nThe weather was fine.\n\n"In truth {V} works with {L}."', ""),
        (f'{P} called it "progress". {V} works with {L}.', ""),
        # pronouns and descriptions
        (f"{P} said all went well. She added that {V} works with {L}.", "p"),
        (f"{P} said all went well. The minister noted that {V} works with {L}.", "p"),
        (f"{P} said all went well. {Q} left. She added that {V} works with {L}.", ""),
        (f"The {M} said all went well. It added that {V} works with {L}.", "m"),
        (f"The {R} found progress. The report says that {V} works with {L}.", "r"),
        (f"{P} spoke. [[She|REF|p]] said that {V} works with {L}.", "p"),
    ],
)
def test_the_speaker_of_reported_speech_is_found(text, speaker):
    assert said_by(text, "v", "l") == speaker


def test_what_the_phrase_itself_states_is_the_texts_own():
    text = f"[[Minister|ROLE|s]] {P} of the {M} said at the [[Doha Forum|EVENT|e]] that {V} pays."
    assert said_by(text, "p", "s", "has_role") == ""
    assert said_by(text, "p", "m", "works_for") == ""
    assert said_by(text, "p", "e", "participates_in") == ""


def test_a_speaker_who_states_a_thing_of_himself_is_its_witness():
    text = f"The {M} said that it works with {L}."
    assert said_by(text, "m", "l") == "m"


@pytest.mark.parametrize("relation", ["praises", "urges", "disputes", "rates"])
def test_an_act_of_speech_is_no_report_of_itself(relation):
    assert said_by(f"{P} said [[she|REF|p]] welcomed what {L} did.", "p", "l", relation) == ""


def test_an_act_of_another_is_reported():
    assert said_by(f"{P} said {V} welcomed what {L} did.", "v", "l", "praises") == "p"


def test_a_title_in_anothers_speech_is_the_writers():
    text = f"{P} said [[Governor|ROLE|s]] {Q} had left."
    assert said_by(text, "q", "s", "has_role") == ""
    assert said_by(f"{P} said {Q} was made [[governor|ROLE|s]].", "q", "s", "has_role") == "p"


WORDS = st.sampled_from(
    'said says told that according to who and , . ; : " “ ” it he the minister on in a statement '
    "adding Kenya Malawi signed by was noted report reporters \n\n".split(" ")
)


@given(st.lists(WORDS, max_size=40))
def test_any_order_of_words_is_read_and_no_stretch_leaves_the_text(words):
    text = " ".join(words)
    names = [
        Named(match.start(), match.end(), "GPE", (match[0],))
        for match in re.finditer(r"Kenya|Malawi", text)
    ]
    starts = sentence_starts(text, [(name.start, name.end) for name in names])
    for voice in find_voices(text, starts, names):
        assert voice.speakers
        for start, end in voice.stretches:
            assert 0 <= start <= end <= len(text)
            assert "\n\n" not in text[start:end].strip()
