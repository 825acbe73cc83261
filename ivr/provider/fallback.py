"""What callers hear when the line itself has failed: the helplines, read out."""

from collections.abc import Iterator

from twilio.twiml.voice_response import VoiceResponse

from ivr.edition.content import Language
from ivr.edition.edition import Edition
from ivr.provider.twiml import locale, sayable


def document(edition: Edition) -> str:
    """TwiML of `<Say>` and `<Hangup>` alone, which needs no clip, no store and no other request.

    It can also be stored at the provider, in case this server cannot be reached. Every language
    opens before the first has its list: what it says about danger must not come a minute later.
    """
    languages = edition.content.languages
    response = VoiceResponse()
    for code, words in languages.items():
        opening = sayable(words.prompts.fallback_opening)
        response.say(opening, language=locale(edition, code))
    for code, words in languages.items():
        for text in _list(words):
            response.say(text, language=locale(edition, code))
    response.hangup()
    return str(response)


def _list(words: Language) -> Iterator[str]:
    """The helplines of a language, and the end."""
    for helpline in words.helplines:
        name = sayable(helpline.name)
        number = sayable(helpline.number)
        yield f"{name}: {number}. {number}."
    yield sayable(words.prompts.fallback_closing)
