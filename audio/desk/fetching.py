"""Reading a page from its address, whatever address somebody gives.

It asks only public web servers: it must not show a page inside the server's own network, or do
anything there. So it looks up each name once, checks every address that the name has, and connects
to a checked one. It does so again at each redirect. It sends no cookies and no passwords.
"""

import re
import socket
import ssl
import zlib
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import PurePosixPath
from threading import Thread, Timer
from time import monotonic
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from ivr.errors import ImportingError

MOST_BYTES = 5_000_000
"""Of a page; an article of 10,000 words has 60,000."""
MOST_REDIRECTS = 5
MOST_ADDRESSES = 4
"""How many of a server's addresses are tried."""
STEP_S = 10
"""How long a server may take to be reached, and between two pieces of its answer."""
TIME_S = 20
"""How long all of it may take: somebody waits."""

PORTS = {"http": 80, "https": 443}
"""Those of public web servers; others may be doors of something else."""

PAGES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/plain": "text",
}
"""The formats of pages, as `importing.draft` knows them, by what servers call them."""

FORMAT_BY_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
}

HEADERS = {"User-Agent": "talking-line (reads articles aloud)", "Accept": "*/*"}

ANYBODY = ip_network("2000::/3")
"""The addresses of IPv6 that are given to anybody."""
NOT_PUBLIC = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"))
"""Where clouds tell a machine about itself (Azure, Oracle), and Python takes it for public."""
NAT64 = ip_network("64:ff9b::/96")
"""Addresses that lead to the IPv4 address in their last 32 bits (RFC 6052)."""

TOO_SLOW = "its server takes too long; try again later"

REDIRECTS = {301, 302, 303, 307, 308}
REFUSALS = {401, 402, 403, 407, 429, 451}
MISSING = {404, 410}


@dataclass(frozen=True)
class Given:
    """What is to become an article."""

    data: bytes
    format: str
    """As `importing.draft` knows it: `html`, `markdown` or `text`."""
    charset: str | None = None
    """The encoding that a server names."""


@dataclass(frozen=True)
class _Place:
    """An address, in its parts."""

    scheme: str
    host: str
    port: int
    target: str
    """The path and what follows, as a request has it."""


def fetched_page(url: str, private_hosts: Collection[str] = ()) -> Given:
    """A page, whose format its server tells. Raises `ImportingError`."""
    given = fetched(url, PAGES, private_hosts)
    if given.format != "text":
        return given
    # Servers say so of Markdown, too.
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    format = FORMAT_BY_SUFFIX.get(suffix, given.format)
    return Given(given.data, format, given.charset)


def fetched(
    url: str, formats: Mapping[str, str], private_hosts: Collection[str] = ()
) -> Given:
    """What an address leads to; `formats` is what may be there, by what servers call it.

    Hosts in `private_hosts` are asked wherever they are. Raises `ImportingError`, with why in plain
    words, for what is not public, of another kind, too big, too slow or out of reach.
    """
    until = monotonic() + TIME_S
    at = url
    try:
        for _ in range(1 + MOST_REDIRECTS):
            with _answered(_place(at), private_hosts, until) as answer:
                onwards = answer.headers.get("Location", "")
                if answer.status not in REDIRECTS or not onwards:
                    return _given(answer, formats, until)
            at = urljoin(at, onwards)
        raise ImportingError("it leads from one address to another without end")
    except ImportingError as error:
        raise ImportingError(f"{url} cannot be read: {error}") from error
    except (OSError, HTTPException, UnicodeError) as error:
        why = _why(error)
        if monotonic() >= until:
            why = TOO_SLOW
        raise ImportingError(f"{url} cannot be read: {why}") from error


def _place(url: str) -> _Place:
    try:
        scheme = urlsplit(url).scheme.lower()
        if scheme not in PORTS:
            raise ImportingError(
                f"{url} is not a web page; give an address that begins with https://"
            )
        request = requests.Request("GET", url).prepare()
        parts = urlsplit(str(request.url))
        port = parts.port or PORTS[scheme]
    except ValueError as error:  # those of requests are, too
        raise ImportingError(f"{url} is not an address; copy all of it") from error
    return _Place(scheme, str(parts.hostname), port, request.path_url)


@contextmanager
def _answered(
    place: _Place, private_hosts: Collection[str], until: float
) -> Iterator[HTTPResponse]:
    """The answer, as far as its headers. The server is hung up on when the time is over, however
    slowly it goes on talking."""
    addresses = _addresses(place, private_hosts, until)
    with (
        closing(_connected(addresses, place.port, until)) as sock,
        closing(sock.dup()) as same,
        _after(until - monotonic(), same),
        closing(HTTPConnection(place.host)) as connection,
    ):
        connection.sock = sock
        if place.scheme == "https":
            connection.sock = _trusted().wrap_socket(sock, server_hostname=place.host)
        connection.request("GET", place.target, headers=HEADERS | _named(place))
        with connection.getresponse() as answer:
            yield answer


def _addresses(
    place: _Place, private_hosts: Collection[str], until: float
) -> list[str]:
    """Every address of a host, each of them public, unless the host is one of `private_hosts`."""
    addresses = _looked_up(place, until)
    if place.host in private_hosts:
        return addresses
    if place.port != PORTS[place.scheme]:
        raise ImportingError(f"only web servers can be asked, not port {place.port}")
    if not all(map(is_public, addresses)):
        raise ImportingError("it is inside a private network, and not on the Web")
    return addresses


def _looked_up(place: _Place, until: float) -> list[str]:
    """What a name stands for. In a thread, as nothing else can end the system's own waiting."""
    found: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(
                place.host, place.port, type=socket.SOCK_STREAM
            )
            found.set_result([str(address[0]) for *_, address in entries])
        except (OSError, UnicodeError) as error:
            found.set_exception(error)

    Thread(target=look_up, daemon=True, name="names").start()
    return found.result(max(until - monotonic(), 0))


def is_public(text: str) -> bool:
    """Whether an IP address is one that anybody on the Internet can reach."""
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address in NAT64:
            return is_public(str(ip_address(int(address) & 0xFFFFFFFF)))
        leads_elsewhere = address.sixtofour or address.teredo
        if leads_elsewhere or address not in ANYBODY:
            return False
    if address.is_multicast or any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global


def _connected(addresses: list[str], port: int, until: float) -> socket.socket:
    """A connection to the first address that answers."""
    failed: OSError = OSError("no address")
    for address in addresses[:MOST_ADDRESSES]:
        left_s = until - monotonic()
        if left_s <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((address, port), min(STEP_S, left_s))
        except OSError as error:
            failed = error
    raise failed


@contextmanager
def _after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Hangs up after so many seconds."""
    timer = Timer(max(seconds, 0), _hang_up, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts, and those of browsers."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


def _named(place: _Place) -> dict[str, str]:
    host = f"[{place.host}]" if ":" in place.host else place.host
    if place.port != PORTS[place.scheme]:
        host = f"{host}:{place.port}"
    return {"Host": host}


def _given(answer: HTTPResponse, formats: Mapping[str, str], until: float) -> Given:
    """What the server sent, if it is of a kind that can be read."""
    if answer.status != 200:
        raise ImportingError(_refused(answer.status))
    media, _, rest = answer.headers.get("Content-Type", "").partition(";")
    format = formats.get(media.strip().lower())
    if format is None:
        raise ImportingError(f"it is {media or 'of an unknown kind'}, not text")
    data = _data(answer)
    if answer.length or monotonic() >= until:
        raise ConnectionError("the answer was cut off")
    charset = re.search(r"charset=[\"']?([\w-]+)", rest, re.I)
    return Given(data, format, charset[1] if charset else None)


def _data(answer: HTTPResponse) -> bytes:
    """All of it, as long as it is not too much; also where a server packs it unasked."""
    data = answer.read(MOST_BYTES + 1)
    packing = answer.headers.get("Content-Encoding", "identity").lower()
    if packing in ("gzip", "x-gzip"):
        with suppress(zlib.error):
            data = zlib.decompressobj(31).decompress(data, MOST_BYTES + 1)
    elif packing != "identity":
        raise ImportingError(f"its server packs it as {packing}")
    if len(data) > MOST_BYTES:
        raise ImportingError(f"it is bigger than {MOST_BYTES // 1_000_000} MB")
    return data


def _refused(status: int) -> str:
    if status in MISSING:
        return f"there is no page at this address ({status})"
    if status in REFUSALS:
        return f"its server does not give it to the studio ({status})"
    return f"its server answered with a fault ({status}); try again later"


def _why(error: Exception) -> str:
    """In plain words."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return "there is no such server; check how the address is written"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its server cannot prove who it is (its certificate)"
    if isinstance(error, TimeoutError):
        return TOO_SLOW
    return "its server cannot be reached, or hung up; try again later"
