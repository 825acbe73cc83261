"""The ways through the house, as docs/architecture.md lists them."""

import re
from itertools import groupby

import pytest

from ivr.settings import ROOT
from tests.support.documents import PATH_AND_NAME, Document, defined

PAGE = Document(ROOT / "docs" / "architecture.md")

MOST_CALLS = 12

QUESTIONS = 10


@pytest.mark.parametrize(
    "way", ["One key press", "One sentence, from the file to a clip"]
)
def test_a_way_has_few_calls_and_never_goes_back_to_a_room_it_has_left(
    way: str,
) -> None:
    calls = re.findall(
        rf"^[0-9]+\. `{PATH_AND_NAME.pattern}`", PAGE.part(way), re.MULTILINE
    )
    items = re.findall(r"^[0-9]+\. ", PAGE.part(way), re.MULTILINE)
    assert len(calls) == len(items), "each item begins with `path: function`"
    assert 5 <= len(calls) <= MOST_CALLS
    rooms = [room for room, _ in groupby(path.rpartition("/")[0] for path, _ in calls)]
    assert len(rooms) > 2
    assert len(rooms) == len(set(rooms)), rooms


def test_ten_questions_are_answered_by_path_alone() -> None:
    rows = re.findall(
        r"^\| (.+\?) \| (.+) \|$", PAGE.part("Ten questions"), re.MULTILINE
    )
    assert len(rows) == QUESTIONS
    for question, answer in rows:
        named = PATH_AND_NAME.search(answer)
        in_content = re.fullmatch(r"`(content/[\w/.]+)`.*", answer)
        assert named or in_content, question
        if named:
            assert named[2] in defined(ROOT / named[1]), question
