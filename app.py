"""The application: wires the line together, and runs it.

`make run` runs this file; any other WSGI server can serve `app:served()`.
"""

import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from audio import web
from audio.air.studio_store import StudioStore
from audio.words.source import load
from ivr.call.scene import EVERY_ABILITY, Limits
from ivr.call_map.stops import stops
from ivr.call_map.table import Row, as_table
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.callers.report import Report
from ivr.edition.copy import Copy
from ivr.edition.edition import Edition
from ivr.edition.library import Library
from ivr.edition.store import Store
from ivr.errors import ContentError, LineError, SettingError
from ivr.handset import page
from ivr.operators.account import Account
from ivr.operators.findings import Finding, Site
from ivr.operators.preflight import preflight
from ivr.operators.watching import watching
from ivr.provider import clips, webhooks
from ivr.provider.admission import Admission, Allowance
from ivr.provider.dialects import DIALECTS
from ivr.provider.keeping import Keeper
from ivr.provider.signature import is_signed
from ivr.provider.texting import Api, Texter
from ivr.provider.twiml import Addresses
from ivr.settings import ROOT, Settings, environment

MOST_POSTED_BYTES = 64 * 1024
"""A provider's post has about forty short fields."""

HOST = "127.0.0.1"
"""Where the server listens: this machine alone, so that a proxy stands before it."""

operators = Blueprint("operators", __name__)


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@operators.before_app_request
def refuse_unsigned() -> Response | None:
    """Before anything else happens: nobody but the provider may ask under `/voice`."""
    settings: Settings = current_app.extensions["settings"]
    if request.path.startswith("/voice") and not is_signed(request, settings):
        return Response(
            "not signed by the telephone provider\n", 403, mimetype="text/plain"
        )
    return None


@operators.app_errorhandler(HTTPException)
def no_page(error: HTTPException) -> Response | HTTPException:
    """A signed request is always answered in TwiML, whatever it asks for."""
    if request.path.startswith("/voice"):
        return webhooks.xml(webhooks.line_of("voice").fallback)
    return error


def create_app(
    settings: Settings | None = None,
    clock: Callable[[], datetime] = utc_now,
    *,
    callers: Callers | None = None,
    prepares: bool = False,
) -> Flask:
    """The line as a WSGI application. Without `callers`, no call is counted; with `prepares`, the
    sound of what staff save is made at once.

    Raises `SettingError` for settings that are wrong, and `StoreError` before
    anything is published.
    """
    settings = settings or Settings.from_mapping(environment())
    app = Flask(__name__, static_folder=None)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=0)  # type: ignore[method-assign]
    app.config["MAX_CONTENT_LENGTH"] = MOST_POSTED_BYTES
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # a redirect would lose what the provider posted
    library = _library(settings)
    app.extensions["settings"] = settings
    app.extensions["library"] = library
    app.register_blueprint(watching)
    app.register_blueprint(operators)
    limiter = _limiter(app)

    dialect = DIALECTS[settings.provider]
    there = Addresses(settings.public_url)
    by_provider = webhooks.Line(
        library, there, settings.line_number, clock, dialect=dialect
    )
    if callers:
        app.extensions["callers"] = callers
        by_provider.keeper = Keeper(callers)
        by_provider.admission = Admission(callers, _allowance(settings))
    if settings.sms_from:
        account = Account.of(settings)
        by_provider.texter = _texter(account, settings.sms_from, callers)
    app.register_blueprint(webhooks.voice, url_prefix="/voice")
    webhooks.add_line(app, "voice", by_provider)
    app.register_blueprint(clips.clips)

    here = Addresses("", page.PREFIX)
    by_handset = webhooks.Line(
        library, here, settings.line_number, clock, page.START_UP_MS, dialect
    )
    page.register(app, by_handset, limiter)

    studio = _studio(settings, clock, _counts(callers, library), prepares)
    auth = _auth(settings, studio, clock)
    web.register(app, studio, auth, limiter)
    return app


def served() -> Flask:
    """The line as a server runs it: with its database, so that it knows who is barred."""
    settings = Settings.from_mapping(environment())
    url = database_url(settings.database, ROOT)
    callers = Callers(url, settings.secret_key, utc_now)
    callers.start()
    app = create_app(settings, callers=callers, prepares=True)
    gc.freeze()  # what is loaded stays; looking through it again held callers up for 70 ms
    if settings.feed_url:
        web.watch(app.extensions["studio"])
    return app


def _limiter(app: Flask) -> Limiter:
    """Limits what is limited, which asks for it. By itself it would look at every webhook and every
    sound as well: an eighth of a key press."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    app.before_request_funcs[None].remove(limiter._check_request_limit)
    return limiter


def _allowance(settings: Settings) -> Allowance:
    """How much of the line callers may take."""
    longest_s = settings.longest_call_minutes * 60
    withheld_s = settings.longest_withheld_minutes * 60
    transfers = settings.transfers_per_call
    return Allowance(
        known=Limits(longest_s, transfers),
        withheld=Limits(withheld_s, transfers),
        calls_an_hour=settings.calls_per_hour,
    )


def _texter(account: Account, sender: str, callers: Callers | None) -> Texter:
    """Sends texts from this number; once in all processes, where these share a database."""
    api = Api(account.url, account.user, account.password)
    is_first: Callable[[str], bool] | None = None
    if callers:
        is_first = callers.is_first
    return Texter(api, sender, is_first)


def _library(settings: Settings) -> Library:
    """What the line reads: the store's own folder, or a copy of it that is kept up to date."""
    store = Store(settings.store)
    if store.is_folder:
        return Library(store)
    copy = Copy(store, settings.cache, settings.cache_mb * 1_000_000)
    return Library(copy.start(), store)


def _studio(
    settings: Settings,
    clock: Callable[[], datetime],
    counts: web.Counts | None,
    prepares: bool,
) -> web.Studio:
    """What staff's pages work with."""
    return web.Studio(
        content=settings.content,
        store=StudioStore(settings.store),
        folder=settings.studio,
        ear=settings.ear_model,
        call_map=partial(_call_map, settings),
        counts=counts,
        preflight=lambda: preflight(site(settings, clock)),
        clock=clock,
        prepares=prepares,
        private_hosts=settings.private_hosts,
        feed=settings.feed_url or "",
    )


def _counts(callers: Callers | None, library: Library) -> web.Counts | None:
    """How the studio asks for counts, in the words that are on the air."""
    if callers is None:
        return None

    def report(period: str) -> Report:
        return callers.report_named(period, library.live().content)

    return web.Counts(report, lambda: callers.status().trouble)


def site(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Site:
    """What the preflight looks at: this installation, and its words."""
    return Site(settings, clock, lambda: _in_the_words(settings.content))


def _in_the_words(content: Path) -> Iterator[Finding]:
    """What the studio finds in the words as they are saved."""
    try:
        source = load(content)
    except ContentError as error:
        for fault in error.faults:
            yield Finding(f"{fault.file}:{fault.line}: {fault.what}", fault.mend)
        return
    for fault in source.unchecked:
        yield Finding(f"{fault.file}: {fault.what}", fault.mend, stops=False)


def _call_map(settings: Settings, edition: Edition) -> list[Row]:
    """The call map, as the studio shows it: with texts only where some are sent."""
    able = replace(EVERY_ABILITY, text=settings.sms_from is not None)
    return as_table(stops(edition, able))


def _auth(
    settings: Settings, studio: web.Studio, clock: Callable[[], datetime]
) -> web.Auth | None:
    """Who may sign in to the studio; None, where no password is set."""
    if not (settings.studio_password_hash and settings.secret_key):
        return None
    return web.Auth(
        settings.studio_password_hash,
        settings.secret_key,
        studio.folder,
        settings.public_url,
        clock,
    )


def main() -> int:
    """Prints where to listen and what to tell the provider; then serves until it is stopped."""
    try:
        settings = Settings.from_mapping(environment())
        if "LISTEN_FDS" not in os.environ:  # otherwise systemd already has the port
            check_port(settings.port)
        create_app(settings)
        url = database_url(settings.database, ROOT)
        notes = prepare(url, settings.secret_key, utc_now())
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    print(*notes, welcome(settings), sep="\n", flush=True)
    os.chdir(ROOT)
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    return os.execv(sys.executable, gunicorn)  # noqa: S606 - fixed arguments, no shell


def check_port(port: int) -> None:
    """Raises `SettingError` where the server cannot listen on this port.

    gunicorn would try five times, and not say which setting to change. The socket takes the
    port as gunicorn's does.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SettingError(
                f"PORT={port}: the server cannot listen there ({error.strerror});"
                " stop the program that uses this port, or set PORT to another number"
            ) from error


def welcome(settings: Settings) -> str:
    """What an operator needs to know when the server starts."""
    url = settings.public_url
    page = f"http://localhost:{settings.port}"
    first = ""
    if not settings.studio_password_hash:
        first = " (first: scripts/set_password.py)"
    refused = ""
    dialect = DIALECTS[settings.provider]
    if not dialect.signing_key(settings):
        refused = (
            f"\n  (refused until {dialect.key}, PUBLIC_URL and LINE_NUMBER are set)"
        )
    return f"""To listen: {page} in a browser, or .venv/bin/python scripts/dial.py
To change the words: {page}/studio{first}
To tell the telephone provider, each with POST:{refused}
  a call comes in   {url}/voice
  if that fails     {url}/voice/fallback
  status callback   {url}/voice/ended"""


if __name__ == "__main__":
    sys.exit(main())
