"""Statements that cannot well be, by what stands beside the names, and those that can only be so.

The model reads a whole paragraph; where a post, a body and a person stand side by side, the words
between them are surer. What they rule out keeps a fraction of its score, so that it is counted
under what is left out; what they say in so many words and the model missed is added.

Each rule was counted on the names of the train and dev parts of the gold corpus (469 texts): `the
Labour Counsellor Ana Duka` gives the post to the person behind it 1,018 times in 1,018 and to
another as well 8 times; an ambassador to a country works for it once in 67; a place whose country
is listed lies in no other (65 of 65), and a body that is known is part of its own country alone
(751 of 751); a document or event with a date right behind it has the one in front of it 4 times in
57; in `Peru's Minister of Justice, Ana Duka` she works for Peru 42 times in 43.

A statement whose ends stand in two sentences is right less often than its score says: on dev 26 of
68 between names (from 0.7 on, 10 of 25) and 8 of 23 below 0.7 through a reference, where within
one sentence 88 % from 0.7 on and 66 % below are. So is one of which an end is doubtful itself: 0.58
of 75 with a name of 0.3 to 0.5, at a mean score of 0.75. Scores are lowered to what they are worth.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.components.countries import ENVOY, is_generic
from pipeline.knowledge import Knowledge
from pipeline.records import Mention, Relation
from pipeline.sentences import sentence_starts

LOWERED = 0.3  # of its score remains to a statement that cannot well be
# And to one whose ends stand in two sentences: between names, and through a reference.
CROSSED, REFERRED = 0.5, 0.7
DOUBTFUL, DOUBT = 0.5, 0.8  # the score of an end below which the statement keeps this share
# Posts are set apart from names by line breaks too: two sentences say nothing against these.
BESIDE = frozenset({"has_role", "works_for"})
OF = re.compile(r" (?:of|for|at|in) (?:the )?")
OWNING = re.compile(r"['’]s? ")
# `Libya's UN envoy`, `Peru's opposition leader` work for somebody else.
NOT_ITS = re.compile(r"^[A-Z]{2,}\b|\b(?:[Oo]pposition|[Aa]ctivist|[Cc]ritic)")
POSTED = re.compile(rf"{ENVOY} (?:to|in) (?:the )?$", re.I)
DATING = re.compile(r",? (?:in|on|of|since|dated) (?:the )?")
SEAT = re.compile(r", (?:the )?")


class Plausible:
    """What stands beside the names of a text, of which offsets count its characters."""

    def __init__(self, text: str, mentions: Sequence[Mention], knowledge: Knowledge) -> None:
        self.text, self.knowledge = text, knowledge
        self.names = sorted((m for m in mentions if m.kind == "name"), key=lambda m: m.begin)
        self.place = {m.mention_id: i for i, m in enumerate(self.names)}
        self.by_id = {m.mention_id: m for m in mentions}
        self.starts = sentence_starts(text, [(m.begin, m.stop) for m in mentions])

    def doubted(self, relations: Iterable[Relation]) -> Iterator[Relation]:
        """Give the statements, those that cannot well be with a lower score."""
        for row in relations:
            head, tail = self.by_id[row.head], self.by_id[row.tail]
            share = 1.0
            if self._contradicted(row, head, tail):
                share = LOWERED
            elif row.relation not in BESIDE and self._sentence(head) != self._sentence(tail):
                share = REFERRED if "reference" in (head.kind, tail.kind) else CROSSED
            if min(head.score, tail.score) < DOUBTFUL:
                share *= DOUBT
            yield replace(row, score=round(row.score * share, 4)) if share < 1 else row

    def employed(self) -> Iterator[tuple[Mention, Mention]]:
        """Give person and employer of each `Peru's Minister of Justice, Ana Duka`."""
        for index, owner in enumerate(self.names[:-2]):
            post, person = self.names[index + 1 : index + 3]
            labels = owner.label in ("ORG", "GPE"), post.label, person.label
            if labels == (True, "ROLE", "PERSON"):
                gaps = self._gap(owner, post), self._gap(post, person)
                if NOT_ITS.search(post.text):
                    continue
                if OWNING.fullmatch(gaps[0]) and gaps[1] in (" ", ", "):
                    yield person, owner

    def _contradicted(self, row: Relation, head: Mention, tail: Mention) -> bool:
        if row.relation == "has_role":
            person = self._next(tail)
            return self._is_another(person, head) and self._gap(tail, person) == " "
        if row.relation == "works_for":
            before = self.text[max(0, tail.begin - 40) : tail.begin]
            posted = tail.label == "GPE" and POSTED.search(before)
            return bool(posted) or self._employs_another(head, tail)
        if row.relation == "part_of" and tail.label == "GPE" and tail.country:
            generic = is_generic(head.name, self.knowledge)
            known = None if generic else self.knowledge.find(head.name, "ORG")
            owner = head.country or (known.country if known else "")
            return bool(known or owner) and owner != tail.country
        if row.relation == "dated" and tail.begin < head.begin:
            behind = self._next(head)  # `joined in 2012 and signed the Compact in 2018`
            dates = behind is not None and behind.label == "DATE"
            return dates and bool(DATING.fullmatch(self._gap(head, behind)))
        if row.relation == "located_in" and tail.label == "GPE" and tail.country:
            return self._lies_elsewhere(head, tail)
        return False

    def _employs_another(self, head: Mention, body: Mention) -> bool:
        """Tell of `representative of the Fund Ana Duka` whether it is not the person's."""
        place = self.place.get(body.mention_id)
        person = self._next(body)
        if not place or not self._is_another(person, head):
            return False
        post = self.names[place - 1]
        beside = post.label == "ROLE" and OF.fullmatch(self._gap(post, body))
        return bool(beside) and self._gap(body, person) == " "

    def _lies_elsewhere(self, place: Mention, country: Mention) -> bool:
        if place.label not in ("GPE", "LOC") or place.country:
            return False
        behind = self._next(place)
        if behind and behind.country and behind.label == "GPE":
            if SEAT.fullmatch(self._gap(place, behind)):  # `Mae Sot, Thailand`
                return behind.country != country.country
        known = {k.country for k in self.knowledge.candidates(place.name, place.label)} - {""}
        return len(known) == 1 and known != {country.country}

    def _sentence(self, mention: Mention) -> int:
        return bisect_right(self.starts, mention.begin)

    def _is_another(self, person: Mention | None, head: Mention) -> bool:
        return person is not None and person.label == "PERSON" and person.cluster != head.cluster

    def _next(self, mention: Mention) -> Mention | None:
        place = self.place.get(mention.mention_id, len(self.names))
        return self.names[place + 1] if place + 1 < len(self.names) else None

    def _gap(self, left: Mention, right: Mention | None) -> str:
        return self.text[left.stop : right.begin] if right else ""
