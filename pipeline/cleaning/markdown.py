"""Read Markdown: front matter to metadata, marks away, the rest like any article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from pipeline.cleaning import boilerplate
from pipeline.cleaning.dates import read_date
from pipeline.cleaning.layout import make_paragraphs
from pipeline.cleaning.lines import Article, Paragraph, Piece, Span, split_lines
from pipeline.cleaning.news import select
from pipeline.offsets import MappedText, OffsetMap

FRONT = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
FIELD = re.compile(r"^\s*[\"']?([\w-]+)[\"']?\s*[:=]\s*(.*?)\s*$")
OUTLETS = ("outlet", "source", "publisher", "site", "site_name", "publication")
DATES = ("date", "published", "publishdate", "pubdate", "publish_date", "created")

FENCE = re.compile(r"^[ ]{0,3}(?:```+|~~~+)[^\n`]*$", re.M)
COMMENT = re.compile(r"<!--.*?-->", re.S)
TAG = re.compile(r"</?(?:[a-zA-Z][\w-]*)(?:\s[^<>\n]{0,500})?/?>")
AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,500})>")
HEADING = re.compile(r"^[ ]{0,3}(#{1,6})[ \t]+(\S[^\n]*?)[ \t]*#*[ \t]*$", re.M)
ROW = re.compile(r"^[ \t]*\|[ \t]*([^\n]*?)[ \t]*\|[ \t]*$", re.M)
BREAK = "\n\n"
UNDERLINE = re.compile(r"^[ ]{0,3}(?:=+|-{2,})[ \t]*$", re.M)
RULE = re.compile(r"^[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$", re.M)
QUOTE = re.compile(r"^[ ]{0,3}(?:>[ \t]?)+", re.M)
BULLET = re.compile(r"^[ \t]*(?:[-*+•][ \t]+(?:\[[ xX]\][ \t]+)?)(?=\S)", re.M)
NUMBER = re.compile(r"^[ \t]*(?=\d{1,3}[.)][ \t]+\S)", re.M)
TARGET = r"\((?:[^()\n\\]|\\.|\([^()\n]{0,300}\)){0,1000}\)"
IMAGE = re.compile(rf"!\[([^\[\]\n]{{0,1000}})\](?:{TARGET}|\[[^\[\]\n]{{0,200}}\])")
LINK = re.compile(rf"\[((?:[^\[\]\n]|\n(?!\n)){{1,1000}})\](?:{TARGET}|\[[^\[\]\n]{{0,200}}\])")
DEFINITION = re.compile(r"^[ ]{0,3}\[[^\[\]\n]{1,200}\]:[ \t]*\S[^\n]*$", re.M)
FOOTNOTE = re.compile(r"\[\^[^\[\]\n]{1,60}\](?!:)")
EMPHASIS = re.compile(
    r"(?<![\\\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*\\])\1(?![*])|"
    r"(?<![\w\\_])(_{1,3})(?=[^\s_])([^_\n]{1,1000}?)(?<=[^\s_\\])\3(?![\w])"
)
STRIKE = re.compile(r"~~(?=\S)([^~\n]{1,1000}?)(?<=\S)~~")
CODE = re.compile(r"(`{1,2})(?=[^`])([^`\n]{1,500}?)(?<=[^`])\1(?!`)")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
TABLE_RULE = re.compile(
    r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|[ \t]*$", re.M
)
HARD_BREAK = re.compile(r"(?:[ ]{2,}|\\)$", re.M)

Edit = tuple[int, int, str]


def read_markdown(text: MappedText) -> tuple[MappedText, Article]:
    """Give the text without its marks, and the article in it."""
    front, fields = _front_matter(text.text)
    headings = [m.start(2) for m in HEADING.finditer(text.text) if m.group(1) == "#"]
    origin = OffsetMap(text.segments)
    tops = [origin.span(at, at + 1)[0] for at in headings[:1] if at < len(text.text)]
    bare = _without_marks(text, front)
    lines = [line for line in split_lines(bare.text) if line.start >= front]
    paragraphs = make_paragraphs(lines, boilerplate.reason_to_drop, flowing=True)
    title = fields.get("title", "")
    _mark_title(paragraphs, bare, tops)
    article = select(bare.text, paragraphs, title)
    if front:
        article.dropped.append(Piece(0, front, "front matter"))
    article.title = title or article.title
    article.outlet = next((fields[k] for k in OUTLETS if fields.get(k)), article.outlet)
    dated = next((fields[k] for k in DATES if fields.get(k)), "")
    article.published = read_date(dated) or article.published
    article.metadata["author"] = fields.get("author", "")
    return bare, article


def _mark_title(paragraphs: list[Paragraph], text: MappedText, tops: list[int]) -> None:
    offsets = OffsetMap(text.segments)
    for paragraph in paragraphs:
        if offsets.span(paragraph.start, paragraph.start + 1)[0] in tops:
            paragraph.kind = "title"


def _front_matter(text: str) -> tuple[int, dict[str, str]]:
    """Give where the front matter ends, and its fields; lower-case keys, text values."""
    found = FRONT.match(text)
    if not found:
        return 0, {}
    fields: dict[str, Any] = {}
    if found.group(1) == "---":
        try:
            loaded = yaml.load(found.group(2), Loader=yaml.BaseLoader)
        except yaml.YAMLError:
            loaded = None
        fields = loaded if isinstance(loaded, dict) else {}
    if not fields:
        pairs = (FIELD.match(line) for line in found.group(2).split("\n"))
        fields = {pair.group(1): pair.group(2).strip("\"'") for pair in pairs if pair}
    if not fields:
        return 0, {}
    return found.end(), {str(k).lower(): _flat(v) for k, v in fields.items()}


def _flat(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_flat(item) for item in value)
    if isinstance(value, dict):
        return _flat(value.get("name", ""))
    return " ".join(str(value).split())


def _without_marks(text: MappedText, front: int) -> MappedText:
    """Take the marks away, a kind at a time; what lies before `front` stays as it is."""
    text = text.edit(_edits(text.text, front, COMMENT, _nothing))
    for pattern in (FENCE, TABLE_RULE, RULE, UNDERLINE, DEFINITION):
        text = text.edit(_edits(text.text, front, pattern, _nothing, BREAK))
    text = text.edit(_edits(text.text, front, IMAGE, _image))
    for _ in range(2):  # a picture in a link, emphasis in emphasis
        text = text.edit(_edits(text.text, front, LINK, _first_group))
        text = text.edit(_edits(text.text, front, EMPHASIS, _first_group))
    for pattern in (STRIKE, CODE, AUTOLINK):
        text = text.edit(_edits(text.text, front, pattern, _last_group))
    text = text.edit(_edits(text.text, front, QUOTE, _nothing))
    text = text.edit(_edits(text.text, front, HEADING, _second_group, BREAK))
    text = text.edit(_edits(text.text, front, ROW, _last_group, BREAK))
    for pattern in (BULLET, NUMBER):
        text = text.edit(_edits(text.text, front, pattern, _nothing, BREAK))
    text = text.edit(_edits(text.text, front, HARD_BREAK, _nothing, BREAK))
    for pattern in (TAG, FOOTNOTE):
        text = text.edit(_edits(text.text, front, pattern, _nothing))
    return text.edit(_edits(text.text, front, ESCAPE, _last_group))


def _edits(
    text: str,
    front: int,
    pattern: re.Pattern[str],
    keep: Callable[[re.Match[str]], Span],
    around: str = "",
) -> Iterator[Edit]:
    """Write `around` for what surrounds the part of each match that is kept."""
    for found in pattern.finditer(text):
        start, end = keep(found)
        if found.start() < front:
            continue
        if found.start() < start:
            yield found.start(), start, around
        if end < found.end() or (around and (start < end or found.start() == end)):
            yield end, found.end(), around


def _nothing(found: re.Match[str]) -> Span:
    return found.start(), found.start()


def _first_group(found: re.Match[str]) -> Span:
    for number in (2, 4, 1) if found.re is EMPHASIS else (1,):
        if found.group(number) is not None:
            return found.span(number)
    return found.span()


def _second_group(found: re.Match[str]) -> Span:
    return found.span(2)


def _last_group(found: re.Match[str]) -> Span:
    return found.span(found.re.groups)


def _image(found: re.Match[str]) -> Span:
    """Keep the words for a picture only where they are a sentence."""
    words = found.group(1)
    if boilerplate.is_sentence(words) and boilerplate.has_finite_verb(words):
        return found.span(1)
    return found.start(), found.start()
