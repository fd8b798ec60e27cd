"""The corpus is what seeds/README.md says: large, varied, in order, and nobody else's words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from pipeline.check import check_file
from pipeline.gold import DOCUMENTS, PARTS, read_corpus
from pipeline.knowledge import load_knowledge
from pipeline.markup import gold_files
from pipeline.schema import load_schema
from pipeline.tables import read_table
from pipeline.text import normalise
from pipeline.training.marked import read_marked
from pipeline.training.seats import read_passages
from tests.conftest import REAL, ROOT

GOLD = ROOT / "seeds" / "gold"
RUN = 9  # words that may not stand in two documents
SHARED_NAMES = 0.6  # share of a run's words that names make up, from which it may


@pytest.fixture(scope="module")
def corpus():
    return read_corpus(GOLD, load_schema())


@pytest.fixture(scope="module")
def marked():
    return read_marked(ROOT / "seeds" / "references", load_schema())


def test_every_file_passes_the_check():
    errors = [
        str(problem)
        for path in gold_files([GOLD])
        for problem in check_file(path, load_schema())
        if problem.severity == "error"
    ]
    assert errors == []


def test_every_document_has_its_original_and_its_row(corpus):
    rows = {row["doc_id"] for row in read_table(GOLD / "documents.csv", DOCUMENTS)}
    assert rows == {document.doc_id for document in corpus}
    assert all((path.with_suffix(".txt")).exists() for path in gold_files([GOLD]))


def test_it_is_large_and_varied(corpus):
    words = {d.doc_id: len(d.gold.text.split()) for d in corpus}
    assert len(corpus) >= 320
    assert sum(words.values()) >= 100_000
    assert all(120 <= count <= 900 for count in words.values())
    genres = Counter(d.genre for d in corpus)
    assert len(genres) >= 14
    assert min(genres.values()) >= 20
    names = {normalise(n.name) for d in corpus for n in d.gold.names}
    assert len(names) >= 4_000


def test_many_countries_and_none_in_more_than_a_third(corpus):
    knowledge = load_knowledge()
    named = Counter()
    for document in corpus:
        found = {knowledge.country(m.text) for m in document.gold.mentions if m.label == "GPE"}
        named.update(found - {""})
    about = Counter(code for document in corpus for code in document.countries)
    assert len([code for code, count in named.items() if count >= 2]) >= 50
    assert max(about.values()) <= len(corpus) / 3
    near = {"VN", "KH", "LA", "CN", "TH", "MM"}
    share = sum(bool(near & set(d.countries)) for d in corpus) / len(corpus)
    assert 0.25 <= share <= 0.45


def test_mentions_relations_and_statuses_are_enough(corpus):
    mentions = Counter(m.label for d in corpus for m in d.gold.mentions)
    relations = Counter(r.relation for d in corpus for r in d.gold.relations)
    statuses = Counter(r.status for d in corpus for r in d.gold.relations)
    spread = Counter(name for d in corpus for name in {r.relation for r in d.gold.relations})
    assert sum(mentions.values()) >= 13_000
    assert sum(relations.values()) >= 6_500
    assert mentions["REF"] >= 1_500
    assert min(mentions[label] for label in ("RATING", "PROGRAM", "EVENT", "MONEY")) >= 350
    assert {name: n for name, n in relations.items() if n < 120} == {}
    assert {name: n for name, n in spread.items() if n < 50} == {}
    assert statuses["planned"] >= 600
    assert statuses["negated"] >= 200
    assert statuses["alleged"] + statuses["former"] >= 200


def is_silent(inside, stated, labels, schema):
    """Tell whether a paragraph names things that could be related, and relates none."""
    return not stated and any(
        schema.between(labels[a], labels[b]) for a in inside for b in inside if a != b
    )


def silent_paragraphs(document, schema):
    gold = document.gold
    labels = gold.label_of()
    bounds = [0, *(m.end() for m in re.finditer(r"\n\s*\n", gold.text)), len(gold.text)]
    for start, end in pairwise(bounds):
        inside = {m.ids[0] for m in gold.mentions if start <= m.start < end and m.ids[0] in labels}
        stated = [r for r in gold.relations if start <= r.start < end]
        yield is_silent(inside, stated, labels, schema)


def test_many_paragraphs_name_much_and_relate_nothing(corpus):
    schema = load_schema()
    assert sum(sum(silent_paragraphs(document, schema)) for document in corpus) >= 2_000


def test_parts_have_their_shares(corpus):
    parts = Counter(d.part for d in corpus)
    assert set(parts) == set(PARTS)
    inside = sum(count for part, count in parts.items() if part != "transfer")
    assert 0.68 <= parts["train"] / inside <= 0.76
    assert 0.12 <= parts["dev"] / inside <= 0.17
    assert 0.12 <= parts["test"] / inside <= 0.17
    assert parts["transfer"] >= 30


def test_countries_and_institutions_of_transfer_occur_nowhere_else(corpus):
    knowledge = load_knowledge()
    seen = {True: defaultdict(set), False: defaultdict(set)}
    for document in corpus:
        names = {name.id: name.name for name in document.gold.names}
        for mention in document.gold.mentions:
            if mention.label in ("GPE", "ORG"):
                name = names.get(mention.ids[0], mention.text)
                known = knowledge.country(name) if mention.label == "GPE" else normalise(name)
                if known:
                    seen[document.part == "transfer"][mention.label].add(known)
    for label in ("GPE", "ORG"):
        assert seen[True][label] & seen[False][label] == set()


@pytest.fixture(scope="module")
def reserved(corpus):
    """The countries of the transfer part."""
    knowledge = load_knowledge()
    seen = defaultdict(set)
    for document in corpus:
        for mention in document.gold.mentions:
            if mention.label == "GPE" and (code := knowledge.country(mention.text)):
                seen[code].add(document.part)
    return {code for code, parts in seen.items() if parts == {"transfer"}}


def named_among(reserved, texts):
    """Give the countries of the transfer part that texts name."""
    countries = load_knowledge().countries
    names = {countries[code].name for code in reserved} - {"Guinea"}  # of other names
    text = "\n".join(texts)
    return [name for name in sorted(names) if re.search(rf"\b{re.escape(name)}\b", text)]


def test_passages_with_capitals_leave_the_countries_of_transfer_alone(reserved):
    knowledge = load_knowledge()
    capitals = {name for name, code in knowledge.capitals.items() if code in reserved}
    passages = read_passages(ROOT / "seeds" / "capitals")
    assert len(passages) >= 1_300
    marked = {normalise(p.text[start:end]) for p in passages for start, end, _ in p.seats}
    assert marked & capitals == set()
    assert named_among(reserved, [passage.text for passage in passages]) == []


def test_passages_with_references_leave_the_countries_of_transfer_alone(marked, reserved):
    knowledge = load_knowledge()
    names = [m.text for passage in marked for m in passage.gold.mentions if m.label == "GPE"]
    assert {knowledge.capitals.get(normalise(name)) for name in names} & reserved == set()
    assert named_among(reserved, [passage.gold.text for passage in marked]) == []


def test_passages_with_references_are_many_and_full_of_them(marked):
    references = Counter(m.text.casefold() for p in marked for m in p.gold.mentions
                         if m.label == "REF")  # fmt: skip
    assert len(marked) >= 600
    assert references.total() >= 8 * len(marked)
    assert len(references) >= 1_000
    assert max(references.values()) / references.total() < 0.2


def runs(text):
    words = re.findall(r"\w+", text.casefold())
    return [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]


def test_no_two_documents_share_a_sentence(corpus, marked):
    """Names and set phrases may recur: what a run says beyond marked names must not."""
    owner = {}
    shared = []
    named = {}
    for document in [*corpus, *marked]:
        words = {
            word for m in document.gold.mentions for word in re.findall(r"\w+", m.text.casefold())
        }
        named[document.doc_id] = words
        for run in set(runs(document.gold.text)):
            other = owner.setdefault(run, document.doc_id)
            if other != document.doc_id:
                of_names = sum(w in words or w in named[other] for w in run) / RUN
                if of_names < SHARED_NAMES:
                    shared.append((other, document.doc_id, " ".join(run)))
    assert shared == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not here")
def test_nothing_is_copied_from_the_real_documents(corpus, marked):
    real = {run for path in REAL.glob("*.txt") for run in runs(path.read_text(encoding="utf-8"))}
    assert real
    for document in [*corpus, *marked]:
        assert not real & set(runs(document.gold.text)), document.doc_id
