"""Reading a page from an address: what is public is read, and everything else is told plainly."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import trustme

from audio.desk import fetching
from audio.desk.fetching import fetched_page, is_public
from ivr.errors import ImportingError
from tests.support.site import ANSWERS, HTML, PAGE, Site, site

HERE = frozenset({"127.0.0.1"})


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with site() as server:
        yield server


def test_a_page_is_read_without_cookies_or_passwords(server: Site) -> None:
    server.asked.clear()
    address = server.address.replace("//", "//somebody:secret@")
    given = fetched_page(f"{address}/moved", HERE)
    assert (given.data, given.format, given.charset) == (PAGE, "html", "utf-8")
    assert [path for path, _ in server.asked] == ["/moved", "/page"]
    for _, headers in server.asked:
        assert headers["Host"] == f"127.0.0.1:{server.server_port}"
        assert headers.keys() == {"Host", "Accept-Encoding", "User-Agent", "Accept"}


def test_a_page_that_is_packed_is_unpacked(server: Site) -> None:
    assert fetched_page(f"{server.address}/packed", HERE).data == PAGE


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/gone", "there is no page at this address (404)"),
        ("/members", "its server does not give it to the studio (403)"),
        ("/broken", "its server answered with a fault (500)"),
        ("/picture", "it is image/png, not text"),
        ("/unnamed", "it is of an unknown kind, not text"),
        ("/big", "it is bigger than 5 MB"),
        ("/bomb", "it is bigger than 5 MB"),
        ("/brotli", "its server packs it as br"),
        ("/round", "it leads from one address to another without end"),
        ("/elsewhere", "file:///etc/passwd is not a web page"),
        ("/metadata", "it is inside a private network"),
        ("/cut", "its server cannot be reached, or hung up"),
    ],
)
def test_why_a_page_cannot_be_had_is_told_in_plain_words(
    server: Site, path: str, why: str
) -> None:
    with pytest.raises(ImportingError) as told:
        fetched_page(server.address + path, HERE)
    assert str(told.value).startswith(f"{server.address}{path} cannot be read: {why}")


@pytest.mark.parametrize("path", ["/slow-head", "/slow-page"])
def test_a_server_that_never_ends_is_hung_up_on(
    server: Site, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(fetching, "TIME_S", 0.3)
    with pytest.raises(ImportingError, match="its server takes too long"):
        fetched_page(server.address + path, HERE)


def test_a_name_that_is_looked_up_for_ever_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = Event()
    waited: list[bool] = []

    def look_up(*_: Any, **__: Any) -> list[Any]:
        waited.append(over.wait(5))
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(fetching, "TIME_S", 0.3)
    with pytest.raises(ImportingError, match="its server takes too long"):
        fetched_page("https://slow.example/")
    assert waited == []
    over.set()


def test_connecting_to_addresses_that_are_silent_is_part_of_the_time(
    names: "Names", monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def silent(to: tuple[str, int], timeout: float) -> None:
        waited.append(timeout)
        Event().wait(timeout)
        raise TimeoutError

    names.answers["silent.example"] = [["93.184.215.14"] * 4]
    monkeypatch.setattr(socket, "create_connection", silent)
    monkeypatch.setattr(fetching, "STEP_S", 0.2)
    monkeypatch.setattr(fetching, "TIME_S", 0.3)
    with pytest.raises(ImportingError, match="its server takes too long"):
        fetched_page("https://silent.example/")
    assert sum(waited) <= 0.3


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ftp://example.org/x", "is not a web page"),
        ("file:///etc/passwd", "is not a web page"),
        ("https://", "is not an address"),
        ("https://[::1", "is not an address"),
        ("http://a.invalid/", "there is no such server"),
        ("http://127.0.0.1/", "inside a private network"),
        ("http://localhost/", "inside a private network"),
        ("http://[::1]/", "inside a private network"),
        ("http://2130706433/", "inside a private network"),
        ("http://0x7f.1/", "inside a private network"),
        ("http://10.1.2.3/", "inside a private network"),
        ("http://169.254.169.254/latest/meta-data", "inside a private network"),
        ("http://8.8.8.8:22/", "not port 22"),
        ("https://8.8.8.8:80/", "not port 80"),
    ],
)
def test_nobody_but_a_public_web_server_is_asked(
    monkeypatch: pytest.MonkeyPatch, address: str, why: str
) -> None:
    def connect(*_: Any) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ImportingError, match=why):
        fetched_page(address)


class Names:
    """A name server: what it answers for each name, one time after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.look_up = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: str, port: int, *rest: Any, **more: Any) -> Any:
        if host not in self.answers:
            return self.look_up(host, port, *rest, **more)
        answer = self.answers[host].pop(0)
        return [(socket.AF_INET, 1, 6, "", (address, port)) for address in answer]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(monkeypatch)


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    server: Site, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers otherwise the second time leads nowhere."""
    names.answers["rebinding.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    reached: list[str] = []
    connect = socket.create_connection

    def reach(to: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(to[0])
        return connect(("127.0.0.1", server.server_port), timeout)

    monkeypatch.setattr(socket, "create_connection", reach)
    with pytest.raises(ImportingError, match="inside a private network"):
        fetched_page("http://rebinding.example/moved")
    assert reached == ["93.184.215.14"]
    assert names.answers["rebinding.example"] == []


def test_a_name_with_one_private_address_is_not_asked_at_all(names: Names) -> None:
    names.answers["both.example"] = [["93.184.215.14", "10.0.0.1"]]
    with pytest.raises(ImportingError, match="inside a private network"):
        fetched_page("http://both.example/")


def test_an_address_that_does_not_answer_is_not_the_last(
    server: Site, names: Names
) -> None:
    names.answers["two.example"] = [["127.0.0.99", "127.0.0.1"]]
    url = f"http://two.example:{server.server_port}/page"
    assert fetched_page(url, frozenset({"two.example"})).data == PAGE


@pytest.mark.parametrize(
    ("address", "is_so"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),
        ("0.0.0.0", False),
        ("127.8.8.8", False),
        ("10.0.0.1", False),
        ("100.100.100.200", False),
        ("168.63.129.16", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("192.0.0.192", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("fd00:ec2::254", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_anybody_can_reach(address: str, is_so: bool) -> None:
    assert is_public(address) is is_so


def test_a_certificate_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with site({"/page": ANSWERS["/page"]}, context) as server:
        port = server.server_port
        hosts = HERE | {"localhost"}
        with pytest.raises(ImportingError, match="prove who it is"):
            fetched_page(f"https://localhost:{port}/page", hosts)
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        given = fetched_page(f"https://localhost:{port}/page", hosts)
        assert given.data == PAGE
        with pytest.raises(ImportingError, match="prove who it is"):
            fetched_page(f"https://127.0.0.1:{port}/page", hosts)


def test_a_text_is_markdown_by_its_name() -> None:
    text = {"Content-Type": "text/plain"}
    answers = {"/a.md": (200, text, b"# A"), "/a.txt": (200, text, b"A")}
    with site({**answers, "/": (200, HTML, b"")}) as server:
        assert fetched_page(f"{server.address}/a.md", HERE).format == "markdown"
        assert fetched_page(f"{server.address}/a.txt", HERE).format == "text"
