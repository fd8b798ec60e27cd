"""Read a diplomatic cable: header to metadata, numbered paragraphs to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.cleaning.dates import MONTHS, read_date, read_dtg
from pipeline.cleaning.lines import Article, Line, Paragraph, Piece, split_lines

HEAD = 6000  # characters in which a cable shows itself
LEVEL = (
    r"(?:UNCLAS(?:SIFIED)?|CONFIDENTIAL|SECRET|LIMITED OFFICIAL USE|TOP SECRET|"
    r"S E C R E T|C O N F I D E N T I A L|U N C L A S(?: S I F I E D)?)"
)
SIGNS = [
    re.compile(rf"^\s*{LEVEL}(?:\b|//)", re.M),
    re.compile(r"^\s*TAGS?\s*:?\s+[A-Z]{2,5}\b|^\s*TAGS:", re.M),
    re.compile(r"^\s*SUBJ(?:ECT)?\s*:", re.M),
    re.compile(r"\bE\.?\s?O\.?\s*1(?:2958|3526|2356|1652|2065)\b"),
    re.compile(r"^\s*SIPDIS\b", re.M),
    re.compile(r"^\s*(?:FM|TO) (?:AMEMBASSY|AMCONSUL|USMISSION|SECSTATE|USEU|USDEL)", re.M),
    re.compile(r"\b[ROPZ]?\s?\d{6}Z [A-Z]{3} \d{2}\b"),
    re.compile(r"^\s*¶\s?\d+\.?\s*\([A-Z]+(?:/[A-Z]+)*\)", re.M),
    re.compile(r"^\s*\d{1,2}\.?\s*\((?:U|C|S|SBU|LOU|C/NF|S/NF|U/FOUO)\)", re.M),
    re.compile(rf"{LEVEL} SECTION \d+ OF \d+"),
]
SUBJECT = re.compile(r"SUBJ(?:ECT)?\s*:\s*", re.I)
REF = re.compile(r"REFS?(?:ERENCES?)?\s*:?\s*(?=[A-Z0-9(])|REFS?(?:ERENCES?)?\s*:")
HEADER_AFTER = re.compile(
    r"(?:Classified\s+[Bb]y|CLASSIFIED BY|Derived From|DECL(?:ASSIFY)? ?(?:ON)?\s*:|Declassify|"
    r"Reasons?\s*:|REASONS?\s*:|TAGS?\s*:|E\.?O\.? ?1\d{4}|SIPDIS\b|SENSITIVE\Z|NOFORN\Z|"
    r"PASS(?: TO)?\b.{0,60}\Z|DEPT(?:\.|ARTMENT)? (?:FOR|PASS)\b|STATE (?:FOR|PASS)\b|"
    r"FOR .{0,60}FROM\b|ADDIS FOR\b)"
)
NUMBERED = re.compile(r"¶?\s?(\d{1,3})\.?\s*(?:\(\s?[A-Z]+(?:[/-][A-Z]+)*\s?\)|(?<=\.)\s)|¶")
PORTION = re.compile(r"¶?\s?\d{1,3}\.?\s*\(\s?(?:U|C|S|SBU|LOU|TS|[A-Z]+/[A-Z]+|NF)\s?\)")
LETTERED = re.compile(r"\(?(?:[A-Za-z]|[ivx]{1,4}|\d{1,2})\)\s+\S|[a-z]\.\s+\S")
LETTER = re.compile(r"\(?[A-Z][.)]\s")
DASHED = re.compile(r"(?:-{1,3}|[*•–—])\s+\S|--\S")
RULE = re.compile(r"[-=_*~.\s]{3,}\Z")
PAGE = re.compile(
    rf"{LEVEL}\b.{{0,60}}\bSECTION \d+ OF \d+.{{0,40}}\Z|"
    r"[A-Z .]{3,25} \d{8} +\d{3}(?:\.\d+)? OF +\d{3}\Z|"
    rf"{LEVEL}(?:\s*(?://|/|-)?\s*(?:NOFORN|SENSITIVE|SIPDIS|FOR OFFICIAL USE ONLY))*\Z|"
    rf"{LEVEL} [A-Z ]{{3,25}} \d{{3,8}}\Z|"
    r"SIPDIS\Z|NNNN\Z|#\d{4}\Z|PAGE \d+.{0,60}\Z|NOTE BY OC/.{0,60}\Z"
)
SIGNATURE = re.compile(r"[A-Z][A-Z'’-]{1,20}(?: [A-Z][A-Z'’-]{1,20})?\.?\Z")
REFERENCE_ID = re.compile(r"\b(\d{2}[A-Z]{3,20}\d{1,7})(?:_[a-z])?\b")
POST = re.compile(
    r"^\s*((?:Embassy|Consulate(?: General)?|Mission|(?:US )?Interests Section|Secretary of State|"
    r"American Institute|US Office|USUN|Branch Office)\b[^\n.]{0,40})$",
    re.M,
)
FROM = re.compile(
    r"^\s*FM (AMEMBASSY|AMCONSUL|USMISSION|USINT|SECSTATE)\s+([A-Z][A-Z .-]{1,30})", re.M
)
POSTS = {
    "AMEMBASSY": "Embassy",
    "AMCONSUL": "Consulate",
    "USMISSION": "Mission",
    "USINT": "Interests Section",
    "SECSTATE": "Secretary of State",
}
UNIX_DATE = re.compile(r"\b[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) \d\d:\d\d:\d\d \S+ (\d{4})\b")
OWN_NUMBER = re.compile(rf"{LEVEL}(?: SECTION \d+ OF \d+)? ([A-Z][A-Z ]+?) (\d{{4,8}})\s*$", re.M)
FILLED = 40  # characters from which a line may be wrapped


def is_cable(text: str) -> bool:
    """Say whether a text shows at least two signs of a cable."""
    head = text[:HEAD]
    return sum(bool(sign.search(head)) for sign in SIGNS) >= 2


def read_cable(text: str) -> Article:
    """Read a cable; the subject is the title and the first paragraph."""
    lines = split_lines(text)
    article = Article([])
    at = _read_header(lines, article, text)
    _read_body(lines[at:], article)
    return article


def _read_header(lines: Sequence[Line], article: Article, text: str) -> int:
    """Read up to the first line of the body, and give its number."""
    subject = next((n for n, line in enumerate(lines) if SUBJECT.match(line.text)), None)
    first = next((n for n, line in enumerate(lines) if PORTION.match(line.text)), len(lines))
    if subject is None or subject > first:
        at = first if first < len(lines) else _after_header(lines)
        header = [(0, at)]
    else:
        at = _read_subject(lines, subject, article)
        header = [(0, subject)]
    start = at
    at = _after_subject(lines, at, article)
    header.append((start, at))
    head = text[: lines[at].start] if at < len(lines) else text
    _read_metadata(head, article)
    for low, high in header:
        if low < high:
            article.dropped.append(Piece(lines[low].start, lines[high - 1].end, "cable header"))
    return at


def _after_header(lines: Sequence[Line]) -> int:
    signs = [n for n, line in enumerate(lines[:40]) if any(s.search(line.text) for s in SIGNS)]
    return signs[-1] + 1 if signs else 0


def _read_subject(lines: Sequence[Line], at: int, article: Article) -> int:
    found = SUBJECT.match(lines[at].text)
    label = found.end() if found else 0
    spans = [(lines[at].start + label, lines[at].end)]
    article.dropped.append(Piece(lines[at].start, lines[at].start + label, "cable header"))
    words = [lines[at].text[label:]]
    at += 1
    while at < len(lines) and not lines[at].gap and not _ends_subject(lines[at].text):
        spans.append((lines[at].start, lines[at].end))
        words.append(lines[at].text)
        at += 1
    if not words[0] and len(spans) > 1:
        spans, words = spans[1:], words[1:]
    text = " ".join(" ".join(words).split())
    if text:
        article.title = article.metadata["subject"] = text
        article.paragraphs.append(Paragraph([s for s in spans if s[0] < s[1]], text))
    return at


def _ends_subject(text: str) -> bool:
    return any(pattern.match(text) for pattern in (REF, HEADER_AFTER, NUMBERED, RULE))


def _after_subject(lines: Sequence[Line], at: int, article: Article) -> int:
    """Pass references and classification lines, each up to a blank line or a paragraph."""
    references: list[str] = []
    while at < len(lines):
        text = lines[at].text
        is_reference = bool(REF.match(text))
        if not (is_reference or HEADER_AFTER.match(text) or PAGE.match(text)):
            break
        block = [text]
        at += 1
        while at < len(lines) and not PAGE.match(text):
            line = lines[at]
            if line.gap and not (is_reference and LETTER.match(line.text)):
                break
            if _ends_subject(line.text):
                break
            block.append(lines[at].text)
            at += 1
        if is_reference:
            references.append(re.sub(r"^REFS?(?:ERENCES?)?\s*:?\s*", "", " ".join(block)))
    if references:
        article.metadata["references"] = " ".join(" ".join(references).split())
    return at


def _read_metadata(head: str, article: Article) -> None:
    data = article.metadata
    if found := re.search(r"^\s*TAGS?\s*:?\s*(.+)$", head, re.M):
        data["tags"] = " ".join(found.group(1).replace(",", " ").split())
    if found := re.search(rf"^\s*({LEVEL})", head, re.M):
        level = found.group(1)
        level = level.replace(" ", "") if re.match(r"(?:\w ){3}", level) else level
        data["classification"] = "UNCLASSIFIED" if level.startswith("UNCLAS") else level
    if found := REFERENCE_ID.search(head):
        data["reference_id"] = found.group(1)
    if found := POST.search(head):
        data["post"] = " ".join(found.group(1).split())
    elif found := FROM.search(head):
        place = found.group(2).strip().title()
        data["post"] = POSTS[found.group(1)] + ("" if found.group(1) == "SECSTATE" else f" {place}")
    elif found := OWN_NUMBER.search(head):
        data["post"] = "Embassy " + found.group(1).title()
    article.published = _cable_date(head)
    if "reference_id" not in data and article.published and (found := OWN_NUMBER.search(head)):
        place = found.group(1).replace(" ", "")
        data["reference_id"] = f"{article.published[2:4]}{place}{int(found.group(2))}"


def _cable_date(head: str) -> str:
    if found := UNIX_DATE.search(head):
        month = MONTHS.get(found.group(1).lower(), 0)
        if month:
            return f"{found.group(3)}-{month:02}-{int(found.group(2)):02}"
    if value := read_dtg(head):
        return value
    for line in head.splitlines():
        other = len(line) >= 60 or re.match(r"\s*(?:E\.?O|DECL|TAGS|REF|SUBJ)", line)
        if not other and (value := read_date(line)):
            return value
    return ""


def _read_body(lines: Sequence[Line], article: Article) -> None:
    lines = _drop_signature(lines, article)
    group: list[Line] = []

    def close() -> None:
        if group:
            text = " ".join(" ".join(line.text.split()) for line in group)
            article.paragraphs.append(Paragraph([(line.start, line.end) for line in group], text))
            group.clear()

    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else None
        if PAGE.match(line.text):
            article.dropped.append(Piece(line.start, line.end, "page mark"))
        elif RULE.match(line.text):
            article.dropped.append(Piece(line.start, line.end, "rule"))
            close()
        elif group and not _starts(line, group[-1], lines[number - 1], _is_title(line, after)):
            group.append(line)
        else:
            close()
            group.append(line)
    close()
    for paragraph in article.paragraphs:
        _drop_pilcrow(paragraph)


def _is_title(line: Line, after: Line | None) -> bool:
    """Say whether a line is the title of a section, which a rule underlines."""
    return (
        after is not None
        and not after.gap
        and bool(RULE.match(after.text))
        and not re.search(r"[.;,]\Z", line.text)
    )


def _starts(line: Line, last: Line, before: Line, is_title: bool) -> bool:
    """Say whether a line begins a paragraph; `before` is the line above, which may be a mark."""
    text = line.text
    ended = bool(re.search(r"[.!?:;,][\"')\]]*\Z|\b(?:and|or),?\Z", last.text))
    if text.startswith("¶") or PORTION.match(text) or DASHED.match(text):
        return True
    if NUMBERED.match(text) or LETTERED.match(text):
        return ended or line.gap
    if is_title:
        return ended or line.gap or len(last.text) < FILLED
    if line.gap or before is not last:
        if before is not last or text[0].islower():  # a page mark or a stray blank line
            return bool(re.search(r"[.!?:;][\"')\]]*\Z", last.text)) or not (
                text[0].islower() or len(last.text) >= FILLED
            )
        return True
    return False


def _drop_signature(lines: Sequence[Line], article: Article) -> Sequence[Line]:
    end = len(lines)
    while end and (PAGE.match(lines[end - 1].text) or RULE.match(lines[end - 1].text)):
        end -= 1
    if end > 1 and SIGNATURE.match(lines[end - 1].text):
        line = lines[end - 1]
        article.dropped.append(Piece(line.start, line.end, "signature"))
        return [*lines[: end - 1], *lines[end:]]
    return lines


def _drop_pilcrow(paragraph: Paragraph) -> None:
    if paragraph.text.startswith("¶"):
        rest = paragraph.text[1:].lstrip()
        start, end = paragraph.spans[0]
        paragraph.spans[0] = (start + len(paragraph.text) - len(rest), end)
        paragraph.text = rest
