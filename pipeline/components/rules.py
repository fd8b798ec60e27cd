"""Entity rules: regular expressions from a YAML file, matched over the text of a Doc."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipeline.errors import ConfigError

RULES = Path(__file__).parent.parent / "data" / "rules" / "entities.yaml"


@dataclass(frozen=True, slots=True)
class EntityRule:
    """One pattern; `topic` is '', 'may' or 'need', `need` '', 'pinned' or 'person'."""

    name: str
    label: str
    score: float
    pattern: re.Pattern[str]
    topic: str = ""
    need: str = ""
    drop_first: str = ""


@dataclass(frozen=True, slots=True)
class EntityRules:
    """All that the baseline knows of names, read from one file."""

    patterns: tuple[EntityRule, ...]
    ner: dict[str, str]
    ner_score: float
    duration: re.Pattern[str]
    not_names: frozenset[str]
    honorifics: frozenset[str]


@cache
def load_entity_rules(path: Path = RULES) -> EntityRules:
    """Read the rules.

    Raises:
        ConfigError: a pattern is no regular expression or names unknown words.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    words = {name: "(?:" + "|".join(sorted(forms, key=len, reverse=True)) + ")"
             for name, forms in content["words"].items()}  # fmt: skip

    def compiled(pattern: str, name: str, bounded: bool = True) -> re.Pattern[str]:
        def expand(found: re.Match[str]) -> str:
            if found[1] not in words:
                raise ConfigError(
                    f"{path}, pattern {name}: {{{found[1]}}} is not among `words` "
                    f"({', '.join(words)}). Add it there."
                )
            return words[found[1]]

        full = re.sub(r"\{([A-Z_]+)\}", expand, pattern)
        try:
            return re.compile(rf"(?<![\w-])(?:{full})" if bounded else full)
        except re.error as error:
            raise ConfigError(f"{path}, pattern {name}: {error}. Correct the pattern.") from error

    patterns = tuple(
        EntityRule(
            name=rule["name"],
            label=rule["label"],
            score=float(rule["score"]),
            pattern=compiled(rule["pattern"], rule["name"]),
            topic={True: "may"}.get(rule.get("topic"), rule.get("topic", "")),
            need=rule.get("need", ""),
            drop_first=rule.get("drop_first", ""),
        )
        for rule in content["patterns"]
    )
    return EntityRules(
        patterns=patterns,
        ner=content["ner"],
        ner_score=float(content["ner_score"]),
        duration=re.compile(content["duration"], re.IGNORECASE),
        not_names=frozenset(content["not_names"]),
        honorifics=frozenset(content["honorifics"]),
    )
