"""What staff bring in becomes a draft, in a separate process (`audio.apart`)."""

from dataclasses import dataclass

import msgspec

from audio.apart import apart
from audio.desk.drafts import Draft
from audio.desk.fetching import fetched_page
from audio.desk.importing import draft
from audio.desk.word_files import html_of
from ivr.errors import ImportingError, LineError, TooMuch


@dataclass(frozen=True)
class Order:
    """What is to be read: an address, or else what a file or a form has."""

    address: str = ""
    private_hosts: tuple[str, ...] = ()
    data: bytes = b""
    format: str = ""
    """As `importing.draft` knows it."""


def brought_in(order: Order) -> Draft:
    """The draft. Raises `ImportingError`."""
    try:
        made = apart(__name__, msgspec.msgpack.encode(order))
    except TooMuch as error:
        raise ImportingError(f"{error}; try a part of it") from error
    except LineError as error:
        raise ImportingError(str(error)) from error
    return msgspec.msgpack.decode(made, type=Draft)


def work(given: bytes) -> bytes:
    """The other process's part of it."""
    order = msgspec.msgpack.decode(given, type=Order)
    return msgspec.msgpack.encode(_draft(order))


def _draft(order: Order) -> Draft:
    if order.address:
        page = fetched_page(order.address, order.private_hosts)
        return draft(page.data, page.format, page.charset)
    data = order.data
    if order.format == "word":
        data = html_of(data)
    return draft(data, order.format)
