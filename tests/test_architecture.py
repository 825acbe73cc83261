"""The rooms: which may import which, and what the flow of a call must never touch.

The contracts stand in pyproject.toml, under `importlinter`. Imports are followed all the way, also
those inside functions.
"""

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.api import read_configuration

from ivr.call.steps import KINDS
from ivr.settings import ROOT

HALVES = ("ivr", "audio", "scripts")

CONTRACTS: list[dict[str, Any]] = read_configuration(str(ROOT / "pyproject.toml"))[
    "contracts_options"
]

SLOW = {
    ("audio/air/render.py", "audio"),  # with numpy and soxr: 400 ms
    ("audio/air/saying.py", "audio"),  # with numpy and soundfile: 250 ms
    ("audio/air/saying.py", "soundfile"),  # 250 ms, with numpy
    ("audio/air/workers.py", "distributed"),  # 700 ms; is not installed everywhere
    ("audio/desk/word_files.py", "mammoth"),  # 90 ms
    ("audio/history.py", "dulwich"),  # 120 ms, once somebody saves
    ("audio/sound/ear.py", "audio"),  # with numpy and soxr
    ("audio/sound/ear.py", "numpy"),  # 110 ms
    ("audio/sound/ear.py", "faster_whisper"),  # 1 s; is not installed everywhere
    ("audio/sound/ear.py", "soxr"),  # 400 ms, with numpy
    ("audio/voices/google.py", "audio"),  # with numpy: 250 ms
    ("audio/voices/google.py", "gtts"),  # 170 ms, with requests
    ("audio/voices/google.py", "requests"),  # 120 ms
    ("audio/voices/person.py", "audio"),  # with pydub and numpy: 250 ms
    ("audio/voices/hibari.py", "hibari"),  # 100 ms; is not installed everywhere
    ("audio/voices/hibari.py", "numpy"),  # 110 ms
    ("audio/voices/kokoro.py", "hibari"),  # as above
    ("audio/voices/kokoro.py", "numpy"),  # 110 ms
    ("audio/voices/kokoro.py", "onnxruntime"),  # 150 ms; is not installed everywhere
    ("audio/voices/models.py", "numpy"),  # 110 ms
    ("audio/voices/piper.py", "piper"),  # 230 ms; is not installed everywhere
    ("audio/voices/voice_files.py", "requests"),  # 120 ms
    ("audio/voices/programs.py", "numpy"),  # 110 ms
    ("audio/voices/silent.py", "numpy"),  # 110 ms
    ("audio/words/public_holidays.py", "holidays"),  # 85 ms
    ("ivr/callers/database.py", "alembic"),  # 770 ms, only when migrating
    ("ivr/edition/storage.py", "fsspec"),  # 100 ms; a folder does without
    ("ivr/settings.py", "fsspec"),  # 100 ms
    ("scripts/screenshots.py", "playwright"),  # 110 ms; is for tests alone
}
"""The files that import a package inside a function, and why: it takes long to load, or is an
extra. Never, because it would be a circle. (Milliseconds by `python -X importtime`.)"""

PURE_MODULES = {
    "ivr.edition.content",
    "ivr.edition.edition",
    "ivr.edition.vocabulary",
    "ivr.errors",
}
"""What the flow may know beside itself."""

PURE_PACKAGES = {
    *(
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "functools",
        "hashlib",
        "itertools",
        "re",
        "typing",
    ),
    *("msgspec", "rapidfuzz", "urllib", "zoneinfo"),
}
"""What the flow, and what it knows, may import from elsewhere."""

CLOCKS = {"now", "utcnow", "today"}
"""The methods of `datetime` and `date` that look at a clock."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Every import of every module, with those of other packages."""
    return grimp.build_graph(*HALVES, include_external_packages=True, cache_dir=None)


def sources(*folders: str) -> Iterator[Path]:
    """The files of Python code in these folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def rooms(half: str) -> set[str]:
    """The rooms of a half, and its modules that stand in none."""
    found = {path.stem for path in (ROOT / half).glob("*.py")} - {"__init__"}
    return found | {path.parent.name for path in (ROOT / half).glob("*/__init__.py")}


def contract(words: str) -> dict[str, Any]:
    """The contract that has these words in its name."""
    [found] = [each for each in CONTRACTS if words in each["name"]]
    return found


# Rooms


def test_every_contract_between_the_rooms_is_kept() -> None:
    """In a process of its own: the linter sets up logging anew, for whoever is in its process."""
    linter = Path(sys.executable).with_name("lint-imports")
    linted = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert linted.returncode == 0, linted.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in linted.stdout


def test_the_contracts_look_at_every_file(graph: grimp.ImportGraph) -> None:
    own = {name for name in graph.modules if name.partition(".")[0] in HALVES}
    assert len(own) == len(list(sources(*HALVES))) > 100


@pytest.mark.parametrize(
    ("half", "name"),
    [
        ("ivr", "through the rooms of the line"),
        ("audio", "through the rooms of the studio"),
    ],
)
def test_every_room_has_its_floor_in_a_contract(half: str, name: str) -> None:
    floors = " | ".join(contract(name)["layers"]).split(" | ")
    certain = {floor for floor in floors if not floor.startswith("(")}
    optional = {floor.strip("()") for floor in floors} - certain
    assert certain
    assert certain <= rooms(half) <= certain | optional


def test_each_room_of_the_line_is_open_or_closed_to_the_studio() -> None:
    closed = contract("Of the line, the studio knows")["forbidden_modules"]
    open_ones = {"ivr.edition", "ivr.errors"}
    assert set(closed) | open_ones == {f"ivr.{room}" for room in rooms("ivr")}


def test_no_module_needs_itself_by_way_of_others(graph: grimp.ImportGraph) -> None:
    """The contract looks at siblings; this looks at a package and what is in it, too."""
    imports = {
        name: graph.find_modules_directly_imported_by(name) for name in graph.modules
    }
    assert imports["ivr.call.flow"]
    # An error names the circle.
    list(graphlib.TopologicalSorter(imports).static_order())


def test_an_import_inside_a_function_is_of_a_package_that_takes_long() -> None:
    found = set()
    for file in (ROOT / "app.py", *sources(*HALVES)):
        found |= {
            (str(file.relative_to(ROOT)), name) for name in imported_in_functions(file)
        }
    assert found == SLOW


def imported_in_functions(file: Path) -> set[str]:
    """The packages that are imported inside the functions of a file."""
    names = set()
    for node in inside_functions(file):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def inside_functions(file: Path) -> Iterator[ast.AST]:
    """Everything that stands in a function of a file."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from ast.walk(node)


# The pure core


def test_the_flow_knows_nothing_that_could_touch_the_world(
    graph: grimp.ImportGraph,
) -> None:
    own = {"ivr.call"} | graph.find_descendants("ivr.call")
    assert len(own) == len(list(sources("ivr/call")))
    known = graph.find_upstream_modules("ivr.call", as_package=True)
    inside = {name for name in known if name.partition(".")[0] in HALVES}
    assert inside == PURE_MODULES
    assert known - inside <= PURE_PACKAGES


def test_the_flow_looks_at_no_clock(graph: grimp.ImportGraph) -> None:
    """The only moment it knows is the one that it is given."""
    asked = set()
    for name in graph.find_descendants("ivr.call") | PURE_MODULES:
        file = ROOT / f"{name.replace('.', '/')}.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
                asked.add(ast.unparse(node))
    assert asked == {"self.now", "call.now"}


def test_the_flow_opens_no_file_and_asks_nobody_whatever_happens_on_a_call() -> None:
    """Every event at every step, in a process where any of that is an error."""
    walked = subprocess.run(
        [sys.executable, "-m", "tests.support.unplugged"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert walked.stderr == ""
    assert int(walked.stdout) > 20 * len(KINDS)


def test_no_spoken_sentence_stands_in_python() -> None:
    """The scenes name prompts; they hold no words of their own."""
    for module in ("menus", "reading", "helplines", "flow"):
        tree = ast.parse((ROOT / "ivr" / "call" / f"{module}.py").read_text())
        docs = {
            ast.get_docstring(n, clean=False)
            for n in ast.walk(tree)
            if isinstance(n, ast.Module | ast.FunctionDef | ast.ClassDef)
        }
        expressions = {
            n.value.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)
        }
        texts = {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
        assert not {t for t in texts - docs - expressions if len(t.split()) > 1}, module
