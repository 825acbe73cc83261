"""A web site on this machine, in threads of its own: pages as they are, and servers as they should
not be."""

import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from ivr.settings import ROOT

PAGE = (ROOT / "tests" / "pages" / "wordpress.html").read_bytes()
MOST_BYTES = 5_000_000
HTML = {"Content-Type": "text/html; charset=utf-8"}

Answer = tuple[int, dict[str, str], bytes]

ANSWERS: dict[str, Answer] = {
    "/page": (200, HTML, PAGE),
    "/moved": (302, {"Location": "/page", "Set-Cookie": "who=staff"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/elsewhere": (302, {"Location": "file:///etc/passwd"}, b""),
    "/metadata": (302, {"Location": "http://169.254.169.254/latest"}, b""),
    "/gone": (404, HTML, PAGE),
    "/members": (403, HTML, PAGE),
    "/broken": (500, HTML, PAGE),
    "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/unnamed": (200, {}, PAGE),
    "/big": (200, HTML, b"x" * (MOST_BYTES + 1)),
    "/packed": (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE)),
    "/bomb": (
        *(200, {**HTML, "Content-Encoding": "gzip"}),
        gzip.compress(b"x" * (2 * MOST_BYTES), compresslevel=1),
    ),
    "/brotli": (200, {**HTML, "Content-Encoding": "br"}, PAGE),
    "/cut": (200, {**HTML, "Content-Length": "99999"}, PAGE),
}
"""What each path answers; a test may add its own."""


class Site(ThreadingHTTPServer):
    """It answers as `answers` says, and notes what it was asked."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.answers = answers
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Each request's path and headers."""
        self.closes = Event()

    @property
    def address(self) -> str:
        """Its own, without a path."""
        return f"http://127.0.0.1:{self.server_port}"


class Pages(BaseHTTPRequestHandler):
    """One request."""

    server: Site

    def do_GET(self) -> None:
        """Answers."""
        self.server.asked.append((self.path, dict(self.headers)))
        if self.path.startswith("/slow"):
            self._drip()
            return
        status, headers, body = self.server.answers[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # a reader that has had enough hangs up
            self.wfile.write(body)

    def _drip(self) -> None:
        """Goes on and on, so slowly that no piece is late: in the headers, or in the page."""
        if self.path == "/slow-page":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
        with suppress(OSError):
            while not self.server.closes.wait(0.05):
                self.wfile.write(b"X")
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""


@contextmanager
def site(
    answers: dict[str, Answer] = ANSWERS, certificate: ssl.SSLContext | None = None
) -> Iterator[Site]:
    """A site until the end of the block; with a certificate it is an HTTPS one."""
    with Site(answers) as server:
        if certificate:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=[0.02], daemon=True)
        thread.start()
        yield server
        server.closes.set()
        server.shutdown()
        thread.join()


def feed(*posts: tuple[str, str, str]) -> str:
    """A feed in RSS; each post has a title, an address and a date, of which any may be empty."""
    items = ""
    for title, address, day in posts:
        items += f"<item><title>{title}</title><link>{address}</link>"
        items += f"<pubDate>{day}</pubDate></item>"
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
