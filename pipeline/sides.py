"""Whose side people are on: nobody thanks, urges or meets the country that he speaks for.

`He suggested that both sides go on` urges the other side. Of 1,259 such statements about people in
the train and dev parts of the gold corpus one has the country of the ministry that they work for
at its other end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.components.countries import is_generic
from pipeline.knowledge import Knowledge
from pipeline.linking import Link, Links
from pipeline.records import Mention, Relation
from pipeline.text import normalise

TOWARDS = frozenset({"urges", "praises", "cooperates_with", "meets_with", "signed_with"})
# Their members speak to the government too.
APART = frozenset("parliament senate assembly congress court tribunal commission council".split())


class Sides:
    """Which countries the people of all documents speak for, by what is said of their posts."""

    def __init__(
        self,
        relations: Iterable[Relation],
        mentions: Mapping[str, Mention],
        links: Links,
        knowledge: Knowledge,
    ) -> None:
        self.links, self.knowledge = links, knowledge
        self._spoken_for: dict[tuple[str, str], set[str]] = defaultdict(set)
        for relation in relations:
            if relation.relation == "works_for" and relation.status == "actual":
                people, bodies = mentions[relation.head].cluster, mentions[relation.tail].cluster
                if len(people) == len(bodies) == 1:
                    code = self._country_of(links[relation.doc_id, bodies[0]])
                    self._spoken_for[relation.doc_id, people[0]].add(code)

    def own(self, relation: Relation, left: str, right: str) -> bool:
        """Tell whether a statement is one of a person towards the country that he speaks for.

        `left` and `right` are the clusters at its ends.
        """
        if relation.relation not in TOWARDS:
            return False
        return self._own(relation.doc_id, left, right) or self._own(relation.doc_id, right, left)

    def _own(self, doc_id: str, person: str, country: str) -> bool:
        link = self.links[doc_id, country]
        code = self.knowledge.country(link.name) if link.label == "GPE" else ""
        return bool(code) and code in self._spoken_for.get((doc_id, person), ())

    def _country_of(self, body: Link) -> str:
        """Give the country of a government or ministry, or ''."""
        if body.label == "GPE":
            return self.knowledge.country(body.name)
        words = normalise(body.forms[0]).split() if body.forms else []
        ministry = is_generic(body.forms[0], self.knowledge) if words else False
        return body.country if ministry and APART.isdisjoint(words) else ""
