"""Whole calls of a line with two languages: chosen, passed over, changed, and kept to the end."""

import re
from pathlib import Path

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator

from audio.air.plan import Take
from audio.air.render import make
from audio.air.studio_store import StudioStore
from audio.sound.recipe import pause_ms
from audio.voices.engines import voice
from audio.words.source import load
from ivr.edition.clip_urls import sound_path
from ivr.edition.edition import SAMPLES_PER_MS
from ivr.handset.phone import verbs_of
from ivr.provider.dialects import SIGNALWIRE, SOMLENG, TWILIO, Dialect
from ivr.settings import ROOT
from scripts import render_audio
from tests.support.caller import PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.crawler import Crawler
from tests.support.line import line
from tests.support.small import bilingual, publish
from tests.support.small_content import write_welsh

BOTH = bilingual()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with English and Welsh."""
    publish(tmp_path / "store", BOTH)
    return tmp_path / "store"


@pytest.fixture
def app(store: Path) -> Flask:
    """The line in two languages."""
    return line(store, Clock())


@pytest.fixture
def caller(store: Path) -> Caller:
    """Somebody who rings it."""
    clock = Clock()
    caller = Caller(line(store, clock), clock)
    caller.rings()
    return caller


def test_a_call_in_the_second_language_from_the_choice_to_a_helpline(
    caller: Caller,
) -> None:
    caller.hears("<choose_language> 1 <cy choose_language> 2")
    caller.presses("2")
    caller.hears("<cy welcome>", "<cy menu_article>", "<choose_language> 5")
    caller.presses("1")
    caller.hears("<cy tour>", "un section 1 sentence 1.")
    caller.presses("0")
    caller.hears("<cy helplines_intro>", "Llinell")
    caller.does_not_hear("Code")
    caller.presses("1")
    caller.hears("I bawb.", "<cy put_through>")
    caller.presses("1")
    caller.hears("<cy putting_through> Llinell")
    caller.is_put_through_and("busy")
    caller.hears("<cy busy>")
    caller.presses("1")
    caller.is_put_through_and("completed")
    caller.hears("<cy back_on_line>", "<cy paused>")


def test_a_silent_caller_hears_the_offer_twice_and_then_the_first_language(
    caller: Caller,
) -> None:
    for _ in range(2):
        caller.hears("<choose_language> 1 <cy choose_language> 2")
        caller.waits()
    caller.hears("<welcome>", "<menu_article>", "<cy choose_language> 5")
    for _ in range(3):
        caller.waits()
    caller.hears("<goodbye>")
    caller.waits()
    assert caller.phone.ended


def test_wrong_keys_lose_nobody_and_the_language_can_be_changed_later(
    caller: Caller,
) -> None:
    caller.presses("7")
    caller.hears("<choose_language> 1 <cy choose_language> 2")
    caller.presses("8")
    caller.hears("<welcome>")
    caller.presses("5")
    caller.hears("<cy welcome>")
    caller.presses("1##3*")
    caller.hears("<cy menu_carry_on>", "<choose_language> 5")


def test_a_caller_whose_edition_is_gone_goes_on_in_their_language(
    app: Flask,
) -> None:
    asked = f"/voice/{'9' * 12}/cy/menu"
    assert said(ask(app, asked))[0] == "<cy start_again>"
    unknown = f"/voice/{'9' * 12}/xx/menu"
    assert said(ask(app, unknown))[0] == "<start_again>"


def ask(app: Flask, path: str, form: dict[str, str] | None = None) -> str:
    """The TwiML that answers a signed request."""
    form = form or {}
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, form)
    headers = {"X-Twilio-Signature": signature}
    answer = app.test_client().post(path, data=form, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    return answer.get_data(as_text=True)


def said(document: str) -> list[str]:
    """What a document says, by its sounds."""
    names: dict[str, str] = {}
    for clips in BOTH.clips.values():
        names |= {spoken.name: text for text, spoken in clips.items()}
    heard = []
    for play in verbs_of(document)[0].iter("Play"):
        heard += [names[name] for name in re.findall("[0-9a-f]{16}", play.text or "")]
    return heard


@pytest.mark.slow
@pytest.mark.parametrize(
    "dialect", [TWILIO, SIGNALWIRE, SOMLENG], ids=lambda it: it.name
)
def test_every_document_of_two_languages_is_valid_and_has_its_sound(
    dialect: Dialect, store: Path
) -> None:
    crawler = Crawler(store, dialect, most_keys=4)
    assert crawler.crawl() > 100
    numbers = set()
    for words in BOTH.content.languages.values():
        numbers |= {helpline.e164 for helpline in words.helplines if helpline.e164}
    assert crawler.dialled == numbers


def test_what_has_no_clip_is_said_in_its_own_language(store: Path) -> None:
    for code, text in (("en", "<choose_language> 1"), ("cy", "<cy choose_language> 2")):
        name = BOTH.clips[code][text].name
        StudioStore(store).clip_path(f"{name}_1").unlink()
    clock = Clock()
    caller = Caller(line(store, clock), clock)
    caller.rings()
    spoken = verbs_of(caller.phone.document)[0]
    assert [(say.text, say.get("language")) for say in spoken] == [
        ("<choose_language> 1", "en-GB"),
        ("<cy choose_language> 2", "cy-GB"),
    ]


def test_the_fallback_speaks_of_danger_in_each_language_before_any_list(
    app: Flask,
) -> None:
    verbs = verbs_of(ask(app, "/voice/fallback"))
    spoken = [(verb.text, verb.get("language")) for verb in verbs[:-1]]
    assert spoken[:2] == [
        ("<fallback_opening>", "en-GB"),
        ("<cy fallback_opening>", "cy-GB"),
    ]
    closings = [n for n, (text, _) in enumerate(spoken) if "closing" in str(text)]
    assert len(closings) == 2
    in_welsh = spoken[closings[0] + 1 :]
    assert {language for _, language in in_welsh} == {"cy-GB"}
    assert str(in_welsh[0][0]).startswith("Llinell: 0 3 0 0")


def test_captions_name_the_language_of_each_sentence(app: Flask) -> None:
    english = BOTH.clips["en"]["<choose_language> 1"].name
    welsh = BOTH.clips["cy"]["<cy choose_language> 2"].name
    url = sound_path(1.0, [english, welsh]).replace(".wav", ".vtt")
    text = app.test_client().get(url).get_data(as_text=True)
    assert re.findall("<lang ([a-z]+)>([^<]+)</lang>", text) == [
        ("en", "&lt;choose_language&gt; 1"),
        ("cy", "&lt;cy choose_language&gt; 2"),
    ]


def test_published_from_files_each_language_is_heard_and_nothing_else_is_made(
    tmp_path: Path,
) -> None:
    """Set-wide: an offer has a clip for each key that leads to it, and for no other."""
    content = write_welsh(tmp_path / "content")
    folders = ["--content", str(content), "--store", str(tmp_path / "store")]
    assert render_audio.main([*folders, "--workers", "1"]) == 0
    store = StudioStore(tmp_path / "store")
    live = store.edition(store.live() or "")
    assert live.voices == {"en": "silent:1", "cy": "silent:2"}
    offers = [text for text in live.clips["cy"] if text.startswith("Ar gyfer")]
    assert offers == [
        "Ar gyfer Cymraeg, pwyswch 2.",
        "Ar gyfer Cymraeg, pwyswch 5.",
    ]
    clock = Clock()
    caller = Caller(line(tmp_path / "store", clock), clock)
    caller.rings()
    caller.hears("The words of choose_language 1. Ar gyfer Cymraeg, pwyswch 2.")
    caller.presses("2")
    caller.hears("Geiriau welcome.")
    caller.presses("5")
    caller.hears("The words of welcome.")


@pytest.mark.slow
def test_two_languages_are_offered_in_under_five_seconds() -> None:
    """In the voices of a fresh install: hibari's, and eSpeak's Welsh."""
    english = load(ROOT / "content").content.languages["en"].prompts.choose_language
    assert english == "For English, press {choice}."
    offers = (
        ("For English, press, one.", "hibari:heart"),
        ("Ar gyfer Cymraeg, pwyswch dau.", "espeak:cy"),
    )
    samples = 0
    for text, name in offers:
        take = Take(text, text, voice(name), pause_ms(text))
        [clip] = make(take, (1.0,)).clips
        samples += len(clip)
    assert 3_000 < samples / SAMPLES_PER_MS < 5_000
