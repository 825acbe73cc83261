"""What came of a transfer: what is done next, and counted, depends on this one answer."""

from enum import StrEnum

from ivr.call.scene import Outcome

ANSWERED = ("completed", "answered")
"""The provider's words for a transfer that came about. A helpline that nobody answered is called
so as well, by some; and an answering machine, by all."""

CAME_BACK = "canceled"
"""The provider's word for a transfer that the caller left while it rang."""


class Result(StrEnum):
    """What came of a transfer."""

    PUT_THROUGH = "put through"
    """The caller was joined with somebody, for as long as a conversation takes."""
    DOUBTFUL = "doubtful"
    """Something answered. It may have been a machine, or nobody at all."""
    UNREACHED = "unreached"
    """Nothing answered."""
    CAME_BACK = "came back"
    """The caller did not wait."""


def result_of(outcome: Outcome, short_s: int) -> Result:
    """What came of a transfer, of which less than `short_s` seconds is no conversation.

    Where the provider does not tell whether they were joined, or for how long, that speaks
    neither for doubt nor against it.
    """
    if outcome.status == CAME_BACK:
        return Result.CAME_BACK
    if outcome.status not in ANSWERED:
        return Result.UNREACHED
    if outcome.bridged is False:
        return Result.DOUBTFUL
    if outcome.seconds is not None and outcome.seconds < short_s:
        return Result.DOUBTFUL
    return Result.PUT_THROUGH
