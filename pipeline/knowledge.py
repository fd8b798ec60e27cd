"""Who is who: countries from pycountry and babel, and the files of seeds/knowledge."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pycountry
from babel import Locale

from pipeline.errors import KnowledgeError
from pipeline.params import project_path
from pipeline.text import entity_key, fold, is_acronym, normalise

COUNTRY_COLUMNS = (
    "alpha_2",
    "wikidata",
    "capital",
    "capital_wikidata",
    "demonyms",
    "aliases",
    "government",
    "cable_tags",
)
WORD_COLUMNS = ("form", "name", "label", "country")
ALIAS_COLUMNS = ("name", "label", "aliases", "country", "parent", "wikidata", "source")
AMBIGUOUS_COLUMNS = ("abbreviation", "countries")
PROVINCE_COLUMNS = (
    "name",
    "aliases",
    "valid_from",
    "valid_until",
    "successor",
    "former",
    "wikidata",
)
CABLE_COLUMNS = ("form", "name", "label")
REORGANISATION_COLUMNS = ("name", "country", "valid_until", "successor")
# A territory that acts for itself in this field and that ISO 3166 lacks (user-assigned code).
OUTSIDE_ISO = {"XK": "Kosovo"}


@dataclass(frozen=True, slots=True)
class Known:
    """A thing that the knowledge files name; `country` is ISO 3166 alpha-2 or empty."""

    name: str
    label: str
    aliases: tuple[str, ...]
    country: str
    parent: str
    wikidata: str

    @property
    def entity_id(self) -> str:
        """The Wikidata identifier, else a readable one made of label, name and country."""
        return self.wikidata or entity_key(self.label, self.name, self.country)


@dataclass(frozen=True, slots=True)
class Succession:
    """What a body or a province went into; `until` is the last day that it was there."""

    entity: Known
    until: str
    successor: Known


@dataclass(slots=True)
class Knowledge:
    """All that is known, looked up by normalised name.

    `blocks` has the folded names of more than one word or of seven letters, by label and
    country: what a name may be compared with that is written in no list. `ambiguous` has the
    countries of abbreviations such as GOB; `bodies` counts the listed bodies of each country;
    `in_cables` has what bare names mean in cables of the United States.
    """

    countries: dict[str, Known] = field(default_factory=dict)
    demonyms: dict[str, str] = field(default_factory=dict)
    governments: dict[str, str] = field(default_factory=dict)
    capitals: dict[str, str] = field(default_factory=dict)
    cable_tags: dict[str, str] = field(default_factory=dict)
    things: dict[str, list[Known]] = field(default_factory=dict)
    exact: dict[str, Known] = field(default_factory=dict)
    folded: dict[str, list[Known]] = field(default_factory=dict)
    blocks: dict[tuple[str, str], dict[str, list[Known]]] = field(default_factory=dict)
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    in_cables: dict[str, Known] = field(default_factory=dict)
    successions: dict[str, tuple[Succession, ...]] = field(default_factory=dict)
    bodies: Counter[str] = field(default_factory=Counter)

    def find(self, name: str, label: str = "", country: str = "") -> Known | None:
        """Look a name up; several candidates need label and country to tell them apart.

        A name that is a word too (COMMIT, WHO) is known only as it is written.
        """
        if (known := self.exact.get(name)) and label in ("", known.label):
            return known
        found = self.things.get(normalise(name), [])
        if label:
            found = [known for known in found if known.label == label]
        if len(found) > 1 and country:
            found = [known for known in found if known.country == country] or found
        return found[0] if len(found) == 1 else None

    def candidates(self, name: str, label: str) -> list[Known]:
        """Give all things of a label that bear a name, as it is written or else as folded."""
        if (known := self.exact.get(name)) and label == known.label:
            return [known]
        return [
            known for known in self.things.get(normalise(name), ()) if known.label == label
        ] or [known for known in self.folded.get(fold(name), ()) if known.label == label]

    def country(self, name: str) -> str:
        """Give the alpha-2 code of a country by name, adjective or government, else ''."""
        folded = normalise(name)
        for known in self.things.get(folded, ()):
            if known is self.countries.get(known.country):
                return known.country
        return self.demonyms.get(folded) or self.governments.get(name.replace(".", ""), "")

    def add(self, known: Known) -> None:
        """Make a thing known by its name and aliases."""
        self.bodies[known.country] += known.label == "ORG"
        for name in dict.fromkeys([known.name, *known.aliases]):
            self._index(self.things, normalise(name), known)
            self._index(self.folded, folded := fold(name), known)
            if " " in folded or (len(folded) >= 7 and not is_acronym(name)):
                block = self.blocks.setdefault((known.label, known.country), {})
                self._index(block, folded, known)

    @staticmethod
    def _index(index: dict[str, list[Known]], name: str, known: Known) -> None:
        row = index.setdefault(name, [])
        if known not in row:
            row.append(known)


@cache
def load_knowledge(folder: Path | None = None) -> Knowledge:
    """Read the knowledge folder, by default the project's own.

    Raises:
        KnowledgeError: a file lacks a column, repeats a thing or names an unknown country.
    """
    folder = folder or project_path("seeds/knowledge")
    knowledge = Knowledge()
    rows = {row["alpha_2"]: row for _, row in _rows(folder / "countries.csv", COUNTRY_COLUMNS)}
    english = Locale("en")
    codes = {country.alpha_2: country for country in pycountry.countries}
    if unknown := sorted(set(rows) - set(codes) - set(OUTSIDE_ISO)):
        raise KnowledgeError(
            f"{folder / 'countries.csv'}: {', '.join(unknown)} is no ISO 3166 alpha-2 code. "
            f"Correct it."
        )
    for code in sorted(set(codes) | set(OUTSIDE_ISO)):
        row = rows.get(code, dict.fromkeys(COUNTRY_COLUMNS, ""))
        name = OUTSIDE_ISO.get(code) or english.territories[code]
        country = codes.get(code)
        names = [getattr(country, key, "") for key in ("name", "common_name", "official_name")]
        aliases = [alias for alias in [*names, *_split(row["aliases"])] if alias and alias != name]
        known = Known(name, "GPE", tuple(dict.fromkeys(aliases)), code, "", row["wikidata"])
        knowledge.countries[code] = known
        knowledge.add(known)
        for demonym in _split(row["demonyms"]):
            knowledge.demonyms.setdefault(normalise(demonym), code)
        for abbreviation in _split(row["government"]):
            knowledge.governments.setdefault(abbreviation, code)
        for tag in _split(row["cable_tags"]):
            knowledge.cable_tags.setdefault(tag, code)
        if row["capital"]:
            capital, *others = _split(row["capital"])
            for form in (capital, capital.split(",")[0], *others):
                knowledge.capitals.setdefault(normalise(form), code)
            knowledge.add(Known(capital, "GPE", tuple(others), code, "", row["capital_wikidata"]))
    for path in sorted(folder.glob("aliases*.csv")):
        for number, row in _rows(path, ALIAS_COLUMNS):
            if row["country"] and row["country"] not in knowledge.countries:
                raise KnowledgeError(
                    f"{path}, row {number}: country {row['country']!r} is no ISO 3166 alpha-2 "
                    f"code. Correct it, or leave it empty."
                )
            knowledge.add(
                Known(
                    row["name"],
                    row["label"],
                    tuple(_split(row["aliases"])),
                    row["country"],
                    row["parent"],
                    row["wikidata"],
                )
            )
    _add_words(knowledge, folder / "acronyms_words.csv")
    # A folder of one's own need not have what is special to some countries.
    for name, add in (
        ("governments_ambiguous.csv", _add_ambiguous),
        ("provinces_vietnam.csv", _add_provinces),
        ("reorganisations.csv", _add_reorganisations),
        ("cable_names.csv", _add_cable_names),
    ):
        if (folder / name).exists():
            add(knowledge, folder / name)
    return knowledge


def _add_ambiguous(knowledge: Knowledge, path: Path) -> None:
    for number, row in _rows(path, AMBIGUOUS_COLUMNS):
        codes = tuple(_split(row["countries"]))
        if unknown := sorted(set(codes) - set(knowledge.countries)):
            raise KnowledgeError(
                f"{path}, row {number}: {', '.join(unknown)} is no ISO 3166 alpha-2 code. "
                f"Correct it."
            )
        knowledge.ambiguous[row["abbreviation"]] = codes


def _add_provinces(knowledge: Knowledge, path: Path) -> None:
    """Note what each province went into; one that keeps its name keeps its identifier."""
    ended: list[tuple[Known, str, str, int]] = []
    units: dict[str, Known] = {}
    for number, row in _rows(path, PROVINCE_COLUMNS):
        known = knowledge.find(row["name"], "GPE", "VN") or Known(
            row["name"], "GPE", tuple(_split(row["aliases"])), "VN", "", row["wikidata"]
        )
        if row["wikidata"] and known.wikidata and known.wikidata != row["wikidata"]:
            raise KnowledgeError(
                f"{path}, row {number}: {row['name']} is {row['wikidata']} here and "
                f"{known.wikidata} in the other files, expected one identifier. Correct one."
            )
        knowledge.add(known)
        units[row["name"]] = known
        if row["valid_until"] and row["successor"] != row["name"]:
            ended.append((known, row["valid_until"], row["successor"], number))
    for known, until, successor, number in ended:
        if successor not in units:
            raise KnowledgeError(
                f"{path}, row {number}: the successor {successor!r} has no row of its own, "
                f"expected one. Add it, or correct the name."
            )
        _succeed(knowledge, known, until, units[successor])


def _add_reorganisations(knowledge: Knowledge, path: Path) -> None:
    for number, row in _rows(path, REORGANISATION_COLUMNS):
        pair = [knowledge.find(row[end], "ORG", row["country"]) for end in ("name", "successor")]
        if pair[0] is None or pair[1] is None:
            missing = row["name" if pair[0] is None else "successor"]
            raise KnowledgeError(
                f"{path}, row {number}: {missing!r} names no single ORG of the other files, "
                f"expected one. Correct the name, or add the body."
            )
        _succeed(knowledge, pair[0], row["valid_until"], pair[1])


def _add_cable_names(knowledge: Knowledge, path: Path) -> None:
    for number, row in _rows(path, CABLE_COLUMNS):
        known = knowledge.find(row["name"], row["label"])
        if known is None:
            raise KnowledgeError(
                f"{path}, row {number}: {row['name']!r} names no single {row['label']} of the "
                f"other files, expected one. Correct the name, or add it."
            )
        knowledge.in_cables[row["form"]] = known


def _succeed(knowledge: Knowledge, known: Known, until: str, successor: Known) -> None:
    rows = knowledge.successions.get(known.entity_id, ())
    knowledge.successions[known.entity_id] = (*rows, Succession(known, until, successor))


def _add_words(knowledge: Knowledge, path: Path) -> None:
    for number, row in _rows(path, WORD_COLUMNS):
        named = knowledge.things.get(normalise(row["name"]), [])
        known = [thing for thing in named if thing.label == row["label"]]
        if len(known) > 1:
            known = [thing for thing in known if thing.country == row["country"]]
        if len(known) != 1:
            raise KnowledgeError(
                f"{path}, row {number}: {row['name']!r} names {len(known)} things with the label "
                f"{row['label']} in the other files, expected one. Correct the name or add it."
            )
        knowledge.exact[row["form"]] = known[0]


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        stream = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise KnowledgeError(
            f"{path}: cannot be opened ({error.strerror}). It comes with the project: restore it."
        ) from error
    with stream:
        reader = csv.DictReader(stream)
        if missing := [name for name in columns if name not in (reader.fieldnames or [])]:
            raise KnowledgeError(
                f"{path}, row 1: the columns {', '.join(missing)} are missing, expected "
                f"{', '.join(columns)}. Restore the header."
            )
        for number, row in enumerate(reader, start=2):
            if any(row[name] is None for name in columns):
                raise KnowledgeError(
                    f"{path}, row {number}: has fewer cells than the header. "
                    f"Quote cells with commas."
                )
            yield number, {name: row[name].strip() for name in columns}
