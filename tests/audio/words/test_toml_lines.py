"""Every key of a TOML file is found on the line where a person would look for it."""

import pytest

from audio.words.toml_lines import KeyPath, key_lines, line_of

FILE = '''\
# A comment: not = "a key"
name = "x"  # y = 1
long = """
inside = 1
[inside]
"""

[table]
list = [
  "a = 1",
  "b",
]
"quoted key".dotted = 1
inline = {x = 1, y = {z = 2}}

[[entries]]
key = 'it = 1'
[entries.below]
deep = true

[[entries]]
  key = 2
'''


@pytest.mark.parametrize(
    ("path", "starts"),
    [
        (("name",), "name ="),
        (("long",), "long ="),
        (("table",), "[table]"),
        (("table", "list"), "list ="),
        (("table", "quoted key"), '"quoted key"'),
        (("table", "quoted key", "dotted"), '"quoted key"'),
        (("table", "inline", "y", "z"), "inline ="),
        (("entries",), "[[entries]]"),
        (("entries", 0), "[[entries]]"),
        (("entries", 0, "key"), "key ="),
        (("entries", 0, "below", "deep"), "deep ="),
        (("entries", 1, "key"), "  key ="),
    ],
)
def test_a_key_stands_where_its_statement_begins(path: KeyPath, starts: str) -> None:
    line = key_lines(FILE)[path]
    assert FILE.split("\n")[line - 1].startswith(starts)


def test_the_second_of_a_list_of_tables_has_a_line_of_its_own() -> None:
    lines = key_lines(FILE)
    assert lines["entries", 1] > lines["entries", 0, "below", "deep"]


def test_what_only_looks_like_a_key_has_no_line() -> None:
    lines = key_lines(FILE)
    names = {path[-1] for path in lines}
    assert not names & {"inside", "a", "b", "it", "not"}


def test_a_missing_key_is_looked_for_in_the_nearest_table() -> None:
    lines = key_lines(FILE)
    assert line_of(lines, ("table", "missing")) == lines["table",]
    assert line_of(lines, ("entries", 1, "missing")) == lines["entries", 1]
    assert line_of(lines, ("missing",)) == 0
