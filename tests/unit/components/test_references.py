"""What back-references point at; doubtful ones are left alone."""

from __future__ import annotations

import pytest

from pipeline.components.clusters import Found, cluster_names
from pipeline.components.reference_rules import load_reference_rules
from pipeline.components.references import resolve_references
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
            "Kosovo, Albania, Malta and Serbia met. The four signatories agreed.",
            ["Kosovo/GPE", "Albania/GPE", "Malta/GPE", "Serbia/GPE"],
            [("The four signatories", ["Kosovo", "Albania", "Malta", "Serbia"])],
            id="a list of that many",
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
