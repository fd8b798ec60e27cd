"""Stage `evaluate`: from raw text, against gold, the trained models beside the baseline."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.cli import InPath, OutPath, run_stage
from pipeline.components.precision import FULL
from pipeline.gold import GoldDocument, as_document, read_corpus
from pipeline.knowledge import load_knowledge
from pipeline.params import load_params
from pipeline.recognizing import WINDOW, load_recognizer, reader_of, recognize
from pipeline.recognizing import Settings as RecognizeSettings
from pipeline.records import Mention
from pipeline.relating import Settings as RelateSettings
from pipeline.relating import load_relater, relate
from pipeline.schema import Schema, load_schema
from pipeline.tables import Row, Table, write_beside, write_table
from pipeline.training.calibration import reliability
from pipeline.training.compare import Comparison, compare_document
from pipeline.training.score_dates import StatementDates, score_dates, score_statement_dates
from pipeline.training.score_entities import EntityScores, score_entities, score_given_mentions

log = logging.getLogger(__name__)

SCORES = Table(
    "scores",
    ("system", "part", "kind", "name", "p", "r", "f", "support"),
    ("system", "part", "kind", "name"),
)
CURVE = Table("curve", ("system", "part", "threshold", "p", "r"), ("system", "part", "threshold"))
RELIABILITY = Table(
    "reliability", ("system", "part", "score", "right", "count"), ("system", "part", "score")
)
# One row a case: DVC's picture of it counts rows.
CONFUSION = Table("confusion", ("part", "actual", "predicted"), ("part", "actual", "predicted"))


@dataclass(frozen=True)
class Params:
    """`parts` are those scored; names with a score below `lowest_score` and statements with one
    below `threshold` are left out, as in stages recognize and relate; `precision` is of the
    trained pipelines' encoders; `country_share` is as in stage resolve."""

    parts: list[str]
    lowest_score: float
    threshold: float
    precision: str
    country_share: float


def evaluate(
    documents: Sequence[GoldDocument],
    recognizer: str,
    relater: str,
    schema: Schema,
    lowest_score: float = 0.0,
    threshold: float = 0.0,
    precision: str = FULL,
    country_share: float = 0.7,
) -> tuple[Comparison, EntityScores, StatementDates]:
    """Run recognize and relate on raw texts and compare with gold."""
    raw = [as_document(document) for document in documents]
    knowledge = load_knowledge()
    settings = RecognizeSettings(WINDOW, 1, lowest_score)
    mentions = list(
        recognize(raw, load_recognizer(recognizer, precision=precision), settings, knowledge)
    )
    relations = list(
        relate(raw, mentions, load_relater(relater, precision), RelateSettings(1), knowledge)
    )
    comparison = Comparison()
    found: dict[str, list[Mention]] = {document.doc_id: [] for document in documents}
    for mention in mentions:
        found[mention.doc_id].append(mention)
    for document in documents:
        compare_document(
            comparison,
            document.gold,
            found[document.doc_id],
            [r for r in relations if r.doc_id == document.doc_id],
            schema,
            threshold,
        )
    kept = [relation for relation in relations if relation.score >= threshold]
    entities = score_entities(documents, mentions, kept, knowledge, schema, country_share)
    dates = score_statement_dates(documents, found, kept, schema)
    return comparison, entities, dates


def summary(comparison: Comparison, schema: Schema) -> dict[str, Any]:
    """Give the figures that metrics.json holds for one system and part."""
    silent = sum(
        count for (wanted, found), count in comparison.confusion.items() if found == "none"
    )
    return {
        "mentions_strict_f": comparison.strict.score()["f"],
        "mentions_macro_f": comparison.strict.macro(),
        "mentions_borders_f": comparison.borders.score()["f"],
        "mentions_overlap_f": comparison.overlap.score()["f"],
        "mentions_core_strict_f": core(comparison, schema),
        "relations_p": comparison.relations.score()["p"],
        "relations_r": comparison.relations.score()["r"],
        "relations_f": comparison.relations.score()["f"],
        "relations_macro_f": comparison.relations.macro(),
        "relations_strict_f": comparison.relations_strict.score()["f"],
        "silent_rejected": round(comparison.silent_rejected / max(1, comparison.silent), 4),
        "silent_pairs": comparison.silent,
        "relations_missed": silent,
        "status_right": round(comparison.status_right / max(1, comparison.status_all), 4),
    }


def core(comparison: Comparison, schema: Schema) -> float:
    """Give strict F1 over organisations, people, places and dates."""
    labels = [label for label in ("ORG", "PERSON", "GPE", "LOC", "DATE") if label in schema.labels]
    hit = sum(comparison.strict.hit[label] for label in labels)
    both = sum(comparison.strict.found[label] + comparison.strict.gold[label] for label in labels)
    return round(2 * hit / both, 4) if both else 0.0


def score_rows(comparison: Comparison, system: str, part: str) -> list[Row]:
    """Give the per-label rows of one system and part."""
    rows: list[Row] = []
    for kind, counts in (
        ("mention", comparison.strict),
        ("mention overlapping", comparison.overlap),
        ("relation", comparison.relations),
        ("relation strict", comparison.relations_strict),
    ):
        for name in sorted(counts.gold):
            rows.append(
                {"system": system, "part": part, "kind": kind, "name": name, **counts.score(name)}
            )
    return rows


def curve_rows(comparison: Comparison, system: str, part: str) -> list[Row]:
    """Give precision and recall of relations above each threshold."""
    total = sum(comparison.relations.gold.values()) or 1
    rows: list[Row] = []
    for step in range(20):
        kept = [right for score, right in comparison.scores if score >= step / 20]
        hit = sum(kept)
        p = round(hit / len(kept), 4) if kept else 1.0
        rows.append(
            {
                "system": system,
                "part": part,
                "threshold": f"{step / 20:.2f}",
                "p": p,
                "r": round(hit / total, 4),
            }
        )
    return rows


def reliability_rows(comparison: Comparison, system: str, part: str) -> list[Row]:
    """Give for tenths of the score the share that is right."""
    values = [score for score, _ in comparison.scores], [right for _, right in comparison.scores]
    return [
        {
            "system": system,
            "part": part,
            "score": f"{mean:.3f}",
            "right": f"{right:.3f}",
            "count": count,
        }
        for mean, right, count in reliability(*values)
    ]


def confusion_rows(comparison: Comparison, part: str) -> list[Row]:
    """Give what gold says and what was found between the same ends, a row a case."""
    return [
        {"part": part, "actual": actual, "predicted": predicted}
        for (actual, predicted), count in comparison.confusion.items()
        for _ in range(count)
    ]


@dataclass(slots=True)
class Scored:
    """What the files of this stage hold."""

    metrics: dict[str, Any] = field(default_factory=dict)
    scores: list[Row] = field(default_factory=list)
    curve: list[Row] = field(default_factory=list)
    reliability: list[Row] = field(default_factory=list)
    confusion: list[Row] = field(default_factory=list)


def score_parts(
    corpus: Sequence[GoldDocument], models: Path, schema: Schema, params: Params
) -> Scored:
    """Score every part for the models and the baseline."""
    scored = Scored()
    systems = {
        "models": (str(models / "recognizer"), str(models / "relater")),
        "baseline": ("baseline", "baseline"),
    }
    nlp = load_recognizer(systems["models"][0], precision=params.precision)
    read = reader_of(nlp)
    for part in params.parts:
        documents = [document for document in corpus if document.part == part]
        given = score_given_mentions(
            documents, load_knowledge(), schema, params.country_share, read
        )
        figures = {"given mentions": given.summary() | score_dates(documents).summary()}
        for system, names in systems.items():
            found, entities, dates = evaluate(
                documents, *names, schema, params.lowest_score, params.threshold,
                params.precision, params.country_share,
            )  # fmt: skip
            figures[system] = summary(found, schema) | entities.summary() | dates.summary()
            scored.scores += score_rows(found, system, part)
            scored.curve += curve_rows(found, system, part)
            scored.reliability += reliability_rows(found, system, part)
            if system == "models":
                scored.confusion += confusion_rows(found, part)
            log.info("evaluate: %s, %s: %s", part, system, figures[system])
        scored.metrics[part] = figures
    return scored


def main(gold: InPath, models: InPath, out: OutPath) -> None:
    """Score the parts; write metrics, tables and plots."""
    schema = load_schema()
    scored = score_parts(read_corpus(gold, schema), models, schema, load_params("evaluate", Params))
    with write_beside(out / "metrics.json") as stream:
        json.dump(scored.metrics, stream, indent=1, sort_keys=True)
        stream.write("\n")
    write_table(out / "scores.csv", scored.scores, SCORES)
    write_table(out / "curve.csv", scored.curve, CURVE)
    write_table(out / "reliability.csv", scored.reliability, RELIABILITY)
    write_table(out / "confusion.csv", scored.confusion, CONFUSION)


if __name__ == "__main__":
    run_stage(main)
