"""Stage `train_relater`: relations between the entities of a paragraph, learnt from gold texts."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import load_config, load_model_from_config

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.relater import Relater
from pipeline.components.relation_scorer import score_relations
from pipeline.components.windows import Passage
from pipeline.extensions import add_extensions
from pipeline.params import load_params
from pipeline.records import make_key
from pipeline.training.calibration import platt, thresholds
from pipeline.training.loop import Plan, digest, seed_all, train, void

log = logging.getLogger(__name__)
POOL = 20  # batches that are sorted by length together, so that little is padded


@dataclass(frozen=True)
class Params:
    """`batch` counts passages, `warmup` epochs; no threshold is set below `lowest_threshold`."""

    seed: int
    encoder: str
    freeze_layers: int
    epochs: int
    rate: float
    warmup: float
    patience: int
    batch: int
    width: int
    dropout: float
    lowest_threshold: float


Item = tuple[Passage, Doc]


def train_relater(
    nlp: Language, prepare: Path, params: Params, checkpoint: Path, key: str
) -> dict[str, Any]:
    """Train the pipeline's relater, calibrate it on dev, and give its scores there."""
    relater: Relater = nlp.get_pipe("relater")  # type: ignore[assignment]
    relater.initialize(lambda: [])
    docs, dev = (read_part(nlp, prepare / f"{part}.spacy") for part in ("train", "dev"))
    items: list[Item] = [(passage, doc) for doc in docs for passage in relater.passages(doc)]
    scores: dict[str, Any] = {}

    def make_batches(generator: random.Random) -> Sequence[list[Item]]:
        order = list(items)
        generator.shuffle(order)
        size = params.batch * POOL
        pools = [order[at : at + size] for at in range(0, len(order), size)]
        made = []
        for pool in pools:
            pool.sort(key=lambda item: len(item[0].window.pieces))
            made += [pool[at : at + params.batch] for at in range(0, len(pool), params.batch)]
        generator.shuffle(made)
        return made

    def evaluate() -> float:
        scores.update(score_relations(annotated(relater, dev)))
        return float(scores["relations_f"])

    plan = Plan(params.seed, params.epochs, params.rate, params.warmup, params.patience)
    train(
        plan, make_batches, relater.learn, evaluate,
        save=lambda path: nlp.to_disk(path),
        restore=lambda path: void(nlp.from_disk(path)),
        checkpoint=checkpoint, key=key,
    )  # fmt: skip
    calibrate(relater, dev, params.lowest_threshold)
    evaluate()
    return scores


def read_part(nlp: Language, path: Path) -> list[Doc]:
    """Read the Docs of one part with all that they carry."""
    add_extensions()
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def annotated(relater: Relater, docs: Sequence[Doc]) -> list[Example]:
    """Predict relations between the gold mentions of Docs."""
    found = []
    for doc in docs:
        copy = Doc(
            doc.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc]
        )
        copy._.mention_ids = doc._.mention_ids
        found.append(Example(relater(copy), doc))
    return found


def calibrate(relater: Relater, docs: Sequence[Doc], lowest: float) -> None:
    """Fit the scale of scores and the threshold of each relation to held-out Docs."""
    logits: dict[str, tuple[list[float], list[bool]]] = {
        name: ([], []) for name in relater.cfg["relations"]
    }
    for doc, rows in zip(docs, relater.predict(docs), strict=True):
        for passage, score in rows:
            target, _, _ = relater.targets(passage, doc)
            allowed = relater.allowed(passage)
            for number, name in enumerate(relater.cfg["relations"]):
                for pair in allowed[:, number].nonzero().flatten().tolist():
                    logits[name][0].append(float(score.relations[pair, number]))
                    logits[name][1].append(bool(target[pair, number]))
    every = [v for values, _ in logits.values() for v in values]
    truths = [t for _, values in logits.values() for t in values]
    slope, shift = platt(every, truths)
    relater.cfg["calibration"] = [slope, shift]
    scaled = {
        name: (torch.sigmoid(torch.tensor(values) * slope + shift).tolist(), right)
        for name, (values, right) in logits.items()
    }
    relater.cfg["thresholds"] = thresholds(scaled, lowest)


def main(prepare: InPath, config: InPath, out: OutPath) -> None:
    """Read the prepared parts and the config, write the trained pipeline."""
    params = load_params("train_relater", Params)
    seed_all(params.seed)
    settings = load_config(config)
    settings["components"]["relater"].update(
        encoder=params.encoder,
        freeze_layers=params.freeze_layers,
        width=params.width,
        dropout=params.dropout,
    )
    nlp = load_model_from_config(settings, auto_fill=True)
    data = [digest(prepare / f"{part}.spacy") for part in ("train", "dev")]
    key = make_key(asdict(params), settings.to_str(), *data)
    scores = train_relater(nlp, prepare, params, Path(".train") / "relater", key)
    nlp.meta["performance"] = {k: v for k, v in scores.items() if isinstance(v, float)}
    nlp.to_disk(out)
    log.info(
        "train_relater: relations F1 %.4f on dev, between gold mentions", scores["relations_f"]
    )


if __name__ == "__main__":
    run_stage(main)
