"""Signatures: over every escape, behind proxies, and refused when anything is off."""

import base64
import hmac
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from app import create_app
from ivr.errors import PhoneError
from ivr.handset.phone import Phone, over_app
from ivr.provider.dialects import DIALECTS, Dialect
from ivr.provider.signature import computed, is_signed
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


# The schemes, by vectors that others made


def by_the_book(key: str, url: str, fields: Iterable[tuple[str, str]]) -> str:
    """The signature that the providers' documents describe, written anew from their words.

    The address, then each posted name and value in the order of the names; HMAC-SHA1 with the key,
    in base64 (https://www.twilio.com/docs/usage/security and
    https://developer.signalwire.com/guides/webhook-security).
    """
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.digest(key.encode(), text.encode(), "sha1")
    return base64.b64encode(digest).decode()


@dataclass(frozen=True)
class Vector:
    """A signed request that somebody published."""

    provider: str
    key: str
    url: str
    fields: tuple[tuple[str, str], ...]
    signature: str


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
"""As a form has it: Werkzeug lets no surrogates through."""


@given(TEXT, TEXT, st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_what_is_computed_for_any_form_is_what_the_providers_describe(
    key: str, url: str, fields: list[tuple[str, str]]
) -> None:
    """Names and values come again, and names begin other names."""
    form = MultiDict([*fields, *fields[:2]])
    assert computed(key, url, form).decode() == by_the_book(key, url, fields)


CALL = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
)

REPEATED = (
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
)

RINGING = (
    ("ToState", "California"),
    ("CalledState", "California"),
    ("Direction", "inbound"),
    ("FromState", "CA"),
    ("AccountSid", "ACba8bc05eacf94afdae398e642c9cc32d"),
    ("Caller", "+14153595711"),
    ("CallerZip", "94108"),
    ("CallerCountry", "US"),
    ("From", "+14153595711"),
    ("FromCity", "SAN FRANCISCO"),
    ("CallerCity", "SAN FRANCISCO"),
    ("To", "+14157669926"),
    ("FromZip", "94108"),
    ("FromCountry", "US"),
    ("ToCity", ""),
    ("CallStatus", "ringing"),
    ("CalledCity", ""),
    ("CallerState", "CA"),
    ("CalledZip", ""),
    ("ToZip", ""),
    ("ToCountry", "US"),
    ("CallSid", "CA136d09cd59a3c0ec8dbff44da5c03f31"),
    ("CalledCountry", "US"),
    ("Called", "+14157669926"),
    ("ApiVersion", "2010-04-01"),
    ("ApplicationSid", "AP44efecad51364e80b133bb7c07eb8204"),
)

EXAMPLE = "https://mycompany.com/myapp.php?foo=1&bar=2"

PUBLISHED = (
    # In Twilio's documents, and in the tests of its libraries.
    Vector("twilio", "12345", EXAMPLE, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    Vector("twilio", "12345", EXAMPLE, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    # In the tests of SignalWire's SDKs, for cXML.
    Vector("signalwire", "12345", EXAMPLE, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    # In the tests of Somleng's engine, from a real call.
    Vector(
        "somleng",
        "2bd9e9638872de601313dc77410d3b23",
        "http://twiliotests.heroku.com/validate/voice",
        RINGING,
        "oVb2kXoVy8GEfwBDjR8bk/ZZ6eA=",
    ),
)


def is_let_in(vector: Vector, provider: str, headers: dict[str, str]) -> bool:
    """Whether a line at this provider takes the vector's request for signed with its key."""
    scheme, _, rest = vector.url.partition("//")
    host, slash, path = rest.partition("/")
    settings_ = Settings(
        provider=provider,
        public_url=f"{scheme}//{host}",
        twilio_auth_token=vector.key if provider != "signalwire" else "another",
        signalwire_signing_key=vector.key if provider == "signalwire" else "another",
    )
    request = Request(
        EnvironBuilder(
            path="/",
            method="POST",
            data=urllib.parse.urlencode(vector.fields),
            content_type="application/x-www-form-urlencoded",
            headers=list(headers.items()),
            environ_overrides={"RAW_URI": slash + path},
        ).get_environ()
    )
    return is_signed(request, settings_)


@pytest.mark.parametrize("vector", PUBLISHED, ids=lambda it: it.provider)
def test_a_request_that_a_provider_signed_is_let_in_and_none_that_differs(
    vector: Vector,
) -> None:
    assert by_the_book(vector.key, vector.url, vector.fields) == vector.signature
    header = DIALECTS[vector.provider].signature_header
    headers = {header: vector.signature}
    assert is_let_in(vector, vector.provider, headers)
    for other in (
        replace(vector, key="another"),
        replace(vector, url=vector.url + "x"),
        replace(vector, fields=(*vector.fields, ("Digits", "9"))),
        replace(vector, fields=vector.fields[1:]),
    ):
        assert not is_let_in(other, vector.provider, headers)


@pytest.mark.parametrize("vector", PUBLISHED, ids=lambda it: it.provider)
def test_the_library_is_asked_only_about_what_differs(
    vector: Vector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes ten times as long, and nearly every request is signed as it was sent."""
    monkeypatch.setattr(RequestValidator, "validate", lambda *told: False)
    header = DIALECTS[vector.provider].signature_header
    assert is_let_in(vector, vector.provider, {header: vector.signature})


def test_each_provider_signs_in_its_own_header_alone() -> None:
    [vector, *_] = PUBLISHED
    names = ("X-Twilio-Signature", "X-SignalWire-Signature", "X-Signature")
    for provider in DIALECTS:
        let_in = [
            name
            for name in names
            if is_let_in(vector, provider, {name: vector.signature})
        ]
        assert let_in == [DIALECTS[provider].signature_header]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda it: it.name)
def test_a_whole_call_is_signed_by_each_provider(dialect: Dialect, store: Path) -> None:
    """With its own header and key; the key of another provider does not count."""
    settings_ = Settings(
        public_url=PUBLIC_URL,
        provider=dialect.name,
        store=store,
        twilio_auth_token="one key",
        signalwire_signing_key="the other",
    )
    app = create_app(settings_, Clock())
    ask = over_app(app.test_client(), PUBLIC_URL)
    for key in ("one key", "the other"):
        phone = Phone(ask, PUBLIC_URL, key, dialect)
        if key == dialect.signing_key(settings_):
            phone.ring()
            phone.press("1")
            assert "<tour>" in phone.words()
            continue
        with pytest.raises(PhoneError, match="403"):
            phone.ring()


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


def test_the_raw_path_counts_to_its_last_sign(app: Flask) -> None:
    """A bare question mark says nothing, but it was signed."""
    response = app.test_client().post(
        "/voice",
        environ_overrides={"RAW_URI": "/voice?"},
        headers=signed(f"{PUBLIC_URL}/voice?", {}),
    )
    assert response.status_code == 200


def test_behind_a_proxy_that_ends_tls_the_public_address_counts(app: Flask) -> None:
    headers = signed(f"{PUBLIC_URL}/voice", {})
    response = app.test_client().post(
        "/voice",
        base_url="http://10.0.0.7:8000",
        headers=headers | {"X-Forwarded-Proto": "http"},
    )
    assert response.status_code == 200


def test_a_provider_that_signs_the_usual_port_with_the_address_is_let_in(
    app: Flask,
) -> None:
    with_port = f"{PUBLIC_URL}:443"
    for url, status in ((with_port, 200), (f"{PUBLIC_URL}:444", 403)):
        response = app.test_client().post("/voice", headers=signed(f"{url}/voice", {}))
        assert response.status_code == status


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
