"""From the text of one file to its body, by the kind of file and of text."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.cleaning.cable import is_cable, read_cable
from pipeline.cleaning.html import read_html
from pipeline.cleaning.lines import Article, build_body
from pipeline.cleaning.markdown import read_markdown
from pipeline.cleaning.mend import mend
from pipeline.cleaning.news import read_news
from pipeline.offsets import MappedText, OffsetMap


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of the source that is not in the body, and why. Offsets are those of the source."""

    start: int
    end: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The body of a file with its map, the pieces left out, and what the file says of itself."""

    body: MappedText
    article: Article
    dropped: list[Dropped]


def read_source(source: str, kind: str) -> Reading:
    """Read a decoded file of the kind `text`, `html` or `markdown`."""
    if kind == "html":
        text, article = read_html(source)
    else:
        text = mend(MappedText.of_source(source))
        if is_cable(text.text):
            article = read_cable(text.text)
        elif kind == "markdown":
            text, article = read_markdown(text)
        else:
            article = read_news(text.text)
    return Reading(build_body(text, article.paragraphs), article, _dropped(text, article))


def _dropped(text: MappedText, article: Article) -> list[Dropped]:
    offsets = OffsetMap(text.segments)
    pieces = [p for p in article.dropped if p.start < p.end or p.text]
    dropped = []
    for piece in sorted(pieces, key=lambda p: (p.start, p.end, p.text)):
        at = (piece.start, piece.end)
        start, end = offsets.span(*at) if at[0] < at[1] else offsets.point(at[0])
        words = piece.text or text.text[piece.start : piece.end]
        dropped.append(Dropped(start, end, piece.reason, " ".join(words.split())))
    return dropped
