"""Staff, for stories of the studio's pages: `staff.opens("/studio")`, `staff.presses("Save")`.

They see what the page shows, fill in its forms, and send them: nothing else.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import lxml.html
from flask import Flask
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from app import create_app, utc_now
from ivr.callers.callers import Callers
from ivr.settings import ROOT, Settings
from scripts import render_audio
from tests.support.caller import LINE_NUMBER
from tests.support.server import running

PASSWORD = "four words to enter"
HASH = generate_password_hash(PASSWORD, "scrypt:2048:8:1")
"""Weak, so that tests are quick."""
SECRET = "a secret that only these tests know"

HELPLINE = "/studio/en/helplines/edit?name=childline"
WELCOME = "/studio/en/prompts/edit?name=welcome"
ARTICLE = "/studio/en/articles/edit?name=what-is-co-production"


def installation(folder: Path) -> Settings:
    """A line on the air with a copy of the real content, read by a voice of silence; its studio
    has a password."""
    content = Path(shutil.copytree(ROOT / "content", folder / "content"))
    file = content / "line.toml"
    voices = 'en = ["hibari:heart", "flite:rms", "espeak:en-us+klatt6"]'
    text = file.read_text()
    assert voices in text
    file.write_text(text.replace(voices, 'en = ["silent:10"]'))
    reasons = 'welcome = "Only tests hear these."\ngoodbye = "Likewise."\n'
    (content / "en" / "overruled.toml").write_text(reasons)
    store = str(folder / "store")
    publish = ["--content", str(content), "--store", store, "--workers", "1"]
    assert render_audio.main(publish) == 0
    return installed(folder)


def installed(folder: Path) -> Settings:
    """The installation in this folder."""
    return Settings(
        store=folder / "store",
        content=folder / "content",
        studio=folder / "studio",
        line_number=LINE_NUMBER,
        studio_password_hash=HASH,
        secret_key=SECRET,
    )


def copy_of(made: Settings, folder: Path) -> Settings:
    """A copy of an installation, which tests may change."""
    shutil.copytree(
        made.store, folder / "store", copy_function=os.link
    )  # none is written twice
    shutil.copytree(made.content, folder / "content")
    return installed(folder)


@contextmanager
def running_studio(settings: Settings, **more: str) -> Iterator[str]:
    """The address of a real server of an installation; `more` goes into its environment."""
    more |= {"CONTENT_DIR": str(settings.content), "STUDIO_DIR": str(settings.studio)}
    more |= {"STUDIO_PASSWORD_HASH": HASH, "SECRET_KEY": SECRET}
    with running(settings.store, **more) as address:
        yield address


class Staff:
    """Somebody at a browser without JavaScript."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = utc_now,
        callers: Callers | None = None,
    ) -> None:
        self.app: Flask = create_app(settings, clock, callers=callers)
        self.client = self.app.test_client()
        self.document = ""
        """The last page, as it was sent."""

    def opens(self, address: str) -> None:
        """Goes to a page, and wherever it leads."""
        self._sees(self.client.get(address, follow_redirects=True))

    def signs_in(self, password: str = PASSWORD) -> None:
        """Gives a password."""
        self.opens("/studio/sign-in")
        self.presses("Sign in", password=password)

    def presses(self, button: str, **fields: Any) -> None:
        """Fills in fields of the form that has this button, and presses it."""
        [pressed, *_] = [
            one for one in self.page.xpath("//button") if text_of(one) == button
        ]
        [form] = pressed.iterancestors("form")
        data = {**dict(form.fields), **fields}
        if pressed.get("name"):
            data.setdefault(pressed.get("name"), pressed.get("value"))
        sent = {name: value for name, value in data.items() if value is not None}
        action = form.get("action") or self.address
        self._sees(self.client.post(action, data=sent, follow_redirects=True))

    def forms(self) -> list[Any]:
        """The forms of the page that are sent; signing out is left aside."""
        return list(self.page.xpath("//main//form[@method='post']"))

    def sees(self, *words: str) -> None:
        """Each of these is on the page."""
        for text in words:
            assert text in self.words(), f"{text!r} is not in {self.words()!r}"

    def words(self) -> str:
        """What the page says, white space collapsed."""
        return " ".join(" ".join(self.page.xpath("//main//text()")).split())

    def field(self, name: str) -> str:
        """What a field of a form has in it."""
        return str(
            next(form.fields[name] for form in self.forms() if name in form.fields)
        )

    def fault(self, name: str) -> str:
        """What is said to be wrong beside a field."""
        [field] = self.page.xpath(f"//*[@id='field-{name}']")
        beside = (field.get("aria-describedby") or "").split()
        return " ".join(
            text_of(self.page.get_element_by_id(id)) for id in beside if "fault" in id
        )

    def _sees(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.address = response.request.full_path.rstrip("?")
        if response.mimetype == "text/html":
            page = self.document = response.get_data(as_text=True)
            page = (
                page.replace(">\n", ">") if "<textarea" in page else page
            )  # as browsers do
            self.page = lxml.html.fromstring(page)


def text_of(element: Any) -> str:
    """What an element says, white space collapsed."""
    return " ".join(element.text_content().split())


def written(settings: Settings) -> dict[Path, int]:
    """Every file of the words and the store, and when it was written."""
    folders = (settings.content, Path(settings.store))
    return {
        file: file.stat().st_mtime_ns
        for folder in folders
        for file in folder.rglob("*")
    }
