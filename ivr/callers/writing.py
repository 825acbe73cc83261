"""What is written to the database, each batch in one transaction.

**What arrives twice counts once.** A webhook may arrive twice, late, out of order and at two
servers. Each has a name (`once`: the call's id and the step's URL, at which one thing happens and
no more), and the name's keyed digest goes into `seen` in the transaction that counts what it tells:
if it is there already, nothing is counted. So a transaction may also be tried again after a lost
connection. What counts once per call, such as a section that was begun, has a name of its own as
well.

**Nothing is known about a call in progress**, and a hang-up may never be reported. So what counts
only if nothing else comes is counted at once, and the next webhook takes it back: where the caller
would have stopped, and that the call was silent. Sums do not depend on the order.

A digest identifies an event only while its salt exists, and no longer than that a call. A salt is
drawn at random for each period of `PERIOD_S`, longer than any call. A name is written under two
salts, this period's and the last one's; so two arrivals less than a period apart have one in
common, even where one server is already in the next period. When a period is the last but one, its
salt and digests are deleted: at most ten hours after the event, nobody who has the database, even
together with the provider's records, can tell which call an event was of.

**Nobody is moved back.** A bookmark has a moment: the time of the announcement that the caller's
key answered. So a repeated webhook has the same moment, and is recognised by it; and one that
another server wrote late does not replace a later one. The moment is emptied with the digests, and
so is the time at which the sentence began.

**A forgotten caller stays forgotten.** The call in which they asked for it is noted in `seen` too,
so that a late webhook of that call does not bring them back.
"""

import hmac
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain

from sqlalchemy import (
    Connection,
    Executable,
    Table,
    delete,
    func,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ivr.callers.events import Bookmark, Happened
from ivr.callers.tables import bookmarks, day_counts, events, meta, salts, seen

PERIOD_S = 5 * 60 * 60
"""Calls end within four hours, and the clocks of two machines may be an hour apart."""

KEPT = timedelta(days=90)
"""How long bookmarks are kept, and the hours of events."""

Insert = postgresql.Insert | sqlite.Insert

NOTING = (
    "INSERT INTO seen (digest, period) VALUES {rows} ON CONFLICT DO NOTHING"
    " RETURNING digest"
)

ROWS = 1000
"""How many it notes at once: older versions of SQLite take at most 32,766 values, PostgreSQL takes
65,535."""

KEY = ("day", "kind", "language", "subject", "section")
"""What a day's count is of."""

HOUR = (*KEY, "hour")
"""What an hour's count is of."""

Hour = tuple[date, str, str, str, int, int]
"""The values of these."""


@dataclass(frozen=True)
class HungUp:
    """In which sentence of their section a caller hung up."""

    caller: str
    at: int
    """The bookmark's: when the sentence began that was being read."""
    start: int
    sentence: str
    """As a bookmark's."""


@dataclass(frozen=True)
class Remember:
    """Where a caller is, unless the database knows of a later place."""

    caller: str
    bookmark: Bookmark
    call: str
    """Identifies the call."""
    moment: int
    """In milliseconds since 1970. It rises within the call, and from one to the next; what comes
    again has the same."""


@dataclass(frozen=True)
class Count:
    """What a webhook reports, to be counted."""

    once: str
    """Names the webhook."""
    happened: tuple[Happened, ...]
    hung_up: HungUp | None = None
    """Where the caller hung up, if the webhook reports that."""
    remember: Remember | None = None
    """Where the caller is, if that is remembered."""


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


Work = Count | Forget


def forgotten(call: str) -> str:
    """Names a call whose caller asked to be forgotten."""
    return f"forgotten {call}"


def write(connection: Connection, batch: Sequence[Work], now: datetime) -> None:
    """All of a batch, in the order in which it came."""
    salted = _salts(connection, now)
    new = _new(connection, salted, batch)
    counts: list[Count] = []
    callers: list[Remember | Forget] = []
    for work in new:
        if isinstance(work, Forget):
            callers.append(work)
            continue
        counts.append(work)
        if work.remember:
            callers.append(work.remember)
    _count(connection, salted, counts)
    _remember(connection, salted, callers, now)
    for count in counts:
        if count.hung_up:
            _hang_up(connection, count.hung_up)


def note(connection: Connection, once: str, now: datetime) -> bool:
    """Notes a name as seen; returns whether that is for the first time. Needs no transaction, as it
    is one statement."""
    return once in _first_times(connection, _salts(connection, now), {once})


Salts = Mapping[int, hmac.HMAC]
"""By period. A name is digested after a salt, so each is taken in once for a batch."""


def _salts(connection: Connection, now: datetime) -> Salts:
    """The salts of this period and the last, drawn where they are missing."""
    this = _period(now)
    periods = (this - 1, this)
    known = select(salts).where(salts.c.period.in_(periods))
    found = connection.execute(known).all()
    if len(found) < len(periods):
        drawn = [{"period": period, "salt": os.urandom(32)} for period in periods]
        connection.execute(
            _insert(connection.dialect.name, salts).on_conflict_do_nothing(), drawn
        )
        found = connection.execute(known).all()
    return {row.period: hmac.new(row.salt, digestmod="sha256") for row in found}


def _digests(salted: Salts, once: str) -> dict[bytes, int]:
    """A name under each salt, with the salt's period."""
    name = once.encode("utf-8", "replace")
    digests: dict[bytes, int] = {}
    for period, salt in salted.items():
        digest = salt.copy()
        digest.update(name)
        digests[digest.digest()[:16]] = period
    return digests


def _first_times(connection: Connection, salted: Salts, names: set[str]) -> set[str]:
    """Those of some names that come for the first time; by now, all of them have been seen."""
    digests = {name: _digests(salted, name) for name in names}
    periods: dict[bytes, int] = {}
    for own in digests.values():
        periods |= own
    if not periods:
        return set()
    added = _noted(connection, periods)
    return {name for name, own in digests.items() if added.issuperset(own)}


def _noted(connection: Connection, periods: Mapping[bytes, int]) -> set[bytes]:
    """Notes digests, each with its period; returns those that were not there.

    Most rows of all are written here. SQLAlchemy takes longer to build its statement for so many
    than the database to carry it out, so this one is written out.
    """
    in_order = sorted(periods)  # in one order everywhere, against deadlocks
    row = "(?, ?)" if connection.dialect.name == "sqlite" else "(%s, %s)"
    added: set[bytes] = set()
    for first in range(0, len(in_order), ROWS):
        some = in_order[first : first + ROWS]
        values = chain.from_iterable((digest, periods[digest]) for digest in some)
        rows = ", ".join([row] * len(some))
        done = connection.exec_driver_sql(NOTING.format(rows=rows), tuple(values))
        added.update(bytes(digest) for (digest,) in done)
    return added


def _new(connection: Connection, salted: Salts, batch: Sequence[Work]) -> list[Work]:
    """What of a batch comes for the first time, in order."""
    first = _first_times(connection, salted, {work.once for work in batch})
    new: list[Work] = []
    for work in batch:
        if work.once in first:
            first.remove(work.once)  # within the batch, too, it counts once
            new.append(work)
    return new


def _count(connection: Connection, salted: Salts, counted: Iterable[Count]) -> None:
    """Adds up what happened, hour by hour; what is taken back at once is not written.

    What counts once a call is noted apart from the webhooks, and only of new ones: a webhook that
    comes again may have another answer, of which nothing counts.
    """
    happened = list(chain.from_iterable(work.happened for work in counted))
    names = {each.once for each in happened if each.once}
    first = _first_times(connection, salted, names)
    times: Counter[Hour] = Counter()
    minutes: Counter[Hour] = Counter()
    for each in happened:
        if each.once:
            if each.once not in first:
                continue
            first.remove(each.once)
        hour = _hour_of(each)
        times[hour] += each.times
        minutes[hour] += each.event.minutes
    changed = [hour for hour in sorted(times) if times[hour]]
    rows = [
        dict(zip(HOUR, hour, strict=True))
        | {"times": times[hour], "minutes": minutes[hour]}
        for hour in changed
    ]
    if rows:
        connection.execute(_adding(connection.dialect.name), rows)


def _hour_of(happened: Happened) -> Hour:
    """What identifies a row of events."""
    event, at = happened.event, happened.at
    return (
        at.date(),
        event.kind.value,
        event.language,
        event.subject,
        event.section,
        at.hour,
    )


def _remember(
    connection: Connection,
    salted: Salts,
    batch: Sequence[Remember | Forget],
    now: datetime,
) -> None:
    """Bookmarks, and who is to be forgotten, in the order in which they came."""
    calls = {work.call for work in batch}
    gone = _forgotten(connection, salted, calls)
    last: dict[str, Remember] = {}
    forgets: set[str] = set()
    for work in batch:
        if isinstance(work, Forget):
            forgets.add(work.caller)
            last.pop(work.caller, None)
        elif work.call not in gone:
            known = last.get(work.caller)
            if known is None or known.moment < work.moment:
                last[work.caller] = work
    for caller in sorted(forgets):
        forget(connection, caller)
    rows = [_row(last[caller], now) for caller in sorted(last)]
    if rows:
        connection.execute(_moving(connection.dialect.name), rows)


@cache  # one a database
def _moving(dialect: str) -> Executable:
    """Inserts bookmarks; moves one that exists already, unless it is later."""
    insert = _insert(dialect, bookmarks)
    changed = {}
    for column in bookmarks.columns:
        if not column.primary_key:
            changed[column.name] = insert.excluded[column.name]
    moment = func.coalesce(bookmarks.c.moment, 0)
    return insert.on_conflict_do_update(
        index_elements=["caller"],
        set_=changed,
        where=moment < insert.excluded.moment,
    )


def _row(work: Remember, now: datetime) -> dict[str, object]:
    row = vars(work.bookmark)
    return row | {"caller": work.caller, "day": now.date(), "moment": work.moment}


def _forgotten(connection: Connection, salted: Salts, calls: set[str]) -> set[str]:
    """Of some calls, those whose callers asked to be forgotten."""
    calls_by_digest: dict[bytes, str] = {}
    for call in calls:
        for digest in _digests(salted, forgotten(call)):
            calls_by_digest[digest] = call
    if not calls_by_digest:
        return set()
    noted = select(seen.c.digest).where(seen.c.digest.in_(calls_by_digest))
    return {calls_by_digest[digest] for digest in connection.scalars(noted)}


def _hang_up(connection: Connection, work: HungUp) -> None:
    """A more exact place, only in the bookmark from which it was worked out."""
    same = bookmarks.c.caller == work.caller, bookmarks.c.at == work.at
    nearer = {"start": work.start, "sentence": work.sentence, "at": null()}
    connection.execute(update(bookmarks).where(*same).values(nearer))


def forget(connection: Connection, caller: str) -> int:
    """Deletes what is known of a caller, at once; how many rows that were."""
    theirs = delete(bookmarks).where(bookmarks.c.caller == caller)
    return connection.execute(theirs).rowcount


def find(connection: Connection, caller: str, now: datetime) -> Bookmark | None:
    """Where a caller left off within the last 90 days."""
    columns = [bookmarks.c[each.name] for each in fields(Bookmark)]
    is_theirs = bookmarks.c.caller == caller
    is_kept = bookmarks.c.day >= now.date() - KEPT
    row = connection.execute(select(*columns).where(is_theirs, is_kept)).first()
    if row is None:
        return None
    return Bookmark(*row)


def tidy(connection: Connection, now: datetime) -> None:
    """Deletes what has been kept for long enough; what is older than 90 days is rolled up.

    Once an hour in each process; but rolled up once a day by one of them, while the others wait.
    """
    last = _period(now) - 1
    connection.execute(delete(salts).where(salts.c.period < last))
    connection.execute(delete(seen).where(seen.c.period < last))
    is_over = bookmarks.c.moment < last * PERIOD_S * 1000
    connection.execute(
        update(bookmarks).where(is_over).values(moment=null(), at=null())
    )
    if _is_first_today(connection, now.date()):
        oldest = now.date() - KEPT
        connection.execute(delete(bookmarks).where(bookmarks.c.day < oldest))
        _roll_up(connection, now)


def _is_first_today(connection: Connection, today: date) -> bool:
    """Whether nobody else has tidied today; notes that this process does."""
    is_before = meta.c.value < today.isoformat()
    turn = update(meta).where(meta.c.name == "tidied", is_before)
    noted = connection.execute(turn.values(value=today.isoformat()))
    return noted.rowcount > 0


def _period(now: datetime) -> int:
    """The number of the period, of which each has a salt."""
    return int(now.timestamp()) // PERIOD_S


def _roll_up(connection: Connection, now: datetime) -> None:
    old = events.c.day < now.date() - KEPT
    key = [events.c[name] for name in KEY]
    sums = (func.sum(events.c.times), func.sum(events.c.minutes))
    days = select(*key, *sums).where(old)
    in_order = days.group_by(*key).order_by(*key)
    insert = _insert(connection.dialect.name, day_counts)
    rolled = insert.from_select(day_counts.c.keys(), in_order)
    connection.execute(_or_add(rolled, day_counts))
    connection.execute(delete(events).where(old))


@cache
def _adding(dialect: str) -> Executable:
    """Inserts hours of events, or adds to those that are there."""
    return _or_add(_insert(dialect, events), events)


def _or_add(insert: Insert, table: Table) -> Executable:
    """An insert of counts; where there are some of the same key, adds them to those."""
    sums = {}
    for name in ("times", "minutes"):
        sums[name] = table.c[name] + insert.excluded[name]
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_=sums,
    )


def _insert(dialect: str, table: Table) -> Insert:
    """An insert that may say what happens to a row that is there already."""
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
