"""A few annotated sentences as `prepare` leaves them, and settings to train on them in seconds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import spacy
import yaml
from spacy.tokens import DocBin

from pipeline.gold import GoldDocument
from pipeline.markup import read_markup
from pipeline.schema import load_schema
from pipeline.stages.prepare import fingerprint, make_capitals, make_doc, make_marked, related
from pipeline.training.seats import Passage

PEOPLE = [
    ("Agim Leka", "Vera Koci", "Malta"), ("Ilir Meta", "Ana Duka", "Libya"),
    ("Sokol Prifti", "Mira Gjoka", "Ghana"), ("Besa Hoti", "Luan Rama", "Chile"),
    ("Dritan Bushi", "Elsa Zeka", "Nepal"), ("Arben Tafa", "Nora Shehu", "Benin"),
]  # fmt: skip
LEARNT = 4  # of them; the others come later


def annotated(first: str, second: str, place: str) -> str:
    """Give a text of two paragraphs with names, a reference and relations."""
    return (
        f"[[Minister|ROLE|r]] [[{first}|PERSON|a]] met [[{second}|PERSON|v]] "
        f"in [[{place}|GPE|m]].\n"
        ">> a has_role r\n"
        ">> a meets_with v\n"
        "\n"
        f"[[He|REF|a]] works for [[{place}|GPE|m]] and wrote to [[{second}|PERSON|v]].\n"
        ">> a works_for m | status=former\n"
    )


def write_prepared(folder: Path, count: int = LEARNT) -> Path:
    """Write the parts as `prepare` does: `count` texts to learn from, one for dev."""
    nlp, schema = spacy.blank("en"), load_schema()
    documents = [
        GoldDocument(f"t{n}", "", "", (), "", "train", read_markup(annotated(*people)))
        for n, people in enumerate(PEOPLE[:count])
    ]
    documents.append(
        GoldDocument(
            "d", "", "", (), "", "dev", read_markup(annotated("Agim Hoti", "Ana Rama", "Malta"))
        )
    )
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("train", "dev"):
        docs = [make_doc(nlp, d, schema, Counter()) for d in documents if d.part == part]
        DocBin(store_user_data=True, docs=docs).to_disk(folder / f"{part}.spacy")
    passages = [Passage("Rome agreed; she flew to Rome.", ((0, 4, True), (25, 29, False)))]
    docs = [make_capitals(nlp, passage) for passage in passages]
    DocBin(store_user_data=True, docs=docs).to_disk(folder / "capitals.spacy")
    listing = fingerprint(documents, passages)
    (folder / "trained_on.txt").write_text(listing, encoding="utf-8")
    return folder


def write_related(folder: Path) -> None:
    """Write a passage with relations beside the parts, as `prepare` does."""
    gold = read_markup(annotated("Agim Duka", "Vera Tafa", "Chad"))
    document = GoldDocument("r", "", "", (), "", "train", gold)
    doc = make_marked(spacy.blank("en"), document, load_schema(), Counter())
    DocBin(store_user_data=True, docs=[doc]).to_disk(folder / "related.spacy")
    (folder / "related_on.txt").write_text(related([document]), encoding="utf-8")


def write_params(folder: Path, **sections: dict[str, object]) -> None:
    """Write a params.yaml of the project's values with some of them changed."""
    content = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    for name, values in sections.items():
        content[name] |= values
    (folder / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
