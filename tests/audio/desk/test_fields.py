"""A field: what is typed becomes what a file holds, and is refused where no file could hold it."""

from datetime import date

import pytest

from audio.desk.fields import (
    Day,
    Field,
    ListOfLines,
    Paragraph,
    Position,
    SeveralLines,
    Tick,
    as_text,
)

TYPED = "  two\r\n\twords \r\n"


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        (Field("a", "A"), "two words"),
        (Paragraph("a", "A"), "two words"),
        (SeveralLines("a", "A"), "two\n\twords"),
        (ListOfLines("a", "A"), "two\n\twords"),
    ],
)
def test_what_cannot_be_seen_is_left_out(field: Field, kept: str) -> None:
    assert field.tidied(TYPED) == kept


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Field("a", "A"), "yes", "yes"),
        (Tick("a", "A"), "yes", True),
        (Tick("a", "A"), "", False),
        (Tick("a", "A"), "no", False),
        (ListOfLines("a", "A"), "one\n\n two", ["one", "two"]),
        (Day("a", "A"), "2026-11-23", date(2026, 11, 23)),
        (Day("a", "A"), "soon", "soon"),
    ],
)
def test_a_file_gets_a_value_of_the_fields_own_type(
    field: Field, text: str, value: object
) -> None:
    got = field.to_toml(text)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, ""),
        (["one", 2], "one\n2"),
        (date(2026, 1, 2), "2026-01-02"),
        (7, "7"),
    ],
)
def test_a_form_shows_whatever_a_file_has(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (Day("a", "A"), ["2026-11-23"], ["", "soon", "2026-02-30"]),
        (Position("a", "A"), ["", "1", "999"], ["first", "-1", "1000", "1.5"]),
    ],
)
def test_what_no_file_can_hold_is_refused(
    field: Field, good: list[str], bad: list[str]
) -> None:
    for text in good:
        assert field.refusal(text) == ""
    for text in bad:
        assert field.refusal(text).startswith("this is not a ")
