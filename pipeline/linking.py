"""Which thing of the world each cluster of a document is, decided from that document alone.

A cluster is linked to the knowledge files by its name, exact, folded or nearly so, where the
country of the text agrees; else it becomes a new thing, whose identifier is made of what names
it: label, name, and the country where many countries have such a thing. What could be several
things stays within its document. So an identifier never depends on other documents, and two
documents share a new thing only where they write the same name: chains of likenesses cannot form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.components.capitals import EITHER
from pipeline.components.clusters import is_generic
from pipeline.context import Context
from pipeline.fuzzy import FuzzyNames, KnownBodies
from pipeline.keys import NUMBER, WORDED, YEAR, counted
from pipeline.knowledge import Knowledge, Known
from pipeline.newcomers import new_thing
from pipeline.owners import MANY_BODIES
from pipeline.records import Document, Mention, Relation
from pipeline.text import LONG_ACRONYM, entity_key, fold, is_acronym, normalise

SERIES = re.compile(r"\b(?:Reports?|Meeting|Summit|Conference|Forum|Dialogue|Congress|Talks)\b")
SEATS_OF_UNION = frozenset({"brussels"})
UNION = re.compile(
    r"\bEU\b|\bEuropean (?:Union|Commission|Parliament|Council|Community)\b|\bE\.U\."
)
# `told AFP`: of several that bear an acronym, the one that reports.
PRESS = re.compile(r"\b(?:presse?|news|radio|television|broadcast\w*|times|media)\b", re.I)
BARE_GOVERNMENT = re.compile(
    r"(?:the )?(?:(?:royal|federal|central|national|union) )?(?:government|gov['’]?t\.?)", re.I
)
CITY_OF = re.compile(r"^(?:the )?city of ", re.I)
# How certain a link is, in [0, 1], by what the name was found.
NAMED, ALIAS, BY_COUNTRY, ACRONYM = 1.0, 0.95, 0.9, 0.85
# How certain it is whether a capital of which that is left open is the city.
OPEN = 0.5
# How certain it is where only one country of the text has such a body listed.
SOLE = 0.7


@dataclass(frozen=True, slots=True)
class Link:
    """One cluster of one document with the entity that it was given.

    `forms` are the names as the text has them, `count` how many mentions; `score` is how
    certain it is that other documents' clusters of this entity are the same thing, in [0, 1].
    """

    entity_id: str
    name: str
    label: str
    wikidata: str
    country: str
    known: bool
    forms: tuple[str, ...]
    count: int
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that a name was matched with; a `local` one stays within its document."""

    known: Known
    score: float
    local: bool = False


Links = dict[tuple[str, str], Link]


def link_documents(
    documents: Sequence[Document],
    mentions: Mapping[str, Sequence[Mention]],
    relations: Mapping[str, Sequence[Relation]],
    knowledge: Knowledge,
    country_share: float,
) -> Links:
    """Give every cluster its entity, by document and cluster; mentions are given by document."""
    fuzzy, bodies = FuzzyNames(knowledge), KnownBodies(knowledge)
    links: Links = {}
    for document in documents:
        here = document.doc_id
        context = Context(
            document, mentions.get(here, ()), relations.get(here, ()), knowledge, country_share
        )
        linker = Linker(context, fuzzy, bodies)
        for cluster, rows in context.clusters.items():
            links[here, cluster] = linker.link(cluster, rows)
    return links


def _is_part_of(form: str, name: str) -> bool:
    """Tell whether a form leaves words of the full name out: `Caritas` for `Lebanon Caritas`."""
    words, whole = set(normalise(form).split()), set(normalise(name).split())
    return len(words) == 1 and words < whole


class Linker:
    """Links one document's clusters."""

    def __init__(self, context: Context, fuzzy: FuzzyNames, bodies: KnownBodies) -> None:
        self.context, self.fuzzy, self.bodies = context, fuzzy, bodies
        self.knowledge = context.knowledge
        self._local: Counter[str] = Counter()
        self._guessed: Counter[Hashable] = Counter()

    def link(self, cluster: str, rows: Sequence[Mention]) -> Link:
        """Give one cluster its entity; `rows` are its names in the order of the text."""
        first = rows[0]
        label, name = first.label, " ".join(first.name.split())
        forms = tuple(dict.fromkeys(" ".join(m.text.split()) for m in rows))
        if name.endswith(EITHER):
            own = self._own_key(label, name)
            return Link(own, name, label, "", "", False, forms, len(rows), OPEN)
        country = first.country or self.context.country_of(cluster, rows)
        guessed = label == "ORG" and bool(country) and not first.country
        # Of two bodies of one name that a text tells apart, not both are that country's.
        again = guessed and self._again((country, normalise(name)))
        if again:
            country, guessed = "", False
        names = forms
        if label == "GPE" and not first.country and (kind := self.context.province(rows)):
            name = f"{name} {kind}"
            names = (name,)
        branch = label == "ORG" and self.context.is_branch(rows)
        found = None if again or branch else self._known(label, name, country, names, rows)
        if found and found.local:
            thing = found.known
            return Link(
                self._own_key(label, thing.name), thing.name, label, "", thing.country, False,
                forms, len(rows), found.score,
            )  # fmt: skip
        belief = self.context.owned[cluster][1] if guessed else 1.0
        if found:
            thing = found.known
            if thing.country and not country and cluster in self.context.owned:
                belief = SOLE
            return Link(
                thing.entity_id, thing.name, label, thing.wikidata,
                thing.country if label == "ORG" else thing.country or country,
                True, forms, len(rows), min(found.score, belief),
            )  # fmt: skip
        new = new_thing(label, name, country, self.context)
        local = new.entity_id == entity_key(label, name, self.context.document.doc_id)
        again = again or (guessed and not local and self._again(new.entity_id))
        local = local or again or branch
        return Link(
            self._own_key(label, name) if local else new.entity_id,
            name if again else new.name,
            label,
            "",
            "" if again else new.country,
            False,
            forms,
            len(rows),
            min(new.score, belief),
        )

    def _again(self, guess: Hashable) -> bool:
        """Tell whether the same was guessed of another body of the text."""
        self._guessed[guess] += 1
        return self._guessed[guess] > 1

    def _own_key(self, label: str, name: str) -> str:
        """Name a thing of this document alone: its second `visit` is not its first."""
        parts = (name, self.context.document.doc_id)
        self._local[entity_key(label, *parts)] += 1
        count = self._local[entity_key(label, *parts)]
        return entity_key(label, *parts, *([str(count)] if count > 1 else []))

    def _known(
        self,
        label: str,
        name: str,
        country: str,
        forms: tuple[str, ...],
        rows: Sequence[Mention],
    ) -> Match | None:
        """Find the thing that the knowledge files know, with how certain that is."""
        if "post" in self.context.document.metadata and name in self.knowledge.in_cables:
            return Match(self.knowledge.in_cables[name], BY_COUNTRY)
        if label in ("GPE", "ORG") and (found := self._government(label, name, country, forms)):
            return found
        full = [form for form in (name, *forms) if not is_acronym(form)]
        short = [form for form in forms if is_acronym(form)]
        if label == "ORG":
            full = [form for form in full if not _is_part_of(form, name)]
        # An acronym alone names a known body; beside a full name that is not known it does not.
        for form in dict.fromkeys(full or short):
            for written in self._written(label, form):
                candidates = self.knowledge.candidates(written, label)
                if short and self.context.is_source(rows):
                    candidates = [k for k in candidates if PRESS.search(k.name)] or candidates
                if chosen := self._choose(candidates, written, label, country):
                    return self._edition(label, chosen.known, form, forms) or chosen
        for form in dict.fromkeys(full):
            if label == "ORG" and country and is_generic(form, self.knowledge):
                # `Internal Affairs Ministry of Belarus`, of which the lists have another order.
                alike = self.bodies.find(form, country)
                if len(alike) == 1:
                    return Match(alike[0], BY_COUNTRY)
            if label != "PERSON" and (near := self._nearly(form, label, country)):
                return near
        return None

    def _government(
        self, label: str, name: str, country: str, forms: tuple[str, ...]
    ) -> Match | None:
        """Know a country by its names, an abbreviation of several by the text's countries."""
        knowledge = self.knowledge
        found = knowledge.countries.get(country)
        seated = all(normalise(form) in SEATS_OF_UNION for form in forms)
        text = self.context.document.text
        spoken_of = UNION.search(text) or not re.search(r"\b(?:Belgi|BELGI)", text)
        if seated and (label == "ORG" or found) and spoken_of:
            union = knowledge.find("European Union", "ORG")
            return Match(union, BY_COUNTRY) if union else None
        if label == "GPE" and found and normalise(found.name) == normalise(name):
            return Match(found, NAMED)
        here = knowledge.countries.get(self.context.country)
        if label == "GPE" and here and BARE_GOVERNMENT.fullmatch(name):
            return Match(here, BY_COUNTRY)
        codes = knowledge.ambiguous.get(name.replace(".", ""), ())
        named = [code for code in codes if self.context.places[code]]
        if label == "GPE" and len(named) == 1:
            return Match(knowledge.countries[named[0]], BY_COUNTRY)
        return None

    @staticmethod
    def _written(label: str, form: str) -> list[str]:
        """Give the forms under which a name may be known."""
        if label == "GPE":
            return list(dict.fromkeys([form, CITY_OF.sub("", form)]))
        if label in ("DOCUMENT", "EVENT"):
            bare = re.sub(r"\s*\(?\bof\s+$|^\W+|\W+$", "", YEAR.sub("", form))
            return list(dict.fromkeys([form, bare, WORDED.sub("", bare).strip()]))
        return [form]

    def _choose(self, candidates: list[Known], form: str, label: str, country: str) -> Match | None:
        """Take the one candidate that fits the country of the text; several that fit, none."""
        if form in self.knowledge.exact and candidates:
            return Match(candidates[0], ALIAS)
        fits = [k for k in candidates if not (k.country and country and k.country != country)]
        if label == "ORG" and is_generic(form, self.knowledge):
            # `Ministry of Justice` is that of the country spoken of, whichever list has it.
            here = country or self._sole(candidates)
            fits = [k for k in fits if (k.country == here if k.country else self._meant(k, form))]
        if len(fits) > 1:
            for place in filter(None, (country, self.context.country)):
                if near := [known for known in fits if known.country == place]:
                    fits = near
                    break
            else:
                named = [known for known in fits if self.context.places[known.country]]
                # Where the text names none of their countries, the one that is known everywhere.
                capital = self.knowledge.capitals.get(normalise(form), "") if label == "GPE" else ""
                fits = named or [known for known in fits if known.country == capital]
            return Match(fits[0], BY_COUNTRY) if len(fits) == 1 else None
        if not fits:
            return None
        known = fits[0]
        if is_acronym(form):
            spelt = (
                len(form) >= LONG_ACRONYM or known.wikidata or self.context.places[known.country]
            )
            return Match(known, ACRONYM) if spelt or not known.country else None
        agrees = not known.country or known.country in (country, self.context.country)
        exact = agrees and normalise(known.name) == normalise(form)
        return Match(known, NAMED if exact else ALIAS)

    def _sole(self, candidates: list[Known]) -> str:
        """Give the one country of the text that has a body of such a name.

        Only where the bodies of all of the text's countries are listed is a lack of one telling.
        """
        named = set(self.context.places)
        if any(self.knowledge.bodies[code] < MANY_BODIES for code in named):
            return ""
        having = {known.country for known in candidates} & named
        return having.pop() if len(having) == 1 else ""

    def _meant(self, known: Known, form: str) -> bool:
        """Tell whether a generic name is meant: in full, or beside the body that it belongs to."""
        if fold(form) == fold(known.name):
            return True
        parents = self.knowledge.things.get(normalise(known.parent), ()) if known.parent else ()
        names = {name for parent in parents for name in (parent.name, *parent.aliases)}
        text = self.context.document.text
        return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)

    def _nearly(self, form: str, label: str, country: str) -> Match | None:
        generic = label == "ORG" and is_generic(form, self.knowledge)
        if is_acronym(form) or (generic and not country):
            return None
        if label == "ORG" and not (country or self.context.country):
            return None
        if label == "GPE" and " " not in form and len(form) < 8:
            return None
        places = [country] if country else [self.context.country, *sorted(self.context.places)]
        if not generic:
            places += [] if label == "GPE" else [""]
        found = self.fuzzy.find(form, label, places)
        return Match(found[0], round(found[1] * BY_COUNTRY, 3)) if found else None

    def _edition(self, label: str, known: Known, form: str, forms: tuple[str, ...]) -> Match | None:
        """Tell one year's report or meeting from its series."""
        if label not in ("DOCUMENT", "EVENT") or not SERIES.search(known.name):
            return None
        marks = {mark[0] for f in (form, *forms) for mark in YEAR.finditer(f)} or {
            number
            for f in (form, *forms)
            for mark in NUMBER.finditer(f)
            if (number := counted(mark[0]))
        }
        if len(marks) != 1:
            return Match(Known(form, label, (), known.country, "", ""), NAMED, local=True)
        name = f"{marks.pop()} {known.name}"
        return Match(Known(name, label, (), known.country, known.name, ""), BY_COUNTRY)
