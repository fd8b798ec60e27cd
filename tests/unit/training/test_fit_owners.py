"""Fitting owners: what the annotation says of them, and the examples made of it."""

from __future__ import annotations

import pytest

from pipeline.gold import GoldDocument
from pipeline.knowledge import load_knowledge
from pipeline.markup import read_markup
from pipeline.schema import load_schema
from pipeline.training.fit_owners import bodies_of, country_in, owners_in

TEXT = """\
[[Malta|GPE|mt]] wrote to [[Laos|GPE|la]]. The [[Ministry of Justice|ORG|moj]] replied.
>> moj part_of mt

The [[Penal Code|DOCUMENT|pc]] stands.
== mt | Malta | Q233
== la | Laos | Q819
== pc | Penal Code of Malta |
"""


def document():
    return GoldDocument("a", "wire_news", "2020-01-02", ("MT",), "", "train", read_markup(TEXT))


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Ministry of Justice of Malta", "MT"),
        ("Vietnamese Ministry of Justice", "VN"),
        ("Human Services Ministry (Laos)", "LA"),
        ("International Labour Organization", ""),
    ],
)
def test_a_canonical_name_says_its_country(name, country):
    assert country_in(name, load_knowledge()) == country


def test_a_relation_and_a_name_say_whose_a_thing_is():
    assert owners_in(document().gold, load_knowledge()) == {"moj": "MT", "pc": "MT"}


def test_each_body_in_doubt_is_an_example_of_its_owner():
    bodies = list(bodies_of(document(), load_knowledge(), load_schema()))
    assert [(body.name, body.owner) for body in bodies] == [
        ("Ministry of Justice", "MT"), ("Penal Code", "MT"),
    ]  # fmt: skip
    assert all(body.example.right == body.codes.index("MT") for body in bodies)
