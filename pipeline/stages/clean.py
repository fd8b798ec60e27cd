"""Stage `clean`: give the body of every article, with the way back to its source file."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from pipeline.cleaning.decode import Unreadable, decode
from pipeline.cleaning.duplicates import mark_duplicates
from pipeline.cleaning.files import KINDS, find_files
from pipeline.cleaning.language import find_language, language_name
from pipeline.cleaning.lines import Article
from pipeline.cleaning.read import read_source
from pipeline.cli import InPath, OutPath, run_stage
from pipeline.params import load_params
from pipeline.records import Document, Rejection, write_records
from pipeline.tables import DROPPED, REJECTED, write_table

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Params:
    max_bytes: int  # a larger file is rejected
    min_words: int  # a shorter body is rejected
    language: str  # ISO 639-1 code of the texts to keep
    shingle: int  # words a shingle
    similarity: float  # share of shingles in common from which a text is a copy, 0 to 1


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Documents and rejections sorted by path; `dropped` are rows of `tables.DROPPED`."""

    documents: list[Document] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    dropped: list[dict[str, object]] = field(default_factory=list)


def read_documents(
    paths: Sequence[Path], params: Params, progress: Callable[[str], None] | None = None
) -> Cleaned:
    """Read files and folders; `progress` is told the `doc_id` of each file before it is read.

    Raises:
        InputError: a path does not exist, or two files have one `doc_id`.
    """
    cleaned = Cleaned()
    for doc_id, path in find_files(paths).items():
        if progress:
            progress(doc_id)
        try:
            document, dropped = clean_file(doc_id, path, params)
        except Unreadable as error:
            cleaned.rejected.append(Rejection(doc_id, str(error)))
        else:
            cleaned.documents.append(document)
            cleaned.dropped.extend(dropped)
    cleaned.documents[:] = mark_duplicates(cleaned.documents, params.shingle, params.similarity)
    return cleaned


def clean_file(doc_id: str, path: Path, params: Params) -> tuple[Document, list[dict[str, object]]]:
    """Clean one file: the document, and rows of what was left out of it.

    Raises:
        Unreadable: the file is none that can be used; the message says why.
    """
    kind = KINDS.get(path.suffix.lower(), "")
    data = _load(path, kind, params)
    return clean_text(doc_id, decode(data, kind == "html"), kind, sha256(data).hexdigest(), params)


def clean_text(
    doc_id: str, source: str, kind: str, digest: str, params: Params
) -> tuple[Document, list[dict[str, object]]]:
    """Clean a decoded text of the kind `text`, `html` or `markdown`.

    Raises:
        Unreadable: too few words, or another language.
    """
    reading = read_source(source, kind)
    body = reading.body
    words = len(body.text.split())
    if not words:
        raise Unreadable("empty: 0 words after cleaning")
    language = find_language(body.text, params.language)
    if language != params.language:
        raise Unreadable(
            f"language is {language_name(language)} ({language}), "
            f"expected {language_name(params.language)} ({params.language})"
        )
    if words < params.min_words:
        raise Unreadable(
            f"too short: {words} words, expected at least {params.min_words} (clean.min_words)"
        )
    article = reading.article
    document = Document(
        doc_id=doc_id,
        sha256=digest,
        title=_one_line(article.title),
        outlet=_one_line(article.outlet),
        published=article.published,
        language=language,
        words=words,
        duplicate_of="",
        text=body.text,
        segments=body.segments,
        metadata=_metadata(article),
    )
    rows: list[dict[str, object]] = [
        {
            "doc_id": doc_id,
            "start": piece.start,
            "end": piece.end,
            "reason": piece.reason,
            "text": piece.text,
        }
        for piece in reading.dropped
    ]
    return document, rows


def _load(path: Path, kind: str, params: Params) -> bytes:
    try:
        status = path.stat()
        if not kind and not stat.S_ISDIR(status.st_mode):
            suffix = path.suffix.lower() or "(none)"
            raise Unreadable(f"unknown file type {suffix}: expected .txt, .html or .md")
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise Unreadable("cannot be read: not a regular file")
        if status.st_size > params.max_bytes:
            raise Unreadable(
                f"too large: {status.st_size:,} bytes, the limit is {params.max_bytes:,} "
                f"(clean.max_bytes)"
            )
        if not status.st_size:
            raise Unreadable("empty: 0 bytes")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _metadata(article: Article) -> dict[str, str]:
    return {key: _one_line(value) for key, value in sorted(article.metadata.items()) if value}


def main(articles: InPath, out: OutPath) -> None:
    """Clean a folder of articles."""
    cleaned = read_documents([articles], load_params("clean", Params))
    write_records(out / "documents.jsonl", cleaned.documents)
    rejected = [{"path": r.path, "reason": r.reason} for r in cleaned.rejected]
    write_table(out / "rejected.csv", rejected, REJECTED)
    write_table(out / "dropped.csv", cleaned.dropped, DROPPED)
    log.info("clean: %d documents, %d rejected", len(cleaned.documents), len(rejected))


if __name__ == "__main__":
    run_stage(main)
