"""What differs between two saves: thing by thing, as the forms show them, and word by word."""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from audio.desk.entries import ENTRY_KINDS, LINE_FILE, OF_NO_LANGUAGE
from audio.desk.fields import Field, Fields, Values
from audio.desk.saving import called
from audio.desk.staff_words import place
from audio.history import FileChange
from audio.words.untranslated import FILE as UNTRANSLATED

OF_FILES = {
    kind.file(""): name
    for name, kind in ENTRY_KINDS.items()
    if name not in ("articles", "notice", OF_NO_LANGUAGE)
}
"""The kinds of which one file has all entries."""

PLACE = "place"
"""The field of a helpline that no key of its file has."""

MOST_WORDS = 4000
"""Of both sides together: longer texts are compared by paragraphs, to save time."""


ALIKE = 0.5
"""Texts with fewer words in common are shown one after the other: in pieces, nobody could follow
either of them."""


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went or came."""

    how: str
    """`same`, `gone` or `new`."""
    text: str


@dataclass(frozen=True)
class Change:
    """A thing that differs between two saves."""

    language: str
    kind: str
    """One of `ENTRY_KINDS`; empty for a file that no form shows."""
    name: str
    """The entry's; or the file's place in the content folder, without its ending: a recording and
    its words are two files."""
    called: str
    before: Values | None
    """What its fields held; None where there was none."""
    after: Values | None

    @property
    def fields(self) -> Fields:
        """The fields that differ."""
        if not self.kind:
            return ()
        before = self.before or {}
        after = self.after or {}
        differ = []
        for field in ENTRY_KINDS[self.kind].form:
            if field.name == PLACE:
                continue
            was = before.get(field.name)
            now = after.get(field.name)
            if was != now:
                differ.append(field)
        return tuple(differ)

    def is_of(self, languages: Collection[str]) -> bool:
        """Whether it is in one of these languages."""
        language = self.language or PurePosixPath(self.name).parts[0]
        return language in languages

    @property
    def how(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None and self.after is not None:
            return "added"
        if self.after is None and self.before is not None:
            return "removed"
        return "changed"

    def pieces(self, field: Field) -> list[Piece]:
        """A field's words, as they went and came."""
        before = self.before or {}
        after = self.after or {}
        return compared(
            before.get(field.name, ""),
            after.get(field.name, ""),
        )


def things(changed: list[FileChange]) -> Iterator[Change]:
    """The things that are different in these files."""
    others: dict[str, Change] = {}
    for each in changed:
        if PurePosixPath(each.file).name == UNTRANSLATED:
            continue  # it follows what is translated
        found = list(_of_a_file(each))
        yield from found
        if not found:
            other = _without_a_form(each)
            others[other.name] = other
    yield from others.values()


def _without_a_form(change: FileChange) -> Change:
    """A file that no form shows, such as a recording."""
    return Change(
        language="",
        kind="",
        name=stem(change.file),
        called=place(change.file),
        before=_no_values(change.before),
        after=_no_values(change.after),
    )


def _no_values(data: bytes | None) -> Values | None:
    """What no form has fields for; None if there is no file."""
    if data is None:
        return None
    return {}


def stem(file: str) -> str:
    """A file's place without the ending of its name."""
    return str(PurePosixPath(file).with_suffix(""))


def _of_a_file(change: FileChange) -> Iterator[Change]:
    """The entries of a file that differ; none if no form shows the file."""
    path = PurePosixPath(change.file)
    language, *inside = path.parts
    texts = (_text(change.before), _text(change.after))
    file = "/".join(inside)
    if change.file == LINE_FILE:
        yield from _entry(OF_NO_LANGUAGE, "", OF_NO_LANGUAGE, texts)
    elif file in OF_FILES:
        yield from _entries(OF_FILES[file], language, texts)
    elif file == ENTRY_KINDS["notice"].file(""):
        yield from _entry("notice", language, "notice", texts)
    elif len(inside) == 2 and inside[0] == "articles" and path.suffix == ".md":
        yield from _entry("articles", language, path.stem, texts)


def _entries(kind: str, language: str, texts: tuple[str, str]) -> Iterator[Change]:
    names: dict[str, None] = {}
    for text in texts:
        for name in _names(kind, text):
            names[name] = None
    for name in names:
        yield from _entry(kind, language, name, texts)


def _entry(
    kind: str, language: str, name: str, texts: tuple[str, str]
) -> Iterator[Change]:
    text_before, text_after = texts
    before = _values(kind, text_before, name)
    after = _values(kind, text_after, name)
    if _own(before) == _own(after):
        return
    yield Change(
        language=language,
        kind=kind,
        name=name,
        called=called(name, after or before),
        before=before,
        after=after,
    )


def _own(values: Values | None) -> Values | None:
    """An entry's own values, without its place in the list: adding or removing others changes
    that."""
    if values is None:
        return None
    return {name: value for name, value in values.items() if name != PLACE}


def _names(kind: str, text: str) -> list[str]:
    try:
        return ENTRY_KINDS[kind].names(text)
    except tomllib.TOMLDecodeError:
        return []


def _values(kind: str, text: str, name: str) -> Values | None:
    """What an entry's fields held; None where there was none, or nothing could be read."""
    if not text:
        return None
    try:
        return ENTRY_KINDS[kind].read(text, name)
    except tomllib.TOMLDecodeError:
        return None


def _text(data: bytes | None) -> str:
    if data is None:
        return ""
    text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def compared(before: str, after: str) -> list[Piece]:
    """Two texts as one: what stayed, what went, and what came, word by word."""
    old = _words(before)
    new = _words(after)
    if len(old) + len(new) > MOST_WORDS:
        old = before.splitlines(keepends=True)
        new = after.splitlines(keepends=True)
    alike = SequenceMatcher(None, old, new, autojunk=False)
    if before and after and alike.ratio() < ALIKE:
        return [Piece("gone", before), Piece("new", after)]
    pieces: list[Piece] = []
    for how, start, end, new_start, new_end in alike.get_opcodes():
        was = "".join(old[start:end])
        now = "".join(new[new_start:new_end])
        if how == "equal":
            pieces.append(Piece("same", was))
            continue
        if was:
            pieces.append(Piece("gone", was))
        if now:
            pieces.append(Piece("new", now))
    return pieces


def _words(text: str) -> list[str]:
    """Words, each with the white space after it; joined, they are the text."""
    return re.findall(r"\s*\S+\s*|\s+", text)
