"""The dates beside posts."""

from __future__ import annotations

import pytest

from pipeline.terms import find_terms
from tests.unit.stages.test_resolve import Maker


def terms_of(text, *dates, relation="has_role"):
    maker = Maker("a", text)
    person = maker.mention("Agim Qerimaj", "PERSON", "e1")
    role = maker.mention("deputy minister", "ROLE", "e2")
    for number, date in enumerate(dates, start=3):
        maker.mention(date, "DATE", f"e{number}")
    maker.relate(person, relation, role)
    found = find_terms(
        maker.relations,
        {mention.mention_id: mention for mention in maker.mentions},
        {"a": maker.document},
    )
    return list(found.values())


@pytest.mark.parametrize(
    ("text", "dates", "term"),
    [
        ("Agim Qerimaj, deputy minister since 2021, spoke.", ["2021"], ["2021"]),
        ("Agim Qerimaj was deputy minister from 2016 to 2021.", ["2016", "2021"], ["2016-2021"]),
        ("Agim Qerimaj (deputy minister in May 2022) spoke.", ["May 2022"], ["May 2022"]),
        ("Agim Qerimaj, deputy minister, met them on 3 May 2022.", ["3 May 2022"], []),
    ],
)
def test_only_a_date_that_touches_the_post_is_its_term(text, dates, term):
    assert terms_of(text, *dates) == term


def test_other_statements_have_no_terms():
    text = "Agim Qerimaj praised the deputy minister since 2021"
    assert terms_of(text, "2021", relation="praises") == []
