"""What stands around an expression: countries spoken of, names set off behind it."""

from __future__ import annotations

import pytest

from pipeline.components.clusters import Found, cluster_names
from pipeline.components.reference_rules import load_reference_rules
from pipeline.components.scene import Scene
from pipeline.knowledge import load_knowledge


def scene_of(text, *names):
    found = []
    for name in names:
        surface, label = name.rsplit("/", 1)
        start = text.index(surface)
        found.append(Found(start, start + len(surface), surface, label, 1.0))
    clusters = cluster_names(text, found, load_knowledge())
    return Scene(text, found, clusters, load_reference_rules(), load_knowledge())


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param(
            "His boss, Captain Agim Leka, came", ["Captain/ROLE", "Agim Leka/PERSON"],
            "Agim Leka", id="behind a title",
        ),
        pytest.param(
            "His firm, Golden Heron, paid", ["Golden Heron/ORG"], "Golden Heron", id="a firm"
        ),
        pytest.param(
            "His boss, who met Agim Leka, came", ["Agim Leka/PERSON"], "", id="a clause"
        ),
        pytest.param("His boss met Agim Leka.", ["Agim Leka/PERSON"], "", id="no comma"),
        pytest.param(
            "His boss, Agim Leka said", ["Agim Leka/PERSON"], "", id="the speaker behind"
        ),
    ],
)  # fmt: skip
def test_a_name_set_off_behind_an_expression_is_found(text, names, expected):
    scene = scene_of(text, *names)
    cluster = scene.apposed(text.index("boss" if "boss" in text else "firm") + 4)
    assert (scene.clusters[cluster].name if cluster else "") == expected


@pytest.mark.parametrize(
    ("text", "names", "country"),
    [
        pytest.param("Malta wrote. The Togolese police saw the country", [], "TG", id="adjective"),
        pytest.param(
            "Togolese police wrote to Malta's Ministry of Justice about the country",
            ["Malta/GPE", "Ministry of Justice/ORG"], "MT", id="a body's owner",
        ),
        pytest.param("A note on the country", [], "", id="none"),
        pytest.param("Togolese. " + "x " * 300 + "the country", [], "", id="too far"),
    ],
)  # fmt: skip
def test_the_country_spoken_of_is_the_last_nearby(text, names, country):
    assert scene_of(text, *names).spoken_of(text.index("the country")) == country
