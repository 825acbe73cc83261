"""Staff's changes to the content's files, an entry at a time.

Nothing is written that the content check refuses, nor over what somebody else wrote meanwhile.
"""

import json
import logging
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from time import monotonic, sleep
from types import MappingProxyType

import tomlkit

from audio.desk.entries import ENTRY_KINDS, LINE_FILE, EntryKind, article_parts
from audio.desk.fields import A_MOMENT, ARTICLE_WORDS, NOTICE, Fields, Values
from audio.desk.languages import SAID, Files, as_file, is_copy, read_untranslated
from audio.desk.paragraphs import line_shown
from audio.desk.staff_words import told, told_with_place
from audio.history import History
from audio.locks import try_lock
from audio.words.duties import FILE as OVERRULED
from audio.words.duties import HELPLINES, Duty
from audio.words.faults import shown
from audio.words.source import load
from audio.words.tables import read_text
from audio.words.untranslated import FILE as UNTRANSLATED
from ivr.edition.storage import Folder
from ivr.errors import ChangeConflict, ChangeRefused, ContentError, Fault, LineError

log = logging.getLogger(__name__)

OUTSIDE = "somebody outside the studio"
"""Who changed the files by a text editor or a command."""

OVERRULED_HEAD = (
    "# Why the line does not say something that it owes its callers, by prompt.\n"
)

NOT_TOML = (tomllib.TOMLDecodeError, RecursionError)
LAID_OUT_OTHERWISE = (
    "this was written by hand in a way that forms cannot change; ask an operator"
)

FIRST_WORDS = 6
"""How many of a line are shown, for staff to find it by."""

IS_PAST = "this is in the past, so nobody would hear it; give it a later end"

SomeFiles = Mapping[str, bytes | None]
"""`Files`, to read alone."""

PATIENCE_S = 5
"""How long a save waits for another one; each takes a second where there are many articles."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """Where staff work on the words."""

    content: Path
    """The content folder."""
    lock: Path
    """A file that whoever saves holds meanwhile."""
    history: History | None = None
    """Where every save is kept."""
    who: str = "staff"
    """Whose saves they are."""
    clock: Callable[[], datetime] = _utc_now
    """The time, aware."""

    def read(self, kind: str, language: str, name: str) -> Values | None:
        """What an entry's fields hold; None where there is none.

        Raises `ContentError` for a file that cannot be read, which then needs a text editor.
        """
        entry_kind = ENTRY_KINDS[kind]
        file = place_of(kind, language, name)
        text = self._text(file)
        return _read(entry_kind, text, name, file)

    def announce(self, language: str, values: Values, was: str, now: datetime) -> None:
        """Write the notice, whose end must lie ahead of `now` (no zone: by the line's clocks).

        Without a beginning, it begins now. Raises as `save` does.
        """
        values = tidied(NOTICE, values)
        if not values["begins"]:
            values["begins"] = now.strftime(A_MOMENT)
        over = {}
        with suppress(ValueError):
            ends = datetime.strptime(values["ends"], A_MOMENT)
            if ends <= now:
                over = {"ends": IS_PAST}
        self.save("notice", language, "notice", values, was, over)

    def save(
        self,
        kind: str,
        language: str,
        name: str,
        values: Values | None,
        was: str,
        refusals: Mapping[str, str] = MappingProxyType({}),
        why: str | None = None,
        is_right: bool = False,
    ) -> str:
        """Write what the fields hold, or remove the entry; the id of the save, empty if none is
        kept.

        `was` is the `mark` of what the form was opened with; `refusals` are why fields cannot be
        taken that somebody knows already, by their names; `why` is why one of the line's duties is
        overruled, empty where none is any more, None where that stays as it is. `is_right` is
        whether somebody says that words in the first language need no translation. Raises
        `ChangeConflict` where the entry has changed since, and `ChangeRefused`, with all faults at
        once, where a field holds what no file can, or the content check finds fault.
        """
        entry_kind = ENTRY_KINDS[kind]
        file = place_of(kind, language, name)
        if values is not None:
            values = tidied(entry_kind.form, values)
        with self._alone():
            text = self._text(file)
            now = _read(entry_kind, text, name, file)
            if mark(now) != was:
                raise ChangeConflict(now)
            new = entry_kind.write(text, name, values)
            if not _leaves_the_others(entry_kind, text, new, name):
                raise ChangeRefused({"": [LAID_OUT_OTHERWISE]})
            change: Files = {file: None}
            if new:
                change[file] = new.encode()
            change |= self._translating(kind, language, name, values, is_right)
            duty = duty_of(kind, name)
            if why is not None:
                change |= self._overruling(language, duty, "")
            faults = self.check(change)
            if why and _breaks_a_duty(faults):
                change |= self._overruling(language, duty, why)
                faults = self.check(change)
            by_field = _refusals(entry_kind.form, values)
            for field, refusal in refusals.items():
                by_field.setdefault(field, []).append(refusal)
            refused = set(by_field)
            here = shown(self.content / file)
            for fault in faults:
                field = ""
                if fault.file == here and values is not None:
                    field = _field_of(fault, entry_kind, new, name)
                if field not in refused:
                    message = _told(fault, field, new)
                    by_field.setdefault(field, []).append(message)
            if by_field:
                may_overrule = _breaks_a_duty(faults)
                raise ChangeRefused(by_field, may_overrule)
            for each, data in change.items():
                if self.differs(each, data):
                    what = _sentence(entry_kind, name, now, values)
                    return self._write(change, what)
            return ""

    def untranslated(self, kind: str, language: str) -> tuple[str, ...]:
        """The entries of a language that is being prepared which are still in another one."""
        text = self._text(f"{language}/{UNTRANSLATED}")
        return read_untranslated(text).get(kind, ())

    def in_first_language(self, kind: str, language: str, name: str) -> Values | None:
        """What an entry says in the line's first language; None where that has none, or is this
        one."""
        line = tomllib.loads(self._text(LINE_FILE))
        first, *_ = line["languages"]
        if language in ("", first):
            return None
        return self.read(kind, first, name)

    def _translating(
        self,
        kind: str,
        language: str,
        name: str,
        values: Values | None,
        is_right: bool,
    ) -> Files:
        """The file of what is not translated, with this entry or without it; nothing for a
        language that callers are offered."""
        file = f"{language}/{UNTRANSLATED}"
        text = self._text(file)
        if not text or kind not in SAID:
            return {}
        found = read_untranslated(text)
        listed = found[kind]
        names = [each for each in listed if each != name]
        if values and not is_right:
            of_first = self.in_first_language(kind, language, name)
            if is_copy(kind, values, of_first):
                if name in listed:
                    return {}
                names.append(name)
        if tuple(names) == listed:
            return {}
        found[kind] = tuple(names)
        return {file: as_file(found)}

    def put(self, files: SomeFiles, was: str, what: str = "Change files") -> str:
        """Write or remove whole files, by their place in the content folder: a recording. The id of
        the save, empty if none is kept.

        `was` is their `files_mark` from before, `what` the sentence that is kept. Raises as `save`
        does.
        """
        with self._alone():
            if self.files_mark(files) != was:
                raise ChangeConflict(None)
            own = {shown(self.content / file) for file in files}
            refused: list[str] = []
            for fault in self.check(files):
                if fault.file in own:
                    refused.append(told(fault))
                else:
                    refused.append(told_with_place(fault))
            if refused:
                raise ChangeRefused({"": refused})
            return self._write(files, what)

    def overruled(self, kind: str, language: str, name: str) -> str | None:
        """Why a duty that concerns this entry is overruled; None where none is."""
        text = self._text(f"{language}/{OVERRULED}")
        reasons = tomllib.loads(text)
        duty = duty_of(kind, name)
        found = reasons.get(duty)
        if found is None:
            return None
        return str(found)

    def _overruling(self, language: str, duty: str, why: str) -> Files:
        """The file of what is overruled, with why this duty is, or without it."""
        file = f"{language}/{OVERRULED}"
        text = self._text(file) or OVERRULED_HEAD
        table = tomlkit.parse(text)
        if why.strip():
            table[duty] = " ".join(why.split())
        else:
            table.pop(duty, None)
        if not table.unwrap():
            return {file: None}
        return {file: tomlkit.dumps(table).encode()}

    def differs(self, file: str, data: bytes | None) -> bool:
        """Whether a file is not as `data` has it; None is no file."""
        path = self.content / file
        if not path.exists():
            return data is not None
        return path.read_bytes() != data

    def files_mark(self, files: Mapping[str, object]) -> str:
        """Another one whenever any of these files is."""
        digests = blake2b(digest_size=8)
        for file in sorted(files):
            path = self.content / file
            data = b""
            if path.is_file():
                data = path.read_bytes()
            digest = blake2b(data).digest()
            digests.update(digest)
        return digests.hexdigest()

    def check(self, changes: SomeFiles) -> tuple[Fault, ...]:
        """What would be wrong with the content that is not wrong now."""
        if any(".." in Path(file).parts for file in changes):
            raise LineError("a file outside of the content folder cannot be written")
        also = _language_of(changes)
        faults_now = _all_faults(self.content, also)
        now = {(fault.file, fault.what) for fault in faults_now}
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "content"
            original = self.content.absolute()
            shutil.copytree(original, copy, copy_function=os.symlink)
            for file, data in changes.items():
                path = copy / file
                path.unlink(missing_ok=True)
                if data is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
            found: list[Fault] = []
            for fault in _all_faults(copy, also):
                file = fault.file.replace(shown(copy), shown(self.content))
                if (file, fault.what) in now:
                    continue
                in_place = replace(fault, file=file)
                found.append(in_place)
        return tuple(found)

    def keep(self, who: str, what: str) -> str:
        """Keep the words as they are now; the id of their save, or nothing if none is kept.

        The words matter more than their history: if keeping it fails, the words stay saved.
        """
        if self.history is None:
            return ""
        now = self.clock()
        try:
            return self.history.keep(who, what, now)
        except (OSError, LineError):
            log.exception("a save of the words could not be kept")
            return ""

    def keep_outside(self) -> str:
        """Keep changes that were not made at this desk."""
        return self.keep(OUTSIDE, "Change the words outside the studio")

    def _write(self, files: SomeFiles, what: str) -> str:
        """Writes, and keeps both what was there and what is; the id of the save."""
        self.keep_outside()
        self._write_files(files)
        return self.keep(self.who, what)

    def _write_files(self, files: SomeFiles) -> None:
        """What is new first: if the disk is full, what is old stays."""
        folder = Folder(self.content)
        for file, data in files.items():
            if data is not None:
                folder.write(file, data, lasting=True)
        for file, data in files.items():
            if data is None:
                folder.delete(file)

    def _text(self, file: str) -> str:
        path = self.content / file
        if ".." in Path(file).parts or not path.exists():
            return ""
        faults: list[Fault] = []
        text = read_text(path, faults)
        if text is None:
            raise ContentError(tuple(faults))
        return text

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        with self.lock.open("w") as lock:
            until = monotonic() + PATIENCE_S
            while not try_lock(lock):
                if monotonic() > until:
                    raise LineError(
                        "Somebody else is saving just now. Save again in a moment."
                    )
                sleep(0.05)
            yield


def mark(values: Values | None) -> str:
    """Another one whenever the values are; short enough for a form."""
    if values is None:
        return "none"
    marks = []
    for name, value in values.items():
        marks.append(_mark(name, value))
    return " ".join(sorted(marks))


def _breaks_a_duty(faults: tuple[Fault, ...]) -> bool:
    return any(isinstance(fault, Duty) for fault in faults)


def _language_of(files: SomeFiles) -> str:
    """The language whose folder the first of these is in; empty where none is in one."""
    for file in files:
        language, slash, _ = file.partition("/")
        if slash:
            return language
    return ""


def changed_since(now: Values | None, was: str) -> frozenset[str]:
    """The fields that no longer hold what they held when the `mark` of all was `was`."""
    before = was.split()
    changed = set()
    values = now or {}
    for name, value in values.items():
        if _mark(name, value) not in before:
            changed.add(name)
    return frozenset(changed)


def _sentence(
    entry_kind: EntryKind, name: str, now: Values | None, values: Values | None
) -> str:
    """What a save did: `Change the helpline Childline`."""
    did = "Change"
    if values is None:
        did = "Remove"
    elif now is None:
        did = "Add"
    it = called(name, values or now)
    return f"{did} the {entry_kind.one} {it}"


def place_of(kind: str, language: str, name: str) -> str:
    """An entry's file, by its place in the content folder. Only the line has no language."""
    file = ENTRY_KINDS[kind].file(name)
    return str(PurePosixPath(language, file))


def duty_of(kind: str, name: str) -> str:
    """What an entry's duty is called where it is overruled; helplines have one together."""
    if kind == "prompts":
        return name
    return HELPLINES


def called(name: str, values: Values | None) -> str:
    """What staff call an entry: by its title, its name, or what is written."""
    values = values or {}
    for key in ("title", "name", "written"):
        if values.get(key):
            return values[key]
    return name


def _mark(name: str, value: str) -> str:
    pair = json.dumps((name, value)).encode()
    return blake2b(pair, digest_size=8).hexdigest()


def tidied(form: Fields, typed: Mapping[str, str]) -> Values:
    """What the form's fields hold as a browser sends it, without what cannot be seen."""
    values = {}
    for field in form:
        as_sent = typed.get(field.name, "")
        values[field.name] = field.tidied(as_sent)
    return values


def _refusals(form: Fields, values: Values | None) -> dict[str, list[str]]:
    """What is wrong with fields that no file can hold, by the fields' names."""
    refusals: dict[str, list[str]] = {}
    if values is None:
        return refusals
    for field in form:
        text = values[field.name]
        refusal = field.refusal(text) or field.too_long(text)
        if refusal:
            refusals[field.name] = [refusal]
    return refusals


def _all_faults(content: Path, also: str) -> tuple[Fault, ...]:
    """Those of the content check, what is not safe, and dates in the past, which nobody may type
    anew. `also` is the language that is changed, even if callers are not offered it."""
    try:
        source = load(content, also=also)
        return (*source.past, *source.unsafe)
    except ContentError as error:
        return error.faults


def _field_of(fault: Fault, entry_kind: EntryKind, text: str, name: str) -> str:
    """The field that a fault is told beside; empty if it is none of this entry's.

    What is missing stands on no line of its own.
    """
    here = entry_kind.field_at(text, name, fault.line)
    for field in entry_kind.form:
        if here and fault.what.startswith(f"{field.name!r} is missing"):
            return field.name
    return here


def _told(fault: Fault, field: str, text: str) -> str:
    """A fault as it is told beside its field; of an article's words, with where that is."""
    if not field:
        return told_with_place(fault)
    what_and_mend = told(fault)
    if field != ARTICLE_WORDS.name:
        return what_and_mend
    # A form's first line is the one below the empty line that follows the fence.
    parts = article_parts(text)
    line = fault.line - parts.body_line
    if line < 1:
        return what_and_mend
    line = line_shown(parts.body.strip("\n"), line)
    lines = text.split("\n")
    words = lines[fault.line - 1].split()
    first_words = " ".join(words[:FIRST_WORDS])
    return f"Line {line}, “{first_words}”: {what_and_mend}"


def _read(entry_kind: EntryKind, text: str, name: str, file: str) -> Values | None:
    """What a file says. One that is not TOML any more is told as the content check tells it."""
    try:
        return entry_kind.read(text, name)
    except NOT_TOML as error:
        what = f"this is not TOML: {error}"
        mend = "mend it in a text editor; check_content.py shows where"
        fault = Fault(file, 0, what, mend)
        raise ContentError((fault,)) from error


def _leaves_the_others(entry_kind: EntryKind, old: str, new: str, name: str) -> bool:
    """Whether a change of one entry changes nothing else, however the file is laid out."""
    try:
        before = entry_kind.others(old, name)
        after = entry_kind.others(new, name)
    except NOT_TOML:
        return False
    return after == before
