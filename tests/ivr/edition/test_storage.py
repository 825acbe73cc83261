"""A folder and a bucket keep bytes in the same way."""

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ivr.edition.storage import Bucket, Folder, Storage, storage_at
from ivr.errors import SettingError


@pytest.fixture
def here(store_url: str) -> Storage:
    return storage_at(store_url)


def test_what_is_written_is_read_until_it_is_deleted(here: Storage) -> None:
    here.write("clips/ab/one", b"before")
    here.write("clips/ab/one", b"after", lasting=True)
    here.settle(["clips/ab/one"])
    assert here.read("clips/ab/one") == b"after"
    here.delete("clips/ab/one")
    here.delete("clips/ab/one")
    with pytest.raises(FileNotFoundError, match="clips/ab/one"):
        here.read("clips/ab/one")


def test_an_empty_value_is_kept_too(here: Storage) -> None:
    here.write("history/now", b"")
    assert here.read("history/now") == b""
    assert here.entries("history/")["history/now"].size == 0


def test_everything_under_a_prefix_is_listed_with_its_size_and_time(
    here: Storage,
) -> None:
    assert here.entries() == {}
    for key in ("live", "clips/ab/one", "clips/cd/two", "editions/one.json"):
        here.write(key, key.encode())
    assert here.entries().keys() == {
        "live",
        "clips/ab/one",
        "clips/cd/two",
        "editions/one.json",
    }
    clips = here.entries("clips/")
    assert clips.keys() == {"clips/ab/one", "clips/cd/two"}
    assert clips["clips/ab/one"].size == len("clips/ab/one")
    assert abs(clips["clips/ab/one"].modified - datetime.now(UTC)) < timedelta(
        minutes=5
    )


def test_the_stamp_changes_when_the_bytes_are_written_and_not_otherwise(
    here: Storage,
) -> None:
    here.write("one", b"1234")
    here.write("two", b"1234")
    before = here.entries()
    here.write("one", b"4321")
    after = here.entries()
    assert after["one"].stamp != before["one"].stamp
    assert after["two"] == before["two"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "folder" / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        Folder(tmp_path).write("folder", b"lost")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["folder", "in the way"]


@pytest.mark.parametrize("url", ["memory://line", "file:///tmp/line", "/tmp/line"])
def test_any_url_of_fsspec_can_be_opened_and_a_file_url_is_its_folder(url: str) -> None:
    assert isinstance(storage_at(url), Folder) == ("memory" not in url)


@pytest.mark.parametrize("url", ["nonsuch://line", "gs://line"])
def test_the_error_for_a_url_that_nothing_here_opens_says_what_to_do(url: str) -> None:
    with pytest.raises(SettingError, match=r"STORE_URL.*requirements-s3\.txt"):
        storage_at(url)


def test_a_missing_bucket_and_a_missing_server_are_errors_of_the_system(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OSError, match="s3://nonsuch/line/live"):
        storage_at("s3://nonsuch/line").write("live", b"")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    Bucket(s3).system.clear_instance_cache()
    with pytest.raises(OSError, match="s3://talking-line/live"):
        storage_at(s3).read("live")
    Bucket(s3).system.clear_instance_cache()


def test_reading_from_a_bucket_is_one_request(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless it is set otherwise, s3fs asks for the size first, which takes twice as long."""
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.command)
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else b"live")

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: it would only clutter the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    Bucket(s3).system.clear_instance_cache()
    assert storage_at(s3).read("live") == b"live"
    assert asked == ["GET"]
    Bucket(s3).system.clear_instance_cache()
    server.shutdown()
    server.server_close()
