"""Find near-copies among documents: MinHash proposes, the exact share of shingles decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from datasketch import MinHash, MinHashLSH

from pipeline.records import Document

PERMUTATIONS = 128
SEED = 1
SLACK = 0.15  # by which the proposals' threshold lies below the one that decides
WORD = re.compile(r"\w+")


def mark_duplicates(documents: Sequence[Document], size: int, similarity: float) -> list[Document]:
    """Give the documents with `duplicate_of` set, in the same order.

    The original is the earliest published, then the first by `doc_id`; a document that is a
    copy itself is never an original.
    """
    if len(documents) < 2:
        return list(documents)
    shingles = {d.doc_id: make_shingles(d.text, size) for d in documents}
    index = MinHashLSH(threshold=max(0.1, similarity - SLACK), num_perm=PERMUTATIONS)
    originals: dict[str, str] = {}
    order = sorted(documents, key=lambda d: (not d.published, d.published, d.doc_id))
    rank = {document.doc_id: number for number, document in enumerate(order)}
    for document in order:
        own = shingles[document.doc_id]
        if not own:
            continue
        sketch = MinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update_batch(sorted(own))
        candidates = sorted(index.query(sketch), key=rank.__getitem__)
        found = [c for c in candidates if resemblance(own, shingles[c]) >= similarity]
        if found:
            originals[document.doc_id] = found[0]
        else:
            index.insert(document.doc_id, sketch)
    return [replace(d, duplicate_of=originals.get(d.doc_id, "")) for d in documents]


def similar_pairs(
    texts: Mapping[str, str], size: int, similarity: float
) -> list[tuple[str, str, float]]:
    """Give the pairs of texts that share at least `similarity` of their shingles, sorted."""
    shingles = {name: make_shingles(text, size) for name, text in texts.items()}
    index = MinHashLSH(threshold=max(0.1, similarity - SLACK), num_perm=PERMUTATIONS)
    pairs = []
    for name in sorted(texts):
        sketch = MinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update_batch(sorted(shingles[name]))
        for other in sorted(index.query(sketch)):
            share = resemblance(shingles[name], shingles[other])
            if share >= similarity:
                pairs.append((other, name, share))
        index.insert(name, sketch)
    return sorted(pairs)


def make_shingles(text: str, size: int) -> frozenset[bytes]:
    """Give the hashes of all runs of `size` words; a shorter text is one run."""
    words = WORD.findall(text.lower())
    if not words:
        return frozenset()
    runs = range(max(1, len(words) - size + 1))
    return frozenset(
        blake2b(" ".join(words[at : at + size]).encode(), digest_size=8).digest() for at in runs
    )


def resemblance(a: frozenset[bytes], b: frozenset[bytes]) -> float:
    """Give the share of shingles that two texts have in common (Jaccard), 0 to 1."""
    return len(a & b) / len(a | b) if a or b else 0.0
