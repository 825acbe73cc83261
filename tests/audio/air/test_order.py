"""An order reaches another process whole, and its store's secret stays out of sight."""

from pathlib import Path

import pytest

from audio.air.order import Order, read_order

SECRET = "s3://key:secret@bucket/line"


@pytest.mark.parametrize(
    "order",
    [
        Order(Path("/content"), SECRET),
        Order(
            Path("/content"),
            SECRET,
            voice="flite:rms",
            workers=3,
            scheduler="tcp://192.0.2.7:8786",
            force=True,
            listen=True,
            only=("--force", "Press \N{WHITE STAR}."),
            progress=Path("/studio/progress"),
        ),
    ],
)
def test_another_process_reads_what_was_ordered(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in order.environment().items():
        monkeypatch.setenv(name, value)
    assert read_order(order.as_json()) == order


def test_the_stores_url_is_not_written_with_the_order() -> None:
    assert b"secret" not in Order(Path("/content"), SECRET).as_json()
