"""Networks and functions that .cfg files name; registered by entry points in pyproject.toml."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from spacy.tokens import Doc
from thinc.api import (
    Linear,
    Maxout,
    Model,
    chain,
    clone,
    concatenate,
    expand_window,
    residual,
    with_array,
)
from thinc.types import Floats2d

from pipeline.components.name_tagger import score_names


def small_uniform(ops: Any, shape: tuple[int, ...]) -> Any:
    """Start an output layer near zero, so that the first steps do not disturb the encoder."""
    return ops.asarray(np.random.default_rng(0).uniform(-0.01, 0.01, shape).astype("f"))


def tag_scores(tok2vec: Model[list[Doc], list[Floats2d]]) -> Model[list[Doc], list[Floats2d]]:
    """Score tags from token vectors by one linear layer: lists of (n_tokens, n_tags)."""
    output: Model[Any, Any] = Linear(None, None, init_W=small_uniform)
    model: Model[list[Doc], list[Floats2d]] = chain(tok2vec, with_array(output))
    model.set_ref("tok2vec", tok2vec)
    return model


def transformer_and_shape(
    transformer: Model[list[Doc], list[Floats2d]],
    shape: Model[list[Doc], list[Floats2d]],
    window_size: int,
    depth: int,
    width: int,
) -> Model[list[Doc], list[Floats2d]]:
    """Join the encoder's vectors with those of the words' form, and look at neighbours.

    The encoder is uncased: which words begin with a capital, and what they look like, comes
    from `shape`.
    """
    joined: Model[Any, Any] = concatenate(transformer, shape)
    mix: Model[Any, Any] = Maxout(nO=width, nP=2, dropout=0.1, normalize=True)
    look: Model[Any, Any] = residual(
        chain(
            expand_window(window_size=window_size),
            Maxout(nO=width, nI=width * (2 * window_size + 1), nP=2, dropout=0.1, normalize=True),
        )
    )
    layers = chain(mix, clone(look, depth)) if depth else mix
    return chain(joined, with_array(layers, pad=window_size))


def make_name_scorer() -> Callable[..., dict[str, Any]]:
    """Give the scorer of names."""
    return score_names
