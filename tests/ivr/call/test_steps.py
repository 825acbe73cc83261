"""Steps and their URLs."""

from urllib.parse import parse_qsl

import pytest

from ivr.call.steps import (
    Articles,
    Contents,
    Helplines,
    Menu,
    Place,
    Reading,
    step_from,
    url_of,
)
from ivr.errors import NoSuchStep
from tests.support.small import article, edition

CONTENT = edition(article("one", 9, 9)).content


def test_a_url_is_readable() -> None:
    step = Reading(language="en", article="one", section=2, start=7, speed=1.5)
    assert url_of("abc", step) == "abc/en/read/one/2?from=7&speed=1.5"


def test_only_what_differs_from_the_beginning_stands_in_a_url() -> None:
    assert url_of("abc", Menu(language="en")) == "abc/en/menu"
    assert (
        url_of("abc", Articles(language="en", contents=True))
        == "abc/en/articles?contents=1"
    )


def test_a_bookmark_survives_its_url() -> None:
    step = Helplines(language="en", bookmark=Place("one", 2, 3), reading=True, page=2)
    path, _, query = url_of("abc", step).partition("?")
    asked = dict(pair.split("=") for pair in query.split("&"))
    assert step_from(CONTENT, "en", "helplines", path.split("/")[3:], asked) == step


def test_an_unknown_parameter_is_passed_over() -> None:
    step = step_from(CONTENT, "en", "contents", ["one"], {"utm": "x", "speed": "2"})
    assert step == Contents(language="en", article="one", speed=2.0)


@pytest.mark.parametrize(
    ("kind", "path", "query"),
    [
        ("menu", ["x"], {}),
        ("read", ["one"], {}),
        ("read", ["one", "3"], {}),
        ("read", ["one", "1"], {"from": "9"}),
        ("read", ["one", "1.0"], {"from": "x"}),
        ("menu", [], {"speed": "3"}),
        ("menu", [], {"bookmark": "one.1"}),
        ("menu", [], {"bookmark": "two.1.0"}),
        ("menu", [], {"bookmark": "one.1.9"}),
        ("menu", [], {"bookmark": "one.3.0"}),
        ("menu", [], {"silences": "-1"}),
        ("menu", [], {"silences": "100"}),
        ("menu", [], {"at": "-1"}),
        ("menu", [], {"at": "1e20"}),
        ("menu", [], {"at": "100000000000000"}),
        ("helplines", [], {"since": "-1"}),
        ("helplines", [], {"since": "100000000000000"}),
        ("menu", [], {"lead": "-1"}),
        ("menu", [], {"lead": "100000000000000"}),
        ("menu", [], {"until": "-1"}),
        ("menu", [], {"until": "100000000000000"}),
        ("menu", [], {"transfers": "-1"}),
        ("menu", [], {"transfers": "1000"}),
        ("menu", [], {"misheard": "-1"}),
        ("menu", [], {"misheard": "3"}),
        ("menu", [], {"between": "1"}),
        ("menu", [], {"between": "123"}),
        ("menu", [], {"between": "1a"}),
        ("languages", [], {}),
        ("read", ["two", "1"], {}),
        ("read", ["one", "0"], {}),
        ("read", ["one", "-1"], {}),
        ("read", ["one", "1"], {"from": "-1"}),
        ("paused", ["one", "2"], {"from": "9"}),
        ("contents", ["two"], {}),
        ("end", ["two"], {}),
        ("helpline", ["nobody"], {}),
        ("transfer", ["nobody"], {}),
        ("helpline", ["always"], {"slowly": "0.5"}),
        ("unreached", ["always", "busy"], {"slowly": "2"}),
        ("unreached", ["nobody", "busy"], {}),
        ("unreached", ["always", "bored"], {}),
        ("unreached", ["always"], {}),
        ("telephone", [], {}),
    ],
)
def test_what_is_not_in_the_edition_is_no_step(
    kind: str, path: list[str], query: dict[str, str]
) -> None:
    with pytest.raises(NoSuchStep, match=f"^{'/'.join([kind, *path])}: "):
        step_from(CONTENT, "en", kind, path, query)


@pytest.mark.parametrize(
    ("kind", "path", "query"),
    [
        ("menu", [], {"bookmark": "one.2.8", "silences": "99", "at": "99999999999999"}),
        ("menu", [], {"lead": "99999999999999", "until": "99999999999999"}),
        ("menu", [], {"transfers": "999", "misheard": "2", "between": "#0"}),
        ("helplines", [], {"since": "99999999999999"}),
        ("read", ["one", "2"], {"from": "8"}),
        ("paused", ["one", "1"], {"from": "8"}),
        ("helpline", ["always"], {"slowly": "0.75"}),
        ("unreached", ["always", "no-answer"], {}),
    ],
)
def test_the_last_of_everything_is_a_step(
    kind: str, path: list[str], query: dict[str, str]
) -> None:
    step = step_from(CONTENT, "en", kind, path, query)
    where, _, asked = url_of("abc", step).partition("?")
    assert where == "/".join(["abc", "en", kind, *path])
    assert dict(parse_qsl(asked)) == query


def test_another_language_is_no_step() -> None:
    with pytest.raises(NoSuchStep):
        step_from(CONTENT, "fr", "menu", [], {})
