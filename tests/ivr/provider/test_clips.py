"""The sound as it is served."""

import io
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from audio.air.studio_store import StudioStore
from ivr.edition.clip_urls import MOST_CLIPS, MOST_SAMPLES, sound_path
from ivr.edition.edition import Spoken, clip_name
from ivr.edition.library import LOADS
from ivr.handset.phone import captions_of
from ivr.settings import Settings
from tests.support.caller import PUBLIC_URL, Caller, Clock
from tests.support.line import line
from tests.support.small import article, edition, publish

EDITION = edition()
FIRST, SECOND = (EDITION.clips["en"][text] for text in ("<welcome>", "<menu_intro>"))
URL = sound_path(1.0, [FIRST.name, SECOND.name])
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


def test_the_clips_of_a_reply_are_one_wav_of_8_khz_mono_mu_law(
    client: FlaskClient,
) -> None:
    response = client.get(URL)
    info = soundfile.info(io.BytesIO(response.data))
    assert (info.samplerate, info.channels, info.subtype) == (8000, 1, "ULAW")
    assert info.frames == LENGTH
    assert response.mimetype == "audio/wav"


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
    heard = list(
        captions_of(client.get(URL.replace(".wav", ".vtt")).get_data(as_text=True))
    )
    assert [h.text for h in heard] == ["<welcome>", "<menu_intro>"]
    assert heard[1].start_ms == heard[0].end_ms == FIRST.lengths[1] / 8
    assert heard[1].end_ms == LENGTH / 8


def test_captions_of_an_edition_that_this_process_has_not_loaded(
    tmp_path: Path,
) -> None:
    """Another process answers the calls; this one is only asked for the sound."""
    publish(tmp_path, EDITION)
    client = create_app(Settings(store=tmp_path)).test_client()
    newer = replace(edition(article("newer", 2)), id="1" * 12)
    publish(tmp_path, newer)
    url = sound_path(1.0, [newer.clips["en"]["Title of newer"].name]).replace(
        ".wav", ".vtt"
    )
    response = client.get(url)
    heard = list(captions_of(response.get_data(as_text=True)))
    assert [each.text for each in heard] == ["Title of newer"]
    assert response.cache_control.immutable


def test_captions_whose_words_are_not_known_are_not_cached(
    client: FlaskClient, store: Path
) -> None:
    """The clip is there, but no edition on the air has it. The known one is still captioned."""
    StudioStore(store).keep_clip(clip_name("c" * 16, 1), b"\xff" * 800)
    url = sound_path(1.0, ["c" * 16, FIRST.name]).replace(".wav", ".vtt")
    response = client.get(url)
    assert response.mimetype == "text/vtt"
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert "\n\n00:00:00.100 --> " in response.get_data(as_text=True)
    assert "&lt;welcome&gt;" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "names",
    [
        f"1-{'f' * 16}",
        f"9-{FIRST.name}",
        FIRST.name,
        f"1-{'A' * 16}",
        "1-../../live",
        "1-%2e%2e%2flive",
        "1-" + "-".join([FIRST.name] * 41),
        "",
    ],
)
def test_what_names_no_clip_is_not_found(client: FlaskClient, names: str) -> None:
    for kind in ("wav", "vtt"):
        response = client.get(f"/clips/{names}.{kind}")
        assert response.status_code == 404


def test_a_clip_that_is_missing_may_be_there_soon_so_that_is_not_cached(
    client: FlaskClient,
) -> None:
    response = client.get(sound_path(1.0, ["e" * 16]))
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"


def test_a_single_clip_is_served_however_long_it_is_and_no_other_with_it(
    client: FlaskClient, store: Path
) -> None:
    """A recording may be longer than a sound of several clips."""
    StudioStore(store).keep_clip(clip_name("d" * 16, 1), b"\xff" * (MOST_SAMPLES + 1))
    alone = client.get(sound_path(1.0, ["d" * 16]))
    assert alone.status_code == 200
    assert soundfile.info(io.BytesIO(alone.data)).frames == MOST_SAMPLES + 1
    assert client.get(sound_path(1.0, ["d" * 16, FIRST.name])).status_code == 404
    assert client.get(sound_path(1.0, [FIRST.name, "d" * 16])).status_code == 404


def test_nobody_can_have_the_server_join_more_than_a_few_minutes(
    tmp_path: Path,
) -> None:
    long = edition(article("one", 1, 2))
    name = long.clips["en"]["<welcome>"].name
    sound = Spoken(name, (60 * 8000,) * 5)
    publish(
        tmp_path, replace(long, clips={"en": long.clips["en"] | {"<welcome>": sound}})
    )
    client = create_app(Settings(store=tmp_path)).test_client()
    assert client.get(sound_path(1.0, [name] * 4)).status_code == 200
    assert client.get(sound_path(1.0, [name] * 5)).status_code == 404


def test_nobody_can_have_the_server_load_many_editions_by_asking_for_clips(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As staff who publish all afternoon leave them; each is large, and asked for one clip."""
    for number in range(2 * LOADS):
        publish(tmp_path, replace(EDITION, id=f"{number:012}"))
    client = create_app(Settings(store=tmp_path)).test_client()
    loaded: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        if path.parent.name == "editions":
            loaded.append(path.stem)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    for number in range(20):
        for names in ([f"{number:016x}"], [FIRST.name, f"{number:016x}"]):
            for kind in ("wav", "vtt"):
                client.get(sound_path(1.0, names).replace("wav", kind))
    assert 0 < len(loaded) <= LOADS


def test_any_if_range_is_fulfilled(client: FlaskClient) -> None:
    headers = {"Range": "bytes=0-1", "If-Range": "Mon, 01 Jan 99999999999 00:00:00 GMT"}
    assert client.get(URL, headers=headers).status_code == 206


# Lost clips


TEXTS = ("<welcome>", "<menu_intro>", "<menu_article>", "<menu_keys>", "<menu_end>")
REPLY = [EDITION.clips["en"][text] for text in TEXTS]
REPLY_URL = sound_path(1.5, [spoken.name for spoken in REPLY])


def samples_of(body: bytes) -> bytes:
    """What a WAV file holds."""
    at = body.index(b"data") + 8
    (length,) = struct.unpack_from("<I", body, at - 4)
    return body[at : at + length]


@pytest.fixture
def humming(tmp_path: Path) -> StudioStore:
    """A store with the clips of one reply: none is silent, and no two sound the same."""
    store = StudioStore(tmp_path)
    store.keep(EDITION)
    store.go_live(EDITION.id)
    for number, spoken in enumerate(REPLY):
        sound = bytes([number]) * spoken.lengths[3]
        store.keep_clip(clip_name(spoken.name, 1.5), sound)
    return store


def damage(path: Path) -> None:
    """Another byte at its end."""
    path.write_bytes(path.read_bytes()[:-1] + b"\x99")


@pytest.mark.parametrize("lose", [Path.unlink, damage])
@pytest.mark.parametrize("lost", range(len(REPLY)))
def test_a_clip_that_is_lost_is_silence_of_its_length_and_the_others_are_heard(
    humming: StudioStore, lose: Callable[[Path], None], lost: int
) -> None:
    client = create_app(Settings(store=humming.url)).test_client()
    whole = samples_of(client.get(REPLY_URL).data)
    assert b"\xff" not in whole
    lose(humming.clip_path(clip_name(REPLY[lost].name, 1.5)))
    assert samples_of(client.get(REPLY_URL).data) == whole  # it is remembered
    client = create_app(Settings(store=humming.url)).test_client()
    response = client.get(REPLY_URL)
    assert response.status_code == 200
    before = sum(spoken.lengths[3] for spoken in REPLY[:lost])
    after = before + REPLY[lost].lengths[3]
    silence = b"\xff" * REPLY[lost].lengths[3]
    assert samples_of(response.data) == whole[:before] + silence + whole[after:]
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    head = client.head(REPLY_URL)
    assert head.content_length == len(response.data)
    vtt = client.get(REPLY_URL.replace(".wav", ".vtt"))
    heard = list(captions_of(vtt.get_data(as_text=True)))
    assert [cue.text for cue in heard] == list(TEXTS)
    assert heard[-1].end_ms == pytest.approx(len(whole) / 8, abs=1)


def damage_every_clip(store: Path) -> None:
    for path in (store / "clips").glob("*/*"):
        damage(path)


def make_unreadable(store: Path) -> None:
    """The clips are gone, and reading `live` fails with an error of the system's."""
    shutil.rmtree(store / "clips")
    (store / "live").unlink()
    (store / "live").mkdir()


@pytest.mark.parametrize("lose", [damage_every_clip, shutil.rmtree, make_unreadable])
def test_a_caller_whose_sound_is_lost_after_the_reply_hears_a_pause_of_its_length(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    """All of its clips are: an error would be silence for ever, or the provider's own words."""
    clock = Clock()
    publish(tmp_path, EDITION)
    app = line(tmp_path, clock)
    caller = Caller(app, clock)
    caller.rings()
    [play] = caller.phone.sounds
    lose(tmp_path)
    path = (play.url or "").removeprefix(PUBLIC_URL)
    response = app.test_client().get(path)
    assert response.status_code == 200
    assert samples_of(response.data) == b"\xff" * round(play.length_ms * 8)
    assert response.headers["Cache-Control"] == "no-store"
    assert app.test_client().head(path).content_length == len(response.data)
    vtt = app.test_client().get(path.replace(".wav", ".vtt"))
    heard = captions_of(vtt.get_data(as_text=True))
    assert [cue.end_ms for cue in heard] == [cue.end_ms for cue in play.cues]
    caller.presses("0")
    caller.hears("Always")


def test_a_clip_that_no_edition_knows_is_left_out(humming: StudioStore) -> None:
    """Nobody knows how long it should be."""
    client = create_app(Settings(store=humming.url)).test_client()
    response = client.get(sound_path(1.5, ["e" * 16, REPLY[1].name]))
    assert samples_of(response.data) == b"\x01" * REPLY[1].lengths[3]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_clip_that_is_lost_and_comes_twice_is_silence_twice(
    humming: StudioStore,
) -> None:
    client = create_app(Settings(store=humming.url)).test_client()
    humming.clip_path(clip_name(REPLY[0].name, 1.5)).unlink()
    first, second = REPLY[0], REPLY[1]
    names = [first.name, second.name, first.name]
    body = samples_of(client.get(sound_path(1.5, names)).data)
    silence = b"\xff" * first.lengths[3]
    assert body == silence + b"\x01" * second.lengths[3] + silence


def test_a_sound_is_read_once_and_its_headers_and_captions_read_nothing(
    humming: StudioStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(Settings(store=humming.url)).test_client()
    read: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert client.head(REPLY_URL).status_code == 200
    assert client.get(REPLY_URL.replace(".wav", ".vtt")).status_code == 200
    clips = [clip_name(spoken.name, 1.5) for spoken in REPLY]
    assert set(read).isdisjoint(clips)
    client.get(REPLY_URL)
    assert [name for name in read if name in clips] == clips


def test_what_freeswitch_keeps_of_a_sound_fits(store: Path) -> None:
    """URL, dates, tag, length and ending, in 1,024 bytes (mod_httapi), for the longest of URLs."""
    client = create_app(Settings(store=store)).test_client()
    url = sound_path(1.25, [FIRST.name] * MOST_CLIPS)
    response = client.get(url)
    assert response.status_code == 200
    host = "https://" + "a" * 63 + ".example.org"
    dates = response.headers.get("Last-Modified", "")
    tag = response.headers["ETag"]
    length = str(len(response.data))
    assert len(":".join((host + url, dates, tag, length, "wav"))) < 1024
    assert tag != client.get(URL).headers["ETag"]


def test_damaged_bytes_are_never_served(client: FlaskClient, store: Path) -> None:
    path = StudioStore(store).clip_path(clip_name(FIRST.name, 2))
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    response = client.get(sound_path(2.0, [FIRST.name]))
    assert samples_of(response.data) == b"\xff" * FIRST.lengths[4]
    assert response.headers["Cache-Control"] == "no-store"


def test_damaged_bytes_that_no_edition_knows_are_not_found(
    client: FlaskClient, store: Path
) -> None:
    """Nobody knows how long they should be."""
    name = "b" * 16
    StudioStore(store).keep_clip(clip_name(name, 1), b"\x01" * 800)
    damage(StudioStore(store).clip_path(clip_name(name, 1)))
    response = client.get(sound_path(1.0, [name]))
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
