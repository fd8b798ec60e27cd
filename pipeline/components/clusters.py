"""Which mentions of a document name the same thing, by acronym, short form and surname.

Plain functions over found names, so that they serve the rules and the trained models alike.
Within a document a wrong merge is worse than a split: a short form joins a longer one only
where there is exactly one that it can stand for.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.components.branches import cores_of_branches
from pipeline.components.capitals import EITHER, acting_capitals
from pipeline.components.countries import core_name, countries_of, is_generic
from pipeline.components.disjoint import DisjointSets
from pipeline.components.introduced import Found, apart, introduced
from pipeline.components.people import same_people
from pipeline.components.pointing import Pointing
from pipeline.knowledge import Knowledge
from pipeline.text import acronyms, is_acronym, normalise, strip_marks
from pipeline.words import load_words

__all__ = ["Cluster", "Found", "cluster_names", "core_name", "is_generic"]

NAMED = ("ORG", "DOCUMENT", "EVENT", "PROGRAM", "LOC")
SMALL_PLACE = re.compile(r"\s+(?:village|town|street|district)\b", re.I)
# Small words in a body's name, and those behind which it says what it is for.
SMALL = frozenset({"of", "for", "on", "and", "in", "against", "to"})
PURPOSE = frozenset({"for", "against"})
OPENING = re.compile(r"(?:^|[.!?:;\n)\-–—•*]\s*|[\"“]\s*)(?:(?:The|A|An) )?$")
MINISTRY_SPELLINGS = {"labor": "labour", "defense": "defence", "ministries": "ministry"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """The names of one thing in one document.

    `name` is the fullest form; `country` the ISO 3166 code of the country that it is, or
    that it belongs to where the text says so; `members` index the names given.
    """

    id: str
    label: str
    name: str
    country: str
    members: tuple[int, ...]


def cluster_names(
    text: str, names: Sequence[Found], knowledge: Knowledge, pointing: Pointing | None = None
) -> list[Cluster]:
    """Group names, given in text order; clusters come in the order of their first name.

    `pointing` is what an encoder saw of the text, None without one.
    """
    groups = DisjointSets(len(names))
    countries = countries_of(text, names, knowledge)
    by_label: dict[str, list[int]] = defaultdict(list)
    either: set[int] = set()
    for index, name in enumerate(names):
        by_label[name.label].append(index)
    for label, indexes in by_label.items():
        if label == "PERSON":
            _join_equal(names, indexes, groups)
            for one, other in same_people([names[i].text for i in indexes]):
                groups.join(indexes[one], indexes[other])
        elif label == "GPE":
            either = _join_places(text, names, indexes, countries, groups, knowledge, pointing)
        elif label in NAMED:
            _join_things(text, names, indexes, countries, groups, knowledge)
        else:
            _join_equal(names, indexes, groups)
    return _clusters(names, countries, groups, knowledge, either)


def _join_equal(names: Sequence[Found], indexes: list[int], groups: DisjointSets) -> None:
    first: dict[str, int] = {}
    for index in indexes:
        value = normalise(names[index].text)
        if value in first:
            groups.join(first[value], index)
        else:
            first[value] = index


def _join_places(
    text: str,
    names: Sequence[Found],
    indexes: list[int],
    countries: list[str],
    groups: DisjointSets,
    knowledge: Knowledge,
    pointing: Pointing | None,
) -> set[int]:
    """Join a country's names, its government and a capital that acts for it.

    Gives the capitals of which it stays open whether they do.
    """
    stands: dict[str, int] = {}
    either: set[int] = set()
    acting = acting_capitals(text, [names[index] for index in indexes], knowledge, pointing)
    for index in indexes:
        name = names[index]
        code = countries[index]
        if code and SMALL_PLACE.match(text[name.end : name.end + 12]):
            countries[index] = code = ""  # `Luxemburg village`
        is_country = bool(code)
        if not is_country and name in acting:
            code = acting[name]
            is_country = bool(code)
            if not code:
                either.add(index)
        key = code if is_country else normalise(name.text) + EITHER * (index in either)
        if is_country:
            countries[index] = code
        if key in stands:
            groups.join(stands[key], index)
        else:
            stands[key] = index
    return either


def _join_things(
    text: str,
    names: Sequence[Found],
    indexes: list[int],
    countries: list[str],
    groups: DisjointSets,
    knowledge: Knowledge,
) -> None:
    """Join bodies, documents, events and programmes by form, acronym and short form."""
    cores = {index: core_name(names[index].text, knowledge) for index in indexes}
    cores |= cores_of_branches(text, names, cores, countries, knowledge)
    main = _most_named(text, names, countries, knowledge)
    by_core: dict[str, list[int]] = defaultdict(list)
    for index in indexes:
        by_core[cores[index]].append(index)
    for core, same in by_core.items():
        # `visit`, `memorandum`, `conference`: bare kinds of things, not names of one.
        if len(core.split()) > 1 or any(_is_proper(text, names[index]) for index in same):
            _join_by_country(text, names, same, countries, main, groups)
    for left, right in introduced(text, names, indexes, knowledge):
        groups.join(left, right)
    _join_acronyms(names, indexes, groups, knowledge)
    _join_known(names, indexes, countries, groups, knowledge)
    _join_ministries(names, indexes, cores, countries, groups)
    _join_short(names, indexes, cores, countries, main, groups, knowledge)
    _join_bare(text, names, indexes, groups, knowledge)


def _is_proper(text: str, name: Found) -> bool:
    """Tell whether a word is written as a name: a capital says so only within a sentence."""
    if not name.text[0].isupper():
        return False
    kind = name.label in ("EVENT", "DOCUMENT") and normalise(name.text) in load_words("kinds")
    return not (kind and OPENING.search(text[max(0, name.start - 12) : name.start]))


def _most_named(
    text: str, names: Sequence[Found], countries: list[str], knowledge: Knowledge
) -> frozenset[str]:
    """Give the countries named most often, by name, capital or adjective; several if as often."""
    seen: Counter[str] = Counter()
    for name, code in zip(names, countries, strict=True):
        if name.label == "GPE":
            seen[code or knowledge.capitals.get(normalise(name.text), "")] += 1
    for word in re.findall(r"\b[A-Z][a-z]+\b", text):
        seen[knowledge.demonyms.get(word.casefold(), "")] += 1
    del seen[""]
    return frozenset(code for code, count in seen.items() if count == max(seen.values()))


def _join_by_country(
    text: str,
    names: Sequence[Found],
    same: list[int],
    countries: list[str],
    main: frozenset[str],
    groups: DisjointSets,
) -> None:
    """Join equal names, but not one ministry of two countries.

    A name without its country means the one that was named last. Before any was named it means
    that of the country that the text is about, which a later `Danish foreign ministry` is not.
    """
    known = sorted({countries[index] for index in same if countries[index]})
    last = next((code for code in known if code in main or not main), "")
    marked = next((names[index] for index in same if countries[index]), None)
    if marked and re.search(r"\bown\s+$", text[max(0, marked.start - 6) : marked.start]):
        last = ""  # `China's own`: those before are another country's
    first: dict[str, int] = {}
    for index in same:
        last = countries[index] or last
        groups.join(first.setdefault(last, index), index)


def _join_acronyms(
    names: Sequence[Found], indexes: list[int], groups: DisjointSets, knowledge: Knowledge
) -> None:
    long: dict[str, set[int]] = defaultdict(set)
    for index in indexes:
        if not is_acronym(names[index].text):
            for short in acronyms(names[index].text):
                long[short].add(groups.root(index))
    for index in indexes:
        if is_acronym(names[index].text):
            key = re.sub(r"[\W\d]", "", strip_marks(names[index].text)).upper()
            roots = {groups.root(root) for root in long.get(key, ())}
            known = knowledge.find(names[index].text, names[index].label)
            full = {knowledge.find(names[root].text, names[root].label) for root in roots}
            if len(roots) == 1 and (known is None or full <= {None, known}):
                groups.join(roots.pop(), index)


def _join_short(
    names: Sequence[Found],
    indexes: list[int],
    cores: dict[int, str],
    countries: list[str],
    main: frozenset[str],
    groups: DisjointSets,
    knowledge: Knowledge,
) -> None:
    """Join a short form that begins or ends exactly one longer name: Border Guard (Command)."""
    places = {normalise(name.text) for name in names if name.label in ("GPE", "LOC")}
    for index in indexes:
        words, name = cores[index].split(), names[index]
        if len(words) < 2 or is_acronym(name.text) or name.label not in ("ORG", "PROGRAM"):
            continue
        known = knowledge.find(name.text, name.label)
        longer = {
            groups.root(other)
            for other in indexes
            if known in (None, knowledge.find(names[other].text, names[other].label))
            and _shortens(words, cores[other].split(), places)
            and _of_one_country(countries[index], countries[other], main)
        }
        full = min(longer, default=index)
        if len(longer) == 1 and not apart(names, indexes, groups, index, full):
            groups.join(full, index)


def _of_one_country(short: str, full: str, main: frozenset[str]) -> bool:
    """Tell whether two names may be of one country: one that says none is of the text's own."""
    return not short or short == full or (not full and short in main)


def _shortens(words: list[str], full: list[str], places: set[str]) -> bool:
    """Tell whether words may stand for a longer name: by what it is, or with its purpose left out.

    `Border Guard` for `Border Guard Command`, `Red Heron Foundation` or `Red Heron` for `Red Heron
    Foundation for Lost Boys`; not `European Court` for `European Court of Auditors`. What is left
    out may be a place that the text names: `Evening Post` for `Kampot Evening Post`.
    """
    rest = full[len(words) :]
    left = full[: len(full) - len(words)]
    if left and full[len(left) :] == words and " ".join(left) in places:
        return True
    if not rest or full[: len(words)] != words:
        return False
    small = next((i for i, word in enumerate(rest) if word in SMALL), len(rest))
    bodies = load_words("bodies", "bare_bodies", "common_bodies")
    if small == 0:
        purpose = rest[0] in PURPOSE and not bodies.isdisjoint(words) and not bodies >= set(words)
        return purpose or " ".join(rest[1:]) in places
    return small <= 2 and (small == len(rest) or bodies.isdisjoint(words))


def _join_known(
    names: Sequence[Found],
    indexes: list[int],
    countries: list[str],
    groups: DisjointSets,
    knowledge: Knowledge,
) -> None:
    """Join names that the knowledge files give to one international body: UNODC, OLAF, EU."""
    first: dict[str, int] = {}
    for index in indexes:
        known = knowledge.find(names[index].text, names[index].label)
        if known and not known.country and not countries[index]:
            groups.join(first.setdefault(known.entity_id, index), index)


def _join_ministries(
    names: Sequence[Found],
    indexes: list[int],
    cores: dict[int, str],
    countries: list[str],
    groups: DisjointSets,
) -> None:
    """Join `Interior Ministry`, `Ministry of the Interior` and a longer list of its portfolios."""
    portfolios: dict[int, tuple[str, ...]] = {}
    for index in indexes:
        said = [MINISTRY_SPELLINGS.get(word, word) for word in cores[index].split()]
        said = [word for word in said if word not in ("of", "the", "and", "for")]
        if len(said) > 1 and "ministry" in (said[0], said[-1]):
            portfolios[index] = tuple(word for word in said if word != "ministry")

    for index, words in portfolios.items():
        same = {groups.root(i) for i, w in portfolios.items() if w == words}
        longer = {groups.root(i) for i, w in portfolios.items() if w[: len(words)] == words}
        chosen = same if len(same) > 1 else longer | {groups.root(index)}
        others = chosen - {groups.root(index)}
        if len(others) == 1:
            other = others.pop()
            members = [i for i in portfolios if groups.root(i) in (other, groups.root(index))]
            # Of two spellings one may be the ministry of the other country.
            one = len({countries[i] for i in members}) == 1
            if one and not apart(names, indexes, groups, index, other):
                groups.join(index, other)


def _join_bare(
    text: str,
    names: Sequence[Found],
    indexes: list[int],
    groups: DisjointSets,
    knowledge: Knowledge,
) -> None:
    """Join `the Society` or `Goldcrest` to the one name that ends or begins with the word."""
    longer = {i: normalise(names[i].text).split() for i in indexes if " " in names[i].text}
    for index in indexes:
        word = normalise(names[index].text)
        if " " in word or is_acronym(names[index].text) or not names[index].text[0].isupper():
            continue
        bare = word in load_words("bare_bodies") or word in load_words("kinds")
        if (word in load_words("bodies") and not bare) or word in ("ministry", "embassy"):
            continue
        same = [i for i in indexes if groups.root(i) == groups.root(index)]
        if any(_is_pinned(text, names[i]) for i in same):
            continue
        # `Oxfam` named before `Oxfam Novib` is another body.
        known = knowledge.find(names[index].text, names[index].label)
        fitting = {
            groups.root(i) for i, words in longer.items()
            if words and (words[-1] == word or words[0] == word)
            and _may_shorten(text, word, names[index], names[i])
            and not (known and known.label == "ORG" and i > index)
        }  # fmt: skip
        own = groups.root(index)
        if len(fitting - {own}) == 1 and len(fitting) == 1:
            groups.join(index, fitting.pop())


def _is_pinned(text: str, name: Found) -> bool:
    """Tell whether the words beside a bare name say which one it is: `our Foundation`."""
    before, after = text[max(0, name.start - 24) : name.start], text[name.end : name.end + 24]
    owned = re.search(r"(?:\b(?:our|my|own|another)|[A-Z]\w+['’]s?)\s+$", before)
    return bool(owned or re.match(r"\s+(?:of|from) (?:\w+ )?(?:19|20)\d\d\b", after))


def _may_shorten(text: str, word: str, short: Found, full: Found) -> bool:
    """Tell whether a word may stand for a longer name: `the Gulf`, but not `Volta` for a lake."""
    words = normalise(full.text).split()
    if full.label == "LOC" and word not in load_words("places"):
        return set(words) - {word} <= load_words("areas")
    if len(words) > 2 and words[-1] == word and re.search(r"\bof the (?:\w+ )?\w+$", full.text):
        return False  # `second round of the Consultations`
    newly = re.search(r"\b(?:an?|another)\s+$", text[max(0, full.start - 9) : full.start])
    return not (newly and short.start < full.start)


def _clusters(
    names: Sequence[Found],
    countries: list[str],
    groups: DisjointSets,
    knowledge: Knowledge,
    either: set[int],
) -> list[Cluster]:
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(names)):
        members[groups.root(index)].append(index)
    clusters = []
    for number, (root, inside) in enumerate(sorted(members.items()), start=1):
        label = names[root].label
        seen = Counter(countries[index] for index in inside if countries[index])
        country = min(seen, key=lambda code: (-seen[code], code)) if seen else ""
        name = _fullest([names[index] for index in inside])
        if label == "GPE" and country:  # only countries and what stands for them have one
            name = knowledge.countries[country].name
        name += EITHER * (root in either)
        clusters.append(Cluster(f"e{number}", label, name, country, tuple(inside)))
    return clusters


def _fullest(names: Iterable[Found]) -> str:
    """Choose the form that says most: longest in words, with its marks, not in capitals."""

    def worth(name: Found) -> tuple[int, int, int, int, int]:
        folded = normalise(name.text)
        marked = strip_marks(name.text) != name.text
        upper = name.text.isupper() and not is_acronym(name.text)
        return (-len(folded.split()), int(upper), -int(marked), -len(folded), name.start)

    return min(names, key=worth).text
