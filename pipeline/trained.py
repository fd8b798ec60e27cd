"""Trained pipelines: where they lie, and in which precision they run."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language

from pipeline.components.precision import set_precision
from pipeline.components.spans import set_even_spans
from pipeline.errors import ConfigError
from pipeline.params import project_path

BASELINE = "baseline"  # in place of a model: rules on en_core_web_sm


def open_trained(model: str, section: str, precision: str) -> Language:
    """Open a folder, or a folder under models/; `section` of params.yaml names it in errors.

    Raises:
        ConfigError: there is no such folder or precision.
    """
    folder = Path(model) if Path(model).is_dir() else project_path("models") / model
    if not folder.is_dir():
        raise ConfigError(
            f"{section}.model is {model!r}: there is no folder {folder}. Train it with "
            f"`dvc repro`, or set it to {BASELINE!r}."
        )
    return set_even_spans(set_precision(spacy.load(folder), precision, f"{section}.precision"))
