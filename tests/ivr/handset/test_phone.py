"""The phone refuses what a provider could not use; else no test of a call would mean much."""

from collections.abc import Mapping

import pytest

from ivr.errors import PhoneError
from ivr.handset.phone import Answer, Cue, Phone, captions_of, verbs_of
from ivr.provider.dialects import DIALECTS, SIGNALWIRE, SOMLENG, TWILIO, Dialect

A_GATHER = (
    "<Gather numDigits='1' finishOnKey='' action='https://x.example/a' input='{}' hints='{}'"
    " language='en-GB' speechTimeout='2'/>"
)


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Pause/></Response>",
        "<Response><Gather actionOnEmptyResult='true'/></Response>",
        "<Response><Gather numDigits='1' finishOnKey=''><Pause/></Gather></Response>",
        "<Response><Gather finishOnKey=''/></Response>",
        "<Response><Gather numDigits='1'/></Response>",
        f"<Response>{A_GATHER.format('speech', 'one')}</Response>",
        f"<Response>{A_GATHER.format('dtmf speech', '')}</Response>",
        f"<Response>{A_GATHER.format('dtmf speech', 'x' * 101)}</Response>",
        f"<Response>{A_GATHER.format('dtmf speech', 'x,' * 500 + 'x')}</Response>",
        f"<Response>{A_GATHER.format('dtmf', 'one')}</Response>",
        "<Response><Play loop='2'>https://x.example/a.wav</Play></Response>",
        "<Response><Dial><Sip>x</Sip></Dial></Response>",
        "<Response><Gather numDigits='1' finishOnKey=''><Say>x</Say></Gather></Response>",
        f"<Response><Say>{'x' * 3001}</Say></Response>",
        f"<Response><Say>{'x' * 70_000}</Say></Response>",
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda it: it.name)
def test_what_is_not_portable_is_refused(document: str, dialect: Dialect) -> None:
    with pytest.raises(PhoneError):
        verbs_of(document, dialect)


DIAL = "<Dial action='https://x.example/a' timeout='{}'{}><Number>+1</Number></Dial>"
FOR_WORDS = "hints='one,two' language='en-GB' speechTimeout='2'"
GATHER = "<Gather numDigits='1' finishOnKey='' action='https://x.example/a'{}/>"


@pytest.mark.parametrize(
    ("verb", "who_run_it"),
    [
        ("<Redirect>/relative</Redirect>", {TWILIO}),
        ("<Play>/relative.wav</Play>", {TWILIO}),
        ("<Redirect>https://x.example/a#rc=2</Redirect>", {TWILIO}),
        (DIAL.format(30, ""), {TWILIO, SIGNALWIRE, SOMLENG}),
        (DIAL.format(30, " hangupOnStar='true'"), {TWILIO, SIGNALWIRE}),
        (DIAL.format(4, ""), {TWILIO, SOMLENG}),
        (DIAL.format(601, ""), set()),
        (GATHER.format(""), {TWILIO, SIGNALWIRE, SOMLENG}),
        (GATHER.format(f" input='dtmf speech' {FOR_WORDS}"), {TWILIO, SIGNALWIRE}),
    ],
)
def test_what_a_provider_does_not_run_is_refused_in_its_dialect(
    verb: str, who_run_it: set[Dialect]
) -> None:
    for dialect in DIALECTS.values():
        document = f"<Response>{verb}</Response>"
        if dialect in who_run_it:
            assert len(verbs_of(document, dialect)) == 1
            continue
        with pytest.raises(PhoneError, match=dialect.name):
            verbs_of(document, dialect)


def phone(
    body: str,
    status: int = 200,
    kind: str = "text/xml",
    dialect: Dialect = SIGNALWIRE,
) -> Phone:
    """A phone whose line always answers so."""

    def ask(
        method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        return Answer(status, kind, body.encode())

    return Phone(ask, "https://x.example", "key", dialect)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda it: it.name)
def test_star_ends_a_dial_where_the_provider_obeys_it(dialect: Dialect) -> None:
    star = " hangupOnStar='true'" * dialect.star_ends_dial
    body = f"<Response>{DIAL.format(30, star)}</Response>"
    dialling = phone(body, dialect=dialect)
    dialling.ring()
    asked = dialling.url
    dialling.press("*")
    assert (dialling.url != asked) == dialect.star_ends_dial


def test_a_relative_address_is_resolved_where_the_provider_does_so() -> None:
    asked = []

    def ask(
        method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        asked.append(url)
        verb = "<Hangup/>" if url.endswith("/on") else "<Redirect>/on</Redirect>"
        return Answer(200, "text/xml", f"<Response>{verb}</Response>".encode())

    Phone(ask, "https://x.example", "key", TWILIO).ring()
    assert asked == ["https://x.example/voice", "https://x.example/on"]


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


def test_what_is_said_is_heard_only_where_the_line_listens_to_words() -> None:
    asked: list[Mapping[str, str]] = []
    listening = [A_GATHER.format("dtmf speech", "one"), GATHER.format("")]

    def ask(
        method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        asked.append(form)
        verb = listening[len(asked) - 1]
        return Answer(200, "text/xml", f"<Response>{verb}</Response>".encode())

    phone = Phone(ask, "https://x.example", "key", TWILIO)
    phone.ring()
    phone.say("number one")
    assert asked[-1]["SpeechResult"] == "number one"
    phone.say("number two")
    assert len(asked) == 2
