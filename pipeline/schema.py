"""The labels and relations of the field, read from a YAML file that users may edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from pipeline.errors import ConfigError

SCHEMA = Path(__file__).parent / "data" / "schema.yaml"


@dataclass(frozen=True, slots=True)
class RelationType:
    """A relation with the labels that may stand at its ends."""

    name: str
    head: frozenset[str]
    tail: frozenset[str]
    symmetric: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """All that ties the project to its field, save rules, knowledge and gold texts."""

    labels: dict[str, str]
    reference: str
    statuses: tuple[str, ...]
    qualifiers: dict[str, str]
    relations: dict[str, RelationType]
    actors: frozenset[str] = field(default_factory=frozenset)

    def allows(self, relation: str, head: str, tail: str) -> bool:
        """Tell whether mentions labelled `head` and `tail` may stand in `relation`."""
        kind = self.relations[relation]
        forward = head in kind.head and tail in kind.tail
        return forward or (kind.symmetric and head in kind.tail and tail in kind.head)

    def between(self, head: str, tail: str) -> tuple[str, ...]:
        """Name the relations that may hold from a `head` label to a `tail` label."""
        return tuple(name for name in self.relations if self.allows(name, head, tail))


@cache
def load_schema(path: Path = SCHEMA) -> Schema:
    """Read the schema.

    Raises:
        ConfigError: the file is missing a part, or a relation names an unknown label.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read as YAML ({error}). Mend the file.") from error
    wanted = {"labels", "reference", "statuses", "qualifiers", "groups", "relations"}
    if not isinstance(content, dict) or set(content) != wanted:
        found = sorted(content) if isinstance(content, dict) else type(content).__name__
        raise ConfigError(f"{path}: found {found}, expected the keys {sorted(wanted)}. Add them.")
    labels, groups = content["labels"], content["groups"]

    def expand(names: list[str], where: str) -> frozenset[str]:
        members = [label for name in names for label in groups.get(name, [name])]
        if unknown := sorted(set(members) - set(labels)):
            raise ConfigError(
                f"{path}, {where}: {', '.join(unknown)} is neither a label nor a group. "
                f"Add it under `labels`, or use one of {', '.join(labels)}."
            )
        return frozenset(members)

    relations = {
        name: RelationType(
            name,
            expand(ends["head"], name),
            expand(ends["tail"], name),
            bool(ends.get("symmetric", False)),
        )
        for name, ends in content["relations"].items()
    }
    return Schema(
        labels=labels,
        reference=content["reference"],
        statuses=tuple(content["statuses"]),
        qualifiers=content["qualifiers"],
        relations=relations,
        actors=expand(groups.get("actor", []), "groups.actor"),
    )
