"""What callers hear when the line itself has failed: the helplines, read out."""

from twilio.twiml.voice_response import VoiceResponse

from ivr.edition.edition import Edition
from ivr.provider.twiml import sayable


def document(edition: Edition) -> str:
    """TwiML of `<Say>` and `<Hangup>` alone, which needs no clip, no store and no other request.

    It can also be stored at the provider, for when this server cannot be reached.
    """
    words = next(iter(edition.content.languages.values()))
    response = VoiceResponse()
    response.say(sayable(words.prompts.fallback_opening))
    for helpline in words.helplines:
        name = sayable(helpline.name)
        number = sayable(helpline.number)
        response.say(f"{name}: {number}. {number}.")
    response.say(sayable(words.prompts.fallback_closing))
    response.hangup()
    return str(response)
