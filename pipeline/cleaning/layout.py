"""From lines to paragraphs: hard wraps are found by line lengths and undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from pipeline.cleaning.boilerplate import ENDED
from pipeline.cleaning.lines import Line, Paragraph

WIDEST = 130  # characters of a line that a mail program or a telex wraps
NARROWEST = 35
FILLED = 0.72  # share of the width at which the next word would not have fitted
BULLET = re.compile(r"(?:[-–—*•▪■◦‣●○·]+|\(?[a-zA-Z0-9]{1,3}[.)])\s+\S")
RUNNING = 0.62  # share of filled lines that end within a sentence, in a wrapped text
LOWER = 0.4  # share of these whose next line begins with a small letter
FEW = 4
LOWER_OF_FEW = 0.6
FULL = 0.85  # share of the widest line that a line and the next word reach


def wrap_width(lines: Sequence[Line]) -> int:
    """Give the width at which a text is wrapped; 0 if its lines are paragraphs."""
    pairs = [(a, b) for a, b in pairwise(lines) if not b.gap]
    lengths = sorted(len(a.text) for a, _ in pairs)
    if len(pairs) < 2:
        return 0
    width = lengths[min(len(lengths) - 1, int(0.9 * len(lengths)))]
    if not NARROWEST <= width <= WIDEST:
        return 0
    filled = [(a, b) for a, b in pairs if len(a.text) >= FILLED * width]
    running = [pair for pair in filled if _runs_on(*pair)]
    lower = [b for _, b in running if b.text[0].islower()]
    if len(running) < 2 or len(running) < RUNNING * len(filled):
        return 0
    if len(lower) < (LOWER if len(running) > FEW else LOWER_OF_FEW) * len(running):
        return 0
    widest = max(len(a.text) for a, _ in running)
    full = [a for a, b in running if len(a.text) + 1 + _first_size(b.text) >= FULL * widest]
    return width if len(full) >= 0.7 * len(running) else 0


def _first_size(text: str) -> int:
    return len(text.split(maxsplit=1)[0])


def _runs_on(a: Line, b: Line) -> bool:
    return not ENDED.search(a.text) and not BULLET.match(b.text)


def make_paragraphs(
    lines: Sequence[Line], reason_of: Callable[[str], str], flowing: bool = False
) -> list[Paragraph]:
    """Join the lines of hard-wrapped paragraphs; a line that `reason_of` names stands alone.

    In a `flowing` text, such as Markdown, only a gap ends a paragraph.
    """
    width = wrap_width(lines)
    paragraphs: list[Paragraph] = []
    groups: list[list[Line]] = []
    reasons: list[str] = []
    for line in lines:
        if groups and not reasons[-1] and _continues(groups[-1], line, width, flowing):
            groups[-1].append(line)
        else:
            groups.append([line])
            reasons.append(reason_of(line.text))
    for group, reason in zip(groups, reasons, strict=True):
        text = " ".join(" ".join(line.text.split()) for line in group)
        spans = [(line.start, line.end) for line in group]
        if len(group) > 1:
            reason = reason_of(text)
        paragraphs.append(Paragraph(spans, text, group[0].gap, reason=reason))
    return paragraphs


def _continues(group: Sequence[Line], line: Line, width: int, flowing: bool) -> bool:
    """Say whether a line goes on with the paragraph whose lines are `group`."""
    last = group[-1]
    if flowing and not line.gap:
        return not ENDED.search(last.text) or len(last.text) <= WIDEST
    if BULLET.match(line.text):
        return False
    open_end = not ENDED.search(last.text)
    if line.gap:  # a page break within a sentence, or a text with a blank line after every line
        return (
            open_end
            and line.text[0].islower()
            and NARROWEST <= len(last.text) <= WIDEST
            and bool(re.search(r"[\w,-]\Z", last.text))
            and (last.text[-1] in ",-" or " " in last.text)
            and _is_text(last.text)
        )
    if BULLET.match(group[0].text) and line.indent > group[0].indent and open_end:
        return True
    if not width:
        return open_end and line.text[0].islower() and _is_text(last.text) and "|" not in line.text
    fitted = len(last.text) + 1 + _first_size(line.text) <= FILLED * width
    if fitted:  # the break was meant, unless the sentence plainly goes on
        return open_end and line.text[0].islower() and (len(group) > 1 or _is_text(last.text))
    return open_end or line.indent < 2 or last.indent > 0


def _is_text(line: str) -> bool:
    words = line.split()
    return len(words) >= 5 and sum(word[:1].islower() for word in words) >= 0.4 * len(words)
