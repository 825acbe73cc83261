"""Who is let in, and how much of the line a call may take.

The hash of a number tells callers apart. Callers who withhold it are let in: nothing tells them
apart, but their calls may have a shorter limit.
"""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from ivr.call.scene import Limits
from ivr.callers.caller import short
from ivr.callers.callers import Callers
from ivr.provider.keeping import Ringing

log = logging.getLogger(__name__)

AN_HOUR = timedelta(hours=1)

MOST_CALLERS = 10_000
"""How many callers' calls are counted in memory; if there are more, those who rang last. 7 MB."""


class Decision(StrEnum):
    """What is done with a call that begins."""

    LET_IN = "let in"
    BARRED = "barred"
    TOO_OFTEN = "turned away: too many calls within an hour"


@dataclass(frozen=True)
class Allowance:
    """How much of the line callers may take."""

    known: Limits
    """For a call from somebody who can be told apart."""
    withheld: Limits
    """For a call from anybody else."""
    calls_an_hour: int
    """From one caller who can be told apart."""


class Admission:
    """Lets callers in, or turns them away."""

    def __init__(self, callers: Callers, allowance: Allowance) -> None:
        self._callers = callers
        self._allowance = allowance
        self._recent = RecentCalls(allowance.calls_an_hour)

    def limits(self, ringing: Ringing) -> Limits:
        """How much a call may take."""
        if ringing.caller is None:
            return self._allowance.withheld
        return self._allowance.known

    def decide(self, ringing: Ringing, now: datetime) -> Decision:
        """What to do with a new call. It is logged, with what the caller is called there:
        `scripts/bar_caller.py` takes that."""
        known_as = "withheld"
        decision = Decision.LET_IN
        if ringing.caller is not None:
            known_as = short(ringing.caller)
            decision = self._decide(ringing.caller, ringing.call, now)
        log.info("A call begins: caller %s is %s", known_as, decision)
        return decision

    def _decide(self, caller: str, call: str, now: datetime) -> Decision:
        if self._callers.is_barred(caller):
            return Decision.BARRED
        if self._recent.is_too_many(caller, call, now):
            return Decision.TOO_OFTEN
        return Decision.LET_IN


class RecentCalls:
    """How often callers rang within the last hour, as far as this process knows: only in memory, as
    nobody needs it for longer. A server with two processes lets in up to twice as many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: OrderedDict[str, list[tuple[datetime, str]]] = OrderedDict()
        self._lock = Lock()

    def is_too_many(self, caller: str, call: str, now: datetime) -> bool:
        """Whether a call is one too many. A repeated report counts once."""
        with self._lock:
            calls = self._calls.setdefault(caller, [])
            self._calls.move_to_end(caller)
            if len(self._calls) > MOST_CALLERS:
                self._calls.popitem(last=False)
            while calls and calls[0][0] <= now - AN_HOUR:
                calls.pop(0)
            if call in (known for _, known in calls):
                return False
            if len(calls) >= self._most:
                return True
            calls.append((now, call))
            return False
