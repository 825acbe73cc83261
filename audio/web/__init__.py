"""The studio's pages at `/studio`: staff sign in, change words, listen, and publish.

May import every other room of `audio`. All of it works without JavaScript.
Begin reading here: `register` mounts the pages, `auth` lets in.
"""

import logging
import re
from datetime import datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, flash, g, redirect, render_template, request, url_for
from flask_limiter import Limiter
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.wrappers import Response as AnyResponse

from audio.web import editing, listening, publishing, uploads
from audio.web.auth import ATTEMPTS, Door, sealed
from audio.web.studio import Studio
from ivr.errors import ContentError, LineError

log = logging.getLogger(__name__)

TOO_MUCH = (
    "This is more than can be sent: a form takes 1 MB, a recording 60 MB. Nothing was done. Go"
    " back in the browser: what you wrote should still be there."
)


def register(app: Flask, studio: Studio, door: Door | None, limiter: Limiter) -> None:
    """Mounts the pages at `/studio`. Without a door (no password is set) nobody gets in."""
    pages = Blueprint(
        "studio", __name__, template_folder="templates", static_folder="static",
        static_url_path="/static", url_prefix="/studio",
    )  # fmt: skip
    _guard(pages, studio, door)
    if door:
        app.secret_key = door.secret
        app.config.update(
            SESSION_COOKIE_NAME="studio",
            SESSION_COOKIE_PATH="/studio",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_SECURE=door.home.startswith("https:"),
        )
        _sign_in_and_out(pages, door, limiter)
    for each in (publishing, listening, editing, uploads):
        each.add_pages(pages, studio)
    app.register_blueprint(pages)


def _guard(pages: Blueprint, studio: Studio, door: Door | None) -> None:
    @pages.before_request
    def guard() -> AnyResponse | None:
        if request.endpoint == "studio.static":
            return None
        if door is None:
            raise Forbidden("The studio has no password yet. An operator sets one with"
                            " scripts/set_password.py.")  # fmt: skip
        page = (request.endpoint or "").removeprefix("studio.")
        return door.guard(open_to_all=page == "sign_in", uploads=page == "recording")

    @pages.context_processor
    def common() -> dict[str, Any]:
        signed_in = bool(door and door.is_in())
        return {"key": door.key if door else str, "signed_in": signed_in, "studio": studio}

    @pages.app_template_filter("when")
    def when(time: datetime | str, zone: str) -> str:
        """A moment as the clocks of the line's time zone show it."""
        time = datetime.fromisoformat(time) if isinstance(time, str) else time
        return f"{time.astimezone(ZoneInfo(zone)):%-d %B %Y, %H:%M}"

    @pages.route("/<path:nowhere>", methods=["GET", "POST"])
    def nowhere(nowhere: str) -> NoReturn:
        """There is no such page."""
        editing.missing()

    @pages.errorhandler(ContentError)
    def faulty(error: ContentError) -> tuple[str, int]:
        return render_template("studio/faults.html", faults=error.faults, sent=_sent()), 409

    @pages.errorhandler(LineError)
    def cannot(error: LineError) -> tuple[str, int]:
        return _refused(str(error), 409)

    @pages.errorhandler(OSError)
    def out_of_reach(error: OSError) -> tuple[str, int]:
        log.exception("the studio cannot go on", exc_info=error)
        why = f"The disk, or where the sound is kept, does not answer as it should: {error}."
        return _refused(f"{why} Look whether it was done, and tell whoever runs the server.", 503)

    @pages.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        why = error.description or error.name
        return _refused(TOO_MUCH if error.code == 413 else why, error.code or 500)

    @pages.after_request
    def seal(response: Response) -> Response:
        return sealed(response)


def _refused(why: str, status: int) -> tuple[str, int]:
    return render_template("studio/refused.html", why=why, sent=_sent()), status


def _sent() -> dict[str, str]:
    """What was typed into the fields that our forms have, by their labels, so that it can be
    copied; nothing that another site sent, or that is too much to be read."""
    if not g.get("keeps_words"):
        return {}
    try:
        sent = request.form
    except HTTPException:
        return {}
    return {label: sent[name] for name, label in editing.LABELS.items() if name in sent}


def _sign_in_and_out(pages: Blueprint, door: Door, limiter: Limiter) -> None:
    def was_wrong(response: Response) -> bool:
        return response.status_code != 303

    @pages.route("/sign-in", methods=["GET", "POST"])
    @limiter.limit(ATTEMPTS, methods=["POST"], deduct_when=was_wrong,
                   error_message="Too many attempts. Wait a few minutes.")  # fmt: skip
    def sign_in() -> AnyResponse | tuple[str, int] | str:
        """Asks for the password."""
        after = request.args.get("after", "")
        if request.method != "POST":
            return render_template("studio/sign_in.html", wrong=False)
        if not door.enter(request.form.get("password", "")):
            return render_template("studio/sign_in.html", wrong=True), 403
        own = re.fullmatch(r"/studio[!-~]*", after) and not re.search(r"//|\\", after)
        return redirect(after if own else url_for("studio.status"), 303)

    @pages.post("/sign-out")
    def sign_out() -> AnyResponse:
        """Ends the session."""
        door.leave()
        flash("You are signed out.")
        return redirect(url_for("studio.sign_in"), 303)


__all__ = ["Door", "Studio", "register"]
