"""Languages found; names of other countries do not count."""

from __future__ import annotations

import pytest

from pipeline.cleaning.language import find_language, language_name

NAMES = (
    "Phạm Minh Chính, Nguyễn Thị Thanh, Trần Lưu Quang, Bùi Thanh Sơn and Tô Lâm met Sar Kheng in "
    "Hà Nội. Đà Nẵng, Hải Phòng, Cần Thơ, Lào Cai and Quảng Ninh sent police officers, he said."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NAMES, "en"),
        ("Tô Lâm meets Sar Kheng", "en"),
        ("Bộ Ngoại giao Việt Nam cho biết hai nước đã ký một biên bản ghi nhớ tại Hà Nội.", "vi"),
        ("Le ministre des Affaires étrangères a signé hier un accord avec son homologue.", "fr"),
        ("El ministro firmó ayer en Bogotá un acuerdo para combatir la trata de personas.", "es"),
        ("กระทรวงการต่างประเทศไทยแถลงว่าทั้งสองประเทศจะร่วมมือกัน", "th"),
        ("ក្រសួងការបរទេសកម្ពុជាបានថ្លែងថាប្រទេសទាំងពីរនឹងសហការ", "km"),
    ],
)
def test_languages(text, expected):
    assert find_language(text, "en") == expected


def test_names_of_languages_are_english():
    assert language_name("vi") == "Vietnamese"
    assert language_name("qqq") == "qqq"
