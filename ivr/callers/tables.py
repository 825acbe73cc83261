"""The tables, as the newest migration leaves them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

VERSION = "0002"
"""The newest migration; versions rise in the order of their letters."""

metadata = MetaData()

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("edition_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("speed", Float, nullable=False),
    Column("article", Text, nullable=False),
    Column("section", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("day", Date, nullable=False, index=True),
    # Milliseconds since 1970, so that a late webhook moves nobody back; emptied when the call
    # must be over.
    Column("moment", BigInteger),
    Column("heading", Text, nullable=False, server_default=""),
    # When the sentence began to be heard, likewise; empty where it is not being read.
    Column("at", BigInteger),
)
"""Where callers left off: a row a caller, for 90 days."""

events = Table(
    "events",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("section", Integer, primary_key=True, autoincrement=False),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What happened within an hour, and how often: not even the order is kept. For 90 days."""

day_counts = Table(
    "day_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("section", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What events are rolled up into, for good."""

seen = Table(
    "seen",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("period", Integer, nullable=False, index=True),
)
"""What has been counted, so that it counts once: see `writing.py`."""

salts = Table(
    "salts",
    metadata,
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
)
"""What makes the digests of `seen`; gone when the calls must be over."""

barred = Table(
    "barred",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("since", Date, nullable=False),
)
"""Callers who are not let in, each by the short form of their hash, as in the log."""

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""`key`: by which a change of SECRET_KEY is noticed. `tidied`: the day of the last roll-up."""
