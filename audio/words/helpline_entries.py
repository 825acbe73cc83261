"""`helplines.toml`: whom a caller may be put through to, checked before anybody is dialled."""

import re
from pathlib import Path

from audio.words import hours
from audio.words.phone_numbers import dialled
from audio.words.tables import Table, read_table
from ivr.edition.content import Helpline
from ivr.errors import Fault

KEYS = (
    "id",
    "name",
    "number",
    "transfer",
    "whom",
    "when",
    "cost",
    "hours",
    "source",
    "checked",
)


def load_helplines(
    path: Path, country: str, faults: list[Fault]
) -> tuple[Helpline, ...]:
    """The helplines in the file's order; numbers are those of `country`, such as `GB`.

    An empty `country` is one whose own fault was noted: numbers are not checked.
    """
    file = read_table(path, faults)
    file.only(["helpline"])
    tables = file.tables("helpline")
    for key in ("id", "name"):
        _refuse_twice(tables, key)
    return tuple(_helpline(table, country) for table in tables)


def _helpline(table: Table, country: str) -> Helpline:
    table.only(KEYS)
    number = table.text("number")
    transfer = table.flag("transfer")
    e164 = None
    if number and country:
        with table.at("number"):
            e164 = dialled(number, transfer, country)
    return Helpline(
        slug=_slug(table),
        name=table.text("name"),
        number=number,
        e164=e164,
        whom=table.text("whom"),
        when=table.text("when"),
        cost=table.text("cost"),
        hours=_hours(table),
        source=table.text("source"),
        checked=table.day("checked"),
    )


def _slug(table: Table) -> str:
    slug = table.text("id")
    if slug and not re.fullmatch(r"[a-z0-9-]+", slug):
        table.fault("id", f"id {slug!r} cannot be part of a URL", "use a-z, 0-9 and -")
    return slug


def _hours(table: Table) -> tuple[hours.Stretch, ...]:
    entries: list[tuple[str, list[hours.Stretch]]] = []
    for entry in table.texts("hours"):
        with table.at("hours"):
            entries.append((entry, hours.stretches(entry)))
    with table.at("hours"):
        return hours.week(entries)
    return ()


def _refuse_twice(tables: list[Table], key: str) -> None:
    """A caller cannot tell two helplines of one name apart, nor a URL two of one id."""
    seen: set[str] = set()
    for table in tables:
        value = str(table.data.get(key, "")).strip().casefold()
        if value and value in seen:
            table.fault(
                key,
                f"another helpline has the {key} {value!r}",
                f"give each its own {key}",
            )
        seen.add(value)
