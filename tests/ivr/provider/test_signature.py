"""Signatures: over every escape, behind proxies, and refused when anything is off."""

import urllib.parse
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from app import create_app
from ivr.settings import Settings
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Clock
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
    given = Settings(
        public_url=PUBLIC_URL,
        twilio_auth_token=TOKEN,
        line_number=LINE_NUMBER,
        store=store,
    )
    return create_app(given, Clock())


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    """The header a provider would send."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


ESCAPES = ("%27", "%7E", "%2F", "%22", "%40", "%C3%A9", "%20", "+", "%2B", "~", "%25", "%3F", "'")


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize(
    "path", ["/voice?x={}", "/voice/000000000000/en/menu?a=1&x={}", "/voice/{}"]
)
def test_a_signature_over_any_escape_holds(app: Flask, path: str, escape: str) -> None:
    url, form = path.format(escape), {"Digits": "1", "From": "+447700900123"}
    response = app.test_client().post(url, data=form, headers=signed(PUBLIC_URL + url, form))
    assert response.status_code == 200


@given(st.text(max_size=20), st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_signature_over_any_text_holds(app: Flask, text: str, form: dict[str, str]) -> None:
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


def test_behind_a_proxy_that_ends_tls_the_public_address_counts(app: Flask) -> None:
    headers = signed(f"{PUBLIC_URL}/voice", {})
    response = app.test_client().post(
        "/voice", base_url="http://10.0.0.7:8000", headers=headers | {"X-Forwarded-Proto": "http"}
    )
    assert response.status_code == 200


def voice_paths(app: Flask) -> list[str]:
    """One URL for every rule under /voice."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice")]
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
                response = app.test_client().open(path, method=method, data=form, headers=headers)
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
