"""Who reads: a sentence of an article in every voice, side by side, and the choice among them."""

from dataclasses import dataclass

import tomlkit
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.air.plan import lengths, plan_one
from audio.air.publish import live_edition, preferred, who_reads
from audio.voices.engines import Offer, offers, voice
from audio.voices.espeak import ESPEAK
from audio.voices.voice import SENTENCE
from audio.web.listening import make
from audio.web.pages import no_such_page, pages, studio
from audio.words.source import CHOSEN_VOICE, Source
from ivr.edition.clip_urls import sound_path
from ivr.errors import ChangeConflict, LineError

FILE = "line.toml"

MOST_S = 2
"""How long a voice may take for a sentence, to speak with all the others."""

OVERTAKEN = "Somebody else chose a voice in the meantime. Choose again."


@dataclass(frozen=True)
class Heard:
    """A voice on the page."""

    offer: Offer
    sound: str
    """The path of the sentence's clip; empty where it has none yet."""

    @property
    def is_silent(self) -> bool:
        """Whether it has no clip yet, and would speak with all the others."""
        return not self.sound and _is_ready(self.offer)


@pages.get("/voices")
def voices() -> str:
    """Every voice: what it is, how the phone has it, and how to choose it."""
    asked = request.args.get("language", "")
    source = studio().source(asked)
    language = _language(source)
    live = live_edition(studio().store)
    sentence = _sentence(source, language)
    listed = []
    for offer in _offers(source, language):
        listed.append(_heard(source, language, sentence, offer))
    can_speak = [each for each in listed if not each.offer.refusal]
    reads = ""
    if live:
        reads = live.voices.get(language, "")
    return render_template(
        "studio/voices.html",
        language=language,
        several=list(source.voices)[1:],
        sentence=sentence,
        ready=can_speak,
        others=[each.offer for each in listed if each.offer.refusal],
        silent=[each for each in can_speak if each.is_silent],
        reads=reads,
        next=who_reads(source, studio().store)[language].name,
        prefers=preferred(source, language),
        was=studio().desk.files_mark({FILE: None}),
    )


@pages.post("/voices")
def hear_or_choose() -> AnyResponse:
    """Makes the sentence's sound, in one voice or all that have none; or has one voice read."""
    asked = request.args.get("language", "")
    source = studio().source(asked)
    language = _language(source)
    name = request.form.get("voice", "")
    every = _offers(source, language)
    can_speak = [offer.name for offer in every if not offer.refusal]
    if name and name not in can_speak:
        raise LineError(f"The voice {name} cannot speak here, so nothing was done.")
    if request.form.get("do") == "choose":
        _choose(language, name)
    elif name:
        _make(source, language, [name])
    else:
        ready = [offer.name for offer in every if _is_ready(offer)]
        _make(source, language, ready)
    return redirect(url_for("studio.voices", language=language), 303)


def _language(source: Source) -> str:
    """The one that the address asks for; else the first. Answers 404 where there is none."""
    first = next(iter(source.voices))
    code = request.args.get("language") or first
    if code not in source.voices:
        no_such_page()
    return code


def _offers(source: Source, language: str) -> tuple[Offer, ...]:
    """All that anybody may choose, those that line.toml names, whatever they are, and what eSpeak
    calls by the language's name."""
    named = [*source.chosen_voice.values()]
    if language not in ESPEAK.voices:
        named.append(f"{ESPEAK.name}:{language}")
    for names in source.voices.values():
        named += names
    return offers(named)


def _is_ready(offer: Offer) -> bool:
    """Whether it speaks with all the others. Only if that very voice is asked for, words are sent
    away, and somebody waits for a slow one."""
    cost = offer.engine.cost
    if offer.engine.is_online or cost is None:
        return False
    if offer.refusal:
        return False
    return cost.seconds(SENTENCE) < MOST_S


def _sentence(source: Source, language: str) -> str:
    """What is heard: the newest article's first that no person has recorded."""
    [article, *_] = source.content.languages[language].articles
    recorded = source.recordings[language].said
    for section in article.sections:
        for sentence in section.sentences:
            if sentence not in recorded:
                return sentence
    return article.title


def _heard(source: Source, language: str, sentence: str, offer: Offer) -> Heard:
    if offer.refusal:
        return Heard(offer, "")
    reader = voice(offer.name)
    take = plan_one(source, language, sentence, reader)
    sound = ""
    if lengths(take, studio().store, source.content.speeds):
        sound = sound_path(1.0, [take.name])
    return Heard(offer, sound)


def _make(source: Source, language: str, names: list[str]) -> None:
    """A process each, and none for what has been made already; the next page says so."""
    sentence = _sentence(source, language)
    speeds = source.content.speeds
    for name in names:
        reader = voice(name)
        take = plan_one(source, language, sentence, reader)
        if not lengths(take, studio().store, speeds):
            make(studio(), language, (sentence,), name)
    flash("The sound is made. Each voice’s player is below its name.")


def _choose(language: str, name: str) -> None:
    """Writes the choice into line.toml, unless somebody else wrote there meanwhile."""
    path = studio().content / FILE
    line = tomlkit.parse(path.read_text("utf-8"))
    chosen = line.setdefault(CHOSEN_VOICE, tomlkit.table())
    chosen[language] = name
    text = tomlkit.dumps(line)
    files = {FILE: text.encode()}
    was = request.form.get("was", "")
    try:
        studio().desk.put(files, was, f"Choose the voice {name}")
    except ChangeConflict as error:
        raise LineError(OVERTAKEN) from error
    flash(f"{name} will read once you publish. Publish when you are ready.")
