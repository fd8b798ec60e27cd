"""The date that belongs to a statement."""

from __future__ import annotations

import pytest

from pipeline.dating.statements import date_all, is_iso
from pipeline.records import Document, Mention, Relation


class Text:
    """A document made of marked surfaces: `[Ghana|GPE|gh]`."""

    def __init__(self, marked, published="2022-07-21"):
        self.mentions, self.relations, text = [], [], ""
        for number, piece in enumerate(marked.replace("]", "[").split("[")):
            if number % 2:
                surface, label, cluster = piece.split("|")
                begin, stop = len(text), len(text) + len(surface)
                self.mentions.append(
                    Mention(
                        f"m{begin}", "d", begin, stop, begin, stop, surface, label, "name",
                        (cluster,), surface, "", 1.0,
                    )
                )  # fmt: skip
                text += surface
            else:
                text += piece
        segments = ((len(text), 0, len(text), True),)
        self.document = Document("d", "", "", "", published, "en", 1, "", text, segments, {})

    def at(self, cluster):
        return next((m.mention_id for m in self.mentions if m.cluster == (cluster,)), "")

    def relate(self, head, relation, tail, status="actual", date="", document="", evidence=""):
        text = self.document.text
        start = text.index(evidence) if evidence else 0
        end = start + len(evidence) if evidence else len(text)
        self.relations.append(
            Relation(
                f"r{len(self.relations)}", "d", self.at(head), relation, self.at(tail), status,
                self.at(date), self.at(document), "", "", 0.9, "model", start, end, text[start:end],
            )
        )  # fmt: skip

    def dates(self):
        found = date_all([self.document], {"d": self.mentions}, self.relations).statements
        return [found.get(("d", r.relation_id), "") for r in self.relations]


PACT = "[Ghana|GPE|gh] signed a [pact|DOCUMENT|pact] with [Togo|GPE|tg] on [3 May 2019|DATE|d]."


def test_the_date_that_the_relater_points_at_is_taken():
    text = Text(PACT)
    text.relate("gh", "signed", "pact", date="d")
    assert text.dates() == ["2019-05-03"]


def test_a_date_outside_the_evidence_dates_nothing():
    text = Text("[Ghana|GPE|gh] thanked [Togo|GPE|tg]. They spoke on [3 May 2019|DATE|d].")
    text.relate("gh", "praises", "tg", date="d", evidence="Ghana thanked Togo.")
    assert text.dates() == [""]


@pytest.mark.parametrize(
    ("verb", "status", "when", "iso"),
    [
        pytest.param("will sign", "planned", "3 May 2019", "", id="a plan behind"),
        pytest.param("will sign", "planned", "3 May 2023", "2023-05-03", id="a plan ahead"),
        pytest.param("will sign", "planned", "21 July 2022", "", id="a plan told that day"),
        pytest.param("signed", "actual", "3 May 2023", "", id="a fact ahead"),
        pytest.param("signed", "actual", "2022", "2022", id="a fact of this year"),
        pytest.param("never signed", "negated", "3 May 2019", "", id="what never was"),
    ],
)
def test_a_date_must_agree_with_the_status(verb, status, when, iso):
    text = Text(f"[Ghana|GPE|gh] {verb} the [pact|DOCUMENT|pact] of [{when}|DATE|d].")
    text.relate("gh", "signed", "pact", status, date="d")
    assert text.dates() == [iso]


def test_a_date_right_behind_a_membership_is_its_own():
    text = Text("[Ghana|GPE|gh] has been in the [Union|ORG|un] since [1963|DATE|d].")
    text.relate("gh", "member_of", "un")
    text.relate("gh", "cooperates_with", "un")
    assert text.dates() == ["1963", ""]


def test_a_date_right_behind_a_statement_is_its_own_and_not_one_in_front():
    text = Text(
        "[Ghana|GPE|gh] signed a [pact|DOCUMENT|p] in [2002|DATE|a] and a [treaty|DOCUMENT|t] "
        "in [2005|DATE|b]."
    )
    text.relate("gh", "signed", "p", date="a")
    text.relate("gh", "signed", "t", date="a")
    text.relate("gh", "implements", "t", date="a")
    assert text.dates() == ["2002", "2005", "2005"]


@pytest.mark.parametrize(
    ("marked", "relation", "iso"),
    [
        ("[A|ORG|a] joined X in [1949|DATE|d] and is a member of [B|ORG|b].", "member_of", ""),
        ("[A|ORG|a] met [B|ORG|b]; a pact is of [1949|DATE|d].", "meets_with", ""),
        ("In [1949|DATE|d] X fell; [A|ORG|a] met [B|ORG|b].", "meets_with", ""),
        ("In [1949|DATE|d] X fell; [A|ORG|a] put it on [list|RATING|b].", "rated_as", "1949"),
        ("In [1949|DATE|d] [A|ORG|a] joined X and met [B|ORG|b].", "meets_with", "1949"),
        ("[A|ORG|a] met [B|ORG|b], and a pact is of [1949|DATE|d].", "meets_with", ""),
        ("X fell in [1949|DATE|d], but [A|ORG|a] met [B|ORG|b].", "meets_with", ""),
    ],
    ids=["and is", "semicolon behind", "semicolon before", "list", "and did", "comma and", "but"],
)
def test_a_date_of_another_clause_is_not_taken(marked, relation, iso):
    text = Text(marked)
    text.relate("a", relation, "b", date="d")
    assert text.dates() == [iso]


def test_the_year_of_a_document_is_not_the_day_of_its_signature():
    text = Text(
        "On [21 May 2019|DATE|a], [Ghana|GPE|gh] signed the [Convention|DOCUMENT|c] of "
        "[1957|DATE|b]."
    )
    text.relate("gh", "signed", "c", date="a")
    assert text.dates() == ["2019-05-21"]


def test_a_signature_takes_the_date_of_its_document():
    text = Text(PACT)
    text.relate("pact", "dated", "d")
    text.relate("gh", "signed_with", "tg", document="pact")
    text.relate("tg", "signed", "pact")
    text.relate("gh", "praises", "tg", document="pact")
    assert text.dates() == ["", "2019-05-03", "2019-05-03", ""]


def test_nothing_is_inherited_from_another_paragraph_status_or_of_two_dates():
    text = Text(f"{PACT}\n\nThe [accord|DOCUMENT|pact2] binds [Niger|GPE|ne].")
    text.relate("pact", "dated", "d")
    text.relate("ne", "signed", "pact2")
    text.relate("gh", "signed", "pact", "planned")
    assert text.dates() == ["", "", ""]
    twice = Text("The [forum|EVENT|f] of [2018|DATE|a] and [2019|DATE|b], said [Togo|GPE|tg].")
    twice.relate("f", "dated", "a")
    twice.relate("f", "dated", "b")
    twice.relate("tg", "participates_in", "f")
    assert twice.dates()[-1] == ""


def test_one_word_for_two_days_is_two_things():
    text = Text("They met on [Tuesday|DATE|d]. They will meet on [Tuesday|DATE|d].")
    rows = date_all([text.document], {"d": text.mentions}, []).mentions["d"]
    assert [(m.name, m.cluster) for m in rows] == [
        ("2022-07-19", ("d",)),
        ("2022-07-26", ("d@2022-07-26",)),
    ]


def test_a_date_that_is_not_read_keeps_its_name():
    text = Text("In [recent years|DATE|d] they met.")
    [mention] = date_all([text.document], {"d": text.mentions}, []).mentions["d"]
    assert mention == text.mentions[0]
    assert not is_iso(mention.name)
    assert is_iso("2021-01/2021-03")
