"""`pactgraph judge`: scripted answers, what is written, and that the next run follows it."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from itertools import combinations, pairwise

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipeline import judging
from pipeline.cli import app
from pipeline.errors import InputError
from pipeline.judgements import FILE, load_judgements
from pipeline.knowledge import load_knowledge
from pipeline.records import Document, Mention, Relation
from pipeline.stages import export, resolve

HEADER = "left,right,judgement,who,when,why\n"
TEXTS = {
    "a.txt": ("Agim Qerimaj", "Durres Harbour Trust", "Malta"),
    "b.txt": ("Qerimaj Agim", "Durres Harbour", "Malta"),
    "c.txt": ("Agim Qerimaj", "DHT", "Malta"),
}


def run(knowledge, out):
    """Resolve and export three short documents, under the judgements of a folder."""
    documents, mentions, relations = [], [], []
    for doc_id, names in TEXTS.items():
        text = " met ".join(names)
        segments = ((len(text), 0, len(text), True),)
        documents.append(
            Document(doc_id, "", "", "", "2022-07-21", "en", 6, "", text, segments, {})
        )
        inside = []
        for number, (name, label) in enumerate(
            zip(names, ("PERSON", "ORG", "GPE"), strict=True), start=1
        ):
            at = text.index(name)
            stop = at + len(name)
            inside.append(
                Mention(
                    f"{doc_id}:{at}", doc_id, at, stop, at, stop, name, label, "name",
                    (f"e{number}",), name, "MT" if label == "GPE" else "", 0.9,
                )
            )  # fmt: skip
        mentions += inside
        for head, tail in pairwise(inside):
            relations.append(
                Relation(
                    f"{head.mention_id}-met", doc_id, head.mention_id, "meets_with",
                    tail.mention_id, "actual", "", "", "", "", 0.8, "rule", 0, len(text), text,
                )
            )  # fmt: skip
    resolved = resolve.resolve(
        documents, mentions, relations, resolve.Params(0.5), load_knowledge(),
        load_judgements(knowledge),
    )  # fmt: skip
    shape = export.Params(["actual"], 1000)
    tables = export.make_tables(
        documents, resolved.mentions, resolved.entities, resolved.statements, [], shape
    )
    export.export(out, tables, shape)
    resolve.write_resolved(out / "resolve", resolved)
    return out


@pytest.fixture
def knowledge(tmp_path):
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / FILE).write_text(HEADER, encoding="utf-8")
    return folder


@pytest.fixture
def results(knowledge, tmp_path):
    return run(knowledge, tmp_path / "results")


@pytest.fixture
def judge(results, knowledge, monkeypatch):
    """Run the command with the project's names and a folder's own judgements."""
    monkeypatch.setattr(judging, "load_knowledge", lambda _: load_knowledge())

    def command(*keys, arguments=("--who", "lan")):
        return CliRunner().invoke(
            app, ["judge", str(results), "--knowledge", str(knowledge), *arguments],
            input="".join(f"{key}\n" for key in keys),
        )  # fmt: skip

    return command


def rows(folder):
    with (folder / FILE).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def names(folder):
    with (folder / "tables" / "entities.csv").open(encoding="utf-8-sig", newline="") as stream:
        return sorted(row["name"] for row in csv.DictReader(stream))


def test_every_answer_is_a_row_at_once(judge, knowledge):
    result = judge("s", "one order", "d", "", "x", "u", "")
    assert result.exit_code == 0, result.output
    assert [row["judgement"] for row in rows(knowledge)] == ["same", "different", "unsure"]
    first = rows(knowledge)[0]
    assert first["left"].startswith("agim-qerimaj-")
    assert first["right"].startswith("qerimaj-agim-")
    assert (first["who"], first["when"]) == ("lan", date.today().isoformat())
    assert first["why"] == "one order"
    assert "That is none of the keys." in result.output
    assert "No doubtful pair is left." in result.output


def test_the_pairs_show_what_a_person_needs(judge):
    output = judge("", "", "q").output
    assert "durres-harbor-trust-" in output
    assert "“Qerimaj Agim met Durres Harbour met Malta” (b.txt)" in output
    assert "PERSON" in output


def test_the_end_of_the_input_keeps_what_was_answered(judge, knowledge):
    assert judge().exit_code == 0
    assert rows(knowledge) == []
    assert judge("s").exit_code == 0
    assert [row["why"] for row in rows(knowledge)] == [""]


def test_an_interruption_at_the_reason_keeps_the_answer_and_ends(results, knowledge, monkeypatch):
    monkeypatch.setattr(judging, "load_knowledge", lambda _: load_knowledge())
    found = judging.read_results(results)
    asked = []

    def ask(question):
        asked.append(question)
        if len(asked) == 2:
            raise EOFError
        return "s"

    pairs, judged = judging.open_pairs(found, knowledge)
    judging.judge_pairs(
        found, pairs, judged, "lan", date(2024, 2, 29), ask, Console(quiet=True)
    )  # fmt: skip
    assert len(asked) == 2
    assert [row["judgement"] for row in rows(knowledge)] == ["same"]


def test_the_last_answer_can_be_taken_back(judge, knowledge):
    before = (knowledge / FILE).read_bytes()
    result = judge("b", "s", "a slip", "b", "q")
    assert "There is no answer to take back." in result.output
    assert (knowledge / FILE).read_bytes() == before
    assert "0 answers in" in result.output


def test_what_is_judged_is_not_asked_again(judge):
    before = judge(arguments=["--list"]).output.splitlines()
    judge("", "s", "", "q")
    judge("u", "", "q")
    after = judge(arguments=["--list"]).output.splitlines()
    assert len(before) == 1 + 3
    assert after == [before[0], before[3]]


def test_what_follows_from_the_answers_is_not_asked(results, knowledge):
    judged = judging.Judged(load_judgements(knowledge), judging.read_results(results).things)
    judged.add(("Q1", "Q2"), "same")
    judged.add(("Q2", "Q3"), "same")
    judged.add(("Q3", "Q4"), "different")
    judged.add(("Q4", "Q5"), "unsure")
    judged.add(("Q4", "Q6"), "same")
    assert judged.decided(("Q3", "Q1"))
    assert judged.decided(("Q6", "Q1"))
    assert judged.decided(("Q5", "Q4"))
    assert not judged.decided(("Q5", "Q1"))
    judged.take_back()
    assert not judged.decided(("Q6", "Q1"))


def test_a_list_asks_nothing_and_holds_whole_identifiers(judge, knowledge):
    result = judge(arguments=["--list"])
    assert result.exit_code == 0
    first = result.output.splitlines()[1].split()
    assert first[1].startswith("agim-qerimaj-")
    assert first[2].startswith("qerimaj-agim-")
    assert rows(knowledge) == []


def test_the_next_run_follows_the_answers_and_repeats_byte_for_byte(
    judge, knowledge, results, tmp_path
):
    assert names(results) == [
        "Agim Qerimaj", "DHT", "Durres Harbour", "Durres Harbour Trust", "Malta", "Qerimaj Agim",
    ]  # fmt: skip
    judge(*["s", ""] * 3)
    first, second = (run(knowledge, tmp_path / name) for name in ("first", "second"))
    assert names(first) == ["Agim Qerimaj", "Durres Harbour Trust", "Malta"]
    digests = [
        {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (first, second)
    ]
    assert digests[0] == digests[1]
    # What was joined is asked about no more, under the identifiers that are left.
    judged = judging.Judged(load_judgements(knowledge), judging.read_results(first).things)
    things = judging.read_results(results).things
    assert all(
        judged.decided((a.entity_id, b.entity_id))
        for a, b in combinations(things, 2)
        if a.label == b.label
    )


def test_a_day_and_a_name_come_from_outside(results, knowledge, monkeypatch):
    monkeypatch.setattr(judging, "load_knowledge", lambda _: load_knowledge())
    found = judging.read_results(results)
    pairs, judged = judging.open_pairs(found, knowledge)
    answers = iter(["d", "two people", "q"])
    count = judging.judge_pairs(
        found, pairs, judged, "lan", date(2024, 2, 29), lambda _: next(answers),
        Console(quiet=True),
    )  # fmt: skip
    assert count == 1
    assert [(row["who"], row["when"]) for row in rows(knowledge)] == [("lan", "2024-02-29")]


def test_what_a_terminal_would_obey_is_not_shown(results, knowledge, monkeypatch):
    found = judging.read_results(results)
    odd = {key: [("a.txt", "\x1b[2J[bold]odd[/]")] for key in found.evidence}
    monkeypatch.setattr(judging, "load_knowledge", lambda _: load_knowledge())
    pairs, judged = judging.open_pairs(found, knowledge)
    with (console := Console(width=100)).capture() as shown:
        judging.judge_pairs(
            judging.Results(found.things, odd), pairs[:1], judged, "lan", date(2024, 2, 29),
            lambda _: "q", console,
        )  # fmt: skip
    assert "\x1b[2J" not in shown.get()
    assert "[bold]odd[/]" in shown.get()


def test_a_folder_without_tables_is_an_error(tmp_path):
    with pytest.raises(InputError, match="holds no tables/entities"):
        judging.read_results(tmp_path)


def test_another_program_s_change_is_not_undone(results, knowledge, monkeypatch):
    monkeypatch.setattr(judging, "load_knowledge", lambda _: load_knowledge())
    found = judging.read_results(results)
    pairs, judged = judging.open_pairs(found, knowledge)
    answers = iter(["s", "", "b", "q"])

    def ask(_):
        answer = next(answers)
        if answer == "b":
            with (knowledge / FILE).open("a", encoding="utf-8") as stream:
                stream.write("Q1,Q2,unsure,,,\n")
        return answer

    judging.judge_pairs(
        found, pairs, judged, "lan", date(2024, 2, 29), ask, Console(quiet=True)
    )  # fmt: skip
    assert [row["judgement"] for row in rows(knowledge)] == ["same", "unsure"]


def test_a_statement_between_two_that_are_joined_is_counted(knowledge, tmp_path):
    (knowledge / FILE).write_text(
        HEADER + "Durres Harbour Trust,Agim Qerimaj (PERSON),same,,,\n", encoding="utf-8"
    )
    run(knowledge, tmp_path / "out")
    with (tmp_path / "out" / "resolve" / "tally.csv").open(encoding="utf-8-sig") as stream:
        counts = {(row["unit"], row["outcome"]): row["count"] for row in csv.DictReader(stream)}
    assert counts["statement", "both ends are one entity"] == "1"
    assert counts["judgement", "used"] == "1"
    assert counts["judgement", "judgement not used"] == "0"
