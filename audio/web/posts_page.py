"""New posts of the organisation's site: which staff do not want, and which they want after all.

They stand on the page that brings in an article (`importing_page`), which imports them, too.
"""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.web.pages import no_such_page, pages, studio


@pages.post("/<language>/articles/posts")
def sort_posts(language: str) -> AnyResponse:
    """Notes that posts are not wanted, or are offered again."""
    if language not in studio().written_languages():
        no_such_page()
    ids = request.form.get("post", "").split()
    if request.form.get("do") == "again":
        studio().posts.offer_again(ids)
        flash("The post is offered again.")
    else:
        studio().posts.settle(ids)
        flash("Noted. The posts that you do not want are listed below the others.")
    return redirect(url_for("studio.bring_in", language=language), 303)
