"""Component `pointer`: what a reference points at and a capital stands for, to the encoder.

Writes `doc.tensor`, shape (n_tokens, 2 * width + 1): for each token one vector that asks, one
that answers, and the log odds that a capital there stands for its country. The mean of what an
expression's tokens ask, times the mean of what a name's tokens answer, over the root of the
width, is how well the name answers the expression. Steps: one linear layer above the encoder;
`Pointing` reads the vectors.

It learns from annotated references, where over all names within reach those of the things that
an expression points at should have the most of the softmax, and from the capitals of
annotated texts.

Score: 0.66 of all references and 0.93 of all capitals of the gold dev part right by these alone
(November 2026).

Source: Lee et al. 2017, End-to-end Neural Coreference Resolution (softmax over antecedents);
Kirstain et al. 2021, Coreference Resolution without Span Representations (bilinear scores).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Config, Model
from thinc.types import Floats2d

from pipeline.extensions import add_extensions

Vectors = NDArray[np.float32]
Tokens = tuple[int, int]  # first token, and one behind the last
Characters = tuple[int, int]  # first character, and one behind the last

DEFAULT_MODEL = """
[model]
@architectures = "pipeline.token_vectors.v1"
width = 32

[model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
width = 96
depth = 2
embed_size = 500
window_size = 1
maxout_pieces = 3
subword_features = true
pretrained_vectors = null
"""


@Language.factory(
    "pointer",
    assigns=["doc.tensor"],
    default_config={
        "model": Config().from_str(DEFAULT_MODEL)["model"],
        "reference": "REF",
        "weight": 1.0,
    },
)
def make_pointer(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    reference: str,
    weight: float,
) -> Pointer:
    """Build the component; `weight` multiplies its loss beside those of other components.

    `reference` is the label of references in `doc._.mention_ids`.
    """
    add_extensions()
    return Pointer(nlp.vocab, model, name, reference, weight)


class Pointer(TrainablePipe):  # type: ignore[misc]
    """See the module's docstring."""

    def __init__(
        self,
        vocab: Any,
        model: Model[list[Doc], list[Floats2d]],
        name: str,
        reference: str,
        weight: float,
    ) -> None:
        self.vocab, self.model, self.name = vocab, model, name
        self.scorer = None
        self.cfg: dict[str, Any] = {"reference": reference, "weight": weight}

    def initialize(self, get_examples: Any, *, nlp: Language | None = None) -> None:  # noqa: ARG002
        """Set the network's sizes from the first examples."""
        docs = [eg.predicted for eg, _ in zip(get_examples(), range(10), strict=False)]
        self.model.initialize(X=docs)

    def predict(self, docs: Iterable[Doc]) -> list[Vectors]:
        """Give the vectors of each Doc's tokens."""
        found = list(docs)
        if not any(len(doc) for doc in found):
            return [np.zeros((len(doc), 0), dtype="f") for doc in found]
        return [np.asarray(rows, dtype="f") for rows in self.model.predict(found)]

    def set_annotations(self, docs: Iterable[Doc], scores: list[Vectors]) -> None:
        """Keep the vectors with each Doc."""
        for doc, rows in zip(docs, scores, strict=True):
            doc.tensor = rows  # type: ignore[assignment]

    def get_loss(
        self, examples: Iterable[Example], scores: list[Floats2d]
    ) -> tuple[float, list[Floats2d]]:
        """Give the cross-entropy and its gradient, averaged over references and over capitals."""
        docs = [eg.reference for eg in examples]
        lessons = [list(lessons_of(doc, self.cfg["reference"])) for doc in docs]
        share = self.cfg["weight"] / max(1, sum(map(len, lessons)))
        seats = self.cfg["weight"] / max(1, sum(len(doc._.seats or []) for doc in docs))
        loss, gradients = 0.0, []
        for doc, inside, given in zip(docs, lessons, scores, strict=True):
            vectors: Vectors = np.asarray(given, dtype="f")
            gradient: Vectors = np.zeros_like(vectors)
            for lesson in inside:
                loss += share * _learn(lesson, vectors, gradient, share)
            for start, end, acts in doc._.seats or []:
                odds = float(vectors[start:end, -1].mean())
                loss += seats * float(np.logaddexp(0.0, -odds if acts else odds))
                gradient[start:end, -1] += seats * (sigmoid(odds) - acts) / (end - start)
            gradients.append(cast(Floats2d, gradient))
        return loss, gradients


@dataclass(frozen=True, slots=True)
class Lesson:
    """A reference and all names in reach, with what each is worth: the wanted shares sum to 1.

    `things` numbers the thing of each name; `wanted` has a row for each thing.
    """

    reference: Tokens
    names: tuple[Tokens, ...]
    things: NDArray[np.int64]
    wanted: Vectors


def lessons_of(doc: Doc, reference: str) -> Iterator[Lesson]:
    """Give the references of an annotated Doc whose things are all named in it."""
    rows = doc._.mention_ids or []
    names = [row for row in rows if row[2] != reference]
    number = {thing: i for i, thing in enumerate(dict.fromkeys(row[3][0] for row in names))}
    things = np.array([number[row[3][0]] for row in names], dtype=np.int64)
    spans = tuple((row[0], row[1]) for row in names)
    for start, end, label, ids, *_ in rows:
        if label == reference and number.keys() >= set(ids):
            wanted = np.zeros(len(number), dtype="f")
            wanted[[number[thing] for thing in ids]] = 1 / len(set(ids))
            yield Lesson((start, end), spans, things, wanted)


def _learn(lesson: Lesson, vectors: Vectors, gradient: Vectors, share: float) -> float:
    """Add the gradient of one lesson; gives its loss."""
    width = _width(vectors)
    shares, asked, answers = _shares(lesson, vectors)
    each = _by_thing(lesson, shares)
    wrong = shares * (1 - lesson.wanted[lesson.things] / np.maximum(each[lesson.things], 1e-9))
    wrong = (wrong * share / np.sqrt(width)).astype("f")
    first, last = lesson.reference
    gradient[first:last, :width] += (wrong @ answers) / (last - first)
    for (start, end), value in zip(lesson.names, wrong, strict=True):
        gradient[start:end, width:-1] += value * asked / (end - start)
    held = lesson.wanted > 0
    return float(-(lesson.wanted[held] * np.log(each[held] + 1e-9)).sum())


def _shares(lesson: Lesson, vectors: Vectors) -> tuple[Vectors, Vectors, Vectors]:
    """Give each name's share of the softmax, what the reference asks and the names answer."""
    width = _width(vectors)
    asked = vectors[slice(*lesson.reference), :width].mean(axis=0)
    answers = np.stack([vectors[slice(*name), width:-1].mean(axis=0) for name in lesson.names])
    return softmax(answers @ asked / np.sqrt(width)), asked, answers


def _by_thing(lesson: Lesson, shares: Vectors) -> Vectors:
    """Add up the shares of each thing's names."""
    found = np.bincount(lesson.things, weights=shares, minlength=len(lesson.wanted))
    return found.astype("f")


def _width(vectors: Vectors) -> int:
    return int(vectors.shape[1] - 1) // 2


def sigmoid(odds: float) -> float:
    """Give the probability of log odds."""
    return float(np.exp(-np.logaddexp(0.0, -odds)))


def softmax(values: Vectors) -> Vectors:
    """Give shares that sum to 1."""
    powers = np.exp(values - values.max())
    return cast(Vectors, powers / powers.sum())


def score_seats(examples: Iterable[Example]) -> float:
    """Give the share of capitals that are taken for what they are: a country or a city."""
    right: list[bool] = [
        bool(np.asarray(eg.predicted.tensor)[start:end, -1].mean() > 0) == acts
        for eg in examples
        for start, end, acts in eg.reference._.seats or []
    ]
    return sum(right) / max(1, len(right))


def score_pointing(examples: Iterable[Example], reference: str) -> float:
    """Give the share of references whose things together get the most of the softmax."""
    right = count = 0
    for example in examples:
        vectors = np.asarray(example.predicted.tensor)
        for lesson in lessons_of(example.reference, reference):
            each = _by_thing(lesson, _shares(lesson, vectors)[0])
            best = np.argsort(-each, kind="stable")[: int((lesson.wanted > 0).sum())]
            right += bool((lesson.wanted[best] > 0).all())
            count += 1
    return right / max(1, count)


class Pointing:
    """The vectors of a text's tokens, asked by characters."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._rows: list[Vectors] = []

    def add(self, doc: Doc, begin: int) -> None:
        """Take over a Doc whose text starts at character `begin`, behind those taken before."""
        tensor = np.asarray(doc.tensor)
        if tensor.ndim == 2 and tensor.shape[1]:
            self._starts.extend(token.idx + begin for token in doc)
            self._ends.extend(token.idx + len(token) + begin for token in doc)
            self._rows.extend(tensor)

    def answers(self, names: Sequence[Characters]) -> Vectors:
        """Give what each name, as characters, answers: (n_names, width)."""
        if not self._rows or not names:
            return np.zeros((len(names), 0), dtype="f")
        width = (len(self._rows[0]) - 1) // 2
        return np.stack([self._mean(name)[width:-1] for name in names])

    def odds(self, reference: Characters, answers: Vectors) -> Vectors:
        """Give how well each answer fits a reference, before softmax; without vectors 0."""
        width = answers.shape[1]
        if not width:
            return np.zeros(len(answers), dtype="f")
        return cast(Vectors, answers @ self._mean(reference)[:width] / np.sqrt(width))

    def acting(self, name: Characters) -> float:
        """Give the log odds that a capital, as characters, is its country; without vectors 0."""
        return float(self._mean(name)[-1]) if self._rows else 0.0

    def _mean(self, span: Characters) -> Vectors:
        first = bisect_left(self._ends, span[0] + 1)
        last = max(first + 1, bisect_left(self._starts, span[1]))
        return cast(Vectors, np.mean(self._rows[first:last], axis=0))
