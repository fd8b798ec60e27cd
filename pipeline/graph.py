"""The graph as GraphML, GEXF and node-link JSON, the same bytes for the same graph."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

import networkx as nx

from pipeline.tables import Row, write_beside

# Characters that XML 1.0 cannot hold.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COUNTS = frozenset({"mentions", "documents", "statements"})
SCORES = frozenset({"best_score"})


def attributes(row: Row, skip: Sequence[str] = ()) -> dict[str, str | int | float]:
    """Give a table row as attributes of a node or an edge, counts as numbers."""
    values: dict[str, str | int | float] = {}
    for name, value in row.items():
        if name in skip:
            continue
        if name in COUNTS:
            values[name] = int(str(value))
        elif name in SCORES:
            values[name] = float(str(value))
        else:
            values[name] = NOT_XML.sub("", str(value))
    return values


def write_graph(folder: Path, graph: nx.MultiDiGraph[str]) -> None:
    """Write graph.graphml, graph.gexf and graph.json."""
    with write_beside(folder / "graph.graphml") as stream:
        stream.write("\n".join(nx.generate_graphml(graph, named_key_ids=True)) + "\n")
    labelled = graph.copy()
    for _, values in labelled.nodes(data=True):
        # Gephi shows `label`; the entity's label goes under another name.
        values["kind"] = values.pop("label", "")
        values["label"] = values.pop("name", "")
    for _, _, values in labelled.edges(data=True):
        values["label"] = values["relation"]
    buffer = io.BytesIO()
    nx.write_gexf(labelled, buffer, version="1.2draft")
    # networkx stamps the file with the day on which it is written.
    undated = re.sub(r' lastmodifieddate="[^"]*"', "", buffer.getvalue().decode("utf-8"))
    with write_beside(folder / "graph.gexf") as stream:
        stream.write(undated)
    with write_beside(folder / "graph.json") as stream:
        json.dump(nx.node_link_data(graph, edges="edges"), stream, ensure_ascii=False, indent=1)
        stream.write("\n")
