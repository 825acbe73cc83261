"""The call map, and the README's copy of it."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from audio.air.studio_store import StudioStore
from ivr.call.steps import KINDS
from ivr.call_map.drawing import as_svg
from ivr.call_map.stops import Stop, shown, stops
from ivr.edition.content import slots
from ivr.edition.edition import Edition
from ivr.settings import ROOT
from scripts import call_map
from tests.support.small import article, edition, publish

SMALL = edition(article("one", 3, 4, 2))


def test_every_kind_of_step_is_on_the_map() -> None:
    names = {stop.name.split()[0] for stop in stops(SMALL)}
    assert names - {"welcome"} == set(KINDS) - {"articles"}  # a list of one is none


def test_a_step_tells_its_keys_and_its_seconds() -> None:
    menu = next(stop for stop in stops(SMALL) if stop.name == "menu")
    assert menu.leads["helplines 1"] == ["3", "0"]
    says = ("intro", "article", "contents", "helplines", "keys", "end")
    assert menu.seconds == pytest.approx(sum(len(f"<menu_{name}>") for name in says) / 10)


def test_every_prompt_is_listed_with_its_seconds() -> None:
    listed = call_map.prompts(SMALL)
    assert re.search(r"^welcome +0\.9 s   <welcome>$", listed, re.MULTILINE)
    assert len(listed.splitlines()) == len(slots())


def test_the_copy_in_the_readme_is_the_map(spoken: Path) -> None:
    """Its seconds too, where the voice it was drawn with is installed here."""
    store = StudioStore(spoken)
    live: Edition = store.edition(store.live() or "")
    copy = call_map.MARKS.search((ROOT / "README.md").read_text("utf-8"))
    assert copy
    expected, found = call_map.markdown(live), copy[0]
    if f"voice {', '.join(live.voices.values())}." not in found:
        expected, found = (
            re.sub(r"voice .*\.|[0-9.]+ s\b", "", text) for text in (expected, found)
        )
    between = found.partition("\n")[2].rpartition("\n")[0] + "\n"
    assert between.split() == expected.split()


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
    assert "no <!-- call map --> marks" in capsys.readouterr().err


def test_without_an_edition_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_URL", str(tmp_path))
    assert call_map.main([]) == 1
    assert "scripts/render_audio.py" in capsys.readouterr().err


SVG = "{http://www.w3.org/2000/svg}"
ODD = [
    Stop("a < b & c", 1, {"x": ["1", "2"], "the line hangs up": ["5"]}),
    Stop("x", 2, {"helplines 1": ["&", "0", "silence"], "a < b & c": ["0"]}),
    Stop("helplines 1", 3, {"x": []}),
]
"""Names and keys that need escaping; ways that are left out."""


def picture(drawn: list[Stop]) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(drawn))


def texts(svg: ElementTree.Element, kind: str) -> dict[str, list[str]]:
    """What stands in each box, or beside each arrow, by its name."""
    return {
        group.findtext(f"{SVG}title", ""): [text.text or "" for text in group.iter(f"{SVG}text")]
        for group in svg.iter(f"{SVG}g")
        if group.attrib["class"] == kind
    }


@pytest.mark.parametrize("drawn", [stops(SMALL), ODD])
def test_the_picture_has_every_step_and_every_way_with_its_keys(drawn: list[Stop]) -> None:
    svg = picture(drawn)
    boxes = {stop.name: [stop.name, f"{stop.seconds:.1f} s"] for stop in drawn}
    assert texts(svg, "node") == boxes | {"anywhere": ["anywhere"]}
    ways = {
        f"{stop.name}->{name}": [f" {shown(labels)} "]
        for stop in drawn
        for name, labels in stop.leads.items()
        if name in boxes and shown(labels)
    }
    assert texts(svg, "edge") == ways | {"anywhere->helplines 1": [" 0 "]}


def test_the_picture_has_nothing_that_a_strict_page_refuses() -> None:
    every = list(picture(stops(SMALL)).iter())
    assert {element.tag.removeprefix(SVG) for element in every} == {
        *("svg", "title", "g", "text", "path", "polygon")
    }
    assert not [element for element in every if "style" in element.attrib]


def test_three_keys_in_a_row_are_shown_as_a_range() -> None:
    assert shown(["0", "1", "2", "3", "5", "6", "#", "silence"]) == "1–3 5 6 #"
    assert shown(["busy", "9", "*"]) == "busy 9 *"
