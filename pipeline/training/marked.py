"""Passages in which every name and every reference is marked, and in some every relation.

A file of `seeds/references/` holds passages in the inline form, apart by a line of three hyphens.
They teach what references point at, and names beside; one that states relations teaches these
too. Whoever finds a reference read wrong can add the passage in a minute: where no relation is
written, none has to be judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.check import check_gold
from pipeline.errors import MarkupError, RecordError
from pipeline.gold import GoldDocument
from pipeline.markup import read_markup
from pipeline.schema import Schema

BORDER = re.compile(r"^---[ \t]*$", re.MULTILINE)


def read_marked(folder: Path, schema: Schema) -> list[GoldDocument]:
    """Read the passages of all `.txt` files of a folder, by file name and place, as train texts.

    Raises:
        RecordError: a mark or line is not well formed, a passage has no mark or has `==` lines.
    """
    return [passage for path in sorted(folder.glob("*.txt")) for passage in _passages(path, schema)]


def _passages(path: Path, schema: Schema) -> Iterator[GoldDocument]:
    content = path.read_text(encoding="utf-8-sig")
    borders = [match.span() for match in BORDER.finditer(content)]
    starts, ends = [0, *(end for _, end in borders)], [*(start for start, _ in borders), None]
    for start, end in zip(starts, ends, strict=True):
        block = content[start:end]
        if block.strip():
            first = start + len(block) - len(block.lstrip())
            line = content.count("\n", 0, first) + 1
            yield _passage(block.strip() + "\n", path, line, schema)


def _passage(marked: str, path: Path, line: int, schema: Schema) -> GoldDocument:
    place = f"{path}, passage in line {line}"
    try:
        gold = read_markup(marked, place)
    except MarkupError as error:
        raise RecordError(f"{error} Lines are counted from the passage's first.") from error
    errors = [p for p in check_gold(gold, schema) if p.severity == "error"]
    if errors:
        raise RecordError(
            f"{path}, line {line + errors[0].line - 1}: {errors[0].what}. {errors[0].how}."
        )
    if gold.names or not gold.mentions:
        found = "no mark" if not gold.mentions else "a line that begins with =="
        raise RecordError(
            f"{place}: it has {found}, expected names and references marked [[text|LABEL|id]], and "
            f"relations (>>) or none. Mark its names, or put a text with canonical names into "
            f"seeds/gold."
        )
    return GoldDocument(f"{path.stem}:{line}", "", "", (), "", "train", gold)
