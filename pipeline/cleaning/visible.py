"""The visible text of HTML, a block a line, with the way back to every character."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from pipeline.cleaning.patterns import word_set
from pipeline.offsets import MappedText

HIDDEN = word_set("script style noscript template svg math head iframe object select")
BLOCKS = word_set(
    "address article aside blockquote body br caption center dd details dialog div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend "
    "li main menu nav ol option p pre search section summary table tbody td tfoot th thead "
    "tr ul button"
)
CONTEXTS = word_set(
    "nav header footer aside form button figcaption figure h1 h2 h3 h4 h5 h6 li article "
    "main table pre blockquote menu label a"
)
HEADINGS = word_set("h1 h2 h3 h4 h5 h6")
VOID = word_set("area base br col embed hr img input link meta source track wbr")
REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]+|#[0-9]+|[a-zA-Z][-.a-zA-Z0-9]*);?")
BREAKS = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]+")
SPACES = re.compile(r"[^\S\n]+")
META_NAMES = word_set("og:title og:site_name twitter:title author dc.title article:author")


@dataclass(slots=True)
class Page:
    """Visible text, the elements that hold its blocks, and what the head says.

    `contexts` are pairs of a source offset and the open elements from there on.
    """

    text: MappedText
    contexts: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)

    def context(self, offset: int) -> frozenset[str]:
        """Give the elements that are open at a source offset."""
        at = bisect_right(self.contexts, offset, key=lambda pair: pair[0]) - 1
        return self.contexts[at][1] if at >= 0 else frozenset()


def read_page(source: str) -> Page:
    """Read the visible text of a page; broken markup is read as browsers do, more or less."""
    parser = _Parser(source)
    parser.feed(source)
    parser.close()
    parser.finish()
    text = MappedText.of_source(source).edit(parser.edits)
    return Page(text, parser.contexts, " ".join("".join(parser.titles).split()), parser.meta)


class _Parser(HTMLParser):
    """Turns markup into edits of the source: what is shown stays, the rest goes."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.edits: list[tuple[int, int, str]] = []
        self.contexts: list[tuple[int, frozenset[str]]] = []
        self.titles: list[str] = []
        self.meta: dict[str, str] = {}
        self.stack: list[str] = []
        self.counts: dict[str, int] = {}
        self.hidden: list[str] = []
        self.in_title = False
        self.at = 0  # up to where the source is dealt with
        self.pending = ""  # the break to write before the next visible character
        self.changed = True  # whether other elements are open than at the last context
        self.line_starts = [0] + [m.end() for m in re.finditer("\n", source)]

    def place(self) -> int:
        """Give the source offset of what is being handled."""
        line, column = self.getpos()
        return self.line_starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self._read_meta(dict(attrs))
        elif tag == "title" and "svg" not in self.hidden:
            self.in_title = not self.titles
        if tag in BLOCKS:
            self.pending = "\n" if tag == "br" and self.pending != "\n\n" else "\n\n"
        if self.hidden == ["head"] and (tag in BLOCKS or tag == "body"):
            self.hidden.clear()
        if tag in VOID:
            return
        if tag in HIDDEN if not self.hidden else tag == self.hidden[-1]:
            self.hidden.append(tag)
        if tag in CONTEXTS:
            self._close_implied(tag)
            self.stack.append(tag)
            self._count(tag, 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.in_title = False
        if tag in BLOCKS:
            self.pending = "\n\n"
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()
        if self.counts.get(tag, 0):
            while self.stack:
                last = self.stack.pop()
                self._count(last, -1)
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        start = self.place()
        if self.in_title:
            self.titles.append(data)
        if self.hidden or self.source[start : start + len(data)] != data:
            return
        if self.counts.get("pre"):
            self._show(start, start + len(data))
            return
        at = start
        for found in BREAKS.finditer(data):
            self._show(at, start + found.start())
            self._write(start + found.start(), start + found.end(), " ")
            at = start + found.end()
        self._show(at, start + len(data))

    def handle_charref(self, name: str) -> None:  # noqa: ARG002
        self._reference()

    def handle_entityref(self, name: str) -> None:  # noqa: ARG002
        self._reference()

    def _reference(self) -> None:
        start = self.place()
        found = REFERENCE.match(self.source, start)
        raw = found.group() if found else "&"
        shown = unescape(raw)
        if len(shown) > 2 and shown.startswith("&"):  # no such name: shown as it stands
            shown = raw
        elif not raw.endswith(";") and shown != raw:  # `&copyright` shows a mark and a word
            raw = _longest(raw)
            shown = unescape(raw)
        if self.in_title:
            self.titles.append(shown)
        if self.hidden:
            return
        if shown == raw:
            self._show(start, start + len(found.group() if found else "&"))
        else:
            self._write(start, start + len(raw), re.sub(r"[\r\n]", " ", shown))
            if found and len(raw) < len(found.group()):
                self._show(start + len(raw), found.end())

    def _show(self, start: int, end: int) -> None:
        start = max(start, self.at)
        if start >= end or (self.pending and self.source[start:end].isspace()):
            return
        self._break(start)
        if self.at < start:
            self.edits.append((self.at, start, ""))
        self.at = end
        self._note(start)

    def _write(self, start: int, end: int, new: str) -> None:
        if start < self.at or (new.isspace() and self.pending):
            return
        self._break(start)
        if self.at < start:
            self.edits.append((self.at, start, ""))
        self.edits.append((start, end, new))
        self.at = end
        self._note(start)

    def _break(self, start: int) -> None:
        if self.pending and self.contexts:
            self.edits.append((self.at, start, self.pending))
            self.at = start
        self.pending = ""

    def _note(self, start: int) -> None:
        if not self.contexts or self.changed:
            self.contexts.append((start, frozenset(t for t, n in self.counts.items() if n)))
            self.changed = False

    def _count(self, tag: str, step: int) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + step
        self.changed = True

    def _close_implied(self, tag: str) -> None:
        """A new item or heading ends one that was left open."""
        same = HEADINGS if tag in HEADINGS else {tag} if tag in {"li", "a"} else set()
        while self.stack and self.stack[-1] in same:
            self._count(self.stack.pop(), -1)

    def _read_meta(self, attrs: dict[str, str | None]) -> None:
        name = (attrs.get("property") or attrs.get("name") or "").lower()
        content = attrs.get("content") or ""
        if name in META_NAMES and content:
            self.meta.setdefault(name, " ".join(content.split()))

    def finish(self) -> None:
        if self.at < len(self.source):
            self.edits.append((self.at, len(self.source), ""))


def _longest(raw: str) -> str:
    """Give the longest beginning that is a reference by itself."""
    for size in range(len(raw), 2, -1):
        head = raw[:size]
        if unescape(head + ";") != head + ";" and unescape(head) == unescape(head + ";"):
            return head
    return raw
