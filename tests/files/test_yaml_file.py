"""The YAML loader keeps values as written and names what is wrong with its line."""

from __future__ import annotations

from datetime import date

import pytest

from plainleaf.files.yaml_file import Record, parse_yaml, scalars
from plainleaf.problems import Place, Problem


def record(text: str, problems: list[Problem] | None = None) -> Record:
    found = parse_yaml(text, Place("a.yml", 1), "a thing", [] if problems is None else problems)
    assert found is not None
    return found


VALUES = "no No yes on null ~ 9:30 1.10 010 1e3 0x1F 2026-11-23 = 123456789012345678901234567890"


@pytest.mark.parametrize("written", VALUES.split())
def test_a_value_stays_as_it_is_written(written: str) -> None:
    assert record(f"key: {written}").text("key") == written


@pytest.mark.parametrize("written", [">-\n  one\n  two", '"one\n  two"\nother: 1'])
def test_a_text_of_several_lines_becomes_one(written: str) -> None:
    assert record(f"key: {written}\n").text("key") == "one two"


def test_a_list_may_be_written_in_both_ways() -> None:
    given = record("one: [a, b]\ntwo:\n  - a\n  - b\n")
    assert given.texts("one") == given.texts("two") == ("a", "b")


def test_a_value_that_is_absent_gives_the_default() -> None:
    given = record("key: a")
    assert given.text("other", "b") == "b"
    assert given.texts("others", ["c"]) == ("c",)
    assert given.number("count", 1, 9, default=4) == 4
    assert not given.has("parts")
    assert given.record("table", "a table") is None
    assert given.is_good


def test_a_date_is_year_month_and_day() -> None:
    assert record("key: 2026-02-28").day("key") == date(2026, 2, 28)


@pytest.mark.parametrize(("written", "number"), [("1", 1), ("007", 7), ("9", 9)])
def test_a_number_within_its_bounds_is_taken(written: str, number: int) -> None:
    assert record(f"key: {written}").number("key", 1, 9) == number


@pytest.mark.parametrize("written", ["0", "10", "-1", "1.0", "+3", "１", "three", "1_0"])
def test_a_number_out_of_its_bounds_is_a_problem(written: str) -> None:
    problems: list[Problem] = []
    given = record(f"\nkey: {written}", problems)
    assert given.number("key", 1, 9) == 1
    assert not given.is_good
    assert list(map(str, problems)) == [
        f'a.yml:2: "key" must be a whole number from 1 to 9, not "{written}".\n'
        "    Write a number, such as `key: 1`."
    ]


def test_one_of_gives_nothing_for_what_is_not_among_the_names() -> None:
    problems: list[Problem] = []
    assert record("key: rde", problems).one_of("key", ["red", "blue"]) == ""
    assert list(map(str, problems)) == [
        'a.yml:1: "key" cannot be "rde".\n    Did you mean "red"? The choices are: blue, red.'
    ]


def test_a_record_within_another_knows_its_line() -> None:
    problems: list[Problem] = []
    given = parse_yaml("a: 1\nb:\n  c: x\n  d: y\n", Place("page.md", 10), "a page", problems)
    assert given is not None
    inner = given.record("b", "a table")
    assert inner is not None
    assert inner.place("d") == Place("page.md", 13)
    assert given.names() == ["a", "b"]
    assert given.has("a")


def test_a_list_of_records_gives_each_its_line() -> None:
    items = record("parts:\n  - a: 1\n\n  - a: 2\n").records("parts", "a part")
    assert [item.place().line for item in items] == [2, 4]


def test_a_record_inside_a_list_that_is_no_record_makes_the_whole_bad() -> None:
    problems: list[Problem] = []
    given = record("parts:\n  - text\n", problems)
    assert given.records("parts", "a part") == []
    assert not given.is_good
    assert str(problems[0]).startswith("a.yml:2: a part must be written as keys and values.")


def test_finish_refuses_the_keys_that_nobody_has_read() -> None:
    problems: list[Problem] = []
    given = record("title: a\ntitel: b\n", problems)
    given.text("title")
    assert not given.finish()
    assert list(map(str, problems)) == [
        'a.yml:2: "titel" is not a key of a thing.\n    Did you mean "title"? The keys are: title.'
    ]


def test_finish_is_content_when_every_key_has_been_read() -> None:
    given = record("title: a\n")
    given.text("title")
    assert given.finish()


def test_the_texts_of_a_file_leave_its_comments_out() -> None:
    assert list(scalars("# ✂\nname: a # ✂\nlist:\n  - b\n")) == [
        ("name", 2),
        ("a", 2),
        ("list", 3),
        ("b", 4),
    ]
