"""How the project's regular expressions grow with a line: none may blow up on what the web holds.

Run with `python -m tests.benchmarks.bench_patterns [LENGTH]`. Every compiled pattern that a module
holds is searched for in long lines of kinds that pages have (lists of names, dotted menus, tables,
digits, spaces, one word). Printed are those whose time at twice the length is more than SQUARE
times as long, or that do not end within LIMIT seconds. Those that see no more than a name, or the
few characters beside one, may stand among them (`RANGE`, `BEFORE`, `LISTED`); those that see lines
of a page, in `pipeline.cleaning`, may not.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType

import pipeline

LENGTH = 4_000  # characters of the shorter line
LIMIT = 5  # seconds for one search of the longer line
SQUARE = 5.0  # a little more than twice the length squared
LEAST = 0.02  # seconds from which a time is worth a ratio
SHAPES = {
    "names": "Ministry of Public Security of Vietnam, Bộ Công an, Nguyễn Văn An, ",
    "capitals": "MINISTRY OF FOREIGN AFFAIRS OF ",
    "acronyms": "A.B. (MPS) U.S. ",
    "menu": "Home | News | About us | ",
    "dots": ". . . . ",
    "spaces": "          ",
    "digits": "2022 07 21 ",
    "dates": "21 July 2022, Jul 21, 2022-07-21, 21/07/2022 ",
    "word": "a",
    "capital letter": "A",
    "dashes": "- -- - ",
    "quotes": "\"He said,\" 'she' said, ",
    "clauses": "and the two sides agreed to sign it, and that he said they would, ",
    "brackets": "((()[",
    "tags": "<p class='a'><b>",
}


class Late(Exception):
    """A search took longer than it may."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Give the compiled patterns of all modules by name, those of tuples and dicts too."""
    for found in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            held = value if isinstance(value, (tuple, list)) else [value]
            held = list(value.values()) if isinstance(value, dict) else held
            for number, item in enumerate(held):
                if isinstance(item, re.Pattern) and isinstance(item.pattern, str):
                    yield f"{found.name}.{name}" + (f"[{number}]" if len(held) > 1 else ""), item


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Time a walk over all matches, at most LIMIT seconds."""

    def stop(_: int, __: FrameType | None) -> None:
        raise Late

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    began = time.perf_counter()
    try:
        for _ in pattern.finditer(text):
            pass
        pattern.fullmatch(text)
    except Late:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - began


def main(length: int = LENGTH) -> None:
    """Print the patterns that grow faster than the square of a line, with the kind of line."""
    tried = 0
    for name, pattern in patterns():
        tried += 1
        for shape, unit in SHAPES.items():
            text = unit * (2 * length // len(unit))
            once, twice = seconds(pattern, text[:length]), seconds(pattern, text)
            if twice > LEAST and twice > SQUARE * once:
                print(f"{name}: {shape}: {once:.3f} s, at twice the length {twice:.3f} s")
            elif twice == float("inf"):
                print(f"{name}: {shape}: not done in {LIMIT} s")
    print(f"{tried} patterns, {len(SHAPES)} kinds of lines of {length} and {2 * length} characters")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
