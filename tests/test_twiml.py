"""Replies as documents."""

from pathlib import Path

import pytest

from ivr import flow
from ivr.call import Silence
from ivr.edition import Store
from ivr.library import Library
from ivr.steps import Reading
from ivr.twiml import PIECE_MS, Addresses, sayable, twiml
from scripts.phone import verbs_of
from tests.small import NOON, article, edition, publish

LONG = edition(article("one", 2, 80))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library of an edition with a long section."""
    publish(tmp_path, LONG)
    return Library(Store(tmp_path))


def test_a_long_reply_is_cut_at_sentences_into_pieces_of_about_a_minute(library: Library) -> None:
    reply = flow.answer(LONG, Reading(language="en", article="one", section=1), Silence(), NOON)
    document = twiml(reply, LONG, library, Addresses("https://x.example"), None)
    plays = [play.text or "" for play in verbs_of(document)[0]]
    names = {spoken.name: spoken.lengths[1] / 8 for spoken in LONG.clips["en"].values()}
    pieces = [url.split("/clips/1-")[1].removesuffix(".wav").split("-") for url in plays]
    assert len(pieces) > 2
    assert [name for piece in pieces for name in piece] == [
        LONG.clips["en"][text].name for text in reply.says
    ]
    for piece in pieces:
        assert sum(names[name] for name in piece) <= PIECE_MS
    for piece in pieces[:-1]:
        assert sum(names[name] for name in piece) > PIECE_MS / 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0800 1111", "0 8 0 0, 1 1 1 1"),
        ("111", "1 1 1"),
        ("Press 1.", "Press 1."),
        ("a\x00b\x1bc\nd", "a b c d"),
        ("<b> & 'c'", "<b> & 'c'"),
    ],
)
def test_what_is_said_by_the_provider_is_spelled_and_clean(text: str, said: str) -> None:
    assert sayable(text) == said
