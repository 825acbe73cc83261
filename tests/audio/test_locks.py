"""A file's lock is held by one at a time, until its file is closed."""

from pathlib import Path

from audio.locks import try_lock


def test_a_lock_is_had_once_and_again_when_its_file_is_closed(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as one:
        assert try_lock(one)
        with (tmp_path / "lock").open("w") as other:
            assert not try_lock(other)
    with (tmp_path / "lock").open("w") as other:
        assert try_lock(other)
