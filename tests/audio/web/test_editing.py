"""The forms of what staff edit, as a browser understands them."""

from typing import Any

import pytest

from audio.desk.entries import ENTRY_KINDS
from ivr.settings import Settings
from tests.support.staff import ARTICLE, HELPLINE, WELCOME, Staff, text_of

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


def listened(staff: Staff) -> list[str]:
    """What the form of an article says of how long callers listen."""
    said = staff.page.xpath("//*[@id='reading']//p | //li[@data-seconds]")
    return [text_of(each) for each in said]


def test_an_article_s_box_has_a_line_for_each_paragraph_and_saves_no_change(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "en/articles/what-is-co-production.md"
    before = file.read_bytes()
    staff.opens(ARTICLE)
    lines = staff.field("words").split("\n")
    assert lines[0] == "## A confusing term"
    assert lines[2].startswith("This is a term we hear often,")
    assert lines[2].endswith("end up being so complicated?''")
    staff.presses("Save")
    assert file.read_bytes() == before
    staff.presses("Save", words="\n".join(lines).replace("bake a cake", "make a cake"))
    written = file.read_text("utf-8").split("\n")
    same = set(before.decode().split("\n")) & set(written)
    assert len(same) > 45
    assert max(map(len, written)) < 100


def test_an_article_says_how_long_callers_listen_to_each_section(staff: Staff) -> None:
    """To the second where there is sound, and about as long where there is none."""
    staff.opens(ARTICLE)
    total, first, *rest = listened(staff)
    assert total.startswith("610 words in all. Callers listen for 48 seconds")
    assert first == "A confusing term: 102 words, 9 seconds"
    before = staff.field("words")
    assert len(rest) == before.count("## ") - 1
    words = f"## Peas\n\nThere are peas.\n\n{before}"
    staff.presses("Save", words=words, title=" ")
    total, peas, again, *_ = listened(staff)
    assert "Callers listen for about" in total
    assert peas == "Peas: 3 words, about 1 second"
    assert again == first


def test_an_article_that_is_added_has_no_sections_yet(staff: Staff) -> None:
    staff.opens("/studio/en/articles/edit")
    assert listened(staff) == ["There are no sections yet."]
