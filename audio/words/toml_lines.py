"""The line of each key of a TOML file, which `tomllib` does not tell.

`tomllib` reads all TOML here. tomlkit, which takes six times as long, is only for writing, as
it keeps comments. Neither says where a key stands, so the file is read once more, a statement
at a time.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""Where a value is: the keys that lead to it, and the index in a list of tables."""


@dataclass(frozen=True)
class Statement:
    """A table's header, or a key with its value, which may take several lines."""

    line: int
    """Its first line, counted from 1."""
    text: str
    says: dict[str, object]
    """What it says when it is read by itself."""


def key_lines(text: str) -> dict[KeyPath, int]:
    """Each key's line and each table's first line, counted from 1, for a text that is TOML."""
    lines: dict[KeyPath, int] = {}
    tables: Counter[KeyPath] = Counter()
    here: KeyPath = ()
    for statement in _statements(text):
        paths = list(_paths(statement.says))
        written = statement.text.lstrip()
        if not written.startswith("["):
            for path in paths:
                lines.setdefault((*here, *path), statement.line)
            continue
        *_, header = paths
        here = _in_lists(header, tables)
        lines.setdefault(here, statement.line)
        if written.startswith("[["):
            number = tables[here]
            tables[here] += 1
            here = (*here, number)
            lines[here] = statement.line
    return lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of `path`, or of the nearest table around it; 0 is the whole file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _statements(text: str) -> Iterator[Statement]:
    """A statement ends with the first line up to which it can be read."""
    begun: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        begun.append(line)
        statement = "\n".join(begun)
        try:
            says = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # a text or a list that ends further down
        if says:
            first = number - len(begun) + 1
            yield Statement(first, statement, says)
        begun.clear()


def _paths(says: dict[str, object]) -> Iterator[KeyPath]:
    """Each key of a statement with those that lead to it, outer ones first."""
    for key, value in says.items():
        yield (key,)
        if isinstance(value, dict):
            for inner in _paths(value):
                yield (key, *inner)


def _in_lists(header: KeyPath, tables: Counter[KeyPath]) -> KeyPath:
    """The path of a header: one below a list of tables belongs to the last of them."""
    path: KeyPath = ()
    for key in header[:-1]:
        path = (*path, key)
        if tables[path]:
            path = (*path, tables[path] - 1)
    return (*path, header[-1])
