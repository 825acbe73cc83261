"""Who gets into the studio, and which posts are refused."""

from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest
from flask import Flask

from app import create_app
from audio.web.auth import ATTEMPTS, HOURS
from ivr.settings import Settings
from tests.support.caller import Clock
from tests.support.staff import ARTICLE, PASSWORD, WELCOME, Staff, written


def routes(app: Flask) -> list[tuple[str, str]]:
    """Every way of asking the studio for something: method and address."""
    filled = {
        "<language>": "en",
        "<kind>": "prompts",
        "<name>": "calls",
        "<save>": "0" * 40,
        "<edition>": "0" * 12,
        "<path:nowhere>": "x/y/z",
    }
    found = []
    for rule in app.url_map.iter_rules():
        path = rule.rule
        if path.startswith("/studio") and rule.endpoint != "studio.static":
            for name, value in filled.items():
                path = path.replace(name, value)
            found += [
                (method, path) for method in rule.methods or () if method != "OPTIONS"
            ]
    return found


def test_nothing_is_done_or_shown_without_signing_in(settings: Settings) -> None:
    """Set-wide, over every route and method."""
    app = create_app(settings)
    before = written(settings)
    assert len(routes(app)) > 20
    for method, path in routes(app):
        answer = app.test_client().open(path, method=method, data={"edition": "0" * 12})
        if path == "/studio/sign-in":
            assert answer.status_code in (200, 400), (method, path)
        elif method == "POST":
            assert answer.status_code == 403, path
            assert "You are no longer signed in" in answer.get_data(as_text=True), path
        else:
            assert answer.status_code == 303, path
            assert answer.location.startswith("/studio/sign-in?after=/studio")
    assert written(settings) == before


def test_without_a_password_nobody_gets_in_and_the_page_says_how_to_set_one(
    settings: Settings,
) -> None:
    app = create_app(replace(settings, studio_password_hash=None, secret_key=None))
    for method, path in [*routes(app), ("GET", "/studio/sign-in")]:
        answer = app.test_client().open(path, method=method)
        assert answer.status_code == 403, (method, path)
        if method != "HEAD":
            assert "scripts/set_password.py" in answer.get_data(as_text=True), (
                method,
                path,
            )


def test_a_wrong_password_is_refused_and_attempts_are_limited(
    settings: Settings,
) -> None:
    staff = Staff(settings)
    for _ in range(int(ATTEMPTS.split()[0])):
        staff.signs_in("a wrong guess")
        assert staff.status == 403
        staff.sees("This is not the password.")
    staff.signs_in()
    assert staff.status == 429
    staff.sees("Too many attempts.")
    elsewhere = Staff(settings)
    elsewhere.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.7"
    elsewhere.signs_in()
    assert elsewhere.address == "/studio"


def test_signing_in_leads_to_the_page_that_was_asked_for_and_never_away(
    settings: Settings,
) -> None:
    staff = Staff(settings)
    staff.opens(WELCOME)
    assert staff.address.startswith("/studio/sign-in?after=")
    staff.presses("Sign in", password="four words to enter")
    assert staff.address == WELCOME
    evil = (
        "//evil.example",
        "https://evil.example",
        "/studio//evil.example",
        "/studio\\x",
    )
    for after in (*evil, "/studio%0d%0ax"):
        other = Staff(settings)
        other.opens(f"/studio/sign-in?after={after}")
        other.presses("Sign in", password="four words to enter")
        assert other.address == "/studio"


def key(staff: Staff) -> str:
    """The key of the page's last form."""
    return str(staff.forms()[-1].fields["key"])


def test_forged_posts_are_refused(staff: Staff, settings: Settings) -> None:
    before = written(settings)
    staff.opens(WELCOME)
    good = key(staff)
    for forged in ("", "x", good[:-1], good + "x", "W10.aaa.bbb"):
        staff.opens(WELCOME)
        staff.presses("Save", key=forged, text="Forged.")
        assert staff.status == 400
        staff.sees("That was not possible", "This form did not come from the studio.")
    assert written(settings) == before


def test_replayed_posts_are_refused_and_the_words_are_shown(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    fields = {**staff.forms()[0].fields, "text": "Hello once."}
    assert staff.client.post(WELCOME, data=fields).status_code == 303
    before = written(settings)
    again = staff.client.post(WELCOME, data={**fields, "text": "Hello twice."})
    assert again.status_code == 403
    assert "Already submitted; check that it worked." in again.get_data(as_text=True)
    assert "Hello twice." in again.get_data(as_text=True)
    assert written(settings) == before


def test_a_form_of_another_session_is_refused(staff: Staff, settings: Settings) -> None:
    other = Staff(settings)
    other.signs_in()
    other.opens(WELCOME)
    staff.opens(WELCOME)
    staff.presses("Save", key=key(other), text="Not mine.")
    assert staff.status == 403
    staff.sees("What you wrote is in the form. It is not saved yet.")
    assert staff.field("text") == "Not mine."
    staff.opens(WELCOME)
    assert staff.field("text") != "Not mine."


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_posts_from_other_sites_are_refused(
    staff: Staff, settings: Settings, headers: dict[str, str]
) -> None:
    """Also to sign in, and what they sent is not shown."""
    before = written(settings)
    staff.opens(WELCOME)
    for path in (WELCOME, "/studio/sign-in", "/studio/publish"):
        data = {**staff.forms()[0].fields, "text": "Evil."}
        answer = staff.client.post(path, data=data, headers=headers)
        assert answer.status_code == 403
        assert "This was sent from another site" in answer.get_data(as_text=True)
        assert "Evil." not in answer.get_data(as_text=True)
    assert written(settings) == before


def test_posts_from_the_page_itself_are_taken_under_either_name(
    settings: Settings,
) -> None:
    """Behind a proxy that does not pass the host on, `PUBLIC_URL` is the name."""
    staff = Staff(replace(settings, public_url="https://line.example.org"))
    for origin in ("http://localhost", "https://line.example.org"):
        staff.client.environ_base["HTTP_ORIGIN"] = origin
        staff.client.environ_base["wsgi.url_scheme"] = "https"
        staff.signs_in()
        assert (staff.status, staff.address) == (200, "/studio")
        staff.sees("On the air")


def test_after_signing_out_a_copied_cookie_is_worth_nothing(
    staff: Staff, settings: Settings
) -> None:
    cookie = staff.client.get_cookie("studio", path="/studio")
    assert cookie
    staff.opens("/studio")
    [out] = staff.page.xpath("//header//form")
    staff.client.post("/studio/sign-out", data=dict(out.fields))
    staff.client.set_cookie("studio", cookie.value, path="/studio")
    assert staff.client.get("/studio").status_code == 303


def test_a_session_ends_by_itself_and_with_another_password(settings: Settings) -> None:
    clock = Clock()
    staff = Staff(settings, clock)
    staff.signs_in()
    clock.now += HOURS - timedelta(minutes=1)
    assert staff.client.get("/studio").status_code == 200
    clock.now += timedelta(minutes=1)
    assert staff.client.get("/studio").status_code == 303
    staff.signs_in()
    other = Staff(
        replace(settings, studio_password_hash=f"{settings.studio_password_hash}0")
    )
    cookie = staff.client.get_cookie("studio", path="/studio")
    assert cookie
    other.client.set_cookie("studio", cookie.value, path="/studio")
    assert other.client.get("/studio").status_code == 303


def test_what_was_typed_is_shown_when_the_session_has_ended(settings: Settings) -> None:
    clock = Clock()
    staff = Staff(settings, clock)
    staff.signs_in()
    staff.opens(WELCOME)
    clock.now += HOURS
    staff.presses("Save", text="An hour's work.")
    assert staff.status == 403
    staff.sees("What you wrote is kept on this page.")
    staff.presses("Sign in", password=PASSWORD)
    assert staff.field("text") == "An hour's work."


def test_the_cookie_and_the_pages_are_sealed(staff: Staff, settings: Settings) -> None:
    cookie = staff.client.get_cookie("studio", path="/studio")
    assert cookie
    assert (cookie.http_only, cookie.same_site, cookie.secure) == (
        True,
        "Strict",
        False,
    )
    for path in ("/studio", WELCOME, "/studio/x/y/z"):
        headers = staff.client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert headers["Cache-Control"] == "no-store"
    secure = Staff(replace(settings, public_url="https://line.example.org"))
    secure.client.environ_base["wsgi.url_scheme"] = "https"
    secure.signs_in()
    cookie = secure.client.get_cookie("studio", path="/studio")
    assert cookie
    assert cookie.secure


def test_whoever_signs_out_twice_is_led_to_a_page_that_exists(staff: Staff) -> None:
    staff.opens("/studio")
    sent = staff.page.xpath("//header//form")[0].fields
    staff.client.post("/studio/sign-out", data=dict(sent))
    answer = staff.client.post("/studio/sign-out", data=dict(sent))
    assert answer.status_code == 403
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    assert page.xpath("//main//a/@href") == ["/studio"]


def test_a_form_that_is_too_large_is_refused_in_plain_words(staff: Staff) -> None:
    staff.opens(ARTICLE)
    staff.presses("Save", words="word " * 250_000)
    assert staff.status == 413
    staff.sees("a form takes 1 MB", "Go back in the browser")


def test_strangers_leave_nothing_behind_and_are_shown_little(
    settings: Settings,
) -> None:
    staff = Staff(settings)
    for _ in range(3):
        staff.signs_in("a wrong guess")
    many = {f"field{number}": "x" for number in range(900)}
    answer = staff.client.post(WELCOME, data=many)
    assert answer.status_code == 403
    assert len(answer.data) < 5000
    assert list(settings.studio.rglob("*")) == []


def test_an_upload_after_the_session_ended_is_refused_in_plain_words(
    settings: Settings,
) -> None:
    staff = Staff(settings)
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    )
    for size in (10, 5_000_000):
        answer = staff.client.post(
            "/studio/en/recording?name=welcome",
            data=head + b"x" * size + b"\r\n--x--",
            content_type="multipart/form-data; boundary=x",
        )
        assert answer.status_code == 403
        assert "You are no longer signed in" in answer.get_data(as_text=True)
