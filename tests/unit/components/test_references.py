"""What back-references point at; doubtful ones are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.components.antecedents import candidates
from pipeline.components.clusters import Found, cluster_names
from pipeline.components.expressions import read_expression
from pipeline.components.pointing import Pointing
from pipeline.components.reference_rules import load_reference_rules
from pipeline.components.references import Marked, resolve_references
from pipeline.components.scene import Scene
from pipeline.knowledge import load_knowledge


def pointed(text, *names):
    found, at = [], 0
    for name in names:
        surface, label = name.rsplit("/", 1)
        start = text.index(surface, at)
        found.append(Found(start, start + len(surface), surface, label, 1.0))
        at = start + len(surface)
    clusters = cluster_names(text, found, load_knowledge())
    names_of = {cluster.id: cluster.name for cluster in clusters}
    return [
        (reference.text, [names_of[c] for c in reference.clusters])
        for reference in resolve_references(
            text, found, clusters, load_reference_rules(), load_knowledge()
        )
    ]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param(
            "Albania and Kosovo met. The two countries agreed.",
            ["Albania/GPE", "Kosovo/GPE"],
            [("The two countries", ["Albania", "Kosovo"])],
            id="two countries",
        ),
        pytest.param(
            "The Ministry of Justice and the Police Academy met. The two defence ministries wrote.",
            ["Ministry of Justice/ORG", "Police Academy/ORG"],
            [],
            id="bodies of another field",
        ),
        pytest.param(
            "Albania and Kosovo met.\n\nLater came Vienna. The two countries agreed.",
            ["Albania/GPE", "Kosovo/GPE", "Vienna/GPE"],
            [],
            id="the capital of a third country",
        ),
        pytest.param(
            "Agim Leka agreed. For his part, Ilir Meta said no. He left.",
            ["Agim Leka/PERSON", "Ilir Meta/PERSON"],
            [("his", ["Ilir Meta"]), ("He", ["Ilir Meta"])],
            id="for his part",
        ),
        pytest.param(
            "Agim Leka agreed. For his part, Kosovo's Deputy Minister Ilir Meta said no.",
            ["Agim Leka/PERSON", "Kosovo/GPE", "Deputy Minister/ROLE", "Ilir Meta/PERSON"],
            [("his", ["Ilir Meta"])],
            id="for his part, with titles",
        ),
        pytest.param(
            "Malta saw the fourth Defence Dialogue. The two defence ministries wrote.",
            ["Malta/GPE", "fourth Defence Dialogue/EVENT"],
            [],
            id="ministries are no dialogue",
        ),
        pytest.param(
            "Albania, Kosovo and Serbia met. The two countries agreed.",
            ["Albania/GPE", "Kosovo/GPE", "Serbia/GPE"],
            [],
            id="three countries leave two in doubt",
        ),
        pytest.param(
            "The Ministry of Labour met Agim Leka. The ministry agreed.",
            ["Ministry of Labour/ORG", "Agim Leka/PERSON"],
            [("The ministry", ["Ministry of Labour"])],
            id="ministry",
        ),
        pytest.param(
            "Ambassador Vera Koci came. The ambassador spoke.",
            ["Ambassador/ROLE", "Vera Koci/PERSON"],
            [("The ambassador", ["Vera Koci"])],
            id="post",
        ),
        pytest.param(
            "Vera Koci came. She spoke.",
            ["Vera Koci/PERSON"],
            [("She", ["Vera Koci"])],
            id="pronoun with one person",
        ),
        pytest.param(
            "Vera Koci met Agim Leka. He spoke.",
            ["Vera Koci/PERSON", "Agim Leka/PERSON"],
            [],
            id="pronoun with two persons is left alone",
        ),
        pytest.param(
            "the 2021 Trafficking in Persons Report came. The report was disputed.",
            ["2021 Trafficking in Persons Report/DOCUMENT"],
            [("The report", ["2021 Trafficking in Persons Report"])],
            id="report",
        ),
    ],
)
def test_references_point_at_what_they_must(text, names, expected):
    assert pointed(text, *names) == expected


def test_a_set_is_one_candidate_in_whatever_order_it_was_resolved():
    text = "Kosovo and Albania met. The two sides agreed. Both sides left."
    knowledge, rules = load_knowledge(), load_reference_rules()
    names = [
        Found(text.index(name), text.index(name) + len(name), name, "GPE", 1.0)
        for name in ("Kosovo", "Albania")
    ]
    clusters = cluster_names(text, names, knowledge)
    scene = Scene(text, names, clusters, rules, knowledge)
    for expression in ("The two sides", "Both sides"):
        start = text.index(expression)
        read = read_expression(text, start, start + len(expression), rules, knowledge)
        groups = [frozenset(things) for things, _ in candidates(scene, read) if len(things) > 1]
        assert len(groups) == len(set(groups)) > 0
        scene.resolved(read, (clusters[1].id, clusters[0].id))


class Seeing(Pointing):
    """An encoder that sees one name in every expression."""

    def __init__(self, names, favourite):
        super().__init__()
        self.seen = np.array([8.0 * (name is favourite) for name in names], dtype="f")

    def odds(self, reference):  # noqa: ARG002
        return self.seen


def test_what_the_encoder_sees_decides_between_two_that_fit():
    text = "Vera Koci met Zana Krasniqi. The minister agreed."
    found = [
        Found(text.index(name), text.index(name) + len(name), name, "PERSON", 1.0)
        for name in ("Vera Koci", "Zana Krasniqi")
    ]
    clusters = cluster_names(text, found, load_knowledge())
    names_of = {cluster.id: cluster.name for cluster in clusters}
    start = text.index("The minister")
    span = Marked(start, start + len("The minister"))
    chosen = []
    for favourite in found:
        [reference] = resolve_references(
            text,
            found,
            clusters,
            load_reference_rules(),
            load_knowledge(),
            [span],
            Seeing(found, favourite),
        )
        chosen.append(names_of[reference.clusters[0]])
    assert chosen == ["Vera Koci", "Zana Krasniqi"]


@pytest.mark.parametrize(
    ("text", "name", "said", "score", "expected"),
    [
        ("Malta had a plan. It worked.", "Malta", "It", 1.0, ["It"]),
        ("Malta had a plan. It worked.", "Malta", "It", 0.1, []),
        ("Malta had a row. The smuggling went on.", "Malta", "The smuggling", 1.0, []),
        ("Malta thanked partner countries.", "Malta", "partner countries", 1.0, []),
    ],
    ids=["sure", "hardly marked", "noun that no list knows", "countries are several"],
)
def test_a_marked_span_is_left_alone_where_it_is_in_doubt(text, name, said, score, expected):
    found = [Found(text.index(name), text.index(name) + len(name), name, "GPE", 1.0)]
    span = Marked(text.index(said), text.index(said) + len(said), score)
    resolved = resolve_references(
        text,
        found,
        cluster_names(text, found, load_knowledge()),
        load_reference_rules(),
        load_knowledge(),
        [span],
    )
    assert [reference.text for reference in resolved] == expected


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        pytest.param(
            "Kosovo, Albania and Malta met. The three signatories agreed.",
            "The three signatories",
            id="a list of that many, whatever the words",
        ),
        pytest.param(
            "Kosovo, Albania and Malta met. Each country agreed.",
            "Each country",
            id="each of a list",
        ),
    ],
)
def test_lists_are_among_what_an_expression_may_point_at(text, expression):
    knowledge, rules = load_knowledge(), load_reference_rules()
    names = [
        Found(text.index(name), text.index(name) + len(name), name, "GPE", 1.0)
        for name in ("Kosovo", "Albania", "Malta")
    ]
    clusters = cluster_names(text, names, knowledge)
    scene = Scene(text, names, clusters, rules, knowledge)
    start = text.index(expression)
    read = read_expression(text, start, start + len(expression), rules, knowledge)
    groups = [set(things) for things, _ in candidates(scene, read)]
    assert {cluster.id for cluster in clusters} in groups


@pytest.mark.parametrize(("bound", "expected"), [(0.5, ["It"]), (1.1, [])])
def test_a_kind_may_have_a_bound_of_its_own(bound, expected):
    text = "Malta had a plan. It worked."
    found = [Found(0, 5, "Malta", "GPE", 1.0)]
    clusters = cluster_names(text, found, load_knowledge())
    rules = replace(load_reference_rules(), unsure_of={"thing": bound})
    resolved = resolve_references(text, found, clusters, rules, load_knowledge(), [Marked(18, 20)])
    assert [reference.text for reference in resolved] == expected
