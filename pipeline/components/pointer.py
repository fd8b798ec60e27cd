"""Component `pointer`: what a reference points at and a capital stands for, to the encoder.

`read` marks the names and references of a text with typed markers, reads it with the encoder of
the pipeline's `transformer`, and gives for each reference the log odds of every name, before
softmax, and for each name the log odds that, were it a capital, it stood for its country. A run
of the pipeline leaves a Doc as it is: names are mended before they are marked.

It learns from annotated references, where over all names those of the things that an expression
points at should have the most of the softmax, and from the capitals of annotated texts. Some
marks are left out while it learns, as some names are not found.

Score: 0.77 of all references and 0.94 of all capitals of the gold dev part right by these alone
(November 2026).

Source: Lee et al. 2017, End-to-end Neural Coreference Resolution (softmax over antecedents);
for the network see `antecedent_network`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import srsly
import torch
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from torch import Tensor
from torch.nn import functional

from pipeline.components.antecedent_network import AntecedentNetwork
from pipeline.components.encoder import encoder_of
from pipeline.components.lessons import Lesson, Tokens, lesson_of, pairs_of
from pipeline.components.marking import Mark, MarkedText, mark_text
from pipeline.components.pointing import Characters, Pointing, Seen
from pipeline.extensions import add_extensions
from pipeline.schema import load_schema

BEFORE, BEHIND = 250, 50  # names around a reference that are scored


@Language.factory(
    "pointer",
    default_config={
        "upstream": "transformer",
        "reference": "REF",
        "width": 256,
        "dropout": 0.1,
        "weight": 0.3,
        "lost": 0.1,
    },
)
def make_pointer(
    nlp: Language,
    name: str,
    upstream: str,
    reference: str,
    width: int,
    dropout: float,
    weight: float,
    lost: float,
) -> Pointer:
    """Build the component; `weight` multiplies its loss beside those of other components.

    `upstream` names the pipe whose encoder it reads with, `reference` the label of references in
    `doc._.mention_ids`; `lost` is the share of marks that are left out while it learns.
    """
    settings = {"width": width, "dropout": dropout, "weight": weight, "lost": lost}
    return Pointer(nlp, name, upstream, reference, settings)


class Pointer(TrainablePipe):  # type: ignore[misc]
    """See the module's docstring."""

    def __init__(
        self, nlp: Language, name: str, upstream: str, reference: str, settings: dict[str, Any]
    ) -> None:
        add_extensions()
        self.nlp, self.vocab, self.name, self.upstream = nlp, nlp.vocab, name, upstream
        self.model, self.scorer = None, None
        labels = [label for label in load_schema().labels if label != reference]
        self.cfg: dict[str, Any] = {
            "reference": reference,
            "labels": [*labels, reference],
            **settings,
        }
        self.network: AntecedentNetwork | None = None
        self._generator = np.random.default_rng(0)

    @property
    def is_trainable(self) -> bool:
        return True

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of marks."""
        return tuple(self.cfg["labels"])

    def _upstream(self) -> Any:
        return self.nlp.get_pipe(self.upstream).model  # type: ignore[attr-defined]

    @property
    def encoder(self) -> Any:
        """The torch module of the encoder, which is the `transformer`'s."""
        return encoder_of(self.nlp, self.upstream)

    @property
    def layers(self) -> AntecedentNetwork:
        """The layers above the encoder."""
        if self.network is None:
            raise ValueError(f"{self.name} is neither initialized nor loaded from disk")
        return self.network

    def _build(self) -> AntecedentNetwork:
        hidden = int(self.encoder.config.hidden_size)
        width, dropout = self.cfg["width"], self.cfg["dropout"]
        self.network = AntecedentNetwork(hidden, len(self.cfg["labels"]), width, dropout)
        return self.network

    def initialize(self, get_examples: Any, *, nlp: Language | None = None) -> None:  # noqa: ARG002
        """Make the layers above the encoder; labels beside the schema's come from the examples."""
        rows = (row for eg in get_examples() for row in eg.reference._.mention_ids or [])
        *known, reference = self.cfg["labels"]
        others = sorted({row[2] for row in rows} - {*known, reference})
        self.cfg["labels"] = [*known, *others, reference]
        self._build()

    def __call__(self, doc: Doc) -> Doc:
        """Leave a Doc as it is."""
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:  # noqa: ARG002
        """Leave Docs as they are."""
        yield from stream

    def read(
        self,
        text: str,
        names: Sequence[tuple[int, int, str]],
        references: Sequence[Characters],
    ) -> Pointing:
        """Read a text with its names (characters and label) and references, both in order."""
        doc = self.nlp.tokenizer(text)  # of any length
        number = {label: i for i, label in enumerate(self.cfg["labels"])}
        own = number[self.cfg["reference"]]
        starts = [token.idx for token in doc]
        wanted = [
            (*_tokens(starts, start, end), number[label], i, -1)
            for i, (start, end, label) in enumerate(names)
            if label in number
        ]
        wanted += [
            (*_tokens(starts, start, end), own, -1, i) for i, (start, end) in enumerate(references)
        ]
        marks: list[Mark] = []
        of_name, of_reference = [-1] * len(names), [-1] * len(references)
        for start, end, label, name, reference in sorted(wanted, key=lambda row: row[:2]):
            if marks and start < marks[-1].end:
                continue  # two names in one token: the first has it
            if name >= 0:
                of_name[name] = len(marks)
            else:
                of_reference[reference] = len(marks)
            marks.append(Mark(start, end, label))
        if not marks or not names:
            return Pointing()
        marked = self._mark(doc, marks)
        self._still()
        with torch.inference_mode():
            states = self._states([marked])
            seats = self.layers.seats(states).numpy()
            odds = self._odds(states, marked, of_name, of_reference)
        acting = {
            name[:2]: float(seats[mark])
            for name, mark in zip(names, of_name, strict=True)
            if mark >= 0
        }
        seen = {
            reference: own
            for reference, own in zip(references, odds, strict=True)
            if own is not None
        }
        return Pointing(seen, acting, len(names))

    def _still(self) -> None:
        """Leave out no part of any layer."""
        self.layers.eval()
        self.encoder.eval()

    def _mark(self, doc: Doc, marks: Sequence[Mark]) -> MarkedText:
        return mark_text(doc, marks, self._upstream().tokenizer, len(self.cfg["labels"]))

    def _states(self, texts: Sequence[MarkedText]) -> Tensor:
        tokenizer = self._upstream().tokenizer
        return self.layers.states(
            self.encoder, texts, int(tokenizer.cls_token_id), int(tokenizer.sep_token_id)
        )

    def _odds(
        self,
        states: Tensor,
        marked: MarkedText,
        of_name: Sequence[int],
        of_reference: Sequence[int],
    ) -> list[Seen | None]:
        """Give for each reference the names in reach and their log odds; None for one unmarked."""
        sides = self.layers.sides(states)
        known = sorted((mark, index) for index, mark in enumerate(of_name) if mark >= 0)
        marks = [mark for mark, _ in known]
        found: list[Seen | None] = []
        for mark in of_reference:
            at = bisect_right(marks, mark)
            near = known[max(0, at - BEFORE) : at + BEHIND]
            if mark < 0 or not near:
                found.append(None)
                continue
            pairs = pairs_of(marked, [(mark, other) for other, _ in near])
            odds = self.layers.odds(sides, pairs)
            found.append((np.array([index for _, index in near]), odds.numpy()))
        return found

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,  # noqa: ARG002
        sgd: Any = None,  # noqa: ARG002
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Add the gradients of a batch, also to the encoder; whoever trains takes the step."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        self.layers.train()
        self.encoder.train()
        lessons = [self.lesson(eg.reference, self.cfg["lost"]) for eg in examples]
        loss = self.loss([lesson for lesson in lessons if lesson.asked or lesson.seats])
        if loss is not None:
            (self.cfg["weight"] * loss).backward()
            losses[self.name] += float(loss.detach())
        return losses

    def lesson(self, doc: Doc, lost: float = 0.0) -> Lesson:
        """Read an annotated Doc; a share of its marks is `lost`."""
        number = {label: i for i, label in enumerate(self.cfg["labels"])}
        rows = [
            row for row in sorted(doc._.mention_ids or [], key=lambda row: row[0])
            if not lost or self._generator.random() >= lost
        ]  # fmt: skip
        spans = {(row[0], row[1]) for row in rows}
        for start, end, _ in doc._.seats or []:
            if not any(low < end and start < high for low, high in spans):
                rows.append([start, end, "GPE", [f"seat {start}"]])
        rows.sort(key=lambda row: row[0])
        return lesson_of(
            self._mark(doc, [Mark(row[0], row[1], number[row[2]]) for row in rows]),
            rows,
            {(start, end): bool(acts) for start, end, acts in doc._.seats or []},
            self.cfg["reference"],
        )

    def loss(self, lessons: Sequence[Lesson]) -> Tensor | None:
        """Give the cross-entropy in the mean over references, and over capitals; None without."""
        if not lessons:
            return None
        states = self._states([lesson.text for lesson in lessons])
        pieces = torch.split(states, [len(lesson.text.starts) for lesson in lessons])
        right: list[Tensor] = []
        acting: list[Tensor] = []
        for lesson, own in zip(lessons, pieces, strict=True):
            if lesson.asked:
                each = self.shares(own, lesson)
                wanted = torch.tensor(lesson.wanted)
                right.append((wanted * torch.log(each + 1e-9)).sum(dim=1))
            if lesson.seats:
                odds = self.layers.seats(own[[mark for mark, _ in lesson.seats]])
                truth = torch.tensor([float(acts) for _, acts in lesson.seats])
                acting.append(
                    functional.binary_cross_entropy_with_logits(odds, truth, reduction="none")
                )
        parts = [-torch.cat(right).mean()] if right else []
        parts += [torch.cat(acting).mean()] if acting else []
        return torch.stack(parts).sum() if parts else None

    def shares(self, states: Tensor, lesson: Lesson) -> Tensor:
        """Give the share of each thing in each reference's softmax: (n_references, n_things)."""
        pairs = [(mark, name) for mark in lesson.asked for name in lesson.names]
        odds = self.layers.odds(self.layers.sides(states), pairs_of(lesson.text, pairs))
        of_names = odds.view(len(lesson.asked), len(lesson.names)).softmax(dim=1)
        shares = of_names.new_zeros(len(lesson.asked), lesson.wanted.shape[1])
        return shares.index_add(1, torch.tensor(lesson.things), of_names)

    def finish_update(self, sgd: Any) -> None:
        """Nothing is left to do: whoever trains takes the step."""

    def use_params(self, params: Any) -> Any:  # noqa: ARG002
        """Keep the weights as they are: there are no averages."""
        from contextlib import nullcontext

        return nullcontext()

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        """Pack settings and weights, in half precision; the encoder's are the transformer's."""
        buffer = BytesIO()
        torch.save({k: v.half() for k, v in self.layers.state_dict().items()}, buffer)
        return bytes(srsly.msgpack_dumps({"cfg": self.cfg, "network": buffer.getvalue()}))

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> Pointer:  # noqa: ARG002
        """Open what `to_bytes` packed."""
        message = srsly.msgpack_loads(bytes_data)
        self.cfg = message["cfg"]
        state = torch.load(BytesIO(message["network"]), map_location="cpu", weights_only=True)
        self._build().load_state_dict({k: v.float() for k, v in state.items()})
        self.layers.eval()
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write one file, `pointer`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pointer").write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Pointer:  # noqa: ARG002
        """Open what `to_disk` wrote."""
        return self.from_bytes((Path(path) / "pointer").read_bytes())


def pointer_of(nlp: Language) -> Pointer | None:
    """Give the pipeline's pointer, or None where it has none."""
    pointer: Any = nlp.get_pipe("pointer") if nlp.has_pipe("pointer") else None
    return pointer if isinstance(pointer, Pointer) else None


def _tokens(starts: Sequence[int], start: int, end: int) -> Tokens:
    """Give the tokens that characters touch, at least one, from where the tokens start."""
    first = max(0, bisect_right(starts, start) - 1)
    return first, max(first + 1, bisect_left(starts, end))


@torch.inference_mode()
def score_pointing(pointer: Pointer, docs: Iterable[Doc]) -> tuple[float, float]:
    """Give the share of annotated references and of capitals that are read right.

    A reference is where its things together get the most of the softmax.
    """
    pointer._still()
    right = count = seats = told = 0
    for doc in docs:
        lesson = pointer.lesson(doc)
        if not lesson.asked and not lesson.seats:
            continue
        states = pointer._states([lesson.text])
        if lesson.asked:
            each = pointer.shares(states, lesson).numpy()
            for row, wanted in zip(each, lesson.wanted, strict=True):
                best = np.argsort(-row, kind="stable")[: int((wanted > 0).sum())]
                right += bool((wanted[best] > 0).all())
        odds = pointer.layers.seats(states)
        told += sum(bool(odds[mark] > 0) == acts for mark, acts in lesson.seats)
        count, seats = count + len(lesson.asked), seats + len(lesson.seats)
    return right / max(1, count), told / max(1, seats)
