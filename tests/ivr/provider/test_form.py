"""Forms are read as Werkzeug reads them."""

import io
from urllib.parse import urlencode

import pytest
from flask import Request
from hypothesis import given
from hypothesis import strategies as st

from ivr.provider.form import Asked, fields

PIECES = st.sampled_from([*"=&+;%", "%2", "%2B", "%26", "%c3%a9", "%C3", "%00", "%zz"])


def environment(body: bytes) -> dict[str, object]:
    """A form that is posted."""
    return {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }


def read(body: bytes, kind: type[Request]) -> list[tuple[str, str]]:
    """The fields, in order."""
    return list(kind(environment(body)).form.items(multi=True))


@given(st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_any_body_is_read_as_by_werkzeug(text: str) -> None:
    body = text.encode("utf-8", "replace")
    assert read(body, Asked) == read(body, Request)


@pytest.mark.parametrize("body", [b"", b"a=\xff&b=1", b"\xe9"])
def test_what_is_no_text_is_no_form(body: bytes) -> None:
    assert read(body, Asked) == read(body, Request) == []


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5))))
def test_what_was_encoded_comes_back(posted: list[tuple[str, str]]) -> None:
    """In order, and as often as it was sent."""
    assert list(fields(urlencode(posted))) == posted
