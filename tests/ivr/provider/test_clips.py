"""The sound as it is served."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from audio.air.studio_store import StudioStore
from ivr.edition.edition import Spoken, clip_name
from ivr.handset.phone import captions_of
from ivr.provider.clips import wav
from ivr.settings import Settings
from tests.support.small import article, edition, publish

EDITION = edition()
FIRST, SECOND = (EDITION.clips["en"][text] for text in ("<welcome>", "<menu_intro>"))
URL = f"/clips/1-{FIRST.name}-{SECOND.name}.wav"
LENGTH = FIRST.lengths[1] + SECOND.lengths[1]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small edition."""
    folder = tmp_path_factory.mktemp("store")
    publish(folder, EDITION)
    return folder


@pytest.fixture
def client(store: Path) -> FlaskClient:
    """A media fetcher."""
    app: Flask = create_app(Settings(store=store))
    return app.test_client()


def test_the_clips_of_a_reply_are_one_wav_of_8_khz_mono_mu_law(client: FlaskClient) -> None:
    response = client.get(URL)
    info = soundfile.info(io.BytesIO(response.data))
    assert (info.samplerate, info.channels, info.subtype) == (8000, 1, "ULAW")
    assert info.frames == LENGTH
    assert response.mimetype == "audio/wav"


def test_an_odd_number_of_samples_is_a_wav_too() -> None:
    assert soundfile.info(io.BytesIO(wav(b"\xff" * 7))).frames == 7


def test_it_never_changes_and_may_be_kept_for_a_year(client: FlaskClient) -> None:
    response = client.get(URL)
    assert response.cache_control.max_age == 365 * 24 * 3600
    assert response.cache_control.immutable
    assert response.cache_control.public
    tag = response.headers["ETag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304


def test_head_tells_the_length_and_sends_nothing(client: FlaskClient) -> None:
    response = client.head(URL)
    assert response.status_code == 200
    assert response.data == b""
    assert response.content_length == len(client.get(URL).data)


def test_a_range_is_served_alone(client: FlaskClient) -> None:
    response = client.get(URL, headers={"Range": "bytes=10-19"})
    assert response.status_code == 206
    assert response.data == client.get(URL).data[10:20]
    assert client.get(URL, headers={"Range": "bytes=9999999-"}).status_code == 416


def test_the_captions_say_the_words_and_when(client: FlaskClient) -> None:
    heard = list(captions_of(client.get(URL.replace(".wav", ".vtt")).get_data(as_text=True)))
    assert [h.text for h in heard] == ["<welcome>", "<menu_intro>"]
    assert heard[1].start_ms == heard[0].end_ms == FIRST.lengths[1] / 8
    assert heard[1].end_ms == LENGTH / 8


@pytest.mark.parametrize(
    "names",
    [
        f"1-{'f' * 16}",
        f"9-{FIRST.name}",
        FIRST.name,
        f"1-{'A' * 16}",
        "1-../../live",
        "1-%2e%2e%2flive",
        "1-" + "-".join([FIRST.name] * 101),
        "",
    ],
)
def test_what_names_no_clip_is_not_found(client: FlaskClient, names: str) -> None:
    for kind in ("wav", "vtt"):
        assert client.get(f"/clips/{names}.{kind}").status_code == 404


def test_nobody_can_have_the_server_join_more_than_a_few_minutes(tmp_path: Path) -> None:
    long = edition(article("one", 1, 2))
    name = long.clips["en"]["<welcome>"].name
    sound = Spoken(name, (60 * 8000,) * 5)
    publish(tmp_path, replace(long, clips={"en": long.clips["en"] | {"<welcome>": sound}}))
    client = create_app(Settings(store=tmp_path)).test_client()
    assert client.get(f"/clips/1-{'-'.join([name] * 4)}.wav").status_code == 200
    assert client.get(f"/clips/1-{'-'.join([name] * 5)}.wav").status_code == 404


def test_any_if_range_is_fulfilled(client: FlaskClient) -> None:
    headers = {"Range": "bytes=0-1", "If-Range": "Mon, 01 Jan 99999999999 00:00:00 GMT"}
    assert client.get(URL, headers=headers).status_code == 206


def test_damaged_bytes_are_never_served(client: FlaskClient, store: Path) -> None:
    path = StudioStore(store).clip_path(clip_name(FIRST.name, 2))
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    assert client.get(f"/clips/2-{FIRST.name}.wav").status_code == 404
