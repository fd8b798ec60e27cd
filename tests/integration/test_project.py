"""The project as a whole: one name in five places, and a README that says what is so."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import yaml

from tests.conftest import ROOT

PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]


def test_every_stage_has_one_name_in_dvc_params_and_code():
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    modules = {path.stem for path in (ROOT / "pipeline" / "stages").glob("[!_]*.py")}
    assert set(STAGES) == modules == set(params)
    for name, stage in STAGES.items():
        settings = import_module(f"pipeline.stages.{name}").Params
        assert set(params[name]) == {field.name for field in fields(settings)}
        assert stage["params"] == [name]
        assert f"pipeline/stages/{name}.py" in stage["deps"]


def imports_of(path: Path) -> set[Path]:
    """Give the project modules that a module imports, and theirs in turn."""
    found: set[Path] = set()
    queue = [path]
    while queue:
        module = queue.pop()
        tree = ast.parse(module.read_text(encoding="utf-8"))
        # The commands of `pactgraph` import within their functions what no stage needs.
        for node in tree.body if module.name == "cli.py" else ast.walk(tree):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                if name.startswith("pipeline"):
                    module = ROOT / Path(*name.split(".")).with_suffix(".py")
                    if module.exists() and module not in found:
                        found.add(module)
                        queue.append(module)
    return found


def test_a_stage_depends_on_every_module_that_can_change_its_answer():
    for name, stage in STAGES.items():
        deps = [ROOT / dep for dep in stage["deps"]]
        if name.startswith("train_"):
            # Training takes long, so it repeats only where the network or its data changed.
            assert all(dep.exists() or "outputs" in dep.parts for dep in deps)
            continue
        for module in imports_of(ROOT / "pipeline" / "stages" / f"{name}.py"):
            assert any(module == dep or dep in module.parents for dep in deps), (name, module.name)
        for dep in deps:
            assert dep.exists() or dep.parts[-2] in ("outputs", "models"), (name, dep)


def test_the_readme_lists_the_stages_as_dvc_has_them():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", readme, re.M)
    assert [name for name in listed if name in STAGES] == list(STAGES)


def test_the_readme_names_every_dependency_with_a_reason():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = pyproject[pyproject.index("dependencies = [") : pyproject.index("]\n\n[project.opt")]
    for name in re.findall(r'"([a-z0-9-]+)[><=]', block):
        assert re.search(rf"^- {re.escape(name)}[^:]*: \w", readme, re.M), name


def test_no_stage_imports_another():
    stages = {path.stem for path in (ROOT / "pipeline" / "stages").glob("[!_]*.py")}
    for path in (ROOT / "pipeline" / "stages").glob("[!_]*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [
            s for s in stages if f"pipeline.stages.{s}" in text or f"stages import {s}" in text
        ]


def test_the_components_need_nothing_that_is_not_there():
    from pipeline.recognizing import load_recognizer
    from pipeline.relating import load_relater

    assert load_recognizer("baseline").analyze_pipes()["problems"]["name_rules"] == []
    found = load_relater("baseline").analyze_pipes()["problems"]["relation_rules"]
    assert set(found) <= {"doc.ents"}  # set by the stage, from the mentions that it reads


def test_what_is_used_is_what_is_scored():
    scored = PARAMS["evaluate"]
    assert scored["lowest_score"] == PARAMS["recognize"]["lowest_score"]
    assert scored["threshold"] == PARAMS["relate"]["threshold"]
    assert scored["precision"] == PARAMS["recognize"]["precision"] == PARAMS["relate"]["precision"]
    assert scored["country_share"] == PARAMS["resolve"]["country_share"]
