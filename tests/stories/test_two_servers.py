"""Two servers, each of two processes, with one PostgreSQL and one store; calls move between them at
every step. Callers hear what they would hear of a single process, and the counts are the same."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from app import create_app, utc_now
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.edition.content import Article, Section
from ivr.handset.phone import Answer, Ask, Phone, over_app, over_http
from ivr.settings import Settings
from tests.support.acting import KEY, Counted, counted, rows, until, written
from tests.support.caller import LINE_NUMBER, PUBLIC_URL
from tests.support.postgresql import Server
from tests.support.server import TOKEN, running
from tests.support.small import AT_ANY_HOUR, edition, publish

NUMBER, ANOTHER, WITHHELD = "+447700900123", "+447700900124", "anonymous"

LONG = "so long that it takes no slow machine more time to answer, " * 4
"""About 24 s: whatever a key does here does not depend on when exactly it comes."""

ARTICLE = Article(
    "long",
    "A long one",
    "From a test.",
    "",
    "2026-01-01",
    (
        Section("First", (f"One {LONG}", f"Two {LONG}")),
        Section("Second", (f"Three {LONG}", f"Four {LONG}")),
    ),
)

CALLS = (
    (NUMBER, "1690", "1", "2", "1", "no key", "busy", "**5"),
    (NUMBER, "1", "8*"),
    (WITHHELD, "no key"),
    (ANOTHER, "01", "1", "no key", "completed", "2"),
    (NUMBER, "4#", "1", "1"),
    (NUMBER, "2", "2"),
    (ANOTHER, "1*"),
)
"""The callers, and what they do; the first is forgotten in the end, and reads on."""

OUTCOMES = ("busy", "completed")


def makes(ask: Ask, number: str, does: tuple[str, ...], call: str) -> Iterator[str]:
    """A call, without its moments: each document that the line sends."""
    phone = Phone(ask, PUBLIC_URL, TOKEN, caller=number, call=call)
    phone.ring()
    yield told(phone)
    for each in does:
        if each == "no key":
            phone.let_pass()
        elif each in OUTCOMES:
            phone.outcome(each)
        else:
            for key in each:
                phone.press(key)
        yield told(phone)
    phone.hang_up(61)


def told(phone: Phone) -> str:
    """The last document, without moments."""
    return re.sub(r"(at|since|until)=\d+", "", phone.document)


def places(url: URL) -> list[tuple[object, ...]]:
    """Where callers are remembered to be."""
    names = ("caller", "speed", "article", "section", "start", "sentence", "heading")
    return [tuple(row[name] for name in names) for row in rows(url, "bookmarks")]


@dataclass(frozen=True)
class Heard:
    """What came of a call."""

    documents: list[str]
    counts: Counted
    """Of all calls so far."""
    places: list[tuple[object, ...]]


def agrees(url: URL, heard: Heard) -> bool:
    """Whether a database knows the same."""
    return (counted(url), places(url)) == (heard.counts, heard.places)


@pytest.fixture
def single(tmp_path: Path) -> list[Heard]:
    """What comes of the calls where one process answers them all."""
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, KEY, utc_now())
    publish(tmp_path / "store", edition(ARTICLE, helplines=AT_ANY_HOUR))
    callers = Callers(url, KEY, utc_now)
    settings = Settings(
        public_url=PUBLIC_URL,
        twilio_auth_token=TOKEN,
        line_number=LINE_NUMBER,
        store=tmp_path / "store",
    )
    client = create_app(settings, callers=callers).test_client()
    heard = []
    for number, (caller, *does) in enumerate(CALLS):
        ask = over_app(client, PUBLIC_URL)
        documents = list(makes(ask, caller, tuple(does), f"CA{number:032x}"))
        written(callers)
        heard.append(Heard(documents, counted(url), places(url)))
    callers.stop()
    return heard


def test_two_servers_tell_and_count_what_a_single_process_does(
    single: list[Heard], postgresql: Server, tmp_path: Path
) -> None:
    address = postgresql.new()
    url = database_url(address, tmp_path)
    more = {"DATABASE_URL": address, "SECRET_KEY": KEY}
    store = tmp_path / "store"
    with running(store, **more) as one, running(store, **more) as other:
        servers = [over_http(each, PUBLIC_URL) for each in (one, other)]
        asks = alternately(servers)
        for number, (caller, *does) in enumerate(CALLS):
            expected = single[number]
            call = f"CA{number:032x}"
            assert list(makes(asks, caller, tuple(does), call)) == expected.documents
            until(partial(agrees, url, expected))
    assert single[1].documents[0] != single[0].documents[0], "they could carry on"
    assert single[5].documents[0] == single[0].documents[0], "they were forgotten"


def alternately(servers: list[Ask]) -> Ask:
    """Each request goes to another server than the one before."""
    turns = itertools.cycle(servers)

    def ask(
        method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        return next(turns)(method, url, form, headers)

    return ask
