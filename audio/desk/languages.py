"""How a language gets to callers: it is copied, translated and offered; and how it is taken off.

Each of these makes the files that the desk then writes, so that it has a history like any save.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from audio.desk.entries import ENTRY_KINDS, LINE_FILE
from audio.desk.fields import Values
from audio.desk.staff_words import told_with_place
from audio.words.duties import FILE as OVERRULED
from audio.words.faults import shown
from audio.words.known_languages import KNOWN
from audio.words.source import CHOSEN_VOICE, PREPARING, Source, load
from audio.words.untranslated import FILE, KINDS, Untranslated, load_untranslated
from audio.words.vocabulary import FILE as VOCABULARY
from ivr.edition.content import slots
from ivr.errors import ContentError, Fault, LineError

Files = dict[str, bytes | None]
"""By their place in the content folder; None is no file."""

HEAD = """\
# What was copied from another language, and is still in it. Callers are not offered this language
# while anything is here. The studio takes out whatever is translated.
"""

NOT_COPIED = ("words", "abbreviations", "voices")
"""The tables of `pronunciations.toml` that are about another language's words."""

SAID = {
    "prompts": ("text",),
    "hours": ("sentence", "always", "days.Mon"),
    "helplines": ("whom", "cost"),
    "articles": ("title", "words"),
    "pronunciations": ("said",),
}
"""The fields that are translated. While one of them is as it was, its entry is not."""

OTHERS_FIRST = "Something is wrong in another language. Mend that first."

NO_VOCABULARY = (
    "Callers may also speak, but nobody has written what they may say: ask an operator."
)

ONLY_ONE = "Callers would have no language at all. Offer them another one first."


@dataclass(frozen=True)
class Left:
    """What keeps a language from callers."""

    untranslated: Untranslated
    faults: tuple[str, ...]
    """As staff read them."""
    source: Source | None = None
    """The words with those of this language; None while they have faults."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing does."""
        is_translated = not any(self.untranslated.values())
        return is_translated and not self.faults


def left(content: Path, code: str) -> Left:
    """What keeps a language that is being prepared from callers: its own content check."""
    folder = content / code
    try:
        source = load(content, also=code)
    except ContentError as error:
        own = _of_language(error.faults, folder)
        listed = load_untranslated(folder, [])
        return Left(listed, own or (OTHERS_FIRST,))
    found = list(_of_language(source.unsafe, folder))
    first, *_ = source.content.languages.values()
    has_vocabulary = (folder / VOCABULARY).exists()
    if first.vocabulary and not has_vocabulary:
        found.append(NO_VOCABULARY)
    untranslated = source.untranslated[code]
    return Left(untranslated, tuple(found), source)


def added(content: Path, source: Source, code: str) -> Files:
    """A new language: its own words, if they are still there; else those of the first one, each
    marked as not translated."""
    there = (*source.content.languages, *source.preparing)
    if code not in KNOWN or code in there:
        raise LineError(f"The language {code} is there already, or cannot be added.")
    line = tomlkit.parse(_text(content / LINE_FILE))
    line[PREPARING] = [*source.preparing, code]
    voice = KNOWN[code].espeak or code
    line["voices"].setdefault(code, [f"espeak:{voice}"])
    files: Files = {LINE_FILE: _as_file(line)}
    if not _files_below(content / code):
        files |= _copies(content, source, code)
    return files


def _files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _copies(content: Path, source: Source, code: str) -> Files:
    first = next(iter(source.content.languages))
    words = source.content.languages[first]
    newest = words.articles[0].slug
    untranslated = {
        "prompts": tuple(slots()),
        "hours": ("hours",),
        "helplines": tuple(each.slug for each in words.helplines),
        "articles": (newest,),
    }
    files: Files = {}
    copied = ["hours.toml", "helplines.toml", f"articles/{newest}.md"]
    folder = content / first
    if (folder / OVERRULED).exists():
        copied.append(OVERRULED)
    for file in copied:
        files[f"{code}/{file}"] = (folder / file).read_bytes()
    prompts = tomlkit.parse(_text(folder / "prompts.toml"))
    own_name = KNOWN[code].own_name
    prompts["choose_language"] = f"{own_name}: {{choice}}."
    files[f"{code}/prompts.toml"] = _as_file(prompts)
    said = tomlkit.parse(_text(folder / "pronunciations.toml"))
    for table in NOT_COPIED:
        if table in said:
            said[table] = tomlkit.table()
    said.pop("voices", None)
    files[f"{code}/pronunciations.toml"] = _as_file(said)
    pronunciations = ENTRY_KINDS["pronunciations"]
    names = pronunciations.names(tomlkit.dumps(said))
    untranslated["pronunciations"] = tuple(names)
    files[f"{code}/{FILE}"] = as_file(untranslated)
    return files


def offered(content: Path, source: Source, code: str) -> Files:
    """A language that callers are offered once it is published."""
    line = _line(
        content,
        languages=[*source.content.languages, code],
        preparing=_without(code, source.preparing),
    )
    return {LINE_FILE: line, f"{code}/{FILE}": None}


def taken_off(content: Path, source: Source, code: str) -> Files:
    """A language that callers are no longer offered; its words stay. Raises `LineError` for the
    only one."""
    others = _without(code, source.content.languages)
    if not others:
        raise LineError(ONLY_ONE)
    line = _line(
        content,
        languages=others,
        preparing=[*source.preparing, code],
    )
    return {LINE_FILE: line}


def removed(content: Path, source: Source, code: str) -> Files:
    """A language that callers are not offered, without any of its words."""
    line = tomlkit.parse(_text(content / LINE_FILE))
    _set_list(line, PREPARING, _without(code, source.preparing))
    for table in ("voices", CHOSEN_VOICE):
        by_language = line.get(table, {})
        by_language.pop(code, None)
    if CHOSEN_VOICE in line and not line[CHOSEN_VOICE]:
        line.pop(CHOSEN_VOICE)
    files: Files = {LINE_FILE: _as_file(line)}
    for path in _files_below(content / code):
        place = path.relative_to(content).as_posix()
        files[place] = None
    return files


def _without(code: str, codes: Iterable[str]) -> list[str]:
    return [each for each in codes if each != code]


def is_copy(kind: str, values: Values, of_first: Values | None) -> bool:
    """Whether an entry still says something in the words of the first language."""
    if of_first is None:
        return False
    for field in SAID[kind]:
        words = values[field]
        if words and words == of_first[field]:
            return True
    return False


def read_untranslated(text: str) -> Untranslated:
    """What a language's file lists; nothing of a file that is not there."""
    found = tomllib.loads(text)
    untranslated = {}
    for kind in KINDS:
        names = found.get(kind, ())
        untranslated[kind] = tuple(map(str, names))
    return untranslated


def as_file(untranslated: Mapping[str, tuple[str, ...]]) -> bytes:
    """The file that lists these."""
    table = tomlkit.document()
    for kind, names in untranslated.items():
        if names:
            listed = tomlkit.item(list(names))
            table[kind] = listed.multiline(True)
    text = HEAD + tomlkit.dumps(table)
    return text.encode()


def _line(content: Path, languages: list[str], preparing: list[str]) -> bytes:
    line = tomlkit.parse(_text(content / LINE_FILE))
    _set_list(line, "languages", languages)
    _set_list(line, PREPARING, preparing)
    return _as_file(line)


def _as_file(table: tomlkit.TOMLDocument) -> bytes:
    return tomlkit.dumps(table).encode()


def _set_list(line: tomlkit.TOMLDocument, key: str, codes: list[str]) -> None:
    """A list that would be empty is left out."""
    if codes:
        line[key] = codes
    else:
        line.pop(key, None)


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _of_language(faults: tuple[Fault, ...], folder: Path) -> tuple[str, ...]:
    """The faults of a language's own files. Those of others keep it from nobody."""
    place = f"{shown(folder)}/"
    own = []
    for fault in faults:
        if fault.file.startswith(place):
            own.append(told_with_place(fault))
    return tuple(own)
