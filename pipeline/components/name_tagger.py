"""Component `name_tagger`: names and references by one BILUO decision a token.

Writes `doc.ents` (names), `doc.spans["references"]` and the scores of both. Steps: tag scores
from the encoder and the shape of words, the best sequence that the BILUO scheme allows
(Viterbi) after a lean towards or away from labels that was fitted to held-out texts; the score
of a span is the lowest probability of its tokens, scaled so that it is
the share of such spans that are right.

Source: Ratinov and Roth 2009, Design challenges and misconceptions in named entity recognition
(BILUO); Viterbi 1967. What follows what is weighed by how much oftener it does so in the
training texts than by chance (pointwise mutual information); the impossible is ruled out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.scorer import PRFScore
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import Config, Model
from thinc.types import Floats2d

from pipeline.errors import ConfigError

Scores = NDArray[np.float32]
OFTEN = 15  # times that a word must stand in the examples before its edges are believed
EDGE_BAR = -6.0  # log probability taken from a name that begins or ends like no other
FOLLOWS_WEIGHT = 0.35  # of the mutual information beside the network's own scores

DEFAULT_MODEL = """
[model]
@architectures = "pipeline.tag_scores.v1"

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
    "name_tagger",
    assigns=["doc.ents", "doc.spans"],
    default_config={
        "model": Config().from_str(DEFAULT_MODEL)["model"],
        "reference": "REF",
        "scorer": {"@scorers": "pipeline.name_scorer.v1"},
    },
    default_score_weights={"names_f": 1.0, "names_p": 0.0, "names_r": 0.0},
)
def make_name_tagger(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    reference: str,
    scorer: Callable[..., dict[str, Any]] | None,
) -> NameTagger:
    """Build the component; spans labelled `reference` are references, all others names."""
    return NameTagger(nlp.vocab, model, name, reference, scorer)


class NameTagger(TrainablePipe):  # type: ignore[misc]
    """See the module's docstring."""

    def __init__(
        self,
        vocab: Any,
        model: Model[list[Doc], list[Floats2d]],
        name: str,
        reference: str,
        scorer: Callable[..., dict[str, Any]] | None,
    ) -> None:
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self.cfg: dict[str, Any] = {
            "labels": [],
            "reference": reference,
            "calibration": [1.0, 0.0],
            "lean": {},
            "follows": [],
            "never_first": [],
            "never_last": [],
        }
        self._allowed: tuple[Scores, Scores, Scores] | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of spans, sorted."""
        return tuple(self.cfg["labels"])

    @property
    def tags(self) -> list[str]:
        """The tags of tokens: O, then B, I, L, U of each label."""
        return ["O", *(f"{prefix}-{label}" for label in self.labels for prefix in "BILU")]

    def add_label(self, label: str) -> int:
        """Add a label before training begins; 0 if it is there already."""
        if label in self.cfg["labels"]:
            return 0
        self.cfg["labels"] = sorted([*self.cfg["labels"], label])
        self._allowed = None
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,  # noqa: ARG002
        labels: list[str] | None = None,
    ) -> None:
        """Take the labels from the examples and set the network's sizes."""
        sample = list(islice(get_examples(), 10))
        for label in labels or {
            s.label_
            for eg in get_examples()
            for s in gold_spans(eg.reference, self.cfg["reference"])
        }:
            self.add_label(label)
        if not self.labels:
            raise ConfigError(
                f"{self.name}: the examples hold no span, expected names with labels. "
                f"Check that the training file is not empty."
            )
        self.cfg["follows"] = self._follows(get_examples())
        self._learn_edges(get_examples())
        self._allowed = None
        docs = [eg.predicted for eg in sample]
        targets = [self._target(eg) for eg in sample]
        self.model.initialize(X=docs, Y=targets)

    def predict(self, docs: Iterable[Doc]) -> list[Scores]:
        """Give for each Doc the scores of tags, shape (n_tokens, n_tags), before softmax."""
        found = list(docs)
        if not any(len(doc) for doc in found):
            return [np.zeros((0, len(self.tags)), dtype="f") for _ in found]
        scores = self.model.predict(found)
        return [np.asarray(rows) for rows in scores]

    def set_annotations(self, docs: Iterable[Doc], scores: list[Scores]) -> None:
        """Write the best spans of each Doc."""
        for doc, rows in zip(docs, scores, strict=True):
            names: list[Span] = []
            references: list[Span] = []
            probabilities: list[float] = []
            beliefs: list[float] = []
            words = [token.lower_ for token in doc]
            for start, end, label, score in self.decode(rows, words):
                span = Span(doc, start, end, label=label)
                if label == self.cfg["reference"]:
                    references.append(span)
                    beliefs.append(score)
                else:
                    names.append(span)
                    probabilities.append(score)
            doc.set_ents(names)
            doc.spans["references"] = references
            doc.user_data["scores"] = probabilities
            doc.user_data["reference_scores"] = beliefs

    def decode(
        self, rows: Scores, words: list[str] | None = None
    ) -> Iterator[tuple[int, int, str, float]]:
        """Give the spans of the best allowed sequence: start, end, label, score.

        `words` are the tokens in lower case, for what is known of the edges of names.
        """
        if not len(rows):
            return
        logs = log_softmax(rows)
        leaning = logs + self._lean()
        path = viterbi(leaning + self._edges(words) if words else leaning, *self._transitions())
        start = 0
        for at, tag in enumerate(path):
            kind, label = (tag - 1) % 4, (tag - 1) // 4
            if tag == 0:
                continue
            if kind in (0, 3):
                start = at
            if kind in (2, 3):
                chosen = [logs[i, path[i]] for i in range(start, at + 1)]
                yield start, at + 1, self.labels[label], self._calibrated(float(min(chosen)))

    def _lean(self) -> Scores:
        """Give what is added to the log probability of each tag before the path is chosen."""
        lean = self.cfg["lean"]
        return np.array(
            [0.0, *(lean.get(label, 0.0) for label in self.labels for _ in "BILU")], dtype="f"
        )

    def _calibrated(self, log_probability: float) -> float:
        """Give the share of names with such a lowest probability that are right."""
        slope, shift = self.cfg["calibration"]
        return float(1 / (1 + np.exp(-slope * log_odds(log_probability) - shift)))

    def _follows(self, examples: Iterable[Example]) -> list[list[float]]:
        """Give the mutual information of each tag with the one before it, from gold tags."""
        size = len(self.tags)
        counts = np.full((size, size), 0.1)
        for example in examples:
            tags = np.asarray(self._target(example)).argmax(axis=1)
            np.add.at(counts, (tags[:-1], tags[1:]), 1)
        both = counts / counts.sum()
        apart = both.sum(axis=1, keepdims=True) * both.sum(axis=0, keepdims=True)
        return [[round(float(v), 3) for v in row] for row in np.clip(np.log(both / apart), -4, 4)]

    def _learn_edges(self, examples: Iterable[Example]) -> None:
        """Note the frequent words with which no name of the examples begins, or ends."""
        seen: Counter[str] = Counter()
        first: Counter[str] = Counter()
        last: Counter[str] = Counter()
        for example in examples:
            seen.update(token.lower_ for token in example.reference)
            for span in gold_spans(example.reference, self.cfg["reference"]):
                first[span[0].lower_] += 1
                last[span[-1].lower_] += 1
        often = sorted(word for word, count in seen.items() if count >= OFTEN)
        self.cfg["never_first"] = [word for word in often if not first[word]]
        self.cfg["never_last"] = [word for word in often if not last[word]]

    def _edges(self, words: list[str]) -> Scores:
        """Give a bar for tags that would begin or end a name with a word that never does."""
        bars = np.zeros((len(words), len(self.tags)), dtype="f")
        starts = np.array([tag % 4 in (1, 0) and tag != 0 for tag in range(len(self.tags))])
        ends = np.array([tag % 4 in (3, 0) and tag != 0 for tag in range(len(self.tags))])
        never_first, never_last = set(self.cfg["never_first"]), set(self.cfg["never_last"])
        for at, word in enumerate(words):
            if word in never_first:
                bars[at, starts] = EDGE_BAR
            if word in never_last:
                bars[at, ends] += EDGE_BAR
        return bars

    def _transitions(self) -> tuple[Scores, Scores, Scores]:
        """Give what may follow what, what may come first and what last: 0 or minus infinity."""
        if self._allowed is None:
            size = len(self.tags)
            opens = np.array([tag != 0 and (tag - 1) % 4 in (0, 1) for tag in range(size)])
            inside = np.array([tag != 0 and (tag - 1) % 4 in (1, 2) for tag in range(size)])
            label = np.array([-1 if tag == 0 else (tag - 1) // 4 for tag in range(size)])
            same = label[:, None] == label[None, :]
            may = np.where(opens[:, None], inside[None, :] & same, ~inside[None, :])
            bar = np.float32(-1e9)
            known = self.cfg.get("follows") or 0.0
            weight = FOLLOWS_WEIGHT * np.asarray(known, dtype="f")
            self._allowed = (
                np.where(may, weight, bar).astype("f"),
                np.where(inside, bar, 0).astype("f"),
                np.where(opens, bar, 0).astype("f"),
            )
        return self._allowed

    def _target(self, example: Example) -> Floats2d:
        """Give the gold tags of the predicted Doc's tokens as rows of zeros and one."""
        index = {tag: number for number, tag in enumerate(self.tags)}
        rows = np.zeros((len(example.predicted), len(index)), dtype="f")
        rows[:, 0] = 1
        for span in gold_spans(example.reference, self.cfg["reference"]):
            last = span.end - 1
            for at in range(span.start, span.end):
                prefix = (
                    "U"
                    if len(span) == 1
                    else "B"
                    if at == span.start
                    else "L"
                    if at == last
                    else "I"
                )
                tag = f"{prefix}-{span.label_}"
                if tag in index:
                    rows[at, 0] = 0
                    rows[at, index[tag]] = 1
        return cast(Floats2d, rows)

    def get_loss(
        self, examples: Iterable[Example], scores: list[Floats2d]
    ) -> tuple[float, list[Floats2d]]:
        """Give the cross-entropy and its gradient, averaged over the batch's tokens.

        Texts whose names are not annotated teach nothing here.
        """
        batch = list(examples)
        known = [eg.reference.has_annotation("ENT_IOB") for eg in batch]
        total = sum(len(rows) for rows, told in zip(scores, known, strict=True) if told) or 1
        loss, gradients = 0.0, []
        for eg, rows, told in zip(batch, scores, known, strict=True):
            if not told:
                gradients.append(self.model.ops.alloc2f(*rows.shape))
                continue
            target = self._target(eg)
            probabilities = np.exp(log_softmax(np.asarray(rows)))
            loss -= float((target * np.log(probabilities + 1e-9)).sum()) / total
            gradients.append(self.model.ops.asarray2f((probabilities - target) / total))
        return loss, gradients


def tagger_of(nlp: Language) -> NameTagger:
    """Give the pipeline's name tagger."""
    tagger: NameTagger = nlp.get_pipe("name_tagger")  # type: ignore[assignment]
    return tagger


def log_softmax(rows: Scores) -> Scores:
    """Give the logarithms of the softmax of each row."""
    shifted = rows - rows.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def log_odds(log_probability: float) -> float:
    """Give log(p / (1 - p)) from log(p), bounded where p is nearly 0 or 1."""
    p = min(max(np.exp(log_probability), 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))


def viterbi(logs: Scores, allowed: Scores, first: Scores, last: Scores) -> list[int]:
    """Give the best sequence of tags: `logs` has shape (n_tokens, n_tags)."""
    best = logs[0] + first
    back = np.zeros(logs.shape, dtype=np.int32)
    into = np.ascontiguousarray(allowed.T)  # rows are what follows: maxima run along memory
    every = np.arange(logs.shape[1])
    for at in range(1, len(logs)):
        paths = into + best
        back[at] = paths.argmax(axis=1)
        best = paths[every, back[at]] + logs[at]
    path = [int((best + last).argmax())]
    for at in range(len(logs) - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return path[::-1]


def gold_spans(doc: Doc, reference: str) -> list[Span]:
    """Give names and references of an annotated Doc in one list."""
    marked = doc.spans.get("references", [])
    return [*doc.ents, *(Span(doc, s.start, s.end, label=reference) for s in marked)]


def score_names(examples: Iterable[Example], **_: Any) -> dict[str, Any]:
    """Score spans strictly (borders and label) and by overlap, a label at a time.

    Gives `names_p`, `names_r`, `names_f` over all names, `references_f`, `names_overlap_f`
    (a name counts as found where one of its label overlaps it) and `names_per_type`.
    """
    strict, loose, references = PRFScore(), PRFScore(), PRFScore()
    per_type: dict[str, PRFScore] = {}
    for example in examples:
        gold = {(e.start_char, e.end_char, e.label_) for e in example.reference.ents}
        found = {(e.start_char, e.end_char, e.label_) for e in example.predicted.ents}
        strict.score_set(found, gold)
        for label in {span[2] for span in gold | found}:
            own = per_type.setdefault(label, PRFScore())
            own.score_set({s for s in found if s[2] == label}, {s for s in gold if s[2] == label})
        hit = {f for f in found if any(g[2] == f[2] and g[0] < f[1] and f[0] < g[1] for g in gold)}
        caught = {
            g for g in gold if any(g[2] == f[2] and g[0] < f[1] and f[0] < g[1] for f in found)
        }
        loose.tp += len(hit)
        loose.fp += len(found) - len(hit)
        loose.fn += len(gold) - len(caught)
        pointers = [
            {(s.start_char, s.end_char) for s in doc.spans.get("references", [])}
            for doc in (example.predicted, example.reference)
        ]
        references.score_set(*pointers)
    return {
        "names_p": strict.precision,
        "names_r": strict.recall,
        "names_f": strict.fscore,
        "names_overlap_f": loose.fscore,
        "references_f": references.fscore,
        "names_per_type": {label: score.to_dict() for label, score in sorted(per_type.items())},
    }
