"""The provider's signature: who may send requests to the webhooks."""

import hmac
from base64 import b64encode
from functools import lru_cache
from itertools import chain
from urllib.parse import quote, urlsplit

from flask import Request
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from ivr.provider.dialects import DIALECTS
from ivr.settings import Settings


def is_signed(request: Request, settings: Settings) -> bool:
    """Whether the provider signed this request; never, where its key is not set."""
    dialect = DIALECTS[settings.provider]
    signature = request.headers.get(dialect.signature_header)
    key = dialect.signing_key(settings)
    if not signature or not key:
        return False
    form: MultiDict[str, str] = MultiDict()
    if request.method == "POST":
        try:
            form = request.form
        except HTTPException:  # it is too large, or not a form
            return False
    url = settings.public_url + raw_path(request)
    if hmac.compare_digest(computed(key, url, form), signature.encode()):
        return True  # as nearly always; `validate` takes ten times as long, and other ports
    return bool(RequestValidator(key).validate(url, form, signature))


def computed(key: str, url: str, form: MultiDict[str, str]) -> bytes:
    """A signature: the address, then each name and value in the order of the names; HMAC-SHA1, in
    base64 (https://www.twilio.com/docs/usage/security)."""
    fields = sorted(set(form.items(multi=True)))
    text = "".join(chain((url,), *fields))
    mac = _keyed(key).copy()
    mac.update(text.encode())
    return b64encode(mac.digest())


@lru_cache(maxsize=4)
def _keyed(key: str) -> hmac.HMAC:
    """What to begin with: to look the method up and take in the key costs as much as all the
    rest. A line has one key."""
    return hmac.new(key.encode(), digestmod="sha1")


def raw_path(request: Request) -> str:
    """The path and query as they were sent.

    `request.url` will not do: Werkzeug decodes escapes, and so breaks valid signatures over
    `%27 %7E %2F %22 %40 %C3%A9`. gunicorn and Werkzeug give the raw path. Where a server does
    not, it is put together again. That is right for every address that the line itself gives to
    the provider; another may look different, and its signature is then refused.
    """
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if not raw:
        query = request.query_string.decode("latin-1")
        return _with_query(quote(request.path), query)
    if raw.startswith("/"):
        return str(raw)
    url = urlsplit(raw)  # a proxy may send the whole address
    return _with_query(url.path, url.query)


def _with_query(path: str, query: str) -> str:
    if not query:
        return path
    return f"{path}?{query}"
