"""The ways through the parse from a trigger to its arguments, for the DependencyMatcher."""

from __future__ import annotations

from typing import Any

SUBJECT = {"IN": ["nsubj", "csubj"]}
PASSIVE = {"IN": ["nsubjpass", "csubjpass"]}
Pattern = list[dict[str, Any]]


def argument_patterns(place: str, pos: str) -> list[Pattern]:
    """Give the DependencyMatcher patterns that lead from a trigger `t` to an argument `a`."""

    def step(left: str, right: str, dep: Any, op: str = ">", **attributes: Any) -> dict[str, Any]:
        return {
            "LEFT_ID": left,
            "REL_OP": op,
            "RIGHT_ID": right,
            "RIGHT_ATTRS": {"DEP": dep, **attributes},
        }

    anchor = {"RIGHT_ID": "t", "RIGHT_ATTRS": {}}
    if place == "subject" and pos == "VERB":
        return [
            [anchor, step("t", "a", SUBJECT)],
            [anchor, step("t", "g", "agent"), step("g", "a", "pobj")],
            [anchor, step("t", "v", {"NOT_IN": ["root_"]}, "<"), step("v", "a", SUBJECT)],
            [
                anchor,
                step("t", "v", {"NOT_IN": ["root_"]}, "<"),
                step("v", "w", {"NOT_IN": ["root_"]}, "<"),
                step("w", "a", SUBJECT),
            ],
            [
                anchor,
                step("t", "v", {"NOT_IN": ["root_"]}, "<", POS={"IN": ["ADJ", "VERB", "AUX"]}),
                step("v", "a", PASSIVE),
            ],
            [anchor, step("t", "a", {"NOT_IN": ["root_"]}, "<", POS={"IN": ["NOUN", "PROPN"]})],
        ]
    if place == "subject":
        return [
            [
                anchor,
                step("t", "v", {"NOT_IN": ["root_"]}, "<", POS={"IN": ["VERB", "AUX"]}),
                step("v", "a", SUBJECT),
            ],
            [
                anchor,
                step("t", "p", "prep", "<"),
                step("p", "v", {"NOT_IN": ["root_"]}, "<"),
                step("v", "a", SUBJECT),
            ],
        ]
    if place == "object":
        return [
            [anchor, step("t", "a", {"IN": ["dobj", "obj"]})],
            [anchor, step("t", "a", PASSIVE)],
            [anchor, step("t", "a", {"NOT_IN": ["root_"]}, "<", POS={"IN": ["NOUN", "PROPN"]})],
            [
                anchor,
                step("t", "d", {"IN": ["dobj", "obj"]}),
                step("d", "p", "prep", LOWER="of"),
                step("p", "a", "pobj"),
            ],
        ]
    if place == "comp":
        return [[anchor, step("t", "c", {"IN": ["ccomp", "xcomp"]}), step("c", "a", SUBJECT)]]
    if place == "poss":
        return [[anchor, step("t", "a", {"IN": ["poss", "compound", "nmod"]})]]
    if place == "npadvmod":
        return [[anchor, step("t", "a", {"IN": ["npadvmod", "nmod", "tmod"]})]]
    word = place.removeprefix("prep:")
    return [
        [
            anchor,
            step("t", "p", {"IN": ["prep", "dative", "prt", "agent"]}, LOWER=word),
            step("p", "a", {"IN": ["pobj", "pcomp"]}),
        ],
        [
            anchor,
            step("t", "d", {"IN": ["dobj", "obj", "nsubjpass"]}),
            step("d", "p", {"IN": ["prep", "dative"]}, LOWER=word),
            step("p", "a", "pobj"),
        ],
        [
            anchor,
            step("t", "x", "prep"),
            step("x", "y", "pobj"),
            step("y", "p", "prep", LOWER=word),
            step("p", "a", "pobj"),
        ],
    ]
