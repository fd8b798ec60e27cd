"""Component `relater`: relations between the entities of a paragraph, with status and qualifiers.

Reads `doc._.mention_ids` (rows of start token, end token, label, identifiers and score),
writes `doc._.statements`: rows of head mention, relation, tail mention, status, score, first and
last token of the evidence, and the mentions that give date, document, rating and amount, -1 for
none.
Mentions are indexes into `doc._.mention_ids`. A relation holds where its calibrated score
reaches the threshold that was learnt for it, a qualifier where its log odds against none exceed
the limit that was learnt for its kind. Labels, relations, statuses and qualifiers are those
of the project's schema, or of another file like it that the config names as `schema_path`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import srsly
import torch
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from torch import Tensor
from transformers import AutoTokenizer

from pipeline.components.encoder import changed_state, encoder_path, freeze, restore_state
from pipeline.components.pair_network import PairNetwork, PairScores, open_encoder
from pipeline.components.pair_targets import loss_of, wanted
from pipeline.components.windows import Passage, batches, passages
from pipeline.extensions import add_extensions
from pipeline.schema import SCHEMA, Schema, load_schema

Statement = list[Any]


@Language.factory(
    "relater",
    assigns=["doc._.statements"],
    default_config={
        "encoder": "minilm",
        "width": 384,
        "dropout": 0.1,
        "freeze_embeddings": True,
        "freeze_layers": 0,
        "batch_pieces": 2048,
        "schema_path": None,
        "scorer": {"@scorers": "pipeline.relation_scorer.v1"},
    },
    default_score_weights={"relations_f": 1.0},
)
def make_relater(
    nlp: Language,
    name: str,
    encoder: str,
    width: int,
    dropout: float,
    freeze_embeddings: bool,
    freeze_layers: int,
    batch_pieces: int,
    schema_path: str | None,
    scorer: Callable[..., dict[str, Any]] | None,
) -> Relater:
    """Build the component; `encoder` is a packaged encoder, a local folder or a hub name.

    `schema_path` is a file like data/schema.yaml, for another field; None means that one.
    """
    settings = {
        "encoder": encoder,
        "width": width,
        "dropout": dropout,
        "freeze_embeddings": freeze_embeddings,
        "freeze_layers": freeze_layers,
        "batch_pieces": batch_pieces,
    }
    schema = load_schema(Path(schema_path) if schema_path else SCHEMA)
    return Relater(nlp, name, settings, schema, scorer)


class Relater(TrainablePipe):  # type: ignore[misc]
    """See the module's docstring."""

    def __init__(
        self,
        nlp: Language,
        name: str,
        settings: dict[str, Any],
        schema: Schema,
        scorer: Callable[..., dict[str, Any]] | None,
    ) -> None:
        add_extensions()
        self.vocab, self.name, self.settings, self.schema = nlp.vocab, name, settings, schema
        self.scorer = partial(scorer, schema=schema) if scorer else None
        self.model = None
        self.cfg: dict[str, Any] = {
            "labels": list(self.schema.labels),
            "relations": list(self.schema.relations),
            "statuses": list(self.schema.statuses),
            "qualifiers": dict(self.schema.qualifiers),
            "thresholds": dict.fromkeys(self.schema.relations, 0.5),
            "calibration": [1.0, 0.0, 0.0],
            "qualifier_limits": dict.fromkeys(self.schema.qualifiers, 0.0),
        }
        self.network: PairNetwork | None = None
        self.tokenizer: Any = None
        self._optimizer: torch.optim.Optimizer | None = None

    @property
    def is_trainable(self) -> bool:
        return True

    @property
    def labels(self) -> tuple[str, ...]:
        """The relations."""
        return tuple(self.cfg["relations"])

    @property
    def encoder(self) -> torch.nn.Module:
        """The torch module of the encoder."""
        return self._network().encoder

    @property
    def markers(self) -> torch.nn.Embedding:
        """The markers of names, of references, and the same again for where these end."""
        return self._network().markers

    def _build(self, encoder: torch.nn.Module) -> None:
        self._optimizer = None
        self.tokenizer = AutoTokenizer.from_pretrained(
            encoder_path(self.settings["encoder"]), use_fast=True
        )
        self.network = PairNetwork(
            encoder,
            len(self.cfg["labels"]),
            len(self.cfg["relations"]),
            len(self.cfg["statuses"]),
            len(self.cfg["qualifiers"]),
            self.settings["width"],
            self.settings["dropout"],
        )
        freeze(encoder, self.settings["freeze_embeddings"], self.settings["freeze_layers"])

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],  # noqa: ARG002
        *,
        nlp: Language | None = None,  # noqa: ARG002
    ) -> None:
        """Open the encoder and make the layers above it."""
        path = encoder_path(self.settings["encoder"])
        self._build(open_encoder(path))

    def passages(self, doc: Doc) -> list[Passage]:
        """Give the passages of a Doc that the network scores."""
        return list(passages(doc, self.schema, self.tokenizer, self.cfg["labels"]))

    def predict(self, docs: Iterable[Doc]) -> list[list[tuple[Passage, PairScores]]]:
        """Score all passages, long and short ones in batches of like length."""
        network = self._network()
        network.eval()
        found = [
            (number, passage) for number, doc in enumerate(docs) for passage in self.passages(doc)
        ]
        scored: list[list[tuple[Passage, PairScores]]] = [[] for _ in docs]  # type: ignore[arg-type]
        with torch.inference_mode():
            for batch in batches([p for _, p in found], self.settings["batch_pieces"]):
                scores = network([found[i][1].window for i in batch])
                for index, score in zip(batch, scores, strict=True):
                    scored[found[index][0]].append((found[index][1], score))
        for rows in scored:
            rows.sort(key=lambda row: row[0].start)
        return scored

    def set_annotations(
        self, docs: Iterable[Doc], scores: list[list[tuple[Passage, PairScores]]]
    ) -> None:
        """Write the statements of each Doc."""
        for doc, rows in zip(docs, scores, strict=True):
            index = {(row[0], row[1]): number for number, row in enumerate(doc._.mention_ids or [])}
            best: dict[tuple[int, str, int], Statement] = {}
            for passage, score in rows:
                for statement in self.read(passage, score, index):
                    key = (statement[0], statement[1], statement[2])
                    if key not in best or best[key][4] < statement[4]:
                        best[key] = statement
            doc._.statements = [best[key] for key in sorted(best)]

    def read(
        self, passage: Passage, scores: PairScores, index: dict[tuple[int, int], int]
    ) -> Iterator[Statement]:
        """Give the statements of one passage that reach their thresholds."""
        slope, weight, shift = self.cfg["calibration"]
        sure = self.sureness(passage).unsqueeze(1)
        chances = torch.sigmoid(scores.relations * slope + sure * weight + shift)
        statuses = scores.statuses.argmax(dim=2)
        names, kinds = self.cfg["relations"], list(self.cfg["qualifiers"].items())
        limits = torch.tensor([self.cfg["thresholds"][name] for name in names])
        for pair, relation in (chances >= limits).nonzero().tolist():
            head, tail, _ = passage.window.pairs[pair]
            kind = self.schema.relations[names[relation]]
            labels = self._label(passage, head), self._label(passage, tail)
            if labels[0] not in kind.head or labels[1] not in kind.tail:
                continue
            if kind.symmetric and self._reversed_is_better(passage, chances, pair, relation):
                continue
            first, second = self._mentions(passage, head, tail)
            extras = [-1] * len(kinds)
            for number, (key, label) in enumerate(kinds):
                odds, mention = best_qualifier(passage, scores.pointers[pair, :, number], label)
                if wanted(names[relation], key) and odds > self.cfg["qualifier_limits"][key]:
                    row = passage.rows[mention]
                    extras[number] = index[row.start, row.end]
            yield [
                index[first.start, first.end],
                names[relation],
                index[second.start, second.end],
                self.cfg["statuses"][int(statuses[pair, relation])],
                float(chances[pair, relation]),
                min(first.start, second.start),
                max(first.end, second.end),
                *extras,
            ]

    def sureness(self, passage: Passage) -> Tensor:
        """Give for each pair the log odds that both its ends are names as they stand.

        An end is as sure as its surest mention; mentions that a person marked have the score 1.
        """
        best = torch.tensor(
            [max(passage.rows[m].score for m in members) for members in passage.window.entities]
        )
        pairs = torch.tensor([pair[:2] for pair in passage.window.pairs])
        return torch.logit((best[pairs[:, 0]] * best[pairs[:, 1]]).clamp(0.02, 0.98))

    def _label(self, passage: Passage, entity: int) -> str:
        return passage.rows[passage.window.entities[entity][0]].label

    def _reversed_is_better(
        self, passage: Passage, chances: Tensor, pair: int, relation: int
    ) -> bool:
        head, tail, _ = passage.window.pairs[pair]
        for other, (left, right, _) in enumerate(passage.window.pairs):
            if (left, right) == (tail, head):
                a, b = float(chances[pair, relation]), float(chances[other, relation])
                return b > a or (b == a and tail < head)
        return False

    def _mentions(self, passage: Passage, head: int, tail: int) -> tuple[Any, Any]:
        """Give the mentions of both ends that stand nearest to each other."""
        members = passage.window.entities
        pairs = [(passage.rows[h], passage.rows[t]) for h in members[head] for t in members[tail]]
        apart = [(a, b) for a, b in pairs if a != b] or pairs
        return min(apart, key=lambda p: (abs(p[0].start - p[1].start), p[0].start, p[1].start))

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,  # noqa: ARG002
        sgd: Any = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch; the references carry mentions and relations."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        items = [(p, eg.reference) for eg in examples for p in self.passages(eg.reference)]
        loss = self._backward(items)
        if sgd is not None:
            self._step(float(getattr(sgd, "learn_rate", sgd)))
        losses[self.name] += loss
        return losses

    def learn(self, items: list[tuple[Passage, Doc]], rate: float) -> float:
        """Take one step on passages with their annotated Docs; gives the mean loss."""
        loss = self._backward(items)
        self._step(rate)
        return loss

    def _backward(self, items: list[tuple[Passage, Doc]]) -> float:
        network = self._network()
        network.train()
        total = 0.0
        for batch in batches([p for p, _ in items], self.settings["batch_pieces"]):
            scores = network([items[i][0].window for i in batch])
            loss = torch.stack(
                [
                    loss_of(items[i][0], items[i][1], score, self.cfg, self.schema)
                    for i, score in zip(batch, scores, strict=True)
                ]
            ).sum() / max(1, len(items))
            loss.backward()
            total += float(loss.detach())
        return total

    @property
    def optimizer(self) -> torch.optim.Optimizer:
        """The optimizer of the weights that are there now."""
        network = self._network()
        if self._optimizer is None:
            encoder = [p for p in network.encoder.parameters() if p.requires_grad]
            known = {id(p) for p in network.encoder.parameters()}
            others = [p for p in network.parameters() if id(p) not in known]
            self._optimizer = torch.optim.AdamW(
                [{"params": encoder, "ratio": 1.0}, {"params": others, "ratio": 5.0}],
                lr=1e-4,
                weight_decay=0.01,
            )
        return self._optimizer

    def _step(self, rate: float) -> None:
        network, optimizer = self._network(), self.optimizer
        for group in optimizer.param_groups:
            group["lr"] = float(rate) * group["ratio"]
        torch.nn.utils.clip_grad_norm_([p for p in network.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    def _network(self) -> PairNetwork:
        if self.network is None:
            raise ValueError(f"{self.name} is neither initialized nor loaded from disk")
        return self.network

    def finish_update(self, sgd: Any) -> None:
        """Nothing is left to do: `update` takes the step itself."""

    def use_params(self, params: Any) -> Any:  # noqa: ARG002
        """Keep the weights as they are: there are no averages."""
        from contextlib import nullcontext

        return nullcontext()

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        """Pack settings and what training changed: the encoder in 8 bits, the rest in 16."""
        network = self._network()
        encoder = changed_state(network.encoder.state_dict(), self.settings["encoder"])
        rest = {
            key: value.half() if value.is_floating_point() else value
            for key, value in network.state_dict().items()
            if not key.startswith("encoder.")
        }
        buffer = BytesIO()
        torch.save(rest, buffer)
        message = {
            "settings": self.settings,
            "cfg": self.cfg,
            "encoder": encoder,
            "rest": buffer.getvalue(),
        }
        return bytes(srsly.msgpack_dumps(message))

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> Relater:  # noqa: ARG002
        """Open what `to_bytes` packed."""
        message = srsly.msgpack_loads(bytes_data)
        self.settings, self.cfg = message["settings"], self.cfg | message["cfg"]
        name = self.settings["encoder"]
        encoder = open_encoder(encoder_path(name))
        restore_state(encoder, message["encoder"], name)
        self._build(encoder)
        rest = torch.load(BytesIO(message["rest"]), map_location="cpu", weights_only=True)
        own = {k: v.float() if v.is_floating_point() else v for k, v in rest.items()}
        self._network().load_state_dict(own, strict=False)
        self._network().eval()
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write one file, `relater`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "relater").write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Relater:  # noqa: ARG002
        """Open what `to_disk` wrote."""
        return self.from_bytes((Path(path) / "relater").read_bytes())


def best_qualifier(passage: Passage, scores: Tensor, label: str) -> tuple[float, int]:
    """Give the log odds against none of the likeliest mention of a label, and that mention.

    `scores` are a pair's, the last for none; (-inf, -1) where no mention has the label.
    """
    odds = (scores[:-1] - scores[-1]).tolist()
    mentions = passage.window.qualifiers
    found = [
        pair for pair in zip(odds, mentions, strict=True) if passage.rows[pair[1]].label == label
    ]
    return max(found, default=(float("-inf"), -1))
