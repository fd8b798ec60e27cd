"""The first round: public sets are read as they are, and what is learnt can be started from."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from itertools import chain

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModel, AutoTokenizer

from pipeline.components.encoder import load_start, write_start
from pipeline.errors import ConfigError, InputError, RecordError
from pipeline.training import first_round
from pipeline.training.first_round import Item, Set, items_of, packed, read_set, span_f1, spans
from pipeline.training.loop import Plan, digest

PERSON, PLACE = "PER", "LOC"
TEXTS = [
    ("Agim Leka left Tirana .", [(0, 9, PERSON), (15, 21, PLACE)]),
    ("Vera Koci saw Skopje .", [(0, 9, PERSON), (14, 20, PLACE)]),
    ("Tirana wrote to Vera Leka .", [(0, 6, PLACE), (16, 25, PERSON)]),
    ("Nobody came .", []),
]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param([0, 0], set(), id="nothing"),
        pytest.param([0, 1, 2, 2, 0], {(1, 4, 0)}, id="one"),
        pytest.param([1, 2, 1, 2], {(0, 2, 0), (2, 4, 0)}, id="two of a label side by side"),
        pytest.param([1, 3, 4], {(0, 1, 0), (1, 3, 1)}, id="two labels side by side"),
        pytest.param([1, 4, 4], {(0, 1, 0), (1, 3, 1)}, id="another label's I begins a span"),
        pytest.param([0, 2, 2, 0], {(1, 3, 0)}, id="an I that follows nothing begins a span"),
        pytest.param([0, 5], {(1, 2, 2)}, id="at the end"),
    ],
)
def test_spans_are_read_off_bio_tags(tags, expected):
    assert spans(tags) == expected


def tagged(widths):
    """Give BIO tags of spans: label and width each, a width of 0 meaning a token outside."""
    tags = []
    for label, width in widths:
        tags += [0] if not width else [1 + 2 * label] + [2 + 2 * label] * (width - 1)
    return tags


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=12))
def test_well_formed_tags_give_back_their_spans(widths):
    expected, at = set(), 0
    for label, width in widths:
        if width:
            expected.add((at, at + width, label))
        at += width or 1
    assert spans(tagged(widths)) == expected


@given(st.lists(st.integers(2, 384), max_size=1200), st.integers(0, 99))
def test_packed_batches_lose_no_item_and_stay_within_bounds(lengths, seed):
    items = [Item(number, [1] * length, [0] * length) for number, length in enumerate(lengths)]
    made = packed(items, random.Random(seed))
    assert Counter(item.set for item in chain(*made)) == Counter(range(len(items)))
    for batch in made:
        longest = max(len(item.pieces) for item in batch)
        assert len(batch) == 1 or longest * len(batch) <= first_round.BATCH_PIECES


def test_packing_depends_on_its_generator_alone():
    items = [Item(number, [1] * (2 + number % 300), []) for number in range(900)]
    first, again, other = (packed(items, random.Random(seed)) for seed in (1, 1, 2))
    assert first == again != other


def write_set(folder, name, rows, learn=True):
    """Write a made-up set and give its description."""
    path = folder / f"{name}.jsonl.gz"
    lines = [
        {"text": text, "spans": [{"start": s, "end": e, "label": label} for s, e, label in found]}
        for text, found in rows
    ]
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)
    return Set(name.split("-")[0], path.name, digest(path), "CC0", "made up", learn)


def test_a_set_is_read_as_it_was_written(tmp_path):
    rows = read_set(tmp_path, write_set(tmp_path, "town", TEXTS))
    assert [row["text"] for row in rows] == [text for text, _ in TEXTS]
    assert rows[0]["spans"][1] == {"start": 15, "end": 21, "label": PLACE}


def test_a_file_that_is_not_the_known_one_is_named(tmp_path):
    source = write_set(tmp_path, "town", TEXTS)
    write_set(tmp_path, "town", TEXTS[1:])
    with pytest.raises(RecordError, match=r"town\.jsonl\.gz: its SHA-256 is \w{64}, expected"):
        read_set(tmp_path, source)
    (tmp_path / source.file).unlink()
    with pytest.raises(InputError, match=r"town\.jsonl\.gz: there is no such file, expected the"):
        read_set(tmp_path, source)


def test_word_pieces_are_tagged_and_long_texts_cut(tiny_encoder, monkeypatch):
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    row = {"text": "Agim Leka left Tirana .", "spans": [{"start": 15, "end": 21, "label": PLACE}]}
    [item] = items_of([row], 3, [PLACE, PERSON], tokenizer)
    assert item.set == 3
    pieces = tokenizer.convert_ids_to_tokens(item.pieces)
    assert (pieces[0], pieces[-1]) == ("[CLS]", "[SEP]")
    marked = [piece for piece, tag in zip(pieces, item.tags, strict=True) if tag]
    assert "".join(marked).replace("##", "") == "tirana"
    assert [tag for tag in item.tags if tag] == [1, *[2] * (len(marked) - 1)]
    monkeypatch.setattr(first_round, "MAX_PIECES", 5)
    parts = list(items_of([row], 3, [PLACE, PERSON], tokenizer))
    assert all(len(part.pieces) == len(part.tags) <= 5 for part in parts)
    inside = [list(part.pieces[1:-1]) for part in parts]
    assert list(chain(*inside)) == item.pieces[1:-1]
    assert list(chain(*(part.tags[1:-1] for part in parts))) == item.tags[1:-1]


@pytest.fixture
def tiny(tmp_path, tiny_encoder, monkeypatch):
    """Point the first round at made-up sets and a tiny encoder."""
    sets = (
        write_set(tmp_path, "town-train", TEXTS * 4),
        write_set(tmp_path, "village-train", [(text, found[:1]) for text, found in TEXTS]),
        write_set(tmp_path, "town-dev", TEXTS, learn=False),
    )
    monkeypatch.setattr(first_round, "SETS", sets)
    monkeypatch.setattr(first_round, "ENCODER", tiny_encoder)
    monkeypatch.setattr(first_round, "FREEZE_LAYERS", 1)
    monkeypatch.setattr(first_round, "BATCH_PIECES", 60)
    monkeypatch.setattr(
        first_round, "PLAN", Plan(seed=1, epochs=8, rate=5e-3, warmup=0.5, patience=0)
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_learns_and_writes_what_a_training_starts_from(tiny, tiny_encoder):
    first_round.main(tiny, tiny / "start")
    assert sorted(path.name for path in (tiny / "start").iterdir()) == ["README.md", "encoder.pt"]
    readme = (tiny / "start" / "README.md").read_text(encoding="utf-8")
    score = float(readme.split("Span F1 on the held-out texts: ")[1][:5])
    assert score > 0.8
    assert all(source.sha256 in readme for source in first_round.SETS)
    published, started = (AutoModel.from_pretrained(tiny_encoder) for _ in range(2))
    load_start(tiny / "start", started, tiny_encoder)
    same = {
        name
        for name, value in started.state_dict().items()
        if torch.equal(value, published.state_dict()[name])
    }
    assert any(name.startswith("encoder.layer.1.") for name in started.state_dict().keys() - same)
    kept = [n for n in started.state_dict() if n.startswith(("embeddings.", "encoder.layer.0."))]
    assert set(kept) <= same


def test_the_score_counts_what_was_not_found():
    class Silent(torch.nn.Module):
        def forward(self, batch):
            return [torch.eye(3)[[1, 2, 0]] for _ in batch]

    items = [Item(0, [5, 6, 7], [1, 2, 0]), Item(0, [5, 6, 7], [1, 0, 1])]
    assert span_f1(Silent(), items[:1]) == 1.0
    assert span_f1(Silent(), items) == pytest.approx(2 * 1 / (2 + 3))


def test_starting_weights_that_are_absent_or_of_another_encoder_are_refused(tmp_path, tiny_encoder):
    model = AutoModel.from_pretrained(tiny_encoder)
    with pytest.raises(ConfigError, match=r"encoder\.pt: there is no such file, expected starting"):
        load_start(tmp_path, model, tiny_encoder)
    other = torch.nn.Module()
    other.register_parameter("strange", torch.nn.Parameter(torch.ones(2)))
    write_start(tmp_path, other, tiny_encoder)
    with pytest.raises(ConfigError, match=r"the weights do not fit the encoder"):
        load_start(tmp_path, model, tiny_encoder)
