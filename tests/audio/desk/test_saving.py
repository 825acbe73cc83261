"""Changes to the content's files: written whole, checked first, and never over another's."""

import json
from pathlib import Path

import pytest

from audio.desk import saving
from audio.desk.saving import Desk, mark
from audio.locks import try_lock
from audio.words.source import load
from ivr.errors import ChangeConflict, ChangeRefused, LineError
from tests.support.small_content import write


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(write(tmp_path / "content"), tmp_path / "studio" / "saving")


def files(desk: Desk) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in desk.content.rglob("*.*")}


def save(desk: Desk, kind: str, name: str, **changed: str) -> None:
    now = desk.read(kind, "en", name)
    desk.save(kind, "en", name, {**(now or {}), **changed}, mark(now))


def test_a_change_is_in_the_content_that_is_published(desk: Desk) -> None:
    save(desk, "prompts", "welcome", text="  Hello\n again. ")
    assert load(desk.content).content.languages["en"].prompts.welcome == "Hello again."


def test_faults_come_all_at_once_by_field_and_nothing_is_written(desk: Desk) -> None:
    before = files(desk)
    with pytest.raises(ChangeRefused) as refused:
        save(desk, "helplines", "first", number="12", checked="soon", hours="")
    assert set(refused.value.by_field) == {"number", "checked", "hours"}
    assert files(desk) == before


def test_what_a_change_would_break_elsewhere_is_told(desk: Desk) -> None:
    """A recording of a section stands in the way of removing its article."""
    recordings = desk.content / "en" / "recordings" / "one"
    recordings.mkdir(parents=True)
    (recordings / "1.txt").write_text("First words. Second words.")
    (recordings / "1.wav").write_bytes(b"no sound")
    with pytest.raises(ChangeRefused) as refused:
        desk.save(
            "articles", "en", "one", None, mark(desk.read("articles", "en", "one"))
        )
    assert set(refused.value.by_field) == {""}
    told = " ".join(refused.value.by_field[""])
    assert "there is no article “one”" in told
    assert "The recording of one, section 1" in told
    assert "/" not in told


def test_faults_that_were_there_before_do_not_stand_in_the_way(desk: Desk) -> None:
    file = desk.content / "en/prompts.toml"
    file.write_text(file.read_text().replace('"The words of busy."', '""'))
    save(desk, "prompts", "goodbye", text="Cheerio.")
    assert "Cheerio." in file.read_text()


def test_a_change_by_somebody_else_is_never_overwritten(desk: Desk) -> None:
    mine = desk.read("prompts", "en", "welcome")
    save(desk, "prompts", "welcome", text="Theirs.")
    with pytest.raises(ChangeConflict) as changed:
        desk.save("prompts", "en", "welcome", {"text": "Mine."}, mark(mine))
    assert changed.value.now == {"text": "Theirs."}
    assert desk.read("prompts", "en", "welcome") == {"text": "Theirs."}


def test_nothing_outside_of_the_content_is_read_or_written(
    desk: Desk, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("+++\n+++\nsecret")
    assert desk.read("articles", "en", "../../../secret") is None
    with pytest.raises(LineError, match="outside"):
        desk.put(
            {"en/../../secret.md": b"x"}, desk.files_mark({"en/../../secret.md": b"x"})
        )
    assert secret.read_text().endswith("secret")


def test_files_are_put_and_removed_only_as_they_were_seen(desk: Desk) -> None:
    new: dict[str, bytes | None] = {
        "en/articles/two.md": None,
        "en/articles/three.md": None,
    }
    was = desk.files_mark(new)
    article = (desk.content / "en/articles/one.md").read_bytes()
    desk.put({**new, "en/articles/two.md": article}, was)
    assert load(desk.content).content.languages["en"].article["two"]
    with pytest.raises(ChangeConflict):
        desk.put(new, was)
    desk.put(new, desk.files_mark(new))
    assert "two" not in load(desk.content).content.languages["en"].article


def test_the_mark_tells_fields_apart() -> None:
    all_of_them = [None, {}, {"a": ""}, {"a": "b"}, {"a": "c"}, {"b": "b"}]
    assert len({mark(fields) for fields in all_of_them}) == len(all_of_them)
    assert mark({"a": "1", "b": "2"}) == mark(json.loads('{"b": "2", "a": "1"}'))


def test_a_file_that_a_form_would_harm_is_left_alone(desk: Desk) -> None:
    """Its helplines stand in one list in [brackets], which is TOML, too."""
    file = desk.content / "en/helplines.toml"
    one = "{" + ", ".join(file.read_text().split("\n")[1:-1]) + "}"
    file.write_text(f"helpline = [{one}]\n")
    assert desk.read("helplines", "en", "first") is None
    with pytest.raises(ChangeRefused, match="written by hand"):
        desk.save("helplines", "en", "first", {"place": "1", **NEW}, mark(None))


NEW = {
    "name": "Second",
    "number": "0800 1111",
    "transfer": "yes",
    "whom": "For anyone.",
    "when": "Always.",
    "cost": "Free.",
    "hours": "always",
    "source": "A test",
    "checked": "2026-11-01",
}


def test_whoever_saves_does_not_wait_for_ever_for_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "PATIENCE_S", 0)
    desk.lock.parent.mkdir()
    with desk.lock.open("w") as held:
        assert try_lock(held)
        with pytest.raises(LineError, match="Somebody else is saving"):
            save(desk, "prompts", "welcome", text="Hello.")
    save(desk, "prompts", "welcome", text="Hello.")


def test_when_the_disk_is_full_what_was_there_stays(desk: Desk) -> None:
    """A folder in the way stands for it."""
    old, new = "en/articles/one.md", "en/articles/two.md"
    changes = {old: None, new: (desk.content / old).read_bytes()}
    (desk.content / new).mkdir()
    with pytest.raises(OSError, match=r"two\.md"):
        desk._write_files(changes)
    assert (desk.content / old).exists()
