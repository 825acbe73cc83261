"""Everything that a launch needs, in one list: what is wrong, and how to mend it."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ivr.operators import edition_checks, machine_checks, outside_checks
from ivr.operators.findings import Finding, Site, Skip

AT_ONCE = 8
"""Checks; most of the time they wait for other machines."""


@dataclass(frozen=True)
class Check:
    """One line of the list."""

    name: str
    look: Callable[[Site], Iterable[Finding]]
    """What is wrong, if anything. May raise `Skip`."""


@dataclass(frozen=True)
class Checked:
    """The result of a check."""

    name: str
    findings: tuple[Finding, ...] = ()
    skipped: str = ""
    """Why it was not made; empty if it was."""

    @property
    def state(self) -> str:
        """In a word."""
        if self.skipped:
            return "skipped"
        if any(finding.stops for finding in self.findings):
            return "fault"
        if self.findings:
            return "warning"
        return "well"


CHECKS = (
    Check("An edition is on the air", edition_checks.on_the_air),
    Check("Its clips are complete", edition_checks.clips),
    Check("Somebody reads it", edition_checks.voices),
    Check("The words", edition_checks.words),
    Check("The helplines' numbers", edition_checks.helplines),
    Check("The helplines' hours", edition_checks.hours),
    Check("Public holidays", edition_checks.holidays),
    Check("The line's number", edition_checks.line_number),
    Check("The caller ID of transfers", edition_checks.caller_id),
    Check("The provider's key", machine_checks.provider_key),
    Check("The studio's password", machine_checks.password),
    Check("Secrets are kept from others", machine_checks.secrets),
    Check("The database", machine_checks.database),
    Check("The disk", machine_checks.disk),
    Check("The public address", outside_checks.address),
    Check("The line answers there", outside_checks.answers),
    Check("The certificate", outside_checks.certificate),
    Check("Unsigned requests are refused", outside_checks.unsigned),
    Check("Signed requests are accepted", outside_checks.signed),
    Check("Clients are told apart", outside_checks.clients),
    Check("Sound is served", outside_checks.sound),
    Check("The clock", outside_checks.right_time),
    Check("The provider's number points here", outside_checks.number),
    Check("The fallback on another machine", outside_checks.kept_fallback),
    Check("The privacy notice", outside_checks.privacy),
)
"""In the best order for mending."""


def preflight(site: Site) -> list[Checked]:
    """Makes every check. It takes as long as the slowest: some seconds if other machines are
    down."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda check: made(check, site), CHECKS))


def made(check: Check, site: Site) -> Checked:
    """Makes one check. If the check itself fails, that is a fault, and the others go on."""
    try:
        return Checked(check.name, tuple(check.look(site)))
    except Skip as skip:
        return Checked(check.name, skipped=str(skip))
    except Exception as error:
        what = f"the check itself failed: {type(error).__name__}: {error}"
        finding = Finding(
            what, "mend the cause; if it is a fault in this program, report it"
        )
        return Checked(check.name, (finding,))
