"""The command that puts a notice on the air, and takes it off."""

import pytest

from audio.air.job import Job
from audio.air.publish import live_edition
from audio.air.studio_store import StudioStore
from ivr.settings import Settings
from scripts import notice
from tests.support.renders import waiting_job

pytestmark = pytest.mark.slow

SNOW = "The office is shut today because of snow."


@pytest.fixture(autouse=True)
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What the environment names."""
    monkeypatch.setenv("CONTENT_DIR", str(settings.content))
    monkeypatch.setenv("STORE_URL", str(settings.store))
    monkeypatch.setenv("STUDIO_DIR", str(settings.studio))
    return settings


def live_notice(settings: Settings) -> str | None:
    """The words that callers hear, when it is time."""
    live = live_edition(StudioStore(settings.store))
    assert live
    found = live.content.languages["en"].notice
    return found.text if found else None


def test_it_is_put_on_the_air_shown_and_taken_off(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    until = "2999-11-30T18:00"
    from_ = "2026-11-23T08:00"
    assert notice.main([SNOW, "--from", from_, "--until", until]) == 0
    assert live_notice(settings) == SNOW
    capsys.readouterr()
    assert notice.main([]) == 0
    told = f"From 2026-11-23 08:00:00 until 2999-11-30 18:00:00: {SNOW}\n"
    assert capsys.readouterr().out == told
    assert notice.main(["--clear"]) == 0
    assert live_notice(settings) is None
    capsys.readouterr()
    assert notice.main([]) == 0
    assert capsys.readouterr().out == "There is no notice.\n"


def test_what_is_wrong_is_told_at_once_by_its_argument(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert notice.main(["snow " * 41, "--from", "soon"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert sorted(line.partition(":")[0] for line in told) == [
        "--from",
        "--until",
        "the words",
    ]
    assert notice.main([SNOW, "--until", "2020-01-01 08:00"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "--until: this is in the past, so nobody would hear it; give it a later end"
    ]
    assert notice.main([SNOW, "--language", "xx"]) == 1
    assert "no language 'xx'" in capsys.readouterr().err
    assert live_notice(settings) is None


def test_it_does_not_publish_while_the_studio_does(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    job: Job = waiting_job(settings.studio / "publishing", settings)
    assert job.start()
    try:
        assert notice.main([SNOW, "--until", "2999-01-01 08:00"]) == 1
    finally:
        job.stop()
    assert "saved, but not on the air" in capsys.readouterr().err
