"""A helpline's number comes as a text message, once, and the line says what became of it."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import responses

from app import create_app
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.errors import SettingError
from ivr.handset.phone import Phone, over_app
from ivr.provider.dialects import DIALECTS
from ivr.provider.texting import Texter
from ivr.provider.webhooks import Line
from ivr.settings import Settings
from tests.support.acting import KEY, PATIENT_S, until
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.small import AT_ANY_HOUR, edition, publish

MOBILE = "+447400123456"
URL = f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"


@pytest.fixture
def provider() -> Iterator[responses.RequestsMock]:
    """The provider's API."""
    with responses.RequestsMock() as provider:
        yield provider


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A line that texts."""
    publish(tmp_path / "store", edition(helplines=AT_ANY_HOUR))
    return Settings(
        public_url=PUBLIC_URL,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token=TOKEN,
        line_number=LINE_NUMBER,
        sms_from=LINE_NUMBER,
        store=tmp_path / "store",
        secret_key=KEY,
    )


@pytest.fixture
def servers(settings: Settings, tmp_path: Path) -> Iterator[list[Caller]]:
    """Somebody in one call that two server processes with one database answer."""
    clock = Clock()
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, KEY, clock())
    both = [Callers(url, KEY, clock, PATIENT_S) for _ in range(2)]
    yield [
        from_a_mobile(Caller(create_app(settings, clock, callers=callers), clock))
        for callers in both
    ]
    for callers in both:
        callers.stop()


def from_a_mobile(caller: Caller, number: str = MOBILE) -> Caller:
    """The same caller, with another telephone."""
    ask = over_app(caller.app.test_client(), PUBLIC_URL)
    caller.phone = Phone(ask, PUBLIC_URL, TOKEN, caller=number)
    return caller


@pytest.fixture
def caller(servers: list[Caller]) -> Caller:
    """Somebody whose call one process answers."""
    return servers[0]


def sent(caller: Caller) -> None:
    """Waits until this process knows what came of its texts."""
    line: Line = caller.app.extensions["lines"]["voice"]
    assert isinstance(line.texter, Texter)
    until(lambda: not line.texter._waiting())  # type: ignore[union-attr]


def test_a_number_comes_as_a_text_after_two_keys(
    caller: Caller, provider: responses.RequestsMock
) -> None:
    text = provider.post(URL, status=201, json={"status": "queued"})
    caller.rings()
    caller.presses("01")
    caller.hears("<text_number>")
    caller.presses("4")
    caller.hears("<text_consent>", "<text_confirm>")
    assert not text.calls
    caller.presses("1")
    caller.hears("<text_moment>")
    sent(caller)
    caller.waits()
    caller.hears("<text_sent>", "<put_through>")
    caller.does_not_hear("<number_is>")
    assert len(text.calls) == 1


def test_what_could_not_be_sent_is_said_and_the_number_read(
    caller: Caller,
    provider: responses.RequestsMock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.post(URL, status=400, json={"code": 21610, "message": f"To {MOBILE}"})
    caller.rings()
    caller.presses("0141")
    sent(caller)
    caller.waits()
    caller.hears("<text_failed>", "<number_is> 0800 1111")
    assert "21610" in caplog.text
    assert MOBILE[1:] not in caplog.text


def test_a_moment_that_another_process_ends_says_what_is_so_in_any_case(
    servers: list[Caller], provider: responses.RequestsMock
) -> None:
    text = provider.post(URL, status=201, json={})
    one, other = servers
    one.rings()
    one.presses("0141")
    sent(one)
    other.phone = one.phone
    other.phone._ask = over_app(other.app.test_client(), PUBLIC_URL)
    other.waits()
    other.hears("<text_awaited>", "<number_is> 0800 1111")
    other.presses("41")  # again, at a process that does not remember
    sent(other)
    assert len(text.calls) == 1


def test_a_text_goes_out_once_although_its_webhook_arrives_twice_at_two_processes(
    servers: list[Caller], provider: responses.RequestsMock
) -> None:
    text = provider.post(URL, status=201, json={})
    for caller in servers:
        caller.rings()
        caller.presses("0141")
    for caller in servers:
        sent(caller)
    assert len(text.calls) == 1


@pytest.mark.parametrize(
    ("own", "url"),
    [
        ({}, URL),
        (
            {
                "provider": "signalwire",
                "signalwire_signing_key": TOKEN,
                "signalwire_space": "a.signalwire.com",
                "signalwire_project": "a-project",
                "signalwire_api_token": "a-token",
            },
            "https://a.signalwire.com/api/laml/2010-04-01/Accounts/a-project/Messages.json",
        ),
        ({"provider": "somleng"}, URL.replace("twilio.com", "somleng.org")),
    ],
    ids=["twilio", "signalwire", "somleng"],
)
def test_each_provider_is_asked_where_its_account_is(
    settings: Settings, provider: responses.RequestsMock, own: dict[str, str], url: str
) -> None:
    text = provider.post(url, status=201, json={})
    clock = Clock()
    settings = replace(settings, **own)  # type: ignore[arg-type]
    dialect = DIALECTS[settings.provider]
    caller = Caller(create_app(settings, clock), clock)
    ask = over_app(caller.app.test_client(), PUBLIC_URL)
    caller.phone = Phone(ask, PUBLIC_URL, TOKEN, dialect, MOBILE)
    caller.rings()
    caller.presses("0141")
    sent(caller)
    assert len(text.calls) == 1


def test_a_line_that_cannot_send_texts_does_not_start(settings: Settings) -> None:
    with pytest.raises(SettingError, match="TWILIO_ACCOUNT_SID: not set"):
        create_app(replace(settings, twilio_account_sid=None), Clock())


@pytest.mark.parametrize("number", ["anonymous", "+442079460000", "+448001111"])
def test_who_has_no_mobile_is_offered_no_text(
    servers: list[Caller], number: str
) -> None:
    caller = from_a_mobile(servers[0], number)
    caller.rings()
    caller.presses("01")
    caller.does_not_hear("<text_number>")
    caller.presses("4")
    caller.hears("<not_here>")


def test_without_a_sender_nobody_is_offered_a_text(settings: Settings) -> None:
    clock = Clock()
    app = create_app(replace(settings, sms_from=None), clock)
    caller = from_a_mobile(Caller(app, clock))
    caller.rings()
    caller.presses("01")
    caller.hears("<number_slower>")
    caller.does_not_hear("<text_number>")


def test_the_handset_offers_no_text(settings: Settings) -> None:
    clock = Clock()
    caller = from_a_mobile(Caller(create_app(settings, clock), clock))
    caller.phone.public_url = f"{PUBLIC_URL}/handset"
    caller.rings()
    caller.presses("01")
    caller.hears("<number_slower>")
    caller.does_not_hear("<text_number>")
    for step in ("text", "texting"):
        caller.phone.url = f"{PUBLIC_URL}/handset/voice/{'0' * 12}/en/{step}/always"
        caller.phone._action = caller.phone.url
        caller.presses("1")
        caller.hears("<putting_through>")
        assert caller.phone.dialling is None
