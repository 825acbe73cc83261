"""Reading files and TOML tables so that every fault is noted and none stops the reading.

What cannot be read gives a blank (`""`, `()`, `False`), which the reader may
build on, because nothing is made of content that has a fault.
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from reprlib import repr as short
from typing import TypeVar

from audio.words.faults import InvalidValue, note, shown
from audio.words.toml_lines import KeyPath, key_lines, line_of
from ivr.errors import Fault

T = TypeVar("T")

CALLED: dict[type, str] = {
    str: 'text in "quotes"',
    bool: "true or false",
    list: "a list in [brackets]",
    dict: "a table",
    int: "a number",
    float: "a number",
    datetime.date: "a date such as 2026-11-23",
    datetime.datetime: "a date with a time such as 2026-11-23T08:00:00",
    datetime.time: "a time",
}
"""What each of TOML's types is called in a fault."""

MOST_CHARACTERS = 800
"""Of one text: about a minute, which nobody hears to its end."""

NOT_WRITING = ("Cc", "Cs", "Co", "Cn")
"""Unicode's categories: controls, surrogates, for private use, unassigned."""


@dataclass(frozen=True)
class Table:
    """One table of a TOML file."""

    file: str
    """As faults show it."""
    data: dict[str, object]
    lines: dict[KeyPath, int]
    path: KeyPath
    """Where this table is in its file."""
    faults: list[Fault]
    """Where faults are noted, for the whole content folder."""

    def fault(self, key: str, what: str, mend: str) -> None:
        """Note a fault at `key`, or at the table's first line where it has no such key."""
        fault = Fault(self.file, self.place(key), what, mend)
        self.faults.append(fault)

    def place(self, key: str) -> int:
        """The line of `key`, or the table's first line where it has no such key."""
        return line_of(self.lines, (*self.path, key))

    @contextmanager
    def at(self, key: str) -> Iterator[None]:
        """Note at `key` what a rule inside the block refuses."""
        try:
            yield
        except InvalidValue as refusal:
            self.fault(key, refusal.what, refusal.mend)

    def only(self, known: Iterable[str]) -> None:
        """Refuse every key that is not `known`, naming the nearest that is."""
        known = list(known)
        unknown = self.data.keys() - known
        for key in sorted(unknown):
            mend = "remove it"
            for near in get_close_matches(key, known, 1):
                mend = f"did you mean {near}?"
            self.fault(key, f"{key!r} is not known here", mend)

    def text(self, key: str) -> str:
        """The words at `key`, white space collapsed."""
        value = self._value(key, str)
        if value is None:
            return ""
        return self._words(key, value)

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts at `key`: at least one."""
        texts = []
        for value in self._list(key, str):
            if isinstance(value, str):
                texts.append(self._words(key, value))
        return tuple(texts)

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """The text at `key`, or the list of them."""
        if isinstance(self.data.get(key), list):
            return self.texts(key)
        text = self.text(key)
        if not text:
            return ()
        return (text,)

    def whole(self, key: str, default: int, most: int) -> int:
        """The whole number at `key`, from 1 to `most`; the default where there is none."""
        if key not in self.data:
            return default
        number = self._value(key, int)
        if number is None:
            return default
        if not 1 <= number <= most:
            mend = f"make it 1 to {most}"
            self.fault(key, f"{key!r} is {number}", mend)
            return default
        return number

    def numbers(self, key: str) -> tuple[float, ...]:
        """The list of numbers at `key`: at least one."""
        numbers = []
        for value in self._list(key, int, float):
            if isinstance(value, int | float) and not isinstance(value, bool):
                numbers.append(value)
        return tuple(numbers)

    def flag(self, key: str) -> bool:
        """The true or false at `key`."""
        return self._value(key, bool) or False

    def day(self, key: str) -> str:
        """The date at `key`, in ISO form."""
        day = self._value(key, datetime.date) or datetime.date.min
        return day.isoformat()

    def moment(self, key: str) -> datetime.datetime | None:
        """The date with a time at `key`, by the line's clocks."""
        moment = self._value(key, datetime.datetime)
        if moment is None or moment.tzinfo is None:
            return moment
        mend = "leave out what follows the time: it is by the line's own clocks"
        self.fault(key, f"{key!r} names a time zone", mend)
        return None

    def table(self, key: str) -> "Table":
        """The table at `key`; a blank one, which notes no faults, where it is missing."""
        data = self._value(key, dict)
        if data is None:
            return blank(self.file)
        return self._inner(data, key)

    def tables(self, key: str) -> list["Table"]:
        """The tables written `[[key]]`, in the file's order: at least one."""
        tables: list[Table] = []
        for index, value in enumerate(self._list(key, dict)):
            if isinstance(value, dict):
                tables.append(self._inner(value, key, index))
        return tables

    def _inner(self, data: dict[str, object], *path: str | int) -> "Table":
        return replace(self, data=data, path=(*self.path, *path))

    def _value(self, key: str, kind: type[T]) -> T | None:
        value = self.data.get(key)
        if type(value) is kind:
            return value
        wanted = CALLED[kind]
        if value is None:
            self.fault(key, f"{key!r} is missing", f"add it: {wanted}")
        else:
            written = CALLED[type(value)]
            self.fault(key, f"{key!r} is {written}", f"make it {wanted}")
        return None

    def _list(self, key: str, *kinds: type) -> list[object]:
        values = self._value(key, list)
        if values is None:
            return []
        if not values:
            self.fault(key, f"{key!r} is an empty list", "list at least one")
        wanted = CALLED[kinds[0]]
        mend = f"each entry must be {wanted}"
        for value in values:
            if type(value) not in kinds:
                self.fault(key, f"{key!r} has {short(value)} in it", mend)
        return values

    def _words(self, key: str, value: str) -> str:
        found = unspeakable(value)
        if found:
            self.fault(key, f"{key!r} has the character {found}", "remove it")
        elif not any(character.isalnum() for character in value):
            self.fault(key, f"{key!r} has no words", "write them")
        elif len(value) > MOST_CHARACTERS:
            what = f"{key!r} has {len(value):,} characters, too many to listen to"
            mend = f"say it in {MOST_CHARACTERS} or fewer"
            self.fault(key, what, mend)
        return " ".join(value.split())


def blank(file: str) -> Table:
    """A table with nothing in it, whose faults go nowhere, as what is wrong is noted already."""
    return Table(file, {}, {}, (), [])


def unspeakable(text: str) -> str | None:
    """The first character that is not writing, as `U+0007`: a control, private or unassigned one.

    Some of them would also break the XML that a call runs on.
    """
    if text.isprintable():  # nearly every text is, and this looks at all of it at once
        return None
    for character in text:
        if character in "\n\t":
            continue
        if unicodedata.category(character) in NOT_WRITING:
            return f"U+{ord(character):04X}"
    return None


def read_text(path: Path, faults: list[Fault]) -> str | None:
    """The words of a file, its lines ending in `\\n`; None, with a fault, if there are none."""
    try:
        as_written = path.read_bytes().decode("utf-8-sig")
        text = as_written.replace("\r\n", "\n")
    except FileNotFoundError:
        note(faults, path, "the file is missing", "add it")
    except UnicodeDecodeError as error:
        lines_above = error.object.count(b"\n", 0, error.start)
        line = lines_above + 1
        note(faults, path, "this is not UTF-8", "save the file as UTF-8", line)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        note(faults, path, what, "make it a file that everyone can read")
    else:
        if text.strip():
            return text
        note(faults, path, "the file is empty", "write its words, or remove it")
    return None


def read_table(path: Path, faults: list[Fault]) -> Table:
    """A TOML file."""
    text = read_text(path, faults)
    if text is None:
        return blank(shown(path))
    return parse_table(shown(path), text, faults)


def parse_table(file: str, text: str, faults: list[Fault]) -> Table:
    """The table that `text` is, with the lines of its keys."""
    lines = text.rstrip().split("\n")
    line = len(lines)  # "at end of document"
    try:
        return Table(
            file,
            data=tomllib.loads(text),
            lines=key_lines(text),
            path=(),
            faults=faults,
        )
    except RecursionError:
        what = "too deep"
    except ValueError as error:
        what, _, place = str(error).partition(" (at ")
        found = re.match(r"line (\d+), column", place)
        if found:
            line = int(found[1])
    mend = 'write key = value, text in closed "quotes", lists in closed [brackets]'
    fault = Fault(file, line, f"this is not TOML: {what}", mend)
    faults.append(fault)
    return blank(file)
