"""The header lines of a saved e-mail: left out, save the subject, which is the headline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.cleaning.dates import read_date
from pipeline.cleaning.lines import Article, Line, Paragraph, Piece

FIELD = re.compile(
    r"(From|To|Cc|Bcc|Sent|Date|Reply-To|Subject|Message-ID|Return-Path|Received|MIME-Version|"
    r"Content-Type|Content-Transfer-Encoding|Importance|Attachments?|X-[\w-]+)\s*:\s*",
    re.I,
)
TOP = 40  # lines in which a header may stand


def read_mail_header(lines: Sequence[Line], article: Article) -> tuple[int, Paragraph | None]:
    """Give how many lines are header, and the subject; two fields in a row make a header."""
    at = 0
    names: list[str] = []
    subject = None
    while at < min(TOP, len(lines)) and (at == 0 or not lines[at].gap):
        found = FIELD.match(lines[at].text)
        if not found and not (names and lines[at].indent):
            break
        if found:
            names.append(found.group(1).lower())
        at += 1
    if len(set(names)) < 2 or not {"from", "subject"} & set(names):
        return 0, None
    for line in lines[:at]:
        found = FIELD.match(line.text)
        name = found.group(1).lower() if found else ""
        cut = line.start + found.end() if found else line.end
        if name == "subject" and cut < line.end:
            subject = Paragraph([(cut, line.end)], " ".join(line.text[cut - line.start :].split()))
            subject.kind = "title"
            article.dropped.append(Piece(line.start, cut, "mail header"))
        else:
            article.dropped.append(Piece(line.start, line.end, "mail header"))
        if name in {"date", "sent"}:
            article.published = read_date(line.text)
    return at, subject
