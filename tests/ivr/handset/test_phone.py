"""The phone refuses what a provider could not use; else no test of a call would mean much."""

from collections.abc import Mapping

import pytest

from ivr.errors import PhoneError
from ivr.handset.phone import Answer, Cue, Phone, captions_of, verbs_of


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Pause/></Response>",
        "<Response><Gather actionOnEmptyResult='true'/></Response>",
        "<Response><Gather numDigits='1' finishOnKey=''><Pause/></Gather></Response>",
        "<Response><Gather finishOnKey=''/></Response>",
        "<Response><Gather numDigits='1'/></Response>",
        "<Response><Play loop='2'>https://x.example/a.wav</Play></Response>",
        "<Response><Dial><Sip>x</Sip></Dial></Response>",
        f"<Response><Say>{'x' * 3001}</Say></Response>",
        f"<Response><Say>{'x' * 70_000}</Say></Response>",
    ],
)
def test_what_is_not_portable_is_refused(document: str) -> None:
    with pytest.raises(PhoneError):
        verbs_of(document)


def phone(body: str, status: int = 200, kind: str = "text/xml") -> Phone:
    """A phone whose line always answers so."""

    def ask(
        method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        return Answer(status, kind, body.encode())

    return Phone(ask, "https://x.example", "token")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("<Response/>", 200, "text/xml"),
        ("<Response><Redirect>/relative</Redirect></Response>", 200, "text/xml"),
        (
            "<Response><Gather numDigits='1' finishOnKey=''><Say>No action.</Say></Gather>"
            "</Response>",
            200,
            "text/xml",
        ),
        ("<Response><Hangup/></Response>", 500, "text/xml"),
        ("<Response><Hangup/></Response>", 200, "text/plain"),
    ],
)
def test_an_answer_that_would_end_in_silence_or_an_error_is_refused(
    body: str, status: int, kind: str
) -> None:
    with pytest.raises(PhoneError):
        phone(body, status, kind).ring()


def test_it_hears_what_the_provider_says() -> None:
    rung = phone(
        "<Response><Gather action='https://x.example/a' timeout='7' numDigits='1'"
        " finishOnKey=''><Say>Two words.</Say>"
        "</Gather><Hangup/></Response>"
    )
    rung.ring()
    assert (rung.words(), rung.timeout_ms, rung.ended) == ("Two words.", 7000, False)
    rung.let_pass()
    assert rung.ended


def test_captions_are_read_with_their_times() -> None:
    vtt = "WEBVTT\n\n00:00:01.500 --> 01:02:03.004\na &lt;b&gt; &amp;lt;\n"
    assert list(captions_of(vtt)) == [Cue("a <b> &lt;", 1500, 3723004)]
