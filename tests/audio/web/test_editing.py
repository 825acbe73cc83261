"""The forms of what staff edit, as a browser understands them."""

from typing import Any

import pytest

from audio.desk.entries import ENTRY_KINDS
from tests.support.staff import ARTICLE, HELPLINE, WELCOME, Staff

WORD = "/studio/en/pronunciations/edit?name=words/NHS"


def control(staff: Staff, name: str) -> Any:
    """The field of the page that has this name."""
    [found] = staff.page.xpath(f"//main//form//*[@name='{name}']")
    return found


def test_a_telephone_shows_a_keypad_for_a_number_and_for_nothing_else(
    staff: Staff,
) -> None:
    staff.opens(HELPLINE)
    assert control(staff, "place").get("inputmode") == "numeric"
    for name in ("name", "number", "checked"):
        assert control(staff, name).get("inputmode") is None


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("articles", ARTICLE),
        ("prompts", WELCOME),
        ("helplines", HELPLINE),
        ("pronunciations", WORD),
        ("notice", "/studio/en/notice"),
    ],
)
def test_every_field_has_its_label_and_its_hint(
    staff: Staff, kind: str, address: str
) -> None:
    staff.opens(address)
    for field in ENTRY_KINDS[kind].form:
        shown = control(staff, field.name)
        [label] = staff.page.xpath(f"//label[@for='{shown.get('id')}']")
        assert label.text_content() == field.label
        described = (shown.get("aria-describedby") or "").split()
        hints = [
            staff.page.get_element_by_id(each).text_content() for each in described
        ]
        assert hints == ([field.hint] if field.hint else [])


def test_a_field_that_is_wrong_says_so_to_who_cannot_see_it(staff: Staff) -> None:
    staff.opens(HELPLINE)
    staff.presses("Save", place="first")
    wrong = control(staff, "place")
    assert wrong.get("aria-invalid") == "true"
    assert (
        staff.fault("place")
        == "this is not a valid position; write a number, such as 1"
    )
    assert control(staff, "name").get("aria-invalid") is None
    assert wrong.value == "first"


def test_what_is_fixed_is_chosen_once(staff: Staff) -> None:
    staff.opens(WORD)
    assert control(staff, "table").get("readonly") is not None
    staff.opens("/studio/en/pronunciations/edit")
    assert control(staff, "table").value_options == [
        "words",
        "abbreviations",
        "symbols",
        "digits",
    ]
