"""The copy of the fallback document on another machine, for when this one is down."""

from pathlib import Path

import requests

from ivr.errors import LineError

PATIENCE_S = 5
"""How long another machine may take to answer."""

XML = ("text/xml", "application/xml")
"""How a document must be served; other types are read aloud, or refused."""

COPY_AGAIN = "copy it there again with scripts/fallback.py"


def is_address(where: str) -> bool:
    """Whether this names a document on the web; otherwise it is a file."""
    return where.startswith(("https://", "http://"))


def trouble(where: str, document: str) -> str | None:
    """What is wrong with the copy at a file or an address; None if it is `document`."""
    try:
        kept = _kept(where)
    except (LineError, OSError) as error:
        return f"{where} cannot be read: {error}"
    if kept.strip() != document.strip():
        return f"{where} is out of date: {COPY_AGAIN}"
    return None


def _kept(where: str) -> str:
    if not is_address(where):
        return Path(where).read_text("utf-8")
    try:
        answer = requests.get(where, timeout=PATIENCE_S)
    except requests.RequestException as error:
        raise LineError(f"nothing answers there ({type(error).__name__})") from None
    if answer.status_code != 200:
        raise LineError(f"its server answers with {answer.status_code}")
    kind, _, _ = answer.headers.get("Content-Type", "").partition(";")
    if kind not in XML:
        raise LineError(
            f"it is served as {kind or 'no type'}, which a provider does not follow;"
            " serve it as text/xml"
        )
    answer.encoding = "utf-8"
    return answer.text
