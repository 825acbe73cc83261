"""Signing in and out, and what every request passes before its page: `guard`."""

import re

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from audio.web.auth import Auth, sealed
from audio.web.pages import auth, pages

NOT_SET_UP = (
    "The studio has no password yet. An operator sets one with scripts/set_password.py."
)

OPEN_TO_ALL = {"studio.sign_in", "studio.check_password"}
"""Pages that are seen before signing in."""

UPLOADS = {"studio.send_recording"}
"""Pages that take a large file."""


@pages.before_request
def guard() -> AnyResponse | None:
    """Refuses a request, sends it to the sign-in page, or lets it through (None)."""
    page = request.endpoint or ""
    if page == "studio.static":
        return None
    return _auth().guard(open_to_all=page in OPEN_TO_ALL, uploads=page in UPLOADS)


@pages.after_request
def seal(response: Response) -> Response:
    """Puts on every answer the headers that keep it within the studio."""
    return sealed(response)


@pages.get("/sign-in")
def sign_in() -> str:
    """Asks for the password."""
    return render_template("studio/sign_in.html", wrong=False)


@pages.post("/sign-in")
def check_password() -> AnyResponse | tuple[str, int]:
    """Signs in whoever knows the password, and leads to the page that they asked for."""
    if not _auth().sign_in(request.form.get("password", "")):
        return render_template("studio/sign_in.html", wrong=True), 403
    after = request.args.get("after", "")
    if not _is_own(after):
        after = url_for("studio.status")
    return redirect(after, 303)


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    """Ends the session."""
    _auth().sign_out()
    flash("You are signed out.")
    return redirect(url_for("studio.sign_in"), 303)


def was_wrong(response: Response) -> bool:
    """Whether an answer to a password counts as a failed attempt: all but a redirect do."""
    return response.status_code != 303


def _is_own(address: str) -> bool:
    """Whether signing in may lead there: to a page of the studio, and nothing that a browser
    would read as another site."""
    if "//" in address or "\\" in address:
        return False
    return re.fullmatch(r"/studio[!-~]*", address) is not None


def _auth() -> Auth:
    """This application's. Answers 403 where no password is set: then nobody gets in."""
    found = auth()
    if found is None:
        raise Forbidden(NOT_SET_UP)
    return found
