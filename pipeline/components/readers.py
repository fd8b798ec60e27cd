"""Readers of the prepared corpus for `spacy train`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

from pipeline.extensions import add_extensions


def gold_reader(path: Path, max_tokens: int) -> Callable[[Language], Iterable[Example]]:
    """Read a .spacy file; Docs are cut at paragraph borders to about `max_tokens`, 0 for whole.

    Names, references and user data that the models learn from go along.
    """

    def read(nlp: Language) -> Iterator[Example]:
        add_extensions()
        for doc in DocBin().from_disk(path).get_docs(nlp.vocab):
            for piece in pieces(doc, max_tokens):
                predicted = Doc(
                    nlp.vocab,
                    words=[t.text for t in piece],
                    spaces=[bool(t.whitespace_) for t in piece],
                )
                yield Example(predicted, piece)

    return read


def pieces(doc: Doc, max_tokens: int) -> Iterator[Doc]:
    """Cut a Doc after blank lines into pieces of at most about `max_tokens`."""
    if not max_tokens or len(doc) <= max_tokens:
        yield doc
        return
    start = last = 0
    for token in doc:
        if token.is_space and "\n" in token.text:
            if token.i + 1 - start > max_tokens and last > start:
                yield cut(doc, start, last)
                start = last
            last = token.i + 1
    yield cut(doc, start, len(doc))


def cut(doc: Doc, start: int, end: int) -> Doc:
    """Give a part of a Doc with its names, references, identifiers and capitals."""
    part = doc[start:end].as_doc()
    for name in ("mention_ids", "seats"):
        rows = [
            [row[0] - start, row[1] - start, *row[2:]]
            for row in doc._.get(name) or []
            if start <= row[0] and row[1] <= end
        ]
        part._.set(name, rows)
    part._.fingerprints = doc._.fingerprints
    marked = doc.spans.get("references", [])
    part.spans["references"] = [
        Span(part, s.start - start, s.end - start, label=s.label)
        for s in marked
        if start <= s.start and s.end <= end
    ]
    return part
