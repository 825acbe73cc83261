"""The provider's signature: who may ask the webhooks anything."""

from urllib.parse import quote, urlsplit

from flask import Request
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException

from ivr.settings import Settings


def is_signed(request: Request, settings: Settings) -> bool:
    """Whether the provider signed this request; never, where no token is set."""
    signature = request.headers.get("X-Twilio-Signature")
    if not signature or not settings.twilio_auth_token:
        return False
    try:
        form = request.form if request.method == "POST" else {}
    except HTTPException:  # too large, or not a form
        return False
    url = settings.public_url + raw_path(request)
    validator = RequestValidator(settings.twilio_auth_token)
    return bool(validator.validate(url, form, signature))


def raw_path(request: Request) -> str:
    """The path and query as they were sent.

    `request.url` will not do: Werkzeug decodes escapes, and so breaks valid
    signatures over `%27 %7E %2F %22 %40 %C3%A9`. gunicorn and Werkzeug give the
    raw form; where a server does not, it is put together again.
    """
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if not raw:
        query = request.query_string.decode("latin-1")
        return quote(request.path) + (f"?{query}" if query else "")
    if raw.startswith("/"):
        return str(raw)
    parts = urlsplit(raw)  # a proxy may ask with the whole address
    return parts.path + (f"?{parts.query}" if parts.query else "")
