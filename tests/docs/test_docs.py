"""What the documents say is so: their links, commands, paths, settings and packages."""

import contextlib
import importlib
import io
import re
import shlex
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import soundfile

from ivr.settings import ROOT
from tests.support.documents import DOCUMENTS, PATH_AND_NAME, Document, defined

EVERY_DOCUMENT = pytest.mark.parametrize(
    "document",
    [Document(path) for path in DOCUMENTS],
    ids=lambda document: document.path.name,
)

COMMANDS = [
    file
    for file in sorted((ROOT / "scripts").glob("*.py"))
    if "def main(" in file.read_text("utf-8")
]

SAMPLES = sorted((ROOT / "docs/sounds").iterdir())
"""Voices, to be heard from the README."""

NOT_OURS = {
    *("apt-get", "brew", "cd", "chmod", "chown", "cp", "curl", "exit", "git", "ln"),
    *("mkdir", "npm", "python3", "sed", ".venv/bin/dask"),
    *("adduser", "certbot", "nginx", "systemctl", "timedatectl", "ufw"),
    *("pg_dump", "pg_restore"),
}
"""Programs whose options are their own affair."""

ROOMS = (
    "app.py",
    "audio/",
    "ivr/",
    "scripts/",
    "tests/",
    "docs/",
    "content/",
    "requirements",
    "deploy/",
)
"""How what a document names as a path in this project begins."""

STAFF_PUT_THERE = (
    "content/en/recordings/",
    "content/en/notice.toml",
    "content/en/overruled.toml",
    "content/cy/untranslated.toml",
)
"""Examples of what is not there until somebody sends it."""


# Links


@EVERY_DOCUMENT
def test_every_link_within_the_project_leads_somewhere(document: Document) -> None:
    relative = [link for link in document.links() if not re.match("[a-z]+:", link)]
    broken = [link for link in relative if not leads_somewhere(document, link)]
    assert broken == []


def leads_somewhere(document: Document, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = document.path.parent / path if path else document.path
    if not target.exists():
        return False
    return not anchor or anchor in Document(target).anchors()


def test_every_document_and_picture_can_be_found_from_the_readme() -> None:
    todo, found = [ROOT / "README.md"], set[Path]()
    while todo:
        path = todo.pop().resolve()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".md":
            relative = [
                link for link in Document(path).links() if not re.match("[a-z]+:", link)
            ]
            todo += [
                path.parent / link.partition("#")[0]
                for link in relative
                if link[0] != "#"
            ]
    every = {
        path.resolve() for path in (*DOCUMENTS, *ROOT.glob("docs/*.png"), *SAMPLES)
    }
    assert every - found == set()


def test_the_samples_are_as_the_phone_plays_them_and_quick_to_load() -> None:
    assert len(SAMPLES) == 3
    for path in SAMPLES:
        sound = soundfile.info(path)
        assert (sound.samplerate, sound.channels, sound.subtype) == (8000, 1, "ULAW")
    assert sum(path.stat().st_size for path in SAMPLES) < 200_000


# Commands


@EVERY_DOCUMENT
def test_every_command_can_be_typed(document: Document) -> None:
    for line in command_lines(document):
        words = [
            word for word in shlex.split(line, comments=True) if not is_assignment(word)
        ]
        if words:
            check_command(words)


def command_lines(document: Document) -> list[str]:
    """The lines of the `sh` blocks, and what the text gives as a command."""
    in_blocks = "\n".join(document.blocks("sh")).replace("\\\n", " ").splitlines()
    in_text = [
        span for span in document.spans() if span.startswith((".venv/bin/", "make "))
    ]
    return in_blocks + in_text


def is_assignment(word: str) -> bool:
    return bool(re.match("[A-Z_]+=", word))


def check_command(words: list[str]) -> None:
    if words[:3] == ["sudo", "-u", "line"] and words[3] != "-s":
        words = words[3:]
    program, *given = words
    if program == "sudo":
        return
    if program == "make":
        assert [name for name in given if name not in make_targets()] == []
    elif program == ".venv/bin/python" and given[0] == "-m":
        check_module(given[1], given[2:])
    elif program == ".venv/bin/python":
        options = {word for word in given if word.startswith("--")}
        assert options - options_of(ROOT / given[0]) == set(), given[0]
    else:
        assert program in NOT_OURS, f"is {program!r} a program that everybody has?"


def check_module(module: str, given: list[str]) -> None:
    """A module of a package that we install; the files that it is given are there."""
    assert find_spec(module.partition(".")[0]), module
    for word in given:
        if word.startswith(ROOMS):
            file, _, test = word.partition("::")
            assert (ROOT / file).exists(), word
            assert not test or test in defined(ROOT / file), word


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall("^([a-z-]+):", makefile, re.MULTILINE))


@cache
def options_of(script: Path) -> frozenset[str]:
    """The options that a command explains when it is asked for help."""
    module = importlib.import_module(f"scripts.{script.stem}")
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), pytest.raises(SystemExit) as ended:
        module.main(["--help"])
    assert ended.value.code == 0
    return frozenset(re.findall(r"--[a-z-]+", shown.getvalue())) - {"--help"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda file: file.name)
def test_every_command_is_documented_with_its_options(command: Path) -> None:
    about_it = [
        Document(path) for path in DOCUMENTS if command.name in Document(path).text
    ]
    assert any(f"scripts/{command.name}" in document.text for document in about_it)
    explained = " ".join(span for document in about_it for span in document.spans())
    explained += " ".join(
        block for document in about_it for block in document.blocks("sh")
    )
    assert options_of(command) - set(re.findall(r"--[a-z-]+", explained)) == set()


@EVERY_DOCUMENT
def test_every_option_in_a_table_is_one_that_the_command_has(
    document: Document,
) -> None:
    tables = re.findall(
        r"^\| Option of `(\w+\.py)` \|.*\n((?:\|.*\n)+)", document.text, re.MULTILINE
    )
    for name, rows in tables:
        written = re.findall(r"^\| `(--[a-z-]+)", rows, re.MULTILINE)
        assert written
        assert set(written) - options_of(ROOT / "scripts" / name) == set(), name


# Paths and names


@EVERY_DOCUMENT
def test_every_path_that_is_named_is_there(document: Document) -> None:
    missing = [span for span in document.spans() if not is_there(span)]
    assert missing == []


def is_there(span: str) -> bool:
    """Whether what stands between backticks is in the project, if it looks like a path."""
    path = span.partition(":")[0]
    if not re.fullmatch(r"[\w./-]+", path) or path.startswith(STAFF_PUT_THERE):
        return True
    if path.startswith(ROOMS):
        return (ROOT / path).exists()
    if path.endswith(".py"):
        return any(
            path == file.name
            for room in ROOMS[1:5]
            for file in (ROOT / room).rglob("*.py")
        )
    return True


@EVERY_DOCUMENT
def test_every_function_that_is_named_is_defined(document: Document) -> None:
    named = [
        found for span in document.spans() if (found := PATH_AND_NAME.fullmatch(span))
    ]
    missing = [found[0] for found in named if found[2] not in defined(ROOT / found[1])]
    assert missing == []


# Packages


def test_every_package_is_pinned_and_has_its_reason() -> None:
    files = ROOT.glob("requirements*.txt")
    pinned = [line for file in files for line in file.read_text("utf-8").splitlines()]
    packages = [
        line.partition("==") for line in pinned if line and not line.startswith("#")
    ]
    assert [name for name, _, version in packages if not version] == []
    names = {name.partition("[")[0] for name, _, _ in packages}
    assert names - packages_with_reasons() == set()


def test_every_package_with_a_reason_is_installed() -> None:
    pinned = "".join(file.read_text("utf-8") for file in ROOT.glob("requirements*.txt"))
    programs = {"flite", "Chromium", "Java", "accessibility-checker-engine", "vnu-jar"}
    assert [
        name for name in packages_with_reasons() - programs if name not in pinned
    ] == []


def packages_with_reasons() -> set[str]:
    """The names in the first column of the tables."""
    table = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    columns = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    without_remarks = (re.sub(r"\(.*?\)", "", column) for column in columns)
    return {
        name.strip() for column in without_remarks for name in column.split(",")
    } - {
        "Package",
        "Program",
    }
