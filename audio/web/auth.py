"""Who may use the studio: one password, sessions that end, and forms that are ours.

Every request passes `Auth.guard` first. A form carries a key that is valid once, in the
session that it was made for, so whatever is forged, replayed or sent by another site is refused.
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
from werkzeug.exceptions import Forbidden
from werkzeug.security import check_password_hash
from werkzeug.wrappers import Response as AnyResponse

from audio.web.people import People

HOURS = timedelta(hours=12)
"""How long a session lasts, and with it the forms that were made for it."""

ATTEMPTS = "5 per minute; 30 per hour"
"""Wrong passwords that are allowed, for each client and server process."""

MOST_BYTES = 1024 * 1024
"""Of a form. An article of 100,000 words is smaller."""

MOST_UPLOADED_BYTES = 64 * 1024 * 1024
"""Of a form with a recording. Ten minutes of mono WAV in CD quality are 53 MB."""

ANYBODY = "staff"
"""The name of anyone who signs in without one."""

SENT_TWICE = "Already submitted; check that it worked."

POLICY = (
    "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; object-src 'none'; media-src 'self' blob:"
)
"""A page may also play a sound that it recorded or fetched itself."""


class SessionOver(Forbidden):
    """A form was sent after its session had ended. Nothing was done; what was typed can go on in
    a new session."""


class Names:
    """Names that can each be noted once, in a folder that all processes of the server share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, text: str = "") -> bool:
        """Note a name; False if it was noted already."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with (self.folder / name).open("x") as file:
                file.write(text)
        except FileExistsError:
            return False
        return True

    def text(self, name: str) -> str | None:
        """What was noted with a name; None if it was not noted."""
        try:
            return (self.folder / name).read_text()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Forget a name."""
        (self.folder / name).unlink(missing_ok=True)

    def forget(self, before: datetime) -> None:
        """Forget what was noted earlier than this."""
        for file in self.folder.glob("*"):
            with suppress(FileNotFoundError):  # another process may forget it, too
                if file.stat().st_mtime < before.timestamp():
                    file.unlink()


@dataclass
class Auth:
    """Signs staff in and out, and decides about every request."""

    password_hash: str
    """As `scripts/set_password.py` prints it."""
    secret: str
    """Signs sessions and forms."""
    folder: Path
    """Where sessions are noted, and forms that were sent."""
    home: str
    """The server's public address, which browsers may know it by although a proxy asks for
    another."""
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._sessions = Names(self.folder / "sessions")
        self._sent = Names(self.folder / "sent")
        self._one_at_a_time = Lock()  # each check takes 32 MB and part of a second
        self._forms = URLSafeSerializer(self.secret, salt="a form of the studio")

    def guard(self, open_to_all: bool, uploads: bool) -> AnyResponse | None:
        """Refuses, sends to the sign-in page, or lets in (None)."""
        may_enter = open_to_all or self.is_signed_in()
        if request.method in ("GET", "HEAD"):
            if may_enter:
                return None
            asked = request.full_path.rstrip("?")
            return redirect(url_for("studio.sign_in", after=asked), 303)
        if not self._is_from_here():
            abort(403, "This was sent from another site, so nothing was done.")
        g.keeps_words = True  # a refusal shows them, so that they can be copied
        request.max_form_memory_size = MOST_BYTES
        request.max_content_length = MOST_BYTES
        if not may_enter:
            raise SessionOver("You are no longer signed in, so nothing was done.")
        if uploads:
            request.max_content_length = MOST_UPLOADED_BYTES
        self._use_up(request.form.get("key", ""))
        return None

    def sign_in(self, password: str, name: str = "") -> bool:
        """Signs in if this is the password of the person with this name or, without a name, the
        shared password; says whether it was."""
        name = " ".join(name.split())
        expected = self._hash_of(name)
        with self._one_at_a_time:
            # An unknown name takes as long as any other.
            is_right = check_password_hash(expected or self.password_hash, password)
        if not (is_right and expected):
            return False
        long_ago = self.clock() - 2 * HOURS
        self._sessions.forget(long_ago)
        self._sent.forget(long_ago)
        session.clear()
        session["id"] = token_hex(16)
        until = (self.clock() + HOURS).isoformat()
        noted = f"{self._fingerprint(name)} {until} {name}"
        return self._sessions.add(session["id"], noted)

    def sign_out(self) -> None:
        """Ends the session, for anyone who has a copy of the cookie, too."""
        self._sessions.remove(session["id"])
        session.clear()

    def is_signed_in(self) -> bool:
        """Whether there is a session that still holds. A new password ends all that began with
        the old one."""
        mark, until, name = self._noted()
        if not until or mark != self._fingerprint(name):
            return False
        return self.clock() < datetime.fromisoformat(until)

    def person(self) -> str:
        """Who is signed in; `staff` for anyone with the shared password."""
        _, _, name = self._noted()
        return name or ANYBODY

    def _noted(self) -> tuple[str, str, str]:
        """The mark of the password that the session began with, its end, and whose it is."""
        noted = ""
        if "id" in session:
            noted = self._sessions.text(session["id"]) or ""
        mark, _, rest = noted.partition(" ")
        until, _, name = rest.partition(" ")
        return mark, until, name

    def _hash_of(self, name: str) -> str:
        """Of the password of the person with a name; empty if nobody has it."""
        if not name:
            return self.password_hash
        return People(self.folder).hashes().get(name, "")

    def form_key(self) -> str:
        """A new form's key."""
        form = [self._who(), token_hex(8)]
        return str(self._forms.dumps(form))

    def _use_up(self, key: str) -> None:
        """Refuses a form whose key belongs to another session or was used before."""
        try:
            who, name = self._forms.loads(key)
        except BadSignature:
            abort(400, "This form did not come from the studio. Nothing was done.")
        if who != self._who():
            raise SessionOver("This form belongs to another session. Nothing was done.")
        if not who:  # strangers' forms change nothing, so none is noted
            return
        if not self._sent.add(name):
            abort(403, SENT_TWICE)
        g.used_up = name

    def give_back(self) -> None:
        """This request's form may be sent once more: it was refused, so nothing was done."""
        if "used_up" in g:
            self._sent.remove(g.used_up)

    def _who(self) -> str:
        """The session's id; empty for a stranger."""
        if not self.is_signed_in():
            return ""
        return str(session["id"])

    def _is_from_here(self) -> bool:
        """Whether a post comes from our own pages, as browsers say; other programs say nothing."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in (
            "same-origin",
            "none",
        ):
            return False
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        home = urlsplit(self.home).netloc
        return urlsplit(origin).netloc in (request.host, home)

    def _fingerprint(self, name: str) -> str:
        """Of somebody's password: a session notes the one that it began with."""
        password_hash = self._hash_of(name).encode()
        return blake2b(password_hash, digest_size=8).hexdigest()


def sealed(response: Response, records: bool) -> Response:
    """Adds headers by which a browser loads nothing from other sites, sends nothing there, and
    neither frames nor keeps the page. Only a page that records may use the microphone."""
    microphone = "(self)" if records else "()"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Permissions-Policy"] = f"microphone={microphone}, camera=()"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
