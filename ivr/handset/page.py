"""The web handset: a telephone in a page, which uses the same webhooks as the provider.

Its requests are not signed, because there is nothing to protect: nothing is dialled,
texted, counted or kept. They are limited for each client instead.
"""

import phonenumbers
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask_limiter import Limiter
from phonenumbers import PhoneNumberFormat

from ivr.call import flow
from ivr.call.scene import Call
from ivr.call.steps import Menu
from ivr.errors import NoSuchStep, StoreError
from ivr.handset.key_names import KEYPAD, key_names, keypad
from ivr.provider import webhooks

PREFIX = "/handset/voice"

KEYS = "/handset/keys"
"""The address for what a step's keys do: the step's own, with this instead of `PREFIX`."""

START_UP_MS = 150
"""From a reply until a browser on the same continent plays its first sound."""

REQUESTS = "20 per second; 300 per minute"
"""For each client: far more than anybody can press keys."""

POLICY = (
    "default-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""The page loads nothing from another site, and sends nothing to one."""

MOST_HELPLINES = 12
"""On the sheet: as many as there is room for."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(), camera=()",
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
    for limited in (calls, handset):
        limiter.limit(REQUESTS)(limited)
        app.before_request_funcs[limited.name].append(limiter._check_request_limit)
    app.register_blueprint(calls)
    webhooks.add_line(app, "handset_calls.voice", line)
    app.extensions["handset"] = line
    app.register_blueprint(handset)


def _too_many(error: Exception) -> Response:
    return Response("too many requests; wait a minute\n", 429, mimetype="text/plain")


@handset.get("/")
def page() -> Response:
    """The telephone; without JavaScript, the numbers to ring.

    With `?demonstration`, the person at the page chooses how a transfer goes. With `?studio`, as
    the studio's links have it, there is a way back: its session is not seen here.
    """
    content = _line().live().content
    return _shown(
        "handset.html",
        line=content.name,
        number=_line().caller_id,
        languages=content.languages,
        call=PREFIX,
        keys=KEYS,
        keypad=KEYPAD,
        demonstration="demonstration" in request.args,
        is_from_studio="studio" in request.args,
    )


@handset.get(f"{KEYS}/<path:path>")
def keys(path: str) -> Response:
    """What each key does at the step that a path and query name, as JSON; nothing for an unknown
    step."""
    line = _line()
    try:
        edition, step = webhooks.find(line, path)
    except (NoSuchStep, StoreError):
        return jsonify({})
    call = Call(edition, line.clock(), step, abilities=line.abilities())
    return jsonify(key_names(call))


@handset.get("/read-along")
@handset.get("/read-along/<language>/<article>")
def read_along(language: str | None = None, article: str | None = None) -> Response:
    """An article as a page; the newest, if none is named."""
    content = _line().live().content
    language = language or next(iter(content.languages))
    words = content.languages.get(language) or abort(404)
    newest = words.articles[0].slug
    shown = words.article.get(article or newest) or abort(404)
    others = []
    for code, each in content.languages.items():
        others += [(code, other) for other in each.articles if other is not shown]
    return _shown(
        "read_along.html",
        line=content.name,
        language=language,
        article=shown,
        others=others,
    )


@handset.get("/sheet")
@handset.get("/sheet/<language>")
def sheet(language: str | None = None) -> Response:
    """One sheet of paper for whoever helps a caller: what each key does, in the line's own words,
    and whom else to ring."""
    line = _line()
    edition = line.live()
    content = edition.content
    language = language or next(iter(content.languages))
    words = content.languages.get(language) or abort(404)
    say = words.prompts
    step = Menu(language=language)
    call = Call(edition, line.clock(), step, abilities=line.abilities())
    menu = flow.scene_of(call)
    others = {}
    for code, other in content.languages.items():
        if code != language:
            others[code] = other.prompts.guide_intro
    return _shown(
        "sheet.html",
        line=content.name,
        number=line.caller_id,
        shown_number=as_dialled(line.caller_id),
        language=language,
        welcome=say.welcome,
        heading=say.menu_intro,
        choices=[said for said in menu.says if said != say.menu_intro],
        intro=say.guide_intro,
        keys=keypad(say),
        helplines=words.helplines[:MOST_HELPLINES],
        others=others.items(),
    )


@handset.get("/manifest.webmanifest")
def manifest() -> Response:
    """Lets a browser offer to install the page as an app."""
    name = _line().live().content.name
    icon = url_for("handset.static", filename="icon.svg")
    answer = jsonify(
        name=name,
        short_name=name,
        start_url="/",
        display="standalone",
        background_color="#123c39",
        theme_color="#123c39",
        icons=[{"src": icon, "sizes": "any", "type": "image/svg+xml"}],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@handset.get("/offline.js")
def offline() -> Response:
    """The service worker, which must stand at the root to keep the page there."""
    return handset.send_static_file("offline.js")


def as_dialled(number: str | None) -> str:
    """A number as people in its country write and dial it: 0141 944 5490."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)


def _line() -> webhooks.Line:
    """The line that the page rings."""
    line: webhooks.Line = current_app.extensions["handset"]
    return line


def _shown(template: str, **values: object) -> Response:
    return Response(render_template(template, **values), headers=HEADERS)
