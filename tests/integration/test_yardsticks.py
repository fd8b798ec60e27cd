"""The yardsticks: sets are read and counted right, and a tiny network is trained and scored."""

from __future__ import annotations

import csv
import gzip
import json

import pytest
import spacy
import torch
from spacy.tokens import Doc

from pipeline.errors import InputError, RecordError
from pipeline.schema import load_schema
from tests.benchmarks.yardsticks.__main__ import main, means, measure, read_settings, write_results
from tests.benchmarks.yardsticks.measures import (
    chosen,
    found_triples,
    gold_pairs,
    gold_triples,
    micro,
    per_pair,
)
from tests.benchmarks.yardsticks.sets import Sentence, Yardstick, make_doc, read_part, schema_of
from tests.benchmarks.yardsticks.training import keep_related
from tests.conftest import ROOT

REAL_SETS = ROOT.parent / "shared" / "data"
SHIPS = ("Vega", "Orla", "Brunhild", "Nerthus")
PORTS = ("Ume", "Nola", "Port Elke", "Sund")

SHIPS_SCHEMA = """
labels: {ship: "", port: ""}
reference: REF
statuses: [actual]
qualifiers: {}
groups: {}
relations:
  calls-at: {head: [ship, port], tail: [ship, port]}
"""


def row(number, part, ship, port):
    text = f"The {ship} reached {port} ."
    at = text.index(port)
    spans = [
        {"start": at, "end": at + len(port), "label": "port"},
        {"start": 4, "end": 4 + len(ship), "label": "ship"},
    ]
    relation = {"head": 1, "tail": 0, "label": "calls-at"}
    return {
        "id": f"made_up/{part}/{number}", "text": text, "spans": spans, "relations": [relation]
    }  # fmt: skip


@pytest.fixture
def data(tmp_path):
    for part in ("train", "dev", "test"):
        rows = [row(n, part, SHIPS[n % 4], PORTS[(n // 2) % 4]) for n in range(8)]
        with gzip.open(tmp_path / f"made_up-{part}.jsonl.gz", "wt", encoding="utf-8") as stream:
            stream.writelines(json.dumps(r) + "\n" for r in rows)
    return tmp_path


def yardstick(task, encoder="minilm", **changed):
    shared = {"encoder": encoder, "start": "", "epochs": 1, "rate": 0.001}
    relater = shared | {"width": 32, "freeze_layers": 0}
    return Yardstick("made_up", task, [1, 2], recognizer=shared, relater=relater, **changed)


def test_a_sentence_keeps_its_spans_and_relations(data):
    sentence = read_part(data, yardstick("spans"), "dev")[0]
    doc = make_doc(spacy.blank("en"), sentence)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Vega", "ship"), ("Ume", "port")]
    assert gold_triples(doc) == {(1, 2, "ship", "calls-at", 3, 4, "port")}
    assert gold_pairs(doc) == {("1", "0"): {"calls-at"}}


def test_a_domain_is_the_part_whose_ids_begin_so(data):
    assert len(read_part(data, yardstick("spans", domain="train/3"), "train")) == 1


def test_a_span_inside_a_token_is_an_error():
    sentence = Sentence("made_up/1", "The Vega", ((4, 6, "ship"),), ())
    with pytest.raises(RecordError, match="cuts a token"):
        make_doc(spacy.blank("en"), sentence)


def test_absent_sets_are_said_to_be_absent(tmp_path):
    with pytest.raises(InputError, match=r"made_up-train.jsonl.gz is not there"):
        read_part(tmp_path, yardstick("spans"), "train")


@pytest.mark.parametrize(
    ("typed", "calls_at", "near"),
    [(True, True, False), (False, True, True)],
)
def test_only_train_says_what_may_stand_at_an_end(tmp_path, typed, calls_at, near):
    train = Sentence("a", "Vega Ume", ((0, 4, "ship"), (5, 8, "port")), ((0, "calls-at", 1),))
    test = Sentence("b", "Ume Sea", ((0, 3, "port"), (4, 7, "sea")), ((0, "near", 1),))
    (tmp_path / "a.yaml").write_text(schema_of({"train": [train], "test": [test]}, typed))
    schema = load_schema(tmp_path / "a.yaml")
    assert list(schema.labels) == ["port", "sea", "ship"]
    assert schema.allows("calls-at", "ship", "port") is calls_at
    assert schema.allows("near", "port", "sea") is near
    assert schema.allows("calls-at", "sea", "sea") is not typed


def test_a_triple_counts_where_borders_labels_and_relation_are_right():
    doc = Doc(spacy.blank("en").vocab, words=["Vega", "reached", "Port", "Elke"])
    doc._.mention_ids = [[0, 1, "ship", ["0"]], [2, 4, "port", ["1"]]]
    doc._.statements = [[0, "calls-at", 1, "actual", 0.9, 0, 4]]
    found = [found_triples(doc)]
    assert micro(found, [{(0, 1, "ship", "calls-at", 2, 4, "port")}])["f"] == 1.0
    assert micro(found, [{(0, 1, "ship", "calls-at", 2, 3, "port")}])["f"] == 0.0
    assert micro(found, [{(0, 1, "boat", "calls-at", 2, 4, "port")}])["f"] == 0.0
    assert micro([set()], [{(0, 1, "ship", "calls-at", 2, 4, "port")}])["r"] == 0.0


def test_the_macro_mean_weighs_all_relations_of_gold_alike():
    gold = [{("0", "1"): {"role"}, ("1", "0"): {"role", "named"}}, {("0", "1"): {"topic"}}]
    found = [{("0", "1"): {"role"}, ("1", "0"): {"role", "usage"}}, {}]
    scores = per_pair(found, gold)
    assert scores["relations of pairs, macro"]["f"] == pytest.approx(1 / 3)
    micro_f = 2 * 2 / (3 + 4)
    assert scores["relations of pairs, micro"]["f"] == pytest.approx(micro_f)


def test_a_pair_has_its_best_relation_and_those_above_the_floor():
    chances = torch.tensor([0.2, 0.1, 0.15])
    assert chosen(chances, ["a", "b", "c"], 1.0) == {"a"}
    assert chosen(chances, ["a", "b", "c"], 0.15) == {"a", "c"}


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
def test_of_related_pairs_the_relater_sees_no_others(data, tiny_encoder, tmp_path):
    (tmp_path / "a.yaml").write_text(SHIPS_SCHEMA, encoding="utf-8")
    nlp = spacy.blank("en")
    config = {"encoder": tiny_encoder, "width": 32, "schema_path": str(tmp_path / "a.yaml")}
    relater = nlp.add_pipe("relater", config=config)
    relater.initialize(lambda: [])
    doc = make_doc(nlp, read_part(data, yardstick("related_pairs"), "dev")[0])
    [passage] = relater.passages(doc)
    assert len(passage.window.pairs) == 2
    keep_related(relater, [doc])
    [passage] = relater.passages(doc)
    [(head, tail, _)] = passage.window.pairs
    assert (passage.entities[head], passage.entities[tail]) == ("1", "0")
    doc._.relations = []
    keep_related(relater, [doc])
    assert relater.passages(doc) == []


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
def test_training_and_scoring_run_through_and_agree_with_themselves(data, tiny_encoder, tmp_path):
    work = tmp_path / "work"
    own = yardstick("end_to_end", tiny_encoder, typed=True)
    rows = measure("ships", own, data, "test", work)
    assert [(r["measure"], r["seed"], r["gold"]) for r in rows] == [
        ("spans", 1, 16), ("strict relations", 1, 8),
        ("spans", 2, 16), ("strict relations", 2, 8),
        ("spans", "mean", 16), ("strict relations", "mean", 8),
    ]  # fmt: skip
    assert measure("ships", own, data, "test", work) == rows  # the saved models are opened
    pairs = measure("ships", yardstick("related_pairs", tiny_encoder), data, "dev", work / "pairs")
    # The only relation is every pair's best.
    assert {r["f1"] for r in pairs} == {1.0}


def test_results_take_the_place_of_older_ones(tmp_path):
    path = tmp_path / "results.csv"
    old = {
        "yardstick": "ships", "measure": "spans", "part": "test", "seed": 1,
        "precision": 0.5, "recall": 0.5, "f1": 0.5, "gold": 8,
    }  # fmt: skip
    write_results(path, [old, old | {"seed": 2}])
    write_results(path, [old | {"yardstick": "planes"}])
    write_results(path, [old | {"f1": 0.75}])
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["yardstick"], r["seed"], r["f1"]) for r in rows] == [
        ("planes", "1", "0.5000"), ("ships", "1", "0.7500"),
    ]  # fmt: skip
    assert means([old]) == []


def test_the_command_stops_where_sets_are_absent(tmp_path):
    with pytest.raises(InputError, match="--data"):
        main(tmp_path / "nowhere", work=tmp_path, out=tmp_path / "results.csv")


@pytest.mark.skipif(not REAL_SETS.is_dir(), reason="the public sets are not here")
@pytest.mark.parametrize("name", list(read_settings()))
def test_the_real_sets_line_up_with_tokens(name):
    nlp = spacy.blank("en")
    own = read_settings()[name]
    for part in ("train", "dev", "test"):
        sentences = read_part(REAL_SETS, own, part)
        assert sentences
        for sentence in sentences[:50]:
            assert len(make_doc(nlp, sentence).ents) == len(sentence.spans)
