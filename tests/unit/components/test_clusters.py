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
            "the Ministry of Labour (MOL) met the Ministry of Labour and Welfare (MLW)",
            ["Ministry of Labour/ORG", "MOL/ORG", "Ministry of Labour and Welfare/ORG", "MLW/ORG"],
            [["Ministry of Labour", "MOL"], ["Ministry of Labour and Welfare", "MLW"]],
            id="each with an acronym of its own",
        ),
        pytest.param(
            "the Border Guard (BG) left; the Border Guard Command (BGC) stayed",
            ["Border Guard/ORG", "BG/ORG", "Border Guard Command/ORG", "BGC/ORG"],
            [["Border Guard", "BG"], ["Border Guard Command", "BGC"]],
            id="a short form with an acronym of its own",
        ),
        pytest.param(
            "the Attorney General's Office of Colombia (FGN, by its Spanish acronym) and FGN",
            ["Attorney General's Office of Colombia/ORG", "FGN/ORG", "FGN/ORG"],
            [["Attorney General's Office of Colombia", "FGN", "FGN"]],
            id="acronym in another tongue",
        ),
        pytest.param(
            "Romania's National Institute (MAE) agreed, and the MAE wrote",
            ["Romania/GPE", "National Institute/ORG", "MAE/ORG", "MAE/ORG"],
            [["Romania"], ["National Institute", "MAE", "MAE"]],
            id="acronym of a body of a country that the text does not name",
        ),
        pytest.param(
            "Vietnam told the Ministry of Foreign Affairs (MAE), and the MAE wrote",
            ["Vietnam/GPE", "Ministry of Foreign Affairs/ORG", "MAE/ORG", "MAE/ORG"],
            [["Vietnam"], ["Ministry of Foreign Affairs", "MAE", "MAE"]],
            id="acronym that another ministry has too",
        ),
        pytest.param(
            "the National Police Agency of Japan's police; Japan's National Police",
            ["National Police Agency/ORG", "Japan/GPE", "Japan/GPE", "National Police/ORG"],
            [["National Police Agency", "National Police"], ["Japan", "Japan"]],
            id="a short form with the country of the text",
        ),
        pytest.param(
            "the National Police Agency; Indonesia's National Police",
            ["National Police Agency/ORG", "National Police/ORG"],
            [["National Police Agency"], ["National Police"]],
            id="a short form with a country of its own",
        ),
        pytest.param(
            "the Border Guard Command; the provincial Border Guard Command, Border Guard Command",
            ["Border Guard Command/ORG"] * 3,
            [["Border Guard Command"], ["Border Guard Command"] * 2],
            id="national and provincial",
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
            "the Red Heron Foundation for Lost Boys and the Red Heron Foundation",
            ["Red Heron Foundation for Lost Boys/ORG", "Red Heron Foundation/ORG"],
            [["Red Heron Foundation for Lost Boys", "Red Heron Foundation"]],
            id="topic left out",
        ),
        pytest.param(
            "the European Court of Auditors and the European Court",
            ["European Court of Auditors/ORG", "European Court/ORG"],
            [["European Court of Auditors"], ["European Court"]],
            id="what it is of makes another body",
        ),
        pytest.param(
            "the United Socialist Party and the Socialist Party",
            ["United Socialist Party/ORG", "Socialist Party/ORG"],
            [["United Socialist Party"], ["Socialist Party"]],
            id="a word in front makes another body",
        ),
        pytest.param(
            "the United Nations and the United Nations Office on Drugs and Crime",
            ["United Nations/ORG", "United Nations Office on Drugs and Crime/ORG"],
            [["United Nations"], ["United Nations Office on Drugs and Crime"]],
            id="a known body is no short form of another",
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
        "Việt Nam, the GVN, the government of Vietnam and the Royal Government of Vietnam",
        "Việt Nam/GPE",
        "GVN/GPE",
        "government of Vietnam/GPE",
        "Royal Government of Vietnam/GPE",
    )
    assert (name, country, len(members)) == ("Vietnam", "VN", 4)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        pytest.param("Peru's Ministry of Health, the Ministry of Labour met.", "PE", id="listed"),
        pytest.param("Peru's Ministry of Health met the Ministry of Labour.", "", id="not listed"),
        pytest.param("Peru's Ministry of Health\n\nMinistry of Labour", "", id="paragraphs"),
        pytest.param("Lima's Caritas, the Ministry of Labour met.", "", id="no body of a state"),
    ],
)
def test_the_owner_of_the_first_of_a_list_of_bodies_owns_all(text, country):
    surfaces = [s for s in ("Ministry of Health", "Caritas", "Ministry of Labour") if s in text]
    names = [Found(text.index(s), text.index(s) + len(s), s, "ORG", 1.0) for s in surfaces]
    labour = cluster_names(text, names, load_knowledge())[-1]
    assert (labour.name, labour.country) == ("Ministry of Labour", country)


def test_where_an_embassy_stands_is_not_whose_it_is():
    [(_, country, _), _] = clusters("our embassy in Bangkok", "embassy/ORG", "Bangkok/GPE")
    assert country == ""


def test_the_fullest_name_is_shown_with_its_marks():
    text = "BẢO, Trinh Quoc Bao, Trịnh Quốc Bảo"
    [(name, _, _)] = clusters(text, *[f"{form}/PERSON" for form in re.split(", ", text)])
    assert name == "Trịnh Quốc Bảo"


@pytest.mark.parametrize(
    ("text", "names", "together"),
    [
        pytest.param(
            "Visit of the minister. He paid a visit to the port",
            ["Visit/EVENT", "visit/EVENT"], False, id="a capital that opens a line is no name",
        ),
        pytest.param(
            "in Hanoi the Ministry of Finance of all Vietnam paid; the Polish Ministry of Finance",
            [
                "Hanoi/GPE", "Ministry of Finance/ORG", "Vietnam/GPE",
                "Polish Ministry of Finance/ORG",
            ],
            False, id="a ministry before another country's",
        ),
        pytest.param(
            "Poland met; the Ministry of Finance paid; the Polish Ministry of Finance did",
            ["Poland/GPE", "Ministry of Finance/ORG", "Polish Ministry of Finance/ORG"],
            True, id="a ministry of the text's country",
        ),
        pytest.param(
            "the Ministry of Public Security and China's own Ministry of Public Security in China",
            ["Ministry of Public Security/ORG", "Ministry of Public Security/ORG"],
            False, id="a country's own ministry",
        ),
        pytest.param(
            "the Interior Ministry spoke; the Interior Ministry in Skopje did not",
            ["Interior Ministry/ORG", "Interior Ministry/ORG"],
            True, id="one country said",
        ),
        pytest.param(
            "our Foundation was paid by the Batory Foundation",
            ["Foundation/ORG", "Batory Foundation/ORG"], False, id="our own",
        ),
        pytest.param(
            "Singapore's Prevention of Smuggling Act, and the Act of 2009",
            ["Prevention of Smuggling Act/DOCUMENT", "Act/DOCUMENT"], False, id="of a year",
        ),
        pytest.param(
            "by the Volta, on Lake Volta", ["Volta/LOC", "Lake Volta/LOC"], False,
            id="a lake is not its river",
        ),
        pytest.param(
            "in Isan, or the Isan region", ["Isan/LOC", "Isan region/LOC"], True, id="region",
        ),
        pytest.param(
            "the Consultations; a second round of the Consultations",
            ["Consultations/EVENT", "second round of the Consultations/EVENT"], False,
            id="a round of them",
        ),
        pytest.param(
            "Asteria pays for an Asteria house", ["Asteria/PROGRAM", "Asteria house/PROGRAM"],
            False, id="a new one",
        ),
        pytest.param(
            "Oxfam left; Oxfam Novib paid", ["Oxfam/ORG", "Oxfam Novib/ORG"], False,
            id="a known body before its branch",
        ),
        pytest.param(
            "the Council of the European Union and the EU",
            ["Council of the European Union/ORG", "EU/ORG"], False, id="known acronym",
        ),
        pytest.param(
            "in Luxembourg; at Luxembourg village", ["Luxembourg/GPE", "Luxembourg/GPE"], False,
            id="a village of a country's name",
        ),
    ],
)  # fmt: skip
def test_the_first_name_joins_the_last_only_where_the_text_lets_it(text, names, together):
    # Places beside the names only tell whose they are.
    tested = [n for n in names if not n.endswith("/GPE")] or names
    ends = {n.rsplit("/", 1)[0] for n in tested}
    found = clusters(text, *names)
    assert any(ends <= set(forms) and len(forms) > 1 for _, _, forms in found) is together
