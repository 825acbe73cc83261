"""The preflight: nothing on a sound installation, and each fault that is planted.

The line is served over HTTPS, with a certificate that is made here; the provider's API, and two
pages on other machines, are played.
"""

import json
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Thread
from typing import Any, NamedTuple

import pytest
import requests
import responses
import trustme
from sqlalchemy import text
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app import create_app, site
from ivr.callers.database import database_url, engine_of, prepare
from ivr.edition.edition import Edition
from ivr.operators.findings import Finding, Skip
from ivr.operators.preflight import CHECKS, Check, Checked, made, preflight
from ivr.operators.provisioning import FIELDS, wanted
from ivr.provider.dialects import TWILIO
from ivr.provider.fallback import document
from ivr.settings import VARIABLES, Settings
from scripts import preflight as command
from tests.support.server import TOKEN, free_port
from tests.support.small import AT_ANY_HOUR, edition, helpline, publish
from tests.support.small_content import HELPLINES, changed, write
from tests.support.staff import HASH, SECRET

pytestmark = pytest.mark.slow  # each serves the line over HTTPS

HOST = "line.example.org"
NUMBER = "+441414960000"
SID = "AC" + "0" * 32
ACCOUNT = f"{TWILIO.api}/{SID}/IncomingPhoneNumbers.json"
FALLBACK = "https://static.example.org/fallback.xml"
PRIVACY = "https://www.example.org/privacy"
NOTICE = "We keep no number. [Write to us](mailto:office@example.org)."

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Quiet(WSGIRequestHandler):
    """A request handler that logs nothing."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Says nothing."""


class Front:
    """What answers at the public address; each test says what that is."""

    app: Wsgi

    says_from_where: bool = True

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if self.says_from_where:
            environ["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
        return self.app(environ, start)


class Served(NamedTuple):
    """A server on HTTPS, and what it answers with."""

    url: str
    front: Front


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[trustme.CA]:
    """The authority for certificates that this process trusts."""
    authority = trustme.CA()
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SSL_CERT_FILE", str(file))
        patched.setenv("REQUESTS_CA_BUNDLE", str(file))
        patched.setattr(socket, "getaddrinfo", _at_home(socket.getaddrinfo))
        yield authority


def _at_home(look_up: Callable[..., Any]) -> Callable[..., Any]:
    """A name server that also knows the line's name."""

    def found(host: str, *more: Any, **named: Any) -> Any:
        return look_up("127.0.0.1" if host == HOST else host, *more, **named)

    return found


def serving(authority: trustme.CA, front: Front) -> BaseWSGIServer:
    """A server with a certificate by this authority."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    server = make_server(
        "127.0.0.1", 0, front, threaded=True, request_handler=Quiet, ssl_context=context
    )
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def served(trusted: trustme.CA) -> Iterator[Served]:
    """A server that everybody believes in."""
    front = Front()
    server = serving(trusted, front)
    yield Served(f"https://{HOST}:{server.port}", front)
    server.shutdown()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is up to date, which no test changes."""
    file = tmp_path_factory.mktemp("database") / "callers.db"
    prepare(database_url(f"sqlite:///{file}", file.parent), None, datetime.now(UTC))
    return file


def on_the_air(**more: Any) -> Edition:
    """A small edition without a fault, and with few clips."""
    made = edition(helplines=more.pop("helplines", AT_ANY_HOUR))
    clips = dict(list(made.clips["en"].items())[:4])
    until = (datetime.now(UTC) + timedelta(days=500)).date().isoformat()
    until = more.pop("holidays_until", until)
    content = replace(made.content, holidays_until=until)
    return replace(
        made, voices={"en": "flite:rms"}, content=content, clips={"en": clips}, **more
    )


@dataclass
class World:
    """An installation, and the world around it. A fault changes something in it."""

    settings: Settings
    front: Front
    folder: Path
    others: responses.RequestsMock
    """Other machines."""
    number: dict[str, str]
    """What the provider has set for the line's number."""
    later: timedelta = timedelta(0)
    """How far this machine's calendar is ahead."""

    def looked_at(self) -> dict[str, Checked]:
        """What the preflight says, by check."""
        found = site(self.settings, lambda: datetime.now(UTC) + self.later)
        found = replace(found, secrets=self.folder / ".env")
        return {checked.name: checked for checked in preflight(found)}

    def has(self, **settings: Any) -> None:
        """Settings differ, on the server too, except for its addresses."""
        self.settings = replace(self.settings, **settings)

    def on_the_air(self, made: Edition) -> None:
        """Another edition is on the air."""
        publish(self.settings.store, made)

    def answers(self, status: int, body: str = "", **headers: str) -> None:
        """Something else answers at the public address."""
        told = [(name.replace("_", "-"), value) for name, value in headers.items()]

        def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            start(f"{status} -", [("Content-Type", "text/html"), *told])
            return [body.encode()]

        self.front.app = app

    def proxy(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Something changes each request on the way."""
        line = self.front.app

        def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            change(environ)
            return line(environ, start)

        self.front.app = app


@pytest.fixture
def world(tmp_path: Path, served: Served, database: Path) -> Iterator[World]:
    """A sound one."""
    made = on_the_air()
    publish(tmp_path / "store", made)
    today = datetime.now(UTC).date().isoformat()
    words = changed(HELPLINES, "2026-11-23", today)
    shutil.copy(database, tmp_path / "callers.db")
    secrets = tmp_path / ".env"
    secrets.touch(mode=0o600)
    settings = Settings(
        public_url=served.url,
        twilio_auth_token=TOKEN,
        twilio_account_sid=SID,
        line_number=NUMBER,
        store=tmp_path / "store",
        content=write(tmp_path / "content", helplines=words),
        studio=tmp_path / "studio",
        database=f"sqlite:///{tmp_path}/callers.db",
        studio_password_hash=HASH,
        secret_key=SECRET,
        fallback_url=FALLBACK,
        privacy_url=PRIVACY,
    )
    served.front.app = create_app(settings)
    served.front.says_from_where = True
    number = {"sid": "PN1", "phone_number": NUMBER}
    number |= {FIELDS[name]: value for name, value in wanted(settings).items()}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as others:
        others.add_passthru(f"https://{HOST}")
        others.get(ACCOUNT, json={"incoming_phone_numbers": [number]})
        others.head("https://api.twilio.com/", headers=dated(timedelta(0)))
        others.get(FALLBACK, document(made), content_type="text/xml")
        others.get(PRIVACY, NOTICE)
        yield World(settings, served.front, tmp_path, others, number)


def dated(off: timedelta) -> dict[str, str]:
    """The header of an answer that was sent so much later than now."""
    return {"Date": format_datetime(datetime.now(UTC) + off, usegmt=True)}


def test_a_sound_installation_has_nothing_to_mend(world: World) -> None:
    found = world.looked_at()
    assert len(found) == len(CHECKS)
    wrong = {
        name: checked for name, checked in found.items() if checked.state != "well"
    }
    assert wrong == {}


def test_the_command_says_so_too_to_people_and_to_programs(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, variable in VARIABLES.items():
        [field] = [
            each.name
            for each in fields(Settings)
            if each.metadata["variable"] == variable
        ]
        monkeypatch.setenv(name, str(getattr(world.settings, field) or ""))
    assert command.main([]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(CHECKS)
    assert "         ok  The certificate" in said
    a_fallback_that_is_out_of_date(world)
    assert command.main(["--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ready"] is False
    [wrong] = [check for check in told["checks"] if check["state"] == "fault"]
    assert wrong["name"] == "The fallback on another machine"
    assert (
        wrong["findings"][0]["mend"] == "copy it there again with scripts/fallback.py"
    )


# What is planted


def nothing_published(world: World) -> None:
    world.has(store=world.folder / "empty")


def a_damaged_edition(world: World) -> None:
    for file in world.folder.glob("store/editions/*.json"):
        file.write_bytes(b"{}")


def a_missing_clip(world: World) -> None:
    next(world.folder.glob("store/clips/*/*")).unlink()


def a_clip_that_was_cut(world: World) -> None:
    clip = next(world.folder.glob("store/clips/*/*"))
    clip.write_bytes(clip.read_bytes()[:-1])


def a_silent_voice(world: World) -> None:
    world.on_the_air(replace(on_the_air(), voices={"en": "silent:100"}))


def a_wrong_number_in_the_words(world: World) -> None:
    write(world.settings.content, helplines=HELPLINES.replace("0800 1111", "0800 12"))


def a_helpline_that_nobody_checked(world: World) -> None:
    write(
        world.settings.content, helplines=HELPLINES.replace("2026-11-23", "2019-01-01")
    )


def a_number_that_does_not_exist(world: World) -> None:
    wrong = helpline("wrong", "0800 9177 6506")
    world.on_the_air(on_the_air(helplines=(wrong,)))


def nobody_to_be_put_through_to(world: World) -> None:
    world.on_the_air(on_the_air(helplines=(helpline("code", "116 123", e164=None),)))


def a_helpline_that_never_opens(world: World) -> None:
    world.on_the_air(on_the_air(helplines=(helpline("shut", hours=()),)))


def holidays_that_end_soon(world: World) -> None:
    world.later = timedelta(days=140)


def no_line_number(world: World) -> None:
    world.has(line_number=None)


def a_line_number_that_does_not_exist(world: World) -> None:
    world.has(line_number="+4414149600")


def a_line_number_abroad(world: World) -> None:
    world.has(line_number="+12125550123")


def a_premium_line_number(world: World) -> None:
    world.has(line_number="+449098790000")


def a_helplines_number_as_the_lines(world: World) -> None:
    world.has(line_number="+448001111")


def no_key_of_the_provider(world: World) -> None:
    world.has(twilio_auth_token=None)


def no_password(world: World) -> None:
    world.has(studio_password_hash=None)


def no_secret_key(world: World) -> None:
    world.has(secret_key=None)


def secrets_that_all_can_read(world: World) -> None:
    (world.folder / ".env").chmod(0o644)


def no_database(world: World) -> None:
    world.has(database=f"sqlite:///{world.folder}/other.db")


def a_database_of_another_version(world: World) -> None:
    url = database_url(world.settings.database, world.folder)
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()


def a_file_that_is_no_database(world: World) -> None:
    (world.folder / "callers.db").write_bytes(b"no database" * 1000)


def a_database_that_is_away(world: World) -> None:
    world.has(database=f"postgresql://line:hush@127.0.0.1:{free_port()}/line")


def no_https(world: World) -> None:
    world.has(public_url="http://line.example.org")


def nothing_at_the_address(world: World) -> None:
    world.has(public_url=f"https://{HOST}:{free_port()}")


def something_else_at_the_address(world: World) -> None:
    world.answers(200, "It works!")


def a_redirect_at_the_address(world: World) -> None:
    world.answers(301, Location="https://www.example.org/")


def another_edition_at_the_address(world: World) -> None:
    store = world.folder / "other"
    publish(store, on_the_air(id="1" * 12))
    world.front.app = create_app(replace(world.settings, store=store))


def a_certificate_that_ends_soon(world: World) -> None:
    world.later = _until_it_ends(world) - timedelta(days=10)


def a_certificate_that_has_nearly_ended(world: World) -> None:
    world.later = _until_it_ends(world) - timedelta(days=3)


def _until_it_ends(world: World) -> timedelta:
    """trustme makes certificates that end in the year 2999."""
    return datetime(2999, 12, 31, tzinfo=UTC) - datetime.now(UTC)


def a_certificate_that_nobody_believes(world: World) -> None:
    server = serving(trustme.CA(), world.front)
    world.has(public_url=f"https://{HOST}:{server.port}")


def an_answer_to_anybody(world: World) -> None:
    world.answers(200, "<Response/>")


def another_key_on_the_server(world: World) -> None:
    world.front.app = create_app(replace(world.settings, twilio_auth_token="other"))


def a_proxy_that_decodes_addresses(world: World) -> None:
    def decode(environ: dict[str, Any]) -> None:
        for name in ("RAW_URI", "REQUEST_URI"):
            environ[name] = environ.get(name, "").replace("%27", "'")

    world.proxy(decode)


def a_proxy_that_hides_where_requests_come_from(world: World) -> None:
    world.front.says_from_where = False


def a_proxy_that_keeps_sound_to_itself(world: World) -> None:
    def lose(environ: dict[str, Any]) -> None:
        environ["PATH_INFO"] = environ["PATH_INFO"].replace("/clips/", "/static/")

    world.proxy(lose)


def a_clock_that_is_slow(world: World) -> None:
    url = "https://api.twilio.com/"
    world.others.replace("HEAD", url, headers=dated(timedelta(minutes=5)))


def a_number_that_rings_elsewhere(world: World) -> None:
    world.number["voice_url"] = "https://demo.twilio.com/"
    world.others.replace(
        "GET", ACCOUNT, json={"incoming_phone_numbers": [world.number]}
    )


def a_number_in_a_trunk(world: World) -> None:
    world.number["trunk_sid"] = "TK1"
    world.others.replace(
        "GET", ACCOUNT, json={"incoming_phone_numbers": [world.number]}
    )


def an_account_that_has_not_this_number(world: World) -> None:
    world.others.replace("GET", ACCOUNT, json={"incoming_phone_numbers": []})


def a_password_that_the_provider_refuses(world: World) -> None:
    world.others.replace("GET", ACCOUNT, status=401, json={"code": 20003})


def no_fallback_elsewhere(world: World) -> None:
    world.has(fallback_url=None)


def a_fallback_that_is_out_of_date(world: World) -> None:
    world.others.replace("GET", FALLBACK, "<Response/>", content_type="text/xml")


def a_fallback_that_is_gone(world: World) -> None:
    world.others.replace("GET", FALLBACK, status=404)


def no_privacy_notice(world: World) -> None:
    world.has(privacy_url=None)


def a_privacy_notice_that_is_gone(world: World) -> None:
    world.others.replace("GET", PRIVACY, status=404)


def a_privacy_notice_with_a_blank(world: World) -> None:
    world.others.replace("GET", PRIVACY, "We are [the name of the charity].")


PLANTED: list[tuple[Callable[[World], None], str, str, str]] = [
    (nothing_published, "An edition is on the air", "fault", "nothing is on the air"),
    (a_damaged_edition, "An edition is on the air", "fault", "damaged"),
    (a_missing_clip, "Its clips are complete", "fault", "1 of 20 clips are missing"),
    (a_clip_that_was_cut, "Its clips are complete", "fault", "1 of 20 clips"),
    (a_silent_voice, "Somebody reads it", "fault", "no voice reads en"),
    (a_wrong_number_in_the_words, "The words", "fault", "helplines.toml:4: "),
    (a_helpline_that_nobody_checked, "The words", "warning", "last checked on 2019"),
    (
        a_number_that_does_not_exist,
        "The helplines' numbers",
        "fault",
        "Wrong: 0800 9177",
    ),
    (
        nobody_to_be_put_through_to,
        "The helplines' numbers",
        "fault",
        "put through to anybody",
    ),
    (
        a_helpline_that_never_opens,
        "The helplines' hours",
        "fault",
        "Shut is never open",
    ),
    (holidays_that_end_soon, "Public holidays", "warning", "are known only until"),
    (no_line_number, "The line's number", "fault", "LINE_NUMBER is not set"),
    (
        a_line_number_that_does_not_exist,
        "The line's number",
        "fault",
        "not a valid number",
    ),
    (a_line_number_abroad, "The line's number", "fault", "not in the helplines"),
    (a_premium_line_number, "The caller ID of transfers", "fault", "a premium-rate"),
    (
        a_helplines_number_as_the_lines,
        "The caller ID of transfers",
        "fault",
        "of Always",
    ),
    (no_key_of_the_provider, "The provider's key", "fault", "every call is refused"),
    (no_password, "The studio's password", "fault", "the studio has no password"),
    (no_secret_key, "The studio's password", "fault", "SECRET_KEY is not set"),
    (secrets_that_all_can_read, "Secrets are kept from others", "fault", "can read"),
    (no_database, "The database", "fault", "is not set up"),
    (a_database_of_another_version, "The database", "fault", "is not set up"),
    (a_file_that_is_no_database, "The database", "fault", "not a database"),
    (a_database_that_is_away, "The database", "fault", "cannot be used: "),
    (no_https, "The public address", "fault", "is not an https address"),
    (nothing_at_the_address, "The line answers there", "fault", "cannot be reached"),
    (
        something_else_at_the_address,
        "The line answers there",
        "fault",
        "something else",
    ),
    (a_redirect_at_the_address, "The line answers there", "fault", "it redirects to"),
    (another_edition_at_the_address, "The line answers there", "fault", "111111111111"),
    (a_certificate_that_ends_soon, "The certificate", "warning", "it ends in"),
    (a_certificate_that_has_nearly_ended, "The certificate", "fault", "it ends in"),
    (a_certificate_that_nobody_believes, "The certificate", "fault", "is not valid"),
    (
        an_answer_to_anybody,
        "Unsigned requests are refused",
        "fault",
        "answered with 200",
    ),
    (another_key_on_the_server, "Signed requests are accepted", "fault", "is refused"),
    (
        a_proxy_that_decodes_addresses,
        "Signed requests are accepted",
        "fault",
        "refused",
    ),
    (
        a_proxy_that_hides_where_requests_come_from,
        "Clients are told apart",
        "fault",
        "does not say where",
    ),
    (a_proxy_that_keeps_sound_to_itself, "Sound is served", "fault", "with 404"),
    (a_clock_that_is_slow, "The clock", "fault", "s slow"),
    (
        a_number_that_rings_elsewhere,
        "The provider's number points here",
        "fault",
        "demo",
    ),
    (a_number_in_a_trunk, "The provider's number points here", "fault", "a SIP trunk"),
    (
        an_account_that_has_not_this_number,
        "The provider's number points here",
        "fault",
        "does not have the number",
    ),
    (
        a_password_that_the_provider_refuses,
        "The provider's number points here",
        "fault",
        "does not accept TWILIO_ACCOUNT_SID",
    ),
    (no_fallback_elsewhere, "The fallback on another machine", "warning", "is not set"),
    (
        a_fallback_that_is_out_of_date,
        "The fallback on another machine",
        "fault",
        "date",
    ),
    (
        a_fallback_that_is_gone,
        "The fallback on another machine",
        "fault",
        "answers with 404",
    ),
    (no_privacy_notice, "The privacy notice", "fault", "PRIVACY_URL is not set"),
    (a_privacy_notice_that_is_gone, "The privacy notice", "fault", "with 404"),
    (a_privacy_notice_with_a_blank, "The privacy notice", "fault", "blanks to fill in"),
]
"""A fault, the check that must find it, how grave it is, and what is said of it."""


@pytest.mark.parametrize(
    ("plant", "check", "state", "words"),
    PLANTED,
    ids=[plant.__name__ for plant, *_ in PLANTED],
)
def test_a_planted_fault_is_found_with_its_mend(
    plant: Callable[[World], None], check: str, state: str, words: str, world: World
) -> None:
    plant(world)
    checked = world.looked_at()[check]
    assert checked.state == state, checked
    said = [finding.what for finding in checked.findings]
    assert any(words in what for what in said), said
    assert all(finding.mend for finding in checked.findings)
    assert "hush" not in str(said)


def test_a_full_disk_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, 10**6))
    assert world.looked_at()["The disk"].state == "fault"


def test_every_check_finds_something_that_is_planted() -> None:
    assert {check.name for check in CHECKS} - {check for _, check, *_ in PLANTED} == {
        "The disk"
    }


def test_without_a_network_nothing_is_said_that_is_not_known(world: World) -> None:
    away = requests.ConnectionError()
    world.others.replace("HEAD", "https://api.twilio.com/", body=away)
    checked = world.looked_at()["The clock"]
    assert checked.skipped == "api.twilio.com cannot be reached (ConnectionError)"


def test_a_check_that_fails_itself_stops_no_other(world: World) -> None:
    def breaks(_: object) -> list[Finding]:
        raise ZeroDivisionError("0")

    def skips(_: object) -> list[Finding]:
        raise Skip("not today")

    found = site(world.settings)
    assert made(Check("x", breaks), found).state == "fault"
    assert made(Check("x", skips), found) == Checked("x", skipped="not today")
