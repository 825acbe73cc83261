"""The call map, and the README's copy of it."""

import re
from pathlib import Path

import pytest

from ivr.content import slots
from ivr.edition import Edition, Store
from ivr.steps import KINDS
from scripts import call_map
from tests.small import article, edition, publish

ROOT = Path(__file__).parent.parent
SMALL = edition(article("one", 3, 4, 2))


def test_every_kind_of_step_is_on_the_map() -> None:
    names = {stop.name.split()[0] for stop in call_map.stops(SMALL)}
    assert names - {"welcome"} == set(KINDS) - {"articles"}  # a list of one is none


def test_a_step_tells_its_keys_and_its_seconds() -> None:
    menu = next(stop for stop in call_map.stops(SMALL) if stop.name == "menu")
    assert menu.leads["helplines 1"] == ["3", "0"]
    says = ("intro", "article", "contents", "helplines", "keys", "end")
    assert menu.seconds == pytest.approx(sum(len(f"<menu_{name}>") for name in says) / 10)


def test_every_prompt_is_listed_with_its_seconds() -> None:
    listed = call_map.prompts(SMALL)
    assert re.search(r"^welcome +0\.9 s   <welcome>$", listed, re.MULTILINE)
    assert len(listed.splitlines()) == len(slots())


def test_the_copy_in_the_readme_is_the_map(spoken: Path) -> None:
    """Its seconds too, where the voice it was drawn with is installed here."""
    store = Store(spoken)
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
