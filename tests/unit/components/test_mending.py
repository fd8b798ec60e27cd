"""Names mended after the recognizer."""

from __future__ import annotations

import pytest

from pipeline.components.clusters import Found
from pipeline.components.mending import mend_names
from pipeline.knowledge import load_knowledge


def names(text, *marked):
    """Give names by their surface and label, in order of the text."""
    found, at = [], 0
    for surface, label in marked:
        start = text.index(surface, at)
        at = start + len(surface)
        found.append(Found(start, at, surface, label, 0.9))
    return found


def mended(text, *marked):
    result = mend_names(text, names(text, *marked), load_knowledge())
    assert all(text[name.start : name.end] == name.text for name in result)
    return [(name.text, name.label) for name in result]


@pytest.mark.parametrize(
    ("text", "marked", "wanted"),
    [
        pytest.param(
            "signed in May, 2016 there", [("May", "DATE"), ("2016", "DATE")],
            [("May, 2016", "DATE")], id="date in two halves",
        ),
        pytest.param(
            "under ACTIP the MOI and NAPTIP", [("ACTIP", "ORG"), ("MOI", "GPE"), ("NAPTIP", "ORG")],
            [("ACTIP", "DOCUMENT"), ("MOI", "ORG"), ("NAPTIP", "ORG")], id="known acronyms",
        ),
        pytest.param(
            "leaflets in Amharic and Swahili in Nauru and Afar",
            [("Amharic", "GPE"), ("Swahili", "GPE"), ("Nauru", "GPE"), ("Afar", "ORG")],
            [("Nauru", "GPE"), ("Afar", "ORG")], id="languages",
        ),
        pytest.param(
            "the MoU was signed", [("MoU", "GPE")], [("MoU", "DOCUMENT")], id="memorandum",
        ),
        pytest.param(
            "Ambassador to Sri Lanka Ana Duka", [("Sri Lanka Ana Duka", "PERSON")],
            [("Sri Lanka", "GPE"), ("Ana Duka", "PERSON")], id="where somebody is posted",
        ),
        pytest.param(
            "spoke to Jordan Duka", [("Jordan Duka", "PERSON")],
            [("Jordan Duka", "PERSON")], id="a person with the name of a country",
        ),
        pytest.param(
            "the Child Rights Centre (CRC) said CRC",
            [("Child Rights Centre", "ORG"), ("CRC", "ORG"), ("CRC", "ORG")],
            [("Child Rights Centre", "ORG"), ("CRC", "ORG"), ("CRC", "ORG")],
            id="an acronym that the text introduces",
        ),
        pytest.param(
            "Ana Duka      Ilir Meta", [("Ana Duka      Ilir Meta", "PERSON")],
            [("Ana Duka", "PERSON"), ("Ilir Meta", "PERSON")], id="two columns",
        ),
        pytest.param(
            "on Thursday (20/2) in", [("Thursday (20/2", "DATE")], [("Thursday", "DATE")],
            id="half a bracket",
        ),
        pytest.param(
            "Ana Duka (General Secretary), Ilir", [("General Secretary)", "ROLE")],
            [("General Secretary", "ROLE")], id="half a bracket behind",
        ),
        pytest.param(
            "Ana Duka. According to Duka and to Berat",
            [("Ana Duka", "PERSON"), ("Duka", "GPE"), ("Berat", "GPE")],
            [("Ana Duka", "PERSON"), ("Duka", "PERSON"), ("Berat", "GPE")], id="a bare surname",
        ),
        pytest.param(
            "in 2016, 2018 and later", [("2016", "DATE"), ("2018", "DATE")],
            [("2016", "DATE"), ("2018", "DATE")], id="two years",
        ),
        pytest.param(
            "the Ministry of Labor, Invalids, and\nSocial Affairs wrote",
            [("Ministry of Labor, Invalids", "ORG"), ("Social Affairs", "ORG")],
            [("Ministry of Labor, Invalids, and\nSocial Affairs", "ORG")], id="listed ministry",
        ),
        pytest.param(
            "the Ministry of Health, Family and Youth's Office of Adoption",
            [("Ministry of Health, Family", "ORG"), ("Youth's Office of Adoption", "ORG")],
            [("Ministry of Health, Family and Youth", "ORG"), ("Office of Adoption", "ORG")],
            id="unit of a ministry in two halves",
        ),
        pytest.param(
            "the Ministry of Gender & Social Welfare", [("Ministry of Gender", "ORG"),
            ("Social Welfare", "ORG")], [("Ministry of Gender & Social Welfare", "ORG")],
            id="joined by a sign",
        ),
        pytest.param(
            "the Ministry of Gender and Social Welfare", [("Ministry of Gender", "ORG"),
            ("Social Welfare", "ORG")], [("Ministry of Gender and Social Welfare", "ORG")],
            id="ministry of two fields",
        ),
        pytest.param(
            "the Ministry of Justice and Blue Quay", [("Ministry of Justice", "ORG"),
            ("Blue Quay", "ORG")], [("Ministry of Justice", "ORG"), ("Blue Quay", "ORG")],
            id="two bodies",
        ),
        *(
            pytest.param(
                f"the {left}{gap}{right}", [(left, "ORG"), (right, "ORG")],
                [(left, "ORG"), (right, "ORG")], id=f"{left}{gap}{right}",
            )
            for left, gap, right in (
                ("National Assembly", " and ", "Customs"),
                ("Ministry of Health", " and ", "Police"),
                ("Embassy", " and ", "Immigration"),
                ("Ministry of Labour", ",\n\n", "Health"),
            )
        ),
        pytest.param(
            "at the Doha Summit and National Assembly Speaker Li",
            [("Doha Summit and National Assembly", "EVENT")],
            [("Doha Summit", "EVENT"), ("National Assembly", "ORG")], id="meeting and body",
        ),
        pytest.param(
            "a summit on labour and migration", [("summit on labour and migration", "EVENT")],
            [("summit on labour and migration", "EVENT")], id="topic of a meeting",
        ),
        pytest.param(
            "Deputy Minister of Interior Pol. Lt. Gen. Sok",
            [("Deputy Minister of Interior Pol. Lt. Gen.", "ROLE")],
            [("Deputy Minister of Interior", "ROLE"), ("Pol. Lt. Gen.", "ROLE")],
            id="post and rank",
        ),
        pytest.param(
            "the Secretary General said", [("Secretary General", "ROLE")],
            [("Secretary General", "ROLE")], id="a post that ends like a rank",
        ),
        pytest.param(
            "Lt. Col. Sok", [("Lt. Col.", "ROLE")], [("Lt. Col.", "ROLE")], id="rank alone",
        ),
        pytest.param(
            "Rights of the Migrant Compact (RMC) and",
            [("Rights of the Migrant Compact", "DOCUMENT"), ("RMC", "ORG")],
            [("Rights of the Migrant Compact", "DOCUMENT"), ("RMC", "DOCUMENT")],
            id="acronym like its name",
        ),
        pytest.param(
            "2022 Tier 2", [("2022 Tier 2", "RATING")],
            [("2022", "DATE"), ("Tier 2", "RATING")], id="year of a rating",
        ),
        pytest.param(
            "Working Group 2 (WG2)",
            [("Working Group 2", "EVENT"), ("WG2", "ORG")],
            [("Working Group 2", "EVENT"), ("WG2", "EVENT")],
            id="number in the name",
        ),
        pytest.param(
            "fourth Joint Transport Meeting (JTM4)",
            [("fourth Joint Transport Meeting", "EVENT"), ("JTM4", "ORG")],
            [("fourth Joint Transport Meeting", "EVENT"), ("JTM4", "EVENT")],
            id="numbered acronym",
        ),
        pytest.param(
            "the Code (UN)", [("Code", "DOCUMENT"), ("UN", "ORG")],
            [("Code", "DOCUMENT"), ("UN", "ORG")], id="acronym of something else",
        ),
        pytest.param(
            "Anna Weld MP, of", [("Anna Weld MP", "PERSON")],
            [("Anna Weld", "PERSON")], id="honours",
        ),
        pytest.param(
            "for Baroness Weld of", [("Baroness Weld", "PERSON")], [("Weld", "PERSON")], id="title",
        ),
        pytest.param(
            "with Tan Mei Ling of", [("Tan Mei Ling", "PERSON")],
            [("Tan Mei Ling", "PERSON")], id="a title that is a name",
        ),
        pytest.param(
            "on the morning of May 3, a", [("morning of May 3", "DATE")],
            [("May 3", "DATE")], id="time of day",
        ),
        pytest.param("in FY03 the", [("FY03", "GPE")], [("FY03", "DATE")], id="fiscal year"),
        pytest.param("a \u00a0 b", [("\u00a0", "PERSON")], [], id="white space"),
        pytest.param(
            "a “Blue Heart” b", [("“Blue Heart”", "PROGRAM")], [("Blue Heart", "PROGRAM")],
            id="quotes",
        ),
    ],
)  # fmt: skip
def test_names_are_mended(text, marked, wanted):
    assert mended(text, *marked) == wanted


@pytest.mark.parametrize(
    ("text", "marked", "label"),
    [
        ("So is Irbid, he said.", [("Irbid", "PERSON")], "GPE"),
        ("Tegucigalpa says so.", [("Tegucigalpa", "ORG")], "GPE"),
        ("Ana Bari spoke. Bari said so.", [("Ana Bari", "PERSON"), ("Bari", "PERSON")], "PERSON"),
        ("The post went to Dr. Bari on Monday.", [("Bari", "PERSON")], "PERSON"),
        ("Brussels has made no promise.", [("Brussels", "ORG")], "ORG"),
        ("It went to Anabarito.", [("Anabarito", "PERSON")], "PERSON"),
    ],
    ids=["person", "body", "borne", "titled", "seat of a body", "unknown"],
)
def test_what_the_lists_know_as_a_place_alone_is_one(text, marked, label):
    assert mended(text, *marked)[-1][1] == label


def test_a_point_of_the_compass_is_no_project():
    found = mended("a project in the north-east of it", ("north-east", "PROGRAM"))
    assert found == [("north-east", "LOC")]
    assert mended("Northfield began", ("Northfield", "PROGRAM")) == [("Northfield", "PROGRAM")]
