"""The line as a whole: its name, its speeds, its public holidays."""

from flask.typing import ResponseReturnValue

from audio.desk.entries import OF_NO_LANGUAGE
from audio.desk.saving import mark
from audio.web.editing import Form, save
from audio.web.pages import no_such_page, pages, studio

KIND = OF_NO_LANGUAGE


@pages.get("/line")
def line() -> str:
    """The form that changes it, below how far public holidays are known."""
    now = studio().desk.read(KIND, "", KIND)
    if now is None:
        no_such_page()
    form = Form("", KIND, KIND, now, mark(now))
    return form.page()


@pages.post("/line")
def change_line() -> ResponseReturnValue:
    """Saves what is typed; or shows it again, with all that is wrong."""
    return save("", KIND, KIND)
