"""Texts: to whom, once, tried again only where none can have gone, and the number nowhere else."""

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError

from ivr.provider import texting
from ivr.provider.texting import TRIES, Api, Texter, mobile_of
from tests.support.acting import until
from tests.support.small import helpline

ACCOUNT = "AC" + "1" * 32
MOBILE = "+447400123456"
"""The one that libphonenumber has as an example."""

SENDER = "+447911123456"
HELPLINE = helpline("first")
FORM = {"CallSid": "CA1", "From": MOBILE}
API = Api(f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}", ACCOUNT, "a-token")
URL = f"{API.account}/Messages.json"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A try follows the other at once."""
    monkeypatch.setattr(texting, "PAUSE_S", 0)


@pytest.fixture
def provider() -> Iterator[responses.RequestsMock]:
    """The provider's API; a request that it does not expect is refused a connection."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as provider:
        yield provider


@pytest.fixture
def texter() -> Texter:
    """Texts by Twilio, without a database."""
    return Texter(API, SENDER, None)


def sends(texter: Texter, form: dict[str, str] = FORM) -> bool | None:
    """Has a text sent; whether the provider took it."""
    texter.send(form, HELPLINE, "A line")
    until(lambda: not texter._waiting())
    return texter.taken(form, HELPLINE.slug)


def test_the_provider_is_asked_in_its_way(
    provider: responses.RequestsMock, texter: Texter
) -> None:
    sent = provider.post(URL, status=201, json={"status": "queued", "error_code": None})
    assert sends(texter) is True
    [call] = sent.calls
    assert isinstance(call.request.body, str)
    assert parse_qs(call.request.body) == {
        "From": [SENDER],
        "To": [MOBILE],
        "Body": ["First: 0800 1111. A line"],
    }
    own = requests.Request("POST", URL, auth=(ACCOUNT, "a-token")).prepare()
    assert call.request.headers["Authorization"] == own.headers["Authorization"]
    assert call.request.req_kwargs["timeout"] == 3


def test_a_webhook_that_comes_again_sends_no_second_text(
    provider: responses.RequestsMock, texter: Texter
) -> None:
    sent = provider.post(URL, status=201, json={})
    for _ in range(3):
        assert sends(texter) is True
    assert len(sent.calls) == 1
    texter.send(FORM, helpline("second"), "A line")
    sends(texter, FORM | {"CallSid": "CA2"})
    assert len(sent.calls) == 3


LANDLINE = "+441212345678"
"""Likewise."""


@pytest.mark.parametrize(
    "form",
    [
        *(
            {"From": number}
            for number in (
                *("", "anonymous", "Restricted", "+266696687", "+7378742833"),
                *("+2562533", "+86282452253", "+8656696", LANDLINE, "+448001111"),
                *("+33612345678", "0740 123", "+999999999"),
            )
        ),
        {"ForwardedFrom": "+441414960000"},
        {"CallSid": ""},
    ],
    ids=str,
)
def test_nobody_else_is_texted(
    provider: responses.RequestsMock, texter: Texter, form: dict[str, str]
) -> None:
    """Nobody, a landline, a mobile abroad; nor where a call was forwarded or has no name."""
    assert texter.can_text(FORM)
    assert not texter.can_text(FORM | form)
    assert sends(texter, FORM | form) is None
    assert not provider.calls


@pytest.mark.parametrize(
    ("number", "sender", "is_near"),
    [
        ("+12015550123", "+12125550100", True),
        ("+18762101234", "+12125550100", False),  # Jamaica
        ("+15062345678", "+12125550100", False),  # Canada
        ("+15062345678", "+16132345678", True),
        ("+447797712345", "+447400123456", False),  # Jersey
        (MOBILE, "+441212345678", True),
    ],
)
def test_a_country_with_the_same_code_is_abroad_too(
    number: str, sender: str, is_near: bool
) -> None:
    assert mobile_of({"From": number}, sender) == (number if is_near else None)


def test_a_plus_that_was_lost_on_the_way_changes_nothing() -> None:
    for number in (MOBILE, MOBILE.replace("+", " "), MOBILE.removeprefix("+")):
        assert mobile_of({"From": number}, SENDER) == MOBILE


def refusal(code: int, status: int = 400) -> dict[str, Any]:
    """What Twilio answers; it names the number."""
    message = f"The 'To' number {MOBILE} is not a valid phone number."
    return {"status": status, "json": {"code": code, "message": message}}


@pytest.mark.parametrize("code", [20003, 21211, 21408, 21610, 21612, 21614, 12345])
def test_what_is_refused_for_good_is_not_tried_again(
    provider: responses.RequestsMock, texter: Texter, code: int
) -> None:
    sent = provider.post(URL, **refusal(code))
    assert sends(texter) is False
    assert len(sent.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        refusal(20429, 429),
        {"status": 429, "body": "busy"},
        refusal(21611),
        {"status": 201, "json": {"status": "failed", "error_code": 30003}},
        {"body": requests.ConnectTimeout()},
        {
            "body": requests.ConnectionError(
                MaxRetryError(None, "", NewConnectionError(None, "no way"))  # type: ignore[arg-type]
            )
        },
    ],
    ids=str,
)
def test_what_certainly_was_not_sent_is_tried_again_within_a_bound(
    provider: responses.RequestsMock, texter: Texter, answer: dict[str, Any]
) -> None:
    failed = provider.post(URL, **answer)
    assert sends(texter) is False
    assert len(failed.calls) == TRIES
    provider.replace(responses.POST, URL, **answer)
    provider.post(URL, status=201, json={})
    assert sends(texter, FORM | {"CallSid": "CA2"}) is True


@pytest.mark.parametrize(
    "answer",
    [
        {"body": requests.ReadTimeout()},
        {"body": requests.ConnectionError("Connection aborted.")},
        {"status": 500},
        {"status": 503, "json": {"code": 20500}},
    ],
    ids=str,
)
def test_what_may_have_gone_through_is_never_sent_again(
    provider: responses.RequestsMock, texter: Texter, answer: dict[str, Any]
) -> None:
    sent = provider.post(URL, **answer)
    for _ in range(2):
        assert sends(texter) is None
    assert len(sent.calls) == 1


def test_a_wrong_certificate_is_a_failure(
    provider: responses.RequestsMock, texter: Texter
) -> None:
    provider.post(URL, body=requests.exceptions.SSLError())
    assert sends(texter) is False


def test_an_answer_that_is_none_of_the_provider_s_is_not_followed(
    provider: responses.RequestsMock, texter: Texter
) -> None:
    sent = provider.post(URL, status=302, headers={"Location": URL})
    assert sends(texter) is False
    assert len(sent.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        refusal(21211),
        refusal(20429, 429),
        {"status": 500, "body": f"no such number: {MOBILE}"},
        {"body": requests.ConnectionError(f"cannot post To={MOBILE}")},
        {"body": RuntimeError(f"a fault with {MOBILE}")},
    ],
    ids=str,
)
def test_the_number_is_in_no_log_and_no_error(
    provider: responses.RequestsMock,
    texter: Texter,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    answer: dict[str, Any],
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.post(URL, **answer)
    sends(texter)
    assert "was not sent" in caplog.text or "may not have been sent" in caplog.text
    printed = capsys.readouterr()
    for words in (caplog.text, printed.out, printed.err, repr(vars(texter))):
        for start in range(1, len(MOBILE) - 6):
            assert MOBILE[start : start + 7] not in words


def test_a_text_that_is_waiting_shows_no_number() -> None:
    assert MOBILE[1:] not in repr(texting.Text(MOBILE, "words"))


def test_more_texts_than_can_be_sent_soon_are_refused_at_once(
    texter: Texter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texting, "MOST_WAITING", 0)
    assert sends(texter) is False


def test_what_is_remembered_is_bounded(
    texter: Texter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texting, "MOST_WAITING", 0)
    monkeypatch.setattr(texting, "MOST_KEPT", 3)
    for number in range(5):
        sends(texter, FORM | {"CallSid": f"CA{number}"})
    told = [
        texter.taken(FORM | {"CallSid": f"CA{number}"}, "first") for number in range(5)
    ]
    assert told == [None, None, False, False, False]
