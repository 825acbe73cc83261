"""Changes the code in one place at a time, and counts how many changes the tests notice.

For each module in the list, it finds every place where a small change is possible: a comparison,
a figure, a text, a condition, an entry of a table, an argument. It tries a sample of them, always
the same: each in a separate process, with the module's tests, which must fail. Rules over every
step and whatever is marked slow are left out, so what survives here may still be noticed by them.

It prints a table in Markdown for docs/mutation.md, then each change that nothing noticed.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import random
import resource
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NoReturn

import pytest
from hypothesis import settings

from ivr.settings import ROOT

CALLS = (
    "tests/ivr/call/test_scenes.py",
    "tests/ivr/call/test_flow.py",
    "tests/ivr/call/test_helplines.py",
    "tests/ivr/call/test_transfers.py",
    "tests/ivr/call/test_returning.py",
    "tests/ivr/call/test_limits.py",
    "tests/ivr/call/test_languages.py",
    "tests/ivr/call/test_speech.py",
)
"""Tests of calls; after those of the module itself, each module of the flow has these."""

TESTS: Mapping[str, tuple[str, ...]] = {
    "ivr/provider/signature.py": ("tests/ivr/provider/test_signature.py",),
    "ivr/call/position.py": ("tests/ivr/call/test_position.py", *CALLS),
    "audio/words/duties.py": ("tests/audio/words/test_duties.py",),
    "audio/sound/checks.py": ("tests/audio/sound/test_checks.py",),
    "audio/sound/loudness.py": (
        "tests/audio/sound/test_loudness.py",
        "tests/audio/sound/test_checks.py",
    ),
    "audio/air/misheard.py": ("tests/audio/air/test_misheard.py",),
    "ivr/call/limits.py": ("tests/ivr/call/test_limits.py", *CALLS),
    "ivr/call/transfers.py": ("tests/ivr/call/test_transfers.py", *CALLS),
    "ivr/call/opening.py": ("tests/ivr/call/test_opening.py", *CALLS),
    "ivr/call/returning.py": ("tests/ivr/call/test_returning.py", *CALLS),
    "ivr/call/languages.py": ("tests/ivr/call/test_languages.py", *CALLS),
    "ivr/call/flow.py": CALLS,
    "ivr/call/reading.py": CALLS,
    "ivr/call/menus.py": CALLS,
    "ivr/call/helplines.py": ("tests/ivr/call/test_helplines.py", *CALLS),
    "ivr/call/speech.py": ("tests/ivr/call/test_speech.py", *CALLS),
    "ivr/call/scene.py": ("tests/ivr/call/test_scene.py", *CALLS),
    "ivr/call/steps.py": ("tests/ivr/call/test_steps.py", *CALLS),
}
"""Each module with the tests that cover it, the closest first."""

LEFT_OUT = (
    *(
        "every_step_answers",
        "every_step_can",
        "every_kind_of_step_is_reached",
        "wherever",
        "nobody_is",
        "nothing_is_dialled",
    ),
    *("during_the_warning", "only_at_the_step", "quarter_of_an_hour", "calendar_has"),
    *(
        "no_good_clip",
        "hurries_through_a_list",
        "garbage",
        "a_worker_keeps",
        "goes_on_failing",
        "stops_in_the_middle",
    ),
    *("for_tests_may_be", "whatever_the_words", "every_voice_route"),
)
"""Words in the names of tests that take more than about a second."""

OPTIONS = (
    *("-x", "-q", "--assert=plain", "-p", "no:cacheprovider", f"--rootdir={ROOT}"),
    *("-m", "not slow", "-k", f"not ({' or '.join(LEFT_OUT)})"),
)
"""How pytest runs them: until the first that fails."""

WITH_FIXTURES = ("audio/words/duties.py",)
"""Modules whose tests need tests/conftest.py, which imports everything and so takes a second."""

FRESH = ("ivr", "audio", "scripts", "tests", "app", "prometheus_client")
"""What is loaded again for each change: our modules, and the package that has our figures."""

SPARE_S = 10
"""A change may take five times as long as the unchanged code, and this many seconds of the
processor more. After that it is an endless loop, which counts as noticed."""

LONGEST_S = 900
"""Seconds by the clock, after which a process is ended, whatever it waits for."""

SWAPPED: Mapping[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Continue: ast.Break,
    ast.Break: ast.Continue,
}
"""What stands in the place of an operator."""

SMALL = 10
"""A figure up to this becomes one more; others are doubled, as nobody hears one more of 600 ms."""

LONG = 70
"""Characters of code that are shown."""

NOT_CODE = {"annotation", "returns", "decorator_list", "bases", "ctx", "type_params"}
"""Parts of the tree that are left as they are."""


Holder = ast.AST | list[ast.AST]
"""Of which a part is changed: a node, or a list of them."""


@dataclass(frozen=True)
class Change:
    """One change to a module."""

    holder: Holder
    """What is changed."""
    place: str | int
    """Which of its fields, or of its items."""
    new: ast.AST | None
    """What is put there; None takes the item out."""
    told: str
    """What it does, with the line."""

    def apply(self) -> None:
        """Change the tree."""
        if not isinstance(self.holder, list):
            setattr(self.holder, str(self.place), self.new)
        elif self.new is None:
            del self.holder[int(self.place)]
        else:
            self.holder[int(self.place)] = self.new


def written(node: ast.AST) -> str:
    """A piece of code in one short line."""
    if isinstance(node, ast.operator | ast.cmpop | ast.boolop):
        return type(node).__name__
    text = " ".join(ast.unparse(node).split())
    if len(text) > LONG:
        return f"{text[:LONG]}…"
    return text


def changes(node: ast.AST, line: int = 0) -> Iterator[Change]:
    """Every change within a node, in the order of the lines."""
    for name, value in ast.iter_fields(node):
        if name in NOT_CODE:
            continue
        if not isinstance(value, list):
            yield from _changes_of(node, node, name, value, line)
            continue
        for index, child in enumerate(value):
            yield from _changes_of(node, value, index, child, line)


def _changes_of(
    parent: ast.AST,
    holder: Holder,
    place: str | int,
    child: object,
    line: int,
) -> Iterator[Change]:
    """The changes of one node in its place, and of whatever is in it."""
    if not isinstance(child, ast.AST):
        return
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return  # a docstring
    if isinstance(child, ast.Assign) and _names_a_type(child):
        return  # mypy reads these
    line = getattr(child, "lineno", line)
    for new in _instead_of(child):
        told = f"line {line}: `{written(child)}` → `{written(new)}`"
        yield Change(holder, place, new, told)
    if isinstance(child, ast.Dict):
        yield from _without_entries(holder, place, child)
    if isinstance(holder, list) and _may_go(parent, child):
        told = f"line {line}: `{written(child)}` left out"
        yield Change(holder, place, None, told)
    yield from changes(child, line)


def _names_a_type(node: ast.Assign) -> bool:
    """Whether it gives a type a name: `Way = Callable[[], Go]`."""
    is_type = isinstance(node.value, ast.Subscript | ast.BinOp)
    name = ast.unparse(node.targets[0])
    return is_type and name[0].isupper() and not name.isupper()


def _without_entries(
    holder: Holder, place: str | int, table: ast.Dict
) -> Iterator[Change]:
    """A table without each of its entries."""
    for index, value in enumerate(table.values):
        fewer = ast.Dict(list(table.keys), list(table.values))
        gone = fewer.keys.pop(index)
        del fewer.values[index]
        entry = f"**{written(value)}"
        if gone:
            entry = f"{written(gone)}: {written(value)}"
        told = f"line {value.lineno}: `{entry}` left out"
        yield Change(holder, place, fewer, told)


def _instead_of(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    if type(node) in SWAPPED:
        yield SWAPPED[type(node)]()
    match node:
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value) if not value:
            yield ast.Constant(value + 1)
        case ast.Constant(int(value)) if value <= SMALL:
            yield ast.Constant(value + 1)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value * 2)
        case ast.Constant(str() as value):
            yield ast.Constant(f"{value}X")
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Return(value) if value and not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call()) | ast.Raise() | ast.AugAssign():
            yield ast.Pass()
        case ast.If() | ast.IfExp() | ast.While():
            other = copy.copy(node)
            other.test = ast.UnaryOp(ast.Not(), node.test)
            yield other


def _may_go(parent: ast.AST, node: ast.AST) -> bool:
    """Whether a node may be taken out of its list: an entry, an argument by name, a condition."""
    if isinstance(node, ast.keyword | ast.match_case):
        return True
    if isinstance(parent, ast.Tuple | ast.List):
        return isinstance(parent.ctx, ast.Load)
    return isinstance(parent, ast.Set)


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a tree instead of its file."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.file = str(ROOT / path)
        self.name = path.removesuffix(".py").replace("/", ".")
        self.tree = tree

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> ModuleSpec | None:
        """Only its own module's."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=self.file)

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code."""
        module.__file__ = self.file
        code = compile(ast.fix_missing_locations(self.tree), self.file, "exec")
        exec(code, module.__dict__)  # noqa: S102 - that is what it is for


def warm_up(tests: Sequence[str]) -> None:
    """Load the packages that these tests need, and none of our own modules: so each change starts
    at once, and with fresh modules."""
    for path in tests:
        importlib.import_module(path.removesuffix(".py").replace("/", "."))
    for name in list(sys.modules):
        if name.partition(".")[0] in FRESH:
            del sys.modules[name]


def notices(path: str, tree: ast.Module, change: Change | None, limit_s: int) -> bool:
    """Whether a module's tests notice this change of it, or fail without any.

    They run in a process of their own, which may use `limit_s` of the processor.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _try(path, tree, change, limit_s)
    _, status = os.waitpid(child, 0)
    return status != 0


def _try(path: str, tree: ast.Module, change: Change | None, limit_s: int) -> NoReturn:
    """Run the tests in this process, and end it: with 0 where they pass."""
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
        signal.alarm(LONGEST_S)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if change:
            change.apply()
        sys.meta_path.insert(0, Changed(path, tree))
        options = list(OPTIONS)
        if path not in WITH_FIXTURES:
            options.append("--noconftest")
        for tests in TESTS[path]:
            code = int(pytest.main([*options, tests]))
            if code:
                break
    finally:
        os._exit(code)


def measure(path: str, most: int, matching: str) -> str | None:
    """Try the changes of one module; its row of the table, or None where its tests fail anyway."""
    warm_up(TESTS[path])
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    if notices(path, tree, None, LONGEST_S):
        print(f"{path}: its tests fail although nothing is changed")
        return None
    usual_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    limit_s = round(SPARE_S + 5 * usual_s)
    every = list(changes(tree))
    tried = every
    if len(every) > most:
        tried = random.Random(path).sample(every, most)  # noqa: S311 - no secret
    tried = [change for change in tried if matching in change.told]
    print(f"\n{path}: {len(tried)} of {len(every)} changes", flush=True)
    noticed = 0
    for change in tried:
        if notices(path, tree, change, limit_s):
            noticed += 1
        else:
            print(f"- {change.told}", flush=True)
    score = noticed / max(len(tried), 1)
    name = f"`{path}`"
    today = date.today().isoformat()
    row = (
        f"| {name} | {len(every)} | {len(tried)} | {noticed} | {score:.0%} | {today} |"
    )
    print(row, flush=True)
    return row


def main(argv: list[str] | None = None) -> int:
    """Exits with 0, or 1 where tests fail although nothing is changed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", help="paths; otherwise all in the list")
    parser.add_argument("--sample", type=int, default=150, help="changes a module")
    parser.add_argument("--matching", default="", help="only changes with this text")
    asked = parser.parse_args(argv)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    few = settings(max_examples=10, deadline=None, derandomize=True, database=None)
    settings.register_profile("quick", few)
    settings.load_profile("quick")
    rows = []
    for path in asked.modules or TESTS:
        row = measure(path, asked.sample, asked.matching)
        if row is None:
            return 1
        rows.append(row)
    print("\n| Module | Changes | Tried | Noticed | Score | Date |")
    print("|---|---|---|---|---|---|")
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
