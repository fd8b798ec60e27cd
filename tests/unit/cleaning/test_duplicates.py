"""Near-copies and their originals."""

from __future__ import annotations

from pipeline.cleaning.duplicates import make_shingles, mark_duplicates, resemblance
from pipeline.records import Document

WORDS = [f"word{number}" for number in range(120)]


def document(doc_id: str, words: list[str], published: str = "") -> Document:
    return Document(doc_id, "", "", "", published, "en", len(words), "", " ".join(words), (), {})


def test_the_earliest_published_is_the_original():
    found = mark_duplicates(
        [document("a", WORDS), document("b", WORDS, "2020-01-01"), document("c", WORDS, "2021")],
        5,
        0.8,
    )
    assert [d.duplicate_of for d in found] == ["b", "", "b"]


def test_an_original_is_never_a_copy():
    near = WORDS[:110] + [f"other{number}" for number in range(12)]
    far = near[12:] + [f"third{number}" for number in range(12)]
    found = mark_duplicates([document("a", WORDS), document("b", near), document("c", far)], 5, 0.7)
    originals = {d.duplicate_of for d in found} - {""}
    assert all(not d.duplicate_of for d in found if d.doc_id in originals)
    for each in found:
        if each.duplicate_of:
            other = next(d for d in found if d.doc_id == each.duplicate_of)
            assert resemblance(make_shingles(each.text, 5), make_shingles(other.text, 5)) >= 0.7


def test_other_texts_are_no_copies():
    found = mark_duplicates([document("a", WORDS), document("b", WORDS[::-1])], 5, 0.8)
    assert [d.duplicate_of for d in found] == ["", ""]
