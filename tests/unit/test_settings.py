"""Schema, params, records and knowledge: what is wrong is said with its place."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipeline.errors import ConfigError, InputError, KnowledgeError, RecordError
from pipeline.knowledge import ALIAS_COLUMNS, COUNTRY_COLUMNS, WORD_COLUMNS, load_knowledge
from pipeline.params import load_params
from pipeline.records import Rejection, make_key, read_records, write_records
from pipeline.schema import load_schema


@dataclass(frozen=True)
class Settings:
    seed: int
    share: float = 0.5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("other: {}\n", "there is no section 'mine'"),
        ("mine: {sead: 1}\n", "found sead, expected seed, share"),
        ("mine: {share: 0.1}\n", "found share, expected seed, share"),
        ("mine: {seed: many}\n", "seed is 'many'"),
        ("mine: [\n", "cannot be read as YAML"),
    ],
)
def test_params_that_are_wrong_are_said(tmp_path, content, message):
    (tmp_path / "params.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_params("mine", Settings, tmp_path / "params.yaml")


def test_params_with_defaults_are_read(tmp_path):
    (tmp_path / "params.yaml").write_text("mine: {seed: 3}\n", encoding="utf-8")
    assert load_params("mine", Settings, tmp_path / "params.yaml") == Settings(3, 0.5)


def test_the_schema_tells_what_may_stand_between_labels():
    schema = load_schema()
    assert schema.allows("has_role", "PERSON", "ROLE")
    assert not schema.allows("has_role", "ROLE", "PERSON")
    assert schema.allows("meets_with", "ORG", "PERSON")
    assert "trafficked_to" in schema.between("GPE", "LOC")
    assert schema.between("DATE", "DATE") == ()


def test_a_schema_with_unknown_labels_is_an_error(tmp_path):
    path = tmp_path / "schema.yaml"
    path.write_text("labels: {A: x}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="expected the keys"):
        load_schema(path)
    path = tmp_path / "other.yaml"
    path.write_text(
        "labels: {A: x}\nreference: REF\nstatuses: [actual]\nqualifiers: {}\ngroups: {}\n"
        "relations: {likes: {head: [A], tail: [B]}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="likes: B is neither a label nor a group"):
        load_schema(path)


def test_records_read_back_and_bad_lines_are_said(tmp_path):
    path = tmp_path / "r.jsonl"
    rows = [Rejection("a.txt", "empty"), Rejection("đ.txt", "too large")]
    write_records(path, rows)
    assert list(read_records(path, Rejection)) == rows
    path.write_text('{"path": "a", "reason": "b"}\n{"path": 3}\n', encoding="utf-8")
    with pytest.raises(RecordError, match=r"r\.jsonl, line 2: path .* expected a Rejection"):
        list(read_records(path, Rejection))
    with pytest.raises(InputError, match="Run the stage that writes it first"):
        list(read_records(tmp_path / "none.jsonl", Rejection))


def test_keys_tell_parts_apart():
    assert make_key("a.b", "c") != make_key("a", "b.c")
    assert make_key("a", 1) == make_key("a", 1)


def write_knowledge(folder, countries="", aliases="", words=""):
    folder.mkdir()
    for name, columns, rows in (
        ("countries", COUNTRY_COLUMNS, countries),
        ("aliases_x", ALIAS_COLUMNS, aliases),
        ("acronyms_words", WORD_COLUMNS, words),
    ):
        (folder / f"{name}.csv").write_text(",".join(columns) + "\n" + rows, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"countries": "ZZ,,,,,,,\n"}, "ZZ is no ISO 3166 alpha-2 code"),
        ({"aliases": "Body,ORG,,ZZ,,,\n"}, "row 2: country 'ZZ' is no ISO 3166"),
        ({"aliases": "Body,ORG\n"}, "row 2: has fewer cells than the header"),
        ({"words": "COMMIT,No Such Body,ORG,\n"}, "row 2: 'No Such Body' names 0 things"),
    ],
)
def test_knowledge_that_contradicts_itself_is_said(tmp_path, rows, message):
    with pytest.raises(KnowledgeError, match=message):
        load_knowledge(write_knowledge(tmp_path / "k", **rows))


def test_knowledge_tells_ministries_of_one_name_apart(tmp_path):
    aliases = (
        "Ministry of Tides of Malta,ORG,Ministry of Tides,MT,,,\n"
        "Ministry of Tides of Fiji,ORG,Ministry of Tides,FJ,,,\n"
    )
    knowledge = load_knowledge(write_knowledge(tmp_path / "k", aliases=aliases))
    assert knowledge.find("Ministry of Tides", "ORG") is None
    assert knowledge.find("the Ministry of Tides", "ORG", "FJ").name.endswith("Fiji")


def test_the_project_knows_countries_governments_and_capitals():
    knowledge = load_knowledge()
    assert knowledge.country("Việt Nam") == knowledge.country("GVN") == "VN"
    assert knowledge.capitals["ha noi"] == "VN"
    assert knowledge.demonyms["vietnamese"] == "VN"
    assert knowledge.find("COMMIT", "ORG") is not None
    assert knowledge.find("commit", "ORG") is None
