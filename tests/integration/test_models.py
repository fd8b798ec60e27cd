"""The shipped models: small, opened by plain spaCy, and trained on what is in the repository."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import spacy

from tests.conftest import ROOT

MODELS = ROOT / "models"


def test_both_fit_into_sixty_megabytes():
    assert sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file()) < 60_000_000


def test_plain_spacy_opens_them():
    nlp = spacy.load(MODELS / "recognizer")
    doc = nlp("Deputy Minister Trịnh Quốc Bảo of the Ministry of Justice met Albania's envoy.")
    assert ("Trịnh Quốc Bảo", "PERSON") in {(ent.text, ent.label_) for ent in doc.ents}
    assert ("Ministry of Justice", "ORG") in {(ent.text, ent.label_) for ent in doc.ents}
    assert spacy.load(MODELS / "relater").pipe_names == ["relater"]


@pytest.mark.skipif(
    not (ROOT / "outputs" / "prepare").is_dir(), reason="`dvc repro prepare` has not run here"
)
def test_no_clone_trains_by_surprise():
    result = subprocess.run(
        [sys.executable, "-m", "dvc", "status", "--json", "train_recognizer", "train_relater"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert json.loads(result.stdout or "{}") == {}
