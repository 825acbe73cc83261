"""What staff edit, an entry at a time: how each kind stands in its file.

The files stay what a text editor sees: comments and order are kept.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import tomlkit

from audio.desk.drafts import slug
from audio.desk.fields import (
    ARTICLE,
    ARTICLE_FACTS,
    HELPLINE,
    HELPLINE_KEYS,
    LINE,
    NOTICE,
    PROMPT,
    PRONUNCIATION,
    TABLES,
    Fields,
    Values,
    as_text,
)
from audio.desk.hours_form import Hours
from audio.desk.only_entry import OnlyEntry
from audio.desk.paragraphs import rewrapped, unwrapped
from audio.words import front_matter
from audio.words.notice import FILE
from audio.words.toml_lines import key_lines
from ivr.edition.content import slots

MOST_WRITTEN = 100
"""Characters of a word, a short form or a mark."""

SLUG = re.compile("[a-z0-9-]+")
"""What names a file, or is part of a URL."""


LINE_FILE = "line.toml"

NOTICE_HEAD = """\
# Said after the welcome, from its beginning until its end, by the line's clocks.
# After a change: .venv/bin/python scripts/check_content.py, then scripts/render_audio.py
"""


class EntryKind(Protocol):
    """How one kind of entry stands in its file. `text` is the file's, empty if it is missing."""

    one: str
    """What one is called."""
    form: Fields
    """What is asked of it."""
    stand_in: str
    """The name of a new one that has none yet, until the check has told all that is wrong."""

    def is_name(self, name: str) -> bool:
        """Whether an entry could have this name; no other is looked for, or written."""

    def file(self, name: str) -> str:
        """Its place in the language's folder; the line's own file is in none."""

    def read(self, text: str, name: str) -> Values | None:
        """What its fields hold; None where there is no such entry."""

    def write(self, text: str, name: str, values: Values | None) -> str:
        """The text with the entry as its fields have it, or without it."""

    def others(self, text: str, name: str) -> object:
        """All that the file says but for this entry, which a change of it leaves as it is."""

    def field_at(self, text: str, name: str, line: int) -> str:
        """Which field stands on a line; empty if none of this entry does."""

    def name_for(self, values: Values) -> str:
        """The name of a new entry that holds this; empty where it cannot be told."""

    def names(self, text: str) -> list[str]:
        """The names of all entries of a file, in its order; of an article or a notice, none but
        the file itself has them."""


class Prompt:
    """A prompt: its one field is `text`."""

    one = "prompt"
    form = PROMPT
    stand_in = ""

    def is_name(self, name: str) -> bool:
        """The line has a fixed set of them."""
        return name in slots()

    def file(self, name: str) -> str:
        """All prompts are in one file."""
        return "prompts.toml"

    def read(self, text: str, name: str) -> Values | None:
        """Every prompt of the line is there, if only to be written."""
        written = tomllib.loads(text).get(name, "")
        return {"text": str(written)}

    def write(self, text: str, name: str, values: Values | None) -> str:
        """A prompt is never removed."""
        table = tomlkit.parse(text)
        table[name] = ""
        if values:
            table[name] = values["text"]
        return tomlkit.dumps(table)

    def others(self, text: str, name: str) -> object:
        """The other prompts."""
        found = tomllib.loads(text)
        found.pop(name, None)
        return found

    def field_at(self, text: str, name: str, line: int) -> str:
        """Its line, if it is this prompt's."""
        own_line = key_lines(text).get((name,))
        if own_line == line:
            return "text"
        return ""

    def name_for(self, values: Values) -> str:
        """None is added."""
        return ""

    def names(self, text: str) -> list[str]:
        """Those that the line has."""
        written = tomllib.loads(text)
        return [name for name in written if self.is_name(name)]


class Pronunciation:
    """How something is said. Its name is its table and what is written: `words/NHS`."""

    one = "pronunciation"
    form = PRONUNCIATION
    stand_in = ""

    def is_name(self, name: str) -> bool:
        """Anything that is written, in one of the tables; addresses have room for so much."""
        table, _, written = name.partition("/")
        is_digit = re.fullmatch("[0-9]", written)
        if table == "digits" and not is_digit:
            return False
        fits = 0 < len(written) <= MOST_WRITTEN
        return table in TABLES and fits

    def file(self, name: str) -> str:
        """All are in one file."""
        return "pronunciations.toml"

    def read(self, text: str, name: str) -> Values | None:
        """As the file has it."""
        table, _, written = name.partition("/")
        tables = tomllib.loads(text)
        said = tables.get(table, {}).get(written)
        if said is None:
            return None
        return {"table": table, "written": written, "said": str(said)}

    def write(self, text: str, name: str, values: Values | None) -> str:
        """A new one comes first in its table."""
        table, _, written = name.partition("/")
        whole = tomlkit.parse(text)
        if values is None:
            del whole[table][written]
        elif self.read(text, name):
            whole[table][written] = values["said"]
        else:
            new = {written: values["said"]}
            return _with_first(text, table, new)
        return tomlkit.dumps(whole)

    def others(self, text: str, name: str) -> object:
        """The other pronunciations, of every table."""
        table, _, written = name.partition("/")
        found = tomllib.loads(text)
        entries = found.setdefault(table, {})
        entries.pop(written, None)
        return found

    def field_at(self, text: str, name: str, line: int) -> str:
        """Its line, if it is this one's."""
        table, _, written = name.partition("/")
        own_line = key_lines(text).get((table, written))
        if own_line == line:
            return "said"
        return ""

    def name_for(self, values: Values) -> str:
        """By its table and what is written."""
        name = f"{values['table']}/{values['written']}"
        if self.is_name(name):
            return name
        return ""

    def names(self, text: str) -> list[str]:
        """Of every table, but for those of single voices."""
        found: list[str] = []
        tables = tomllib.loads(text)
        for table, entries in tables.items():
            if table in TABLES:
                found += [f"{table}/{written}" for written in entries]
        return found


class Helpline:
    """A helpline: its name is its `id`; `place` is where it stands in the list, from 1."""

    one = "helpline"
    form = HELPLINE
    stand_in = "a-new-helpline"

    def is_name(self, name: str) -> bool:
        """Its id is part of URLs."""
        return bool(SLUG.fullmatch(name))

    def file(self, name: str) -> str:
        """All are in one file."""
        return "helplines.toml"

    def read(self, text: str, name: str) -> Values | None:
        """As the file has it; hours are a line each."""
        blocks = _blocks(text).blocks
        for place, block in enumerate(blocks, 1):
            helplines = tomllib.loads(block)["helpline"]
            found = helplines[0]
            if found.get("id") == name:
                values = _values_of(HELPLINE_KEYS, found)
                values["place"] = str(place)
                return values
        return None

    def write(self, text: str, name: str, values: Values | None) -> str:
        """Its comments stay with it, wherever it is put; a new one without a place comes last."""
        found = _blocks(text)
        blocks = found.blocks
        was = self.read(text, name)
        block = "[[helpline]]\n\n"
        place = len(blocks) + 1
        if was:
            place = int(was["place"])
            block = blocks.pop(place - 1)
        if values is not None:
            if re.fullmatch("[0-9]{1,3}", values["place"]):
                place = int(values["place"])
            changed = _with_values(block, name, values)
            blocks.insert(max(place - 1, 0), changed)
        whole = found.head + "".join(blocks)
        return whole.rstrip("\n") + "\n"

    def others(self, text: str, name: str) -> object:
        """The other helplines, in their order."""
        found = tomllib.loads(text)
        helplines = found.get("helpline", [])
        found["helpline"] = [each for each in helplines if each.get("id") != name]
        return found

    def field_at(self, text: str, name: str, line: int) -> str:
        """The key on this line, of this helpline."""
        values = self.read(text, name)
        if values is None:
            return ""
        index = int(values["place"]) - 1
        here = ("helpline", index)
        for path, number in key_lines(text).items():
            if number != line or path[:2] != here:
                continue
            if len(path) > 2:
                return str(path[2])
            return "name"
        return ""

    def name_for(self, values: Values) -> str:
        """Its id is made of its name."""
        return slug(values["name"])

    def names(self, text: str) -> list[str]:
        """Their ids."""
        helplines = tomllib.loads(text).get("helpline", [])
        return [str(each.get("id")) for each in helplines]


class Notice(OnlyEntry):
    """The notice: there is one, or none."""

    one = "notice"
    form = NOTICE
    stand_in = "notice"
    path = FILE

    def write(self, text: str, name: str, values: Values | None) -> str:
        """A new one begins with what the file is for."""
        if values is None:
            return ""
        table = tomlkit.parse(text or NOTICE_HEAD)
        for field in NOTICE:
            typed = values[field.name]
            table[field.name] = field.to_toml(typed)
        return tomlkit.dumps(table)

    def others(self, text: str, name: str) -> object:
        """Nothing else is in the file."""

    def field_at(self, text: str, name: str, line: int) -> str:
        """The key on this line."""
        for path, number in key_lines(text).items():
            if number == line:
                return str(path[0])
        return ""


class Article:
    """An article: the facts of its front matter, and its `words` in Markdown. An unchanged form
    changes no byte of its file."""

    one = "article"
    form = ARTICLE
    stand_in = "a-new-article"

    def is_name(self, name: str) -> bool:
        """It names a file, and no other folder's."""
        return bool(SLUG.fullmatch(name))

    def file(self, name: str) -> str:
        """A file each."""
        return f"articles/{name}.md"

    def read(self, text: str, name: str) -> Values | None:
        """What stands between the fences, and what comes after, a paragraph on a line."""
        if not text:
            return None
        parts = article_parts(text)
        facts = tomllib.loads(parts.facts)
        values = _values_of(ARTICLE_FACTS, facts)
        body = parts.body.strip("\n")
        values["words"] = unwrapped(body)
        return values

    def write(self, text: str, name: str, values: Values | None) -> str:
        """An article without words is no file."""
        if values is None:
            return ""
        if values == self.read(text, name):
            return text
        parts = article_parts(text)
        facts = tomlkit.parse(parts.facts)
        for field in ARTICLE_FACTS:
            fact = values[field.name]
            facts[field.name] = field.to_toml(fact)
        typed = values["words"].strip("\n")
        before = parts.body.strip("\n")
        words = rewrapped(typed, before)
        fenced = tomlkit.dumps(facts).strip()
        return front_matter.join(fenced, words)

    def others(self, text: str, name: str) -> object:
        """Nothing else is in the file."""

    def field_at(self, text: str, name: str, line: int) -> str:
        """The fact on this line, or the words."""
        parts = article_parts(text)
        if line == 0 or line >= parts.body_line:
            return "words"
        places = key_lines(parts.facts_in_place)
        for path, number in places.items():
            if number == line:
                return str(path[0])
        return ""

    def name_for(self, values: Values) -> str:
        """Its file is named by its title."""
        return slug(values["title"])

    def names(self, text: str) -> list[str]:
        """The file has one; what it is called stands outside of it."""
        return []


class Line(OnlyEntry):
    """The line as a whole: its name, its speeds and its holidays, which are no language's."""

    one = "line"
    form = LINE
    stand_in = "line"
    path = LINE_FILE

    def write(self, text: str, name: str, values: Values | None) -> str:
        """What is as it was keeps its lines, whatever their layout. The line is never removed."""
        was = self.read(text, name)
        if values is None or was is None:
            return text
        table = tomlkit.parse(text)
        for field in LINE:
            typed = values[field.name]
            if typed == was[field.name]:
                continue
            if field.optional and not typed:
                table.pop(field.name)
            else:
                table[field.name] = field.to_toml(typed)
        return tomlkit.dumps(table)

    def others(self, text: str, name: str) -> object:
        """Its languages and voices."""
        found = tomllib.loads(text)
        for field in LINE:
            found.pop(field.name, None)
        return found

    def field_at(self, text: str, name: str, line: int) -> str:
        """The key on this line, or in the table that is on it, if it is asked for."""
        asked = [field.name for field in LINE]
        for path, number in key_lines(text).items():
            if number == line and path[0] in asked:
                return str(path[0])
        return ""


ENTRY_KINDS: dict[str, EntryKind] = {
    "line": Line(),
    "articles": Article(),
    "prompts": Prompt(),
    "helplines": Helpline(),
    "pronunciations": Pronunciation(),
    "notice": Notice(),
    "hours": Hours(),
}

OF_NO_LANGUAGE = "line"
"""The kind whose file is in no language's folder; its language is empty."""


def _values_of(form: Fields, found: Mapping[str, object]) -> Values:
    """What a table has for the fields of a form."""
    values = {}
    for field in form:
        value = found.get(field.name, "")
        values[field.name] = as_text(value)
    return values


def article_parts(text: str) -> front_matter.Parts:
    """An article's front matter and its words; all of it is words where there is none."""
    try:
        return front_matter.split(text)
    except front_matter.NoFrontMatter:
        return front_matter.all_body(text)


def _with_first(text: str, table: str, new: Values) -> str:
    """The text with a new entry right below a table's header."""
    places = key_lines(text)
    header = places.get((table,), 0)
    lines = _lines(text)
    lines.insert(header, tomlkit.dumps(new))
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """With their ends. TOML's lines end in one way only; `splitlines` knows eight more."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


@dataclass(frozen=True)
class _Blocks:
    """The file of the helplines, in pieces."""

    head: str
    """What stands before them."""
    blocks: list[str]
    """Each of them, with the comments right above it."""


def _blocks(text: str) -> _Blocks:
    lines = _lines(text)
    found = key_lines(text)
    starts: list[int] = []
    while True:
        header = found.get(("helpline", len(starts)))
        if header is None:
            break
        start = header - 1
        while start and lines[start - 1].startswith("#"):
            start -= 1
        starts.append(start)
    if not starts:
        return _Blocks(text, [])
    head = "".join(lines[: starts[0]])
    blocks = []
    ends = [*starts, len(lines)]
    for start, end in pairwise(ends):
        block = "".join(lines[start:end])
        blocks.append(block)
    return _Blocks(head, blocks)


def _with_values(block: str, name: str, values: Values) -> str:
    """A helpline's lines, with what its fields hold."""
    table = tomlkit.parse(block)
    helpline = table["helpline"][0]
    helpline["id"] = name
    for field in HELPLINE_KEYS:
        value = values[field.name]
        if field.optional and not value:
            helpline.pop(field.name, None)
        else:
            _set(helpline, field.name, field.to_toml(value))
    changed = tomlkit.dumps(table)
    return changed.rstrip("\n") + "\n\n"


def _set(table: Any, key: str, value: object) -> None:
    """Change a value; one that is as it was keeps its lines and their comments."""
    if key not in table or table[key] != value:
        table[key] = value
