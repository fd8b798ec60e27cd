"""All stages from clean to export in one process: what `pactgraph run` does."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline import recognizing, relating
from pipeline.judgements import load_judgements
from pipeline.knowledge import load_knowledge
from pipeline.params import load_params
from pipeline.stages import clean, export, recognize, relate, resolve
from pipeline.tables import DROPPED, write_beside, write_table

Tick = Callable[[], None]


@contextmanager
def progress(name: str, total: int) -> Iterator[Tick]:
    """Show how far a stage is: a bar on a terminal, a line at the end elsewhere."""
    if not sys.stderr.isatty():
        count = 0

        def tick() -> None:
            nonlocal count
            count += 1

        yield tick
        sys.stderr.write(f"{name}: {count} of {total}\n")
        return
    columns = (
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    from rich.console import Console

    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=total)
        yield lambda: bar.advance(task)


def run_all(
    paths: Sequence[Path], out: Path, params_file: Path | None = None, knowledge: Path | None = None
) -> str:
    """Read files or folders and write tables/, graph/ and report.html below `out`.

    Gives the summary as text: documents, rejected, mentions, entities, relations, words a second.
    """
    began = time.perf_counter()
    _check_writable(out)
    cleaned = clean.read_documents(paths, load_params("clean", clean.Params, params_file))
    documents = cleaned.documents
    known = load_knowledge(knowledge)
    judged = load_judgements(knowledge)
    settings = load_params("recognize", recognize.Params, params_file)
    with progress("recognize", len(documents)) as tick:
        recognizer = recognizing.load_recognizer(settings.model, knowledge, settings.precision)
        how = recognizing.Settings(settings.window, settings.batch_size, settings.lowest_score)
        mentions = list(recognizing.recognize(documents, recognizer, how, known, tick))
    rules = load_params("relate", relate.Params, params_file)
    with progress("relate", len(documents)) as tick:
        relater = relating.load_relater(rules.model, rules.precision)
        at_once = relating.Settings(rules.batch_size)
        found = list(relating.relate(documents, mentions, relater, at_once, known, tick))
    relations = [relation for relation in found if relation.score >= rules.threshold]
    settled = load_params("resolve", resolve.Params, params_file)
    resolved = resolve.resolve(documents, mentions, relations, settled, known, judged)
    shape = load_params("export", export.Params, params_file)
    tables = export.make_tables(
        documents,
        resolved.mentions,
        resolved.entities,
        resolved.statements,
        [asdict(row) for row in cleaned.rejected],
        shape,
    )
    export.export(out, tables, shape)
    write_table(out / "dropped.csv", cleaned.dropped, DROPPED)
    resolve.write_review(out, resolved)
    seconds = time.perf_counter() - began
    words = sum(document.words for document in documents)
    return (
        f"{len(documents)} documents, {len(cleaned.rejected)} rejected, "
        f"{len(mentions)} mentions, {len(resolved.entities)} entities, "
        f"{len(resolved.statements)} relations; {words} words in {seconds:.1f} s "
        f"({words / seconds:.0f} words/s). Tables, graph and report.html are in {out}."
    )


def _check_writable(out: Path) -> None:
    """Fail before the work and not after it."""
    probe = out / ".probe"
    with write_beside(probe) as stream:
        stream.write("")
    probe.unlink()
