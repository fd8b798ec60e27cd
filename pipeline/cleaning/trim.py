"""Cut credits, outlets and marks off the ends of paragraphs that stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.cleaning.boilerplate import has_finite_verb, is_sentence, word_count
from pipeline.cleaning.lines import Article, Paragraph, Piece
from pipeline.cleaning.patterns import load_rules

PREFIX = re.compile(r"\(?([A-Z][\w+]*(?:[ .][A-Z][\w+]*){0,2})\)?\s*(?:[-–—]{1,2}|:|\|)\s+(?=\S)")
DATELINE_OUTLET = re.compile(r"^.{0,60}?\(([A-Z][\w+ /.-]{1,30})\)\s*[-–—]{1,2}\s")
SUFFIX = re.compile(
    r"(?:(?<=[.!?”\"’'])|(?<=[.!?”\"’')]\s)|(?<=[.!?”\"’')]\s\s))\s*"
    r"(?:[—–]|-{1,2}|/|\()\s*([A-Z][\w+]*(?:[ /.,&-]{1,2}[A-Z][\w+]*){0,4})\s*\)?\.?\Z"
)
BARE_SUFFIX = re.compile(r"(?<=[.!?”\"])\s+([A-Z]{2,8}(?:/[A-Z]{2,8})*)\.?\Z")
LABEL = re.compile(r"\W*(?:source|via|from|by|reported by|nguồn|theo)\b\W*", re.I)
END_MARK = re.compile(r"\s*(?:\./\.|/\.|\.//|\s#{1,3}|\s[■□▪◼])\Z")
HEAD = 300  # characters in which a prefix stands
TAIL = 200  # characters in which a credit or an outlet stands
LONGEST_NAME = 12  # words of a line that names an outlet
PILCROW = re.compile(r"\s*[¶§]\s*")


def outlet_of(text: str) -> str:
    """Give the outlet that a line or a mark names; empty if it names none that is known."""
    if word_count(text) > LONGEST_NAME:
        return ""
    bare = LABEL.sub("", text, count=1) if LABEL.match(text) else text
    for part in (bare, *re.split(r"\s*[/,|–—-]\s*|\s+-\s+", bare)):
        key = part.strip(" ()[]./:;*_").lower()
        if name := load_rules().outlets.get(key):
            return name
    return ""


def is_outlet(text: str) -> bool:
    """Say whether a line is nothing but the name of a known outlet."""
    return text.strip(" ()[]./:;*_").lower() in load_rules().outlets


def trim(text: str, paragraphs: Sequence[Paragraph], article: Article) -> None:
    """Cut the ends of kept paragraphs; what is cut goes to the article's dropped pieces."""
    kept = [p for p in paragraphs if not p.reason]
    for number, paragraph in enumerate(kept):
        _trim_marks(text, paragraph, article)
        if not paragraph.reason:
            _trim_credit(text, paragraph, article)
        if number <= 3 and not paragraph.reason:
            _trim_prefix(text, paragraph, article)
        if number >= len(kept) - 3 and not paragraph.reason:
            _trim_suffix(text, paragraph, article)


def cut_start(text: str, paragraph: Paragraph, length: int) -> None:
    """Let a paragraph begin later in its first line."""
    start, end = paragraph.spans[0]
    start += length
    while start < end and text[start].isspace():
        start += 1
    paragraph.spans[0] = (start, end)
    _renew(text, paragraph)


def cut_end(text: str, paragraph: Paragraph, length: int) -> None:
    """Let a paragraph end earlier in its last line."""
    start, end = paragraph.spans[-1]
    end -= length
    while start < end and text[end - 1].isspace():
        end -= 1
    paragraph.spans[-1] = (start, end)
    _renew(text, paragraph)


def _tail_of(text: str, paragraph: Paragraph) -> str:
    """Give the end of the last line: what is cut is short, and a paragraph may be long."""
    start, end = paragraph.spans[-1]
    return text[max(start, end - TAIL) : end]


def _renew(text: str, paragraph: Paragraph) -> None:
    paragraph.spans = [span for span in paragraph.spans if span[0] < span[1]] or paragraph.spans[:1]
    paragraph.text = " ".join(" ".join(text[a:b].split()) for a, b in paragraph.spans)


def _trim_marks(text: str, paragraph: Paragraph, article: Article) -> None:
    first = text[paragraph.start : min(paragraph.spans[0][1], paragraph.start + HEAD)]
    if (found := PILCROW.match(first)) and found.end() < len(first):
        cut_start(text, paragraph, found.end())
    line = _tail_of(text, paragraph)
    if found := END_MARK.search(line):
        keep = 1 if found.group().lstrip().startswith(".") else 0
        size = len(found.group().lstrip()) - keep
        if size < len(line):
            end = paragraph.end
            article.dropped.append(Piece(end - size, end, "end mark"))
            cut_end(text, paragraph, size)
    line = _tail_of(text, paragraph)
    if line.endswith("¶") and len(line) > 1:
        cut_end(text, paragraph, 1)


def _trim_credit(text: str, paragraph: Paragraph, article: Article) -> None:
    rules = load_rules()
    end = paragraph.end
    line = _tail_of(text, paragraph)
    for pattern in (rules.credit_tail, rules.agency_tail, rules.agency_name_tail):
        found = _tail(pattern, line)
        if found is None:
            continue
        tail = " ".join(line[found.start() :].split())
        whole = paragraph.text.removesuffix(tail).rstrip()
        if pattern is not rules.agency_name_tail and not has_finite_verb(whole):
            paragraph.reason = "photo credit"
            return
        begin = end - len(line) + found.start()
        while begin < end and text[begin].isspace():
            begin += 1
        article.dropped.append(Piece(begin, end, "photo credit"))
        cut_end(text, paragraph, len(line) - found.start())
        return


def _tail(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """Find a credit behind the end of a sentence, or in brackets or behind a dash."""
    found = pattern.search(line)
    if found is None or found.start() == 0:
        return None
    before = line[: found.start()].rstrip()
    mark = found.group().lstrip()[:1]
    return found if before and (before[-1] in '.!?"”’)' or mark in "([|/–—-") else None


def _trim_prefix(text: str, paragraph: Paragraph, article: Article) -> None:
    line = text[paragraph.start : min(paragraph.spans[0][1], paragraph.start + HEAD)]
    if found := PREFIX.match(line):
        name = found.group(1)
        known = outlet_of(name)
        domain = re.fullmatch(r"[A-Z][A-Za-z]+\.(?:VN|COM|NET|ORG|vn|com|net|org|COM\.VN)", name)
        if (known or domain) and found.end() < len(line):
            article.outlet = article.outlet or known or name
            start = paragraph.start
            article.dropped.append(Piece(start, start + found.end(), "outlet line"))
            cut_start(text, paragraph, found.end())
    elif (found := DATELINE_OUTLET.match(line)) and (known := outlet_of(found.group(1))):
        article.outlet = article.outlet or known


def _trim_suffix(text: str, paragraph: Paragraph, article: Article) -> None:
    end = paragraph.end
    line = _tail_of(text, paragraph)
    at = max(0, len(line) - 60)
    bare = BARE_SUFFIX.search(line, at)
    found = bare if bare and outlet_of(bare.group(1)) else SUFFIX.search(line, at)
    if not found or found.start() == 0 or not is_sentence(line[: found.start()].rstrip() or "x"):
        return
    name = found.group(1)
    known = outlet_of(name)
    if known or re.fullmatch(r"[A-Z]{2,8}(?:[/, &-]{1,2}[A-Z]{2,8})*", name):
        article.outlet = article.outlet or known or name
        size = len(found.group().lstrip())
        article.dropped.append(Piece(end - size, end, "outlet line"))
        cut_end(text, paragraph, size)
