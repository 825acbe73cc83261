"""What is written to the database, each batch in one transaction.

**What arrives twice counts once.** A webhook may arrive twice, late, out of order and at two
servers. Whoever counts an event names it (`once`: the call's id, the step and what happened), and
the name's keyed digest goes into `seen` in the transaction that counts the event: who finds it
there counts nothing. So a transaction may also be tried again after a lost connection.

A digest identifies an event only while its salt exists, and no longer than that a call. A salt is
drawn at random for each period of `PERIOD_S`, longer than any call. A name is written under two
salts, this period's and the last one's; so two arrivals less than a period apart have one in
common, even where one server is already in the next period. When a period is the last but one,
its salt and digests are deleted: at most ten hours after the event, nobody who has the database,
even together with the provider's records, can tell which call an event was of.

**Nobody is moved back.** A bookmark has the moment at which its place was heard, and an earlier
one does not replace a later one. The moment is emptied with the digests.

**Who is forgotten stays so.** The call in which a caller asked for it is noted in `seen`, too, so
that a late webhook of that call does not bring them back.
"""

import hmac
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Select,
    Table,
    delete,
    func,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ivr.callers.events import Bookmark, Event
from ivr.callers.tables import bookmarks, day_counts, events, meta, salts, seen

PERIOD_S = 5 * 60 * 60
"""Calls end within four hours, and the clocks of two machines may be an hour apart."""

KEPT = timedelta(days=90)
"""How long bookmarks are kept, and the hours of events."""

KEY = ("day", "kind", "language", "subject", "section")
"""What a day's count is of."""


@dataclass(frozen=True)
class Count:
    """An event, to be counted."""

    event: Event
    once: str
    at: datetime
    """When it happened, in the line's time zone."""


@dataclass(frozen=True)
class Remember:
    """Where a caller is, unless the database knows of a later place."""

    caller: str
    bookmark: Bookmark
    call: str
    """Identifies the call."""
    moment: int
    """When the place was heard, in milliseconds since 1970."""


@dataclass(frozen=True)
class Forget:
    """A caller, of whom nothing may be left."""

    caller: str
    call: str
    """Identifies the call in which they asked for it; nothing more of that call is kept."""

    @property
    def once(self) -> str:
        """Names the request."""
        return forgotten(self.call)


Work = Count | Remember | Forget


def forgotten(call: str) -> str:
    """Names a call whose caller asked to be forgotten."""
    return f"forgotten {call}"


def write(connection: Connection, batch: Sequence[Work], now: datetime) -> None:
    """All of a batch, in the order in which it came."""
    salted = _salts(connection, now)
    new = _not_seen(connection, salted, batch)
    _count(connection, [work for work in new if isinstance(work, Count)])
    _remember(
        connection, salted, [work for work in new if not isinstance(work, Count)], now
    )


def _salts(connection: Connection, now: datetime) -> dict[int, bytes]:
    """The salts of this period and the last, drawn where they are missing."""
    this = int(now.timestamp()) // PERIOD_S
    periods = (this - 1, this)
    known = select(salts).where(salts.c.period.in_(periods))
    found = connection.execute(known).all()
    if len(found) < len(periods):
        drawn = [{"period": period, "salt": os.urandom(32)} for period in periods]
        connection.execute(_insert(connection, salts).on_conflict_do_nothing(), drawn)
        found = connection.execute(known).all()
    return {row.period: row.salt for row in found}


def _digests(salted: dict[int, bytes], once: str) -> dict[bytes, int]:
    """A name under each salt, with the salt's period."""
    name = once.encode("utf-8", "replace")
    digests: dict[bytes, int] = {}
    for period, salt in salted.items():
        digest = hmac.digest(salt, name, "sha256")
        digests[digest[:16]] = period
    return digests


def _not_seen(
    connection: Connection, salted: dict[int, bytes], batch: Sequence[Work]
) -> list[Work]:
    """What of a batch comes for the first time, in order; by now, all of it has been seen.

    Where somebody is may come as often as it likes.
    """
    digests: dict[str, dict[bytes, int]] = {}
    periods: dict[bytes, int] = {}
    for work in batch:
        if not isinstance(work, Remember):
            digests[work.once] = _digests(salted, work.once)
            periods |= digests[work.once]
    # In one order everywhere, against deadlocks.
    rows = [{"digest": digest, "period": periods[digest]} for digest in sorted(periods)]
    added: set[bytes] = set()
    if rows:
        insert = _insert(connection, seen).on_conflict_do_nothing()
        added.update(connection.scalars(insert.returning(seen.c.digest), rows))
    new: list[Work] = []
    for work in batch:
        if isinstance(work, Remember):
            new.append(work)
        elif added.issuperset(digests[work.once]):
            new.append(work)
            added.difference_update(
                digests[work.once]
            )  # within the batch, too, it counts once
    return new


def _count(connection: Connection, counted: Iterable[Count]) -> None:
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for work in counted:
        event = work.event
        row = {
            "day": work.at.date(),
            "kind": event.kind.value,
            "language": event.language,
            "subject": event.subject,
            "section": event.section,
            "hour": work.at.hour,
        }
        key = tuple(row.values())
        sums = rows.setdefault(key, row | {"times": 0, "minutes": 0})
        sums["times"] += 1
        sums["minutes"] += event.minutes
    if rows:
        connection.execute(
            _adding(connection, events), [rows[key] for key in sorted(rows)]
        )


def _remember(
    connection: Connection,
    salted: dict[int, bytes],
    batch: Sequence[Remember | Forget],
    now: datetime,
) -> None:
    """Bookmarks, and who is to be forgotten, in the order in which they came."""
    gone = _forgotten(connection, salted, {work.call for work in batch})
    last: dict[str, Remember] = {}
    forgets: set[str] = set()
    for work in batch:
        if isinstance(work, Forget):
            forgets.add(work.caller)
            last.pop(work.caller, None)
        elif work.call not in gone:
            before = last.get(work.caller, work)
            last[work.caller] = max(before, work, key=lambda each: each.moment)
    for caller in sorted(forgets):
        forget(connection, caller)
    rows = [_row(last[caller], now) for caller in sorted(last)]
    if not rows:
        return
    insert = _insert(connection, bookmarks)
    upsert = insert.on_conflict_do_update(
        index_elements=["caller"],
        set_={name: insert.excluded[name] for name in rows[0] if name != "caller"},
        where=func.coalesce(bookmarks.c.moment, 0) <= insert.excluded.moment,
    )
    connection.execute(upsert, rows)


def _row(work: Remember, now: datetime) -> dict[str, object]:
    row = asdict(work.bookmark)
    return row | {"caller": work.caller, "day": now.date(), "moment": work.moment}


def _forgotten(
    connection: Connection, salted: dict[int, bytes], calls: set[str]
) -> set[str]:
    """Of some calls, those whose callers asked to be forgotten."""
    digests = {call: _digests(salted, forgotten(call)) for call in calls}
    every = set().union(*digests.values())
    if not every:
        return set()
    found = set(
        connection.scalars(select(seen.c.digest).where(seen.c.digest.in_(every)))
    )
    return {call for call, own in digests.items() if found.intersection(own)}


def forget(connection: Connection, caller: str) -> int:
    """Deletes what is known of a caller, at once; how many rows that were."""
    return connection.execute(
        delete(bookmarks).where(bookmarks.c.caller == caller)
    ).rowcount


def find(connection: Connection, caller: str, now: datetime) -> Bookmark | None:
    """Where a caller left off within the last 90 days."""
    columns = [
        column
        for column in bookmarks.c
        if column.name not in ("caller", "day", "moment")
    ]
    kept = bookmarks.c.day >= now.date() - KEPT
    row = connection.execute(
        select(*columns).where(bookmarks.c.caller == caller, kept)
    ).first()
    return Bookmark(*row) if row else None


def tidy(connection: Connection, now: datetime) -> None:
    """Deletes what has been kept for long enough; what is older than 90 days is rolled up.

    Once an hour in each process; but rolled up once a day by one of them, while the others wait.
    """
    this = int(now.timestamp()) // PERIOD_S
    connection.execute(delete(salts).where(salts.c.period < this - 1))
    connection.execute(delete(seen).where(seen.c.period < this - 1))
    over = bookmarks.c.moment < (this - 1) * PERIOD_S * 1000
    connection.execute(update(bookmarks).where(over).values(moment=null()))
    today = now.date()
    turn = update(meta).where(meta.c.name == "tidied", meta.c.value < today.isoformat())
    if connection.execute(turn.values(value=today.isoformat())).rowcount:
        connection.execute(delete(bookmarks).where(bookmarks.c.day < today - KEPT))
        _roll_up(connection, now)


def _roll_up(connection: Connection, now: datetime) -> None:
    old = events.c.day < now.date() - KEPT
    key = [events.c[name] for name in KEY]
    sums = func.sum(events.c.times), func.sum(events.c.minutes)
    days = select(*key, *sums).where(old).group_by(*key).order_by(*key)
    connection.execute(_adding(connection, day_counts, days))
    connection.execute(delete(events).where(old))


def _adding(
    connection: Connection, table: Table, rows: Select[Any] | None = None
) -> Executable:
    """Inserts counts; where there are some of the same key, adds them to those."""
    insert = _insert(connection, table)
    if rows is not None:
        insert = insert.from_select(table.c.keys(), rows)
    sums = {
        name: table.c[name] + insert.excluded[name] for name in ("times", "minutes")
    }
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=sums
    )


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that may say what happens to a row that is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
