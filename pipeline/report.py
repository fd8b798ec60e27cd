"""The report: one HTML page that loads nothing from outside itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.schema import load_schema
from pipeline.tables import Row, write_beside

TEMPLATES = Path(__file__).parent / "data" / "templates"


class ReportTables(Protocol):
    """The tables that the report shows."""

    @property
    def documents(self) -> Sequence[Row]: ...
    @property
    def mentions(self) -> Sequence[Row]: ...
    @property
    def entities(self) -> Sequence[Row]: ...
    @property
    def relations(self) -> Sequence[Row]: ...
    @property
    def rejected(self) -> Sequence[Row]: ...


def write_report(path: Path, tables: ReportTables, evidence_chars: int) -> None:
    """Write report.html; names and evidence are text in it, whatever marks they hold."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["cut"] = lambda text: (
        text if len(text) <= evidence_chars else f"{text[:evidence_chars]}…"
    )
    page = environment.get_template("report.html").render(
        documents=sorted(tables.documents, key=lambda row: str(row["doc_id"])),
        relations=tables.relations,
        rejected=sorted(tables.rejected, key=lambda row: str(row["path"])),
        mentions=len(tables.mentions),
        entities=len(tables.entities),
        statuses=load_schema().statuses,
    )
    with write_beside(path) as stream:
        stream.write(page + "\n")
