"""The studio's pages at `/studio`: staff sign in, change words, listen, and publish.

May import every other room of `audio`. All of it works without JavaScript.
Begin reading here: `register` mounts the pages, `signing_in.guard` lets requests in.
"""

from flask import Flask
from flask_limiter import Limiter

# Each of these modules puts its views on `pages`.
from audio.web import (
    announcing,
    before_publishing,
    by_day_page,
    changes_page,
    editing,
    guide,
    importing_page,
    languages_page,
    line_page,
    listening,
    posts_page,
    pronouncing,
    publishing,
    readiness,
    refusals,
    signing_in,
    uploads,
    usage,
    voice_page,
)
from audio.web.auth import ATTEMPTS, Auth
from audio.web.feed_watch import watch
from audio.web.pages import pages
from audio.web.studio import Counts, Studio


def register(app: Flask, studio: Studio, auth: Auth | None, limiter: Limiter) -> None:
    """Mounts the pages at `/studio`. Without `auth` (no password is set) nobody gets in."""
    app.extensions["studio"] = studio
    app.extensions["studio_auth"] = auth
    app.register_blueprint(pages)
    limited = limiter.limit(
        ATTEMPTS,
        deduct_when=signing_in.was_wrong,
        error_message="Too many attempts. Wait a few minutes, then try again.",
    )
    app.view_functions["studio.check_password"] = limited(signing_in.check_password)
    if auth:
        app.secret_key = auth.secret
        app.config.update(
            SESSION_COOKIE_NAME="studio",
            SESSION_COOKIE_PATH="/studio",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_SECURE=auth.home.startswith("https:"),
        )


__all__ = [
    "Auth",
    "Counts",
    "Studio",
    "announcing",
    "before_publishing",
    "by_day_page",
    "changes_page",
    "editing",
    "guide",
    "importing_page",
    "languages_page",
    "line_page",
    "listening",
    "posts_page",
    "pronouncing",
    "publishing",
    "readiness",
    "refusals",
    "register",
    "signing_in",
    "uploads",
    "usage",
    "voice_page",
    "watch",
]
