"""What of a call is counted, where only the reply tells."""

from ivr.call import flow
from ivr.call.scene import Limits, Silence
from ivr.call.steps import Place, Reading
from ivr.callers.events import Kind
from ivr.provider.counting import Turn, happened
from tests.support.small import NOON, edition


def test_a_section_that_the_end_of_the_call_keeps_back_was_not_begun() -> None:
    """The one before was heard, and is where the caller stopped."""
    line = edition()
    place = Place("one", section=1)
    step = Reading(
        language="en",
        article="one",
        section=1,
        bookmark=place,
        reading=True,
        at=1,
        until=2,
        warned=True,
    )
    reply = flow.answer(line, step, Silence(), NOON, limits=Limits(longest_s=300))
    assert reply.last
    turn = Turn(line, step, Silence(), reply, NOON)
    [heard] = happened(turn)
    assert (heard.event.kind, heard.event.section) == (Kind.HEARD, 1)
