"""Settings: their faults, and that they are documented."""

import re

import pytest

from ivr.errors import SettingError
from ivr.provider.dialects import DIALECTS
from ivr.settings import PROVIDERS, ROOT, VARIABLES, Settings


def test_without_any_variable_there_are_defaults_and_no_secret() -> None:
    settings = Settings.from_mapping({"PATH": "/bin", "PORT": ""})
    assert settings == Settings()
    assert settings.twilio_auth_token is None


def test_the_public_address_follows_the_port_and_loses_its_slash() -> None:
    assert Settings.from_mapping({"PORT": "9000"}).public_url == "http://localhost:9000"
    given = Settings.from_mapping({"PUBLIC_URL": "https://line.example.org/"})
    assert given.public_url == "https://line.example.org"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PUBLIC_URL", "line.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://x:port"),
        ("PUBLIC_URL", "https://x/?a=1"),
        ("LINE_NUMBER", "0141 496 0000"),
        ("LINE_NUMBER", "+0441414960000"),
        ("TWILIO_AUTH_TOKEN", "two words"),
        ("SIGNALWIRE_SIGNING_KEY", "two words"),
        ("PROVIDER", "twillio"),
        ("PROVIDER", "telnyx"),
        ("STORE_URL", "nonsuch://somewhere"),
        ("STORE_URL", "s3://"),
        ("CACHE_DIR", "s3://x"),
        ("DATABASE_URL", "mysql://a:b@c/d"),
        ("DATABASE_URL", "instance/callers.db"),
        ("CACHE_MB", "0"),
        ("CACHE_MB", "some"),
        ("CONTENT_DIR", "https://x"),
    ],
)
def test_a_malformed_variable_is_named_with_what_it_takes(
    name: str, value: str
) -> None:
    with pytest.raises(
        SettingError, match=re.escape(f"is not {VARIABLES[name].takes}")
    ) as error:
        Settings.from_mapping({name: value})
    assert name in str(error.value)


def test_all_faults_come_at_once_and_the_secret_is_not_shown() -> None:
    with pytest.raises(SettingError) as error:
        Settings.from_mapping({"PORT": "x", "TWILIO_AUTH_TOKEN": "my secret"})
    named = [name for name in VARIABLES if name in str(error.value)]
    assert named == ["PORT", "PUBLIC_URL", "TWILIO_AUTH_TOKEN", "LINE_NUMBER"]
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "name",
    [
        "TWILIO_AUTH_TOKEN",
        "SIGNALWIRE_SIGNING_KEY",
        "STUDIO_PASSWORD_HASH",
        "SECRET_KEY",
    ],
)
def test_the_value_of_a_secret_is_never_shown(name: str) -> None:
    with pytest.raises(SettingError, match=f"{name}: its value is not") as error:
        Settings.from_mapping({name: "hush 'hush'"})
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({"TWILIO_AUTH_TOKEN": "token", "PUBLIC_URL": "https://x"}, "LINE_NUMBER"),
        ({"TWILIO_AUTH_TOKEN": "token", "LINE_NUMBER": "+441414960000"}, "PUBLIC_URL"),
        ({"PROVIDER": "signalwire"}, "SIGNALWIRE_SIGNING_KEY"),
        ({"PROVIDER": "SignalWire"}, "SIGNALWIRE_SIGNING_KEY"),
        (
            {
                "SIGNALWIRE_SIGNING_KEY": "PSKtest",
                "PUBLIC_URL": "https://x",
                "LINE_NUMBER": "+441414960000",
            },
            "PROVIDER",
        ),
        ({"STUDIO_PASSWORD_HASH": f"scrypt:1:1:1$salt${'0' * 128}"}, "SECRET_KEY"),
        (
            {
                "SMS_FROM": "+447700900000",
                "PUBLIC_URL": "https://line.example.org",
                "LINE_NUMBER": "+441414960000",
            },
            "SECRET_KEY",
        ),
    ],
)
def test_a_setting_that_another_needs_is_missed(
    given: dict[str, str], needed: str
) -> None:
    with pytest.raises(SettingError) as error:
        Settings.from_mapping(given)
    [fault] = str(error.value).splitlines()
    assert fault.startswith(f"{needed} is not set, but {next(iter(given))}")
    assert f" needs it: {VARIABLES[needed].takes}" in fault


@pytest.mark.parametrize("name", ["telnyx", "Telnyx"])
def test_telnyx_is_refused_by_name_with_the_reason(name: str) -> None:
    with pytest.raises(SettingError) as error:
        Settings.from_mapping({"PROVIDER": name})
    assert str(error.value) == (
        f"PROVIDER: {name!r} is not twilio, signalwire or somleng. Telnyx does not sign the"
        " address of a request, only its body; but a step's address holds all of a call's"
        " state, so anybody could change it"
    )


def test_every_provider_has_its_dialect() -> None:
    assert tuple(DIALECTS) == PROVIDERS
    for dialect in DIALECTS.values():
        assert VARIABLES[dialect.key].is_secret


def test_every_setting_is_in_the_example_and_in_the_documents() -> None:
    example = (ROOT / ".env.example").read_text()
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    documented = "\n".join(document.read_text() for document in documents)
    for name in VARIABLES:
        assert re.search(rf"\b{name}\b", example), name
        assert re.search(rf"\b{name}\b", documented), name


def test_the_example_holds_no_other_variable() -> None:
    named = re.findall(
        r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE
    )
    assert sorted(named) == sorted(VARIABLES)
