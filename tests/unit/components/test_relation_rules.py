"""The relation rules: each relation in a plain sentence, its status, and silence where none is."""

from __future__ import annotations

import pytest

from pipeline.relating import load_relater


@pytest.fixture(scope="module")
def nlp():
    return load_relater("baseline")


def statements(nlp, marked):
    """Relate a text whose names are marked `[name|LABEL]`; a country is marked `GPE!`."""
    text, ents, countries, at = "", [], set(), 0
    while (begin := marked.find("[", at)) >= 0:
        end = marked.index("]", begin)
        name, label = marked[begin + 1 : end].split("|")
        text += marked[at:begin]
        if label.endswith("!"):
            countries.add(len(text))
        ents.append((len(text), len(text) + len(name), label.rstrip("!")))
        text += name
        at = end + 1
    doc = nlp.make_doc(text + marked[at:])
    doc.set_ents([doc.char_span(start, end, label) for start, end, label in ents])
    doc.user_data["countries"] = countries
    with doc.retokenize() as retokenizer:
        for ent in doc.ents:
            if len(ent) > 1 and ent.text[0].isupper() and ent.label_ not in ("DATE", "MONEY"):
                retokenizer.merge(ent)
    doc = nlp(doc)
    spans = [doc[start:end].text for start, end in doc._.mention_spans]
    return {
        (spans[head], relation, spans[tail], status)
        for head, relation, tail, status, *_ in doc._.statements
    }


# One sentence a relation; the names that it joins follow after the arrow.
SENTENCES = """
[Albania|GPE!] cooperates closely with [Kosovo|GPE!] against smugglers. -> Albania / cooperates_with / Kosovo
[Albania|GPE!] signed an agreement with [Kosovo|GPE!]. -> Albania / signed_with / Kosovo
[Ghana|GPE!] ratified the [Palermo Protocol|DOCUMENT] in [2012|DATE]. -> Ghana / signed / Palermo Protocol
[Ghana|GPE!] acceded to the [Palermo Protocol|DOCUMENT]. -> Ghana / signed / Palermo Protocol
The [2019 Report|DOCUMENT] downgraded [Malta|GPE!] to [Tier 3|RATING]. -> 2019 Report / rates / Malta
[Malta|GPE!] was placed on [Tier 3|RATING]. -> Malta / rated_as / Tier 3
[Malta|GPE!] rejected the [2019 Report|DOCUMENT]. -> Malta / disputes / 2019 Report
[Agim Leka|PERSON] praised the [National Bureau|ORG] for its work. -> Agim Leka / praises / National Bureau
[Malta|GPE!] urged [Libya|GPE!] to act. -> Malta / urges / Libya
[Malta|GPE!] called on [Libya|GPE!] to act. -> Malta / urges / Libya
Minister [Agim Leka|PERSON] met with [Vera Koci|PERSON] on [Monday|DATE]. -> Agim Leka / meets_with / Vera Koci
[Agim Leka|PERSON] held talks with [Vera Koci|PERSON]. -> Agim Leka / meets_with / Vera Koci
[Agim Leka|PERSON] attended the [Bali Conference|EVENT]. -> Agim Leka / participates_in / Bali Conference
[Malta|GPE!] hosted the [Bali Conference|EVENT]. -> Malta / organizes / Bali Conference
[Malta|GPE!] is a member of the [European Union|ORG]. -> Malta / member_of / European Union
[Vera Koci|PERSON] of the [National Bureau|ORG] spoke. -> Vera Koci / works_for / National Bureau
[Minister|ROLE] [Vera Koci|PERSON] spoke. -> Vera Koci / has_role / Minister
[Vera Koci|PERSON], the [deputy director|ROLE], spoke. -> Vera Koci / has_role / deputy director
[Albania|GPE!]'s [Ministry of Justice|ORG] answered. -> Ministry of Justice / part_of / Albania
They met in [Korce|GPE], [Albania|GPE!]. -> Korce / located_in / Albania
The [Bali Conference|EVENT] in [Bali|GPE] ended. -> Bali Conference / located_in / Bali
[Norway|GPE!] funds the [Safe Roads Project|PROGRAM]. -> Norway / supports / Safe Roads Project
The [National Bureau|ORG] runs the [Safe Roads Project|PROGRAM]. -> National Bureau / implements / Safe Roads Project
The [National Bureau|ORG] published the [2019 Report|DOCUMENT]. -> National Bureau / issued / 2019 Report
Girls were trafficked from [Korce|GPE] to [Italy|GPE!]. -> Korce / trafficked_to / Italy
The [Bali Conference|EVENT] on [3 May|DATE] ended. -> Bali Conference / dated / 3 May
"""


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_each_relation_is_found(nlp, line):
    marked, _, expected = line.partition(" -> ")
    assert (*expected.split(" / "), "actual") in statements(nlp, marked)


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("[Albania|GPE!] will sign an agreement with [Kosovo|GPE!].", "planned"),
        ("[Albania|GPE!] plans to sign an agreement with [Kosovo|GPE!].", "planned"),
        ("[Albania|GPE!] is expected to sign an agreement with [Kosovo|GPE!].", "planned"),
        ("[Albania|GPE!] did not sign an agreement with [Kosovo|GPE!].", "negated"),
        ("[Albania|GPE!] refused to sign an agreement with [Kosovo|GPE!].", "negated"),
        ("[Albania|GPE!] has yet to sign an agreement with [Kosovo|GPE!].", "planned"),
        ("[Albania|GPE!] allegedly signed an agreement with [Kosovo|GPE!].", "alleged"),
        ("[Albania|GPE!] signed an agreement with [Kosovo|GPE!].", "actual"),
    ],
)
def test_the_status_is_that_of_the_words(nlp, marked, status):
    found = {row for row in statements(nlp, marked) if row[1] == "signed_with"}
    # What is not there yet counts as denied: no signature is reported either way.
    allowed = {status, "negated"} if "yet to" in marked else {status}
    assert {row[3] for row in found} <= allowed
    assert found


def test_every_party_of_a_list_is_joined_with_every_other(nlp):
    found = statements(
        nlp,
        "The [Ministry of Justice|ORG], the [Ministry of Labour|ORG] and the [Coast Guard|ORG] "
        "signed the [Durres Accord|DOCUMENT].",
    )
    assert len({row for row in found if row[1] == "signed"}) == 3


@pytest.mark.parametrize(
    "marked",
    [
        "[Vera Koci|PERSON] spoke about [Albania|GPE!] and the [Durres Accord|DOCUMENT].",
        "Figures rose in [Malta|GPE!], [Libya|GPE!] and [Ghana|GPE!].",
        "[Vera Koci|PERSON] said that [Malta|GPE!] was far from [Libya|GPE!].",
        "[Malta|GPE!], [Libya|GPE!] have coasts.",
    ],
)
def test_names_side_by_side_are_no_relation(nlp, marked):
    assert statements(nlp, marked) == set()
