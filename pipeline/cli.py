"""What the command line shares: path types, the runner of stages, and the command `pactgraph`."""

from __future__ import annotations

import importlib.metadata
import logging
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import PipelineError

InPath = Annotated[Path, typer.Option(help="What the stage reads.", show_default=False)]
OutPath = Annotated[Path, typer.Option(help="The folder it writes.", show_default=False)]

app = typer.Typer(
    help="Read who does what with whom from articles and cables, as tables and a graph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def run_stage(main: Callable[..., None]) -> None:
    """Run a stage's `main` as a command: exit 0 done, 1 for a PipelineError, 2 for bad usage."""
    _logging()
    stage = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    stage.command()(main)
    _guard(stage)


def pactgraph() -> None:
    """Run the command `pactgraph`."""
    _logging()
    _guard(app)


def _logging() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for noisy in ("trafilatura", "htmldate", "charset_normalizer", "ftfy", "pdfminer"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)


def _guard(command: typer.Typer) -> None:
    try:
        command()
    except PipelineError as error:
        message = " ".join(str(error).split())
        typer.echo(f"error: {message}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("error: interrupted; no half-written file is left.", err=True)
        sys.exit(130)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"pactgraph {importlib.metadata.version('pactgraph')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Read who does what with whom from articles and cables, as tables and a graph."""


@app.command(
    help="Read files or folders and write tables and a graph.\n\n"
    "Example: pactgraph run articles/ note.txt --out results",
)
def run(
    paths: Annotated[
        list[Path], typer.Argument(help="Texts (.txt, .html, .md) or folders of them.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for tables/, graph/ and report.html.")],
    params: Annotated[Path | None, typer.Option(help="A params.yaml of your own.")] = None,
    knowledge: Annotated[Path | None, typer.Option(help="A knowledge folder of your own.")] = None,
) -> None:
    """Run all stages from clean to export in one process."""
    from pipeline.run import run_all

    summary = run_all(paths, out, params, knowledge)
    typer.echo(summary)


@app.command(
    help="Check annotated files and say what to mend.\n\n"
    "Example: pactgraph check seeds/gold --raw originals",
)
def check(
    paths: Annotated[list[Path], typer.Argument(help="Annotated files (.ann) or folders of them.")],
    raw: Annotated[
        Path | None,
        typer.Option(help="Folder of originals; by default NAME.txt beside NAME.ann."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Leave warnings out.")] = False,
) -> None:
    """Print the problems of annotated files; exit 1 where there is an error."""
    from pipeline.check import check_file
    from pipeline.errors import InputError
    from pipeline.markup import gold_files
    from pipeline.schema import load_schema

    if missing := [str(path) for path in paths if not path.exists()]:
        raise InputError(f"{', '.join(missing)}: not found. Name annotated files or folders.")
    files = list(gold_files(paths))
    if not files:
        raise InputError(f"{', '.join(map(str, paths))}: holds no .ann file. Name another folder.")
    problems = []
    for path in files:
        original = raw / f"{path.stem}.txt" if raw else None
        problems += check_file(path, load_schema(), original)
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors if quiet else problems:
        typer.echo(str(problem))
    typer.echo(
        f"{len(files)} files, {len(errors)} errors, {len(problems) - len(errors)} warnings",
        err=True,
    )
    if errors:
        raise typer.Exit(1)


@app.command(
    help="Give a part (train, dev, test) to documents of the corpus that have none.\n\n"
    "Example: pactgraph split seeds/gold",
)
def split(
    folder: Annotated[Path, typer.Argument(help="The corpus: a folder with documents.csv.")],
) -> None:
    """List new documents in documents.csv and give each a part; others keep theirs."""
    from pipeline.gold import DOCUMENTS, assign_parts, listed, write_listing
    from pipeline.markup import gold_files

    rows = listed(folder)
    known = {row["doc_id"] for row in rows}
    blank = dict.fromkeys(DOCUMENTS.columns, "")
    for path in gold_files([folder]):
        if path.stem not in known:
            rows.append(blank | {"doc_id": path.stem, "genre": path.parent.name})
    write_listing(folder, assign_parts(rows))
    typer.echo(f"{len(rows)} documents, {len(rows) - len(known)} of them new", err=True)


@app.command(
    help="Write annotated files in another tool's form, or read them back.\n\n"
    "Example: pactgraph convert seeds/gold --to brat --out brat",
)
def convert(
    paths: Annotated[list[Path], typer.Argument(help="Annotated files or folders of them.")],
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    to: Annotated[str, typer.Option(help="brat, jsonl or label-studio.")] = "",
    back: Annotated[str, typer.Option("--from", help="The same, to read back.")] = "",
) -> None:
    """Convert annotated files; exactly one of --to and --from says which way."""
    from pipeline.convert_files import convert_back, convert_to

    if bool(to) == bool(back):
        raise typer.BadParameter("give either --to or --from")
    count = convert_to(paths, out, to) if to else convert_back(paths, out, back)
    typer.echo(f"{count} files in {out}", err=True)


@app.command(
    help="Compare two annotations of the same texts, file by file.\n\n"
    "Example: pactgraph compare seeds/gold seeds/agreement",
)
def compare(
    left: Annotated[Path, typer.Argument(help="A folder of annotated files.")],
    right: Annotated[Path, typer.Argument(help="Another, with files of the same names.")],
) -> None:
    """Print the agreement on mentions, relations and clusters as tables."""
    from pipeline.agreement import compare as compare_pairs
    from pipeline.agreement import read_pairs, report
    from pipeline.schema import load_schema

    typer.echo(report(compare_pairs(read_pairs(left, right), load_schema()), load_schema()))


@app.command(
    help="Step through pairs that may be one thing, the most valuable first.\n\n"
    "Each answer is a row of judgements.csv at once; the next run follows it.\n\n"
    "Example: pactgraph judge results --who 'Lan Tran'",
)
def judge(
    results: Annotated[
        Path, typer.Argument(help="A folder with tables/, as `pactgraph run` writes it.")
    ] = Path("outputs/export"),
    knowledge: Annotated[Path | None, typer.Option(help="A knowledge folder of your own.")] = None,
    who: Annotated[str, typer.Option(help="Who judges; by default your login name.")] = "",
    only_list: Annotated[
        bool, typer.Option("--list", help="Print the pairs, ask nothing.")
    ] = False,
) -> None:
    """Ask about doubtful pairs in the terminal, or list them."""
    from pipeline import judging

    found = judging.read_results(results)
    pairs, judged = judging.open_pairs(found, knowledge)
    console = judging.make_console()
    if only_list:
        judging.list_pairs(pairs, console)
        return
    judging.judge_pairs(
        found, pairs, judged, who or judging.login_name(), date.today(), judging.ask, console
    )
