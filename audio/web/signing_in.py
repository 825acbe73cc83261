"""Signing in and out, and what every request passes before its page: `guard`."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from audio.web.auth import Auth, sealed
from audio.web.editing import LABELS
from audio.web.expired_forms import can_resume, resumed
from audio.web.pages import auth, pages
from audio.web.people import People

NOT_SET_UP = (
    "The studio has no password yet. An operator sets one with scripts/set_password.py."
)

OPEN_TO_ALL = {"studio.sign_in", "studio.check_password"}
"""Pages that are seen before signing in."""

WRONG = "This is not the password. Try again."

UPLOADS = {"studio.send_recording", "studio.read_in"}
"""Pages that take a large file."""


RECORDS = {"studio.recording", "studio.send_recording"}
"""Pages that may use the microphone."""


@pages.before_request
def guard() -> AnyResponse | None:
    """Refuses a request, sends it to the sign-in page, or lets it through (None)."""
    page = request.endpoint or ""
    if page == "studio.static":
        return None
    return _auth().guard(open_to_all=page in OPEN_TO_ALL, uploads=page in UPLOADS)


@pages.after_request
def seal(response: Response) -> Response:
    """Puts on every answer the headers that keep it within the studio. A form that was refused
    may be sent again: somebody who reloads the page sees the same faults."""
    who = auth()
    if who and 400 <= response.status_code < 500:
        who.give_back()
    return sealed(response, records=request.endpoint in RECORDS)


@pages.get("/sign-in")
def sign_in() -> str:
    """Asks for the password."""
    return sign_in_page({})


@pages.post("/sign-in")
def check_password() -> ResponseReturnValue:
    """Signs in whoever knows the password, and leads to the page that they asked for."""
    name = request.form.get("person", "")
    password = request.form.get("password", "")
    if not _auth().sign_in(password, name):
        return sign_in_page(request.form, WRONG), 403
    after = request.args.get("after", "")
    if not _is_own(after):
        return redirect(url_for("studio.status"), 303)
    if _typed(request.form) and can_resume(urlsplit(after).path):
        return resumed(after, request.form)
    return redirect(after, 303)


def sign_in_page(sent: Mapping[str, str], why: str = "") -> str:
    """Asks for the password; `sent` is what was typed before, and is kept."""
    after = request.full_path
    if request.path == url_for("studio.sign_in"):
        after = request.args.get("after", "")
    action = url_for("studio.sign_in", after=after or None)
    return render_template(
        "studio/sign_in.html",
        has_people=_has_people(),
        person=sent.get("person", ""),
        why=why,
        wrong=why == WRONG,
        action=action,
        typed=_typed(sent),
    )


def _typed(sent: Mapping[str, str]) -> dict[str, str]:
    """What a form of the studio holds that can go on: its fields, and the mark of what was there
    before."""
    return {name: sent[name] for name in (*LABELS, "was") if name in sent}


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    """Ends the session."""
    _auth().sign_out()
    flash("You are signed out.")
    return redirect(url_for("studio.sign_in"), 303)


def was_wrong(response: Response) -> bool:
    """Whether an answer to a password counts as a failed attempt."""
    return response.status_code >= 400


def _has_people() -> bool:
    """Whether anybody has a name to sign in with."""
    return bool(People(_auth().folder).hashes())


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
