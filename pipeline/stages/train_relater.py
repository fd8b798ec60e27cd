"""Stage `train_relater`: relations between the entities of a paragraph, learnt from gold texts."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import torch
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Config

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.encoder import encoder_of, load_start
from pipeline.components.name_tagger import tagger_of
from pipeline.components.pair_targets import allowed_pairs, targets_of
from pipeline.components.pointer import pointer_of
from pipeline.components.relater import Relater, best_qualifier
from pipeline.components.relation_scorer import score_relations
from pipeline.components.windows import Passage
from pipeline.errors import ConfigError
from pipeline.extensions import add_extensions
from pipeline.params import load_params, project_path
from pipeline.records import make_key
from pipeline.training.again import Again, going_on, plan_of, settings_key, texts_of, write_note
from pipeline.training.calibration import best_logit, logistic, thresholds
from pipeline.training.loop import digest, digest_of, seed_all, train, void
from pipeline.training.predicted import fitting_noise, score_docs, with_mentions

log = logging.getLogger(__name__)
RECOGNIZER = "recognizer"  # as `start`
RELATED = "related.spacy"  # passages with relations, where there are any
POOL = 20  # batches that are sorted by length together, so that little is padded


@dataclass(frozen=True)
class Params:
    """`start`: `recognizer` for its encoder and markers, or a folder of starting weights, or
    empty for the encoder as published; `predicted`: share of texts that are learnt with the
    recognizer's mentions in place of the annotated ones; `batch` counts passages, `warmup`
    epochs; no threshold is below `lowest_threshold`; `again_epochs`: epochs after a few texts
    were added, at `again_rate` times the rate, with the share `again_replay` of the old ones."""

    seed: int
    encoder: str
    start: str
    predicted: float
    freeze_layers: int
    epochs: int
    again_epochs: int
    again_rate: float
    again_replay: float
    rate: float
    warmup: float
    patience: int
    batch: int
    width: int
    dropout: float
    lowest_threshold: float


Item = tuple[Passage, Doc]


def train_relater(
    nlp: Language,
    recognizer: Language | None,
    prepare: Path,
    params: Params,
    checkpoint: Path,
    key: str,
    again: Again | None = None,
) -> dict[str, Any]:
    """Train the pipeline's relater, calibrate it on dev, and give its scores there.

    It begins anew, or goes on from a trained pipeline `again`, with the texts that are
    new and a share of the others. It is judged and
    calibrated between the mentions that the recognizer finds; without one, all is learnt and
    judged between the annotated mentions.
    """
    relater: Relater = nlp.get_pipe("relater")  # type: ignore[assignment]
    relater.initialize(lambda: [])
    if again:
        nlp.from_disk(again.before)
    elif params.start == RECOGNIZER and recognizer is not None:
        start_from(recognizer, relater)
    elif params.start:
        load_start(project_path(params.start), relater.encoder, params.encoder)
    docs, dev = (read_part(nlp, prepare / f"{part}.spacy") for part in ("train", "dev"))
    if (prepare / RELATED).exists():
        docs += read_part(nlp, prepare / RELATED)
    if again:
        docs = again.replayed(docs, params.again_replay, params.seed, lambda doc: doc)
    met: Sequence[Doc] = dev
    texts: Callable[[np.random.Generator], Iterable[Doc]] = lambda _: docs  # noqa: E731
    if recognizer is not None:
        met, texts = meet(recognizer, docs, dev, params)
    scores: dict[str, Any] = {}

    def make_batches(generator: random.Random) -> Sequence[list[Item]]:
        draw = np.random.default_rng(generator.randrange(2**32))
        order: list[Item] = [(p, doc) for doc in texts(draw) for p in relater.passages(doc)]
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
        scores.update(score_relations(annotated(relater, met), schema=relater.schema))
        return float(scores["relations_f"])

    train(
        plan_of(params, again is not None), make_batches, relater.learn, evaluate,
        save=lambda path: nlp.to_disk(path),
        restore=lambda path: void(nlp.from_disk(path)),
        checkpoint=checkpoint, key=key, steps=_Steps(relater),
    )  # fmt: skip
    calibrate(relater, met, params.lowest_threshold)
    evaluate()
    given = score_relations(annotated(relater, dev), schema=relater.schema)
    return scores | {"between_given_mentions_f": given["relations_f"]}


def start_from(recognizer: Language, relater: Relater) -> None:
    """Let a relater begin with the recognizer's encoder, and with the markers of its pointer.

    A mark of a reference begins between that of its label and that of all references.

    Raises:
        ConfigError: the recognizer has another encoder, or no pointer.
    """
    pointer = pointer_of(recognizer)
    if pointer is None:
        raise ConfigError(
            f"train_relater.start is {RECOGNIZER!r}: the recognizer has the pipes "
            f"{recognizer.pipe_names}, expected a pointer. Name a folder of starting weights."
        )
    try:
        relater.encoder.load_state_dict(encoder_of(recognizer).state_dict())
    except RuntimeError as error:
        raise ConfigError(
            f"train_relater.start is {RECOGNIZER!r}: its encoder does not fit "
            f"{relater.settings['encoder']!r} ({str(error).splitlines()[0]}). Set the same "
            f"`encoder` for both in params.yaml."
        ) from error
    known, markers = list(pointer.labels), pointer.layers.markers.weight
    sides = []
    for side in (markers[: len(known)], markers[len(known) :]):
        names = side[[known.index(label) for label in relater.cfg["labels"]]]
        sides += [names, (names + side[-1]) / 2]
    relater.markers.load_state_dict({"weight": torch.cat(sides).detach()})


def meet(
    recognizer: Language, docs: Sequence[Doc], dev: Sequence[Doc], params: Params
) -> tuple[list[Doc], Callable[[np.random.Generator], Iterator[Doc]]]:
    """Give dev with the mentions that are found, and what draws an epoch's texts.

    Of the texts to learn from, a share has found mentions, with noise that is drawn anew.
    """
    tagger = tagger_of(recognizer)
    learnt, held = score_docs(recognizer, docs), score_docs(recognizer, dev)
    noise = fitting_noise(learnt, held, tagger, params.seed)
    log.info("train_relater: noise of %.2f on the recognizer's scores of learnt texts", noise)
    silent = np.random.default_rng(params.seed)

    def texts(draw: np.random.Generator) -> Iterator[Doc]:
        for scored in learnt:
            predicted = draw.random() < params.predicted
            yield with_mentions(scored, tagger, noise, draw) if predicted else scored.doc

    return [with_mentions(scored, tagger, 0.0, silent) for scored in held], texts


class _Steps:
    """The weights in full precision and the optimizer's moments, for a run that is resumed."""

    def __init__(self, relater: Relater) -> None:
        self.relater = relater

    def keep(self, path: Path) -> None:
        """Write them to a file."""
        optimizer = self.relater.optimizer.state_dict()
        torch.save({"weights": self._network().state_dict(), "optimizer": optimizer}, path)

    def take_up(self, path: Path) -> None:
        """Read them from a file; the pipeline of that step must be there already."""
        state = torch.load(path, weights_only=True)
        self._network().load_state_dict(state["weights"])
        self.relater.optimizer.load_state_dict(state["optimizer"])

    def _network(self) -> torch.nn.Module:
        if self.relater.network is None:
            raise ValueError(f"{self.relater.name} is neither initialized nor loaded from disk")
        return self.relater.network


def read_part(nlp: Language, path: Path) -> list[Doc]:
    """Read the Docs of one part with all that they carry."""
    add_extensions()
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def annotated(relater: Relater, docs: Sequence[Doc]) -> list[Example]:
    """Predict relations between the mentions that Docs have."""
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
    names = relater.cfg["relations"]
    logits: dict[str, list[float]] = {name: [] for name in names}
    sure: dict[str, list[float]] = {name: [] for name in names}
    right: dict[str, list[bool]] = {name: [] for name in names}
    for doc, rows in zip(docs, relater.predict(docs), strict=True):
        for passage, score in rows:
            target, _, _ = targets_of(passage, doc, relater.cfg, relater.schema)
            allowed = allowed_pairs(passage, relater.schema)
            ends = relater.sureness(passage)
            for number, name in enumerate(names):
                inside = allowed[:, number] > 0
                logits[name] += score.relations[inside, number].tolist()
                sure[name] += ends[inside].tolist()
                right[name] += (target[inside, number] > 0).tolist()
    features = [[v for name in names for v in rows[name]] for rows in (logits, sure)]
    truths = [t for name in names for t in right[name]]
    slope, weight, shift = logistic(features, truths)
    relater.cfg["calibration"] = [slope, weight, shift]
    scaled = {
        name: (
            torch.sigmoid(
                torch.tensor(logits[name]) * slope + torch.tensor(sure[name]) * weight + shift
            ).tolist(),
            right[name],
        )
        for name in names
    }
    relater.cfg["thresholds"] = thresholds(scaled, lowest)
    relater.cfg["qualifier_limits"] = qualifier_limits(relater, docs)


def qualifier_limits(relater: Relater, docs: Sequence[Doc]) -> dict[str, float]:
    """Give for each kind the log odds against none above which a qualifier is best believed."""
    kinds = list(relater.cfg["qualifiers"].items())
    odds: list[list[float]] = [[] for _ in kinds]
    right: list[list[bool]] = [[] for _ in kinds]
    given = [0] * len(kinds)
    for doc, rows in zip(docs, relater.predict(docs), strict=True):
        for passage, score in rows:
            qualifiers = passage.window.qualifiers
            for pair, kind, row in targets_of(passage, doc, relater.cfg, relater.schema)[2]:
                there = row < len(qualifiers)
                wanted = set(passage.rows[qualifiers[row]].ids) if there else set()
                given[kind] += there
                value, mention = best_qualifier(
                    passage, score.pointers[pair, :, kind], kinds[kind][1]
                )
                if mention >= 0:
                    odds[kind].append(value)
                    right[kind].append(not wanted.isdisjoint(passage.rows[mention].ids))
    return {
        key: round(best_logit(odds[number], right[number], given[number] - sum(right[number])), 4)
        for number, (key, _) in enumerate(kinds)
    }


def configured(config: Path, params: Params) -> tuple[Config, str]:
    """Give the pipeline's config, and the key of all that its weights come from but the texts."""
    settings = load_config(config)
    settings["components"]["relater"].update(
        encoder=params.encoder,
        freeze_layers=params.freeze_layers,
        width=params.width,
        dropout=params.dropout,
    )
    origin = params.start
    if origin not in ("", RECOGNIZER):
        origin = digest_of(project_path(params.start))
    return settings, settings_key(asdict(params), settings.to_str(), origin)


def main(prepare: InPath, recognizer: InPath, config: InPath, out: OutPath) -> None:
    """Read the prepared parts, the recognizer and the config, write the trained pipeline."""
    params = load_params("train_relater", Params)
    out.parent.mkdir(parents=True, exist_ok=True)  # fails now, and not after the training
    seed_all(params.seed)
    settings, same = configured(config, params)
    nlp = load_model_from_config(settings, auto_fill=True)
    files = [prepare / name for name in ("train.spacy", "dev.spacy", RELATED)]
    data = [digest(file) for file in files if file.exists()]
    finder = spacy.load(recognizer)
    origin = params.start
    if origin not in ("", RECOGNIZER):
        origin = digest_of(project_path(origin))
    same = settings_key(asdict(params), settings.to_str(), origin)
    texts = texts_of(prepare, "related_on.txt")
    again = going_on(out, same, texts)
    key = make_key(
        asdict(params), same, *data, digest_of(recognizer), digest_of(out) if again else ""
    )
    checkpoint = Path(".train") / "relater"
    scores = train_relater(nlp, finder, prepare, params, checkpoint, key, again)
    nlp.meta["performance"] = {k: v for k, v in scores.items() if isinstance(v, float)}
    nlp.to_disk(out)
    write_note(out, same, texts)
    log.info(
        "train_relater: relations F1 %.4f on dev, %.4f between given mentions",
        scores["relations_f"],
        scores["between_given_mentions_f"],
    )


if __name__ == "__main__":
    run_stage(main)
