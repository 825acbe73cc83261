"""Whether the line is ready to go live: the same list as scripts/preflight.py."""

from flask import render_template

from audio.web.pages import pages, studio


@pages.get("/ready")
def ready() -> str:
    """Makes every check, which may take some seconds, and shows what came of it."""
    return render_template("studio/ready.html", checks=studio().preflight())
