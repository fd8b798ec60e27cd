"""Stage `train_recognizer`: names and references, learnt from the annotated texts."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Adam, Config

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.name_tagger import score_names
from pipeline.components.readers import gold_reader
from pipeline.params import load_params
from pipeline.records import make_key
from pipeline.training.loop import Plan, digest, seed_all, train

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Params:
    """`encoder`: packaged name, folder or hub name; `batch_words` and `piece_tokens` bound
    batches and the pieces that documents are cut into; `warmup` counts epochs, `head_rate`
    multiplies the rate for the layers above the encoder."""

    seed: int
    encoder: str
    freeze_layers: int
    epochs: int
    rate: float
    head_rate: float
    dropout: float
    warmup: float
    patience: int
    batch_words: int
    piece_tokens: int


def train_recognizer(
    nlp: Language, prepare: Path, params: Params, checkpoint: Path, key: str
) -> dict[str, Any]:
    """Train a fresh pipeline on the train part; gives the scores of its best epoch on dev."""
    examples = list(gold_reader(prepare / "train.spacy", params.piece_tokens)(nlp))
    dev = list(gold_reader(prepare / "dev.spacy", 0)(nlp))
    nlp.initialize(lambda: examples)
    stepper = _Stepper(nlp, params.head_rate)
    scores: dict[str, Any] = {}

    def batches(generator: random.Random) -> Sequence[list[Example]]:
        order = list(examples)
        generator.shuffle(order)
        made: list[list[Example]] = [[]]
        words = 0
        for example in order:
            if made[-1] and words + len(example.predicted) > params.batch_words:
                made.append([])
                words = 0
            made[-1].append(example)
            words += len(example.predicted)
        return made

    def learn(batch: list[Example], rate: float) -> float:
        losses = nlp.update(batch, sgd=False, drop=params.dropout)  # type: ignore[arg-type]
        stepper.step(rate)
        return float(losses["name_tagger"])

    def evaluate() -> float:
        found = [Example(nlp(example.x.copy()), example.y) for example in dev]
        scores.update(score_names(found))
        return float(scores["names_f"])

    def restore(path: Path) -> None:
        nlp.from_disk(path)
        stepper.reset()

    plan = Plan(params.seed, params.epochs, params.rate, params.warmup, params.patience)
    train(
        plan, batches, learn, evaluate,
        save=lambda path: nlp.to_disk(path),
        restore=restore,
        checkpoint=checkpoint, key=key,
    )  # fmt: skip
    evaluate()
    return scores


class _Stepper:
    """Takes the optimizers' steps: the encoder's slow and careful, that of the layers above fast.

    The layers above start from nothing, so their rate is `head_rate` times the encoder's.
    """

    def __init__(self, nlp: Language, head_rate: float) -> None:
        self.nlp, self.head_rate = nlp, head_rate
        self.reset()

    def reset(self) -> None:
        """Start anew with the weights that the pipeline has now."""
        transformer: Any = self.nlp.get_pipe("transformer")
        encoder = transformer.model.layers[0].shims[0]._model
        self.weights = [p for p in encoder.parameters() if p.requires_grad]
        self.encoder = torch.optim.AdamW(self.weights, lr=1e-4, weight_decay=0.01)
        self.head = Adam(0.001, L2=0.0, grad_clip=1.0, use_averages=False)

    def step(self, rate: float) -> None:
        """Apply the gradients of one batch."""
        for group in self.encoder.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.encoder.step()
        self.encoder.zero_grad(set_to_none=True)
        self.head.learn_rate = rate * self.head_rate
        tagger: Any = self.nlp.get_pipe("name_tagger")
        tagger.finish_update(self.head)


def main(prepare: InPath, config: InPath, out: OutPath) -> None:
    """Read the prepared parts and the network's config, write the trained pipeline."""
    params = load_params("train_recognizer", Params)
    seed_all(params.seed)
    whole = load_config(config)
    # The rest of the file is for `spacy train`, which this stage does without.
    settings = Config({name: whole[name] for name in ("nlp", "components")})
    model = settings["components"]["transformer"]["model"]
    model["name"], model["freeze_layers"] = params.encoder, params.freeze_layers
    nlp = load_model_from_config(settings, auto_fill=True)
    data = [digest(prepare / f"{part}.spacy") for part in ("train", "dev")]
    key = make_key(asdict(params), settings.to_str(), *data)
    scores = train_recognizer(nlp, prepare, params, Path(".train") / "recognizer", key)
    nlp.meta["performance"] = {k: v for k, v in scores.items() if isinstance(v, float)}
    nlp.to_disk(out)
    log.info("train_recognizer: names F1 %.4f on dev", scores["names_f"])


if __name__ == "__main__":
    run_stage(main)
