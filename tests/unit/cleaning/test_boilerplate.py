"""What stands around articles, by reason; and sentences, which stay."""

from __future__ import annotations

import pytest

from pipeline.cleaning.boilerplate import has_finite_verb, is_sentence, reason_to_drop


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Home | World | Politics | Business", "menu"),
        ("Home » News » Africa", "menu"),
        ("Home News Politics Business Sports", "menu"),
        ("Top\tLatest\tOpinion", "menu"),
        ("Share on Facebook Tweet WhatsApp Email", "share line"),
        ("Share", "share line"),
        ("Print version - Download PDF (214 KB)", "share line"),
        ("Follow us on Twitter and Facebook.", "share line"),
        ("1,234 views", "share line"),
        ("Subscribe to our newsletter", "subscription line"),
        ("Sign up for our daily briefing and get the news in your inbox.", "subscription line"),
        ("© 2023 The Daily. All rights reserved.", "copyright line"),
        ("ADVERTISEMENT", "advertisement"),
        ("Read more: Seven arrested in Poipet", "related stories"),
        ("Also Read | Police bust ring in Lagos", "related stories"),
        ("Tags: Kenya, trafficking", "tags"),
        ("Photo: MOFA", "photo credit"),
        ("(Photo by STR / AFP)", "photo credit"),
        ("AFP via Getty Images", "photo credit"),
        ("By John Okello in Kampala", "byline"),
        ("Reporting by A. Khan; Editing by B. Lee", "byline"),
        ("Source: VNA", "outlet line"),
        ("FOR IMMEDIATE RELEASE", "release mark"),
        ("###", "release mark"),
        ("Tel: +84 24 3799 2000", "contact line"),
        ("Jul 21, 2022 / 18:41", "time stamp"),
        ("Last updated 5 hours ago", "time stamp"),
    ],
)
def test_lines_around_an_article_are_named(line, reason):
    assert reason_to_drop(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "US ranking of trafficking in Gabon is unfair, Libreville says",
        "Photos of the victims were shown to the court in Dakar.",
        "By Friday the two ministries had signed the agreement.",
        "Follow-up talks will be held in Vientiane next month.",
        "Contacts between the two governments have increased since May.",
        "Sources told the newspaper that Laos would sign.",
        "Home Minister Amit Shah met the envoy of Bangladesh.",
        "Share of women among victims rises",
        "Tier 3: Cambodia, Brunei, Macau",
        "Vietnam - Laos - Cambodia ministers meet in Hanoi",
        "Politics",
        "What was agreed",
        "In 2021, 34 victims were returned; in 2022, 51.",
        "Email scams cost Kenya and Uganda millions, ministers say",
        "Like Thailand, Laos rejected the report.",
        "Print media in Ghana covered the trial widely.",
        "Post-conflict mission opens in Juba",
        "Source countries and destination countries will share data.",
    ],
)
def test_words_of_an_article_stay(line):
    assert reason_to_drop(line) == ""


def test_captions_are_told_by_their_verbs():
    assert has_finite_verb("Ministers Safadi and Hussein sign the pact in Amman")
    assert not has_finite_verb("Spokesperson of Gabon's Foreign Ministry Aline Mba Nzue")


def test_sentences_end_and_go_on():
    assert is_sentence('"We oppose trafficking," Hằng noted.')
    assert not is_sentence("Deputy Minister of National Defence Sen. Lt.")
    assert not is_sentence("Vietnam, UK promote cooperation")
