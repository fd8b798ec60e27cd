"""The command: help with examples, exit codes, errors in one line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


def pactgraph(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import pactgraph; pactgraph()", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


@pytest.mark.parametrize("command", ["run", "check", "judge"])
def test_each_command_explains_itself_with_an_example(command):
    result = pactgraph(command, "--help")
    assert result.returncode == 0
    assert f"Example: pactgraph {command}" in " ".join(result.stdout.split())


def test_a_missing_input_is_one_line_and_exit_1(tmp_path):
    result = pactgraph("run", str(tmp_path / "none"), "--out", str(tmp_path / "out"))
    assert result.returncode == 1
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1


def test_bad_usage_is_exit_2():
    assert pactgraph("run").returncode == 2
    assert pactgraph("fly").returncode == 2


def test_check_says_file_line_and_how_to_mend(tmp_path):
    (tmp_path / "a.ann").write_text("fine\n[[A|CITY|a]]\n", encoding="utf-8")
    result = pactgraph("check", str(tmp_path))
    assert result.returncode == 1
    assert f"{(tmp_path / 'a.ann').as_posix()}:2: error: unknown label" in result.stdout
    (tmp_path / "a.ann").write_text("fine\n[[Anna|PERSON|a]]\n", encoding="utf-8")
    assert pactgraph("check", str(tmp_path)).returncode == 0


def test_unknown_keys_in_a_params_section_are_an_error(tmp_path):
    (tmp_path / "params.yaml").write_text("clean: {max_bites: 3}\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("Albania wrote to Kosovo on Monday.\n", encoding="utf-8")
    result = pactgraph(
        "run", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"),
        "--params", str(tmp_path / "params.yaml"),
    )  # fmt: skip
    assert result.returncode == 1
    assert "max_bites" in result.stderr
