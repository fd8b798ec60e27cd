"""The relater: it learns, keeps what it learnt, and its scorer counts what was missed."""

from __future__ import annotations

import pytest
import spacy
import torch
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.components.pair_network import DISTANCES, bucket
from pipeline.components.relation_scorer import score_relations
from pipeline.components.windows import paragraphs, rows_of
from pipeline.gold import GoldDocument
from pipeline.markup import read_markup
from pipeline.schema import load_schema
from pipeline.stages.prepare import make_doc

ANNOTATED = (
    "[[Minister|ROLE|r]] [[Agim Leka|PERSON|a]] met [[Vera Koci|PERSON|v]] on [[1 May|DATE|d]].\n"
    ">> a has_role r\n"
    ">> a meets_with v | date=d\n"
    "\n"
    "[[Malta|GPE|m]] will sign the [[Durres Accord|DOCUMENT|x]] with [[Libya|GPE|l]].\n"
    ">> m signed_with l | document=x | status=planned\n"
    ">> m signed x | status=planned\n"
    "\n"
    "[[Vera Koci|PERSON|v]] spoke of [[Malta|GPE|m]] and [[Libya|GPE|l]].\n"
)


def gold_doc(nlp):
    from collections import Counter

    document = GoldDocument("a", "", "", (), "", "train", read_markup(ANNOTATED))
    return make_doc(nlp, document, load_schema(), Counter())


def bare(doc):
    copy = Doc(doc.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
    copy._.mention_ids = doc._.mention_ids
    return copy


@pytest.fixture(scope="module")
def trained(tiny_encoder):
    torch.manual_seed(1)
    nlp = spacy.blank("en")
    config = {"encoder": tiny_encoder, "width": 64, "dropout": 0.0, "freeze_embeddings": False}
    relater = nlp.add_pipe("relater", config=config)
    doc = gold_doc(nlp)
    nlp.initialize(lambda: [Example(bare(doc), doc)])
    for _ in range(70):
        relater.update([Example(bare(doc), doc)], sgd=0.003)
    return nlp


def test_it_learns_relations_statuses_and_qualifiers(trained):
    doc = gold_doc(trained)
    found = trained.get_pipe("relater")(bare(doc))
    scores = score_relations([Example(found, doc)])
    assert scores["relations_f"] == scores["relations_status"] == 1.0
    rows = doc._.mention_ids
    by_relation = {row[1]: row for row in found._.statements}
    assert rows[by_relation["meets_with"][7]][3] == ["d"]
    assert rows[by_relation["signed_with"][8]][3] == ["x"]


def test_a_qualifier_below_the_limit_of_its_kind_is_left_out(trained):
    relater = trained.get_pipe("relater")
    doc = gold_doc(trained)
    before = dict(relater.cfg["qualifier_limits"])
    relater.cfg["qualifier_limits"]["date"] = 1e6
    try:
        found = relater(bare(doc))._.statements
    finally:
        relater.cfg["qualifier_limits"] = before
    by_relation = {row[1]: row for row in found}
    assert by_relation["meets_with"][7] == -1
    assert by_relation["signed_with"][8] >= 0


def test_it_is_the_same_after_the_disk(trained, tmp_path):
    trained.to_disk(tmp_path)
    other = spacy.load(tmp_path)
    doc = gold_doc(trained)
    left = trained.get_pipe("relater")(bare(doc))._.statements
    right = other.get_pipe("relater")(bare(doc))._.statements
    assert [row[:4] for row in left] == [row[:4] for row in right]
    assert [row[4] for row in left] == pytest.approx([row[4] for row in right], abs=0.01)


def test_a_relation_that_was_never_proposed_costs_recall():
    nlp = spacy.blank("en")
    doc = gold_doc(nlp)
    predicted = bare(doc)
    predicted._.statements = [[1, "has_role", 0, "actual", 0.9, 0, 3, -1, -1, -1, -1]]
    scores = score_relations([Example(predicted, doc)])
    assert scores["relations_p"] == 1.0
    assert scores["relations_r"] == 0.25
    assert scores["relations_per_type"]["signed"]["support"] == 1


def test_a_symmetric_relation_counts_either_way_round():
    nlp = spacy.blank("en")
    doc = gold_doc(nlp)
    predicted = bare(doc)
    predicted._.statements = [[2, "meets_with", 1, "actual", 0.9, 0, 3, -1, -1, -1, -1]]
    assert score_relations([Example(predicted, doc)])["relations_p"] == 1.0


def test_paragraphs_and_references_are_read_off_a_doc():
    doc = gold_doc(spacy.blank("en"))
    assert [doc[a].text for a, _ in paragraphs(doc)] == ["Minister", "Malta", "Vera"]
    doc._.mention_ids = [[0, 1, "PERSON", ["a"]], [2, 3, "REF", ["a"]], [4, 5, "REF", ["gone"]]]
    assert [(row.label, row.reference) for row in rows_of(doc, "REF")] == [
        ("PERSON", False), ("PERSON", True),
    ]  # fmt: skip


@pytest.mark.parametrize(("distance", "kind"), [(0, 0), (1, 1), (4, 3), (500, len(DISTANCES) - 1)])
def test_distances_are_classed_by_size_and_order(distance, kind):
    assert bucket(distance) == kind
    if distance:
        assert bucket(-distance) == kind + len(DISTANCES)


OTHER_FIELD = """
labels: {SHIP: vessels, PORT: harbours}
reference: REF
statuses: [actual]
qualifiers: {}
groups: {}
relations:
  calls_at: {head: [SHIP], tail: [PORT]}
"""


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
def test_it_takes_another_field_from_a_schema_of_its_own(tiny_encoder, tmp_path):
    (tmp_path / "ships.yaml").write_text(OTHER_FIELD, encoding="utf-8")
    torch.manual_seed(1)
    nlp = spacy.blank("en")
    config = {"encoder": tiny_encoder, "width": 64, "dropout": 0.0, "freeze_embeddings": False}
    relater = nlp.add_pipe("relater", config=config | {"schema_path": str(tmp_path / "ships.yaml")})
    assert relater.labels == ("calls_at",)
    doc = Doc(nlp.vocab, words=["Vega", "reached", "Ume", "past", "Nola"])
    doc._.mention_ids = [[0, 1, "SHIP", ["s"]], [2, 3, "PORT", ["u"]], [4, 5, "PORT", ["n"]]]
    doc._.relations = [["s", "calls_at", "u", "actual", {}, 0, len(doc.text)]]
    nlp.initialize(lambda: [Example(bare(doc), doc)])
    for _ in range(40):
        relater.update([Example(bare(doc), doc)], sgd=0.003)
    nlp.to_disk(tmp_path / "model")
    [found] = spacy.load(tmp_path / "model").get_pipe("relater")(bare(doc))._.statements
    assert found[:4] == [0, "calls_at", 1, "actual"]
    assert relater.score([Example(relater(bare(doc)), doc)])["relations_f"] == 1.0
