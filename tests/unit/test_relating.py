"""From the relater's rows to records: status, speakers and evidence."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language

from pipeline.extensions import add_extensions
from pipeline.knowledge import load_knowledge
from pipeline.offsets import MappedText
from pipeline.records import Document, Mention, Relation
from pipeline.relating import Settings, _Piece, _Reading, once_dated, relate


@Language.component("one_statement")
def one_statement(doc):
    add_extensions()
    low, high = doc._.mention_ids[-2], doc._.mention_ids[-1]
    number = len(doc._.mention_ids)
    row = [number - 2, "signed_with", number - 1, "actual", 0.9, low[0], high[1], -1, -1, -1, -1]
    doc._.statements = [row]
    return doc


def document_with(text, surfaces):
    segments = MappedText.of_source(text).segments
    document = Document("a", "", "", "", "2022-01-01", "en", 9, "", text, segments, {})
    mentions = []
    for number, (surface, label) in enumerate(surfaces):
        begin = text.index(surface)
        end = begin + len(surface)
        mentions.append(
            Mention(
                f"m{number}", "a", begin, end, begin, end, surface, label, "name", (f"e{number}",),
                surface, "", 0.9,
            )
        )  # fmt: skip
    return document, mentions


def related(text, *surfaces):
    document, mentions = document_with(text, surfaces)
    nlp = spacy.blank("en")
    nlp.add_pipe("one_statement", name="relater")
    [relation] = relate([document], mentions, nlp, Settings(4), load_knowledge())
    return relation


@pytest.mark.parametrize(
    ("text", "status", "speakers"),
    [
        ("Amina Otieno said Kenya signed with Malawi.", "actual", ("m0",)),
        ("Amina Otieno claims Kenya signed with Malawi.", "alleged", ("m0",)),
        ("Amina Otieno left. Kenya is expected to sign with Malawi.", "planned", ()),
        ("Amina Otieno said that Kenya had not signed with Malawi.", "negated", ("m0",)),
    ],
)
def test_status_and_speaker_are_read_off_the_text(text, status, speakers):
    names = (("Amina Otieno", "PERSON"), ("Kenya", "GPE"), ("Malawi", "GPE"))
    relation = related(text, *names)
    assert (relation.status, relation.attributed_to) == (status, speakers)
    assert relation.evidence in text


@pytest.mark.parametrize(
    ("text", "names", "relation"),
    [
        ("Kenya said that Busia, Uganda, was quiet.",
         [("Kenya", "GPE"), ("Busia", "GPE"), ("Uganda", "GPE")], "located_in"),
        ("Amina Otieno said that she, Amina, works for the Fund.",
         [("Amina Otieno", "PERSON"), ("Fund", "ORG")], "works_for"),
    ],
)  # fmt: skip
def test_geography_and_ones_own_post_are_nobodys_claim(text, names, relation):
    document, mentions = document_with(text, names)
    reading = _Reading(text, _Piece(document, 0, text, tuple(mentions)))
    assert reading.speakers(mentions[-2], mentions[-1], "supports") == (mentions[0].mention_id,)
    assert reading.speakers(mentions[-2], mentions[-1], relation) == ()


DATED = "The pact was signed at a forum on 5 May. The law came in 2011."


@pytest.mark.parametrize(
    ("heads", "dates", "kept"),
    [
        (["pact"], ["5 May"], [True]),
        (["pact", "forum"], ["5 May", "5 May"], [False, True]),
        (["pact"], ["2011"], [False]),
        (["pact", "law"], ["5 May", "2011"], [True, True]),
    ],
    ids=["one thing", "the surest of two", "another sentence", "a date each"],
)
def test_a_date_dates_one_thing_of_its_sentence(heads, dates, kept):
    names = [("pact", "DOCUMENT"), ("forum", "EVENT"), ("5 May", "DATE"), ("law", "DOCUMENT"),
             ("2011", "DATE")]  # fmt: skip
    document, mentions = document_with(DATED, names)
    of = {mention.text: mention.mention_id for mention in mentions}
    rows = [
        Relation(
            f"r{number}", "a", of[head], "dated", of[day], "actual", "", "", "", "",
            0.8 + number / 10, "model", 0, len(DATED), DATED,
        )
        for number, (head, day) in enumerate(zip(heads, dates, strict=True))
    ]  # fmt: skip
    found = once_dated(rows, _Piece(document, 0, DATED, tuple(mentions)))
    assert [row.score >= 0.8 for row in found] == kept
