"""What stands beside the names rules statements out, or states them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.knowledge import load_knowledge
from pipeline.plausible import Plausible
from pipeline.records import Mention, Relation


def reading(marked):
    """Read a text with names marked as `[Ana Duka|PERSON]`, a country's code behind `GPE=`."""
    text, mentions = "", []
    for piece in re.split(r"(\[[^\]]+\])", marked):
        if not piece.startswith("["):
            text += piece
            continue
        name, _, label = piece[1:-1].partition("|")
        label, _, country = label.partition("=")
        begin, text = len(text), text + name
        number = len(mentions)
        mentions.append(
            Mention(
                f"m{number}", "a", begin, len(text), begin, len(text), name, label, "name",
                (f"e{number}",), name, country, 0.9,
            )
        )  # fmt: skip
    return Plausible(text, mentions, load_knowledge()), mentions


@pytest.mark.parametrize(
    ("marked", "relation", "ends", "kept"),
    [
        pytest.param(
            "[Agim Leka|PERSON], [Labour Counsellor|ROLE] [Ana Duka|PERSON]",
            "has_role", (0, 1), False, id="a post of the next",
        ),
        pytest.param(
            "[Agim Leka|PERSON], [Labour Counsellor|ROLE] [Ana Duka|PERSON]",
            "has_role", (2, 1), True, id="her own post",
        ),
        pytest.param(
            "[Agim Leka|PERSON], [Labour Counsellor|ROLE], [Ana Duka|PERSON]",
            "has_role", (0, 1), True, id="a list",
        ),
        pytest.param(
            "[Agim Leka|PERSON] and [clerk|ROLE] of the [Zed Fund|ORG] [Ana Duka|PERSON]",
            "works_for", (0, 2), False, id="a body of the next",
        ),
        pytest.param(
            "[Agim Leka|PERSON] and [clerk|ROLE] of the [Zed Fund|ORG] [Ana Duka|PERSON]",
            "works_for", (3, 2), True, id="her own body",
        ),
        pytest.param(
            "[Ana Duka|PERSON], Ambassador to [Malta|GPE=MT]",
            "works_for", (0, 1), False, id="where she is posted",
        ),
        pytest.param(
            "[Ana Duka|PERSON], Ambassador of [Malta|GPE=MT]",
            "works_for", (0, 1), True, id="whom she stands for",
        ),
        pytest.param(
            "[UNICEF|ORG] in [Malta|GPE=MT]", "part_of", (0, 1), False, id="of no country",
        ),
        pytest.param(
            "[Ministry of Public Security of Vietnam|ORG], [Vietnam|GPE=VN]",
            "part_of", (0, 1), True, id="its own country",
        ),
        pytest.param(
            "[Odd Office|ORG] of [Vietnam|GPE=VN]", "part_of", (0, 1), True, id="not known",
        ),
        pytest.param(
            "joined in [2012|DATE] and signed the [Compact|DOCUMENT] in [2018|DATE]", "dated",
            (1, 0), False, id="a date of its own behind it",
        ),
        pytest.param(
            "in [2012|DATE] it joined the [Compact|DOCUMENT] and in [2018|DATE] left", "dated",
            (1, 0), True, id="no date of its own",
        ),
        pytest.param(
            "[State Migration Service|ORG=AZ] of [Azerbaijan|GPE=AZ]", "part_of", (0, 1), True,
            id="a name that a list has for another country",
        ),
        pytest.param(
            "[Agim Leka|PERSON], [Director|ROLE]\n[Ana Duka|PERSON], [Clerk|ROLE]",
            "has_role", (0, 1), True, id="lines of a list",
        ),
        pytest.param(
            "[Malta|GPE=MT] agreed. Later [Libya|GPE=LY] did.", "cooperates_with", (0, 1), False,
            id="two sentences",
        ),
        pytest.param(
            "[Malta|GPE=MT] agreed with [Libya|GPE=LY]. Later more did.", "cooperates_with",
            (0, 1), True, id="one sentence",
        ),
        pytest.param(
            "from [Myawaddy|GPE] to [Thailand|GPE=TH]", "located_in", (0, 1), False,
            id="a listed place",
        ),
        pytest.param(
            "in [Zedmoor|GPE], [Malta|GPE=MT], and [Quay|GPE], [Libya|GPE=LY]",
            "located_in", (0, 3), False, id="another country behind it",
        ),
        pytest.param(
            "in [Zedmoor|GPE], [Malta|GPE=MT], and [Quay|GPE], [Libya|GPE=LY]",
            "located_in", (0, 1), True, id="its country behind it",
        ),
    ],
)  # fmt: skip
def test_what_cannot_well_be_keeps_little_of_its_score(marked, relation, ends, kept):
    plausible, mentions = reading(marked)
    row = Relation(
        "r", "a", mentions[ends[0]].mention_id, relation, mentions[ends[1]].mention_id, "actual",
        "", "", "", "", 0.8, "model", 0, 9, marked,
    )  # fmt: skip
    [found] = plausible.doubted([row])
    assert (found.score == 0.8) is kept


@pytest.mark.parametrize(
    ("marked", "ends"),
    [
        ("[Peru|GPE=PE]'s [Minister of Justice|ROLE], [Ana Duka|PERSON]", [("Ana Duka", "Peru")]),
        ("the [Zed Fund|ORG]’s [director|ROLE] [Ana Duka|PERSON]", [("Ana Duka", "Zed Fund")]),
        ("[Peru|GPE=PE]'s [Minister of Justice|ROLE] and [Ana Duka|PERSON]", []),
        ("[Peru|GPE=PE], [Minister|ROLE] [Ana Duka|PERSON]", []),
    ],
)
def test_an_owner_in_front_of_a_post_employs(marked, ends):
    plausible, _ = reading(marked)
    assert [(person.text, owner.text) for person, owner in plausible.employed()] == ends


def test_a_doubtful_end_makes_the_statement_doubtful():
    plausible, mentions = reading("[Malta|GPE=MT] agreed with [Libya|GPE=LY].")
    row = Relation(
        "r", "a", "m0", "cooperates_with", "m1", "actual", "", "", "", "", 0.8, "model", 0, 9, "",
    )  # fmt: skip
    assert [found.score for found in plausible.doubted([row])] == [0.8]
    plausible.by_id["m1"] = replace(mentions[1], score=0.4)
    assert [found.score for found in plausible.doubted([row])] == [0.64]
