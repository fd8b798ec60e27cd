"""The extensions in which a Doc carries annotations; all hold plain values."""

from __future__ import annotations

from spacy.tokens import Doc

EXTENSIONS = (
    "doc_id",
    "fingerprints",
    "published",
    "genre",
    "mention_ids",
    "relations",
    "names",
    "seats",
    "statements",
)


def add_extensions() -> None:
    """Add the extensions, once.

    `fingerprints`: the lines that stand for the text in `trained_on.txt` and `related_on.txt`.
    `mention_ids`: for each name and reference in text order, its start and end token, label,
    identifiers and, where a model found it, its score. `relations`: head, relation, tail,
    status, qualifiers, first and last character of the paragraph. `names`: canonical name and
    Wikidata item by identifier. `seats`: first token of each capital, the one behind it, and
    whether it stands for its country. `statements`: see the components that write them.
    """
    for name in EXTENSIONS:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
