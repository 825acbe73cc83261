"""The limits of a call: how long it may be, and how often it may put its caller through.

They act only between two replies. So they never cut off what is being said, nor a transfer: while
one goes on, there is no reply. A caller who has asked for a transfer still gets it.
"""

from dataclasses import replace

from ivr.call.scene import Call, Event, Go, Outcome
from ivr.call.steps import Step, Transfer

WARNING_MS = 60_000
"""The end is announced at least this long before."""


def begun(call: Call, step: Step) -> Step:
    """The call's first step, which says when the call must end."""
    if not call.limits.longest_s:
        return step
    longest_ms = call.limits.longest_s * 1000
    return replace(step, until=call.now_ms + longest_ms)


def warned(call: Call, event: Event, go: Go) -> Go:
    """A move, with an announcement of the end if it is near and the caller has not heard it.

    The call then goes on for `WARNING_MS` at least, also after a transfer that took long.
    """
    step = go.step
    is_near = 0 < step.until <= call.now_ms + WARNING_MS
    knows = step.warned and not isinstance(event, Outcome)
    if knows or not is_near or isinstance(step, Transfer):
        return go
    until = max(step.until, call.now_ms + WARNING_MS)
    told = replace(step, until=until, warned=True)
    there = replace(call, step=told)
    before = (there.prompts.ends_soon, *go.before)
    return replace(go, step=told, before=before)


def is_over(call: Call) -> bool:
    """Whether the call must end instead of going to its step."""
    step = call.step
    is_late = 0 < step.until <= call.now_ms
    return is_late and step.warned and not isinstance(step, Transfer)


def may_transfer(call: Call) -> bool:
    """Whether the call may put its caller through again."""
    most = call.limits.transfers
    return not most or call.step.transfers < most


def is_last_transfer(call: Call) -> bool:
    """Whether the next transfer is the last."""
    most = call.limits.transfers
    return bool(most) and call.step.transfers == most - 1


def counted(call: Call) -> int:
    """How many transfers there have been, after one more; not counted without a limit."""
    if not call.limits.transfers:
        return 0
    return call.step.transfers + 1
