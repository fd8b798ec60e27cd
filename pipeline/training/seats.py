"""Which capitals of an annotated text stand for their country, as its identifiers say."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.components.capitals import seat_of
from pipeline.knowledge import Knowledge
from pipeline.markup import GoldText
from pipeline.text import normalise


def seats_of(gold: GoldText, knowledge: Knowledge) -> Iterator[tuple[int, int, bool]]:
    """Give first and last character of each capital, and whether it stands for its country.

    A name that its thing has as its canonical name, or begins with, is the city; where the text
    gives no canonical name, nothing is known of it.
    """
    names = {name.id: name for name in gold.names}
    for mention in gold.mentions:
        code = seat_of(mention.text, knowledge)
        if mention.label != "GPE" or not code or knowledge.country(mention.text):
            continue
        thing = names.get(mention.ids[0])
        if thing is None:
            continue
        if thing.wikidata == knowledge.countries[code].wikidata or knowledge.country(thing.name):
            yield mention.start, mention.end, True
        elif normalise(thing.name).startswith(normalise(mention.text)):
            yield mention.start, mention.end, False
