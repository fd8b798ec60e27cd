"""A person's word wins: links of documents' clusters to entities, as judgements.csv has them."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pipeline.judgements import DIFFERENT, SAME, UNSURE, Judgement, Judgements, Term, Ties
from pipeline.linking import Link, Links
from pipeline.records import Mention
from pipeline.tables import Row
from pipeline.text import entity_key, is_acronym, normalise

log = logging.getLogger(__name__)

SURE = 1.0  # a person decided
OUTCOMES = ("used", "unsure", "judgement not used", "judgement names several entities")


class Node(NamedTuple):
    """An entity as it was linked, or what is written `form` (normalised) under it."""

    entity_id: str
    form: str

    def __str__(self) -> str:
        return f"{self.entity_id}#{self.form}" if self.form else self.entity_id

    @property
    def split_id(self) -> str:
        """The identifier of a name that is not its entity; the same whatever the documents."""
        return entity_key("part", self.form, self.entity_id)


@dataclass(frozen=True, slots=True)
class Judged:
    """Mentions by document and links by document and cluster, with the judgements carried out."""

    mentions: dict[str, list[Mention]]
    links: Links
    tally: list[Row]


def apply_judgements(
    judgements: Judgements,
    mentions: Mapping[str, list[Mention]],
    links: Mapping[tuple[str, str], Link],
) -> Judged:
    """Join what is judged the same and part what is judged different.

    A joined entity takes the Wikidata identifier among those joined, else the first in the
    alphabet. A name that leaves its entity (`id#name`) takes its mentions along, into a new
    entity or into the one that it is judged the same as; a reference stays with the names that
    stay. The answer depends on the set of rows, not on their order.

    Raises:
        KnowledgeError: rows contradict each other, as the documents' names show.
    """
    counts = dict.fromkeys(OUTCOMES, 0)
    result = Judged(dict(mentions), dict(links), [])
    if judgements.rows:
        bearers = Bearers(
            (link.entity_id, link.label, link.name, link.forms) for link in links.values()
        )
        read = read_nodes(judgements.rows, bearers)
        for judgement in judgements.rows:
            counts[read.outcomes[judgement.row]] += 1
        unused = [row for row, outcome in read.outcomes.items() if outcome.startswith("judgement")]
        if unused:
            rows = ", ".join(map(str, sorted(unused)))
            log.info("%s: rows without use in these documents: %s", judgements.path, rows)
        ties = Ties(judgements.path, read.judged, str)
        _Rewriter(links, ties, _leaving(read.judged, ties)).rewrite(result)
    result.tally.extend(
        {"stage": "resolve", "unit": "judgement", "outcome": outcome, "count": count}
        for outcome, count in counts.items()
    )
    return result


class Bearers:
    """Who bears which name; rows are entity, label, name and forms, as many as there are links."""

    def __init__(self, rows: Iterable[tuple[str, str, str, Iterable[str]]]) -> None:
        self.labels: dict[str, str] = {}
        self.names: dict[str, set[str]] = defaultdict(set)
        self.forms: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for entity_id, label, name, forms in rows:
            self.labels.setdefault(entity_id, label)
            self.names[entity_id].add(normalise(name))
            self.forms[entity_id].update(normalise(form) for form in forms)
        for entity_id in self.labels:
            for folded in self.names[entity_id] | self.forms[entity_id]:
                self._by_name[folded].add(entity_id)

    def bearing(self, name: str, label: str = "") -> set[str]:
        """Give the entities that are called so."""
        found = self._by_name.get(normalise(name), set())
        return {entity_id for entity_id in found if label in ("", self.labels[entity_id])}


@dataclass(slots=True)
class Nodes:
    """Judgements with the nodes that their sides stand for, and what became of each row."""

    judged: list[tuple[Judgement, Node, Node]]
    outcomes: dict[int, str]


def read_nodes(rows: Iterable[Judgement], bearers: Bearers) -> Nodes:
    """Find what every judgement speaks of.

    Identifiers of entities.csv may come from earlier rows (a name that was parted, an alias of
    a joined entity), so rows are read again until no more can be understood.
    """
    waiting = sorted(rows, key=lambda row: (row.left.key, row.right.key, row.judgement, row.row))
    reader = _Reader(bearers)
    read = Nodes([], {})
    understood = -1
    while understood < len(read.judged):
        understood = len(read.judged)
        for row in waiting:
            if read.outcomes.get(row.row) in ("used", "unsure"):
                continue
            nodes, outcome = reader.nodes(row)
            read.outcomes[row.row] = outcome
            if nodes:
                read.judged.append((row, *nodes))
        reader.learn(read.judged)
    return read


class _Reader:
    """Reads terms as nodes."""

    def __init__(self, bearers: Bearers) -> None:
        self.bearers = bearers
        self.parted: dict[str, Node] = {}
        self.joined: dict[str, set[str]] = {}

    def learn(self, judged: list[tuple[Judgement, Node, Node]]) -> None:
        """Take in the identifiers and aliases that judgements make."""
        self.parted = {n.split_id: n for _, *nodes in judged for n in nodes if n.form}
        whole = [
            (row, left.entity_id, right.entity_id)
            for row, left, right in judged
            if row.judgement == SAME and not left.form and not right.form
        ]
        for group in Ties(Path(), whole, str).groups:
            self.joined.update(dict.fromkeys(group, group))

    def nodes(self, row: Judgement) -> tuple[tuple[Node, Node] | None, str]:
        left, right = self._candidates(row.left), self._candidates(row.right)
        if row.judgement == DIFFERENT and len(both := self._shared(left, right)) == 1:
            pair = self._names_apart(both.pop(), (row.left, row.right), (left, right))
        elif len(left) == len(right) == 1:
            pair = (left.pop(), right.pop())
        else:
            return None, OUTCOMES[2 if not left or not right else 3]
        if pair[0] == pair[1] and row.judgement == DIFFERENT:
            return None, OUTCOMES[2]
        return pair, UNSURE if row.judgement == UNSURE else OUTCOMES[0]

    def _candidates(self, term: Term) -> set[Node]:
        bearers = self.bearers
        if not term.entity_id:
            return {Node(found, "") for found in bearers.bearing(term.name, term.label)}
        if not term.name:
            if term.entity_id in bearers.labels:
                return {Node(term.entity_id, "")}
            return {self.parted[term.entity_id]} if term.entity_id in self.parted else set()
        form = normalise(term.name)
        if form in bearers.forms.get(term.entity_id, ()):
            return {Node(term.entity_id, form)}
        # An alias that came into the row by a join is that of the entity it came from.
        sources = self.joined.get(term.entity_id, set())
        return {
            Node(source, form if len(bearers.forms[source]) > 1 else "")
            for source in sources
            if form in bearers.forms[source]
        }

    @staticmethod
    def _shared(left: set[Node], right: set[Node]) -> set[str]:
        return {node.entity_id for node in left} & {node.entity_id for node in right}

    def _names_apart(
        self, entity_id: str, terms: tuple[Term, Term], found: tuple[set[Node], set[Node]]
    ) -> tuple[Node, Node]:
        """Tell which names under one entity are meant; its own name stands for all of it."""
        bearers = self.bearers
        nodes = [next(n for n in nodes if n.entity_id == entity_id) for nodes in found]
        forms = ["" if term.entity_id else normalise(term.name) for term in terms]
        for side, form in enumerate(forms):
            if form in bearers.forms[entity_id]:
                nodes[side] = Node(entity_id, form)
        for here, there in ((0, 1), (1, 0)):
            if forms[here] in bearers.names[entity_id] and nodes[there].form:
                nodes[here] = Node(entity_id, "")
                break
        return nodes[0], nodes[1]


def _leaving(judged: list[tuple[Judgement, Node, Node]], ties: Ties[Node]) -> set[Node]:
    """Find the names that do not stay with their entity."""
    parts = sorted({node for _, *nodes in judged for node in nodes if node.form})
    leaving: set[Node] = set()

    def home(node: Node) -> frozenset[Node]:
        stays = node.form and node not in leaving
        return ties.group(Node(node.entity_id, "") if stays else node)

    def may_leave(node: Node) -> bool:
        return bool(node.form) and Node(node.entity_id, "") not in ties.group(node)

    for part in parts:
        if may_leave(part) and any(n.entity_id != part.entity_id for n in ties.group(part)):
            leaving.add(part)
    for judgement, left, right in judged:
        if judgement.judgement == DIFFERENT and home(left) == home(right):
            part = next(n for n in (right, left) if may_leave(n) and n not in leaving)
            leaving |= ties.group(part)
    return leaving


class _Rewriter:
    """Gives clusters their judged entities."""

    def __init__(
        self, links: Mapping[tuple[str, str], Link], ties: Ties[Node], leaving: set[Node]
    ) -> None:
        self.ties = ties
        self.leaving: dict[str, dict[str, Node]] = defaultdict(dict)
        for node in leaving:
            self.leaving[node.entity_id][node.form] = node
        self.first: dict[str, Link] = {}
        self.names: dict[frozenset[Node], Counter[str]] = defaultdict(Counter)
        for _, link in sorted(links.items()):
            self.first.setdefault(link.entity_id, link)
            group = ties.group(Node(link.entity_id, ""))
            if len(group) > 1:
                self.names[group][link.name] += 1

    def rewrite(self, result: Judged) -> None:
        for (doc_id, cluster), link in list(result.links.items()):
            leaving = self.leaving.get(link.entity_id, {})
            if not any(normalise(form) in leaving for form in link.forms):
                result.links[doc_id, cluster] = self._stay(link)
                continue
            inside = result.mentions[doc_id]
            here = [mention for mention in inside if mention.cluster == (cluster,)]
            moved: dict[str, Mention] = {}
            for number, (home, rows) in enumerate(self._by_home(here, leaving)):
                key = f"{cluster}.{number}" if number else cluster
                forms = tuple(dict.fromkeys(" ".join(m.text.split()) for m in rows))
                part = replace(link, forms=forms, count=len(rows))
                result.links[doc_id, key] = (
                    self._leave(part, home, rows) if home else self._stay(part)
                )
                name = rows[0].name
                if home or normalise(name) in leaving:
                    name = _best(Counter(" ".join(m.text.split()) for m in rows))
                if not number:
                    rows = [*rows, *(m for m in here if m.kind != "name")]
                moved |= {m.mention_id: replace(m, cluster=(key,), name=name) for m in rows}
            result.mentions[doc_id] = [moved.get(m.mention_id, m) for m in inside]

    def _by_home(
        self, here: list[Mention], leaving: dict[str, Node]
    ) -> list[tuple[Node | None, list[Mention]]]:
        """Sort a cluster's names by where they go; those that stay, if any, come first."""
        rows: dict[frozenset[Node], list[Mention]] = defaultdict(list)
        for mention in here:
            if mention.kind == "name":
                node = leaving.get(normalise(mention.text))
                rows[self.ties.group(node) if node else frozenset()].append(mention)
        ordered = sorted(rows.items(), key=lambda item: (bool(item[0]), sorted(item[0])))
        return [(min(group) if group else None, found) for group, found in ordered]

    def _stay(self, link: Link) -> Link:
        group = self.ties.group(Node(link.entity_id, ""))
        return self._join(link, group) if sum(not node.form for node in group) > 1 else link

    def _leave(self, link: Link, home: Node, rows: list[Mention]) -> Link:
        group = self.ties.group(home)
        wholes = [node for node in group if not node.form]
        if wholes:
            return self._join(replace(link, name=_best(Counter(link.forms))), group)
        return replace(
            link,
            entity_id=min(group).split_id,
            name=_best(Counter(" ".join(m.text.split()) for m in rows)),
            wikidata="",
            country=rows[0].country,
            known=False,
            score=SURE,
        )

    def _join(self, link: Link, group: frozenset[Node]) -> Link:
        firsts = [self.first[node.entity_id] for node in sorted(group) if not node.form]
        best = min(
            firsts, key=lambda f: (not f.wikidata, not f.known, len(f.wikidata), f.entity_id)
        )
        countries = [best.country, *(first.country for first in firsts)]
        return replace(
            link,
            entity_id=best.entity_id,
            name=best.name if best.known else _best(self.names[group]),
            label=best.label,
            wikidata=best.wikidata,
            country=next(filter(None, countries), ""),
            known=best.known,
            forms=tuple(dict.fromkeys((*link.forms, link.name))),
            score=SURE,
        )


def _best(names: Counter[str]) -> str:
    """Choose a full name before an acronym or capitals, then the usual one, then the longest."""
    return min(names, key=lambda n: (is_acronym(n) or n.isupper(), -names[n], -len(n), n))
