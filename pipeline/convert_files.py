"""Files of other annotation tools: which names they have, how they are read and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.convert import (
    from_brat,
    from_json,
    from_label_studio,
    to_brat,
    to_json,
    to_label_studio,
)
from pipeline.errors import ConfigError, InputError
from pipeline.markup import GoldText, gold_files, read_markup, write_markup
from pipeline.tables import write_beside

FORMS = ("brat", "jsonl", "label-studio")


def convert_to(paths: Sequence[Path], out: Path, form: str) -> int:
    """Write annotated files in another form: a pair a file for brat, else one file for all.

    Raises:
        ConfigError: the form is unknown.
    """
    _check(form)
    texts = {p.stem: read_markup(p.read_text(encoding="utf-8"), str(p)) for p in gold_files(paths)}
    if form == "brat":
        for name, gold in texts.items():
            text, standoff = to_brat(gold)
            _write(out / f"{name}.txt", text)
            _write(out / f"{name}.ann", standoff)
    elif form == "jsonl":
        rows = [to_json(gold) | {"meta": {"doc_id": name}} for name, gold in texts.items()]
        _write(out / "gold.jsonl", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
    else:
        tasks = [to_label_studio(gold) for gold in texts.values()]
        for name, task in zip(texts, tasks, strict=True):
            task["data"]["doc_id"] = name
        _write(out / "gold.json", json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    return len(texts)


def convert_back(paths: Sequence[Path], out: Path, form: str) -> int:
    """Read files of another form and write annotated ones.

    Raises:
        ConfigError: the form is unknown.
        InputError: a file is missing or is no JSON.
        MarkupError: a file lacks what the form must have.
    """
    _check(form)
    count = 0
    for name, gold in _read(paths, form):
        _write(out / f"{name}.ann", write_markup(gold))
        count += 1
    return count


def _read(paths: Sequence[Path], form: str) -> Iterator[tuple[str, GoldText]]:
    ending = {"brat": "*.ann", "jsonl": "*.jsonl", "label-studio": "*.json"}[form]
    for path in sorted(p for one in paths for p in (one.glob(ending) if one.is_dir() else [one])):
        try:
            content = path.read_text(encoding="utf-8")
            if form == "brat":
                text = path.with_suffix(".txt").read_text(encoding="utf-8")
                yield path.stem, from_brat(text, content, str(path))
                continue
            lines = content.splitlines() if form == "jsonl" else []
            rows = [json.loads(line) for line in lines if line.strip()] or json.loads(
                content or "[]"
            )
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise InputError(f"{path}: cannot be read ({error}). Export it again.") from error
        for number, row in enumerate(rows, start=1):
            where = f"{path}, item {number}"
            if form == "jsonl":
                name = row.get("meta", {}).get("doc_id") or f"{path.stem}_{number}"
                yield name, from_json(row, where)
            else:
                name = row.get("data", {}).get("doc_id") or f"{path.stem}_{number}"
                yield name, from_label_studio(row, where)


def _check(form: str) -> None:
    if form not in FORMS:
        raise ConfigError(f"form {form!r}: expected {', '.join(FORMS)}. Choose one of them.")


def _write(path: Path, content: str) -> None:
    with write_beside(path) as stream:
        stream.write(content)
