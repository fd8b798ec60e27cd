"""Dates and stamps of many sites."""

from __future__ import annotations

import pytest

from pipeline.cleaning.dates import find_stamp, read_date, read_dtg


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Jul 21, 2022 / 18:41", "2022-07-21"),
        ("Thứ Ba, 16/08/2022, 23:41", "2022-08-16"),
        ("Thứ Ba, 04/05/2022, 23:41", "2022-05-04"),
        ("date 2023-06-22 VIETNAM, June 22 -", "2023-06-22"),
        ("Updated: 3 March 2021 10:15 GMT+7", "2021-03-03"),
        ("Published on Monday, 5th of April 2010 at 4.30 pm", "2010-04-05"),
        ("Accra, 12 October 2021", "2021-10-12"),
        ("Mon Sep 15 00:00:00 +0200 2003", "2003-09-15"),
        ("04/05/2022", "2022"),
        ("04.05.2022", "2022-05-04"),
        ("8/31/2019 9:12 AM", "2019-08-31"),
        ("mardi 16 août 2022", "2022-08-16"),
        ("Ngày 2 tháng 9 năm 2020", "2020-09-02"),
    ],
)
def test_stamps_are_read(line, expected):
    stamp = find_stamp(line)
    assert stamp is not None
    assert stamp.published == expected


@pytest.mark.parametrize(
    "line",
    [
        "US ranking of trafficking in Gabon is unfair, Libreville says",
        "The two ministers met on June 22, 2023.",
        "Vision 2030",
        "Women, Peace and Security Agenda 2022",
        "may 2022 see a change",
        "31st Sea Games - Vietnam 2021 Covid-19 Pandemic",
        "Resolution 1325 (2000)",
    ],
)
def test_other_lines_are_no_stamps(line):
    assert find_stamp(line) is None


def test_a_date_that_does_not_exist_is_none():
    assert read_date("31/02/2022") == ""
    assert read_date("no date here, tomorrow perhaps") == ""


def test_precision_is_kept():
    assert read_date("November 2018") == "2018-11"


def test_date_time_groups_of_cables():
    assert read_dtg("R 150723Z SEP 03") == "2003-09-15"
    assert read_dtg("P 010000Z JAN 74") == "1974-01-01"
