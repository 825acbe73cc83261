"""The command that points the provider's number at the line; the provider's API is played."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses

from ivr.provider.dialects import DIALECTS
from ivr.provider.fallback import document
from scripts import provision
from tests.support.caller import LINE_NUMBER, PUBLIC_URL
from tests.support.small import edition, publish

SID = "AC" + "0" * 32
PROJECT = "5184b831-184f-4209-872d-ccdccc80f2f1"
SPACE = "example.signalwire.com"
BINS = f"https://{SPACE}/api/laml/2010-04-01/Accounts/{PROJECT}/LamlBins"
RIGHT = {
    "voice_url": f"{PUBLIC_URL}/voice#ct=2000&rt=4000&tt=9000&rc=1&rp=all",
    "voice_method": "POST",
    "voice_fallback_url": f"{PUBLIC_URL}/voice/fallback",
    "voice_fallback_method": "POST",
    "status_callback": f"{PUBLIC_URL}/voice/ended",
    "status_callback_method": "POST",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an edition on the air, which no test changes."""
    folder = tmp_path_factory.mktemp("store")
    publish(folder, edition())
    return folder


@pytest.fixture(autouse=True)
def installation(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says."""
    given = {
        "STORE_URL": str(store),
        "PUBLIC_URL": PUBLIC_URL,
        "LINE_NUMBER": LINE_NUMBER,
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": "a-token",
        "SIGNALWIRE_SPACE": SPACE,
        "SIGNALWIRE_PROJECT": PROJECT,
        "SIGNALWIRE_API_TOKEN": "PTtoken",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)


class Provider:
    """The API of a provider that has one number."""

    def __init__(self, name: str = "twilio", **facts: str) -> None:
        self.user = PROJECT if name == "signalwire" else SID
        api = DIALECTS[name].api.format(space=SPACE)
        self.numbers = f"{api}/{self.user}/IncomingPhoneNumbers.json"
        self.number = f"{api}/{self.user}/IncomingPhoneNumbers/PN1.json"
        self.facts = {"sid": "PN1", "phone_number": LINE_NUMBER, **facts}
        responses.get(self.numbers, json={"incoming_phone_numbers": [self.facts]})

    def takes_changes(self) -> None:
        """What is posted is set."""
        responses.add_callback(responses.POST, self.number, self._change)

    def _change(self, request: Any) -> tuple[int, dict[str, str], str]:
        names = {name.casefold().replace("_", ""): name for name in RIGHT}
        for name, values in parse_qs(request.body).items():
            self.facts[names[name.casefold()]] = values[0]
        return 200, {}, requests.compat.json.dumps(self.facts)  # type: ignore[attr-defined]


@responses.activate
def test_a_new_number_is_pointed_at_the_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    provider = Provider(voice_url="https://demo.twilio.com/", voice_method="GET")
    provider.takes_changes()
    assert provision.main([]) == 0
    assert provider.facts.items() >= RIGHT.items()
    assert f"{LINE_NUMBER} now points at {PUBLIC_URL}." in capsys.readouterr().out


@responses.activate
@pytest.mark.parametrize(("option", "status"), [("--check", 1), ("--dry-run", 0)])
def test_what_differs_is_shown_and_nothing_is_changed(
    option: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Provider(**RIGHT | {"voice_method": "GET"})
    assert provision.main([option]) == status  # a POST is refused by `responses`
    assert capsys.readouterr().out == "VoiceMethod: GET, but should be POST\n"


@responses.activate
def test_a_number_that_is_right_is_left_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Provider(**RIGHT)
    assert provision.main(["--check"]) == 0
    assert provision.main([]) == 0
    assert "has the right addresses" in capsys.readouterr().out


@responses.activate
@pytest.mark.parametrize(
    ("hides", "words"),
    [
        ({"voice_application_sid": "AP1"}, "belongs to an application (AP1)"),
        ({"trunk_sid": "TK1"}, "belongs to a SIP trunk (TK1)"),
        ({"voice_receive_mode": "fax"}, "receives faxes"),
    ],
)
def test_what_hides_the_addresses_is_a_warning_and_not_well(
    hides: dict[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Provider(**RIGHT | hides)
    assert provision.main(["--check"]) == 1
    assert words in capsys.readouterr().err
    assert provision.main([]) == 1


@responses.activate
def test_a_copy_of_the_fallback_is_fetched_by_get_as_static_servers_want(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FALLBACK_URL", "https://static.example.org/f.xml")
    provider = Provider(**RIGHT)
    provider.takes_changes()
    assert provision.main([]) == 0
    assert provider.facts["voice_fallback_url"] == "https://static.example.org/f.xml"
    assert provider.facts["voice_fallback_method"] == "GET"


@responses.activate
def test_somleng_has_no_fallback_and_no_overrides(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PROVIDER", "somleng")
    provider = Provider("somleng")
    provider.takes_changes()
    assert provision.main([]) == 0
    assert provider.facts["voice_url"] == f"{PUBLIC_URL}/voice"
    assert "voice_fallback_url" not in provider.facts
    assert "somleng has no fallback address" in capsys.readouterr().out


@responses.activate
@pytest.mark.parametrize(
    "kept", [[], [{"sid": "b1", "name": "talking line: fallback"}]]
)
def test_signalwire_keeps_the_fallback_itself_once(
    kept: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PROVIDER", "signalwire")
    monkeypatch.setenv("SIGNALWIRE_SIGNING_KEY", "PSKtest")
    responses.get(BINS, json={"laml_bins": kept})
    place = f"{BINS}/b1" if kept else BINS
    at = f"https://{SPACE}/laml-bins/b1"
    responses.post(place, json={"request_url": at})
    assert provision.main(["--keep-fallback"]) == 0
    [sent] = [call.request for call in responses.calls if call.request.method == "POST"]
    assert parse_qs(str(sent.body))["Contents"] == [document(edition())]
    assert capsys.readouterr().out.endswith(f"FALLBACK_URL={at}\n")


def test_twilio_cannot_be_given_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert provision.main(["--keep-fallback"]) == 1
    assert "keep it on another web server" in capsys.readouterr().err


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, {"code": 20003, "message": "Authenticate"}, "copy both from its console"),
        (403, {}, "does not let this account do that"),
        (404, {"code": 20404, "message": "not found"}, "It says: not found (20404)"),
        (429, {}, "too many requests: wait a minute"),
        (400, {"message": "Invalid number"}, "refuses what it was given (status 400)."),
        (503, None, "a fault of its own: try again later"),
        (200, None, "the API's answer makes no sense"),
        (
            200,
            {"incoming_phone_numbers": []},
            f"does not have the number {LINE_NUMBER}",
        ),
    ],
)
def test_every_error_of_the_api_is_told_in_plain_words(
    status: int, body: object, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"{DIALECTS['twilio'].api}/{SID}/IncomingPhoneNumbers.json"
    if body is None:
        responses.get(url, "<html>", status=status)
    else:
        responses.get(url, json=body, status=status)
    assert provision.main([]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "a-token" not in told


@responses.activate
def test_a_network_that_is_away_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"{DIALECTS['twilio'].api}/{SID}/IncomingPhoneNumbers.json"
    responses.get(url, body=requests.ConnectionError("a-token"))
    assert provision.main([]) == 1
    told = capsys.readouterr().err
    assert "cannot be reached (ConnectionError); check this machine's network" in told
    assert "a-token" not in told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TWILIO_ACCOUNT_SID", "TWILIO_ACCOUNT_SID: not set, so the provider"),
        ("PUBLIC_URL", "PUBLIC_URL is not set, but"),
    ],
)
def test_what_is_not_set_is_named(
    name: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, "")
    assert provision.main([]) == 1
    assert words in capsys.readouterr().err
