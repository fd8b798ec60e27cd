"""Settings: one section of params.yaml a stage, checked against the stage's `Params`."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from pipeline.errors import ConfigError

P = TypeVar("P")

ROOT = Path(__file__).parent.parent


def project_path(name: str) -> Path:
    """Find a file or folder that the project ships: beside the package, or inside it."""
    beside = ROOT / name
    return beside if beside.exists() else Path(__file__).parent / name


def load_params(section: str, kind: type[P], path: Path | None = None) -> P:
    """Read one section of params.yaml (by default the one in the working folder).

    Raises:
        ConfigError: the file or section is missing, a key is unknown or absent, a value has
            the wrong type.
    """
    if path is None:
        path = Path("params.yaml") if Path("params.yaml").exists() else project_path("params.yaml")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read as YAML ({error}). Mend the file.") from error
    values = content.get(section) if isinstance(content, dict) else None
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: there is no section {section!r}. Add it, with its keys.")
    return make_params(values, kind, f"{path}, section {section}")


def make_params(values: dict[str, Any], kind: type[P], where: str) -> P:
    """Check values against a dataclass; `where` names them in errors."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    needed = {
        field.name
        for field in fields(kind)  # type: ignore[arg-type]
        if field.default is MISSING and field.default_factory is MISSING
    }
    if set(values) - known or needed - set(values):
        raise ConfigError(
            f"{where}: found {', '.join(map(str, values)) or 'nothing'}, expected "
            f"{', '.join(sorted(known))}. Remove unknown keys and add the missing ones."
        )
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{where}: {place} is {first['input']!r}: {first['msg'].lower()}. Correct the value."
        ) from error
