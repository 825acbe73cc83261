"""From words to the air, as the studio's pages ask for it: parts, progress, another process."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from audio.air.order import COMMAND, Order
from audio.air.production import produce
from audio.air.studio_store import StudioStore
from ivr.errors import LineError
from tests.support.small_content import LINE, changed, write

Out = pytest.CaptureFixture[str]


@pytest.fixture
def order(tmp_path: Path) -> Order:
    line = changed(LINE, '"silent"', '"silent:2"')
    return Order(write(tmp_path / "content", line=line), tmp_path / "store")


def clips(order: Order) -> list[str]:
    return sorted(StudioStore(order.store).storage.entries("clips/"))


def test_only_what_is_asked_for_is_rendered_and_nothing_is_published(
    order: Order,
) -> None:
    assert produce(replace(order, only=("First words.", "Second words.")))
    assert len(clips(order)) == 2 * 3
    assert StudioStore(order.store).live() is None


def test_what_the_content_does_not_say_is_not_rendered(order: Order) -> None:
    with pytest.raises(
        LineError, match=r"does not say 'Third words\.'; nothing was rendered"
    ):
        produce(replace(order, only=("First words.", "Third words.")))
    assert clips(order) == []


def test_how_far_it_is_stands_in_a_file(order: Order, tmp_path: Path) -> None:
    file = tmp_path / "progress"
    assert produce(replace(order, progress=file))
    rendered = len(clips(order)) // 3
    assert file.read_text() == f"[{rendered}, {rendered}]"


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="one processor here",
)
def test_a_worker_of_the_server_keeps_to_one_processor_but_its_renders_use_every_one(
    order: Order,
) -> None:
    every = os.sched_getaffinity(0)

    def processors() -> set[int]:
        os.sched_setaffinity(0, {min(every)})
        assert produce(replace(order, only=("First words.",), gives_way=True))
        return os.sched_getaffinity(0)

    with ThreadPoolExecutor(1) as worker:  # it alone is kept, not the tests
        assert worker.submit(processors).result() == every


def test_another_process_carries_an_order_out(order: Order, tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND,
        input=order.as_json(),
        env=order.environment(),
        cwd=tmp_path,
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    live = StudioStore(order.store).live()
    assert done.stdout.decode().splitlines()[-1] == f"Edition {live} is live now."


def test_another_process_says_what_went_wrong(order: Order, tmp_path: Path) -> None:
    order = replace(order, voice="flite:nonsuch", content=tmp_path / "nowhere")
    done = subprocess.run(
        COMMAND,
        input=order.as_json(),
        env=order.environment(),
        cwd=tmp_path,
        capture_output=True,
    )
    assert done.returncode == 1
    assert b"nowhere/line.toml" in done.stderr
    assert b"Traceback" not in done.stderr


def test_one_of_a_thing_is_not_called_several(order: Order, capsys: Out) -> None:
    (order.content / "line.toml").write_text(
        changed(changed(LINE, '"silent"', '"silent:2"'), "[0.75, 1, 2]", "[1]")
    )
    assert produce(order)
    article = order.content / "en/articles/one.md"
    article.write_text(changed(article.read_text(), "Second words.", "Other words."))
    capsys.readouterr()
    assert produce(order)
    assert "; 1 rendered now (1 clip)." in capsys.readouterr().out
