"""Keys of names: what is one thing however it is written, and what stays two."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from pipeline.keys import (
    body_key,
    is_vietnamese,
    name_key,
    ordinal,
    paper_key,
    person_key,
    person_words,
    role_key,
)
from pipeline.knowledge import load_knowledge
from pipeline.text import strip_marks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Zhao Meili", "Meili Zhao", id="family name behind"),
        pytest.param("Phan Quoc Viet", "Viet Quoc Phan", id="Vietnamese name turned round"),
        pytest.param("El-Fassi, Rachida", "Rachida El Fassi", id="comma"),
        pytest.param("Mohamed Youssef", "Muhammad Yusuf", id="romanised by French habit"),
        pytest.param("Oleksandr Hrytsenko", "Alexandr Hrytsenko", id="Ukrainian and Russian form"),
        pytest.param("Tan Sri Azlan Haris", "Azlan Haris", id="title"),
        pytest.param("Ruth K. Adeyemi", "Ruth Adeyemi", id="initial"),
        pytest.param("Jane Doe, MP", "Jane Doe", id="honour behind a comma"),
        pytest.param("Fayçal Benali", "Faisal Benali", id="variant with a mark"),
        pytest.param("Lin Mei-hua", "Lin Meihua", id="hyphen"),
        pytest.param("Awa N'Dour", "Awa Ndour", id="apostrophe"),
        pytest.param("Rahim bin Abdul Latif", "Rahim Abdul Latif", id="son of"),
        pytest.param("Sami Ben Amor", "Sami Benamor", id="bound name"),
        pytest.param("Olga Petrovna Sidorova", "Olga Sidorova", id="patronymic"),
    ],
)
def test_one_person_has_one_key(one, other):
    assert person_key(one) == person_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Karim Hassan", "Karim Hussein", id="two names that look alike"),
        pytest.param("Le Thi Lan Anh", "Le Thi Anh Lan", id="given names in another order"),
        pytest.param("Grace Martin", "Martin Grace", id="no family that stands in front"),
        pytest.param("Aung Tun", "Aung", id="a title's word behind the name"),
        pytest.param("Tan Boon Hock", "Lim Boon Hock", id="a title's word in front"),
        pytest.param("Mr Marcos", "Mrs Marcos", id="titles of a single name"),
        pytest.param("Al Gore", "Tipper Gore", id="Al is no article in front"),
        pytest.param("Lin Aung", "Aung Lin", id="a family name that is a given name too"),
        pytest.param("Le Van Duong", "Duong Van Le", id="family names at both ends"),
        pytest.param("George W. Bush", "George H. W. Bush", id="two initials"),
    ],
)
def test_two_persons_have_two_keys(one, other):
    assert person_key(one) != person_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Seventh Border Dialogue", "7th Border Dialogue", id="ordinal"),
        pytest.param("XII Andean Congress", "12th Andean Congress", id="Roman numeral"),
        pytest.param("Twenty-first Session", "21st Session", id="two words"),
        pytest.param("Mekong Forum 2014", "2014 Mekong Forum", id="year behind"),
        pytest.param("Second Judges' Meeting", "2nd Meeting of Judges", id="turned round"),
        pytest.param("Annual Survey of Ports for 2014", "2014 Survey of Ports", id="of a year"),
    ],
)
def test_one_paper_has_one_key(one, other):
    assert paper_key(one) == paper_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Third Dialogue", "Thirteenth Dialogue", id="numbers"),
        pytest.param("2014 Mekong Forum", "2015 Mekong Forum", id="years"),
        pytest.param("Agreement of Bali on Fees", "Agreement of Fees on Bali", id="two topics"),
        pytest.param("Resolution 8/12", "Resolution 12/8", id="a number in two parts"),
        pytest.param(
            "Eighth Plenum of the Eleventh Committee",
            "Eleventh Plenum of the Eighth Committee",
            id="two ordinals",
        ),
        pytest.param("Agreement of 3 May 2010", "Third Agreement of May 2010", id="a day"),
    ],
)
def test_two_papers_have_two_keys(one, other):
    assert paper_key(one) != paper_key(other)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("fourth", 4),
        ("thirtieth", 30),
        ("twenty-second", 22),
        ("IV", 4),
        ("XIX", 19),
        ("101st", 101),
    ],
)
def test_ordinals_are_read(words, number):
    assert ordinal(words) == number


@pytest.mark.parametrize("word", ["LL", "I", "one", "visit"])
def test_what_is_no_ordinal_says_no_number(word):
    assert ordinal(word) == 0


def test_the_words_of_a_body_count_and_not_their_order():
    assert body_key("Ministry of Foreign Affairs") == body_key("Foreign Ministry")
    assert body_key("Ministry of Justice") != body_key("Ministry of Health")
    assert body_key("State Police") != body_key("Federal Police")


def test_of_universities_the_order_of_words_counts():
    knowledge = load_knowledge()
    pair = ("University of York", "York University")
    assert len({name_key(name, knowledge) for name in pair}) == 2
    turned = ("Union of Weavers of Nepal", "Nepali Weavers' Union")
    assert len({name_key(name, knowledge) for name in turned}) == 1


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Deputy PM", "Deputy Prime Minister"),
        ("Sen. Lt. Gen.", "Senior Lieutenant General"),
        ("Counselor", "Counsellor"),
    ],
)
def test_a_post_is_one_written_short_and_in_full(short, full):
    assert role_key(short) == role_key(full)
    assert role_key(full) != role_key("Minister")


@pytest.mark.parametrize(
    ("name", "vietnamese"),
    [
        ("Nguyễn Thị Hạnh", True),
        ("Le Quoc Tuan", True),
        ("Hanh Thi Nguyen", True),
        ("Nguyen Hanh", False),
        ("Ho Iat Meng", False),
        ("Lam Wing-kit", False),
    ],
)
def test_a_vietnamese_name_is_known_by_its_words(name, vietnamese):
    assert is_vietnamese(name) is vietnamese


@given(strategies.text(alphabet="abclnoöđạ .,", max_size=40))
def test_case_and_marks_never_tell_people_apart(text):
    assert person_words(strip_marks(text).upper()) == person_words(text.lower())
