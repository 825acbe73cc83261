"""Every save of the words, with who made it and when: a git repository of the line's own.

It is separate from the content folder, which may be in a repository of its own. It is plain git, so
an operator can copy it elsewhere: `git -C instance/studio/history.git push URL main`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, cast

from audio.locks import try_lock
from ivr.errors import LineError

if TYPE_CHECKING:
    from dulwich.objects import Commit, ObjectID
    from dulwich.refs import Ref
    from dulwich.repo import Repo

BRANCH = cast("Ref", b"refs/heads/main")

EDITION = b"refs/tags/edition-"
"""Before an edition's id: the save whose words it has."""

PATIENCE_S = 5
"""How long a save waits for another one to be kept."""

A_FILE = 0o100644
"""The mode of every file, as git has it."""


@dataclass(frozen=True)
class Kept:
    """A save."""

    id: str
    before: str
    """The save before it; empty for the first."""
    who: str
    when: datetime
    """Aware."""
    what: str
    """In a sentence, such as `Change the prompt welcome`."""


@dataclass(frozen=True)
class FileChange:
    """A file that differs between two saves."""

    file: str
    """Its place in the content folder."""
    before: bytes | None
    """None where there was none."""
    after: bytes | None
    """None where it was removed."""


@dataclass(frozen=True)
class History:
    """The saves of a content folder."""

    folder: Path
    """The repository; it is made with the first save."""
    content: Path

    def keep(self, who: str, what: str, when: datetime) -> str:
        """Keep the words as they are now; the id of the save that has them.

        That is the last one, if nothing has changed since. Raises `OSError` where the disk fails.
        """
        with self._alone(), self._opened() as repo:
            from dulwich.index import commit_tree
            from dulwich.objects import Commit

            files = []
            for name, path in self._files():
                blob = self._blob(repo, path)
                files.append((name.encode(), blob, A_FILE))
            tree = commit_tree(repo.object_store, files)
            parent = _head(repo)
            if parent and _commit(repo, parent).tree == tree:
                return parent.decode()
            commit = Commit()
            commit.tree = tree
            if parent:
                commit.parents = [parent]
            signed = _signed(who)
            commit.author = signed
            commit.committer = signed
            seconds = int(when.timestamp())
            commit.author_time = seconds
            commit.commit_time = seconds
            commit.author_timezone = 0
            commit.commit_timezone = 0
            commit.encoding = b"UTF-8"
            commit.message = what.encode()
            repo.object_store.add_object(commit)
            repo.refs[BRANCH] = commit.id
            return str(commit.id.decode())

    def saves(self, start: str = "") -> Iterator[Kept]:
        """The saves, newest first; from this one on, where one is named."""
        with self._opened() as repo:
            at = _id(start) or _head(repo)
            while at:
                kept = _kept(repo, at)
                yield kept
                at = _id(kept.before)

    def save(self, save_id: str) -> Kept | None:
        """A save by its id; None where there is none."""
        with self._opened() as repo:
            if not _is_there(repo, save_id):
                return None
            return _kept(repo, _id(save_id))

    def changed(self, before: str, after: str) -> list[FileChange]:
        """The files in which two saves differ; `before` may be empty, which is no file at all."""
        from dulwich.diff_tree import tree_changes

        found: list[FileChange] = []
        with self._opened() as repo:
            old = None
            if before:
                old = _commit(repo, _id(before)).tree
            new = _commit(repo, _id(after)).tree
            for change in tree_changes(repo.object_store, old, new):
                path = _path(change.new) or _path(change.old)
                different = FileChange(
                    path.decode(),
                    before=_data(repo, change.old),
                    after=_data(repo, change.new),
                )
                found.append(different)
        return sorted(found, key=lambda change: change.file)

    def files(self, save_id: str) -> Mapping[str, bytes]:
        """Every file of a save, by its place in the content folder."""
        files = {}
        for change in self.changed("", save_id):
            if change.after is not None:
                files[change.file] = change.after
        return files

    def mark_edition(self, edition_id: str, save_id: str) -> None:
        """Note which save an edition's words come from."""
        with self._alone(), self._opened() as repo:
            repo.refs[_edition(edition_id)] = _id(save_id)

    def of_edition(self, edition_id: str) -> str:
        """The id of the save that an edition's words come from; empty if none was noted."""
        with self._opened() as repo:
            name = _edition(edition_id)
            if name not in repo.refs.allkeys():
                return ""
            return str(repo.refs[name].decode())

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Every file of the words, except hidden files of an editor or a system."""
        for path in sorted(self.content.rglob("*")):
            name = path.relative_to(self.content)
            is_hidden = any(part.startswith(".") for part in name.parts)
            if path.is_file() and not is_hidden:
                yield name.as_posix(), path

    def _blob(self, repo: "Repo", path: Path) -> "ObjectID":
        """The id of a file's bytes, which are kept, if they are new."""
        from dulwich.objects import Blob

        found = path.stat()
        written = found.st_mtime_ns
        known = _known_blob(str(path), written, found.st_size)
        if known in repo.object_store:
            return known
        blob = Blob.from_string(path.read_bytes())
        repo.object_store.add_object(blob)
        return blob.id

    @contextmanager
    def _opened(self) -> Iterator["Repo"]:
        from dulwich.repo import Repo

        place = str(self.folder)
        if not (self.folder / "HEAD").exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = Repo.init_bare(place, default_branch=b"main")
            new.close()
        repo = Repo(place)
        try:
            yield repo
        finally:
            repo.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "keeping").open("w") as lock:
            until = monotonic() + PATIENCE_S
            while not try_lock(lock):
                if monotonic() > until:
                    raise LineError("Another save is being kept just now. Try again.")
                sleep(0.02)
            yield


@lru_cache(maxsize=10_000)
def _known_blob(path: str, _written: int, _size: int) -> "ObjectID":
    """The id of a file's bytes; of a file that is as it was, without reading it again."""
    from dulwich.objects import Blob

    data = Path(path).read_bytes()
    return Blob.from_string(data).id


def _id(save_id: str) -> "ObjectID":
    return cast("ObjectID", save_id.encode())


def _edition(edition_id: str) -> "Ref":
    return cast("Ref", EDITION + edition_id.encode())


def _path(entry: object) -> bytes:
    """Of one side of a change; empty where that has no file."""
    return getattr(entry, "path", None) or b""


def _signed(who: str) -> bytes:
    """An author, as git wants it; nobody's address is known."""
    without_brackets = who.replace("<", "").replace(">", "")
    name = " ".join(without_brackets.split()) or "somebody"
    return f"{name} <>".encode()


def _head(repo: "Repo") -> "ObjectID":
    """The last save's id; empty before the first."""
    if BRANCH not in repo.refs.allkeys():
        return _id("")
    return repo.refs[BRANCH]


def _is_there(repo: "Repo", save_id: str) -> bool:
    """Whether this is the id of a save; files and folders have ids as well."""
    from dulwich.objects import Commit

    if not re.fullmatch("[0-9a-f]{40}", save_id):
        return False
    object_id = _id(save_id)
    if object_id not in repo.object_store:
        return False
    return isinstance(repo[object_id], Commit)


def _commit(repo: "Repo", save_id: "ObjectID") -> "Commit":
    return cast("Commit", repo[save_id])


def _kept(repo: "Repo", at: "ObjectID") -> Kept:
    commit = _commit(repo, at)
    before = ""
    if commit.parents:
        before = commit.parents[0].decode()
    author = commit.author.decode()
    who, _, _ = author.rpartition(" <")
    return Kept(
        id=at.decode(),
        before=before,
        who=who,
        when=datetime.fromtimestamp(commit.commit_time, UTC),
        what=commit.message.decode(),
    )


def _data(repo: "Repo", entry: object) -> bytes | None:
    """A file's bytes; None where there is none."""
    sha = getattr(entry, "sha", None)
    if sha is None:
        return None
    return repo[sha].as_raw_string()
