"""Find the files to read below the paths that a user names."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import InputError

KINDS = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
}


def find_files(paths: Sequence[Path]) -> dict[str, Path]:
    """Give the files by `doc_id`, sorted: the path below the named folder, in NFC.

    Hidden files are left out. A link to a folder that holds it is not followed.

    Raises:
        InputError: a path does not exist, or two files have one `doc_id`.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not os.path.lexists(path):
            raise InputError(f"{path}: not found. Name a text file, or a folder of them.")
        named = [(path.name, path)] if not path.is_dir() else _below(path, "", ())
        for name, file in named:
            doc_id = unicodedata.normalize("NFC", name)
            if doc_id in found and not _same(found[doc_id], file):
                raise InputError(
                    f"{file}: has the doc_id {doc_id}, as {found[doc_id]} has; expected one file "
                    f"a doc_id. Rename one, or name one folder that holds both."
                )
            found.setdefault(doc_id, file)
    return dict(sorted(found.items()))


def _same(a: Path, b: Path) -> bool:
    """Say whether two names are one place; links count as places of their own."""
    return a.parent.resolve() / a.name == b.parent.resolve() / b.name


def _below(folder: Path, prefix: str, above: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    """Walk a folder by name; one that cannot be opened is given as a file, to be rejected."""
    place = folder.resolve()
    if place in above:
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        yield prefix.rstrip("/") or folder.name, folder
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{entry.name}/", (*above, place))
        else:
            yield prefix + entry.name, entry
