"""What is listed for review, and what went into what."""

from __future__ import annotations

from tests.unit.stages.test_resolve import Maker, resolved


def test_a_person_known_by_name_alone_is_an_uncertain_merge():
    makers = [Maker(name, "Agim Qerimaj spoke") for name in "ab"]
    for maker in makers:
        maker.mention("Agim Qerimaj", "PERSON", "e1")
    [row] = resolved(*makers).review
    assert (row["kind"], row["entity"], row["documents"]) == ("uncertain merge", "Agim Qerimaj", 2)
    assert row["score"] == "0.700"


def test_a_thing_under_many_names_is_a_large_cluster():
    maker = Maker("a", "Durres Harbour Trust, the Harbour Trust and DHT")
    for form in ("Durres Harbour Trust", "Harbour Trust", "DHT"):
        maker.mention(form, "ORG", "e1", name="Durres Harbour Trust")
    [row] = [row for row in resolved(maker).review if row["kind"] == "large cluster"]
    assert row["names"] == "DHT | Durres Harbour Trust | Harbour Trust"


def test_listed_names_of_a_country_are_no_large_cluster():
    maker = Maker("a", "Viet Nam and Vietnam")
    for form in ("Viet Nam", "Vietnam"):
        maker.mention(form, "GPE", "e1", "VN", "Vietnam")
    assert resolved(maker).review == []


def test_a_merged_province_stays_and_its_successor_is_dated():
    makers = [
        Maker("a", "Victims from Bac Giang", "2024-05-01"),
        Maker("b", "Victims from Bac Giang", "2025-09-01"),
    ]
    for maker in makers:
        maker.mention("Bac Giang", "GPE", "e1")
    result = resolved(*makers)
    [entity] = result.entities
    assert (entity.entity_id, entity.documents) == ("Q36367", 2)
    [row] = result.successions
    assert (row["until"], row["successor"], row["documents_after"]) == (
        "2025-06-30", "Bac Ninh", 1,
    )  # fmt: skip


def test_a_dissolved_ministry_is_not_its_successor():
    maker = Maker("a", "Vietnam Ministry of Transport and Ministry of Construction")
    maker.mention("Vietnam", "GPE", "e1", "VN", "Vietnam")
    maker.mention("Ministry of Transport", "ORG", "e2", "VN")
    maker.mention("Ministry of Construction", "ORG", "e3", "VN")
    result = resolved(maker)
    assert len({e.entity_id for e in result.entities}) == 3
    assert [row["successor"] for row in result.successions] == [
        "Ministry of Construction of Vietnam"
    ]


def test_a_capital_that_is_left_open_is_its_own_and_to_be_reviewed():
    maker = Maker("a", "Vietnam and Hanoi, on the river, in Hanoi")
    maker.mention("Vietnam", "GPE", "e1", "VN", "Vietnam")
    maker.mention("Hanoi", "GPE", "e2", "", "Hanoi (city or government)")
    result = resolved(maker)
    assert "Hanoi (city or government)" in {e.name for e in result.entities if not e.wikidata}
    assert [row["kind"] for row in result.review] == ["open capital"]
