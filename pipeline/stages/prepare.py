"""Stage `prepare`: annotated texts as spaCy files for training and tests, with statistics."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from pipeline.cleaning.duplicates import similar_pairs
from pipeline.cli import InPath, OutPath, run_stage
from pipeline.errors import RecordError
from pipeline.extensions import add_extensions
from pipeline.gold import PARTS, GoldDocument, read_corpus
from pipeline.knowledge import load_knowledge
from pipeline.markup import GoldText, write_markup
from pipeline.params import load_params
from pipeline.schema import Schema, load_schema
from pipeline.tables import TALLY, Row, Table, write_beside, write_table
from pipeline.training.marked import read_marked
from pipeline.training.seats import Passage, read_passages, seats_of

log = logging.getLogger(__name__)

CAPITALS = "capitals"  # the file of passages in which only capitals are known
REFERENCES = "references"  # the file of passages in which names and references are known,
RELATED = "related"  # and of those among them in which relations are known too
STATISTICS = Table("statistics", ("part", "kind", "name", "count"), ("kind", "name", "part"))


@dataclass(frozen=True)
class Params:
    """`similarity`: share of shingles above which two texts may not stand in two parts."""

    shingle: int
    similarity: float


def make_doc(nlp: Language, document: GoldDocument, schema: Schema, lost: Counter[str]) -> Doc:
    """Make a Doc of an annotated text; names are entities, references stand in spans."""
    add_extensions()
    gold = document.gold
    doc = nlp.make_doc(gold.text)
    ents: list[Span] = []
    references: list[Span] = []
    rows = []
    reached = 0
    for mention in sorted(gold.mentions, key=lambda m: (m.start, m.end)):
        span = doc.char_span(mention.start, mention.end, mention.label, alignment_mode="expand")
        if span is None or span.start < reached:
            lost["shares a token with another mention"] += 1
            continue
        if (span.start_char, span.end_char) != (mention.start, mention.end):
            lost["widened to whole tokens"] += 1
        reached = span.end
        (references if mention.label == schema.reference else ents).append(span)
        rows.append([span.start, span.end, mention.label, list(mention.ids)])
    doc.set_ents(ents)
    doc.spans["references"] = references
    doc._.doc_id, doc._.published, doc._.genre = document.doc_id, document.published, document.genre
    doc._.mention_ids = rows
    doc._.relations = [
        [r.head, r.relation, r.tail, r.status, dict(r.qualifiers), r.start, r.end]
        for r in gold.relations
    ]
    _set_seats(doc, seats_of(gold, load_knowledge()))
    doc._.names = {name.id: [name.name, name.wikidata] for name in gold.names}
    doc._.fingerprints = [line_of(document)]
    return doc


def make_marked(nlp: Language, document: GoldDocument, schema: Schema, lost: Counter[str]) -> Doc:
    """Make a Doc of a passage in which names, references and perhaps relations are known."""
    doc = make_doc(nlp, document, schema, lost)
    doc._.fingerprints = [line_of_references(document.gold), line_of_relations(document.gold)]
    return doc


def make_capitals(nlp: Language, passage: Passage) -> Doc:
    """Make a Doc of a passage of which only the capitals are known: names are left unset."""
    add_extensions()
    doc = nlp.make_doc(passage.text)
    _set_seats(doc, passage.seats)
    doc._.fingerprints = [line_of_capitals(passage)]
    return doc


def _set_seats(doc: Doc, found: Iterable[tuple[int, int, bool]]) -> None:
    spans = [
        (doc.char_span(start, end, alignment_mode="expand"), acts) for start, end, acts in found
    ]
    doc._.seats = [[span.start, span.end, acts] for span, acts in spans if span is not None]


def check_parts(documents: Sequence[GoldDocument], params: Params) -> None:
    """Make sure that no text stands nearly the same in two parts.

    Raises:
        RecordError: two documents of different parts resemble each other.
    """
    parts = {document.doc_id: document.part for document in documents}
    texts = {document.doc_id: document.gold.text for document in documents}
    for left, right, share in similar_pairs(texts, params.shingle, params.similarity):
        if parts[left] != parts[right]:
            raise RecordError(
                f"seeds/gold/documents.csv: {left} ({parts[left]}) and {right} ({parts[right]}) "
                f"share {share:.0%} of their {params.shingle}-word runs. Put both into one part."
            )


def statistics(documents: Iterable[GoldDocument]) -> list[Row]:
    """Count documents, words, mentions a label, relations a type and status, for each part."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for document in documents:
        part = document.part
        counts[part, "documents", document.genre] += 1
        counts[part, "words", "all"] += len(document.gold.text.split())
        for mention in document.gold.mentions:
            counts[part, "mentions", mention.label] += 1
        for relation in document.gold.relations:
            counts[part, "relations", relation.relation] += 1
            counts[part, "statuses", relation.status] += 1
    return [
        {"part": part, "kind": kind, "name": name, "count": count}
        for (part, kind, name), count in counts.items()
    ]


def fingerprint(
    documents: Iterable[GoldDocument],
    passages: Iterable[Passage] = (),
    marked: Iterable[GoldDocument] = (),
) -> str:
    """Give a line a document or passage that models learn from, with the hash of what it says.

    `passages` have their capitals marked, `marked` their names and references; what these say of
    relations is left to `related`.

    The train stages depend on these lines: the .spacy files are compressed, and what they
    compress to differs between machines.
    """
    lines = [line_of(document) for document in documents if document.part in ("train", "dev")]
    lines += [line_of_capitals(passage) for passage in passages]
    lines += [line_of_references(document.gold) for document in marked]
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


def related(marked: Iterable[GoldDocument]) -> str:
    """Give a line a passage that relations are learnt from, with the hash of what it says."""
    lines = [line_of_relations(document.gold) for document in marked if document.gold.relations]
    return "".join(f"{line}\n" for line in lines)


def line_of(document: GoldDocument) -> str:
    """Name an annotated text by its part, its place and the hash of what it says."""
    return f"{document.part} {document.doc_id} {_digest(write_markup(document.gold))}"


def line_of_capitals(passage: Passage) -> str:
    """Name a passage of which only the capitals are known."""
    return f"{CAPITALS} {_digest(f'{passage.seats} {passage.text}')}"


def line_of_references(gold: GoldText) -> str:
    """Name a passage by its names and references, whatever relations it has."""
    return f"{REFERENCES} {_digest(write_markup(replace(gold, relations=())))}"


def line_of_relations(gold: GoldText) -> str:
    """Name a passage by all that is marked in it."""
    return f"{RELATED} {_digest(write_markup(gold))}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def main(gold: InPath, capitals: InPath, references: InPath, out: OutPath) -> None:
    """Read the annotated texts and passages, write .spacy files, statistics.csv and a tally."""
    params = load_params("prepare", Params)
    schema = load_schema()
    documents = read_corpus(gold, schema)
    marked = read_marked(references, schema)
    check_parts([*documents, *marked], params)
    nlp = spacy.blank("en")
    lost: Counter[str] = Counter()
    bins: dict[str, DocBin] = defaultdict(lambda: DocBin(store_user_data=True))
    for document in documents:
        bins[document.part].add(make_doc(nlp, document, schema, lost))
    passages = read_passages(capitals)
    for passage in passages:
        bins[CAPITALS].add(make_capitals(nlp, passage))
    for document in marked:
        doc = make_marked(nlp, document, schema, lost)
        bins[REFERENCES].add(doc)
        if document.gold.relations:
            bins[RELATED].add(doc)
    out.mkdir(parents=True, exist_ok=True)
    for part in (*PARTS, CAPITALS, REFERENCES, RELATED):
        bins[part].to_disk(out / f"{part}.spacy")
    with write_beside(out / "trained_on.txt") as stream:
        stream.write(fingerprint(documents, passages, marked))
    with write_beside(out / "related_on.txt") as stream:
        stream.write(related(marked))
    write_table(out / "statistics.csv", statistics(documents), STATISTICS)
    mentions = sum(len(document.gold.mentions) for document in [*documents, *marked])
    outcomes = {"read": mentions, **lost}
    tally = [
        {"stage": "prepare", "unit": "mention", "outcome": outcome, "count": count}
        for outcome, count in outcomes.items()
    ]
    write_table(out / "tally.csv", tally, TALLY)
    log.info(
        "prepare: %d documents, %d passages with references, %d mentions; %d with capitals",
        len(documents),
        len(marked),
        mentions,
        len(passages),
    )


if __name__ == "__main__":
    run_stage(main)
