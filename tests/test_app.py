"""The application as an operator starts it: a real process on loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from twilio.request_validator import RequestValidator

import app
from ivr.handset.phone import Phone, over_http
from ivr.settings import ROOT, Settings
from tests.support.caller import PUBLIC_URL
from tests.support.server import TOKEN, environment, running
from tests.support.small import AT_ANY_HOUR, edition, publish


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server's address."""
    store = tmp_path_factory.mktemp("store")
    publish(store, edition(helplines=AT_ANY_HOUR))
    with running(store) as address:
        yield address


def test_a_call_over_http_from_the_welcome_to_a_helpline(server: str) -> None:
    phone = Phone(over_http(server, PUBLIC_URL), PUBLIC_URL, TOKEN)
    phone.ring()
    assert phone.words().startswith("<welcome>")
    for key in "011#":
        phone.press(key)
    assert phone.dialling == "+448001111"
    phone.outcome("completed")
    assert phone.words().startswith("<back_on_line>")


def test_the_server_keeps_escapes_as_they_were_signed(server: str) -> None:
    """What a WSGI server decodes, a signature over the escapes would not survive."""
    for path in ("/voice?x=%27%7E%2F%22%40%C3%A9%20+~'", "/voice/%27%7E%22%40%C3%A9", "/voice//x"):
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, {"Digits": "1"})
        request = requests.Request(
            "POST", server, data={"Digits": "1"}, headers={"X-Twilio-Signature": signature}
        ).prepare()
        request.url = server + path
        with requests.Session() as session:
            response = session.send(request, allow_redirects=False, timeout=10)
        assert response.status_code == 200, path
        assert requests.post(server + path, data={"Digits": "1"}, timeout=10).status_code == 403


def test_the_health_of_the_line_is_the_live_edition(server: str) -> None:
    assert requests.get(f"{server}/healthz", timeout=10).json() == {"live": "000000000000"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"PORT": "x"}, "PORT='x': takes a number from 1 to 65535"),
        ({"STORE_URL": "/nonexistent"}, "run scripts/render_audio.py"),
    ],
)
def test_a_start_that_cannot_be_says_why_and_exits_with_1(
    wrong: dict[str, str], words: str, tmp_path: Path
) -> None:
    given = os.environ | environment(tmp_path, 8000) | wrong
    started = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )
    assert started.returncode == 1
    assert words in started.stderr
    assert "Traceback" not in started.stderr


def test_what_is_printed_at_the_start_tells_the_provider_s_addresses() -> None:
    printed = app.welcome(Settings(public_url=PUBLIC_URL))
    for path in ("/voice", "/voice/fallback", "/voice/ended"):
        assert f"{PUBLIC_URL}{path}\n" in printed + "\n"
    assert "refused until TWILIO_AUTH_TOKEN, " in printed
    assert "http://localhost:8000/studio (first: scripts/set_password.py)" in printed
