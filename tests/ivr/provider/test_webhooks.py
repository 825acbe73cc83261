"""Whole calls over signed webhooks, and what happens when things go wrong."""

import logging
import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from audio.air.studio_store import StudioStore
from ivr.call import flow
from ivr.call.scene import (
    EVERY_ABILITY,
    Call,
    Event,
    KeyLost,
    Outcome,
    Pressed,
    Spoken,
)
from ivr.call.steps import KINDS, Articles, Languages, Reading, Step, Transfer, url_of
from ivr.handset.phone import verbs_of
from ivr.provider.twiml import at_silence
from ivr.provider.webhooks import event_at
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.line import line
from tests.support.reached import every_reply
from tests.support.small import NOON, article, edition, publish

EDITION = edition(article("one", 3, 4, 2))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a small edition, which no test changes."""
    folder = tmp_path_factory.mktemp("store")
    publish(folder, EDITION)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Another, for tests that do something to it."""
    publish(tmp_path, EDITION)
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    """A clock that shows noon until a test moves it."""
    return Clock()


@pytest.fixture
def app(request: pytest.FixtureRequest, clock: Clock) -> Flask:
    """The line, serving the small edition; from a test's own `store`, where it asks for one."""
    folder = "store" if "store" in request.fixturenames else "published"
    return line(request.getfixturevalue(folder), clock)


@pytest.fixture
def caller(app: Flask, clock: Clock) -> Caller:
    """Somebody with a telephone."""
    return Caller(app, clock)


def ask(
    app: Flask, path: str, form: dict[str, str] | None = None, method: str = "POST"
) -> str:
    """A signed request that a provider could have sent; the TwiML that answers it."""
    form = form or {}
    signed = form if method == "POST" else {}
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, signed)
    response = app.test_client().open(
        path, method=method, data=form, headers={"X-Twilio-Signature": signature}
    )
    assert response.status_code == 200, path
    assert response.mimetype == "text/xml", path
    return response.get_data(as_text=True)


def test_a_call_from_the_welcome_to_the_goodbye(caller: Caller) -> None:
    caller.rings()
    caller.hears("<welcome>", "<menu_article>")
    caller.presses("1")
    caller.hears("<tour>", "one section 1 sentence 1.")
    caller.presses("##3*")
    caller.hears("<menu_carry_on>")
    caller.presses("*")
    caller.hears("<goodbye>")
    caller.waits()
    assert caller.phone.ended


def test_pausing_and_carrying_on_in_the_same_sentence(caller: Caller) -> None:
    caller.rings()
    caller.presses("1##")
    first = caller.phone.sounds[0].cues[0]
    caller.presses("5", after_ms=first.end_ms + 50)
    caller.hears("<paused>")
    caller.waits()
    caller.hears("<still_paused>")
    caller.presses("5")
    assert caller.phone.words().startswith("one section 1 sentence 2.")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("busy", "<busy>"),
        ("no-answer", "<no_answer>"),
        ("failed", "<failed>"),
        ("completed", "<back_on_line>"),
        ("canceled", "<put_through>"),
    ],
)
def test_being_put_through_and_each_of_its_outcomes(
    caller: Caller, outcome: str, words: str
) -> None:
    caller.rings()
    caller.presses("011")
    caller.hears("<putting_through> Always", "<star_comes_back>")
    caller.waits()
    assert caller.phone.dialling == "+448001111"
    assert caller.phone.caller_id == LINE_NUMBER
    caller.is_put_through_and(outcome)
    caller.hears(words)


def test_a_busy_helpline_can_be_tried_again(caller: Caller) -> None:
    caller.rings()
    caller.presses("011")
    caller.is_put_through_and("busy")
    caller.hears("0800 1111", "<try_again>")
    caller.presses("1#")
    assert caller.phone.dialling == "+448001111"


def test_star_while_it_rings_comes_back(caller: Caller) -> None:
    caller.rings()
    caller.presses("011#")
    assert caller.phone.dialling
    caller.presses("*")
    caller.hears("<put_through>")


def test_star_comes_back_before_anything_is_dialled(caller: Caller) -> None:
    caller.rings()
    caller.presses("011*")
    caller.hears("<put_through>")
    assert caller.phone.dialling is None


def test_a_closed_helpline_says_so(caller: Caller) -> None:
    caller.rings()
    caller.presses("0")
    caller.presses("#")
    caller.hears("<closed_now>")


def test_a_new_edition_is_heard_by_new_calls_and_not_by_those_in_progress(
    caller: Caller, app: Flask, store: Path, clock: Clock
) -> None:
    caller.rings()
    publish(store, replace(edition(article("newer", 1, 1)), id="f" * 12))
    caller.presses("1")
    caller.hears("one section 1")
    other = Caller(app, clock)
    other.rings()
    other.presses("1")
    other.hears("newer section 1")


@pytest.mark.parametrize(
    "path",
    [
        "/voice/",
        "/voice/nonsense",
        "/voice/ffffffffffff/en/menu",
        "/voice/../../etc/passwd",
        "/voice/000000000000",
        "/voice/000000000000/en",
        "/voice/000000000000/xx/menu",
        "/voice/000000000000/en/nothing",
        "/voice/000000000000/en/menu/too/long",
        "/voice/000000000000/en/menu?speed=9",
        "/voice/000000000000/en/menu?speed=nan",
        "/voice/000000000000/en/menu?silences=-1",
        "/voice/000000000000/en/menu?silences=x",
        "/voice/000000000000/en/menu?bookmark=one.9.9",
        "/voice/000000000000/en/menu?bookmark=one",
        "/voice/000000000000/en/menu?at=99999999999999999999",
        "/voice/000000000000/en/menu?at=999999999999999999",
        "/voice/000000000000/en/menu?at=-999999999999999999",
        "/voice/000000000000/en/read/one/0",
        "/voice/000000000000/en/read/one/4",
        "/voice/000000000000/en/read/one/1?from=3",
        "/voice/000000000000/en/read/one/1?from=-1",
        "/voice/000000000000/en/read/none/1",
        "/voice/000000000000/en/helpline/nobody",
        "/voice/000000000000/en/unreached/always/bored",
        "/voice/000000000000/en/transfer/always",
        "/voice/000000000000/en/helplines?page=0",
        "/voice/000000000000/en/helplines?page=-7",
        "/voice/000000000000/en/helplines?since=999999999999999",
        "/voice/000000000000/en/helplines?since=-99999999999999999",
        "/voice/000000000000//en//menu",
        "/voice/%00/%ff/%2e%2e",
        "/voice/caf%C3%A9?x=%27%7E%2F%22%40",
    ],
)
def test_a_malformed_or_unknown_url_is_answered_politely(app: Flask, path: str) -> None:
    for form in ({}, {"Digits": "1"}, {"Digits": "#"}, {"DialCallStatus": "busy"}):
        verbs = verbs_of(ask(app, path, form))
        assert verbs[-1].tag in ("Redirect", "Hangup", "Dial")
        assert "Digits" in form or verbs[-1].tag == "Redirect"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_any_method_is_answered_in_twiml(app: Flask, method: str) -> None:
    for path in ("/voice", "/voice/fallback", "/voice/ended", "/voice/x"):
        verbs_of(ask(app, path, method=method))


def test_markup_and_control_characters_in_posted_fields_change_nothing(
    app: Flask,
) -> None:
    plain = ask(app, "/voice/000000000000/en/menu", {"Digits": "x"})
    nasty = {
        "Digits": "</Gather>\x00\x07<Dial>1</Dial>",
        "From": "<&>\x1b",
        "Caller\x00": "é",
    }
    assert ask(app, "/voice/000000000000/en/menu", nasty) == plain


# Keys that are lost, and others that come with them


@cache
def places() -> list[Step]:
    """A step of each kind, first said or again, within the reading or not."""
    found = {}
    for step in every_reply(EDITION, depth=4):
        found[type(step), step.silences, step.short, step.reading] = step
    return list(found.values())


def test_every_kind_of_step_but_those_of_several_is_asked() -> None:
    """One article needs no list, and one language no choice."""
    assert {type(step) for step in places()} == {*KINDS.values()} - {
        Articles,
        Languages,
    }


def path_of(step: Step) -> str:
    """The address that takes a step's keys, a while after its words began."""
    begun = replace(step, at=round(NOON.timestamp() * 1000) - 900)
    return f"/voice/{url_of(EDITION.id, begun)}"


def leads_to(document: str) -> str:
    """The step that a document is of, without its moment."""
    return place_in(verbs_of(document)[0].get("action") or "")


def place_in(url: str) -> str:
    """The step of an address, without its moment and its form."""
    return re.sub(r"(?<=[?&])(at|lead|short)=\d+&?", "", url).rstrip("?&")


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("POST", {}),
        ("POST", {"Digits": ""}),
        ("POST", {"Digits": " "}),
        ("POST", {"Digits": "A"}),
        ("POST", {"Digits": "１"}),
        ("GET", {}),
    ],
)
def test_nobody_moves_whose_key_was_lost_on_the_way(
    app: Flask, method: str, fields: dict[str, str]
) -> None:
    """At every step that a call can reach: where there was no key, nobody is moved or dialled."""
    client = app.test_client()
    for step in places():
        document = signed(client, path_of(step), fields, method)
        if isinstance(step, Transfer):
            path, _, _ = leads_to(document).partition("?")
            assert path.endswith(f"/helpline/{step.helpline}")
        else:
            assert leads_to(document) == place_in(PUBLIC_URL + path_of(step))
        assert verbs_of(document)[-1].tag != "Dial"


def test_what_came_of_a_transfer_makes_no_key_dead_elsewhere(app: Flask) -> None:
    client = app.test_client()
    for step in places():
        if isinstance(step, Transfer):
            continue
        path = path_of(step)
        for key in "2*#0":
            with_outcome = {"Digits": key, "DialCallStatus": "completed"}
            pressed = signed(client, path, {"Digits": key})
            assert signed(client, path, with_outcome) == pressed
        lost = signed(client, path, {})
        assert signed(client, path, {"DialCallStatus": "busy"}) == lost


@pytest.mark.parametrize(
    ("method", "fields", "event"),
    [
        ("POST", {"SpeechResult": "Number two."}, Spoken("Number two.")),
        ("POST", {"SpeechResult": ""}, Spoken("")),
        ("POST", {"SpeechResult": "x" * 9000}, Spoken("x" * 500)),
        ("POST", {"SpeechResult": "two", "Digits": "3"}, Pressed("3")),
        ("POST", {"SpeechResult": "two", "Digits": ""}, Spoken("two")),
        ("GET", {"SpeechResult": "two"}, KeyLost()),
    ],
)
def test_words_are_taken_from_the_body_where_no_key_was_pressed(
    app: Flask, method: str, fields: dict[str, str], event: Event
) -> None:
    """Never from an address, which a proxy may log."""
    where = {"query_string" if method == "GET" else "data": fields}
    with app.test_request_context("/voice/x", method=method, **where):
        assert event_at(places()[0]) == event


def test_words_that_come_where_nobody_listens_to_them_move_and_dial_nobody(
    app: Flask,
) -> None:
    """This line has no speech: they are like a key that was lost."""
    client = app.test_client()
    for step in places():
        lost = signed(client, path_of(step), {})
        assert signed(client, path_of(step), {"SpeechResult": "one"}) == lost


def test_spaces_and_more_keys_than_one_do_what_the_first_known_key_does(
    app: Flask,
) -> None:
    client = app.test_client()
    for step in places():
        path = path_of(step)
        keys = known_keys(step)
        for sent in (" 2", "2 ", "12", "2#", "52#", "95310"):
            first = next((key for key in sent.strip() if key in keys), "")
            if not first:
                continue
            assert signed(client, path, {"Digits": sent}) == signed(
                client, path, {"Digits": first}
            ), (step, sent)


def known_keys(step: Step) -> set[str]:
    """What does something at a step, where no text is sent and nobody is remembered."""
    begun = replace(step, at=round(NOON.timestamp() * 1000) - 900)
    able = replace(EVERY_ABILITY, text=False, remembers=False)
    call = Call(EDITION, NOON, begun, abilities=able)
    return {*flow.scene_of(call).keys, "0"}


@pytest.mark.parametrize("status", ["completed", "busy", "no-answer", "failed", "x"])
def test_a_repeated_outcome_gets_the_same_answer_and_dials_nobody(
    app: Flask, status: str
) -> None:
    client = app.test_client()
    transfers = [step for step in places() if isinstance(step, Transfer)]
    assert transfers
    for step in transfers:
        outcome = {"DialCallStatus": status, "DialCallDuration": "90"}
        answers = {signed(client, path_of(step), outcome) for _ in range(2)}
        [answer] = answers
        assert verbs_of(answer)[-1].tag != "Dial"


def test_only_the_address_for_silence_is_silence(app: Flask) -> None:
    """Whatever else is sent with it, and by any method."""
    client = app.test_client()
    reading = Reading(language="en", article="one", section=1)
    path = at_silence(path_of(reading))
    for method, fields in (
        ("POST", {}),
        ("POST", {"Digits": "1"}),
        ("POST", {"DialCallStatus": "completed"}),
        ("GET", {}),
    ):
        document = signed(client, path, fields, method)
        assert "/read/one/2" in leads_to(document)


def signed(
    client: FlaskClient, path: str, fields: dict[str, str], method: str = "POST"
) -> str:
    """What answers a signed request."""
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, fields)
    headers = {"X-Twilio-Signature": signature}
    return client.open(path, method=method, data=fields, headers=headers).get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, Outcome("completed")),
        ({"DialBridged": "true"}, Outcome("completed", bridged=True)),
        ({"DialBridged": "False"}, Outcome("completed", bridged=False)),
        ({"DialBridged": "maybe"}, Outcome("completed")),
        ({"DialCallDuration": "25"}, Outcome("completed", seconds=25)),
        ({"DialCallDuration": "-1"}, Outcome("completed")),
        ({"DialCallDuration": "1" * 99}, Outcome("completed")),
        ({"DialCallDuration": "٣"}, Outcome("completed")),
        (
            {"DialBridged": "true", "DialCallDuration": "0"},
            Outcome("completed", True, 0),
        ),
    ],
)
def test_what_a_provider_tells_of_a_transfer_is_read(
    app: Flask, fields: dict[str, str], outcome: Outcome
) -> None:
    data = {"DialCallStatus": "completed", **fields}
    with app.test_request_context("/voice/x", method="POST", data=data):
        assert event_at(Transfer(language="en", helpline="always")) == outcome


def test_a_repeated_webhook_gets_the_same_answer(app: Flask, caller: Caller) -> None:
    caller.rings()
    caller.presses("1")
    action = (
        verbs_of(caller.phone.document)[0].get("action", "").removeprefix(PUBLIC_URL)
    )
    assert ask(app, action, {"Digits": "3"}) == ask(app, action, {"Digits": "3"})


def test_the_fallback_reads_every_helpline_out_and_hangs_up(
    app: Flask, store: Path
) -> None:
    """Even when the store has gone."""
    for file in sorted(store.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    verbs = verbs_of(
        ask(app, "/voice/fallback", {"ErrorCode": "11200", "ErrorUrl": "x"})
    )
    said = [verb.text or "" for verb in verbs[:-1]]
    assert {verb.tag for verb in verbs[:-1]} == {"Say"}
    assert verbs[-1].tag == "Hangup"
    assert said[2] == "Always: 0 8 0 0, 1 1 1 1. 0 8 0 0, 1 1 1 1."
    assert len(said) == len(EDITION.content.languages["en"].helplines) + 2


def test_a_missing_or_damaged_clip_is_spoken_instead(
    caller: Caller, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoken = EDITION.clips["en"]
    StudioStore(store).clip_path(f"{spoken['<menu_intro>'].name}_1").unlink()
    damaged = StudioStore(store).clip_path(f"{spoken['<menu_keys>'].name}_1")
    damaged.write_bytes(damaged.read_bytes()[:-9] + b"123456789")
    caller.rings()
    gather = verbs_of(caller.phone.document)[0]
    assert [said.tag for said in gather] == ["Play", "Say", "Play", "Say", "Play"]
    assert [gather[1].text, gather[3].text] == ["<menu_intro>", "<menu_keys>"]
    assert "is missing" in caplog.text
    assert "is damaged" in caplog.text


def test_the_line_goes_on_when_the_store_stops_answering(
    caller: Caller, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (store / "live").write_text("eeeeeeeeeeee")
    caller.rings()
    caller.hears("<welcome>")


class BrokenOnce(Clock):
    """A clock that fails when asked, once it is broken, as any part of a server might."""

    broken = False

    def __call__(self) -> datetime:
        if self.broken:
            self.broken = False
            raise RuntimeError("the clock has stopped")
        return self.now


def test_an_error_in_a_handler_apologises_and_offers_the_helplines(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = BrokenOnce()
    caller = Caller(line(store, clock), clock)
    caller.rings()
    clock.broken = True
    caller.presses("1")
    caller.hears("<trouble>", "Always")
    assert "the clock has stopped" in caplog.text


def test_nothing_is_done_at_the_end_of_a_call(app: Flask) -> None:
    assert verbs_of(ask(app, "/voice/ended", {"CallStatus": "completed"})) == []


def test_nothing_of_the_caller_is_logged(
    app: Flask, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caller.rings()
    caller.presses("0119")
    ask(app, "/voice/nonsense", {"From": "+447700900123"})
    assert "7700900123" not in caplog.text
