"""What a document says of countries: which it names, which it is from, whose a name is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from pipeline.components.branches import is_branch
from pipeline.components.countries import BEFORE, WORD, is_generic
from pipeline.keys import is_vietnamese
from pipeline.knowledge import Knowledge
from pipeline.owners import Owners
from pipeline.records import Document, Mention, Relation
from pipeline.text import is_acronym, normalise

TITLED = frozenset({"ROLE", "ORG", "GPE"})
TITLE_OWNER = re.compile(rf"(?:^|[^\w.])({WORD})(?:['’]s?)?$")
DATELINE = re.compile(r"[^\n]{0,40}?(?:[-–—:(]|\d)")
PROVINCE = (
    r"([Pp]rovince|[Gg]overnorate|[Pp]refecture|[Oo]blast|[Ss]tate|[Dd]epartment|[Rr]egion"
    r"|[Vv]illage)"
)
PROVINCE_BEHIND = re.compile(rf"(?:\s+|, (?:an?|the) (?:\w+ )?){PROVINCE}\b(?! [A-Z])")
PROVINCE_BEFORE = re.compile(rf"\b{PROVINCE} of $")
# `the oblasts of Kharkiv and Odesa`, `Odesa, Kherson and Kharkiv regions`
PLACE = r"[A-Z][\w’'\-]*(?: [A-Z][\w’'\-]*){0,2}"
PROVINCES_BEHIND = re.compile(
    rf"(?:(?:,|,? and|,? or) {PLACE})*(?:,? and|,? or) {PLACE} {PROVINCE}s\b"
)
PROVINCES_BEFORE = re.compile(rf"\b{PROVINCE}s of (?:{PLACE}(?:,? and |,? or |, ))*$")
TOLD = re.compile(
    r"\b(?:told|telling|tells|quoted by|reported by|interview (?:with|to)|(?:spoke|speaking) to"
    r"|repl(?:y|ied) to|photos?(?: by)?:?|according to)\s+$",
    re.I,
)
FILED = re.compile(r"\)\s*(?:[-–—:]|\n|$)")
POSTED = re.compile(r"\b(?:to|in)\s+(?:the\s+)?$")
VIETNAM = "VN"  # whose people are known by their names
# Belief from which on a country is taken for the owner of a body, and from which on it speaks for
# that of the bodies behind.
SURE_OWNER, LIKELY_OWNER = 0.94, 0.5
# What speaks for the country of a text, by its weight.
NAME_OF_COUNTRY, TOWN, BODY, DATELINED = 0.3, 1.0, 1.0, 3.0


class Context:
    """One document's countries.

    `places` counts the countries that it names, by names and adjectives; `home` weighs what speaks
    for each, by its code; `country` is the one that it is from or about, or empty; `clusters` has
    the names of each thing in it.
    """

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        relations: Iterable[Relation],
        knowledge: Knowledge,
        share: float,
    ) -> None:
        self.document, self.knowledge = document, knowledge
        self.clusters: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.kind == "name":
                self.clusters[mention.cluster[0]].append(mention)
        self.ends = {mention.stop: mention for mention in mentions if mention.kind == "name"}
        self.places = self._places(mentions)
        self.home = self._home()
        self.country = self._surest(share)
        self.employers: dict[str, set[str]] = defaultdict(set)
        self.stated = self._stated(mentions, relations)
        self.owners = Owners(document.text, self.clusters, self.home, knowledge)

    def country_of(self, cluster: str, rows: Sequence[Mention]) -> str:
        """Give the country that a person, place, paper or body is of by the text, or ''."""
        label = rows[0].label
        owner, belief = self.owned.get(cluster, ("", 0.0))
        owner = owner if belief >= SURE_OWNER else ""
        if label == "PERSON":
            return self._nationality(cluster, rows)
        if label == "GPE":
            found = {code for row in rows if (code := self._after(row.stop))}
            return found.pop() if len(found) == 1 else ""
        if label in ("DOCUMENT", "PROGRAM", "EVENT"):
            found = {code for row in rows if (code := self._beside(row))}
            return found.pop() if len(found) == 1 else owner
        return owner

    def _nationality(self, cluster: str, rows: Sequence[Mention]) -> str:
        """Give a person's country: by title, by employer, or by name where the text names it."""
        found = {code for row in rows if (code := self._before(row.begin) or self._of(row.stop))}
        if len(found) != 1:
            found = {self.stated.get(cluster, "")} - {""}
        if not found:
            guessed = [self.owned.get(body, ("", 0.0)) for body in self.employers[cluster]]
            found = {owner for owner, belief in guessed if belief >= SURE_OWNER}
        if not found:
            found = {VIETNAM} if VIETNAM in self.home and is_vietnamese(rows[0].name) else set()
        return found.pop() if len(found) == 1 else ""

    def _places(self, mentions: Iterable[Mention]) -> Counter[str]:
        """Count the countries that the text names, by names and adjectives."""
        seen = Counter(m.country for m in mentions if m.label == "GPE" and m.country)
        for word in re.findall(r"\b[A-Z][a-z]+\b", self.document.text):
            if code := self.knowledge.demonyms.get(word.casefold()):
                seen[code] += 1
        return seen

    def _home(self) -> dict[str, float]:
        """Weigh what speaks for each country as the one that the text is written in or about.

        A text seldom names the country that it takes for granted, and names others all the
        time. So its dateline, the towns in it and the bodies that it says are of a country
        count for more than how often a country is named.
        """
        seen: dict[str, float] = defaultdict(float)
        for code, count in self.places.items():
            seen[code] += NAME_OF_COUNTRY * min(count, 3)
        for rows in self.clusters.values():
            first = rows[0]
            if first.label == "ORG" and first.country:
                seen[first.country] += BODY
            if first.label != "GPE":
                continue
            codes = {first.country} if first.country else self._countries_of(first.name)
            if len(codes) == 1:
                code = codes.pop()
                seen[code] += 0 if first.country else TOWN
                if any(self._opens(row) for row in rows[:3]):
                    seen[code] += DATELINED
        for named in (self.document.metadata.get("post", ""), self.document.outlet):
            for word in re.findall(r"[A-Z]\w+(?: [A-Z]\w+)?", named):
                for name in (word, *word.split()):
                    if code := (self.knowledge.country(name) or self._capital(name)):
                        seen[code] += DATELINED
                        break
        return dict(seen)

    def _surest(self, share: float) -> str:
        """Give the country for which at least that share speaks of the first two, or ''."""
        ranked = sorted(self.home.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or (ranked[0][1] < 2 and len(self.places) > 1):
            return ""
        second = ranked[1][1] if len(ranked) > 1 else 0
        return ranked[0][0] if ranked[0][1] >= share * (ranked[0][1] + second) else ""

    @cached_property
    def owned(self) -> dict[str, tuple[str, float]]:
        """Guess whose each body is that has no country in or beside it, and whose each law is.

        By cluster, with the belief in [0, 1].
        """
        found = {}
        for cluster, rows in sorted(self.clusters.items(), key=lambda item: item[1][0].begin):
            country = rows[0].country
            if not country and self.owners.in_doubt(rows[0]):
                owner, belief = found[cluster] = self.owners.owner(rows)
                country = owner if belief >= LIKELY_OWNER else ""
            if country and rows[0].label == "ORG":
                self.owners.settled(rows, country)
        return found

    def province(self, rows: Sequence[Mention]) -> str:
        """Give what the text calls a place each time (`Province`), or '': it is not the city."""
        text = self.document.text
        words = set()
        for row in rows:
            before, behind = text[max(0, row.begin - 90) : row.begin], text[row.stop :][:90]
            found = PROVINCE_BEHIND.match(behind) or PROVINCE_BEFORE.search(before)
            listed = PROVINCES_BEHIND.match(behind) or PROVINCES_BEFORE.search(before)
            if not found and listed and self._is_listed(row.text, listed[1]):
                found = listed
            words.add(found[1].capitalize() if found else "")
        return words.pop() if len(words) == 1 else ""

    def is_branch(self, rows: Sequence[Mention]) -> bool:
        """Tell whether the first name of a body is that of a part of its country."""
        first = rows[0]
        generic = is_generic(first.text, self.knowledge) and not is_acronym(first.text)
        return generic and is_branch(self.document.text, first.begin, first.stop)

    def is_source(self, rows: Sequence[Mention]) -> bool:
        """Tell whether a body is told or quoted, as papers are: `told AFP`, `HANOI (AFP) -`."""
        text = self.document.text
        return any(
            TOLD.search(text[max(0, row.begin - 30) : row.begin])
            or (text[row.begin - 1 : row.begin] == "(" and FILED.match(text[row.stop :][:12]))
            for row in rows
        )

    def _is_listed(self, place: str, kind: str) -> bool:
        """Tell whether a list of `provinces` means one beside the city of that name.

        Capitals have none unless it is known; Vietnam's provinces are known under bare names.
        """
        if self.knowledge.candidates(f"{place} {kind}", "GPE"):
            return True
        return not self._capital(place) and VIETNAM not in self._countries_of(place)

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

    def _stated(self, mentions: Iterable[Mention], relations: Iterable[Relation]) -> dict[str, str]:
        """Give the country that a relation says a cluster belongs to; notes the employers."""
        by_id = {mention.mention_id: mention for mention in mentions}
        stated: dict[str, Counter[str]] = defaultdict(Counter)
        for relation in relations:
            if relation.relation in ("works_for", "part_of", "located_in"):
                head, tail = by_id[relation.head], by_id[relation.tail]
                if relation.status not in ("actual", "former"):
                    continue
                for cluster in head.cluster:
                    if tail.country:
                        stated[cluster][tail.country] += 1
                    elif relation.relation == "works_for":
                        self.employers[cluster].update(tail.cluster)
        return {cluster: next(iter(count)) for cluster, count in stated.items() if len(count) == 1}

    def _before(self, begin: int) -> str:
        """Walk back over titles and bodies to a country: `Vietnamese` Deputy Minister X."""
        text = self.document.text
        while True:
            gap = re.search(r"(?:['’]s?)?[^\S\n]*\n?[^\S\n]*$", text[max(0, begin - 3) : begin])
            end = begin - len(gap[0]) if gap else begin
            mention = self.ends.get(end)
            if mention is None or mention.label not in TITLED:
                word = TITLE_OWNER.search(text[max(0, end - 30) : end])
                return self.knowledge.country(word[1]) if word else ""
            posted = POSTED.search(text[max(0, mention.begin - 12) : mention.begin])
            if mention.country and not posted:
                return mention.country
            # `Australian Ambassador to Vietnam X`: where somebody is posted is not the country.
            begin = mention.begin - (len(posted[0]) if posted else 0)

    def _of(self, stop: int) -> str:
        """Give the country of `President Kallon of Sierra Leone`."""
        text = self.document.text[stop : stop + 40]
        named = re.match(r" of (?:the )?([A-Z][\w\-]*(?: [A-Z][\w\-]*)*)", text)
        return self.knowledge.country(named[1]) if named else ""

    def _after(self, stop: int) -> str:
        """Give the country that stands behind a place, set off: `Tripoli, Lebanon,`."""
        following = re.match(
            r"(?:,| \() ?(?:in )?([A-Z][\w.’'\-]*(?: (?:and )?[A-Z][\w.’'\-]*){0,2})"
            r"\s*(?:[.;:)\n]|,\s+(?!and\b|or\b)[a-z])",
            self.document.text[stop : stop + 50],
        )
        return self.knowledge.country(following[1]) if following else ""

    def _beside(self, row: Mention) -> str:
        """Give the country in front of, in or behind the name of a paper or project."""
        before = self.document.text[max(0, row.begin - 40) : row.begin]
        front = BEFORE.search(before)
        pieces = [front[1], front[1].split()[-1]] if front else []
        words = row.text.split()
        pieces += [" ".join(words[:2]), words[0]]
        behind = re.match(
            r" of (?:the )?([A-Z][\w\-]*(?: [A-Z][\w\-]*)?)", self.document.text[row.stop :][:40]
        )
        pieces += [behind[1], behind[1].split()[0]] if behind else []
        return next((code for piece in pieces if (code := self.knowledge.country(piece))), "")
