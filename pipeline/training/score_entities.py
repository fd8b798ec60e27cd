"""Things within and across documents against gold: from predicted mentions, and from gold ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.components.countries import MISSION, is_generic
from pipeline.gold import GoldDocument, as_document
from pipeline.knowledge import Knowledge
from pipeline.linking import Links, link_documents
from pipeline.recognizing import Reader
from pipeline.records import LinkedMention, Mention, Relation
from pipeline.schema import Schema
from pipeline.training.fit_owners import owners_in
from pipeline.training.score_clusters import ClusterScores, mentions_between_gold, score_mentions
from pipeline.training.score_linking import LinkingScore


@dataclass(slots=True)
class EntityScores:
    """Clusters and references within documents, and links across them.

    `owners` counts the bodies whose name many countries have and whose country no word beside it
    says, where the annotation does: those that got it (right), another (wrong) or none (open).
    """

    clusters: ClusterScores = field(default_factory=ClusterScores)
    linking: LinkingScore = field(default_factory=LinkingScore)
    owners: Counter[str] = field(default_factory=Counter)

    def summary(self) -> dict[str, float]:
        """Give what metrics.json holds: shares are 0 to 1."""
        references = self.clusters.references()
        carrying = self.clusters.carrying_references()
        return {
            "b_cubed_f": self.clusters.b_cubed()["f"],
            **{f"references_{key}": references[key] for key in "prf"},
            **{f"carrying_references_{key}": carrying[key] for key in "prf"},
            "owners_right": round(self.owners["right"] / max(1, self.owners.total()), 4),
            "owners_wrong": round(self.owners["wrong"] / max(1, self.owners.total()), 4),
            "owners": self.owners.total(),
            **self.linking.summary(),
        }


def score_entities(
    documents: Sequence[GoldDocument],
    mentions: Iterable[Mention],
    relations: Iterable[Relation],
    knowledge: Knowledge,
    schema: Schema,
    country_share: float,
) -> EntityScores:
    """Link the mentions of all documents and compare with gold."""
    inside: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        inside[mention.doc_id].append(mention)
    said: dict[str, list[Relation]] = defaultdict(list)
    for relation in relations:
        said[relation.doc_id].append(relation)
    raw = [as_document(document) for document in documents]
    links = link_documents(raw, inside, said, knowledge, country_share)
    scores = EntityScores()
    for document in documents:
        rows = inside[document.doc_id]
        score_mentions(scores.clusters, document.gold, rows, schema)
        linked = [
            LinkedMention(m, "+".join(links[m.doc_id, c].entity_id for c in m.cluster))
            for m in rows
        ]
        scores.linking.add(document.doc_id, document.gold, linked)
        scores.owners.update(_owners(document, rows, links, knowledge))
    return scores


def _owners(
    document: GoldDocument, mentions: Iterable[Mention], links: Links, knowledge: Knowledge
) -> Iterator[str]:
    """Tell of each found body that many countries have whether it got its country.

    Missions are left out: whose an embassy is and where it stands are two countries.
    """
    truth = owners_in(document.gold, knowledge)
    marked = {(m.start, m.end): m.ids[0] for m in document.gold.mentions if m.label == "ORG"}
    seen = set()
    for mention in mentions:
        owner = truth.get(marked.get((mention.begin, mention.stop), ""), "")
        if mention.kind != "name" or mention.label != "ORG" or mention.country or not owner:
            continue
        key = mention.doc_id, mention.cluster[0]
        if key in seen or MISSION.search(mention.text) or not is_generic(mention.text, knowledge):
            continue
        seen.add(key)
        country = links[key].country
        yield "open" if not country else "right" if country == owner else "wrong"


def score_given_mentions(
    documents: Sequence[GoldDocument],
    knowledge: Knowledge,
    schema: Schema,
    country_share: float,
    read: Reader,
) -> EntityScores:
    """Score the components alone: gold names, and gold spans of references.

    `read` lets the recognizer's encoder see them.
    """
    mentions = [
        mention
        for document in documents
        for mention in mentions_between_gold(document, knowledge, schema, read)
    ]
    return score_entities(documents, mentions, [], knowledge, schema, country_share)
