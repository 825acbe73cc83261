"""Nothing that is kept anywhere tells a caller's number, or which call it was."""

import logging
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.events import Event, Happened, Kind
from ivr.callers.tables import metadata
from tests.support.acting import NUMBER, PLACE, Clock, remember, rows, until, written
from tests.support.postgresql import Server

CALL = "CA0123456789abcdef0123456789abcdef"
DIGITS = NUMBER.removeprefix("+")
PARTS = [DIGITS[n : n + 7] for n in range(len(DIGITS) - 6)]


def test_no_table_and_no_file_has_a_number_or_seven_digits_of_it_or_a_call(
    callers: Callers,
    url: URL,
    clock: Clock,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    caller = callers.hash_of(NUMBER)
    assert caller is not None
    callers.count(CALL, Happened(Event(Kind.CALL), clock()))
    begun = Event(Kind.BEGUN, "en", "an-article", 1)
    callers.count(f"{CALL} read", Happened(begun, clock()))
    remember(callers, caller, PLACE, CALL, clock.ms)
    callers.forget(caller, f"{CALL} forget")
    remember(callers, caller, PLACE, f"{CALL} again", clock.ms)
    written(callers)
    until(lambda: callers.bookmark(caller) == PLACE)
    kept = "\n".join(str(rows(url, table)) for table in metadata.tables)
    assert caller in kept  # so this looks at what is there
    files = list(tmp_path.rglob("*"))
    if url.get_backend_name() == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        server.run("CHECKPOINT")
        files += server.files()
    data = b"".join(file.read_bytes() for file in files if file.is_file())
    assert caller.encode() in data
    for part in (*PARTS, CALL, CALL[2:]):
        assert part not in kept
        assert part.encode() not in data
        assert part not in caplog.text


def test_the_columns_that_there_are_and_no_others() -> None:
    """What is added here must be added to what callers are told is kept."""
    assert {
        name: [column.name for column in table.c]
        for name, table in metadata.tables.items()
    } == {
        "bookmarks": [
            *(
                "caller",
                "edition_id",
                "language",
                "speed",
                "article",
                "section",
                "start",
            ),
            *("sentence", "day", "moment", "heading", "at"),
        ],
        "events": [
            *(
                "day",
                "kind",
                "language",
                "subject",
                "section",
                "hour",
                "times",
                "minutes",
            ),
        ],
        "day_counts": [
            "day",
            "kind",
            "language",
            "subject",
            "section",
            "times",
            "minutes",
        ],
        "seen": ["digest", "period"],
        "salts": ["period", "salt"],
        "barred": ["caller", "since"],
        "meta": ["name", "value"],
    }
