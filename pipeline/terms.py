"""When a post was held: the date beside a role, a body or a membership that no relation gives."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.records import Document, Mention, Relation

# Statements that hold for a time, so that one person may be deputy minister and later minister.
LASTING = frozenset({"has_role", "works_for", "member_of"})
# Between the post and its date: `minister since 2021`, `deputy minister (2016-2021)`.
AFTER = re.compile(r"\s*,?\s*\(?(?:since|from|in|as of|until|between|during)?\s*", re.I)
# Between the date and the post: `In 2022, then deputy minister`, `the 2019 chair`.
BEFORE = re.compile(r",?\s*(?:then|as|while|when|the then)?\s*(?:an? |the )?", re.I)
RANGE = re.compile(r"\s*(?:to|until|and|[-–])\s*", re.I)
YEARS = re.compile(r"\d{4}")


def find_terms(
    relations: Iterable[Relation],
    mentions: Mapping[str, Mention],
    documents: Mapping[str, Document],
) -> dict[tuple[str, str], str]:
    """Give, by document and relation, the words of the date that stands beside a post.

    Only a date that touches the post counts: any other date of the sentence is that of what
    the person did.
    """
    dates: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions.values():
        if mention.label == "DATE" and mention.kind == "name":
            dates[mention.doc_id].append(mention)
    found = {}
    for relation in relations:
        if relation.relation in LASTING and not relation.date:
            text = documents[relation.doc_id].text
            near = sorted(dates[relation.doc_id], key=lambda date: date.begin)
            if term := _term(text, mentions[relation.tail], near):
                found[relation.doc_id, relation.relation_id] = term
    return found


def _term(text: str, post: Mention, dates: list[Mention]) -> str:
    for number, date in enumerate(dates):
        if post.stop <= date.begin and AFTER.fullmatch(text[post.stop : date.begin]):
            following = dates[number + 1 : number + 2]
            for last in following:
                joined = RANGE.fullmatch(text[date.stop : last.begin])
                if joined and YEARS.fullmatch(date.text) and YEARS.fullmatch(last.text):
                    return f"{date.text}-{last.text}"
            return date.text
        if date.stop <= post.begin and BEFORE.fullmatch(text[date.stop : post.begin]):
            return date.text
    return ""
