"""The flow in a process that may do nothing but think; prints how many replies it gave.

A program of its own, because an audit hook stays for as long as its process lives. Python raises
an audit event for every file, folder, socket, process and import
(https://docs.python.org/3/library/audit_events.html).
"""

import sys
from zoneinfo import ZoneInfo

from ivr.call.steps import step_from, url_of
from tests.support.reached import every_reply
from tests.support.small import article, edition, helpline


class Unplugged:
    """Within it, whatever Python has an audit event for is an error."""

    def __init__(self) -> None:
        self.is_on = False
        sys.addaudithook(self._refuse)

    def __enter__(self) -> None:
        self.is_on = True

    def __exit__(self, *error: object) -> None:
        self.is_on = False

    def _refuse(self, event: str, args: tuple[object, ...]) -> None:
        if self.is_on:
            raise AssertionError(f"the flow is not pure: {event} {args}")


def main() -> None:
    """Goes to every step, by every event, and by its URL."""
    helplines = (helpline("first"), helpline("code", e164=None))
    line = edition(article("one", 2, 1), article("two", 1), helplines=helplines)
    ZoneInfo(line.content.timezone)  # is read from the disk once in a process
    with Unplugged():
        reached = every_reply(line)
        for reply in reached.values():
            path, _, query = url_of(line.id, reply.step).partition("?")
            _, language, kind, *rest = path.split("/")
            asked = dict(pair.split("=") for pair in query.split("&") if pair)
            assert step_from(line.content, language, kind, rest, asked) == reply.step
    print(len(reached))


if __name__ == "__main__":
    main()
