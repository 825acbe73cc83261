"""Replies as documents."""

from dataclasses import replace
from pathlib import Path

import pytest

from audio.air.studio_store import StudioStore
from ivr.call import flow
from ivr.call.scene import Abilities, Pressed, Silence
from ivr.call.steps import Menu, OneHelpline, Paused, Reading, Transfer
from ivr.edition.clip_urls import MOST_CLIPS
from ivr.edition.library import Library
from ivr.handset.phone import verbs_of
from ivr.provider.twiml import PIECE_MS, Addresses, sayable, twiml
from tests.support.small import NOON, article, edition, publish

LONG = edition(article("one", 2, 80))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library of an edition with a long section."""
    publish(tmp_path, LONG)
    return Library(StudioStore(tmp_path))


def test_a_long_reply_is_cut_at_sentences_into_pieces_of_about_a_minute(
    library: Library,
) -> None:
    reply = flow.answer(
        LONG, Reading(language="en", article="one", section=1), Silence(), NOON
    )
    document = twiml(reply, LONG, library, Addresses("https://x.example"), None)
    plays = [play.text or "" for play in verbs_of(document)[0]]
    names = {spoken.name: spoken.lengths[1] / 8 for spoken in LONG.clips["en"].values()}
    pieces = [
        url.split("/clips/1-")[1].removesuffix(".wav").split("-") for url in plays
    ]
    assert len(pieces) > 2
    assert [name for piece in pieces for name in piece] == [
        LONG.clips["en"][text].name for text in reply.says
    ]
    for piece in pieces:
        assert sum(names[name] for name in piece) <= PIECE_MS
    for piece in pieces[:-1]:
        assert sum(names[name] for name in piece) > PIECE_MS / 2


def test_a_sound_never_names_more_clips_than_are_served(tmp_path: Path) -> None:
    many = edition(article("one", 260))
    brief = {
        text: replace(s, lengths=(800,) * 5) for text, s in many.clips["en"].items()
    }
    many = replace(many, clips={"en": brief})
    publish(tmp_path, many)
    reply = flow.answer(
        many, Paused(language="en", article="one", section=1), Pressed("5"), NOON
    )
    document = twiml(
        reply,
        many,
        Library(StudioStore(tmp_path)),
        Addresses("https://x.example"),
        None,
    )
    plays = [play.text or "" for play in verbs_of(document)[0]]
    assert sum(url.count("-") for url in plays) == 260
    assert max(url.count("-") for url in plays) <= MOST_CLIPS


def test_a_number_without_its_clip_is_said_as_often_as_with_it(
    library: Library,
) -> None:
    number = "0800 1111"
    for speed in ("0.75", "1"):
        library.store.clip_path(f"{LONG.clips['en'][number].name}_{speed}").unlink()
    step = OneHelpline(language="en", helpline="always")
    reply = flow.answer(LONG, step, Pressed("2"), NOON)
    document = twiml(reply, LONG, library, Addresses("https://x.example"), None)
    said = [said.text for said in verbs_of(document)[0] if said.tag == "Say"]
    assert said == ["0 8 0 0, 1 1 1 1"] * 2


def test_every_attribute_is_the_one_that_a_provider_must_have(library: Library) -> None:
    """One key at once, hash included; thirty seconds of ringing; star comes back."""
    transfer = Transfer(language="en", helpline="always")
    reply = flow.answer(LONG, transfer, Pressed("5"), NOON)
    document = twiml(
        reply, LONG, library, Addresses("https://x.example"), "+441632960000"
    )
    gather, dial = verbs_of(document)
    action = gather.attrib.pop("action")
    assert action.startswith("https://x.example/voice/")
    assert gather.attrib == {"numDigits": "1", "finishOnKey": "", "timeout": "1"}
    assert dial.attrib == {
        "action": action,
        "timeout": "30",
        "callerId": "+441632960000",
        "hangupOnStar": "true",
    }
    menu = flow.answer(LONG, Menu(language="en"), Silence(), NOON)
    document = twiml(menu, LONG, library, Addresses("https://x.example"), None)
    assert verbs_of(document)[0].get("timeout") == "10"


@pytest.mark.parametrize("has_speech", [True, False])
def test_a_menu_listens_to_words_in_its_language_where_the_provider_can(
    has_speech: bool, tmp_path: Path
) -> None:
    line = edition(speech=True)
    publish(tmp_path, line)
    addresses = Addresses("https://x.example")
    reply = flow.answer(
        line,
        Menu(language="en"),
        Silence(),
        NOON,
        abilities=Abilities(speech=has_speech),
    )
    document = twiml(reply, line, Library(StudioStore(tmp_path)), addresses, None)
    gather = verbs_of(document)[0]
    del gather.attrib["action"]
    plain = {"numDigits": "1", "finishOnKey": "", "timeout": "10"}
    if not has_speech:
        assert gather.attrib == plain
        return
    assert gather.attrib.pop("hints").split(",") == list(reply.hints)
    assert gather.attrib == plain | {
        "input": "dtmf speech",
        "language": "en-GB",
        "speechTimeout": "2",
    }


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
def test_what_is_said_by_the_provider_is_spelled_and_clean(
    text: str, said: str
) -> None:
    assert sayable(text) == said
