"""The application as an operator starts it: a real process on loopback."""

import os
import socket
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
    """If the server decoded them, the signature would no longer match."""
    for path in (
        "/voice?x=%27%7E%2F%22%40%C3%A9%20+~'",
        "/voice/%27%7E%22%40%C3%A9",
        "/voice//x",
    ):
        signature = RequestValidator(TOKEN).compute_signature(
            PUBLIC_URL + path, {"Digits": "1"}
        )
        request = requests.Request(
            "POST",
            server,
            data={"Digits": "1"},
            headers={"X-Twilio-Signature": signature},
        ).prepare()
        request.url = server + path
        with requests.Session() as session:
            response = session.send(request, allow_redirects=False, timeout=60)
        assert response.status_code == 200, path
        assert (
            requests.post(server + path, data={"Digits": "1"}, timeout=60).status_code
            == 403
        )


def test_the_health_of_the_line_is_the_live_edition(server: str) -> None:
    assert requests.get(f"{server}/healthz", timeout=60).json() == {
        "live": "000000000000",
        "sound": "well",
        "holidays_until": "",
        "database": "well",
    }


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"PORT": "x"}, "PORT: 'x' is not a number from 1 to 65535"),
        ({"STORE_URL": "/nonexistent"}, "run scripts/render_audio.py"),
        ({"DATABASE_URL": "mysql://a:b@c/d"}, "DATABASE_URL: its value is not"),
    ],
)
def test_a_server_that_cannot_start_says_why_and_exits_with_1(
    wrong: dict[str, str], words: str, tmp_path: Path
) -> None:
    given = os.environ | environment(tmp_path, 8000) | wrong
    started = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert words in started.stderr
    assert "Traceback" not in started.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_another_program_uses_is_one_line_that_names_the_setting(
    host: str, tmp_path: Path
) -> None:
    publish(tmp_path, edition(helplines=AT_ANY_HOUR))
    with socket.socket() as other:
        other.bind((host, 0))
        other.listen()
        port = other.getsockname()[1]
        started = subprocess.run(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=os.environ | environment(tmp_path, port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert (started.returncode, started.stdout) == (1, "")
    [error] = started.stderr.splitlines()
    assert error.startswith(f"PORT={port}: the server cannot listen there")
    assert (
        "stop the program that uses this port, or set PORT to another number" in error
    )


def test_a_server_starts_again_at_once_on_the_port_that_it_used_before(
    tmp_path: Path,
) -> None:
    """Connections that were open a moment ago do not count as another program."""
    publish(tmp_path, edition(helplines=AT_ANY_HOUR))
    with requests.Session() as browser:
        with running(tmp_path) as address:
            assert browser.get(f"{address}/healthz", timeout=60).ok
        app.check_port(int(address.rpartition(":")[2]))


def test_the_addresses_for_the_provider_are_printed_at_the_start() -> None:
    printed = app.welcome(Settings(public_url=PUBLIC_URL))
    for path in ("/voice", "/voice/fallback", "/voice/ended"):
        assert f"{PUBLIC_URL}{path}\n" in printed + "\n"
    assert "refused until TWILIO_AUTH_TOKEN, " in printed
    assert "http://localhost:8000/studio (first: scripts/set_password.py)" in printed
