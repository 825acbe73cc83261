"""What staff edit, thing by thing: how each kind stands in its file, and its form's fields.

The files stay what a text editor sees: comments and order are kept.
"""

import datetime
import re
import tomllib
from contextlib import suppress
from itertools import pairwise
from typing import Protocol

import tomlkit

from audio.desk.drafts import slug
from audio.words.articles import FENCE
from audio.words.helpline_entries import KEYS as HELPLINE
from audio.words.toml_lines import key_lines
from ivr.edition.content import slots

Fields = dict[str, str]
"""A form's fields, by name. Texts of one line have their white space collapsed."""

PRONUNCIATIONS = ("words", "abbreviations", "symbols", "digits")
FACTS = ("title", "source", "copyright", "published")
"""Of an article, beside its `words`."""
MOST_WRITTEN = 100
"""Characters of a word, a short form or a mark."""
SEVERAL_LINES = ("hours", "words")
"""Fields that keep their line breaks."""


class Kind(Protocol):
    """How one kind of thing stands in its file. `text` is the file's, empty if it is missing."""

    def may_be(self, name: str) -> bool:
        """Whether a thing could have this name; no other is looked for, or written."""

    def file(self, name: str) -> str:
        """Its place in the language's folder."""

    def read(self, text: str, name: str) -> Fields | None:
        """Its fields; None where there is no such thing."""

    def write(self, text: str, name: str, fields: Fields | None) -> str:
        """The text with the thing as these fields have it, or without it."""

    def others(self, text: str, name: str) -> object:
        """All that the file says but for this thing, which a change of it leaves as it is."""

    def field(self, text: str, name: str, line: int) -> str:
        """Which field stands on a line; empty if none of this thing does."""

    def called(self, fields: Fields) -> str:
        """The name of a new thing of these fields; empty where it cannot be told."""


class Prompt:
    """A prompt: its one field is `text`."""

    def may_be(self, name: str) -> bool:
        """The line has so many, and no others."""
        return name in slots()

    def file(self, name: str) -> str:
        """All prompts are in one file."""
        return "prompts.toml"

    def read(self, text: str, name: str) -> Fields | None:
        """Every prompt of the line is there, if only to be written."""
        return {"text": str(tomllib.loads(text).get(name, ""))}

    def write(self, text: str, name: str, fields: Fields | None) -> str:
        """A prompt is never removed."""
        table = tomlkit.parse(text)
        table[name] = (fields or {"text": ""})["text"]
        return tomlkit.dumps(table)

    def others(self, text: str, name: str) -> object:
        """The other prompts."""
        return {key: value for key, value in tomllib.loads(text).items() if key != name}

    def field(self, text: str, name: str, line: int) -> str:
        """Its line, if it is this prompt's."""
        return "text" if key_lines(text).get((name,)) == line else ""

    def called(self, fields: Fields) -> str:
        """None is added."""
        return ""


class Pronunciation:
    """How something is said. Its name is `words/NHS`, its fields `table`, `written`, `said`."""

    def may_be(self, name: str) -> bool:
        """Anything that is written, in one of the tables; addresses have room for so much."""
        table, _, written = name.partition("/")
        if table == "digits" and not re.fullmatch("[0-9]", written):
            return False
        return table in PRONUNCIATIONS and 0 < len(written) <= MOST_WRITTEN

    def file(self, name: str) -> str:
        """All are in one file."""
        return "pronunciations.toml"

    def read(self, text: str, name: str) -> Fields | None:
        """As the file has it."""
        table, _, written = name.partition("/")
        said = tomllib.loads(text).get(table, {}).get(written)
        return None if said is None else {"table": table, "written": written, "said": str(said)}

    def write(self, text: str, name: str, fields: Fields | None) -> str:
        """A new one comes first in its table."""
        table, _, written = name.partition("/")
        whole = tomlkit.parse(text)
        if fields is None:
            del whole[table][written]
        elif self.read(text, name):
            whole[table][written] = fields["said"]
        else:
            lines = _lines(text)
            lines.insert(key_lines(text).get((table,), 0), tomlkit.dumps({written: fields["said"]}))
            return "".join(lines)
        return tomlkit.dumps(whole)

    def others(self, text: str, name: str) -> object:
        """The other pronunciations, of every table."""
        table, _, written = name.partition("/")
        found = tomllib.loads(text)
        found.setdefault(table, {}).pop(written, None)
        return found

    def field(self, text: str, name: str, line: int) -> str:
        """Its line, if it is this one's."""
        table, _, written = name.partition("/")
        return "said" if key_lines(text).get((table, written)) == line else ""

    def called(self, fields: Fields) -> str:
        """By its table and what is written."""
        name = f"{fields['table']}/{fields['written']}"
        return name if self.may_be(name) else ""


class OneHelpline:
    """A helpline: the fields of `helplines.toml`, and its `place` in the list, from 1."""

    def may_be(self, name: str) -> bool:
        """Its id is part of URLs."""
        return bool(re.fullmatch(r"[a-z0-9-]+", name))

    def file(self, name: str) -> str:
        """All are in one file."""
        return "helplines.toml"

    def read(self, text: str, name: str) -> Fields | None:
        """As the file has it; hours are a line each."""
        for place, block in enumerate(_blocks(text)[1], 1):
            found = tomllib.loads(block)["helpline"][0]
            if found.get("id") == name:
                return {key: _shown(found.get(key, "")) for key in HELPLINE} | {"place": str(place)}
        return None

    def write(self, text: str, name: str, fields: Fields | None) -> str:
        """Its comments stay with it, wherever it is put; a new one without a place comes last."""
        head, blocks = _blocks(text)
        was = self.read(text, name)
        block = blocks.pop(int(was["place"]) - 1) if was else "[[helpline]]\n\n"
        if fields is not None:
            table = tomlkit.parse(block)
            helpline = table["helpline"][0]
            for key in HELPLINE:
                helpline[key] = _valued(key, fields[key])
            place = was["place"] if was else str(len(blocks) + 1)
            if re.fullmatch("[0-9]{1,3}", fields["place"]):
                place = fields["place"]
            blocks.insert(max(int(place) - 1, 0), tomlkit.dumps(table).rstrip("\n") + "\n\n")
        return (head + "".join(blocks)).rstrip("\n") + "\n"

    def others(self, text: str, name: str) -> object:
        """The other helplines, in their order."""
        found = tomllib.loads(text)
        return found | {"helpline": [h for h in found.get("helpline", []) if h.get("id") != name]}

    def field(self, text: str, name: str, line: int) -> str:
        """The key on this line, of this helpline."""
        fields = self.read(text, name) or {"place": "0"}
        found = {at: path for path, at in key_lines(text).items()}.get(line, ())
        if found[:2] != ("helpline", int(fields["place"]) - 1):
            return ""
        return str(found[2]) if len(found) > 2 else "name"

    def called(self, fields: Fields) -> str:
        """Its id is made of its name."""
        return slug(fields["name"]) if fields["name"] else ""


class OneArticle:
    """An article: `title`, `source`, `copyright`, `published`, and its `words` in Markdown."""

    def may_be(self, name: str) -> bool:
        """It names a file, and no other folder's."""
        return bool(re.fullmatch(r"[a-z0-9-]+", name))

    def file(self, name: str) -> str:
        """A file each."""
        return f"articles/{name}.md"

    def read(self, text: str, name: str) -> Fields | None:
        """What stands between the fences, and what comes after."""
        if not text:
            return None
        front, words = halves(text)
        found = tomllib.loads(front)
        return {key: _shown(found.get(key, "")) for key in FACTS} | {"words": words.strip("\n")}

    def write(self, text: str, name: str, fields: Fields | None) -> str:
        """An article without words is no file."""
        if fields is None:
            return ""
        front = tomlkit.parse(halves(text)[0] if text else "")
        for key in FACTS:
            front[key] = _valued(key, fields[key])
        words = fields["words"].strip("\n")
        return f"{FENCE}\n{tomlkit.dumps(front).strip()}\n{FENCE}\n\n{words}\n"

    def others(self, text: str, name: str) -> object:
        """Nothing else is in the file."""

    def field(self, text: str, name: str, line: int) -> str:
        """The fact on this line, or the words."""
        front = halves(text)[0]
        fence = front.count("\n") + 2
        if line == 0 or line > fence:
            return "words"
        lines = {at + 1: path for path, at in key_lines(front).items()}
        return str(lines.get(line, ("",))[0])

    def called(self, fields: Fields) -> str:
        """Its file is named by its title."""
        return slug(fields["title"]) if fields["title"] else ""


KINDS: dict[str, Kind] = {
    "articles": OneArticle(),
    "prompts": Prompt(),
    "helplines": OneHelpline(),
    "pronunciations": Pronunciation(),
}


def _lines(text: str) -> list[str]:
    """With their ends. TOML's lines end in one way only; `splitlines` knows eight more."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _blocks(text: str) -> tuple[str, list[str]]:
    """What stands before the helplines, and each of them with the comments right above it."""
    lines = _lines(text)
    found = key_lines(text)
    starts: list[int] = []
    while (header := found.get(("helpline", len(starts)))) is not None:
        start = header - 1
        while start and lines[start - 1].startswith("#"):
            start -= 1
        starts.append(start)
    blocks = ["".join(lines[a:b]) for a, b in pairwise([*starts, len(lines)])]
    return "".join(lines[: starts[0]] if starts else lines), blocks


def halves(text: str) -> tuple[str, str]:
    """An article's front matter and its words, each without the fences."""
    lines = _lines(text)
    fences = [number for number, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(fences) < 2:
        return "", text
    return "".join(lines[fences[0] + 1 : fences[1]]), "".join(lines[fences[1] + 1 :])


def _shown(value: object) -> str:
    """A value of TOML in a field of a form."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _valued(key: str, text: str) -> object:
    """A field of a form as TOML; a date that is none stays text, which the check refuses."""
    if key == "transfer":
        return text == "yes"
    if key == "hours":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if key in ("checked", "published"):
        with suppress(ValueError):
            return datetime.date.fromisoformat(text)
    return text
