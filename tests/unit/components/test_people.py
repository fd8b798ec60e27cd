"""Short and misspelt names of people."""

from __future__ import annotations

import pytest

from pipeline.components.people import same_people


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        pytest.param(["Trịnh Quốc Bảo", "Bảo"], [(0, 1)], id="Vietnamese given name"),
        pytest.param(["Trần Quốc Bảo", "Trần"], [], id="no Vietnamese is called by family name"),
        pytest.param(["Elena Ruiz Campos", "Ruiz"], [(0, 1)], id="first of two surnames"),
        pytest.param(["Ly Thi Hoa", "Thi"], [], id="a middle name names nobody"),
        pytest.param(["Sun Weiguo", "Sun"], [(0, 1)], id="family name in front"),
        pytest.param(["Lena Karlsen-Dahl", "Karlsen"], [(0, 1)], id="part of a double surname"),
        pytest.param(["Ho Thi Sen", "Ho Thi Sen Hong"], [], id="no Vietnamese drops the last name"),
        pytest.param(["Chen Yulan", "Yulan Chen"], [(0, 1)], id="turned round"),
        pytest.param(["Said al-Amri", "Saeed Al Amri"], [(0, 1)], id="romanised otherwise"),
        pytest.param(["Omar Shalabi", "Shalaby"], [(0, 1)], id="another spelling"),
        pytest.param(["Agim Leka", "Vera Leka", "Leka"], [], id="two bearers"),
        pytest.param(["Ana Lopes", "Ana Gomes"], [], id="short names differ by more than spelling"),
    ],
)
def test_short_forms_join_the_one_full_name(names, pairs):
    assert [tuple(sorted(pair)) for pair in same_people(names)] == pairs
