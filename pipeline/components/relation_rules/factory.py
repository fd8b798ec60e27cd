"""Builds the component `relation_rules`."""

from __future__ import annotations

from spacy.language import Language

from pipeline.components.relation_rules.component import RelationRuler
from pipeline.components.relation_rules.data import load_relation_rules
from pipeline.schema import load_schema


@Language.factory(
    "relation_rules",
    requires=["doc.ents", "token.dep", "token.lemma"],
    assigns=["doc._.statements"],
)
def make_relation_rules(nlp: Language, name: str) -> RelationRuler:  # noqa: ARG001
    """Build the component from the project's rules and schema."""
    return RelationRuler(nlp, load_relation_rules(), load_schema())
