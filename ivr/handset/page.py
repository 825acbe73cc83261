"""The web handset: a telephone in a page, which uses the same webhooks as the provider.

Its requests are not signed, because there is nothing to protect: nothing is dialled,
texted, counted or kept. They are limited for each client instead.
"""

from flask import Blueprint, Flask, Response, current_app, render_template
from flask_limiter import Limiter

from ivr.provider import webhooks

PREFIX = "/handset/voice"

START_UP_MS = 150
"""From a reply until a browser on the same continent plays its first sound."""

REQUESTS = "20 per second; 300 per minute"
"""For each client: far more than anybody can press keys."""

POLICY = (
    "default-src 'self'; img-src data:; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""The page loads nothing from another site, and sends nothing to one."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

handset = Blueprint(
    "handset",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/handset",
)


def register(app: Flask, line: webhooks.Line, limiter: Limiter) -> None:
    """Mounts the page at `/` and its webhooks under `/handset/voice`."""
    calls = Blueprint("handset_calls", __name__, url_prefix=PREFIX)
    calls.register_blueprint(webhooks.voice)
    calls.register_error_handler(429, _too_many)
    limiter.limit(REQUESTS)(calls)
    app.register_blueprint(calls)
    webhooks.add_line(app, "handset_calls.voice", line)
    app.extensions["handset"] = line
    app.register_blueprint(handset)


def _too_many(error: Exception) -> Response:
    return Response("too many requests; wait a minute\n", 429, mimetype="text/plain")


@handset.get("/")
def page() -> Response:
    """The telephone; without JavaScript, the numbers to ring."""
    line: webhooks.Line = current_app.extensions["handset"]
    content = line.live().content
    language, words = next(iter(content.languages.items()))
    shown = render_template(
        "handset.html",
        line=content.name,
        language=language,
        number=line.caller_id,
        helplines=words.helplines,
        call=PREFIX,
    )
    return Response(shown, headers=HEADERS)
