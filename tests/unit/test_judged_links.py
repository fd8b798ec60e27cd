"""A person's word on links: joining, parting, chains, and what has no use."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.judged_links import apply_judgements
from pipeline.judgements import Judgement, Judgements, read_term
from pipeline.linking import Link
from pipeline.records import Mention


class World:
    """Documents with clusters: `add("a", "Q1", "Malta", "Malta", "the island")`."""

    def __init__(self):
        self.mentions, self.links = {}, {}

    def add(self, doc_id, entity_id, name, *forms, label="ORG", references=0):
        inside = self.mentions.setdefault(doc_id, [])
        cluster = f"e{sum(key[0] == doc_id for key in self.links) + 1}"
        for text in [*forms, *["it"] * references]:
            at = 10 * len(inside)
            kind = "reference" if text == "it" else "name"
            inside.append(
                Mention(
                    f"{doc_id}:{at}", doc_id, at, at + 5, at, at + 5, text, label, kind,
                    (cluster,), name, "", 0.9,
                )
            )  # fmt: skip
        wikidata = entity_id if entity_id[0] == "Q" else ""
        self.links[doc_id, cluster] = Link(
            entity_id, name, label, wikidata, "", bool(wikidata), tuple(dict.fromkeys(forms)),
            len(forms), 0.9,
        )  # fmt: skip
        return self

    def judge(self, *rows):
        self.judged = apply_judgements(judgements(*rows), self.mentions, self.links)
        return self.judged

    def entities(self, *rows):
        """Give the texts of the mentions of each entity."""
        judged = self.judge(*rows)
        found = {}
        for doc_id, inside in judged.mentions.items():
            for mention in inside:
                link = judged.links[doc_id, mention.cluster[0]]
                found.setdefault(link.entity_id, set()).add(mention.text)
        for (doc_id, cluster), link in judged.links.items():
            names = [
                m for m in judged.mentions[doc_id] if m.cluster == (cluster,) and m.kind == "name"
            ]
            assert link.count == len(names)
            assert {m.text for m in names} <= set(link.forms)
        return found

    def outcome(self, *rows):
        counts = {row["outcome"]: row["count"] for row in self.judge(*rows).tally}
        assert sum(counts.values()) == len(rows)
        return {name: count for name, count in counts.items() if count}


def judgements(*rows):
    made = []
    for number, row in enumerate(rows, start=2):
        left, word, right = (part.strip() for part in row.split("|"))
        made.append(Judgement(number, read_term(left), read_term(right), word, "", "", ""))
    return Judgements(Path("judgements.csv"), tuple(made))


A, B, C = "alpha-fund-aaaaaaaa", "beta-fund-bbbbbbbb", "cape-fund-cccccccc"


@pytest.fixture
def funds():
    return World().add("a", A, "Alpha Fund", "Alpha Fund").add("b", B, "Beta", "Beta", "BF")


def test_same_gives_the_wikidata_identifier_else_the_first_in_the_alphabet(funds):
    assert funds.entities(f"{B} | same | {A}") == {A: {"Alpha Fund", "Beta", "BF"}}
    funds.add("c", "Q70", "Cape Fund", "CF").add("c", "Q9", "Cape", "Cape")
    assert funds.entities(f"{B} | same | {A}", f"Q70 | same | {A}") == {
        "Q70": {"Alpha Fund", "Beta", "BF", "CF"},
        "Q9": {"Cape"},
    }
    [link] = {link.name for link in funds.judged.links.values()} - {"Cape"}
    assert link == "Cape Fund"
    assert "Q9" in funds.entities("Q70 | same | Q9")


def test_same_carries_over_a_chain(funds):
    funds.add("c", C, "Cape", "Cape")
    assert list(funds.entities(f"{A} | same | {B}", f"{B} | same | {C}")) == [A]


def test_a_joined_entity_has_a_full_name_before_an_acronym():
    world = (
        World().add("a", A, "AFX", "AFX").add("b", A, "AFX", "AFX").add("c", B, "Alf X", "Alf X")
    )
    world.judge(f"{A} | same | {B}")
    assert {link.name for link in world.judged.links.values()} == {"Alf X"}


def test_an_alias_that_is_not_the_entity_leaves_it_in_every_document(funds):
    funds.add("c", B, "Beta", "BF").add("d", B, "Beta", "Beta", references=1)
    found = funds.entities(f"{B} | different | {B}#bf")
    [new] = set(found) - {A, B}
    assert found == {A: {"Alpha Fund"}, B: {"Beta", "it"}, new: {"BF"}}
    assert new.startswith("bf-")
    parted = [link for link in funds.judged.links.values() if link.entity_id == new]
    assert {link.name for link in parted} == {"BF"}
    alone = World().add("z", B, "Beta", "Beta", "BF").entities(f"{B} | different | {B}#BF")
    assert new in alone


def test_a_reference_goes_along_when_all_names_go():
    world = World().add("a", B, "Beta", "BF", "BF", references=1)
    [new] = world.entities(f"{B} | different | {B}#BF")
    assert new != B
    assert world.judged.mentions["a"][2].cluster == ("e1",)


def test_a_reference_that_stays_is_called_by_a_name_that_stays():
    world = World().add("a", B, "BF Board", "BF Board", "Beta", references=1)
    world.judge(f"{B} | different | {B}#BF Board")
    assert [(m.text, m.name) for m in world.judged.mentions["a"]] == [
        ("BF Board", "BF Board"), ("Beta", "Beta"), ("it", "Beta"),
    ]  # fmt: skip


def test_an_alias_moves_to_the_entity_that_it_is(funds):
    assert funds.entities(f"{B}#BF | same | {A}") == {A: {"Alpha Fund", "BF"}, B: {"Beta"}}
    assert {m.name for m in funds.judged.mentions["b"]} == {"Beta", "BF"}


def test_a_wrong_wikidata_identifier_is_left_by_its_only_name():
    [new] = World().add("a", "Q1", "Malta", "Malta").entities("Q1 | different | Q1#Malta")
    assert new.startswith("malta-")


@pytest.mark.parametrize("row", ["Beta | different | BF", "BF | different | Beta"])
def test_of_two_names_under_one_identifier_the_other_one_leaves(funds, row):
    found = funds.entities(row)
    assert found[B] == {"Beta"}
    assert len(found) == 3


def test_three_names_are_all_parted():
    world = World().add("a", B, "Beta", "x1", "x2", "x3", "Beta")
    rows = ("x1 | different | x2", "x2 | different | x3", "x3 | different | x1")
    answers = [world.entities(*order) for order in permutations(rows)]
    assert all(answer == answers[0] for answer in answers)
    apart = [texts - {"Beta"} for texts in answers[0].values()]
    assert sorted(map(sorted, apart)) == [["x1"], ["x2"], ["x3"]]


def test_names_stand_for_the_entity_that_bears_them(funds):
    assert funds.entities("BF | same | alpha fund (ORG)") == {A: {"Alpha Fund", "Beta", "BF"}}
    assert funds.outcome("BF | same | Alpha Fund (GPE)") == {"judgement not used": 1}


def test_a_name_that_several_bear_joins_nothing(funds):
    funds.add("c", C, "BF", "BF")
    assert funds.outcome(f"BF | same | {A}") == {"judgement names several entities": 1}
    assert len(funds.entities(f"BF | same | {A}")) == 3
    # Beside the entity the name can only be the one under it.
    assert funds.entities(f"{B} | different | BF")[B] == {"Beta"}


def test_what_does_not_occur_is_counted_and_does_no_harm(funds):
    rows = (f"{A} | same | Q5", f"{B}#Gamma | same | {A}", f"{A} | unsure | {B}")
    assert funds.outcome(*rows) == {"unsure": 1, "judgement not used": 2}
    assert funds.entities(*rows) == {A: {"Alpha Fund"}, B: {"Beta", "BF"}}


def test_without_judgements_nothing_changes(funds):
    judged = funds.judge()
    assert judged.links == funds.links
    assert judged.mentions == funds.mentions


def test_what_earlier_rows_made_can_be_judged_again(funds):
    found = funds.entities(f"{B} | different | {B}#BF")
    [new] = set(found) - {A, B}
    rows = (f"{B} | different | {B}#BF", f"{new} | same | {A}")
    assert funds.entities(*rows) == {A: {"Alpha Fund", "BF"}, B: {"Beta"}}
    # An alias in the row of the joined entity is that of the entity it came from.
    rows = (f"{A} | same | {B}", f"{A} | different | {A}#BF")
    assert funds.entities(*rows) == {A: {"Alpha Fund", "Beta"}, new: {"BF"}}


def test_an_alias_confirmed_stays_and_its_rival_leaves():
    world = World().add("a", B, "Beta", "x1", "x2", "Beta")
    found = world.entities(f"{B} | same | {B}#x2", "x1 | different | x2")
    assert found[B] == {"Beta", "x2"}


def test_a_contradiction_that_only_the_names_show_is_an_error(funds):
    with pytest.raises(KnowledgeError, match="rows 2 and 3"):
        funds.judge("BF | same | Alpha Fund", f"{A} | different | {B}")


def test_the_only_name_of_a_joined_entity_is_that_entity():
    world = World().add("a", A, "Alpha Fund", "Alpha Fund").add("b", B, "Beta", "Beta")
    with pytest.raises(KnowledgeError, match="rows 2 and 3"):
        world.judge(f"{A} | same | {B}", f"{A} | different | {A}#Beta")


def test_two_parts_of_one_cluster_get_clusters_of_their_own():
    world = World().add("a", B, "Beta", "Beta", "x1", "x2", "x1")
    found = world.entities(f"{B} | different | {B}#x1", f"{B} | different | {B}#x2")
    assert sorted(map(sorted, found.values())) == [["Beta"], ["x1"], ["x2"]]
    assert [m.cluster[0] for m in world.judged.mentions["a"]] == ["e1", "e1.1", "e1.2", "e1.1"]
