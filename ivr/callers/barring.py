"""Callers who are not let in, each by the short form of their hash that the log shows."""

import re
from datetime import date

from sqlalchemy import Connection, delete, select

from ivr.callers.caller import SHORT
from ivr.callers.tables import barred


def is_short_hash(value: str) -> bool:
    """Whether this is what the log calls a caller."""
    return bool(re.fullmatch(f"[0-9a-f]{{{SHORT}}}", value))


def bar(connection: Connection, caller: str, today: date) -> bool:
    """Bars a caller; False if they are already barred."""
    if caller in since(connection):
        return False
    new = barred.insert().values(caller=caller, since=today)
    connection.execute(new)
    return True


def lift(connection: Connection, caller: str) -> bool:
    """Lets a caller in again; False if they were not barred."""
    theirs = delete(barred).where(barred.c.caller == caller)
    lifted = connection.execute(theirs)
    return lifted.rowcount > 0


def since(connection: Connection) -> dict[str, date]:
    """Everybody who is barred, with the day on which that began, in that order."""
    in_order = select(barred).order_by(barred.c.since, barred.c.caller)
    rows = connection.execute(in_order)
    return {row.caller: row.since for row in rows}
