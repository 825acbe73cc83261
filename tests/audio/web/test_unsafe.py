"""Nothing unsafe is published by accident; staff who are sure write why, and that is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.settings import Settings
from tests.support.staff import WELCOME, Staff, written

UNSAFE = "Welcome, everybody."


@pytest.fixture
def strict(settings: Settings) -> Settings:
    """As a new line is: nothing is overruled."""
    (settings.content / "en/overruled.toml").unlink()
    return replace(settings)


@pytest.fixture
def someone(strict: Settings) -> Staff:
    someone = Staff(strict)
    someone.signs_in()
    return someone


def overruled(settings: Settings) -> Path:
    return settings.content / "en/overruled.toml"


def test_a_welcome_without_999_and_0_is_saved_only_with_a_reason(
    someone: Staff, strict: Settings
) -> None:
    before = written(strict)
    someone.opens(WELCOME)
    assert not someone.page.xpath("//*[@name='why']")
    someone.presses("Save", text=UNSAFE)
    assert someone.status == 422
    assert "callers in danger do not hear whom to ring" in someone.fault("text")
    assert "callers do not hear the key zero" in someone.fault("text")
    someone.presses("Save", why="  ")
    assert someone.status == 422
    assert written(strict) == before
    someone.presses("Save", why="Another line says it before.")
    someone.sees("Saved.")
    assert 'welcome = "Another line says it before."' in overruled(strict).read_text()
    someone.opens(WELCOME)
    assert someone.field("why") == "Another line says it before."
    someone.opens("/studio/changes")
    someone.sees("Change the prompt welcome by staff")


def test_a_rule_holds_again_when_its_reason_is_taken_out(
    someone: Staff, strict: Settings
) -> None:
    someone.opens(WELCOME)
    old = someone.field("text")
    someone.presses("Save", text=UNSAFE)
    someone.presses("Save", why="A test.")
    someone.presses("Save", why="")
    assert someone.status == 422
    someone.presses("Save", text=old, why="It is not needed any more.")
    someone.sees("Saved.")
    assert not overruled(strict).exists()
    assert not someone.page.xpath("//*[@name='why']")


def test_what_was_written_in_a_text_editor_is_not_published(
    someone: Staff, strict: Settings
) -> None:
    file = strict.content / "en/prompts.toml"
    file.write_text(file.read_text().replace("press 3.", "press the key."))
    someone.opens("/studio/publish")
    someone.sees(
        "This cannot be published",
        "Prompts: in “menu_helplines”, callers do not hear the key three",
    )
    assert "Publish now" not in someone.words()
    fields = someone.page.xpath("//header//form")[0].fields
    answer = someone.client.post("/studio/publish", data=dict(fields))
    assert answer.status_code == 409
    assert "Nothing was published" in answer.get_data(as_text=True)


def test_the_last_helpline_of_the_night_goes_only_with_a_reason(
    someone: Staff, strict: Settings
) -> None:
    file = strict.content / "en/helplines.toml"
    blocks = file.read_text().split("[[helpline]]")
    at_night = [block for block in blocks[1:] if '["always"]' in block]
    others = [block for block in blocks[1:] if block not in at_night]
    file.write_text("[[helpline]]".join([blocks[0], at_night[0], *others]))
    slug = at_night[0].split('id = "')[1].split('"')[0]
    someone.opens(f"/studio/en/helplines/edit?name={slug}")
    name = someone.field("name")
    someone.presses("Remove it")
    someone.sees("No other helpline is open day and night.")
    someone.presses(f"Remove {name}")
    assert someone.status == 409
    someone.sees("Not removed", "no helpline is open day and night")
    someone.presses("Remove it")
    someone.presses(f"Remove {name}", why="The office takes calls at night.")
    someone.sees("Removed.")
    assert "The office takes calls at night." in overruled(strict).read_text()
