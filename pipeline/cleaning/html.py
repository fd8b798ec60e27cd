"""Read a saved web page: trafilatura says what is article, the map says where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

import htmldate
import trafilatura
from rapidfuzz import fuzz
from trafilatura.settings import use_config

from pipeline.cleaning import boilerplate
from pipeline.cleaning.cable import is_cable, read_cable
from pipeline.cleaning.lines import Article, Line, Paragraph, Piece, split_lines
from pipeline.cleaning.mend import mend, mend_text
from pipeline.cleaning.news import LETTERHEAD, read_news, select
from pipeline.cleaning.patterns import word_set
from pipeline.cleaning.visible import HEADINGS, Page, read_page
from pipeline.offsets import MappedText, OffsetMap

AROUND = word_set("nav header footer aside form button menu")
REASONS = {
    "nav": "menu",
    "menu": "menu",
    "aside": "related stories",
    "footer": "page footer",
    "form": "form",
    "button": "form",
}
ENOUGH = 0.5  # share of a line that the extraction must hold to keep the line
LEAST = 250  # characters of an extraction that is trusted against a longer page
LARGEST = 3_000_000  # characters of markup that trafilatura is given
SITE = re.compile(r"\s+[-–—|:·»]+\s+[^-–—|:·»]{2,60}\Z")
# Tags without an end, on which parsers of HTML take for ever: no HTML, then.
UNCLOSED = re.compile(r"(?:<[a-zA-Z/!?][^<>]*){500}")
SPACE = re.compile(r"\s+")
MARK = re.compile(r"^\s*(?:[-–•*]\s+|\|)|\|\s*$")


def read_html(source: str) -> tuple[MappedText, Article]:
    """Give the visible text of a page, and the article in it."""
    if UNCLOSED.search(source):
        text = mend(MappedText.of_source(source))
        return text, read_news(text.text)
    page = read_page(source)
    text = mend(page.text)
    if is_cable(text.text):
        return text, read_cable(text.text)
    lines = split_lines(text.text)
    contexts = _contexts(page, text, lines)
    title = _title(page, lines, contexts)
    extracted = _extract(source)
    kept, missing = _locate(lines, extracted)
    shown = sum(len(line.text) for line in lines)
    if sum(kept) < min(LEAST, 0.3 * shown):
        kept = [
            0 if context & AROUND else len(line.text)
            for line, context in zip(lines, contexts, strict=True)
        ]
    paragraphs = _paragraphs(lines, contexts, kept, title)
    article = select(text.text, paragraphs, title)
    article.published = _date(source) or article.published
    article.outlet = mend_text(page.meta.get("og:site_name", "")) or article.outlet
    article.metadata["author"] = mend_text(page.meta.get("author", ""))
    article.dropped += missing
    return text, article


def _contexts(page: Page, text: MappedText, lines: Sequence[Line]) -> list[frozenset[str]]:
    offsets = OffsetMap(text.segments)
    return [page.context(offsets.span(line.start, line.start + 1)[0]) for line in lines]


def _title(page: Page, lines: Sequence[Line], contexts: Sequence[frozenset[str]]) -> str:
    """Choose the heading that the head of the page agrees with, else what the head says."""
    named = mend_text(page.meta.get("og:title") or page.meta.get("twitter:title") or page.title)
    bare = SITE.sub("", named) if len(SITE.sub("", named).split()) >= 3 else named
    pairs = zip(lines, contexts, strict=True)
    tops = [" ".join(line.text.split()) for line, context in pairs if "h1" in context]
    if named:
        for top in tops:
            if fuzz.ratio(top.lower(), bare.lower()) >= 70 or (
                len(top.split()) >= 4
                and fold_case(top) in fold_case(named)
                and not (fold_case(named).endswith(fold_case(top)) and LETTERHEAD.match(top))
            ):
                return top
    long = [top for top in tops if len(top.split()) >= 4 and not LETTERHEAD.match(top)]
    if len(long) == 1:
        return long[0]
    return bare or (tops[0] if tops else "")


def fold_case(text: str) -> str:
    """Give a text to compare: lower case, without white space."""
    return SPACE.sub("", text).casefold()


def _extract(source: str) -> list[str]:
    """Give the paragraphs that trafilatura takes for the article; none where it finds none."""
    if len(source) > LARGEST:
        return []
    config = use_config()
    config.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")
    found = trafilatura.extract(
        source,
        favor_recall=True,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        with_metadata=False,
        deduplicate=False,
        config=config,
    )
    cells = (cell for line in (found or "").split("\n") for cell in line.split("|"))
    pieces = [MARK.sub("", cell) for cell in cells]
    return [mended for piece in pieces if (mended := mend_text(piece).strip())]


def _locate(lines: Sequence[Line], extracted: Sequence[str]) -> tuple[list[int], list[Piece]]:
    """Count the characters of each line that the extraction holds; list what is in no line."""
    packed = [SPACE.sub("", line.text) for line in lines]
    whole = "".join(packed)
    starts = [0, *accumulate(len(line) for line in packed)]
    covered = bytearray(len(whole))
    at = 0
    missing = []
    for words in extracted:
        piece = SPACE.sub("", words)
        found = whole.find(piece, at)
        if found < 0:
            found = whole.find(piece)
        else:
            at = found + len(piece)
        if found >= 0:
            covered[found : found + len(piece)] = b"\1" * len(piece)
        elif not _cover_parts(whole, piece, at, covered):
            missing.append(Piece(0, 0, "not located", words))
    return [sum(covered[low:high]) for low, high in pairwise(starts)], missing


def _cover_parts(whole: str, piece: str, at: int, covered: bytearray) -> bool:
    """Cover the parts of a piece that stand in the page; say whether most of it does."""
    size, located = 24, 0
    for low in range(0, max(1, len(piece) - size + 1), size):
        part = piece[low : low + size]
        found = whole.find(part, at, at + 200_000)
        if found >= 0:
            covered[found : found + len(part)] = b"\1" * len(part)
            located += len(part)
            at = found
    return located >= ENOUGH * len(piece)


def _paragraphs(
    lines: Sequence[Line],
    contexts: Sequence[frozenset[str]],
    kept: Sequence[int],
    title: str,
) -> list[Paragraph]:
    inside = [
        count >= ENOUGH * len(SPACE.sub("", line.text))
        for line, count in zip(lines, kept, strict=True)
    ]
    first = inside.index(True) if True in inside else len(lines)
    last = len(lines) - 1 - inside[::-1].index(True) if True in inside else -1
    paragraphs = []
    has_title = False
    folded = fold_case(title)
    for number, (line, context) in enumerate(zip(lines, contexts, strict=True)):
        text = " ".join(line.text.split())
        kind = "caption" if "figcaption" in context else "heading" if context & HEADINGS else ""
        reason = ""
        is_title = bool(folded) and not has_title and fold_case(text) == folded
        if is_title and number <= max(first, 40) and not context & {"nav", "aside", "footer"}:
            kind, has_title = "title", True
        elif not inside[number]:
            between = first < number < last
            reason = _reason(text, kind, context, between)
        elif kind == "caption" and not boilerplate.has_finite_verb(text):
            reason = boilerplate.reason_to_drop(text) or "photo caption"
        else:
            reason = boilerplate.reason_to_drop(text)
        paragraph = Paragraph([(line.start, line.end)], text, True, kind, reason)
        paragraphs.append(paragraph)
    return paragraphs


def _reason(text: str, kind: str, context: frozenset[str], between: bool) -> str:
    """Say why a line that the extraction lacks is left out; empty for one that it lost."""
    if known := boilerplate.reason_to_drop(text):
        return known
    for name, reason in REASONS.items():
        if name in context:
            return reason
    sentence = boilerplate.is_sentence(text) and boilerplate.word_count(text) >= 5
    if kind == "caption":
        return "" if boilerplate.has_finite_verb(text) else "photo caption"
    if between and "a" not in context and (sentence or kind == "heading"):
        return ""
    return "page header" if "header" in context else "outside the article"


def _date(source: str) -> str:
    """Read the date of first publication from the markup; the bounds keep the clock out."""
    if len(source) > LARGEST:
        return ""
    found = htmldate.find_date(
        source,
        original_date=True,
        extensive_search=False,
        min_date="1990-01-01",
        max_date="2100-01-01",
        outputformat="%Y-%m-%d",
    )
    return str(found or "")
