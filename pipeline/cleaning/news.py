"""Find the article in the paragraphs of a page or a press release, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.cleaning import boilerplate
from pipeline.cleaning.dates import DAY_FIRST, find_stamp, read_date
from pipeline.cleaning.layout import make_paragraphs
from pipeline.cleaning.lines import Article, Paragraph, Piece, split_lines
from pipeline.cleaning.mail import read_mail_header
from pipeline.cleaning.trim import is_outlet, outlet_of, trim

LONGEST_BARE = 30  # words of a line in a list of other stories
PICTURE = re.compile(
    r"\W*(?:hình|picture|photo|image|pic|ảnh|illustration|figure)\W*\d*\W*\Z", re.I
)
DATE_LINE = re.compile(
    r"\s*(?:date|dated|published|publication date|ngày)\s*[:=]?\s+(?=\S*\d|[A-Z])", re.I
)
STAMPED = {"time stamp", "byline", "outlet line", "release mark"}
BESIDE = {"menu", "share line", "photo credit", "contact line", "tags"}
LETTERHEAD = re.compile(
    r"(?:the )?(?:(?:federal|royal|socialist|democratic|islamic|people['’]s|united|national) )*"
    r"(?:ministry|embassy|republic|kingdom|government|office|department|consulate|mission|"
    r"permanent mission|press (?:office|section)|bureau|agency|secretariat|council|commission|"
    r"directorate|state|nations|union|delegation|presidency|cabinet)\b"
    r"[A-Z\W]{0,80}(?:\w+(?:\W+|\Z)){0,7}\Z",
    re.I,
)
INITIALS = re.compile(r"[A-Z][A-Z/&.+-]{1,11}(?: [A-Z]{2,8})?")
DATELINE = re.compile(
    r"(?:[A-Z][\w.'’-]*(?:[ /][A-Z(][\w.'’)-]*){0,4}(?:, ?| |(?=[,( ]))){1,3}?\(?"
    r"(?:\d{1,2}\.? [A-Z][a-z]{2,8}\.?,? \d{4}|[A-Z][a-z]{2,8}\.? \d{1,2}, ?\d{4}|"
    r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d)\)?(?=\s*(?:[-–—(./:,|]|\Z))"
)
DATELINE_DAY = re.compile(
    r"(?:[A-Z][\w.'’-]*(?:[ /][A-Z(][\w.'’)-]*){0,4}(?:, ?| |(?=[,( ]))){1,3}?,? \(?"
    r"(\d{1,2}\.? [A-Z][a-z]{2,8}\.?|[A-Z][a-z]{2,8}\.? \d{1,2})\)?(?=\s*(?:[-–—(]|\Z))"
)
SHORT = 80  # characters of a line with the date, such as `Statement | Lima, 5 October 2025`
# A date at the end of a line, a bracket behind it at most, and what may stand in front of it: a
# place, or what is released.
AT_THE_END = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})"
    r"(?: \([^)]{1,40}\))?[ |*]{0,4}$"
)
RELEASED = frozenset({"press", "media", "news", "joint", "statement", "release"})
ABOVE = 4  # lines above the first sentence in which a dateline may stand
PARTS = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
UPDATED = re.compile(r"updat|modif|cập nhật", re.I)
PUBLISHED = re.compile(r"publish|posted|đăng", re.I)
LONG, ALIKE = 5, 50  # words of a title; likeness in percent of a heading that may be it
TWICE = 90  # likeness in percent from which a line repeats the headline


def read_news(text: str) -> Article:
    """Read a plain text."""
    lines = split_lines(text)
    header = Article([])
    at, subject = read_mail_header(lines, header)
    paragraphs = make_paragraphs(lines[at:], boilerplate.reason_to_drop)
    if subject:
        paragraphs.insert(0, subject)
    article = select(text, paragraphs)
    article.dropped += header.dropped
    article.published = header.published or article.published
    return article


def select(text: str, paragraphs: list[Paragraph], title: str = "") -> Article:
    """Choose what is article; paragraphs that come with a reason are left out already."""
    day_first = bool(DAY_FIRST.search(text[:5000]) or DAY_FIRST.search(text[-2000:]))
    first, last = _bounds(paragraphs)
    _drop_lists(paragraphs)
    _drop_menus(paragraphs, first, last)
    headline = _headline(paragraphs, first, title)
    _drop_around(paragraphs, headline, first, last)
    article = Article(paragraphs=[])
    article.title = headline.text if headline else title
    named = PARTS.split(title)[0]
    if headline and headline.kind == "heading" and len(named.split()) >= LONG:
        # `Ministry of Ports` above the article, and its title in the head of the page alone
        article.title = named if fuzz.ratio(headline.text, named) < ALIKE else headline.text
    article.published = _published(paragraphs, first, last, day_first, headline)
    article.outlet = _outlet(paragraphs)
    trim(text, paragraphs, article)
    article.paragraphs = [p for p in paragraphs if not p.reason]
    article.dropped += [Piece(p.start, p.end, p.reason) for p in paragraphs if p.reason]
    return article


def _bounds(paragraphs: Sequence[Paragraph]) -> tuple[int, int]:
    """Give the numbers of the first and the last paragraph that is a sentence."""
    found = [
        number
        for number, p in enumerate(paragraphs)
        if not p.reason
        and (
            boilerplate.word_count(p.text) > LONGEST_BARE
            or (boilerplate.is_sentence(p.text) and boilerplate.word_count(p.text) >= 8)
        )
        and not _is_run_on(p.text)
    ]
    return (found[0], found[-1]) if found else (len(paragraphs), -1)


def _is_run_on(text: str) -> bool:
    """Say whether a long line is headlines in a row: many capitals, no mark between sentences."""
    words = text.split()
    if boilerplate.SENTENCE_END.search(text) or re.search(r"[.;,:]\s", text):
        return False
    capitals = sum(not word[0].islower() for word in words)
    return len(words) > 18 and capitals >= 0.5 * len(words)


def _drop_lists(paragraphs: Sequence[Paragraph]) -> None:
    """Drop the headings of related stories, tags and contacts, with the bare lines after them."""
    kind = ""
    for paragraph in paragraphs:
        text, reason = paragraph.text, paragraph.reason
        if reason == "release mark":
            kind = ""
        elif paragraph.kind != "title" and boilerplate.opens_related(text):
            kind = paragraph.reason = "related stories"
        elif _opens_list(text, reason):
            kind = reason
        elif kind and not reason:
            if paragraph.kind != "title" and _is_bare(text):
                paragraph.reason = kind
            else:
                kind = ""


def _opens_list(text: str, reason: str) -> bool:
    if reason == "contact line" and not re.search(r"[:@\d]", text):
        return True
    return reason in {"contact line", "related stories"} and text.endswith(":")


def _is_bare(text: str) -> bool:
    """Say whether a line is short and no sentence, as the items of a list are."""
    return boilerplate.word_count(text) <= LONGEST_BARE and not boilerplate.is_sentence(text)


def _drop_menus(paragraphs: Sequence[Paragraph], first: int, last: int) -> None:
    """Drop single section names before and after the article, and runs of them within."""
    for number, paragraph in enumerate(paragraphs):
        if paragraph.reason or paragraph.kind in {"title", "heading"}:
            continue
        if number < first and _is_run_on(paragraph.text) and _has_other(paragraphs, number, first):
            paragraph.reason = "menu"
        elif boilerplate.is_menu_word(paragraph.text):
            near = [*paragraphs[max(0, number - 1) : number], *paragraphs[number + 1 : number + 2]]
            outside = number < first or number > last
            if outside or any(p.reason == "menu" or boilerplate.is_menu_word(p.text) for p in near):
                paragraph.reason = "menu"


def _has_other(paragraphs: Sequence[Paragraph], number: int, first: int) -> bool:
    """Say whether another line before the article may be its headline."""
    others = (p for n, p in enumerate(paragraphs[:first]) if n != number and not p.reason)
    return any(
        boilerplate.looks_like_headline(p.text) and boilerplate.word_count(p.text) >= 4
        for p in others
    )


def _headline(paragraphs: Sequence[Paragraph], first: int, title: str) -> Paragraph | None:
    """Choose the headline among the lines before the first sentence."""
    head = [p for p in paragraphs[: first + 1] if not p.reason]
    if title:
        # `Minister visits port | Press releases | Ministry of Ports`
        parts = [title, PARTS.split(title)[0]]
        likely = [
            p for part in parts for p in head if fuzz.ratio(p.text.lower(), part.lower()) >= TWICE
        ]
        if likely:
            return likely[0]
    head = [p for p in head if boilerplate.looks_like_headline(p.text)]
    long = [p for p in head if boilerplate.word_count(p.text) >= 4]
    marked = [p for p in head if p.kind == "title"]
    telling = [p for p in long if not LETTERHEAD.match(p.text)]
    likely = marked or telling or long or head
    return likely[0] if likely else None


def _drop_around(
    paragraphs: Sequence[Paragraph], headline: Paragraph | None, first: int, last: int
) -> None:
    """Drop captions that repeat the headline, labels above it, outlets around the article."""
    headed = next((n for n, p in enumerate(paragraphs) if p is headline), 0)
    crowded = any(p.reason in {"menu", "share line", "outlet line"} for p in paragraphs[:headed])
    for number, paragraph in enumerate(paragraphs):
        text = paragraph.text
        if paragraph.reason or paragraph is headline:
            continue
        after = number > last
        if headline and _repeats(text, headline.text):
            is_caption = PICTURE.search(text) or number > first
            paragraph.reason = "photo caption" if is_caption else "repeated headline"
        elif last < 0:
            continue
        elif headline and number < headed and _is_label(text) and crowded:
            paragraph.reason = "menu"
        elif _is_outlet_line(text, after, number < first):
            paragraph.reason = "outlet line"
        elif after and number == len(paragraphs) - 1 and _is_name(text):
            paragraph.reason = "byline"


def _is_outlet_line(text: str, after: bool, before: bool) -> bool:
    if after and INITIALS.fullmatch(text):
        return True
    return bool(outlet_of(text)) and (after or before or is_outlet(text))


def _is_label(text: str) -> bool:
    return len(text.split()) <= 3 and not re.search(r"[.!?]\Z", text)


def _repeats(text: str, headline: str) -> bool:
    words = PICTURE.sub("", text.lower())
    short = 0.7 <= len(words) / max(1, len(headline)) <= 1.3
    return short and fuzz.ratio(words, headline.lower()) >= TWICE


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(w[0].isupper() and w.isalpha() for w in words)


def _published(
    paragraphs: Sequence[Paragraph],
    first: int,
    last: int,
    day_first: bool,
    headline: Paragraph | None,
) -> str:
    """Read the stamp before or after the article; that of a first publication goes first.

    Without one, a dateline; without that, the one short line above that has a full date.
    """
    found: list[tuple[bool, bool, bool, int, str]] = []
    for number, paragraph in enumerate(paragraphs):
        text = paragraph.text
        outside = number <= first or number >= last
        labelled = outside and len(text) < 80 and DATE_LINE.match(text)
        beside = outside and paragraph.reason in BESIDE and len(text) < 200
        if paragraph.reason in STAMPED or labelled or beside:
            stamp = find_stamp(text, day_first)
            updated = bool(UPDATED.search(text)) and not PUBLISHED.search(text)
            if value := stamp.published if stamp else read_date(text, day_first):
                found.append((beside and not stamp, updated, number > first, number, value))
    if found:
        return min(found)[4]
    above = [p for p in paragraphs[:first] if p is not headline]
    opening = [*above[-ABOVE:], *paragraphs[first : first + 1]]
    dated = _dateline(opening, paragraphs[:first], day_first)
    short = [p.text for p in above if len(p.text) <= SHORT and _is_released(p.text)]
    values = {value for text in short if len(value := read_date(text, day_first)) == 10}
    return dated or (values.pop() if len(values) == 1 else "")


def _is_released(text: str) -> bool:
    """Tell whether a line says where and when something was released, and nothing else."""
    day = AT_THE_END.search(text)
    words = re.findall(r"[^\W\d_]+", text[: day.start()]) if day else ["no"]
    return all(word[0].isupper() or word in RELEASED for word in words)


def _dateline(paragraphs: Sequence[Paragraph], above: Sequence[Paragraph], day_first: bool) -> str:
    """Read the date behind the place where an article begins: `ACCRA, 12 May 2020 -`.

    One without a year (`KUWAIT, Nov 18 (KUNA) --`) has that of the line above that gives the same
    day in full.
    """
    for paragraph in paragraphs:
        found = DATELINE.match(paragraph.text)
        if found and (value := read_date(found.group(), day_first)) and len(value) == 10:
            return value
    for paragraph in paragraphs:
        if day := DATELINE_DAY.match(paragraph.text):
            for line in above:
                value = read_date(line.text, day_first)
                if len(value) == 10 and read_date(f"{day[1]} {value[:4]}", day_first) == value:
                    return value
    return ""


def _outlet(paragraphs: Sequence[Paragraph]) -> str:
    for paragraph in paragraphs:
        if paragraph.reason in {"outlet line", "byline"} and (name := outlet_of(paragraph.text)):
            return name
    return ""
