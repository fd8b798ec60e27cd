"""The stage `clean`: files in, documents, rejections and dropped pieces out."""

from __future__ import annotations

import os
import unicodedata

import pytest

from pipeline.errors import InputError
from pipeline.records import Document, read_records
from pipeline.stages.clean import Params, main, read_documents
from pipeline.tables import DROPPED, REJECTED, read_table

PARAMS = Params(max_bytes=2000, min_words=5, language="en", shingle=5, similarity=0.8)
TEXT = "Laos and China signed a pact on Monday, the ministry said in Vientiane.\n"


def write(folder, name: str, data: str | bytes = TEXT):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_folders_and_files_give_sorted_documents(tmp_path):
    write(tmp_path, "in/b.txt")
    write(
        tmp_path,
        "in/sub/a.md",
        "# Kenya and Uganda meet\n\nThey met in Nairobi on Friday, he said.",
    )
    write(tmp_path, "in/.gitkeep", "")
    write(tmp_path, "in/.hidden/x.txt")
    single = write(tmp_path, "one.html", "<p>Peru joined the network of prosecutors on Monday.")
    seen: list[str] = []
    cleaned = read_documents([tmp_path / "in", single], PARAMS, seen.append)
    assert [d.doc_id for d in cleaned.documents] == ["b.txt", "one.html", "sub/a.md"] == seen
    assert cleaned.documents[0].text == TEXT.strip()
    assert cleaned.documents[0].words == 13
    assert not cleaned.rejected


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.doc", "words", "unknown file type .doc: expected .txt, .html or .md"),
        ("a.txt", b"", "empty: 0 bytes"),
        ("a.txt", " \n", "empty: 0 words after cleaning"),
        ("a.txt", "Two words.", "too short: 2 words, expected at least 5 (clean.min_words)"),
        ("a.txt", b"x" * 2001, "too large: 2,001 bytes, the limit is 2,000 (clean.max_bytes)"),
        ("a.txt", b"%PDF-1.4", "binary: a PDF document, expected text"),
        (
            "a.txt",
            "Bộ Ngoại giao cho biết hai nước đã ký một biên bản ghi nhớ tại Hà Nội hôm qua.",
            "language is Vietnamese (vi), expected English (en)",
        ),
    ],
)
def test_files_that_cannot_be_used_are_listed(tmp_path, name, data, reason):
    write(tmp_path, name, data)
    cleaned = read_documents([tmp_path], PARAMS)
    assert [(r.path, r.reason) for r in cleaned.rejected] == [(name, reason)]
    assert not cleaned.documents


def test_a_link_that_leads_nowhere_is_rejected_and_loops_end(tmp_path):
    write(tmp_path, "in/a.txt")
    (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    cleaned = read_documents([tmp_path / "in"], PARAMS)
    assert [d.doc_id for d in cleaned.documents] == ["a.txt"]
    assert [(r.path, r.reason) for r in cleaned.rejected] == [
        ("gone.txt", "cannot be read: No such file or directory")
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_rejected(tmp_path):
    write(tmp_path, "a.txt").chmod(0)
    assert (
        read_documents([tmp_path], PARAMS).rejected[0].reason == "cannot be read: Permission denied"
    )


def test_a_pipe_is_rejected_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    reason = read_documents([tmp_path], PARAMS).rejected[0].reason
    assert reason == "cannot be read: not a regular file"


def test_missing_paths_and_equal_names_are_errors(tmp_path):
    with pytest.raises(InputError, match="not found"):
        read_documents([tmp_path / "none"], PARAMS)
    write(tmp_path, "x/a.txt")
    write(tmp_path, "y/a.txt")
    with pytest.raises(InputError, match=r"has the doc_id a\.txt"):
        read_documents([tmp_path / "x", tmp_path / "y"], PARAMS)


def test_names_are_composed(tmp_path):
    write(tmp_path, unicodedata.normalize("NFD", "Hà Nội.txt"))
    assert read_documents([tmp_path], PARAMS).documents[0].doc_id == "Hà Nội.txt"


def test_copies_are_kept_and_marked(tmp_path):
    write(tmp_path, "a.txt")
    write(tmp_path, "b.txt", "Jul 21, 2022 / 18:41\n\n" + TEXT)
    documents = read_documents([tmp_path], PARAMS).documents
    assert [d.duplicate_of for d in documents] == ["b.txt", ""]


def test_offsets_count_the_source_without_its_mark(tmp_path):
    write(
        tmp_path,
        "a.txt",
        b"\xef\xbb\xbfShare\r\n\r\nLaos signed the\r\npact on Monday, he said.\r\n",
    )
    document = read_documents([tmp_path], PARAMS).documents[0]
    assert document.segments[0][1] == len("Share\r\n\r\n")


def test_main_writes_three_files_twice_the_same(tmp_path):
    write(tmp_path, "in/a.txt", "Home | News | World\n" + TEXT)
    write(tmp_path, "in/b.bin", "x")
    for out in ("one", "two"):
        main(tmp_path / "in", tmp_path / out)
    for name in ("documents.jsonl", "rejected.csv", "dropped.csv"):
        one, two = tmp_path / "one" / name, tmp_path / "two" / name
        assert one.read_bytes() == two.read_bytes()
    assert [d.doc_id for d in read_records(tmp_path / "one/documents.jsonl", Document)] == ["a.txt"]
    assert read_table(tmp_path / "one/rejected.csv", REJECTED)[0]["path"] == "b.bin"
    dropped = read_table(tmp_path / "one/dropped.csv", DROPPED)
    assert [(row["reason"], row["start"], row["end"]) for row in dropped] == [("menu", "0", "19")]
