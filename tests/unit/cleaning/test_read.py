"""Whole texts of several kinds, read to their bodies."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleaning.read import read_source
from pipeline.offsets import OffsetMap, fold

NEWS = """Home | World | Politics
Jul 21, 2022 / 18:41

Laos rejects the report

Laos said on Thursday that the report was wrong.

 Spokesperson of the Ministry Thong Phane. Photo: MOFA

The ministry will answer in writing, it said.

Related stories
Laos opens a shelter
Thai police arrest six

Vientiane hopes for a better ranking next year. — VNS
"""
CABLE = """04DAKAR1187
Tue Jun 8 00:00:00 +0200 2004
UNCLASSIFIED
Embassy Dakar
UNCLAS SECTION 01 OF 03 DAKAR 001187
SIPDIS
E.O. 12958: N/A
TAGS: KWMN KCRM SG
SUBJECT:  TRAFFICKING IN
PERSONS

REF:  A.  DAKAR 412    B.  BAMAKO 900

¶1. (U)  The USG-
funded project will help the gov-
ernment, which is aware

UNCLAS SECTION 02 OF 03 DAKAR 001187

of it.

GOS response
------------

¶2. (U) It has two aims:

(A) to protect
victims; and,
(B) to punish.

-- UNICEF helps
too.
ROTH
"""
PAGE = """<html><head><title>Jordan and Iraq sign pact - Petra</title>
<meta property="og:site_name" content="Petra">
<meta property="article:published_time" content="2020-02-03T08:00:00Z"></head><body>
<nav><a href="/">Home</a> <a>Politics</a></nav><h1>Jordan and Iraq sign pact</h1>
<figure><figcaption>Ministers sign the pact in Amman. (Photo: Petra)</figcaption></figure>
<p>Jordan&rsquo;s minister and his Iraqi counterpart signed a&nbsp;border <b>secur</b>ity pact on
Monday, the ministry said in a statement, &quot;for all&quot; &lt;people&gt; of both countries.</p>
<script>var x = "<p>no</p>";</script>
<p>The formula =HYPERLINK("http://x") stands here as text, and the pact enters into force.</p>
<figure><figcaption>File photo</figcaption></figure>
<footer>&copy; 2020 Petra. All rights reserved.</footer></body></html>"""
NOTE = """---
title: Laos and China open office
date: 2021-11-08
source: Vientiane Times
---
# Laos and China open office

![logo](logo.png)
**Laos** and [China](http://x/y_(z)) opened a *border* office,
the ministry said.

- Both sides will `share` data.
1. Police will meet.

> "It helps," said Col. Kham.
"""


def body(source: str, kind: str = "text") -> list[str]:
    return read_source(source, kind).body.text.split("\n\n")


def reasons(source: str, kind: str = "text") -> list[str]:
    return [piece.reason for piece in read_source(source, kind).dropped]


def test_news_keeps_headline_and_sentences():
    reading = read_source(NEWS, "text")
    assert reading.body.text.split("\n\n") == [
        "Laos rejects the report",
        "Laos said on Thursday that the report was wrong.",
        "The ministry will answer in writing, it said.",
        "Vientiane hopes for a better ranking next year.",
    ]
    assert reading.article.title == "Laos rejects the report"
    assert reading.article.published == "2022-07-21"
    assert reading.article.outlet == "VNS"
    assert [piece.reason for piece in reading.dropped] == [
        "menu",
        "time stamp",
        "photo credit",
        *["related stories"] * 3,
        "outlet line",
    ]


def test_cable_gives_numbered_paragraphs_and_metadata():
    reading = read_source(CABLE, "text")
    assert reading.body.text.split("\n\n") == [
        "TRAFFICKING IN PERSONS",
        "1. (U) The USG-funded project will help the government, which is aware of it.",
        "GOS response",
        "2. (U) It has two aims:",
        "(A) to protect victims; and,",
        "(B) to punish.",
        "-- UNICEF helps too.",
    ]
    assert reading.article.published == "2004-06-08"
    assert reading.article.metadata == {
        "classification": "UNCLASSIFIED",
        "post": "Embassy Dakar",
        "reference_id": "04DAKAR1187",
        "references": "A. DAKAR 412 B. BAMAKO 900",
        "subject": "TRAFFICKING IN PERSONS",
        "tags": "KWMN KCRM SG",
    }
    assert {"cable header", "page mark", "signature"} <= set(reasons(CABLE))


def test_page_gives_article_and_metadata():
    reading = read_source(PAGE, "html")
    assert reading.body.text.split("\n\n") == [
        "Jordan and Iraq sign pact",
        "Ministers sign the pact in Amman.",
        "Jordan’s minister and his Iraqi counterpart signed a border security pact on Monday, the "
        'ministry said in a statement, "for all" <people> of both countries.',
        'The formula =HYPERLINK("http://x") stands here as text, and the pact enters into force.',
    ]
    article = reading.article
    assert (article.title, article.outlet) == ("Jordan and Iraq sign pact", "Petra")
    assert article.published == "2020-02-03"
    start = reading.body.text.index("security")
    low, high = OffsetMap(reading.body.segments).span(start, start + 8)
    assert PAGE[low:high] == "secur</b>ity"


def test_markdown_loses_its_marks():
    reading = read_source(NOTE, "markdown")
    assert reading.body.text.split("\n\n") == [
        "Laos and China open office",
        "Laos and China opened a border office, the ministry said.",
        "Both sides will share data.",
        "1. Police will meet.",
        '"It helps," said Col. Kham.',
    ]
    article = reading.article
    assert (article.title, article.outlet) == ("Laos and China open office", "Vientiane Times")
    assert article.published == "2021-11-08"


def test_the_cells_of_a_table_stay_apart():
    source = (
        "# Ranks\n\nThe country was ranked by the Department in four of the last ten years.\n\n"
        "| Report | Rank of Peru |\n| --- | --- |\n| 2014 | Tier 3 |\n"
    )
    rows = read_source(source, "markdown").body.text.split("\n\n")[2:]
    assert rows == ["Report | Rank of Peru", "2014 | Tier 3"]


def test_hard_wraps_are_undone():
    source = (
        "VIENNA, 3 May 2022 - The Special Representative for Combating Trafficking in\r\n"
        "Human Beings today welcomed the action plan that the Republic of Moldova has\r\n"
        "adopted last week, which foresees six shelters for refugees from the war and\r\n"
        "more money for non-\r\ngovernmental organizations.\r\n\r\nHe left on Monday.\r\n"
    )
    assert len(body(source)) == 2
    assert body(source)[0].endswith("money for non-governmental organizations.")


def test_lines_that_are_paragraphs_stay_apart():
    source = (
        "Laos said it would sign the deal.\nKenya did not comment on it.\nUganda will sign too."
    )
    assert len(body(source)) == 3


def test_a_mail_header_gives_subject_and_date():
    source = (
        "From: a@osce.org\nDate: Tue, 3 May 2022 10:15:00 +0200\n"
        "Subject: OSCE welcomes the plan\n\n"
        "The OSCE welcomed the plan of Moldova on Tuesday."
    )
    reading = read_source(source, "text")
    assert reading.body.text.startswith("OSCE welcomes the plan\n\nThe OSCE")
    assert reading.article.published == "2022-05-03"


@pytest.mark.parametrize(
    ("source", "outlet", "start"),
    [
        ("VOV.VN - Amid crime, Vietnam must unite, he said.", "VOV", "Amid"),
        ("HÀ NỘI — Việt Nam is ready to work, he said. — VNS", "VNS", "HÀ NỘI — Việt"),
        ("WASHINGTON (Reuters) - The US moved Vietnam on Thursday.", "Reuters", "WASHINGTON (R"),
    ],
)
def test_outlets_are_cut_and_cities_stay(source, outlet, start):
    reading = read_source(source, "text")
    assert reading.article.outlet == outlet
    assert reading.body.text.startswith(start)
    assert reading.body.text.endswith(".")


def test_a_credit_behind_a_sentence_goes_and_the_sentence_stays():
    source = (
        "The pact was signed at the border post. Photo: Siv Channa\n\nIt is the first, he said."
    )
    assert body(source)[0] == "The pact was signed at the border post."
    assert "photo credit" in reasons(source)


@pytest.mark.parametrize("source", ["", "<", "<p", "<html><head><title>x", "&#x;&amp", "<!--"])
def test_broken_pages_are_read_without_error(source):
    read_source(source, "html")


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "Laos signed the pact on Monday, he said.",
            "The far-\noff border",
            "Phạm Thu Hằng",
            "Photo: MOFA",
            "Share",
            "\n",
            "\n\n",
            "\r\n",
            " ",
            "\u00a0",
            "¶1. (U) ",
            "SUBJECT: X",
            "UNCLAS",
            "SIPDIS",
            "e\u0301",
            "<p>",
            "</p>",
            "&amp;",
            "&#233;",
            "# ",
            "**bold**",
            "[a](b)",
            "- item",
            "Jul 21, 2022",
            "Related stories",
            "— VNS",
        ]
    ),
    max_size=30,
).map("".join)


@settings(deadline=None, max_examples=150)
@given(FRAGMENTS, st.sampled_from(["text", "html", "markdown"]))
def test_the_body_is_tidy_and_every_character_comes_from_the_source(source, kind):
    reading = read_source(source, kind)
    text = reading.body.text
    assert not re.search(r"[^\S \n]|  | \n|\n |\n{3}|[\x00-\x08]", text)
    assert text == text.strip()
    assert "\n" not in text.replace("\n\n", "")
    offsets = OffsetMap(reading.body.segments)
    assert offsets.length == len(text)
    at = 0
    last = (0, 0)
    for length, origin, width, copied in reading.body.segments:
        assert last[0] <= origin
        assert last[1] <= origin + width
        assert origin + width <= len(source)
        if copied:
            assert text[at : at + length] == source[origin : origin + width]
        at, last = at + length, (origin, origin + width)
    for piece in reading.dropped:
        assert 0 <= piece.start <= piece.end <= len(source)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_spans_of_plain_text_fold_to_their_source(data):
    text = read_source(NEWS, "text").body
    start = data.draw(st.integers(0, len(text.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text.text), start + 60)))
    if "\n" in text.text[start:end]:
        return
    low, high = text.source_span(start, end)
    assert fold(NEWS[low:high]) == fold(text.text[start:end])


LINE = "QNA : Port opens a shelter for sailors left behind - Society - 18/{}/2024\n\n"
FILED = "Port opens a shelter\n\nVALLETTA, Nov 18 (QNA) -- "


@pytest.mark.parametrize(
    ("above", "published"),
    [
        (LINE.format(11) + FILED, "2024-11-18"),
        (LINE.format(10) + FILED, ""),
        ("Port opens a shelter\n\nValletta, 30 July 2024 – World Day of Ports\n\n", "2024-07-30"),
        ("Port opens a shelter\n\nStatement | Valletta, 30 July 2024 (Monday)\n\n", "2024-07-30"),
    ],
    ids=["the day above", "another day above", "a line of its own", "a short line"],
)
def test_a_dateline_dates_the_text(above, published):
    text = f"{above}The harbour master said on Monday that a shelter for sailors had been opened.\n"
    assert read_source(text, "text").article.published == published


def test_the_name_of_the_site_is_no_title():
    source = (
        "<html><head><title>Port and harbour sign a pact | Releases | Ministry of Odd Affairs"
        "</title></head><body><h1>Ministry of Odd Affairs</h1><h2>Releases</h2><article>"
        "<p>The port and the harbour signed a pact on Monday, said the master of the port.</p>"
        "</article></body></html>"
    )
    assert read_source(source, "html").article.title.startswith("Port and harbour sign a pact")
