"""Stage `prepare`: what the corpus becomes, its parts and its guards."""

from __future__ import annotations

from collections import Counter

import pytest
import spacy
from spacy.tokens import DocBin

from pipeline.errors import InputError, RecordError
from pipeline.extensions import add_extensions
from pipeline.gold import GoldDocument, assign_parts, read_corpus, write_listing
from pipeline.markup import read_markup
from pipeline.schema import load_schema
from pipeline.stages.prepare import (
    Params,
    check_parts,
    fingerprint,
    main,
    make_capitals,
    make_doc,
    related,
    statistics,
)
from pipeline.training.seats import Passage

TEXT = (
    "[[Minister|ROLE|r]] [[Agim Hoxhaj|PERSON|ah]] went to [[Tirana|GPE|t]].\n"
    ">> ah has_role r | status=former\n"
    "\n"
    "[[He|REF|ah]] met [[Vera Koci|PERSON|vk]] on [[1 May|DATE|d]].\n"
    ">> ah meets_with vk | date=d\n"
    "== ah | Agim Hoxhaj | Q1\n"
)
RELATED = "[[Oslo|GPE|o]] is in [[Norway|GPE|n]].\n>> o located_in n\n"
PASSAGE = "[[Vera Koci|PERSON|v]] said that [[she|REF|v]] would stay.\n"


def document(doc_id="a", part="train", text=TEXT):
    return GoldDocument(doc_id, "wire", "2020-05-02", ("AL",), "", part, read_markup(text))


def test_a_doc_carries_names_references_relations_and_clusters():
    doc = make_doc(spacy.blank("en"), document(), load_schema(), Counter())
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("Minister", "ROLE"), ("Agim Hoxhaj", "PERSON"), ("Tirana", "GPE"),
        ("Vera Koci", "PERSON"), ("1 May", "DATE"),
    ]  # fmt: skip
    assert [span.text for span in doc.spans["references"]] == ["He"]
    assert [row[3] for row in doc._.mention_ids] == [["r"], ["ah"], ["t"], ["ah"], ["vk"], ["d"]]
    assert doc._.relations[1][:5] == ["ah", "meets_with", "vk", "actual", {"date": "d"}]
    assert doc._.names == {"ah": ["Agim Hoxhaj", "Q1"]}


def test_what_a_doc_carries_survives_the_disk(tmp_path):
    add_extensions()
    doc = make_doc(spacy.blank("en"), document(), load_schema(), Counter())
    DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "a.spacy")
    [back] = DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("en").vocab)
    # msgpack gives lists back as tuples.
    assert [list(row) for row in back._.relations] == doc._.relations
    assert [[*row[:3], list(row[3])] for row in back._.mention_ids] == doc._.mention_ids
    assert [span.text for span in back.spans["references"]] == ["He"]


def test_a_doc_knows_which_capitals_stand_for_their_country():
    text = "[[Hanoi|GPE|vn]] and [[Vientiane|GPE|vte]] wrote to [[Paris|GPE|p]] .\n"
    names = "== vn | Vietnam | Q881\n== vte | Vientiane | Q9326\n"
    doc = make_doc(spacy.blank("en"), document(text=text + names), load_schema(), Counter())
    assert doc._.seats == [[0, 1, True], [2, 3, False]]


def test_without_canonical_names_the_country_beside_tells_what_a_capital_is():
    text = (
        "[[Vietnam|GPE|vn]] and [[France|GPE|fr]] : [[Hanoi|GPE|vn]] wrote to [[Paris|GPE|p]] "
        "and [[Vientiane|GPE|vte]] .\n"
    )
    doc = make_doc(spacy.blank("en"), document(text=text), load_schema(), Counter())
    assert doc._.seats == [[4, 5, True], [7, 8, False]]


def test_a_mention_within_a_token_is_widened_and_counted():
    lost: Counter[str] = Counter()
    text = "an [[Albania|GPE|al]]ns meeting\n"
    doc = make_doc(spacy.blank("en"), document(text=text), load_schema(), lost)
    assert [ent.text for ent in doc.ents] == ["Albanians"]
    assert lost == {"widened to whole tokens": 1}


def test_statistics_count_each_part():
    rows = statistics([document(), document("b", "test")])
    counts = {(row["part"], row["kind"], row["name"]): row["count"] for row in rows}
    assert counts["train", "mentions", "PERSON"] == 2
    assert counts["test", "statuses", "former"] == 1
    assert counts["test", "documents", "wire"] == 1


def test_near_duplicates_in_two_parts_are_an_error():
    params = Params(5, 0.5)
    check_parts([document("a", "train"), document("b", "train")], params)
    with pytest.raises(RecordError, match=r"a \(train\) and b \(test\) share 100%"):
        check_parts([document("a", "train"), document("b", "test")], params)


def rows(count, genre="wire", part=""):
    return [
        {"doc_id": f"{genre}{n}", "genre": genre, "published": "", "countries": "", "subject": "",
         "part": part}
        for n in range(count)
    ]  # fmt: skip


def test_parts_keep_their_shares_in_every_genre():
    done = assign_parts([*rows(20, "wire"), *rows(40, "cable")])
    counts = Counter((row["genre"], row["part"]) for row in done)
    assert counts["wire", "dev"] == counts["wire", "test"] == 3
    assert counts["cable", "dev"] == counts["cable", "test"] == 6


def test_parts_stay_when_documents_are_added():
    before = {row["doc_id"]: row["part"] for row in assign_parts(rows(20))}
    grown = assign_parts(
        assign_parts(rows(20)) + [row | {"doc_id": f"new{n}"} for n, row in enumerate(rows(7))]
    )
    after = {row["doc_id"]: row["part"] for row in grown}
    assert before == {name: after[name] for name in before}


def test_a_new_file_trains_and_bad_ones_are_errors(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "new.ann").write_text(TEXT, encoding="utf-8")
    [found] = read_corpus(tmp_path, load_schema())
    assert (found.genre, found.part) == ("mine", "train")
    write_listing(tmp_path, rows(1))
    with pytest.raises(RecordError, match=r"wire0 has no \.ann file"):
        read_corpus(tmp_path, load_schema())
    write_listing(tmp_path, [rows(1)[0] | {"doc_id": "new", "part": "exam"}])
    with pytest.raises(RecordError, match="part exam is not one of"):
        read_corpus(tmp_path, load_schema())
    (tmp_path / "mine" / "new.ann").write_text("[[A|CITY|a]]\n", encoding="utf-8")
    with pytest.raises(InputError, match="unknown label"):
        read_corpus(tmp_path, load_schema())


def test_the_stage_writes_a_file_for_every_part(tmp_path):
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.ann").write_text(TEXT, encoding="utf-8")
    (tmp_path / "capitals").mkdir()
    (tmp_path / "capitals" / "a.txt").write_text("[[Rome|G]] agreed.", encoding="utf-8")
    (tmp_path / "references").mkdir()
    (tmp_path / "references" / "a.txt").write_text(f"{PASSAGE}---\n{RELATED}", encoding="utf-8")
    main(tmp_path / "gold", tmp_path / "capitals", tmp_path / "references", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "train.spacy", "dev.spacy", "test.spacy", "transfer.spacy", "capitals.spacy",
        "references.spacy", "related.spacy", "statistics.csv", "tally.csv", "trained_on.txt",
        "related_on.txt",
    }  # fmt: skip
    trained_on = (tmp_path / "out" / "trained_on.txt").read_text(encoding="utf-8")
    assert [line.split()[0] for line in trained_on.splitlines()] == [
        "train", "capitals", "references", "references",
    ]  # fmt: skip
    related_on = (tmp_path / "out" / "related_on.txt").read_text(encoding="utf-8")
    assert related_on.split()[::2] == ["related"]
    vocab = spacy.blank("en").vocab
    kept = {
        name: [doc.text for doc in DocBin().from_disk(tmp_path / "out" / name).get_docs(vocab)]
        for name in ("references.spacy", "related.spacy")
    }
    assert len(kept["references.spacy"]) == 2
    assert kept["related.spacy"] == ["Oslo is in Norway.\n"]


def test_of_a_passage_only_the_capitals_are_known(tmp_path):
    add_extensions()
    passage = Passage("Rome agreed; she flew to Rome.", ((0, 4, True), (25, 29, False)))
    doc = make_capitals(spacy.blank("en"), passage)
    DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "a.spacy")
    [back] = DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("en").vocab)
    assert [list(row) for row in back._.seats] == [[0, 1, True], [6, 7, False]]
    assert not back.has_annotation("ENT_IOB")


def test_what_names_are_learnt_from_does_not_change_with_relations():
    bare = RELATED.splitlines()[0] + "\n"
    with_lines, without = document(text=RELATED), document(text=bare)
    assert fingerprint([], [], [with_lines]) == fingerprint([], [], [without])
    assert related([with_lines]) != related([without]) == ""


def test_the_fingerprint_changes_with_what_is_learnt_from_and_with_nothing_else():
    first = fingerprint([document("a", "train"), document("b", "test")])
    assert first == fingerprint([document("a", "train"), document("b", "test", "Other\n")])
    assert first != fingerprint([document("a", "train", "Other\n")])
    assert len(first.splitlines()) == 1
