"""Train recognizer and relater by the functions of the train stages."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest import mock

import spacy
import yaml
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Config

from pipeline.components import windows
from pipeline.components.relation_scorer import score_relations
from pipeline.components.windows import Passage
from pipeline.params import make_params, project_path
from pipeline.records import make_key
from pipeline.stages import train_recognizer, train_relater
from pipeline.training.loop import digest, digest_of, seed_all
from tests.benchmarks.yardsticks.sets import Yardstick

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[3]
Train = Callable[..., dict[str, Any]]
CONFIGS = ROOT / "pipeline" / "configs"


def recognizer(yardstick: Yardstick, seed: int, folder: Path) -> Language:
    """Train the recognizer as its stage does."""
    params = _params("train_recognizer", train_recognizer.Params, yardstick.recognizer, seed)
    whole = load_config(CONFIGS / "recognizer.cfg")
    settings = Config({name: whole[name] for name in ("nlp", "components")})
    model = settings["components"]["transformer"]["model"]
    model["name"], model["freeze_layers"] = params.encoder, params.freeze_layers
    train = train_recognizer.train_recognizer
    return _trained(train, settings, params, folder, "recognizer")


def relater(
    yardstick: Yardstick, seed: int, folder: Path, names: Language | None = None
) -> Language:
    """Train the relater as its stage does, with the set's schema.

    It learns between the names that the recognizer `names` finds, or between gold's. Where the
    task is about related pairs, it learns from those alone, and the best epoch is the one whose
    relations have the best mean F1, as that is what is measured.
    """
    params = _params("train_relater", train_relater.Params, yardstick.relater, seed)
    settings = load_config(CONFIGS / "relater.cfg")
    settings["components"]["relater"].update(
        encoder=params.encoder,
        freeze_layers=params.freeze_layers,
        width=params.width,
        dropout=params.dropout,
        schema_path=str(folder / "schema.yaml"),
    )
    related = yardstick.task == "related_pairs"
    train: Any = _train_on_related if related else train_relater.train_relater
    return _trained(
        lambda nlp, *rest: train(nlp, names, *rest), settings, params, folder, "relater"
    )


def _train_on_related(
    nlp: Language, names: Language | None, folder: Path, *rest: Any
) -> dict[str, Any]:
    parts = (train_relater.read_part(nlp, folder / f"{part}.spacy") for part in ("train", "dev"))
    keep_related(nlp.get_pipe("relater"), [doc for docs in parts for doc in docs])

    def by_mean(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        scores = score_relations(examples, **kwargs)
        return scores | {"relations_f": scores["relations_macro_f"]}

    with mock.patch.object(train_relater, "score_relations", by_mean):
        return train_relater.train_relater(nlp, names, folder, *rest)


def keep_related(component: Any, docs: Iterable[Doc]) -> None:
    """Let a relater see, of the pairs in these texts, those alone that gold relates."""
    related: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for doc in docs:
        related[doc.text].update((head, tail) for head, _, tail, *_ in doc._.relations)

    def passages(doc: Doc) -> list[Passage]:
        found = windows.passages(
            doc, component.schema, component.tokenizer, component.cfg["labels"]
        )
        kept = []
        for passage in found:
            names = passage.entities
            passage.window.pairs = [
                pair
                for pair in passage.window.pairs
                if (names[pair[0]], names[pair[1]]) in related[doc.text]
            ]
            if passage.window.pairs:
                kept.append(passage)
        return kept

    component.passages = passages


def _trained(train: Train, settings: Config, params: Any, folder: Path, name: str) -> Language:
    """Train a pipeline, or open it where it was trained before with the same set and settings.

    What the code does is not asked: after a change of it, begin with an empty folder.
    """
    data = [digest(folder / f"{part}.spacy") for part in ("train", "dev")]
    origin = digest_of(project_path(params.start)) if params.start else ""
    key = make_key(asdict(params), settings.to_str(), origin, *data)
    saved = folder / f"{name}-{key}"
    if saved.is_dir():
        return spacy.load(saved)
    seed_all(params.seed)
    nlp = load_model_from_config(settings, auto_fill=True)
    scores = train(nlp, folder, params, folder / f"{name}-training", key)
    found = {k: round(v, 4) for k, v in scores.items() if isinstance(v, float)}
    log.info("%s with seed %d, on what training watches of dev: %s", name, params.seed, found)
    nlp.to_disk(saved)
    return spacy.load(saved)


def _params(section: str, kind: type[Any], changed: dict[str, Any] | None, seed: int) -> Any:
    """Give the project's parameters of a train stage with the yardstick's changes."""
    own = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))[section]
    return make_params(own | (changed or {}) | {"seed": seed}, kind, f"yardsticks.yaml, {section}")
