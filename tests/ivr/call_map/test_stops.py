"""The call map, and the copy of it in the docs."""

import re
from pathlib import Path

import pytest

from audio.air.studio_store import StudioStore
from ivr.call.scene import EVERY_ABILITY, Abilities
from ivr.call.steps import KINDS
from ivr.call_map.stops import stops
from ivr.call_map.text import as_text, shown
from ivr.edition.content import slots
from scripts import call_map
from tests.support.small import article, bilingual, edition, publish

SMALL = edition(article("one", 3, 4, 2))

PROCESSORS_DIFFER_S = 0.15
"""A voice's sums end a little differently on another processor, and so do its pauses."""


def test_every_kind_of_step_is_on_the_map() -> None:
    names = {stop.name.split()[0] for stop in stops(SMALL)}
    several = {"articles", "languages"}  # a list of one is none
    assert names - {"welcome"} == set(KINDS) - several


def test_a_step_tells_its_keys_and_its_seconds() -> None:
    menu = next(stop for stop in stops(SMALL) if stop.name == "menu")
    assert menu.leads["helplines 1"] == ["3", "0"]
    says = ("intro", "article", "contents", "helplines", "keys", "end")
    assert menu.seconds == pytest.approx(
        sum(len(f"<menu_{name}>") for name in says) / 10
    )


def test_where_callers_may_speak_a_step_tells_what_they_may_say() -> None:
    drawn = {stop.name: stop for stop in stops(edition(speech=True))}
    assert drawn["menu"].may_say == {
        "1": "the article",
        "2": "choose a section",
        "3": "someone to talk to",
        "4": "what the keys do",
        "*": "end the call",
    }
    assert drawn["helplines 2"].may_say["1"] == "Night"
    assert drawn["read"].may_say == drawn["transfer"].may_say == {}
    says = ("intro", "article", "contents", "helplines", "keys", "end")
    assert drawn["menu"].seconds == pytest.approx(
        sum(len(f"<say menu_{name}>") for name in says) / 10
    )
    assert "say:" not in as_text(stops(SMALL))
    line = as_text(list(drawn.values())).split("\n")[2]
    assert line.strip().startswith("say:   1 “the article” · 2 “choose a section”")


def test_every_prompt_is_listed_with_its_seconds() -> None:
    listed = call_map.prompts(SMALL)
    assert re.search(r"^welcome +0\.9 s   <welcome>$", listed, re.MULTILINE)
    assert len(listed.splitlines()) == len(slots()) - 1
    assert "choose_language" not in listed  # nobody hears it
    assert "choose_language" in call_map.prompts(bilingual())


def test_of_two_languages_the_first_is_drawn() -> None:
    """A key that chooses the other leads off the map, to the same steps in other words."""
    drawn = {stop.name: stop for stop in stops(bilingual())}
    assert list(drawn)[:3] == ["languages", "welcome", "menu"]
    assert {name: keys for name, keys in drawn["languages"].leads.items() if keys} == {
        "welcome": ["1", "#"],
        "welcome in cy": ["2"],
        "helplines 1": ["0"],
        "goodbye": ["*"],
    }
    assert drawn["menu"].leads["welcome in cy"] == ["5"]
    offers = "<choose_language> 1<cy choose_language> 2"
    assert drawn["languages"].seconds == pytest.approx(len(offers) / 10)
    assert drawn["welcome"].seconds == pytest.approx(len("<welcome>") / 10)
    assert not [name for name in drawn if "cy" in name]


def test_texts_are_on_the_map_where_some_are_sent() -> None:
    for able, has_texts in ((EVERY_ABILITY, True), (Abilities(text=False), False)):
        names = {stop.name for stop in stops(SMALL, able)}
        assert (names >= {"text", "texting"}) == has_texts


def test_the_copy_in_the_docs_is_the_map(spoken: Path) -> None:
    """Its seconds, too, where the voice that it was drawn with is installed."""
    store = StudioStore(spoken)
    live = store.edition(store.live() or "")
    [copy] = call_map.MARKS.findall(call_map.COPY.read_text("utf-8"))
    drawn = call_map.markdown(live)
    assert without_seconds(drawn) == without_seconds(copy)
    voices = ", ".join(live.voices.values())
    if f"in the voice {voices}." not in copy:
        pytest.skip(
            f"the map's seconds are of a voice that is not installed; this is {voices}"
        )
    assert seconds_of(drawn) == pytest.approx(seconds_of(copy), abs=PROCESSORS_DIFFER_S)


def seconds_of(drawn: str) -> list[float]:
    """All of them, in order."""
    return [float(seconds) for seconds in re.findall(r"([0-9.]+) s\b", drawn)]


def without_seconds(drawn: str) -> str:
    """The map, whatever says it."""
    return re.sub(r"the voice .*\.| *[0-9.]+ s\b", "", drawn)


def test_it_brings_a_copy_up_to_date_and_says_where_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_URL", str(tmp_path / "store"))
    publish(tmp_path / "store", SMALL)
    file = tmp_path / "x.md"
    file.write_text("a\n<!-- call map -->\nold\n<!-- end of call map -->\nb\n")
    asked = ["--update", str(file)]
    assert call_map.main(asked) == 0
    text = file.read_text("utf-8")
    assert "old" not in text
    assert text.startswith("a\n<!-- call map -->\nSeconds")
    assert text.endswith("```\n<!-- end of call map -->\nb\n")
    file.write_text("no marks")
    assert call_map.main(asked) == 1
    assert (
        capsys.readouterr().err == f"{file} has no <!-- call map --> marks; add both\n"
    )


def test_without_an_edition_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_URL", str(tmp_path))
    assert call_map.main([]) == 1
    assert "scripts/render_audio.py" in capsys.readouterr().err


def test_three_keys_in_a_row_are_shown_as_a_range() -> None:
    assert shown(["0", "1", "2", "3", "5", "6", "#", "silence"]) == "1–3 5 6 #"
    assert shown(["busy", "9", "*"]) == "busy 9 *"
