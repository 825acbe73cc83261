"""What the studio says when something could not be done: a page, with what had been typed."""

import logging
from typing import NoReturn

from flask import g, render_template, request
from werkzeug.exceptions import HTTPException

from audio.web.auth import SessionOver
from audio.web.editing import LABELS
from audio.web.going_on import can_go_on, gone_on
from audio.web.pages import auth, no_such_page, pages
from audio.web.signing_in import sign_in_page
from ivr.errors import ContentError, LineError

log = logging.getLogger(__name__)

TOO_MUCH = (
    "This is more than can be sent: a form takes 1 MB, a recording 60 MB. Nothing was changed. Go"
    " back in the browser: what you wrote should still be there."
)

OUT_OF_REACH = (
    "The disk, or the place where the sound is kept, failed: {}. Check whether your change was"
    " made, and tell whoever runs the server."
)


@pages.route("/<path:nowhere>", methods=["GET", "POST"])
def nowhere(nowhere: str) -> NoReturn:
    """There is no such page."""
    no_such_page()


@pages.errorhandler(ContentError)
def faulty(error: ContentError) -> tuple[str, int]:
    """The files have faults that only a text editor can mend."""
    return render_template("studio/faults.html", faults=error.faults, sent=_sent()), 409


@pages.errorhandler(LineError)
def cannot(error: LineError) -> tuple[str, int]:
    """What was asked for cannot be done; the error says why."""
    return _refused(str(error), 409)


@pages.errorhandler(OSError)
def out_of_reach(error: OSError) -> tuple[str, int]:
    """The disk or the store failed, in the middle of whatever was being done."""
    log.exception("the studio cannot go on", exc_info=error)
    return _refused(OUT_OF_REACH.format(error), 503)


@pages.errorhandler(SessionOver)
def session_over(error: SessionOver) -> tuple[str, int]:
    """A form came too late. Its words are kept, behind the password if there is no session."""
    signed_in = auth()
    if not g.get("keeps_words") or not can_go_on(request.path):
        return refused(error)
    if signed_in and signed_in.is_signed_in():
        return gone_on(request.full_path, request.form), 403
    return sign_in_page(request.form, str(error.description)), 403


@pages.errorhandler(HTTPException)
def refused(error: HTTPException) -> tuple[str, int]:
    """The request itself is refused."""
    if error.code == 413:
        return _refused(TOO_MUCH, 413)
    return _refused(error.description or error.name, error.code or 500)


def _refused(why: str, status: int) -> tuple[str, int]:
    return render_template("studio/refused.html", why=why, sent=_sent()), status


def _sent() -> dict[str, str]:
    """What was typed, by the labels of its fields, so that it can be copied. Nothing that another
    site sent, nor a form that is too large to be read."""
    if not g.get("keeps_words"):
        return {}
    try:
        sent = request.form
    except HTTPException:
        return {}
    shown = {}
    for name, label in LABELS.items():
        if name in sent:
            shown[label] = sent[name]
    return shown
