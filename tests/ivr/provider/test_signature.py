"""Signatures: over every escape, behind proxies, and refused when anything is off."""

import urllib.parse
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from app import create_app
from ivr.settings import Settings
from tests.support.caller import PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.line import line
from tests.support.small import edition, publish


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small edition."""
    folder = tmp_path_factory.mktemp("store")
    publish(folder, edition())
    return folder


@pytest.fixture(scope="module")
def app(store: Path) -> Flask:
    """The line."""
    return line(store, Clock())


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    """The header a provider would send."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


ESCAPES = (
    "%27",
    "%7E",
    "%2F",
    "%22",
    "%40",
    "%C3%A9",
    "%20",
    "+",
    "%2B",
    "~",
    "%25",
    "%3F",
    "'",
)


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize(
    "path", ["/voice?x={}", "/voice/000000000000/en/menu?a=1&x={}", "/voice/{}"]
)
def test_a_signature_over_any_escape_holds(app: Flask, path: str, escape: str) -> None:
    url, form = path.format(escape), {"Digits": "1", "From": "+447700900123"}
    response = app.test_client().post(
        url, data=form, headers=signed(PUBLIC_URL + url, form)
    )
    assert response.status_code == 200


@given(
    st.text(max_size=20),
    st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=4),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_signature_over_any_text_holds(
    app: Flask, text: str, form: dict[str, str]
) -> None:
    text = text.encode("utf-8", "ignore").decode()
    form = {
        k.encode("utf-8", "ignore").decode(): v.encode("utf-8", "ignore").decode()
        for k, v in form.items()
    }
    url = "/voice?" + urllib.parse.urlencode({"x": text})
    response = app.test_client().post(
        url,
        data=urllib.parse.urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers=signed(PUBLIC_URL + url, form),
    )
    assert response.status_code == 200


def without_raw_path(served: WSGIApplication) -> WSGIApplication:
    """A server that gives the path only as PEP 3333 requires: decoded."""

    def serve(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        for name in ("RAW_URI", "REQUEST_URI"):
            environ.pop(name, None)
        return served(environ, start_response)

    return serve


@pytest.fixture
def bare(store: Path) -> Flask:
    """The line, on such a server."""
    app = line(store, Clock())
    app.wsgi_app = without_raw_path(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def test_a_whole_call_is_signed_on_a_server_that_does_not_give_the_raw_path(
    bare: Flask,
) -> None:
    caller = Caller(bare, Clock())
    caller.rings()
    caller.presses("1##")
    caller.hears("one section 1")
    caller.presses("99*0")
    caller.hears("<helplines_intro>")


@pytest.mark.parametrize(
    "url",
    [
        "/voice?x=%27%7E%2F%22%40%C3%A9%20+~'",
        "/voice/caf%C3%A9%20x",
        "/voice/a%25b?",
        "/voice",
    ],
)
def test_escapes_hold_on_a_server_that_does_not_give_the_raw_path(
    bare: Flask, url: str
) -> None:
    headers = signed(PUBLIC_URL + url.removesuffix("?"), {})
    assert bare.test_client().post(url, headers=headers).status_code == 200
    assert bare.test_client().post(f"{url}x", headers=headers).status_code == 403


@pytest.mark.parametrize("name", ["RAW_URI", "REQUEST_URI"])
@pytest.mark.parametrize("before", ["", "http://10.0.0.7:8000"])
def test_the_raw_path_counts_whatever_a_server_calls_it_and_with_a_host_before_it(
    app: Flask, name: str, before: str
) -> None:
    url = "/voice/%27%7E%22?x=%27%7E"
    raw = {"RAW_URI": "", "REQUEST_URI": "", name: before + url}
    for signed_url, status in (
        (PUBLIC_URL + url, 200),
        (f"{PUBLIC_URL}/voice/other", 403),
    ):
        response = app.test_client().post(
            "/voice/other", environ_overrides=raw, headers=signed(signed_url, {})
        )
        assert response.status_code == status


def test_behind_a_proxy_that_ends_tls_the_public_address_counts(app: Flask) -> None:
    headers = signed(f"{PUBLIC_URL}/voice", {})
    response = app.test_client().post(
        "/voice",
        base_url="http://10.0.0.7:8000",
        headers=headers | {"X-Forwarded-Proto": "http"},
    )
    assert response.status_code == 200


def voice_paths(app: Flask) -> list[str]:
    """One URL for every rule under /voice."""
    rules = [
        rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice")
    ]
    return [rule.replace("<path:path>", "000000000000/en/menu") for rule in rules]


def test_every_voice_route_refuses_what_is_not_signed(app: Flask) -> None:
    """Set-wide: with any method, without a header, with a wrong one, or one for another request."""
    paths = voice_paths(app)
    assert len(paths) >= 4
    form = {"Digits": "1"}
    for path in (*paths, "/voice/x/../y", "/voice//", "/voicemail"):
        wrong: tuple[dict[str, str], ...] = (
            {},
            {"X-Twilio-Signature": ""},
            {"X-Twilio-Signature": "é\x00"[:1]},
            {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
            signed(f"{PUBLIC_URL}{path}", form, token="another"),
            signed(f"{PUBLIC_URL}{path}?more=1", form),
            signed(f"{PUBLIC_URL}{path}", {"Digits": "2"}),
            signed(f"http://localhost{path}", form),
        )
        for headers in wrong:
            for method in ("POST", "GET", "PUT", "DELETE", "HEAD", "OPTIONS"):
                response = app.test_client().open(
                    path, method=method, data=form, headers=headers
                )
                assert response.status_code == 403, (path, method, headers)


def test_a_body_too_large_is_refused_unread(app: Flask) -> None:
    form = {"x": "y" * 100_000}
    response = app.test_client().post(
        "/voice", data=form, headers=signed(f"{PUBLIC_URL}/voice", form)
    )
    assert response.status_code == 403


def test_without_a_token_every_webhook_is_refused(store: Path) -> None:
    closed = create_app(Settings(public_url=PUBLIC_URL, store=store), Clock())
    headers = signed(f"{PUBLIC_URL}/voice", {}, token="")
    assert closed.test_client().post("/voice", headers=headers).status_code == 403
