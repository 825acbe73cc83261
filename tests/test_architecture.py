"""The borders between the halves, and the pure core."""

import ast
from pathlib import Path

import pytest

from ivr.settings import ROOT

PURE = (
    *("opening", "position", "steps", "scene", "menus", "reading"),
    *("helplines", "flow"),
)
ALLOWED_IN_PURE = {
    *("bisect", "collections", "dataclasses", "datetime", "functools", "itertools", "typing"),
    *("urllib", "zoneinfo", "ivr", "msgspec"),
}


def imported(file: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{a.name}" for a in node.names}
    return names


def test_the_line_does_not_import_the_studio() -> None:
    for file in (ROOT / "ivr").glob("**/*.py"):
        assert not {name for name in imported(file) if name.split(".")[0] == "audio"}, file


def test_the_studio_imports_only_content_and_editions_of_the_line() -> None:
    allowed = ("ivr.callers.counts", "ivr.edition", "ivr.errors")
    for file in (ROOT / "audio").glob("**/*.py"):
        names = {name for name in imported(file) if name.split(".")[0] == "ivr" and "." in name}
        assert not {name for name in names if not name.startswith(allowed)}, file


@pytest.mark.parametrize("module", PURE)
def test_the_flow_of_a_call_touches_no_web_no_disk_and_no_clock(module: str) -> None:
    file = ROOT / "ivr" / "call" / f"{module}.py"
    assert {name.split(".")[0] for name in imported(file)} <= ALLOWED_IN_PURE
    calls = {
        ast.unparse(n.func)
        for n in ast.walk(ast.parse(file.read_text()))
        if isinstance(n, ast.Call)
    }
    assert not calls & {"open", "datetime.now", "datetime.utcnow", "print", "time.time"}
    beyond = {"ivr.edition.library", "ivr.edition.store", "ivr.provider", "ivr.settings"}
    assert not imported(file) & beyond


def test_no_spoken_sentence_stands_in_python() -> None:
    """The scenes name prompts; they hold no words of their own."""
    for module in ("menus", "reading", "helplines", "flow"):
        tree = ast.parse((ROOT / "ivr" / "call" / f"{module}.py").read_text())
        docs = {
            ast.get_docstring(n, clean=False)
            for n in ast.walk(tree)
            if isinstance(n, ast.Module | ast.FunctionDef)
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
