"""Stage `resolve`: identifiers, ministries of many countries, ratings, counts."""

from __future__ import annotations

import pytest

from pipeline.knowledge import load_knowledge
from pipeline.records import Document, Mention, Relation
from pipeline.stages.resolve import Params, resolve


def a_document(doc_id, text, published="2022-07-21"):
    segments = ((len(text), 0, len(text), True),)
    return Document(doc_id, "", "", "", published, "en", len(text.split()), "", text, segments, {})


class Maker:
    """Makes mentions and relations of one document, by surface."""

    def __init__(self, doc_id, text, published="2022-07-21"):
        self.document = a_document(doc_id, text, published)
        self.mentions, self.relations = [], []

    def mention(self, surface, label, cluster, country="", name=None, kind="name"):
        begin = self.document.text.index(surface, self.mentions[-1].stop if self.mentions else 0)
        end = begin + len(surface)
        found = Mention(
            f"{self.document.doc_id}:{begin}", self.document.doc_id, begin, end, begin, end,
            surface, label, kind, tuple(cluster.split("+")), name or surface, country, 0.9,
        )  # fmt: skip
        self.mentions.append(found)
        return found

    def relate(self, head, relation, tail, status="actual", said_by=(), **extras):
        ids = {"date": "", "document": "", "rating": "", "amount": ""} | {
            name: mention.mention_id for name, mention in extras.items()
        }
        self.relations.append(
            Relation(
                relation_id=f"r{len(self.relations)}", doc_id=self.document.doc_id,
                head=head.mention_id, relation=relation, tail=tail.mention_id, status=status,
                score=0.8, source="rule", start=0, end=len(self.document.text),
                evidence=self.document.text,
                attributed_to=tuple(mention.mention_id for mention in said_by), **ids,
            )
        )  # fmt: skip


def resolved(*makers):
    return resolve(
        [maker.document for maker in makers],
        [mention for maker in makers for mention in maker.mentions],
        [relation for maker in makers for relation in maker.relations],
        Params(0.4),
        load_knowledge(),
    )


def test_a_country_under_any_name_is_one_entity():
    maker = Maker("a", "Viet Nam and the GVN")
    maker.mention("Viet Nam", "GPE", "e1", "VN", "Vietnam")
    maker.mention("GVN", "GPE", "e1", "VN", "Vietnam")
    [entity] = resolved(maker).entities
    assert (entity.entity_id, entity.name, entity.mentions) == ("Q881", "Vietnam", 2)


def test_one_ministry_name_in_two_countries_is_two_entities():
    first = Maker("a", "Albania Albania Ministry of Odd Affairs")
    second = Maker("b", "Kosovo Kosovo Ministry of Odd Affairs")
    for maker, code, name in ((first, "AL", "Albania"), (second, "XK", "Kosovo")):
        maker.mention(name, "GPE", "e1", code, name)
        maker.mention(name, "GPE", "e1", code, name)
        maker.mention("Ministry of Odd Affairs", "ORG", "e2", code)
    ids = {e.entity_id for e in resolved(first, second).entities if e.label == "ORG"}
    assert len(ids) == 2


def test_a_ministry_without_a_country_stays_in_its_document():
    makers = [Maker(name, "the Ministry of Public Works and Relief") for name in "ab"]
    for maker in makers:
        maker.mention("Ministry of Public Works and Relief", "ORG", "e1")
    assert len(resolved(*makers).entities) == 2


def test_a_full_name_joins_documents_and_a_surname_does_not():
    makers = [Maker(name, "Agim Qerimaj and Berisha") for name in "ab"]
    for maker in makers:
        maker.mention("Agim Qerimaj", "PERSON", "e1")
        maker.mention("Berisha", "PERSON", "e2")
    people = resolved(*makers).entities
    assert sorted(e.documents for e in people) == [1, 1, 2]


def test_identifiers_do_not_depend_on_other_documents():
    makers = [Maker(name, "Agim Qerimaj of the Durres Harbour Trust") for name in "ab"]
    for maker in makers:
        maker.mention("Agim Qerimaj", "PERSON", "e1")
        maker.mention("Durres Harbour Trust", "ORG", "e2")
    alone = {e.entity_id for e in resolved(makers[0]).entities}
    assert alone == {e.entity_id for e in resolved(*makers).entities}


def test_a_reference_to_two_gives_two_rows():
    maker = Maker("a", "Malta and Libya. The two sides met Agim Qerimaj")
    maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    maker.mention("Libya", "GPE", "e2", "LY", "Libya")
    both = maker.mention("The two sides", "GPE", "e1+e2", kind="reference")
    maker.relate(both, "meets_with", maker.mention("Agim Qerimaj", "PERSON", "e3"))
    rows = resolved(maker).statements
    assert sorted(row.head for row in rows) == ["Libya", "Malta"]
    assert len({row.relation_id for row in rows}) == 2


@pytest.mark.parametrize(
    ("body", "country", "said", "tails"),
    [
        ("Ministry of Justice", "PE", "urges", ["Chile"]),
        ("Ministry of Justice", "PE", "disputes", ["Chile", "Peru"]),
        ("National Assembly", "PE", "urges", ["Chile", "Peru"]),
        ("Fund for Women", "PE", "urges", ["Chile", "Peru"]),
        ("Peru", "", "praises", ["Chile"]),
    ],
    ids=[
        "own ministry",
        "a critic",
        "parliament",
        "no ministry",
        "own country",
    ],
)
def test_nobody_urges_or_thanks_the_country_that_he_speaks_for(body, country, said, tails):
    label = "GPE" if body == "Peru" else "ORG"
    maker = Maker("a", f"Ana Duka of {body} said that both sides of Peru and Chile should go on")
    person = maker.mention("Ana Duka", "PERSON", "p")
    work = maker.mention(body, label, "peru" if label == "GPE" else "b", country)
    sides = maker.mention("both sides", "GPE", "peru+chile", kind="reference")
    maker.mention("Peru", "GPE", "peru", "PE")
    maker.mention("Chile", "GPE", "chile", "CL")
    maker.relate(person, "works_for", work)
    maker.relate(person, said, sides)
    found = resolved(maker)
    rows = [row.tail for row in found.statements if row.relation == said]
    assert sorted(rows) == tails
    outcomes = {row["outcome"]: row["count"] for row in found.tally}
    assert outcomes["a person towards the own country"] == 2 - len(tails)


def test_one_reference_can_hold_both_ends():
    maker = Maker("a", "Malta and Libya. The two sides cooperate")
    maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    maker.mention("Libya", "GPE", "e2", "LY", "Libya")
    both = maker.mention("The two sides", "GPE", "e1+e2", kind="reference")
    maker.relate(both, "cooperates_with", both)
    [row] = resolved(maker).statements
    assert {row.head, row.tail} == {"Malta", "Libya"}


def test_a_row_says_whose_words_it_is_and_through_what_it_was_read():
    maker = Maker(
        "a", "Agim Qerimaj and Mira Hoxha said of Malta and Libya: the  two sides met them"
    )
    agim = maker.mention("Agim Qerimaj", "PERSON", "e3")
    mira = maker.mention("Mira Hoxha", "PERSON", "e4")
    maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    libya = maker.mention("Libya", "GPE", "e2", "LY", "Libya")
    both = maker.mention("the  two sides", "GPE", "e1+e2", kind="reference")
    maker.relate(both, "meets_with", both, said_by=(agim, mira))
    maker.relate(both, "meets_with", maker.mention("them", "PERSON", "e3", kind="reference"))
    maker.relate(agim, "urges", libya)
    rows = {(row.head, row.tail): row for row in resolved(maker).statements}
    assert rows["Malta", "Libya"].attributed_to == "Agim Qerimaj | Mira Hoxha"
    assert rows["Malta", "Libya"].reference == "the two sides"
    assert rows["Malta", "Agim Qerimaj"].reference == "the two sides | them"
    assert rows["Malta", "Agim Qerimaj"].attributed_to == ""
    assert rows["Agim Qerimaj", "Libya"].reference == ""


def test_speakers_of_one_entity_are_named_once():
    maker = Maker("a", "Malta and the GOM say Agim Qerimaj urges Mira Hoxha")
    voices = [maker.mention("Malta", "GPE", "e1", "MT", "Malta")]
    voices.append(maker.mention("GOM", "GPE", "e1", "MT", "Malta"))
    agim = maker.mention("Agim Qerimaj", "PERSON", "e3")
    maker.relate(agim, "urges", maker.mention("Mira Hoxha", "PERSON", "e4"), said_by=voices)
    assert resolved(maker).statements[0].attributed_to == "Malta"


def test_the_halves_of_a_rating_are_joined():
    maker = Maker("a", "The 2019 Report put Malta on Tier 3")
    report = maker.mention("2019 Report", "DOCUMENT", "e1")
    malta = maker.mention("Malta", "GPE", "e2", "MT", "Malta")
    tier = maker.mention("Tier 3", "RATING", "e3")
    maker.relate(report, "rates", malta)
    maker.relate(malta, "rated_as", tier)
    assert [(row.relation, row.rating) for row in resolved(maker).statements] == [
        ("rated_as", "Tier 3"),
        ("rates", "Tier 3"),
    ]


@pytest.mark.parametrize(
    ("verb", "status", "iso"),
    [
        pytest.param("met", "actual", "2022-07-19", id="fact"),
        pytest.param("will meet", "planned", "2022-07-26", id="plan"),
        pytest.param("met", "planned", "", id="a plan that lies behind is no plan"),
    ],
)
def test_a_weekday_is_behind_a_fact_and_ahead_of_a_plan(verb, status, iso):
    maker = Maker("a", f"Malta {verb} Libya on Tuesday")
    malta = maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    libya = maker.mention("Libya", "GPE", "e2", "LY", "Libya")
    maker.relate(malta, "meets_with", libya, status, date=maker.mention("Tuesday", "DATE", "e3"))
    assert resolved(maker).statements[0].date == iso


def test_a_date_that_cannot_be_read_is_empty_and_never_that_of_publication():
    maker = Maker("a", "Malta met Libya in recent years")
    malta = maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    libya = maker.mention("Libya", "GPE", "e2", "LY", "Libya")
    maker.relate(malta, "meets_with", libya, date=maker.mention("recent years", "DATE", "e3"))
    assert resolved(maker).statements[0].date == ""


def test_what_is_left_out_is_counted():
    maker = Maker("a", "Malta is Malta")
    left = maker.mention("Malta", "GPE", "e1", "MT", "Malta")
    maker.relate(left, "cooperates_with", maker.mention("Malta", "GPE", "e2", "MT", "Malta"))
    result = resolved(maker)
    assert result.statements == []
    counts = {row["outcome"]: row["count"] for row in result.tally}
    assert counts["both ends are one entity"] == 1


def test_an_end_of_another_kind_is_left_out_and_counted():
    maker = Maker("a", "Ana Weld joined Malta")
    ana = maker.mention("Ana Weld", "PERSON", "e1")
    maker.relate(ana, "participates_in", maker.mention("Malta", "GPE", "e2", "MT", "Malta"))
    result = resolved(maker)
    assert result.statements == []
    counts = {row["outcome"]: row["count"] for row in result.tally}
    assert counts["ends of a kind that the relation does not take"] == 1


def test_a_post_takes_the_date_beside_it():
    maker = Maker("a", "Agim Qerimaj, deputy minister since 2021, spoke")
    person = maker.mention("Agim Qerimaj", "PERSON", "e1")
    role = maker.mention("deputy minister", "ROLE", "e2")
    maker.mention("2021", "DATE", "e3")
    maker.relate(person, "has_role", role)
    assert resolved(maker).statements[0].date == "2021"


def test_one_person_in_two_posts_gives_two_dated_statements():
    makers = []
    for doc_id, post, year in (("a", "deputy minister", "2022"), ("b", "minister", "2025")):
        maker = Maker(doc_id, f"Agim Qerimaj, {post} in {year}, spoke", f"{year}-03-01")
        person = maker.mention("Agim Qerimaj", "PERSON", "e1")
        role = maker.mention(post, "ROLE", "e2")
        maker.mention(year, "DATE", "e3")
        maker.relate(person, "has_role", role)
        makers.append(maker)
    rows = resolved(*makers).statements
    assert len({row.head_id for row in rows}) == 1
    assert [(row.tail, row.date) for row in rows] == [
        ("deputy minister", "2022"),
        ("minister", "2025"),
    ]
