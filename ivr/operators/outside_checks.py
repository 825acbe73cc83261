"""Checks from outside: the line's own doors, as the provider finds them, and other machines'."""

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from twilio.request_validator import RequestValidator

from ivr.edition.clip_urls import sound_path
from ivr.errors import ProviderError, SettingError
from ivr.operators import kept_fallback as kept
from ivr.operators.account import Account
from ivr.operators.findings import Finding, Site, Skip
from ivr.operators.provisioning import differences, hidden_by, wanted
from ivr.provider.dialects import DIALECTS
from ivr.provider.fallback import document

PATIENCE_S = 5
"""How long each question may take."""

FEW_DAYS, VERY_FEW_DAYS = 21, 7
"""Until a certificate ends. Those of Let's Encrypt are renewed 30 days before."""

MOST_OFF_S = 2.0
"""How far the clock may be off. An HTTP date is rounded to a second, and takes time to arrive."""

ESCAPES = "/voice/fallback?check=%27%2F%40%C3%A9"
"""An address that a proxy must pass on unchanged, or its signature does not hold. It does not count
as a call."""


class Away(Skip):
    """Another machine cannot be reached, so the check learns nothing from it."""


MEND_PROXY = "look at the proxy: deploy/nginx.conf passes addresses on unchanged"


def address(site: Site) -> Iterator[Finding]:
    """A provider can ask it, and it keeps secrets on the way."""
    if not site.settings.public_url.startswith("https://"):
        what = f"PUBLIC_URL={site.settings.public_url} is not an https address"
        yield Finding(
            what, "get a certificate (docs/going-live.md), and set PUBLIC_URL"
        )


def answers(site: Site) -> Iterator[Finding]:
    """This very line answers at its address."""
    try:
        answer = _asked("GET", f"{site.public_url}/healthz")
    except Away as away:
        mend = "check the name's DNS, the firewall, the proxy, and that the line is running"
        yield Finding(str(away), mend)
        return
    if answer.is_redirect:
        yield Finding(
            f"it redirects to {answer.headers.get('Location')}, which loses posted forms",
            "set PUBLIC_URL to that address, or take the redirect out of the proxy",
        )
        return
    try:
        live = answer.json()["live"]
    except (ValueError, LookupError, TypeError):
        what = f"something else answers there (status {answer.status_code})"
        yield Finding(what, "check PUBLIC_URL, the proxy, and that the line is running")
        return
    if live != site.edition.id:
        what = f"edition {live} is live there, but {site.edition.id} on this machine"
        yield Finding(
            what, "check that PUBLIC_URL leads to a server with this STORE_URL"
        )


def certificate(site: Site) -> Iterator[Finding]:
    """It is valid, and stays so for some time."""
    url = urlsplit(site.public_url)
    host = str(url.hostname)
    context = ssl.create_default_context()
    try:
        plain = socket.create_connection((host, url.port or 443), PATIENCE_S)
        with plain, context.wrap_socket(plain, server_hostname=host) as secure:
            told = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield Finding(
            f"it is not valid: {error.verify_message}", "renew it: certbot renew"
        )
        return
    except OSError as error:
        raise Away(f"{host} cannot be reached: {error}") from None
    ends = ssl.cert_time_to_seconds(str(told["notAfter"]))
    seconds_left = ends - site.clock().timestamp()
    days = int(seconds_left // 86_400)
    if days < FEW_DAYS:
        mend = (
            "renew it (certbot renew), and find out why this does not happen by itself"
        )
        yield Finding(f"it ends in {days} days", mend, stops=days < VERY_FEW_DAYS)


def unsigned(site: Site) -> Iterator[Finding]:
    """Nobody but the provider may ask."""
    answer = _asked("POST", f"{site.public_url}/voice/fallback")
    if answer.status_code != 403:
        what = f"an unsigned request is answered with {answer.status_code}, not refused"
        yield Finding(
            what,
            "find out what answers there; until then, take the number off that address",
        )


def signed(site: Site) -> Iterator[Finding]:
    """The provider may ask, even at an address with escapes."""
    dialect = DIALECTS[site.settings.provider]
    key = dialect.signing_key(site.settings)
    if not key:
        raise Skip(f"{dialect.key} is not set")
    url = site.public_url + ESCAPES
    form = {"From": "preflight"}
    signature = RequestValidator(key).compute_signature(url, form)
    answer = _asked("POST", url, form, {dialect.signature_header: signature})
    if answer.status_code == 403:
        mend = f"{MEND_PROXY}; and restart the server if {dialect.key} has changed"
        yield Finding("a signed request is refused", mend)
    elif answer.status_code != 200:
        yield Finding(
            f"a signed request is answered with {answer.status_code}", MEND_PROXY
        )
    elif not answer.headers.get("Content-Type", "").startswith("text/xml"):
        yield Finding("a signed request is not answered in XML", MEND_PROXY)


def clients(site: Site) -> Iterator[Finding]:
    """Clients are told apart. Otherwise guesses at the password are not limited, and strangers can
    see the figures, as if they sat at this machine."""
    answer = _asked("GET", f"{site.public_url}/metrics")
    if answer.status_code == 200:
        what = "the proxy does not say where a request comes from"
        yield Finding(what, "make it set X-Forwarded-For, as deploy/nginx.conf does")


def sound(site: Site) -> Iterator[Finding]:
    """The provider can fetch what it is to play."""
    clips = next(iter(site.edition.clips.values()))
    spoken = next(iter(clips.values()))
    path = sound_path(1.0, [spoken.name])
    answer = _asked("HEAD", site.public_url + path)
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 200 or not kind.startswith("audio/"):
        what = f"a request for a clip is answered with {answer.status_code}, {kind or 'no type'}"
        yield Finding(what, MEND_PROXY)


def right_time(site: Site) -> Iterator[Finding]:
    """By the clock of the provider's API. Where a caller was is worked out from the time."""
    _ = site.public_url
    host = urlsplit(DIALECTS[site.settings.provider].api).hostname or ""
    if "{" in host:
        host = site.settings.signalwire_space or ""
    if not host:
        raise Skip("SIGNALWIRE_SPACE is not set, so there is no clock to compare with")
    before = datetime.now(UTC)
    answer = _asked("HEAD", f"https://{host}/")
    told = answer.headers.get("Date")
    if not told:
        raise Skip(f"{host} does not send the time")
    off = (before - parsedate_to_datetime(told)).total_seconds()
    if abs(off) > MOST_OFF_S:
        what = (
            f"this machine's clock is {abs(off):.0f} s {'fast' if off > 0 else 'slow'}"
        )
        yield Finding(what, "turn on time synchronisation: timedatectl set-ntp true")


def number(site: Site) -> Iterator[Finding]:
    """The provider asks this line when somebody rings."""
    _ = site.public_url
    try:
        account = Account.of(site.settings)
        fields = wanted(site.settings)
    except SettingError as error:
        raise Skip(str(error)) from None
    mend = "run scripts/provision.py"
    try:
        found = account.number(str(site.settings.line_number))
    except ProviderError as error:
        yield Finding(str(error), mend)
        return
    for warning in hidden_by(found):
        what, _, mend_hidden = warning.partition(": ")
        yield Finding(what, mend_hidden)
    for difference in differences(found, fields):
        yield Finding(str(difference), mend)


def kept_fallback(site: Site) -> Iterator[Finding]:
    """It is there, and up to date."""
    where = site.settings.fallback_url
    if not where:
        what = "FALLBACK_URL is not set: if this server is down, callers hear nothing from us"
        yield Finding(what, "keep a copy elsewhere (scripts/fallback.py)", stops=False)
        return
    found = kept.trouble(where, document(site.edition))
    if found:
        yield Finding(found, kept.COPY_AGAIN)


def privacy(site: Site) -> Iterator[Finding]:
    """Callers can read what is kept, and no blanks are left in it."""
    where = site.settings.privacy_url
    if not where:
        yield Finding(
            "PRIVACY_URL is not set",
            "publish a privacy notice, and set PRIVACY_URL to its address",
        )
        return
    try:
        answer = _asked("GET", where)
    except Away as away:
        yield Finding(
            str(away), "find out why, or publish the privacy notice elsewhere"
        )
        return
    if answer.status_code != 200:
        what = f"{where} is answered with {answer.status_code}"
        yield Finding(what, "publish the privacy notice there")
        return
    blanks = re.findall(r"\[[A-Za-z][^\]<>\n]{2,60}\](?!\()", answer.text)
    if blanks:
        what = f"{where} still has blanks to fill in: {', '.join(blanks[:3])}"
        yield Finding(what, "fill them in")


def _asked(
    method: str,
    url: str,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    """The answer, as it is: no redirect is followed. Raises `Away` where nothing answers."""
    try:
        return requests.request(
            method,
            url,
            data=form,
            headers=headers,
            timeout=PATIENCE_S,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        host = urlsplit(url).hostname
        raise Away(f"{host} cannot be reached ({type(error).__name__})") from None
