"""Staff's changes to the content's files, a thing at a time.

Nothing is written that the content check refuses, nor over what somebody else wrote meanwhile.
"""

import fcntl
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from audio.desk.kinds import KINDS, SEVERAL_LINES, Fields, Kind, halves
from audio.words.faults import shown
from audio.words.source import load
from audio.words.tables import read_text
from ivr.edition.storage import Folder
from ivr.errors import ChangeConflict, ChangeRefused, ContentError, Fault, LineError

NO_TOML = (tomllib.TOMLDecodeError, RecursionError)
OTHERWISE = "this file is laid out in a way that a form cannot change; use a text editor"

PATIENCE_S = 5
"""How long a save waits for another one; each takes a second where there are many articles."""


@dataclass(frozen=True)
class Desk:
    """Where staff work on the words."""

    content: Path
    """The content folder."""
    lock: Path
    """A file that whoever saves holds meanwhile."""

    def read(self, kind: str, language: str, name: str) -> Fields | None:
        """A thing's fields; None where there is none. Raises `ContentError` for a file that
        cannot be read, which then needs a text editor."""
        file = f"{language}/{KINDS[kind].file(name)}"
        return _said(KINDS[kind].read, self._text(file), name, file)

    def save(
        self,
        kind: str,
        language: str,
        name: str,
        fields: Fields | None,
        was: str,
        odd: Mapping[str, list[str]] | None = None,
    ) -> None:
        """Write these fields, or remove the thing.

        `was` is the `mark` of what the form was opened with; `odd` is what is wrong with fields
        that no file can hold. Raises `Changed` where `was` is no more so, and `ChangeRefused`, with
        all faults at once, where anything is odd or the content check finds fault.
        """
        one, file = KINDS[kind], f"{language}/{KINDS[kind].file(name)}"
        with self._alone():
            text = self._text(file)
            now = _said(one.read, text, name, file)
            if mark(now) != was:
                raise ChangeConflict(now)
            new = one.write(text, name, fields and tidied(fields))
            if not _leaves_the_others(one, text, new, name):
                raise ChangeRefused({"": [OTHERWISE]})
            faults = self.check({file: new.encode() if new else None})
            odd = odd or {}
            by_field = {field: list(told) for field, told in odd.items()}
            for fault in faults:
                here = fault.file == shown(self.content / file) and fields is not None
                field = one.field(new, name, fault.line) if here else ""
                if field not in odd:
                    by_field.setdefault(field, []).append(_told(fault, field, new))
            if by_field:
                raise ChangeRefused(by_field)
            if new != text:
                self._write({file: new.encode() if new else None})

    def put(self, files: Mapping[str, bytes | None], was: str) -> None:
        """Write or remove whole files, by their place in the content folder: a recording.

        `was` is their `files_mark` from before. Raises as `save` does.
        """
        with self._alone():
            if self.files_mark(files) != was:
                raise ChangeConflict(None)
            if faults := self.check(files):
                own = {shown(self.content / file) for file in files}
                told = [f"{f.what}; {f.mend}" if f.file in own else str(f) for f in faults]
                raise ChangeRefused({"": told})
            self._write(files)

    def files_mark(self, files: Mapping[str, object]) -> str:
        """Another one whenever any of these files is."""
        found = [self.content / file for file in sorted(files)]
        data = [path.read_bytes() if path.is_file() else b"" for path in found]
        digests = b"".join(blake2b(each).digest() for each in data)
        return blake2b(digests, digest_size=8).hexdigest()

    def check(self, changes: Mapping[str, bytes | None]) -> tuple[Fault, ...]:
        """What would be wrong with the content that is not wrong now."""
        if any(".." in Path(file).parts for file in changes):
            raise LineError("a file outside of the content folder cannot be written")
        now = {(fault.file, fault.what) for fault in _faults(self.content)}
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "content"
            shutil.copytree(self.content.absolute(), copy, copy_function=os.symlink)
            for file, data in changes.items():
                (copy / file).unlink(missing_ok=True)
                if data is not None:
                    (copy / file).parent.mkdir(parents=True, exist_ok=True)
                    (copy / file).write_bytes(data)
            found = [
                replace(fault, file=fault.file.replace(shown(copy), shown(self.content)))
                for fault in _faults(copy)
            ]
        return tuple(fault for fault in found if (fault.file, fault.what) not in now)

    def _write(self, files: Mapping[str, bytes | None]) -> None:
        folder = Folder(self.content)
        # What is new first: if the disk is full, what is old stays.
        for file, data in sorted(files.items(), key=lambda each: each[1] is None):
            if data is None:
                folder.delete(file)
            else:
                folder.write(file, data, lasting=True)

    def _text(self, file: str) -> str:
        if ".." in Path(file).parts or not (self.content / file).exists():
            return ""
        faults: list[Fault] = []
        text = read_text(self.content / file, faults)
        if text is None:
            raise ContentError(tuple(faults))
        return text

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        with self.lock.open("w") as lock:
            until = monotonic() + PATIENCE_S
            while not taken(lock):
                if monotonic() > until:
                    raise LineError("Somebody else is saving just now. Save again in a moment.")
                sleep(0.05)
            yield


def taken(lock: IO[str]) -> bool:
    """Whether an open file's lock could be had at once; it is held until the file is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def mark(fields: Fields | None) -> str:
    """Another one whenever the fields are; short enough for a form."""
    return "none" if fields is None else " ".join(sorted(_marks(fields)))


def changed_since(now: Fields | None, was: str) -> frozenset[str]:
    """The fields that are no more what they were when their `mark` was `was`."""
    return frozenset(name for one, name in _marks(now or {}).items() if one not in was.split())


def _marks(fields: Fields) -> dict[str, str]:
    """Each field's name by a mark of what it is called and holds."""
    pairs = {json.dumps(pair).encode(): pair[0] for pair in fields.items()}
    return {blake2b(pair, digest_size=8).hexdigest(): name for pair, name in pairs.items()}


def tidied(fields: Mapping[str, str]) -> Fields:
    """Fields as browsers send them, without what one cannot see."""
    return {
        name: value.replace("\r\n", "\n").strip()
        if name in SEVERAL_LINES
        else " ".join(value.split())
        for name, value in fields.items()
    }


def _faults(content: Path) -> tuple[Fault, ...]:
    try:
        load(content)
    except ContentError as error:
        return error.faults
    return ()


def _told(fault: Fault, field: str, text: str) -> str:
    """A fault as it is told beside its field; of an article's words, with where that is."""
    if not field:
        return str(fault)
    told = f"{fault.what}; {fault.mend}"
    before = halves(text)[0].count("\n") + 3
    if field != "words" or fault.line <= before:
        return told
    line = " ".join(text.split("\n")[fault.line - 1].split()[:6])
    return f"Line {fault.line - before}, “{line}”: {told}"


def _said(
    read: Callable[[str, str], Fields | None], text: str, name: str, file: str
) -> Fields | None:
    """What a file says. One that is no TOML any more is told as the content check tells it."""
    try:
        return read(text, name)
    except NO_TOML as error:
        mend = "mend it in a text editor; check_content.py tells where"
        raise ContentError((Fault(file, 0, f"this is not TOML: {error}", mend),)) from error


def _leaves_the_others(one: Kind, old: str, new: str, name: str) -> bool:
    """Whether a change of one thing changes nothing else, however the file is laid out."""
    try:
        return one.others(new, name) == one.others(old, name)
    except NO_TOML:
        return False
