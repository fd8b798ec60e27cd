"""The first round: an encoder that has learnt names from public texts before it meets our own.

`python -m pipeline.training.first_round --data DIR --out models/start` trains the packaged
encoder on the sets of `SETS` and writes what changed, with a README that names sources, licences
and checksums. The train stages start from it, so that nobody needs the sets to train again.

Steps: word pieces tagged by BIO with one linear layer for each set above one shared encoder, so
that a label is learnt only where its set annotates it and sets that mean different things by one
label do not disturb each other; the layers above are thrown away. Lowest layers and word
embeddings stay as published.

Source: one output layer a data set above shared layers, Collobert and Weston 2008, A unified
architecture for natural language processing.
"""

from __future__ import annotations

import gzip
import json
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.encoder import encoder_path, freeze, write_start
from pipeline.errors import InputError, RecordError
from pipeline.records import make_key
from pipeline.tables import write_beside
from pipeline.training.loop import Plan, digest, seed_all, train

log = logging.getLogger(__name__)
ENCODER = "minilm"
FREEZE_LAYERS = 2
MAX_PIECES = 384  # longer texts are cut into stretches of this size
BATCH_PIECES = 4096
PLAN = Plan(seed=7, epochs=2, rate=2e-4, warmup=0.2, patience=0)
HEAD_RATE = 10.0


@dataclass(frozen=True, slots=True)
class Set:
    """A public set: file, SHA-256 of the file, licence, source; `learn` or held out."""

    name: str
    file: str
    sha256: str
    licence: str
    source: str
    learn: bool = True


SETS = (
    Set(
        "uner_ewt", "uner_ewt-train.jsonl.gz",
        "569b1b574513979c6b0a4ff6e01bae4508b14a1a8e1b6bce7859a1ccaa2fa6eb",
        "CC BY-SA 4.0",
        "Universal NER, English Web Treebank (Mayhew et al. 2024)",
    ),
    Set(
        "wikigold", "wikigold-all.jsonl.gz",
        "61bc4eb0e894db632b07cdb2ef22c4e4bda1783a4ec78c84717c1842dd691394",
        "CC BY 4.0", "Wikigold (Balasuriya et al. 2009)",
    ),
    Set(
        "crossner_politics", "crossner_politics-train.jsonl.gz",
        "37d876fab52106908da99eeea7a8c915c3bd957a7b382eb0fbd259aa878f618d",
        "MIT", "CrossNER, politics (Liu et al. 2021)",
    ),
    Set(
        "redocred", "redocred-dev.jsonl.gz",
        "7e8c28ff66991d0910e2f3d1bbf35a30171a202d55b6bbc0038c6a9252724cd9",
        "MIT", "Re-DocRED, its dev part (Tan et al. 2022)",
    ),
    Set(
        "uner_ewt", "uner_ewt-dev.jsonl.gz",
        "3cc4a045623a0eae178bd03415c61f6c0999b22b4789d18d66d6caf880943578",
        "CC BY-SA 4.0", "Universal NER, held out", learn=False,
    ),
    Set(
        "crossner_politics", "crossner_politics-dev.jsonl.gz",
        "c878f7766447243e1323f4b8114f7d9b50e2bba842672c6207ca3b34f71445c0",
        "MIT", "CrossNER, politics, held out", learn=False,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of text: the set's number, word pieces and their tags."""

    set: int
    pieces: list[int]
    tags: list[int]


class Taggers(nn.Module):
    """An encoder with one output layer a set."""

    def __init__(self, encoder: nn.Module, sizes: Sequence[int]) -> None:
        super().__init__()
        hidden = int(encoder.config.hidden_size)  # type: ignore[union-attr,arg-type]
        self.encoder = encoder
        self.heads = nn.ModuleList(nn.Linear(hidden, size) for size in sizes)
        self.dropout = nn.Dropout(0.1)

    def forward(self, items: Sequence[Item]) -> list[Tensor]:
        """Score the tags of each item's pieces: (n_pieces, n_tags)."""
        length = max(len(item.pieces) for item in items)
        pieces = torch.zeros((len(items), length), dtype=torch.long)
        mask = torch.zeros_like(pieces)
        for row, item in enumerate(items):
            pieces[row, : len(item.pieces)] = torch.tensor(item.pieces)
            mask[row, : len(item.pieces)] = 1
        states = self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state
        return [
            self.heads[item.set](self.dropout(states[row, : len(item.pieces)]))
            for row, item in enumerate(items)
        ]


def read_set(folder: Path, source: Set) -> list[dict[str, Any]]:
    """Read a set's texts.

    Raises:
        InputError: the file is missing.
        RecordError: the file is not the one that the project knows.
    """
    path = folder / source.file
    if not path.exists():
        raise InputError(
            f"{path}: there is no such file, expected the set {source.name} ({source.source}). "
            f"Name its folder with --data."
        )
    if digest(path) != source.sha256:
        raise RecordError(
            f"{path}: its SHA-256 is {digest(path)}, expected {source.sha256}. "
            f"Fetch it again, or correct SETS in pipeline/training/first_round.py."
        )
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def items_of(
    rows: Sequence[dict[str, Any]], number: int, labels: Sequence[str], tokenizer: Any
) -> Iterator[Item]:
    """Tag the word pieces of each text: 0 outside, then B and I of each label."""
    for row in rows:
        coded = tokenizer(row["text"], add_special_tokens=False, return_offsets_mapping=True)
        tags = [0] * len(coded.input_ids)
        for span in row["spans"]:
            inside = [
                at
                for at, (start, end) in enumerate(coded.offset_mapping)
                if start < span["end"] and span["start"] < end
            ]
            for at in inside:
                tags[at] = 1 + 2 * labels.index(span["label"]) + (at != inside[0])
        size = MAX_PIECES - 2
        for at in range(0, len(tags), size):
            yield Item(
                number,
                [
                    tokenizer.cls_token_id,
                    *coded.input_ids[at : at + size],
                    tokenizer.sep_token_id,
                ],
                [0, *tags[at : at + size], 0],
            )


def packed(items: Sequence[Item], generator: random.Random) -> list[list[Item]]:
    """Give shuffled batches of items of like length, padding counted."""
    order = list(items)
    generator.shuffle(order)
    made: list[list[Item]] = []
    for at in range(0, len(order), 512):
        batch: list[Item] = []
        for item in sorted(order[at : at + 512], key=lambda item: len(item.pieces)):
            if batch and len(item.pieces) * (len(batch) + 1) > BATCH_PIECES:
                made.append(batch)
                batch = []
            batch.append(item)
        made.append(batch)
    generator.shuffle(made)
    return made


def first_round(folder: Path, checkpoint: Path) -> tuple[nn.Module, float]:
    """Train on all sets; gives the encoder and its span F1 on the held-out texts."""
    tokenizer: Any = AutoTokenizer.from_pretrained(  # type: ignore[no-untyped-call]
        encoder_path(ENCODER), use_fast=True, model_max_length=10**6
    )
    texts = {source: read_set(folder, source) for source in SETS}
    names = list(dict.fromkeys(source.name for source in SETS))
    labels = {
        name: sorted(
            {s["label"] for source in SETS if source.name == name for r in texts[source]
             for s in r["spans"]}
        )
        for name in names
    }  # fmt: skip
    learnt, held = [
        [
            item
            for source in SETS
            if source.learn is learn
            for item in items_of(
                texts[source], names.index(source.name), labels[source.name], tokenizer
            )
        ]
        for learn in (True, False)
    ]
    encoder = AutoModel.from_pretrained(encoder_path(ENCODER))
    freeze(encoder, True, FREEZE_LAYERS)
    model = Taggers(encoder, [1 + 2 * len(labels[name]) for name in names])
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in encoder.parameters() if p.requires_grad], "ratio": 1.0},
            {"params": list(model.heads.parameters()), "ratio": HEAD_RATE},
        ],
        lr=PLAN.rate,
        weight_decay=0.01,
    )

    def learn(batch: list[Item], rate: float) -> float:
        model.train()
        for group in optimizer.param_groups:
            group["lr"] = rate * group["ratio"]
        losses = [
            functional.cross_entropy(scores, torch.tensor(item.tags), reduction="sum")
            for item, scores in zip(batch, model(batch), strict=True)
        ]
        loss: Tensor = torch.stack(losses).sum() / sum(len(item.tags) for item in batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def evaluate() -> float:
        return span_f1(model, held)

    def save(path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        torch.save(
            {"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path / "state.pt"
        )

    def restore(path: Path) -> None:
        state = torch.load(path / "state.pt", weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])

    key = make_key(ENCODER, FREEZE_LAYERS, str(PLAN), [s.sha256 for s in SETS])
    progress = train(
        PLAN, lambda generator: packed(learnt, generator), learn, evaluate, save, restore,
        checkpoint, key,
    )  # fmt: skip
    return encoder, progress.best


def span_f1(model: Taggers, items: Sequence[Item]) -> float:
    """Give the micro F1 of spans, borders and label right, read off the best tags."""
    model.eval()
    hit = found = gold = 0
    with torch.inference_mode():
        for batch in packed(items, random.Random(0)):
            for item, scores in zip(batch, model(batch), strict=True):
                ours, wanted = spans(scores.argmax(dim=1).tolist()), spans(item.tags)
                hit, found, gold = hit + len(ours & wanted), found + len(ours), gold + len(wanted)
    return 2 * hit / max(1, found + gold)


def spans(tags: Sequence[int]) -> set[tuple[int, int, int]]:
    """Read spans off BIO tags: start, end, label; an I that follows nothing begins a span."""
    rows: set[tuple[int, int, int]] = set()
    start, label = 0, -1
    for at, tag in enumerate([*tags, 0]):
        own = (tag - 1) // 2 if tag else -1
        if label >= 0 and (own != label or tag % 2 == 1):
            rows.add((start, at, label))
            label = -1
        if own >= 0 and label < 0:
            start, label = at, own
    return rows


def describe(score: float) -> str:
    """Give the README of the starting weights."""
    rows = "\n".join(
        f"| {s.name} | {s.source} | {s.licence} | {'learnt' if s.learn else 'held out'} "
        f"| `{s.file}` | {s.sha256} |"
        for s in SETS
    )
    return (
        "# Starting weights\n\n"
        f"all-MiniLM-L6-v2 (Apache 2.0) after {PLAN.epochs} epochs of tagging names in public "
        f"texts; the lowest {FREEZE_LAYERS} layers and the word embeddings are as published. "
        "The recognizer starts from it. No text of the sets is in here. Made by\n\n"
        "```sh\npython -m pipeline.training.first_round --data DIR --out models/start\n```\n\n"
        f"Span F1 on the held-out texts: {score:.3f}.\n\n"
        "| set | source | licence | use | file (gzipped JSON lines: text, spans) | SHA-256 |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        f"{rows}\n"
    )


def main(data: InPath, out: OutPath) -> None:
    """Read the public sets below a folder, write the starting weights."""
    seed_all(PLAN.seed)
    encoder, score = first_round(data, Path(".train") / "start")
    write_start(out, encoder, ENCODER)
    with write_beside(out / "README.md") as stream:
        stream.write(describe(score))
    log.info("first_round: span F1 %.4f on held-out texts", score)


if __name__ == "__main__":
    run_stage(main)
