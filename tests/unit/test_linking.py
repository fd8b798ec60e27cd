"""Which thing a name is: by country, spelling, parent, edition, place, person."""

from __future__ import annotations

import pytest

from pipeline.text import entity_key, fold
from tests.unit.stages.test_resolve import Maker, resolved


def entity(maker, label):
    [found] = [e for e in resolved(maker).entities if e.label == label]
    return found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Dept. of Labour & Social Affairs", "Department for Labor and Social Affairs"),
        ("Organising Centre", "Organizing Center"),
        ("Anti-Smuggling Co-ordination Cell", "Anti Smuggling Coordination Cell"),
        ("Hội Đồng Thuận Phước", "Hoi Dong Thuan Phuoc"),
    ],
)
def test_spelling_does_not_tell_names_apart(left, right):
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right", "label", "same"),
    [
        ("Blue Quay Centre of Malta", "Blue Quay Center of Malta", "ORG", True),
        ("Quay Recruiters' Association of Malta", "Association of Quay Recruiters of Malta",
         "ORG", True),
        ("Blue Quay Centre", "Blue Quay School", "ORG", False),
        ("Agim J. Qerimaj", "Agim Qerimaj", "PERSON", True),
        ("Agim Qerimaj", "Qerimaj Agim", "PERSON", False),
        ("Dr Agim Qerimaj", "Agim Qerimaj", "PERSON", True),
    ],
)  # fmt: skip
def test_new_things_are_one_only_under_equal_names(left, right, label, same):
    makers = [Maker(doc_id, name) for doc_id, name in (("a", left), ("b", right))]
    for maker in makers:
        maker.mention(maker.document.text, label, "e1")
    assert (len(resolved(*makers).entities) == 1) is same


@pytest.mark.parametrize(
    ("named", "wikidata"),
    [
        ([("Belize", "BZ")], "Q242"),
        ([("Brazil", "BR"), ("Belize", "BZ")], ""),
        ([("Malta", "MT")], ""),
    ],
)
def test_an_abbreviation_of_several_governments_needs_its_country(named, wikidata):
    maker = Maker("a", "The GOB agreed with Malta, Brazil and Belize")
    gob = maker.mention("GOB", "GPE", "e1")
    for name, code in named:
        maker.mention(name, "GPE", code, code, name)
    found = {m.mention.mention_id: m.entity_id for m in resolved(maker).mentions}
    expected = wikidata or entity_key("GPE", "GOB", "a")
    assert found[gob.mention_id] == expected


def test_a_bare_ministry_is_that_of_the_country_where_the_text_is_from():
    maker = Maker("a", "VALLETTA, 3 May - The Ministry of Odd Affairs told Libya and Libyan envoys")
    maker.mention("VALLETTA", "GPE", "e1")
    maker.mention("Ministry of Odd Affairs", "ORG", "e2")
    maker.mention("Libya", "GPE", "e3", "LY", "Libya")
    assert entity(maker, "ORG").country == "MT"


def test_a_bare_body_is_that_of_the_one_named_country_that_has_it():
    maker = Maker("a", "Vietnam thanked the United Kingdom. The National Assembly met")
    maker.mention("Vietnam", "GPE", "e1", "VN", "Vietnam")
    maker.mention("United Kingdom", "GPE", "e2", "GB", "United Kingdom")
    maker.mention("National Assembly", "ORG", "e3")
    assert entity(maker, "ORG").name == "National Assembly of Vietnam"


def test_a_lack_in_a_short_list_of_bodies_tells_nothing():
    maker = Maker("a", "Vietnam thanked Nauru. The National Assembly met")
    maker.mention("Vietnam", "GPE", "e1", "VN", "Vietnam")
    maker.mention("Nauru", "GPE", "e2", "NR", "Nauru")
    maker.mention("National Assembly", "ORG", "e3")
    assert entity(maker, "ORG").country == ""


def test_a_generic_name_of_an_international_body_needs_its_parent():
    with_parent = Maker("a", "The UN envoy told the Security Council of it")
    without = Maker("b", "The envoy told the Security Council of it")
    for maker in (with_parent, without):
        maker.mention("Security Council", "ORG", "e1")
    assert entity(with_parent, "ORG").wikidata == "Q37470"
    assert entity(without, "ORG").wikidata == ""


def test_foreign_ministry_and_ministry_of_foreign_affairs_are_one_within_a_country():
    makers = [Maker("a", "Foreign Ministry"), Maker("b", "Ministry of Foreign Affairs")]
    for maker in makers:
        maker.mention(maker.document.text, "ORG", "e1", "NR")
    assert len({e.entity_id for e in resolved(*makers).entities}) == 1


def test_a_listed_ministry_is_found_with_its_words_in_another_order():
    maker = Maker("a", "Public Security Ministry of Viet Nam")
    maker.mention("Public Security Ministry of Viet Nam", "ORG", "e1", "VN")
    assert entity(maker, "ORG").name == "Ministry of Public Security of Vietnam"


def test_a_vietnamese_name_is_of_vietnam_where_the_text_names_it():
    at_home = Maker("a", "Vietnam and Libya heard Le Van Tuong")
    abroad = Maker("b", "Malta and Libya heard Le Van Tuong")
    for maker, first in ((at_home, "Vietnam/VN"), (abroad, "Malta/MT")):
        places = (first, "Libya/LY")
        for number, place in enumerate(places):
            name, code = place.split("/")
            maker.mention(name, "GPE", f"g{number}", code, name)
        maker.mention("Le Van Tuong", "PERSON", "e1")
    assert entity(at_home, "PERSON").country == "VN"
    assert entity(abroad, "PERSON").country == ""


def test_a_person_is_of_the_country_behind_the_name():
    maker = Maker("a", "President Qerimaj Leka of Malta met Libya")
    maker.mention("Qerimaj Leka", "PERSON", "e1")
    maker.mention("Malta", "GPE", "e2", "MT", "Malta")
    maker.mention("Libya", "GPE", "e3", "LY", "Libya")
    assert entity(maker, "PERSON").country == "MT"


def test_where_an_ambassador_is_posted_is_not_the_country():
    maker = Maker("a", "Maltese Ambassador to Libya Agim Leka met Peru")
    maker.mention("Ambassador", "ROLE", "e1")
    maker.mention("Libya", "GPE", "e2", "LY", "Libya")
    maker.mention("Agim Leka", "PERSON", "e3")
    maker.mention("Peru", "GPE", "e4", "PE", "Peru")
    assert entity(maker, "PERSON").country == "MT"


def test_who_is_named_in_a_text_of_one_country_may_be_a_foreigner():
    maker = Maker("a", "VALLETTA, 3 May - Maltese police heard Agim Leka of a Libyan firm")
    maker.mention("VALLETTA", "GPE", "e1")
    maker.mention("Agim Leka", "PERSON", "e2")
    assert entity(maker, "PERSON").country == ""


def test_the_country_in_an_employers_name_is_not_the_persons():
    maker = Maker("a", "Agim Leka of Malta Freeport Watch met Libya and Peru")
    maker.mention("Agim Leka", "PERSON", "e1")
    maker.mention("Libya", "GPE", "e3", "LY", "Libya")
    maker.mention("Peru", "GPE", "e4", "PE", "Peru")
    assert entity(maker, "PERSON").country == ""


def test_an_employer_that_is_guessed_says_whose_a_person_is():
    maker = Maker("a", "HANOI, 3 May - Agim Leka of the Ministry of Justice met Libya and Malta")
    maker.mention("HANOI", "GPE", "e0")
    person = maker.mention("Agim Leka", "PERSON", "e1")
    maker.relate(person, "works_for", maker.mention("Ministry of Justice", "ORG", "e2"))
    maker.mention("Libya", "GPE", "e3", "LY", "Libya")
    maker.mention("Malta", "GPE", "e4", "MT", "Malta")
    assert entity(maker, "PERSON").country == "VN"


@pytest.mark.parametrize(
    ("label", "name", "joins"),
    [
        ("ORG", "Swiss embassy", False),
        ("ORG", "working group", False),
        ("ORG", "International Organization", False),
        ("ORG", "Vietnamese District Court", False),
        ("ORG", "Vietnamese Task Force", False),
        ("ORG", "Vietnamese Provincial Police", False),
        ("ORG", "Vietnamese People's Committee", False),
        ("ORG", "British High Commission", False),
        ("DOCUMENT", "Vietnamese Plan of Action", False),
        ("GPE", "Central Region", False),
        ("LOC", "Gulf", False),
        ("LOC", "Zed Gulf", True),
        ("DOCUMENT", "Penal Code", False),
        ("EVENT", "World Harbour Forum", False),
        ("EVENT", "2009 World Harbour Forum", True),
        ("DOCUMENT", "Zed Convention on Harbours", True),
    ],
)
def test_what_could_be_several_things_stays_in_its_document(label, name, joins):
    makers = [Maker(doc_id, name) for doc_id in "ab"]
    for maker in makers:
        country = {"Vietnamese": "VN", "British": "GB"}.get(name.split()[0], "")
        maker.mention(name, label, "e1", country)
    assert (len(resolved(*makers).entities) == 1) is joins


def test_a_meeting_is_one_however_its_number_is_written():
    names = ("Third COMMIT Inter-Ministerial Meeting", "3rd COMMIT Inter-Ministerial Meeting")
    makers = [Maker(doc_id, name) for doc_id, name in zip("ab", names, strict=True)]
    for maker in makers:
        maker.mention(maker.document.text, "EVENT", "e1")
    assert len(resolved(*makers).entities) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Zedmoor City", "Zedmoor"), ("Province of Zedmoor", "Zedmoor Province")]
)
def test_a_place_is_one_with_its_kind_in_front_or_behind(one, other):
    makers = [Maker("a", one), Maker("b", other)]
    for maker in makers:
        maker.mention(maker.document.text, "GPE", "e1")
    assert len(resolved(*makers).entities) == 1


def test_an_unnumbered_report_stays_in_its_document():
    makers = [Maker(doc_id, "Zed Watch report") for doc_id in "ab"]
    for maker in makers:
        maker.mention("Zed Watch report", "DOCUMENT", "e1")
    assert len(resolved(*makers).entities) == 2


def test_a_report_of_a_year_is_not_its_series():
    makers = [
        Maker("a", "2019 TIP Report"),
        Maker("b", "2019 Trafficking in Persons Report"),
        Maker("c", "2020 Trafficking in Persons Report"),
        Maker("d", "Trafficking in Persons Report"),
    ]
    for maker in makers:
        maker.mention(maker.document.text, "DOCUMENT", "e1")
    names = sorted((e.name, e.documents) for e in resolved(*makers).entities)
    assert names == [
        ("2019 Trafficking in Persons Report", 2),
        ("2020 Trafficking in Persons Report", 1),
        ("Trafficking in Persons Report", 1),
    ]


def test_a_city_is_not_one_of_that_name_in_another_country():
    maker = Maker("a", "He was held at Tripoli, Lebanon.")
    maker.mention("Tripoli", "GPE", "e1")
    maker.mention("Lebanon", "GPE", "e2", "LB", "Lebanon")
    assert "Q3579" not in {e.entity_id for e in resolved(maker).entities}


def test_a_province_is_not_the_city_of_its_name():
    makers = [Maker("a", "in Odburg province he"), Maker("b", "in the city of Odburg he")]
    for maker in makers:
        maker.mention("Odburg", "GPE", "e1")
    assert len(resolved(*makers).entities) == 2


def test_people_of_one_name_and_two_countries_are_two():
    makers = []
    for doc_id, country, code in (("a", "Malta", "MT"), ("b", "Libya", "LY")):
        maker = Maker(doc_id, f"Agim Qerimaj of {country}")
        person = maker.mention("Agim Qerimaj", "PERSON", "e1")
        maker.relate(person, "works_for", maker.mention(country, "GPE", "e2", code, country))
        makers.append(maker)
    assert sum(e.label == "PERSON" for e in resolved(*makers).entities) == 2


def test_a_title_in_front_says_whose_minister_a_person_is():
    maker = Maker("a", "Maltese Deputy Minister Agim Qerimaj spoke")
    maker.mention("Deputy Minister", "ROLE", "e1")
    maker.mention("Agim Qerimaj", "PERSON", "e2")
    assert entity(maker, "PERSON").country == "MT"


def test_a_misspelt_ministry_is_found_in_its_country():
    maker = Maker("a", "Ministry of Public Securityy")
    maker.mention("Ministry of Public Securityy", "ORG", "e1", "VN")
    found = entity(maker, "ORG")
    assert found.name == "Ministry of Public Security of Vietnam"


@pytest.mark.parametrize(
    ("text", "union"),
    [
        ("The EU met. Brussels said no", True),
        ("Brussels said no", True),
        ("Brussels said no to the Belgian police", False),
    ],
)
def test_brussels_is_the_union_unless_the_text_speaks_of_belgium_alone(text, union):
    maker = Maker("a", text)
    maker.mention("Brussels", "GPE", "e1", "BE", "Belgium")
    assert (entity(maker, "GPE").entity_id == "Q458") is union


def test_two_visits_of_one_text_are_two():
    maker = Maker("a", "A visit to the port and a visit to the shelter")
    maker.mention("visit", "EVENT", "e1")
    maker.mention("visit", "EVENT", "e2")
    assert len({found.entity_id for found in resolved(maker).entities}) == 2


def test_a_branch_is_not_the_body_whose_name_it_bears():
    maker = Maker("a", "Zuru Caritas met. Caritas said no")
    maker.mention("Zuru Caritas", "ORG", "e1", "", "Zuru Caritas")
    maker.mention("Caritas", "ORG", "e1", "", "Zuru Caritas")
    assert entity(maker, "ORG").name == "Zuru Caritas"


@pytest.mark.parametrize(
    ("text", "national"),
    [
        ("Vietnam: the Border Guard met", True),
        ("Vietnam: the provincial Border Guard met", False),
        ("Vietnam: the province's Border Guard met", False),
        ("Vietnam: the Border Guard of the province met", False),
        ("Vietnam: the Border Guard of Tây Ninh Province met", False),
    ],
)
def test_the_border_guard_of_a_province_is_not_the_national_one(text, national):
    maker = Maker("a", text)
    maker.mention("Vietnam", "GPE", "e0", "VN", "Vietnam")
    maker.mention("Border Guard", "ORG", "e1", "VN")
    other = Maker("b", "Vietnam Border Guard")
    other.mention("Vietnam Border Guard", "ORG", "e1", "VN")
    bodies = {e.entity_id for e in resolved(maker, other).entities if e.label == "ORG"}
    assert (len(bodies) == 1) is national


@pytest.mark.parametrize(
    "text",
    [
        "the oblasts of Lviv, Odesa and Sumy",
        "Kherson, Odesa and Sumy regions",
        "the provinces of Odesa and Sumy",
    ],
)
def test_a_place_in_a_list_of_provinces_is_not_the_city(text):
    maker = Maker("a", text)
    maker.mention("Odesa", "GPE", "e1")
    assert "Q1874" not in {e.entity_id for e in resolved(maker).entities}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MANILA (AFP) - The Philippines", "Agence France-Presse"),
        ("The Philippines did not agree, a clerk told AFP", "Agence France-Presse"),
        ("The Philippines sent the AFP to Sulu", "Armed Forces of the Philippines"),
    ],
)
def test_what_is_told_is_a_news_agency(text, name):
    maker = Maker("a", text)
    if text.index("AFP") < text.index("Philippines"):
        maker.mention("AFP", "ORG", "e1")
        maker.mention("Philippines", "GPE", "e0", "PH", "Philippines")
    else:
        maker.mention("Philippines", "GPE", "e0", "PH", "Philippines")
        maker.mention("AFP", "ORG", "e1")
    assert entity(maker, "ORG").name == name


@pytest.mark.parametrize("government", ["Federal Government", "Govt", "gov't"])
def test_a_government_without_its_country_is_that_of_the_text(government):
    maker = Maker("a", f"VALLETTA, 3 May - The {government} told Malta's press")
    maker.mention("VALLETTA", "GPE", "e1")
    maker.mention(government, "GPE", "e2")
    maker.mention("Malta", "GPE", "e3", "MT", "Malta")
    found = {m.mention.text: m.entity_id for m in resolved(maker).mentions}
    assert found[government] == found["Malta"]


def test_an_international_body_is_of_no_country():
    maker = Maker("a", "Vietnam thanked the International Organization for Migration")
    maker.mention("Vietnam", "GPE", "e1", "VN", "Vietnam")
    maker.mention("International Organization for Migration", "ORG", "e2", "VN")
    assert entity(maker, "ORG").country == ""


@pytest.mark.parametrize("post", ["", "Embassy Hanoi"])
def test_the_department_of_a_cable_is_the_state_department(post):
    maker = Maker("a", "Post asks the Department for guidance")
    if post:
        maker.document.metadata["post"] = post
    maker.mention("Department", "ORG", "e1")
    assert (entity(maker, "ORG").entity_id == "Q789915") is bool(post)


def test_a_capital_is_the_default_of_its_name():
    lost, found = Maker("a", "He was seen at Tripoli"), Maker("b", "Tripoli, Lebanon, is far")
    lost.mention("Tripoli", "GPE", "e1")
    found.mention("Tripoli", "GPE", "e1")
    assert entity(lost, "GPE").entity_id == "Q3579"
    assert entity(found, "GPE").country == "LB"


def test_two_bodies_are_not_both_the_country_that_is_guessed():
    maker = Maker("a", "Eritrea: the Ministry of Internal Affairs and the Ministry of the Interior")
    maker.mention("Eritrea", "GPE", "e0", "ER", "Eritrea")
    maker.mention("Ministry of Internal Affairs", "ORG", "e1")
    maker.mention("Ministry of the Interior", "ORG", "e2")
    bodies = {e.entity_id for e in resolved(maker).entities if e.label == "ORG"}
    assert len(bodies) == 2


def test_siam_and_thailand_do_not_make_two_newspapers_one():
    maker = Maker("a", "Siam Rath and Thai Rath")
    maker.mention("Siam Rath", "ORG", "e1")
    maker.mention("Thai Rath", "ORG", "e2")
    assert len({found.entity_id for found in resolved(maker).entities}) == 2
