"""PostgreSQL is stopped, paused and started again during calls: no call fails, and what is lost is
counted. How long replies take meanwhile, `python -m tests.support.outage` measures."""

from pathlib import Path

import pytest

from ivr.callers import writer
from tests.support.acting import until
from tests.support.outage import OUTAGES, calls_counted, drive, is_written, line_with
from tests.support.postgresql import Server


def test_calls_go_on_and_every_one_is_counted_when_the_database_is_back(
    postgresql: Server, tmp_path: Path
) -> None:
    line = line_with(postgresql, tmp_path)
    drive(line, 20)  # raises what any call raises
    until(lambda: is_written(line))
    assert line.callers.status().lost == 0
    assert calls_counted(line) == line.rung == 20
    line.callers.stop()


def test_what_no_longer_fits_is_lost_and_counted_exactly(
    postgresql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_WAITING", 10)
    line = line_with(postgresql, tmp_path)
    drive(line, 30 * len(OUTAGES), keys="")
    until(lambda: is_written(line))
    status = line.callers.status()
    assert calls_counted(line) == status.written
    assert status.written + status.lost == line.rung == 30 * len(OUTAGES)
    assert status.lost >= 20  # of the calls while it was stopped
    line.callers.stop()
