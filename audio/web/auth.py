"""Who may enter the studio's page: one password, sessions that end, and forms that are ours.

Every request passes `Auth.guard` first. A form carries a key that is good once, for the
session that it was made for; so what is forged, replayed or sent from another site is refused.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from threading import Lock
from urllib.parse import urlsplit

from flask import Response, abort, g, redirect, request, session, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.security import check_password_hash
from werkzeug.wrappers import Response as AnyResponse

HOURS = timedelta(hours=12)
"""How long a session lasts, and with it the forms that were made for it."""

ATTEMPTS = "5 per minute; 30 per hour"
"""Wrong passwords, for each client and server process."""

MOST_BYTES = 1024 * 1024
"""Of a form: an article of 100,000 words is smaller."""

MOST_UPLOADED_BYTES = 64 * 1024 * 1024
"""Of a form with a recording: ten minutes of WAV in CD quality are 53 MB, mono."""

SENT_TWICE = "This form was sent twice. The first time it was taken: look whether that was done."

POLICY = (
    "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; object-src 'none'"
)


class Names:
    """Names that are noted once, in a folder that all processes of the server share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, text: str = "") -> bool:
        """Note a name; False where it is noted already."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with (self.folder / name).open("x") as file:
                file.write(text)
        except FileExistsError:
            return False
        return True

    def text(self, name: str) -> str | None:
        """What was noted with a name; None where it is not noted."""
        try:
            return (self.folder / name).read_text()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Forget a name."""
        (self.folder / name).unlink(missing_ok=True)

    def forget(self, before: datetime) -> None:
        """Forget what was noted before."""
        for file in self.folder.glob("*"):
            with suppress(FileNotFoundError):  # another process forgets it, too
                if file.stat().st_mtime < before.timestamp():
                    file.unlink()


@dataclass
class Auth:
    """Signing in and out, and what every request is asked."""

    password_hash: str
    """As `scripts/set_password.py` makes it."""
    secret: str
    """Signs sessions and forms."""
    folder: Path
    """Where sessions, and forms that were sent, are noted."""
    home: str
    """The address of the server as browsers may know it besides the one that they ask for."""
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._sessions = Names(self.folder / "sessions")
        self._sent = Names(self.folder / "sent")
        self._one_at_a_time = Lock()  # each check takes 32 MB and a part of a second
        self._forms = URLSafeSerializer(self.secret, salt="a form of the studio")

    def guard(self, open_to_all: bool, uploads: bool) -> AnyResponse | None:
        """Refuses, sends to the sign-in page, or lets in (None)."""
        is_post = request.method not in ("GET", "HEAD")
        if is_post and not self._is_from_here():
            abort(403, "This was sent from another site, so nothing was done.")
        if is_post:
            g.keeps_words = True
            request.max_content_length = MOST_UPLOADED_BYTES if uploads else MOST_BYTES
            request.max_form_memory_size = MOST_BYTES
        if not (open_to_all or self.is_signed_in()):
            if is_post:
                request.max_content_length = MOST_BYTES
                abort(403, "You are not signed in any more, so nothing was done.")
            return redirect(url_for("studio.sign_in", after=request.full_path.rstrip("?")), 303)
        if is_post:
            self._use_up(request.form.get("key", ""))
        return None

    def sign_in(self, password: str) -> bool:
        """Signs in, if it is the password."""
        with self._one_at_a_time:
            if not check_password_hash(self.password_hash, password):
                return False
        for names in (self._sessions, self._sent):
            names.forget(self.clock() - HOURS - HOURS)
        session.clear()
        session["id"] = token_hex(16)
        until = (self.clock() + HOURS).isoformat()
        return self._sessions.add(session["id"], f"{self._fingerprint()} {until}")

    def sign_out(self) -> None:
        """Signs out, also whoever may have copied the cookie."""
        self._sessions.remove(session["id"])
        session.clear()

    def is_signed_in(self) -> bool:
        """Whether the session goes on; with another password, none does."""
        noted = self._sessions.text(session["id"]) if "id" in session else None
        mark, _, until = (noted or "").partition(" ")
        return mark == self._fingerprint() and self.clock() < datetime.fromisoformat(until)

    def form_key(self) -> str:
        """A new form's key."""
        return str(self._forms.dumps([self._who(), token_hex(8)]))

    def _use_up(self, key: str) -> None:
        """Refuses a form whose key is not of this session, or was used."""
        try:
            who, name = self._forms.loads(key)
        except BadSignature:
            abort(400, "This form is not from this page. Nothing was done.")
        if who != self._who():
            abort(403, "This form belongs to another session. Nothing was done.")
        if who and not self._sent.add(name):  # strangers' forms do nothing, so none is noted
            abort(403, SENT_TWICE)

    def _who(self) -> str:
        return str(session["id"]) if self.is_signed_in() else ""

    def _is_from_here(self) -> bool:
        """What browsers say of where a post comes from; other programs say nothing."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = request.headers.get("Origin")
        here = (request.host, urlsplit(self.home).netloc)
        return origin is None or urlsplit(origin).netloc in here

    def _fingerprint(self) -> str:
        return blake2b(self.password_hash.encode(), digest_size=8).hexdigest()


def sealed(response: Response) -> Response:
    """Nothing comes from elsewhere, goes there, is framed, or is kept by the browser."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
