"""The windows in which an encoder reads a long text: of one length, so that none is padded.

spaCy's strided windows leave a short last one, which is padded to the length of the others: of a
text of 500 tokens over a quarter of what the encoder computes is for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy_transformers.span_getters import get_strided_spans


def even_spans(docs: Iterable[Doc], window: int, overlap: int) -> list[list[Span]]:
    """Cut each Doc into the fewest windows of at most `window` tokens, all about as long.

    Neighbours share `overlap` tokens at least.
    """
    found = []
    for doc in docs:
        count = max(1, -(-(len(doc) - overlap) // (window - overlap)))
        size = -(-(len(doc) + overlap * (count - 1)) // count)
        starts = [number * (size - overlap) for number in range(count)]
        found.append([doc[start : start + size] for start in starts if start < len(doc)])
    return found


def set_even_spans(nlp: Language) -> Language:
    """Let a trained pipeline's encoder read in even windows, where it learnt in strided ones."""
    for name, pipe in nlp.pipeline:
        attrs = pipe.model.attrs if name == "transformer" else {}  # type: ignore[attr-defined]
        strided = attrs.get("get_spans")
        if isinstance(strided, partial) and strided.func is get_strided_spans:
            window, stride = strided.keywords["window"], strided.keywords["stride"]
            attrs["get_spans"] = partial(even_spans, window=window, overlap=window - stride)
    return nlp
