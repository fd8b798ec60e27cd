"""Which names of a document are one thing."""

from __future__ import annotations

import re

import pytest

from pipeline.components.clusters import Found, cluster_names
from pipeline.knowledge import load_knowledge


def clusters(text, *names):
    """Cluster marked names; each is `surface/LABEL`, found in text order."""
    found, at = [], 0
    for name in names:
        surface, label = name.rsplit("/", 1)
        start = text.index(surface, at)
        found.append(Found(start, start + len(surface), surface, label, 1.0))
        at = start + len(surface)
    return [
        (cluster.name, cluster.country, [found[i].text for i in cluster.members])
        for cluster in cluster_names(text, found, load_knowledge())
    ]


@pytest.mark.parametrize(
    ("text", "names", "forms"),
    [
        pytest.param(
            "the Ministry of Labour and Welfare (MLW) said MLW",
            ["Ministry of Labour and Welfare/ORG", "MLW/ORG", "MLW/ORG"],
            [["Ministry of Labour and Welfare", "MLW", "MLW"]],
            id="acronym in brackets",
        ),
        pytest.param(
            "MOLW (Ministry of Labour and Welfare)",
            ["MOLW/ORG", "Ministry of Labour and Welfare/ORG"],
            [["MOLW", "Ministry of Labour and Welfare"]],
            id="name in brackets",
        ),
        pytest.param(
            "Deputy Minister Trịnh Quốc Bảo came. Bảo spoke.",
            ["Trịnh Quốc Bảo/PERSON", "Bảo/PERSON"],
            [["Trịnh Quốc Bảo", "Bảo"]],
            id="Vietnamese given name",
        ),
        pytest.param(
            "Agim Shkreli came with Vera Shkreli. Shkreli spoke.",
            ["Agim Shkreli/PERSON", "Vera Shkreli/PERSON", "Shkreli/PERSON"],
            [["Agim Shkreli"], ["Vera Shkreli"], ["Shkreli"]],
            id="two bearers of a surname stay apart, and so does the surname",
        ),
        pytest.param(
            "Trinh Quoc Bao and Trịnh Quốc Bảo",
            ["Trinh Quoc Bao/PERSON", "Trịnh Quốc Bảo/PERSON"],
            [["Trinh Quoc Bao", "Trịnh Quốc Bảo"]],
            id="with and without marks",
        ),
        pytest.param(
            "the Coastal Patrol Command and the Coastal Patrol",
            ["Coastal Patrol Command/ORG", "Coastal Patrol/ORG"],
            [["Coastal Patrol Command", "Coastal Patrol"]],
            id="short form",
        ),
        pytest.param(
            "Albania's Ministry of Interior met Kosovo's Ministry of Interior",
            ["Albania/GPE", "Ministry of Interior/ORG", "Kosovo/GPE", "Ministry of Interior/ORG"],
            [["Albania"], ["Ministry of Interior"], ["Kosovo"], ["Ministry of Interior"]],
            id="one name, two countries",
        ),
        pytest.param(
            "a visit to Rome and a visit to Oslo",
            ["visit/EVENT", "visit/EVENT"],
            [["visit"], ["visit"]],
            id="kinds of events are no names",
        ),
        pytest.param(
            "Hanoi rejected it. Vietnam's envoy flew to Hanoi.",
            ["Hanoi/GPE", "Vietnam/GPE", "Hanoi/GPE"],
            [["Hanoi", "Vietnam"], ["Hanoi"]],
            id="a capital that acts and one that is a place",
        ),
    ],
)  # fmt: skip
def test_names_are_grouped(text, names, forms):
    assert [members for _, _, members in clusters(text, *names)] == forms


def test_a_government_is_its_country():
    [(name, country, members)] = clusters(
        "Việt Nam, the GVN and the government of Vietnam",
        "Việt Nam/GPE",
        "GVN/GPE",
        "government of Vietnam/GPE",
    )
    assert (name, country, len(members)) == ("Vietnam", "VN", 3)


def test_the_fullest_name_is_shown_with_its_marks():
    text = "BẢO, Trinh Quoc Bao, Trịnh Quốc Bảo"
    [(name, _, _)] = clusters(text, *[f"{form}/PERSON" for form in re.split(", ", text)])
    assert name == "Trịnh Quốc Bảo"
