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
        return Response(_sound(language, values), mimetype="audio/wav")
    except LineError as error:
        return _words(str(error), 409)


def _words(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")


def _wrong(language: str, values: Values) -> str:
    """Why it could not be saved; empty if it could."""
    kind = ENTRY_KINDS[KIND]
    name = kind.name_for(values)
    if not name:
        return f"As it is written: {NOT_WRITTEN}."
    refusals = []
    for field in PRONUNCIATION:
        value = values[field.name]
        refusals.append(field.refusal(value) or field.too_long(value))
    if any(refusals):
        return ". ".join(filter(None, refusals))
    file = place_of(KIND, language, name)
    now = (studio().content / file).read_text("utf-8")
    text = kind.write(now, name, values)
    faults = studio().desk.check({file: text.encode()})
    return ". ".join(told(fault) for fault in faults)


def _sound(language: str, values: Values) -> bytes:
    source = studio().source(language)
    words = source.pronunciations[language]
    reader = who_reads(source, studio().store)[language]
    written = values["written"]
    name = values["table"]
    table = {**getattr(words, name), written: values["said"]}
    tried = replace(words, **{name: table})
    text = speakable(written, language, tried.for_voice(reader.name))
    return say(text, reader.name, studio().folder)
