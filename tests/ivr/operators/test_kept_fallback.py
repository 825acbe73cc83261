"""The copy of the fallback document on another machine."""

from pathlib import Path

import pytest
import requests
import responses

from ivr.operators.kept_fallback import trouble
from ivr.provider.fallback import document
from tests.support.small import edition

DOCUMENT = document(edition())
ADDRESS = "https://static.example.org/fallback.xml"


def test_a_copy_in_a_file_is_the_document_or_out_of_date(tmp_path: Path) -> None:
    copy = tmp_path / "fallback.xml"
    copy.write_text(f"{DOCUMENT}\n")
    assert trouble(str(copy), DOCUMENT) is None
    copy.write_text(DOCUMENT.replace("0 8 0 0", "0 8 0 1", 1))
    assert "is out of date" in str(trouble(str(copy), DOCUMENT))
    assert "cannot be read" in str(trouble(str(tmp_path / "none.xml"), DOCUMENT))


@responses.activate
def test_a_copy_on_a_web_server_must_be_served_as_xml() -> None:
    responses.get(ADDRESS, DOCUMENT, content_type="application/xml; charset=utf-8")
    assert trouble(ADDRESS, DOCUMENT) is None
    responses.replace(responses.GET, ADDRESS, DOCUMENT, content_type="text/plain")
    assert "served as text/plain" in str(trouble(ADDRESS, DOCUMENT))


@responses.activate
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 404}, "answers with 404"),
        ({"body": requests.ConnectTimeout()}, "nothing answers there (ConnectTimeout)"),
        ({"body": "<Response/>", "content_type": "text/xml"}, "is out of date"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(
    answer: dict[str, object], words: str
) -> None:
    responses.get(ADDRESS, **answer)
    assert words in str(trouble(ADDRESS, DOCUMENT))
