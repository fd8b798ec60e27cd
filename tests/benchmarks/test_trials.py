"""Trials: which texts a share takes, and rows that stay."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from pipeline.extensions import add_extensions
from pipeline.tables import read_table
from tests.benchmarks import bench_designs, trials
from tests.benchmarks.bench_designs import as_entities, references_apart
from tests.benchmarks.trials import TRIALS, Trial, add_row, every, known, run, share_of
from tests.unit.stages.training_set import write_prepared

TRIAL = Trial("recognizer", "shipped design", 0.5, 4)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(1.0, list(range(9))), (0.33, [0, 3, 6]), (0.5, [0, 2, 4, 6]), (0.01, [0])],
)
def test_a_share_is_taken_at_even_steps(share, expected):
    assert every(list(range(9)), share) == expected


def test_a_share_does_not_depend_on_the_order_in_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(trials, "WORK", tmp_path / "work")
    add_extensions()
    found = []
    for order in ("abcd", "dbca"):
        nlp = spacy.blank("en")
        docs = [Doc(nlp.vocab, words=[name], spaces=[False]) for name in order]
        for doc in docs:
            doc._.doc_id = doc.text
        DocBin(store_user_data=True, docs=docs).to_disk(tmp_path / "train.spacy")
        DocBin(store_user_data=True, docs=docs[:1]).to_disk(tmp_path / "dev.spacy")
        folder, count = share_of(tmp_path, 0.5)
        chosen = DocBin().from_disk(folder / "train.spacy").get_docs(nlp.vocab)
        found.append([doc._.doc_id for doc in chosen])
        assert count == 2
        assert (folder / "dev.spacy").exists()
    assert found == [["a", "c"], ["a", "c"]]


def test_rows_are_added_and_one_that_stands_there_is_known(tmp_path):
    path = tmp_path / "trials.csv"
    assert not known(path, TRIAL)
    add_row(path, TRIAL, 7, {"names_f": 0.51234, "names_per_type": {}}, 9.6)
    other = Trial("relater", "shipped design", 1.0, 4)
    add_row(path, other, 9, {"relations_f": 0.7}, None)
    assert known(path, TRIAL)
    assert known(path, other)
    assert not known(path, Trial("recognizer", "shipped design", 0.5, 5))
    first, second = read_table(path, TRIALS)
    assert (first["names_f"], first["relations_f"], first["seconds"]) == ("0.5123", "", "10")
    assert (second["relations_f"], second["seconds"], second["documents"]) == ("0.7000", "", "9")
    add_row(path, TRIAL, 7, {"names_f": 0.6}, 1.0)
    assert [row["names_f"] for row in read_table(path, TRIALS)] == ["0.6000", ""]


def test_a_resumed_trial_has_no_time(tmp_path, monkeypatch):
    monkeypatch.setattr(trials, "WORK", tmp_path / "work")
    prepare = write_prepared(tmp_path / "prepare")
    TRIAL.folder.mkdir(parents=True)
    (TRIAL.folder / "progress.json").write_text("{}", encoding="utf-8")
    run(tmp_path / "t.csv", TRIAL, prepare, lambda _, __: {"names_f": 0.5})
    [row] = read_table(tmp_path / "t.csv", TRIALS)
    assert (row["documents"], row["names_f"], row["seconds"]) == ("2", "0.5000", "")


def test_references_become_entities_and_come_back(tmp_path):
    from pipeline.components.readers import gold_reader

    nlp = spacy.blank("en")
    [example, *_] = gold_reader(write_prepared(tmp_path) / "train.spacy", 0)(nlp)
    references = [(s.start, s.end) for s in example.reference.spans["references"]]
    names = [(e.start, e.end, e.label_) for e in example.reference.ents]
    doc = as_entities(example).reference
    assert [(e.start, e.end) for e in doc.ents if e.label_ == "REF"] == references != []
    back = references_apart(doc)
    assert [(s.start, s.end) for s in back.spans["references"]] == references
    assert [(e.start, e.end, e.label_) for e in back.ents] == names


def test_mpnet_is_left_out_where_its_packages_are_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_designs, "MPNET_PARTS", ["no-such-package"])
    assert bench_designs.join_mpnet(tmp_path) is None
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(bench_designs.InputError, match=r"found SHA-256 \w+, expected 78c0197b"):
        bench_designs.checked_mpnet(tmp_path)
