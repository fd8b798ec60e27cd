"""Windows of an encoder: all tokens, of like length, overlapping."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy_transformers.span_getters import configure_strided_spans

from pipeline.components.spans import even_spans, set_even_spans

NLP = spacy.blank("en")


def doc_of(length):
    return Doc(NLP.vocab, words=["a"] * length)


@given(st.integers(0, 1200), st.integers(1, 30))
def test_windows_hold_every_token_and_overlap(length, overlap):
    [spans] = even_spans([doc_of(length)], window=100, overlap=overlap)
    assert {token.i for span in spans for token in span} == set(range(length))
    assert all(len(span) <= 100 for span in spans)
    assert all(b.start <= a.end - overlap for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("length", "sizes"),
    [
        pytest.param(90, [90], id="one"),
        pytest.param(100, [100], id="just one"),
        pytest.param(101, [56, 55], id="two of like length"),
        pytest.param(500, [90, 90, 90, 90, 90, 100], id="many"),
    ],
)
def test_windows_are_as_few_and_as_even_as_can_be(length, sizes):
    [spans] = even_spans([doc_of(length)], window=100, overlap=10)
    assert [len(span) for span in spans] == pytest.approx(sizes, abs=10)
    assert sum(map(len, spans)) <= length + 10 * len(spans)


def test_strided_windows_become_even_ones_of_the_same_size():
    attrs = {"get_spans": configure_strided_spans(256, 224)}
    pipe = SimpleNamespace(model=SimpleNamespace(attrs=attrs))
    set_even_spans(SimpleNamespace(pipeline=[("transformer", pipe)]))
    found = attrs["get_spans"]
    assert (found.func, found.keywords) == (even_spans, {"window": 256, "overlap": 32})


def test_a_pipeline_without_an_encoder_stays_as_it_is():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    assert set_even_spans(nlp).pipe_names == ["sentencizer"]
