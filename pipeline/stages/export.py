"""Stage `export`: the tables, the graph and the report that users open."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx as nx

from pipeline import graph as graphs
from pipeline.cli import InPath, OutPath, run_stage
from pipeline.errors import ConfigError
from pipeline.params import load_params
from pipeline.records import Document, Entity, LinkedMention, Statement, read_records
from pipeline.report import write_report
from pipeline.schema import load_schema
from pipeline.tables import (
    DOCUMENTS,
    EDGES,
    ENTITIES,
    MENTIONS,
    REJECTED,
    RELATIONS,
    Row,
    read_table,
    write_table,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Params:
    """`graph_statuses`: which statements become edges; `evidence_chars`: cut in the report only."""

    graph_statuses: list[str]
    evidence_chars: int


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of all tables, in no order."""

    documents: list[Row]
    mentions: list[Row]
    entities: list[Row]
    relations: list[Row]
    edges: list[Row]
    rejected: list[Row]


def make_tables(
    documents: Sequence[Document],
    mentions: Iterable[LinkedMention],
    entities: Iterable[Entity],
    statements: Sequence[Statement],
    rejected: Iterable[Row],
    params: Params,
) -> Tables:
    """Make the rows of every table.

    Raises:
        ConfigError: `graph_statuses` names an unknown status.
    """
    known = load_schema().statuses
    if unknown := sorted(set(params.graph_statuses) - set(known)):
        raise ConfigError(
            f"params.yaml, export.graph_statuses: {', '.join(unknown)} is not one of "
            f"{', '.join(known)}. Correct it."
        )
    return Tables(
        documents=[{name: getattr(d, name) for name in DOCUMENTS.columns} for d in documents],
        mentions=[_mention_row(linked) for linked in mentions],
        entities=[_entity_row(entity) for entity in entities],
        relations=[_relation_row(statement) for statement in statements],
        edges=edge_rows(documents, statements, params.graph_statuses),
        rejected=list(rejected),
    )


def _mention_row(linked: LinkedMention) -> Row:
    mention = linked.mention
    values = {name: getattr(mention, name) for name in MENTIONS.columns if name != "entity_id"}
    return values | {"entity_id": linked.entity_id, "score": f"{mention.score:.3f}"}


def _entity_row(entity: Entity) -> Row:
    values = {name: getattr(entity, name) for name in ENTITIES.columns}
    return values | {"aliases": " | ".join(entity.aliases)}


def _relation_row(statement: Statement) -> Row:
    values = {name: getattr(statement, name) for name in RELATIONS.columns}
    return values | {"score": f"{statement.score:.3f}"}


def edge_rows(
    documents: Sequence[Document], statements: Iterable[Statement], statuses: Sequence[str]
) -> list[Row]:
    """Sum statements up, one row a head, relation and tail.

    A near-duplicate repeats what another document says, so it adds nothing to an edge's counts
    where that document says it too. `first_date` and `last_date` are those of the statements,
    never of publication; `first_seen` and `last_seen` are when the documents were published.
    """
    copies = {document.doc_id: document.duplicate_of for document in documents}
    grouped: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.status in statuses:
            ends = (statement.head_id, statement.tail_id)
            head, tail = sorted(ends) if statement.symmetric else ends
            grouped[head, statement.relation, tail].append(statement)
    rows: list[Row] = []
    for (head, relation, tail), group in sorted(grouped.items()):
        sources = {s.doc_id for s in group}
        own = [s for s in group if copies.get(s.doc_id, "") not in sources]
        names = {s.head_id: s.head for s in group} | {s.tail_id: s.tail for s in group}
        days = sorted({s.date for s in group if s.date})
        seen = sorted({s.published for s in group if s.published})
        rated = sorted({(s.date or s.published, s.rating) for s in group if s.rating})
        rows.append(
            {
                "head_id": head,
                "head": names[head],
                "relation": relation,
                "tail_id": tail,
                "tail": names[tail],
                "statements": len(own),
                "documents": len({s.doc_id for s in own}),
                "first_date": days[0].split("/")[0] if days else "",
                "last_date": days[-1].split("/")[-1] if days else "",
                "best_score": f"{max(s.score for s in group):.3f}",
                "rating": " | ".join(dict.fromkeys(rating for _, rating in rated)),
                "first_seen": seen[0] if seen else "",
                "last_seen": seen[-1] if seen else "",
            }
        )
    return rows


def write_tables(out: Path, tables: Tables) -> None:
    """Write all tables; each takes its place only when it is whole."""
    write_table(out / "documents.csv", tables.documents, DOCUMENTS)
    write_table(out / "mentions.csv", tables.mentions, MENTIONS)
    write_table(out / "entities.csv", tables.entities, ENTITIES)
    write_table(out / "relations.csv", tables.relations, RELATIONS)
    write_table(out / "edges.csv", tables.edges, EDGES)
    write_table(out / "rejected.csv", tables.rejected, REJECTED)


def make_graph(tables: Tables) -> nx.MultiDiGraph[str]:
    """Make the graph: nodes are the entities that an edge touches, edges the rows of edges.csv."""
    entities = {str(row["entity_id"]): row for row in tables.entities}
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in tables.edges:
        for end in (str(row["head_id"]), str(row["tail_id"])):
            if end not in graph:
                graph.add_node(end, **graphs.attributes(entities[end], skip=("entity_id",)))
    for row in tables.edges:
        head, tail = str(row["head_id"]), str(row["tail_id"])
        values = graphs.attributes(row, skip=("head_id", "tail_id", "head", "tail"))
        graph.add_edge(head, tail, key=str(row["relation"]))
        graph.edges[head, tail, str(row["relation"])].update(values)
    return graph


def export(out: Path, tables: Tables, params: Params) -> None:
    """Write tables/, graph/ and report.html below `out`."""
    write_tables(out / "tables", tables)
    graphs.write_graph(out / "graph", make_graph(tables))
    write_report(out / "report.html", tables, params.evidence_chars)


def main(clean: InPath, resolve: InPath, out: OutPath) -> None:
    """Read what clean and resolve wrote, write what users open."""
    params = load_params("export", Params)
    tables = make_tables(
        list(read_records(clean / "documents.jsonl", Document)),
        read_records(resolve / "mentions.jsonl", LinkedMention),
        read_records(resolve / "entities.jsonl", Entity),
        list(read_records(resolve / "statements.jsonl", Statement)),
        read_table(clean / "rejected.csv", REJECTED),
        params,
    )
    export(out, tables, params)
    log.info("export: %d relations, %d edges", len(tables.relations), len(tables.edges))


if __name__ == "__main__":
    run_stage(main)
