"""What tests share: where the project's files are, a few seed documents, a tiny encoder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import settings
from transformers import AutoTokenizer, BertConfig, BertModel

from pipeline.components.encoder import encoder_path

# A slow machine is no failing test.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "seeds" / "articles"
REAL = ROOT.parent / "shared" / "seeds"  # real documents, where they are present


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy ten seed documents of all forms into a folder of their own."""
    folder = tmp_path_factory.mktemp("few")
    chosen = sorted(ARTICLES.iterdir(), key=lambda path: (path.stat().st_size, path.name))[:7]
    for pattern in ("*.html", "cable*", "*.md"):
        chosen += sorted(ARTICLES.glob(pattern))[:1]
    for path in dict.fromkeys(chosen):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make an encoder with which components train in seconds."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(encoder_path("minilm"))
    config = BertConfig(
        vocab_size=tokenizer.vocab_size, hidden_size=32, num_hidden_layers=2,
        num_attention_heads=2, intermediate_size=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)
