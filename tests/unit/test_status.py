"""Whether a statement holds: plain words in its clause settle it, and others leave it alone."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.markup import read_markup
from pipeline.sentences import sentence_starts
from pipeline.status import (
    doubted_status,
    load_cues,
    load_groups,
    load_needs,
    mask,
    settled_status,
)


def settled(annotated, relation, status="actual"):
    """Settle the statement between `a` and `b`, the last mentions of these identifiers."""
    gold = read_markup(annotated)
    spans = [(m.start, m.end) for m in gold.mentions]
    masked = mask(gold.text, [(m.start, m.end) for m in gold.mentions if m.label != "DATE"])
    head, tail = (
        [(m.start, m.end) for m in gold.mentions if identifier in m.ids][-1]
        for identifier in ("a", "b")
    )
    return settled_status(masked, sentence_starts(gold.text, spans), head, tail, relation, status)


A, B = "[[Kenya|GPE|a]]", "[[Malawi|GPE|b]]"
PACT = "[[Nairobi pact|DOCUMENT|b]]"
TALKS = "[[border talks|EVENT|b]]"
BOTH = "[[the two sides|REF|a+b]]"
WHO, POST = "[[Amina Otieno|PERSON|a]]", "[[director|ROLE|b]]"
CLUB = "[[Lake Club|ORG|b]]"


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        pytest.param(f"{A} is expected to sign the {PACT}.", "signed", id="expected"),
        pytest.param(f"Lima is due to publish {A} {PACT}.", "issued", id="will publish its"),
        pytest.param(f"{A} stands ready to sign the {PACT}.", "signed", id="ready"),
        pytest.param(f"{A} will sign the {PACT}.", "signed", id="will"),
        pytest.param(f"{A} plans to sign the {PACT}.", "signed", id="plans"),
        pytest.param(f"{A} has agreed to sign the {PACT}.", "signed", id="agreed"),
        pytest.param(f"{A} is to host the {TALKS}.", "organizes", id="is to"),
        pytest.param(f"{A} is due to sign the {PACT}.", "signed", id="due"),
        pytest.param(f"{A} hopes to work with {B}.", "cooperates_with", id="hopes"),
        pytest.param(f"{A} should work with {B}.", "cooperates_with", id="should"),
        pytest.param(f"{A} and {B} will work together.", "cooperates_with", id="both"),
        pytest.param(
            f"The envoy suggested that {BOTH} cooperate.", "cooperates_with", id="suggested"
        ),
        pytest.param(
            f"{A} offered to host a [[meeting|EVENT|a]] in [[May|DATE|b]].", "dated", id="offered"
        ),
    ],
)
def test_a_plan_is_no_fact(text, relation):
    assert settled(text, relation) == "planned"


@pytest.mark.parametrize(
    ("text", "relation", "status"),
    [
        pytest.param(f"{A} did not sign the {PACT}.", "signed", "actual", id="did not"),
        pytest.param(f"{A} hasn't signed the {PACT}.", "signed", "actual", id="hasn't"),
        pytest.param(f"{A} never met {B}.", "meets_with", "actual", id="never"),
        pytest.param(f"{A} has yet to sign the {PACT}.", "signed", "planned", id="yet to"),
        pytest.param(f"{A} refused to sign the {PACT}.", "signed", "actual", id="refused"),
        pytest.param(
            f"The minister denied that {A} had signed the {PACT}.", "signed", "actual", id="denied"
        ),
        pytest.param(
            f"{A} denied that it had been put on [[Tier 3|RATING|b]].",
            "rated_as",
            "actual",
            id="denial of a rating",
        ),
        pytest.param(
            f"[[Neither state|REF|a]] has signed the {PACT}.", "signed", "actual", id="neither"
        ),
        pytest.param(
            "A [[visit|EVENT|a]] to [[Doha|GPE|b]], planned for May, did not take place.",
            "located_in",
            "planned",
            id="called off",
        ),
    ],
)
def test_what_is_denied_is_no_fact(text, relation, status):
    assert settled(text, relation, status) == "negated"


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        pytest.param(f"{WHO}, formerly {POST}, spoke.", "has_role", id="formerly"),
        pytest.param(f"In 2018, then {POST} {WHO} spoke.", "has_role", id="then"),
        pytest.param(f"{WHO}, then {POST}, spoke.", "has_role", id="then behind"),
        pytest.param(
            f"The former {POST.replace('|b', '|b')} {WHO} spoke.", "has_role", id="before"
        ),
        pytest.param(f"{A} left the {CLUB} in 1998.", "member_of", id="left"),
        pytest.param(f"{WHO} was {POST} until [[June 2019|DATE|d]].", "has_role", id="until"),
    ],
)
def test_a_post_or_membership_that_is_over_is_former(text, relation):
    assert settled(text, relation) == "former"


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        pytest.param(f"{A} allegedly pays {B}.", "supports", id="allegedly"),
        pytest.param(f"{A} is said to pay {B}.", "supports", id="is said to"),
        pytest.param(f"The group accused {A} of paying {B}.", "supports", id="accused"),
        pytest.param(
            f"Girls were reportedly taken from {A} to {B}.", "trafficked_to", id="reportedly"
        ),
    ],
)
def test_what_is_alleged_is_no_fact(text, relation):
    assert settled(text, relation) == "alleged"


def test_what_is_claimed_is_alleged_but_not_a_title_in_it():
    assert doubted_status("supports", "actual") == "alleged"
    assert doubted_status("supports", "planned") == "planned"
    assert doubted_status("has_role", "actual") == "actual"


@pytest.mark.parametrize(
    ("text", "relation", "status"),
    [
        pytest.param(f"{A} signed the {PACT}.", "signed", "actual", id="plain"),
        pytest.param(
            f"{A} rejected its [[Tier 3|RATING|b]] ranking.", "rated_as", "actual", id="rejected"
        ),
        pytest.param(
            f"{A} did not accept the {PACT}.", "disputes", "actual", id="an act of speech"
        ),
        pytest.param(
            f"{A} signed the {PACT}, but will not say when.", "signed", "actual", id="other clause"
        ),
        pytest.param(f"{A} has not only signed the {PACT}.", "signed", "actual", id="not only"),
        pytest.param(
            f"[[Freedom List|ORG|a]] rates [[Not Free|RATING|x]] {B}.", "rates", "actual", id="name"
        ),
        pytest.param(
            f"In [[May|DATE|d]] {A} signed the {PACT}.", "signed", "actual", id="the month of May"
        ),
        pytest.param(f"{A} may yet join {CLUB}.", "member_of", "alleged", id="alleged stays"),
        pytest.param(f"{WHO} will speak as {POST}.", "has_role", "actual", id="a post is no plan"),
        pytest.param(f"Ola spoke, and then {POST} {WHO}.", "has_role", "actual", id="and then"),
        pytest.param(
            f"{WHO} spoke. {A} will sign. It signed the {PACT}.", "signed", "actual", id="sentences"
        ),
    ],
)
def test_other_words_leave_the_status_alone(text, relation, status):
    assert settled(text, relation, status) == status


@pytest.mark.parametrize(
    ("text", "relation", "status"),
    [
        pytest.param(f"{WHO}, once a judge and now {POST}, spoke.", "has_role", "former", id="now"),
        pytest.param(f"{A} has ratified the {PACT}.", "signed", "negated", id="has ratified"),
    ],
)
def test_a_fact_is_no_longer_taken_for_something_else(text, relation, status):
    assert settled(text, relation, status) == "actual"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param(f"{A} took part in the {TALKS}, a recent event.", "actual", id="no such word"),
        pytest.param(f"{A} stayed outside the {TALKS}.", "negated", id="a word"),
        pytest.param(f"It did not rain.\n\n{A} took part in {TALKS}.", "actual", id="elsewhere"),
        pytest.param(f"Nobody came.\n{A} took part in {TALKS}.", "negated", id="same paragraph"),
    ],
)
def test_nothing_is_negated_without_a_word_for_it(text, status):
    assert settled(text, "participates_in", "negated") == status


def test_a_mask_keeps_the_places():
    text = "İzmir met Malta"
    assert mask(text, [(0, 5)]) == "~~~~~ met malta"
    assert len(mask(text, [])) == len(text)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("acts: [urges", "acts: [begs", "acts: begs is not one of"),
        ("status: former, where: after", "status: gone, where: after", "gone is not one of"),
        ("where: after", "where: behind", "`where` is 'behind', expected one of"),
        ("'\\bnow\\b", "'(\\bnow\\b", "is no pattern"),
    ],
)
def test_a_broken_rule_is_an_error(tmp_path, old, new, match):
    from pipeline.status import CUES

    content = CUES.read_text(encoding="utf-8")
    assert old in content
    (tmp_path / "cues.yaml").write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=match):
        load_cues(tmp_path / "cues.yaml")


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        pytest.param("  negated: '", "  undone: '", "undone is not one of", id="status"),
        pytest.param("  negated: '", "  negated: '(", "no pattern", id="pattern"),
    ],
)
def test_a_broken_need_is_an_error(tmp_path, old, new, match):
    from pipeline.status import CUES

    content = CUES.read_text(encoding="utf-8")
    (tmp_path / "cues.yaml").write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=match):
        load_needs(tmp_path / "cues.yaml")


def test_groups_are_relations_of_the_schema():
    assert "disputes" in load_groups()["acts"]
