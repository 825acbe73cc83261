"""How a spelling sounds, before it is saved."""

from dataclasses import replace

from flask import Response, request

from audio.air.publish import who_reads
from audio.air.saying import say
from audio.desk.entries import ENTRY_KINDS
from audio.desk.fields import PRONUNCIATION, Values
from audio.desk.saving import place_of, tidied
from audio.desk.staff_words import told
from audio.speech.speakable import speakable
from audio.web.editing import NOT_WRITTEN
from audio.web.pages import no_such_page, pages, studio
from ivr.errors import LineError

KIND = "pronunciations"


@pages.get("/<language>/pronunciations/sound")
def pronounce(language: str) -> Response:
    """What is written, as the line's voice would say it with this spelling; or why it cannot."""
    if language not in studio().languages():
        no_such_page()
    values = tidied(PRONUNCIATION, request.args)
    wrong = _wrong(language, values)
    if wrong:
        return _words(wrong, 422)
    try:
        sound = _sound(language, values)
    except LineError as error:
        return _words(str(error), 409)
    return Response(sound, mimetype="audio/wav")


def _words(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")


def _wrong(language: str, values: Values) -> str:
    """Why it could not be saved; empty if it could."""
    kind = ENTRY_KINDS[KIND]
    name = kind.name_for(values)
    if not name:
        return f"As it is written: {NOT_WRITTEN}."
    refusals = _refusals(values)
    if refusals:
        return ". ".join(refusals)
    file = place_of(KIND, language, name)
    path = studio().content / file
    now = path.read_text("utf-8")
    text = kind.write(now, name, values)
    change = {file: text.encode()}
    faults = studio().desk.check(change)
    return ". ".join(told(fault) for fault in faults)


def _refusals(values: Values) -> list[str]:
    """Why fields cannot be taken, in the form's order."""
    refusals = []
    for field in PRONUNCIATION:
        value = values[field.name]
        refusal = field.refusal(value) or field.too_long(value)
        if refusal:
            refusals.append(refusal)
    return refusals


def _sound(language: str, values: Values) -> bytes:
    source = studio().source(language)
    words = source.pronunciations[language]
    reader = who_reads(source, studio().store)[language]
    written = values["written"]
    name = values["table"]
    said_now = getattr(words, name)
    table = {**said_now, written: values["said"]}
    tried = replace(words, **{name: table})
    of_reader = tried.for_voice(reader.name)
    text = speakable(written, language, of_reader)
    return say(text, reader.name, studio().folder)
