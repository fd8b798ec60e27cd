"""Which thing of the world each cluster of a document is, decided from that document alone.

A cluster is linked to the knowledge files by its name, exact, folded or nearly so, where the
country of the text agrees; else it becomes a new thing, whose identifier is made of what names
it: label, name, and the country where many countries have such a thing. What could be several
things stays within its document. So an identifier never depends on other documents, and two
documents share a new thing only where they write the same name: chains of likenesses cannot form.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.components.clusters import core_name, is_generic
from pipeline.dates import parse_date
from pipeline.fuzzy import FuzzyNames
from pipeline.knowledge import Knowledge, Known
from pipeline.records import Document, Mention, Relation
from pipeline.text import entity_key, fold, is_acronym, normalise
from pipeline.words import load_words

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NUMBER = re.compile(
    r"\b(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth)\b",
    re.I,
)
SERIES = re.compile(r"\b(?:Reports?|Meeting|Summit|Conference|Forum|Dialogue|Congress|Talks)\b")
LEGAL_NUMBER = re.compile(r"\d+/\d+|\bNo\.?\s*\d", re.I)
SEATS_OF_UNION = frozenset({"brussels"})
UNION = re.compile(r"\bEU\b|\bEuropean (?:Union|Commission|Parliament|Council|Community)\b|\bE\.U\.")
# Of which a country has one in every capital: without its place it is not one.
MISSIONS = frozenset({"embassy", "consulate", "mission", "delegation", "office"})
CITY_OF = re.compile(r"^(?:the )?city of ", re.I)
TITLED = frozenset({"ROLE", "ORG", "GPE"})

# The parent of one edition that the text does not tell from the others: it stays in its document.
HERE = "\x00here"

DATELINE = re.compile(r"[^\n]{0,40}?(?:[-–—:(]|\d)")
# How certain a link is, in [0, 1]: by what the name was found.
NAMED, ALIAS, BY_COUNTRY, ACRONYM, BY_KEY, BY_TEXT = 1.0, 0.95, 0.9, 0.85, 0.9, 0.7


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


Links = dict[tuple[str, str], Link]


def link_documents(
    documents: Sequence[Document],
    mentions: Mapping[str, Sequence[Mention]],
    relations: Mapping[str, Sequence[Relation]],
    knowledge: Knowledge,
    country_share: float,
) -> Links:
    """Give every cluster its entity, by document and cluster; mentions are given by document."""
    fuzzy = FuzzyNames(knowledge)
    links: Links = {}
    for document in documents:
        linker = Linker(
            document,
            mentions.get(document.doc_id, ()),
            relations.get(document.doc_id, ()),
            knowledge,
            fuzzy,
            country_share,
        )
        links.update({(document.doc_id, cluster): link for cluster, link in linker.links().items()})
    return links


class Linker:
    """Links one document's clusters."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        relations: Sequence[Relation],
        knowledge: Knowledge,
        fuzzy: FuzzyNames,
        country_share: float,
    ) -> None:
        self.document, self.knowledge, self.fuzzy = document, knowledge, fuzzy
        self.clusters: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.kind == "name":
                self.clusters[mention.cluster[0]].append(mention)
        self.ends = {mention.stop: mention for mention in mentions if mention.kind == "name"}
        self.places = self._places(mentions)
        self.country = self._home(country_share)
        self.stated = self._stated(mentions, relations)

    def _places(self, mentions: Iterable[Mention]) -> Counter[str]:
        """Count the countries that the text names, by names and adjectives."""
        seen = Counter(m.country for m in mentions if m.label == "GPE" and m.country)
        for word in re.findall(r"\b[A-Z][a-z]+\b", self.document.text):
            if code := self.knowledge.demonyms.get(word.casefold()):
                seen[code] += 1
        return seen

    def _home(self, share: float) -> str:
        """Give the country that the text is written in or about, or ''.

        A text seldom names the country that it takes for granted, and names others all the
        time. So its dateline, the towns in it and the bodies that it says are of a country
        count for more than how often a country is named.
        """
        seen: Counter[str] = Counter()
        for code, count in self.places.items():
            seen[code] += 0.3 * min(count, 3)  # type: ignore[assignment]
        for rows in self.clusters.values():
            first = rows[0]
            if first.label == "ORG" and first.country:
                seen[first.country] += 1
            if first.label != "GPE":
                continue
            codes = {first.country} if first.country else self._countries_of(first.name)
            if len(codes) == 1:
                code = codes.pop()
                seen[code] += 0 if first.country else 1
                if any(self._opens(row) for row in rows[:3]):
                    seen[code] += 3
        for named in (self.document.metadata.get("post", ""), self.document.outlet):
            for word in re.findall(r"[A-Z]\w+(?: [A-Z]\w+)?", named):
                for name in (word, *word.split()):
                    if code := (self.knowledge.country(name) or self._capital(name)):
                        seen[code] += 3
                        break
        ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or (ranked[0][1] < 2 and len(self.places) > 1):
            return ""
        second = ranked[1][1] if len(ranked) > 1 else 0
        return ranked[0][0] if ranked[0][1] >= share * (ranked[0][1] + second) else ""

    def _countries_of(self, place: str) -> set[str]:
        return {known.country for known in self.knowledge.candidates(place, "GPE")} - {""}

    def _capital(self, name: str) -> str:
        return self.knowledge.capitals.get(normalise(name), "")

    def _opens(self, row: Mention) -> bool:
        """Tell whether a place is a dateline: `HANOI, 3 May -`."""
        text = self.document.text
        return (
            row.begin < 600
            and text[row.begin - 1 : row.begin] in ("", "\n")
            and bool(DATELINE.match(text[row.stop : row.stop + 45]))
        )

    def _stated(
        self, mentions: Iterable[Mention], relations: Iterable[Relation]
    ) -> dict[str, str]:
        """Give the country that a relation says a cluster belongs to."""
        by_id = {mention.mention_id: mention for mention in mentions}
        stated: dict[str, Counter[str]] = defaultdict(Counter)
        for relation in relations:
            if relation.relation in ("works_for", "part_of", "located_in"):
                head, tail = by_id[relation.head], by_id[relation.tail]
                if tail.country and relation.status in ("actual", "former"):
                    for cluster in head.cluster:
                        stated[cluster][tail.country] += 1
        return {
            cluster: next(iter(count)) for cluster, count in stated.items() if len(count) == 1
        }

    def links(self) -> dict[str, Link]:
        """Link all clusters, by their identifier in the document."""
        return {cluster: self._link(cluster, rows) for cluster, rows in self.clusters.items()}

    def _link(self, cluster: str, rows: list[Mention]) -> Link:
        first = rows[0]
        label, name = first.label, " ".join(first.name.split())
        country = first.country or self._country_of(cluster, rows)
        forms = tuple(dict.fromkeys(" ".join(m.text.split()) for m in rows))
        known = self._known(label, name, country, forms)
        if known:
            thing, score = known
            if thing.parent == HERE:
                entity_id = entity_key(label, thing.name, self.document.doc_id)
                return Link(
                    entity_id, thing.name, label, "", thing.country, False, forms, len(rows), score
                )
            return Link(
                thing.entity_id, thing.name, label, thing.wikidata, thing.country or country,
                True, forms, len(rows), score,
            )  # fmt: skip
        entity_id, full, country, score = self._new(label, name, country, forms)
        return Link(entity_id, full, label, "", country, False, forms, len(rows), score)

    def _country_of(self, cluster: str, rows: list[Mention]) -> str:
        """Give the country that the text says a person, place or paper is of, or ''."""
        label = rows[0].label
        if label == "PERSON":
            found = {code for row in rows if (code := self._before(row.begin))}
            return found.pop() if len(found) == 1 else self.stated.get(cluster, "")
        if label == "GPE":
            found = {code for row in rows if (code := self._after(row.stop))}
            return found.pop() if len(found) == 1 else ""
        if label in ("DOCUMENT", "PROGRAM", "EVENT"):
            found = {code for row in rows if (code := self._beside(row))}
            return found.pop() if len(found) == 1 else ""
        return ""

    def _before(self, begin: int) -> str:
        """Walk back over titles and bodies to a country: `Vietnamese` Deputy Minister X."""
        text = self.document.text
        while True:
            gap = re.search(r"(?:['’]s?)?\s*$", text[max(0, begin - 3) : begin])
            end = begin - len(gap[0]) if gap else begin
            mention = self.ends.get(end)
            if mention is None or mention.label not in TITLED:
                word = re.search(r"([A-Z][\w.\-]*)(?:['’]s?)?$", text[max(0, end - 30) : end])
                return self.knowledge.country(word[1]) if word else ""
            if mention.country:
                return mention.country
            begin = mention.begin

    def _after(self, stop: int) -> str:
        """Give the country that stands behind a place, set off: `Tripoli, Lebanon,`."""
        following = re.match(
            r"(?:,| \() ?([A-Z][\w.’'\-]*(?: (?:and )?[A-Z][\w.’'\-]*){0,2})"
            r"\s*(?:[.;:)\n]|,\s+(?!and\b|or\b)[a-z])",
            self.document.text[stop : stop + 50],
        )
        return self.knowledge.country(following[1]) if following else ""

    def _beside(self, row: Mention) -> str:
        """Give the country in front of, in or behind the name of a paper or project."""
        before = self.document.text[max(0, row.begin - 40) : row.begin]
        front = re.search(r"([A-Z][\w.\-]*(?: [A-Z][\w.\-]*)?)(?:['’]s?)?\s+$", before)
        pieces = [front[1], front[1].split()[-1]] if front else []
        words = row.text.split()
        pieces += [" ".join(words[:2]), words[0]]
        behind = re.match(
            r" of (?:the )?([A-Z][\w\-]*(?: [A-Z][\w\-]*)?)", self.document.text[row.stop :][:40]
        )
        pieces += [behind[1], behind[1].split()[0]] if behind else []
        return next((code for piece in pieces if (code := self.knowledge.country(piece))), "")

    def _known(
        self, label: str, name: str, country: str, forms: tuple[str, ...]
    ) -> tuple[Known, float] | None:
        """Find the thing that the knowledge files know, with how certain that is."""
        if label in ("GPE", "ORG") and (found := self._government(label, name, country, forms)):
            return found
        full = [form for form in (name, *forms) if not is_acronym(form)]
        short = [form for form in forms if is_acronym(form)]
        # An acronym alone names a known body; beside a full name that is not known it does not.
        for form in dict.fromkeys(full or short):
            for written in self._written(label, form):
                candidates = self.knowledge.candidates(written, label)
                if chosen := self._choose(candidates, written, label, country):
                    return self._edition(label, chosen[0], form, forms) or chosen
        for form in dict.fromkeys(full):
            if label != "PERSON" and (near := self._nearly(form, label, country)):
                return near
        return None

    def _government(
        self, label: str, name: str, country: str, forms: tuple[str, ...]
    ) -> tuple[Known, float] | None:
        """Know a country by its names, an abbreviation of several by the text's countries."""
        knowledge = self.knowledge
        found = knowledge.countries.get(country)
        seated = all(normalise(form) in SEATS_OF_UNION for form in forms)
        if seated and (label == "ORG" or found) and UNION.search(self.document.text):
            union = knowledge.find("European Union", "ORG")
            return (union, BY_COUNTRY) if union else None
        if label == "GPE" and found and normalise(found.name) == normalise(name):
            return found, NAMED
        codes = knowledge.ambiguous.get(name.replace(".", ""), ())
        named = [code for code in codes if self.places[code]]
        if label == "GPE" and len(named) == 1:
            return knowledge.countries[named[0]], BY_COUNTRY
        return None

    @staticmethod
    def _written(label: str, form: str) -> list[str]:
        """Give the forms under which a name may be known."""
        if label == "GPE":
            return list(dict.fromkeys([form, CITY_OF.sub("", form)]))
        if label in ("DOCUMENT", "EVENT"):
            bare = re.sub(r"\s*\(?\bof\s+$|^\W+|\W+$", "", YEAR.sub("", form))
            return list(dict.fromkeys([form, bare, NUMBER.sub("", bare).strip()]))
        return [form]

    def _choose(
        self, candidates: list[Known], form: str, label: str, country: str
    ) -> tuple[Known, float] | None:
        """Take the one candidate that fits the country of the text; several that fit, none."""
        if form in self.knowledge.exact and candidates:
            return candidates[0], ALIAS
        fits = [k for k in candidates if not (k.country and country and k.country != country)]
        if label == "ORG" and is_generic(form, self.knowledge):
            # `Ministry of Justice` is that of the country spoken of, whichever list has it.
            here = country or self.country
            fits = [k for k in fits if (k.country == here if k.country else self._meant(k, form))]
        if len(fits) > 1:
            for place in filter(None, (country, self.country)):
                if near := [known for known in fits if known.country == place]:
                    fits = near
                    break
            else:
                fits = [known for known in fits if self.places[known.country]]
            return (fits[0], BY_COUNTRY) if len(fits) == 1 else None
        if not fits:
            return None
        known = fits[0]
        if is_acronym(form):
            spelt = len(form) > 3 or known.wikidata or self.places[known.country]
            return (known, ACRONYM) if spelt or not known.country else None
        agrees = not known.country or known.country in (country, self.country)
        return known, NAMED if agrees and normalise(known.name) == normalise(form) else ALIAS

    def _meant(self, known: Known, form: str) -> bool:
        """Tell whether a generic name is meant: in full, or beside the body that it belongs to."""
        if fold(form) == fold(known.name):
            return True
        parents = self.knowledge.things.get(normalise(known.parent), ()) if known.parent else ()
        names = {name for parent in parents for name in (parent.name, *parent.aliases)}
        text = self.document.text
        return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)

    def _nearly(self, form: str, label: str, country: str) -> tuple[Known, float] | None:
        if is_acronym(form) or (label == "ORG" and not (country or self.country)):
            return None
        if label == "GPE" and " " not in form and len(form) < 8:
            return None
        places = [country] if country else [self.country, *sorted(self.places)]
        if not (label == "ORG" and is_generic(form, self.knowledge)):
            places += [] if label == "GPE" else [""]
        elif not country:
            places = [self.country]
        found = self.fuzzy.find(form, label, places)
        return (found[0], round(found[1] * BY_COUNTRY, 3)) if found else None

    def _edition(
        self, label: str, known: Known, form: str, forms: tuple[str, ...]
    ) -> tuple[Known, float] | None:
        """Tell one year's report or meeting from its series."""
        if label not in ("DOCUMENT", "EVENT") or not SERIES.search(known.name):
            return None
        marks = {mark[0] for f in (form, *forms) for mark in YEAR.finditer(f)} or {
            mark[0].casefold() for f in (form, *forms) for mark in NUMBER.finditer(f)
        }
        which = marks.pop() if len(marks) == 1 else ""
        name = f"{which} {known.name}" if which else form
        parent = known.name if which else HERE
        return Known(name, label, (), known.country, parent, ""), BY_KEY if which else NAMED

    def _new(
        self, label: str, name: str, country: str, forms: tuple[str, ...]
    ) -> tuple[str, str, str, float]:
        """Give identifier, name, country and certainty of a thing that is not known."""
        here = self.document.doc_id
        local = (entity_key(label, name, here), name, country, NAMED)
        if label == "ORG":
            return self._new_body(name, country, forms) or local
        if label == "PERSON":
            if " " not in name:
                return local
            country = country or self.country
            parts = (name, country) if country else (name,)
            return entity_key(label, *parts), name, country, BY_KEY if country else BY_TEXT
        if label in ("EVENT", "DOCUMENT", "PROGRAM"):
            return self._new_paper(label, name, country) or local
        if label == "DATE":
            iso = parse_date(name, self.document.published)
            return (entity_key(label, iso), iso, "", NAMED) if iso else local
        if label == "GPE" and name.replace(".", "") in self.knowledge.ambiguous:
            return local
        if label in ("GPE", "LOC"):
            parts = (fold(name), country) if country else (fold(name),)
            return entity_key(label, *parts), name, country, BY_KEY if country else BY_TEXT
        return entity_key(label, name), name, country, NAMED

    def _new_body(
        self, name: str, country: str, forms: tuple[str, ...]
    ) -> tuple[str, str, str, float] | None:
        core = core_name(name, self.knowledge)
        words = core.split()
        if MISSIONS & set(words) and not re.search(r" (?:in|to) [A-Z]", name):
            return None
        generic = is_generic(name, self.knowledge)
        if generic or len(words) == 1:
            country = country or self.country
            if not country or (len(words) == 1 and core in load_words("bare_bodies")):
                return None
            place = self.knowledge.countries[country].name
            full = f"{name} ({place})" if generic and normalise(name) == core else name
            return entity_key("ORG", body_key(core), country), full, country, BY_KEY
        return entity_key("ORG", fold(name)), name, country, BY_KEY

    def _new_paper(
        self, label: str, name: str, country: str
    ) -> tuple[str, str, str, float] | None:
        """Key a document, event or project by its name where that says which one it is."""
        words = normalise(name).split()
        national = bool(set(words) & load_words("national_documents")) and label == "DOCUMENT"
        country = country or (self.country if national else "")
        if national and not country:
            return None
        shared = load_words("kinds", "topics", "national_documents")
        own = [
            word
            for word in re.findall(r"\w[\w’'-]*", name)
            if word[0].isupper() and normalise(word) not in shared
            and not self.knowledge.country(word)
        ]
        numbered = bool(YEAR.search(name) or LEGAL_NUMBER.search(name))
        about = [word for word in words if word in load_words("topics")]
        if national:
            enough = numbered or len(words) > 1
        elif label == "EVENT":
            # A forum meets again: without its year or number it could be any of them.
            enough = bool(own) and (numbered or bool(NUMBER.search(name)) or "day" in words)
        else:
            enough = bool(own) or (numbered and len(about) > 1)
        if not enough:
            return None
        parts = (fold(name), country) if national else (fold(name),)
        return entity_key(label, *parts), name, country, BY_KEY if own or numbered else BY_TEXT


def body_key(core: str) -> str:
    """Fold a body's name so that `Foreign Ministry` and `Ministry of Foreign Affairs` are one."""
    words = [word for word in fold(core).split() if word not in ("affairs", "federal", "state")]
    if "ministry" in words:
        return " ".join(["ministry", *sorted(word for word in words if word != "ministry")])
    return " ".join(words)
