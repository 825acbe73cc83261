"""The proxy in front of the line: deploy/nginx.conf in a real nginx, before a real server."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import trustme
from twilio.request_validator import RequestValidator

from tests.support.caller import PUBLIC_URL
from tests.support.proxy import NGINX, nginx_before, site
from tests.support.server import TOKEN, Server, started
from tests.support.small import AT_ANY_HOUR, edition, publish

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed")

REQUESTS = 600
"""While workers are killed and replaced."""

MOST_CUT_OFF = 4
"""A worker that is killed may be in the middle of a few answers."""


@dataclass(frozen=True)
class Proxy:
    """An nginx before a server."""

    https: str
    http: str
    server: Server
    trusts: str
    """The file of the authority whose certificate it has."""

    def asked(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer to a request that the provider signed, with its address as it is."""
        form = form or {}
        url = PUBLIC_URL + path
        signature = RequestValidator(TOKEN).compute_signature(url, form)
        signed = {"X-Twilio-Signature": signature, "Host": "line.example.org"}
        headers = {**signed, **(headers or {})}
        request = requests.Request(method, self.https, data=form, headers=headers)
        with requests.Session() as session:
            ready = session.prepare_request(request)
            ready.url = self.https + path
            return session.send(
                ready, verify=self.trusts, allow_redirects=False, timeout=60
            )


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx and the line, as docs/going-live.md sets them up."""
    folder = tmp_path_factory.mktemp("nginx")
    publish(folder / "store", edition(helplines=AT_ANY_HOUR))
    with (
        started(folder / "store") as server,
        nginx_before(server.address, folder) as front,
    ):
        yield Proxy(front.https, front.http, server, front.trusts)


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-several.conf"])
def test_nginx_takes_the_configuration(name: str, tmp_path: Path) -> None:
    certificate = trustme.CA().issue_cert("line.example.org")
    certificate.private_key_pem.write_to_path(str(tmp_path / "privkey.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "fullchain.pem"))
    tried = subprocess.run(
        [str(NGINX), "-t", "-p", str(tmp_path), "-c", str(site(tmp_path, name, {}))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tried.returncode, "warn" in tried.stderr) == (0, False), tried.stderr


def test_what_the_provider_signed_comes_through_unchanged(proxy: Proxy) -> None:
    for path in (
        "/voice",
        "/voice/fallback?x=%27%7E%2F%22%40%C3%A9%20+~'",
        "/voice//x",
    ):
        assert proxy.asked("POST", path, {"Digits": "1"}).status_code == 200, path
    unsigned = requests.post(f"{proxy.https}/voice", verify=proxy.trusts, timeout=60)
    assert unsigned.status_code == 403


def test_nothing_is_redirected_that_was_posted(proxy: Proxy) -> None:
    assert requests.post(f"{proxy.http}/voice", timeout=60).status_code == 403
    page = requests.get(f"{proxy.http}/studio", timeout=60, allow_redirects=False)
    assert page.headers["Location"].startswith("https://")


def test_figures_are_for_this_machine_alone(proxy: Proxy) -> None:
    assert proxy.asked("GET", "/metrics").status_code == 404


def test_pages_are_packed_and_what_a_provider_fetches_is_not(proxy: Proxy) -> None:
    for path in (
        "/",
        "/static/handset/handset.css",
        "/static/handset/handset.js",
        "/static/handset/icon.svg",
        "/manifest.webmanifest",
    ):
        packed = proxy.asked("GET", path)
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in packed.headers["Vary"]
    [sound] = re.findall(r"/clips/[^<]+", proxy.asked("POST", "/voice").text)
    for answer in (proxy.asked("POST", "/voice"), proxy.asked("GET", sound)):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers


def test_a_sound_that_was_fetched_comes_without_the_line(proxy: Proxy) -> None:
    """Whole, in part, and asked again with its tag, while every worker is stopped."""
    [sound] = re.findall(r"/clips/[^<]+", proxy.asked("POST", "/voice").text)
    whole = proxy.asked("GET", sound)
    tag, length = whole.headers["ETag"], len(whole.content)
    stopped = proxy.server.workers()
    for worker in stopped:
        os.kill(worker, signal.SIGSTOP)
    try:
        again = proxy.asked("GET", sound)
        part = proxy.asked("GET", sound, headers={"Range": "bytes=44-143"})
        unchanged = proxy.asked("GET", sound, headers={"If-None-Match": tag})
        head = proxy.asked("HEAD", sound)
    finally:
        for worker in stopped:
            os.kill(worker, signal.SIGCONT)
    assert (again.status_code, again.content) == (200, whole.content)
    assert again.headers["Cache-Control"] == whole.headers["Cache-Control"]
    assert (part.status_code, part.content) == (206, whole.content[44:144])
    assert part.headers["Content-Range"] == f"bytes 44-143/{length}"
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(length))


def test_nothing_else_is_kept(proxy: Proxy) -> None:
    """A reply, and a sound that is not there yet."""
    missing = f"/clips/{'0' * 12}.wav"
    assert proxy.asked("GET", missing).status_code == 404
    for path in ("/voice", "/voice/none/en/menu"):
        assert proxy.asked("POST", path, {"Digits": "1"}).status_code == 200
    kept = (Path(proxy.trusts).parent / "sounds").rglob("*")
    texts = [file.read_bytes() for file in kept if file.is_file()]
    assert not any(b"<Response>" in text or b" 404 " in text for text in texts)


def test_no_address_is_logged(proxy: Proxy) -> None:
    proxy.asked("POST", "/voice/none/en/transfer/first?said=secret", {"Digits": "1"})
    logs = Path(proxy.trusts).parent.glob("*.log")
    assert not any("secret" in log.read_text() for log in logs)


def test_no_call_is_lost_while_workers_are_replaced_and_killed(proxy: Proxy) -> None:
    """A reload, and a kill -9 of two workers, under eight callers at once.

    An answer that was cut off in its middle is the one thing that nginx cannot ask for again; the
    provider does, once.
    """
    server = proxy.server
    again: list[int] = []

    def ask(number: int) -> int:
        if number == REQUESTS // 4:
            server.process.send_signal(signal.SIGHUP)
        if number in (REQUESTS // 2, REQUESTS * 3 // 4):
            for worker in server.workers()[:1]:
                os.kill(worker, signal.SIGKILL)
        form = {"CallSid": f"CA{number}"}
        try:
            status = proxy.asked("POST", "/voice", form).status_code
        except requests.RequestException:
            status = 0
        if status != 200:
            again.append(number)
            status = proxy.asked("POST", "/voice", form).status_code
        return status

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(ask, range(REQUESTS)))
    assert [status for status in answers if status != 200] == []
    assert len(again) <= MOST_CUT_OFF, again
