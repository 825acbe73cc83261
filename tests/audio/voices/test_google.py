"""Google's voice: asked for as little as possible, and every refusal has a name."""

import base64
import io
import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
import requests
import responses
import soundfile
from gtts import gTTS
from hypothesis import given
from hypothesis import strategies as st

from audio.voices.engines import voice
from audio.voices.google import MOST_CHARACTERS, Google, google
from audio.voices.pieces import pieces
from ivr.errors import VoiceError, VoiceUnavailable
from tests.support.small_content import changed

URL = "https://translate.google.co.uk/_/TranslateWebserverUi/data/batchexecute"
LONG = (
    "Co-production is a term that we hear often, and one that means different things to"
    " people: for some of them, it is a way to work together as equals from the"
    " very beginning. Others see it otherwise."
)
HTML = "<!doctype html><html><title>Before you continue</title></html>"

Answer = tuple[int, dict[str, str], str] | Exception


def mp3(text: str) -> bytes:
    """A tone of 70 ms a character, as Google makes its MP3: 24 kHz mono, one bit rate, and
    no header that tells its length."""
    seconds = np.arange(int(len(text) * 0.07 * 24_000)) / 24_000
    file = io.BytesIO()
    tone = 0.3 * np.sin(2 * np.pi * 300 * seconds)
    same = {"bitrate_mode": "CONSTANT", "compression_level": 0.6}
    soundfile.write(file, tone, 24_000, format="MP3", **same)
    sound = file.getvalue()
    return sound[sound.index(b"\xff\xf3", 4) :]


def answer(sound: bytes) -> str:
    said = json.dumps([base64.b64encode(sound).decode()])
    return ")]}'\n\n" + json.dumps(
        [["wrb.fr", "jQ1olc", said, None, None, None, "generic"]], separators=(",", ":")
    )


class Line:
    """Google as it answers: a sound, unless something else comes first."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.first: list[Answer] = []

    def __call__(
        self, request: requests.PreparedRequest
    ) -> tuple[int, dict[str, str], str]:
        [[[_, call, _, _]]] = json.loads(parse_qs(str(request.body))["f.req"][0])
        text, language, *_ = json.loads(call)
        assert language == "en"
        self.asked.append(text)
        said: Answer = self.first.pop(0) if self.first else (200, {}, answer(mp3(text)))
        if isinstance(said, Exception):
            raise said
        return said


@pytest.fixture
def line() -> Iterator[Line]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        made = Line()
        mock.add_callback(responses.POST, URL, made)
        yield made


@pytest.fixture
def reader(tmp_path: Path) -> Google:
    return Google("gtts:en.co.uk", "gtts:en.co.uk 1", "en", "co.uk", tmp_path / "gtts")


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits, which take no time here."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


def kept(reader: Google) -> list[Path]:
    return list(reader.folder.glob("*.mp3"))


def later(reader: Google) -> None:
    """A minute goes by."""
    then = time.time() - 60
    os.utime(reader.folder / "lock", (then, then))


def test_a_text_is_asked_for_and_heard(line: Line, reader: Google) -> None:
    sound = reader.say("Press one to hear it.")
    assert line.asked == ["Press one to hear it."]
    assert sound.rate == 24_000
    assert len(sound.samples) / sound.rate == pytest.approx(21 * 0.07, abs=0.1)
    assert sound.samples.dtype == np.float32
    assert np.abs(sound.samples).max() > 0.2


def test_the_certificate_is_checked_and_no_answer_is_waited_for_for_ever(
    reader: Google,
) -> None:
    with responses.RequestsMock() as mock:
        mock.add_callback(responses.POST, URL, Line())
        reader.say("Hello.")
        sent = vars(mock.calls[0].request)["req_kwargs"]
    assert sent["verify"]  # True, or where this machine keeps its certificates
    assert sent["timeout"] == (10, 30)


def test_more_than_google_takes_is_said_in_pieces_and_whole(
    line: Line, reader: Google
) -> None:
    sound = reader.say(LONG)
    assert " ".join(line.asked) == LONG
    assert [text[-10:] for text in line.asked] == [
        "to people:",
        "beginning.",
        "otherwise.",
    ]
    assert max(map(len, line.asked)) <= 100
    assert len(sound.samples) / sound.rate == pytest.approx(len(LONG) * 0.07, abs=0.4)


@given(st.text(st.sampled_from("abc. ,!—\n1é"), max_size=400))
def test_pieces_lose_no_word_and_are_never_too_long(text: str) -> None:
    def words(text: str) -> str:
        return "".join(filter(str.isalnum, text))

    made = pieces(text, MOST_CHARACTERS)
    assert words("".join(made)) == words(text)
    assert all(0 < len(piece) <= 100 for piece in made)


def test_a_piece_may_be_as_long_as_the_package_knows_that_google_takes() -> None:
    assert MOST_CHARACTERS == gTTS.GOOGLE_TTS_MAX_CHARS


def test_what_google_gave_is_never_asked_for_again(line: Line, reader: Google) -> None:
    first = reader.say("Hello.")
    assert reader.say("Hello.").samples.tobytes() == first.samples.tobytes()
    assert line.asked == ["Hello."]


def test_after_a_failure_only_the_rest_is_asked_for(line: Line, reader: Google) -> None:
    line.first = [(200, {}, answer(mp3(LONG[:100]))), requests.ConnectionError()]
    with pytest.raises(VoiceUnavailable):
        reader.say(LONG)
    first = line.asked[0]
    later(reader)
    reader.say(LONG)
    assert line.asked.count(first) == 1
    assert len(kept(reader)) == 3


def test_google_says_how_long_to_wait(
    line: Line, reader: Google, slept: list[float]
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    line.first = [(429, {"Retry-After": "7"}, ""), (429, {"Retry-After": date}, "")]
    reader.say("Hello.")
    assert slept == [7, pytest.approx(19, abs=2)]
    assert len(line.asked) == 3


def test_otherwise_each_wait_is_longer(
    line: Line, reader: Google, slept: list[float]
) -> None:
    line.first = [(429, {}, ""), (503, {}, ""), (429, {"Retry-After": "soon"}, "")]
    reader.say("Hello.")
    assert slept == [2, 4, 8]


def test_who_is_throttled_for_ever_gives_up(
    line: Line, reader: Google, slept: list[float]
) -> None:
    line.first = [(429, {}, "")] * 20
    with pytest.raises(VoiceUnavailable, match=r"throttled.*--voice flite:rms"):
        reader.say("Hello.")
    assert slept == [2, 4, 8, 16, 32]


def test_a_wait_that_is_too_long_is_told_instead(
    line: Line, reader: Google, slept: list[float]
) -> None:
    line.first = [(429, {"Retry-After": "3600"}, "")]
    with pytest.raises(VoiceUnavailable, match=r"throttled.*again in 3600 s"):
        reader.say("Hello.")
    assert slept == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ((403, {}, ""), "blocked: .*403.*--voice"),
        ((200, {}, HTML), "blocked: .*a page instead of sound"),
        ((404, {}, ""), "no Google at .co.uk"),
        (
            requests.ConnectionError(),
            "no network: .*translate.google.co.uk cannot be reached",
        ),
        (requests.ReadTimeout(), "no network: .*does not answer"),
    ],
)
def test_a_refusal_has_a_name_and_ends_all_asking_for_a_while(
    said: Answer, message: str, line: Line, reader: Google, slept: list[float]
) -> None:
    line.first = [said]
    for text in ("Hello.", "Something else."):
        with pytest.raises(VoiceUnavailable, match=message):
            reader.say(text)
    assert (line.asked, slept, kept(reader)) == (["Hello."], [], [])
    later(reader)
    reader.say("Something else.")
    reader.say("Hello.")
    assert line.asked == ["Hello.", "Something else.", "Hello."]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (answer(mp3("Press one to hear it.")[:-50]), "it is cut short: 1.51 s of"),
        (answer(mp3("Press")), "Google's sound for .* is cut short"),
        (answer(mp3("Press one to hear it.")[:100]), "not a sound that can be read"),
        (answer(b""), "it is empty"),
        (changed(answer(mp3("Hello.")), '\\"]', 'A\\"]'), "damaged"),
        ('[["wrb.fr","jQ1olc",null,null,null,[3],"generic"]]', "no sound for 'Press"),
    ],
)
def test_a_sound_that_is_not_whole_is_not_kept(
    said: str, message: str, line: Line, reader: Google
) -> None:
    line.first = [(200, {}, said)]
    with pytest.raises(VoiceError, match=message):
        reader.say("Press one to hear it.")
    assert kept(reader) == []
    reader.say("Press one to hear it.")


def test_a_kept_sound_that_is_damaged_is_asked_for_anew(
    line: Line, reader: Google
) -> None:
    reader.say("Hello.")
    [path] = kept(reader)
    path.write_bytes(b"")
    reader.say("Hello.")
    assert len(line.asked) == 2


def test_one_request_is_made_at_a_time(
    reader: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, asking, pause = Line(), threading.Semaphore(1), threading.Event()

    def alone(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        assert asking.acquire(blocking=False), "two requests at once"
        pause.wait(0.05)
        asking.release()
        return line(request)

    with responses.RequestsMock() as mock, ThreadPoolExecutor(4) as threads:
        mock.add_callback(responses.POST, URL, alone)
        list(threads.map(reader.say, ("One.", "Two.", "Three.", "Four.")))
    assert sorted(line.asked) == ["Four.", "One.", "Three.", "Two."]


def test_a_text_without_words_is_not_asked_for(line: Line, reader: Google) -> None:
    with pytest.raises(VoiceError, match="nothing to say"):
        reader.say(" — ")
    assert line.asked == []


def test_a_name_has_the_language_and_perhaps_an_accent() -> None:
    assert (google("en.co.uk").language, google("en.co.uk").tld) == ("en", "co.uk")
    assert (google("zh-CN").language, google("zh-CN").tld) == ("zh-CN", "com")
    found = voice("gtts:fr")
    assert found.name == "gtts:fr"
    assert found.fingerprint.startswith("gtts:fr 2.")


@pytest.mark.parametrize("name", ["klingon", "en.example.org/x", "en.CO.UK", ".com"])
def test_what_google_cannot_speak_is_refused_at_once(name: str) -> None:
    with pytest.raises(VoiceError, match="gtts-cli --all"):
        google(name)
