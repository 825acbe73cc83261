"""What differs from one provider to another, and what is said of it."""

from ivr.call.scene import EVERY_ABILITY
from ivr.provider.dialects import DIALECTS, SOMLENG, TWILIO
from ivr.provider.twiml import RING_S
from ivr.settings import ROOT
from tests.support.documents import Document

YES = {True: "yes", False: "no"}


def test_the_operators_page_tells_the_dialects_as_they_are() -> None:
    document = Document(ROOT / "docs" / "operating.md")
    told = [line for line in document.text.splitlines() if "-Signature`" in line]
    assert told == [
        f"| `{each.name}` | `{each.key}` | `{each.signature_header}` |"
        f" {YES[each.star_ends_dial]} | {YES[each.speech]} | {each.lost_sound} |"
        for each in DIALECTS.values()
    ]


def test_a_helpline_rings_for_as_long_as_every_provider_allows() -> None:
    for dialect in DIALECTS.values():
        least, most = dialect.ring_s
        assert least <= RING_S <= most


def test_the_words_depend_on_what_the_provider_can_do() -> None:
    assert TWILIO.abilities == EVERY_ABILITY
    assert not SOMLENG.abilities.star_ends_dial
    assert not SOMLENG.abilities.speech
