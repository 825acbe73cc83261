"""The operators' doors: health that means it, and figures that tell on nobody."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from app import create_app
from ivr.edition.store import Store
from ivr.operators.metrics import SECONDS
from ivr.settings import Settings
from tests.support.caller import Caller, Clock
from tests.support.line import line
from tests.support.server import started
from tests.support.small import AT_ANY_HOUR, edition, publish

TOKEN = "a token that only these tests know".replace(" ", "-")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with an edition on the air."""
    publish(tmp_path / "store", edition(helplines=AT_ANY_HOUR))
    return tmp_path / "store"


@pytest.fixture
def app(store: Path) -> Flask:
    """The line."""
    return line(store, Clock())


Figures = Callable[[str], float]


def figures(text: str) -> dict[str, float]:
    """Each figure, by its name and labels as they are written."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(
                f"{name}={value}" for name, value in sample.labels.items()
            )
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def now(app: Flask) -> dict[str, float]:
    """The figures, as a program on this machine sees them."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    return figures(answer.get_data(as_text=True))


# Health


def test_a_line_without_its_sound_is_alive_and_not_ready(
    app: Flask, store: Path
) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    for clip in store.glob("clips/*/*"):
        clip.unlink()
    app.extensions["library"].look_again()  # as after a second
    sick = client.get("/healthz")
    assert (sick.status_code, sick.get_json()["sound"]) == (503, "missing")
    assert client.get("/healthz/live").status_code == 200


# Figures


def test_a_call_is_counted_by_its_steps_and_its_transfer(app: Flask) -> None:
    before = now(app)
    caller = Caller(app, Clock())
    caller.rings()
    caller.presses("011#")
    caller.is_put_through_and("busy")
    after = now(app)
    more = {name: value - before.get(name, 0) for name, value in after.items()}
    assert more["line_calls_total{}"] == 1
    assert more["line_transfers_total{ended=unreached}"] == 1
    assert more["line_replies_total{status=200,step=call}"] == 1
    assert more["line_replies_total{status=200,step=transfer}"] >= 1
    assert more["line_said_by_provider_total{}"] == 0
    answered = more["line_reply_seconds_count{}"]
    assert answered == sum(
        value for name, value in more.items() if name.startswith("line_replies_total")
    )


def test_what_is_refused_or_went_wrong_is_counted_apart(
    app: Flask, store: Path
) -> None:
    before = now(app)
    app.test_client().post("/voice")
    clip = next(store.glob("clips/*/*_1"))
    name = clip.name.partition("_")[0]
    assert app.test_client().get(f"/clips/1/{name}.wav").status_code == 404
    after = now(app)
    refused = "line_replies_total{status=403,step=call}"
    assert after[refused] - before.get(refused, 0) == 1
    assert after["line_calls_total{}"] == before["line_calls_total{}"]


def test_a_missing_clip_shows_as_words_that_the_provider_spoke(
    app: Flask, store: Path
) -> None:
    before = now(app)
    for clip in store.glob("clips/*/*_1"):
        clip.unlink()
    logging.disable(logging.CRITICAL)
    caller = Caller(app, Clock())
    caller.rings()
    logging.disable(logging.NOTSET)
    said = "line_said_by_provider_total{}"
    assert now(app)[said] > before[said]


def test_no_figure_has_a_path_or_a_caller_in_it(app: Flask) -> None:
    caller = Caller(app, Clock())
    caller.rings()
    caller.presses("1452")
    found = now(app)
    labels = {
        pair
        for name in found
        if name.startswith("line_")
        for pair in name.partition("{")[2].rstrip("}").split(",")
        if pair
    }
    names = {pair.partition("=")[0] for pair in labels}
    assert names <= {"step", "status", "ended", "state", "le"}
    assert not [pair for pair in labels if "/" in pair or "one" in pair.split("=")[1]]
    assert len({name for name in names if name == "le"}) == 1
    assert SECONDS[0] == 0.005


def test_figures_are_shown_on_this_machine_or_for_the_token_alone(store: Path) -> None:
    client = create_app(Settings(store=store, metrics_token=TOKEN)).test_client()
    by_proxy = {"X-Forwarded-For": "127.0.0.1"}
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers=by_proxy).status_code == 404
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_base=elsewhere).status_code == 404
    for token, status in ((TOKEN, 200), (TOKEN[:-1], 404), ("", 404)):
        headers = by_proxy | {"Authorization": f"Bearer {token}"}
        assert client.get("/metrics", headers=headers).status_code == status
    none = create_app(replace(Settings(store=store))).test_client()
    headers = by_proxy | {"Authorization": "Bearer "}
    assert none.get("/metrics", headers=headers).status_code == 404


def test_the_figures_of_several_processes_come_together(store: Path) -> None:
    with started(store) as server:
        for _ in range(40):
            assert (
                requests.post(f"{server.address}/voice", timeout=60).status_code == 403
            )
        told = figures(requests.get(f"{server.address}/metrics", timeout=60).text)
    assert told["line_replies_total{status=403,step=call}"] == 40
    assert told["line_edition_made_timestamp_seconds{}"] > 0
    assert Store(store).live() == edition().id
