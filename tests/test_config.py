"""The settings: what is wrong stops the start, with a sentence that says what to do."""

from pathlib import Path

import pytest

from config import Config, ConfigError

ONION = f"{'vigil234' * 7}.onion"
PRINTED = "ABCD EFGH 2345 67AB CDEF GH23 4567 ABCD"


def test_without_settings_everything_lies_in_var() -> None:
    config = Config.read({})
    assert config.data == Path("var")
    assert config.team_keys == Path("var/team.keys")
    assert config.form_key == Path("var/form.keys")
    assert config.content.name == "content"
    assert config.max_file_bytes == 500_000_000
    assert not config.practice
    assert config.onion is None
    assert config.trust is None
    assert config.database_url is None
    assert config.database_bytes == 20_000_000_000
    assert config.machine == "web"


def test_the_files_follow_the_data_folder_unless_they_are_named() -> None:
    config = Config.read({"VIGIL_DATA": "/srv/vigil", "VIGIL_FORM_KEY": "/run/vigil/form.keys"})
    assert config.team_keys == Path("/srv/vigil/team.keys")
    assert config.form_key == Path("/run/vigil/form.keys")


def test_a_megabyte_is_a_million_bytes() -> None:
    assert Config.read({"VIGIL_MAX_FILE_MB": "25"}).max_file_bytes == 25_000_000


def test_the_onion_address_is_taken_as_tor_writes_it() -> None:
    assert Config.read({"VIGIL_ONION": ONION}).onion == ONION


URLS = [
    "postgresql://vigil@/vigil?host=/run/postgresql",
    "postgres://vigil:secret@[::1]:5432/vigil?sslmode=verify-full",
    "postgresql://vigil:secret@one:5432,two:5432,three:5432/vigil?target_session_attrs=read-write",
]


@pytest.mark.parametrize("url", URLS)
def test_the_database_is_named_by_a_url_which_nothing_shows(url: str) -> None:
    config = Config.read({"VIGIL_DATABASE_URL": url, "VIGIL_DATABASE_MB": "100000", "VIGIL_MACHINE": "web-2"})
    assert config.database_url == url
    assert config.database_bytes == 100_000_000_000
    assert config.machine == "web-2"
    assert url not in repr(config)


def test_a_wrong_url_is_not_told() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.read({"VIGIL_DATABASE_URL": "http://vigil:secret@one"})
    assert "secret" not in caught.value.what + caught.value.hint


@pytest.mark.parametrize(
    "written", [PRINTED, PRINTED.lower(), PRINTED.replace(" ", ""), PRINTED.replace(" ", "-")]
)
def test_a_fingerprint_is_taken_however_its_groups_are_set_apart(written: str) -> None:
    assert Config.read({"VIGIL_TRUST": written}).trust == PRINTED


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("VIGIL_MAX_FILE_MB", "0", "VIGIL_MAX_FILE_MB is not a whole number from 1 to 8000"),
        ("VIGIL_MAX_FILE_MB", "-5", "VIGIL_MAX_FILE_MB is not a whole number from 1 to 8000"),
        ("VIGIL_MAX_FILE_MB", "1.5", "VIGIL_MAX_FILE_MB is not a whole number from 1 to 8000"),
        ("VIGIL_MAX_FILE_MB", "8001", "VIGIL_MAX_FILE_MB is not a whole number from 1 to 8000"),
        ("VIGIL_MAX_FILE_MB", "9" * 400, "VIGIL_MAX_FILE_MB is not a whole number from 1 to 8000"),
        ("VIGIL_MAX_FILE_MB", "٣", "VIGIL_MAX_FILE_MB is not a whole number from 1 to 8000"),
        ("VIGIL_PRACTICE", "yes", "VIGIL_PRACTICE is neither 0 nor 1"),
        ("VIGIL_DATABASE_URL", "mysql://x", "VIGIL_DATABASE_URL is not the URL of a PostgreSQL database"),
        ("VIGIL_DATABASE_URL", "host=db password=x", "VIGIL_DATABASE_URL is not the URL of a PostgreSQL"),
        ("VIGIL_DATABASE_URL", "postgresql://a b", "VIGIL_DATABASE_URL is not the URL of a PostgreSQL"),
        ("VIGIL_DATABASE_URL", "postgresql://x\n", "VIGIL_DATABASE_URL is not the URL of a PostgreSQL"),
        ("VIGIL_DATABASE_MB", "0", "VIGIL_DATABASE_MB is not a whole number from 1 to 99999999"),
        ("VIGIL_DATABASE_MB", "many", "VIGIL_DATABASE_MB is not a whole number from 1 to 99999999"),
        ("VIGIL_MACHINE", "Web 1", "VIGIL_MACHINE is not a name for a web machine"),
        ("VIGIL_MACHINE", "a" * 21, "VIGIL_MACHINE is not a name for a web machine"),
        ("VIGIL_ONION", f"http://{ONION}", "VIGIL_ONION is not the address of an onion service"),
        ("VIGIL_ONION", f"{ONION}\n", "VIGIL_ONION is not the address of an onion service"),
        ("VIGIL_ONION", ONION.upper(), "VIGIL_ONION is not the address of an onion service"),
        ("VIGIL_ONION", "news.example", "VIGIL_ONION is not the address of an onion service"),
        ("VIGIL_ONION", f"{'a' * 16}.onion", "VIGIL_ONION is not the address of an onion service"),
        ("VIGIL_TRUST", PRINTED[:-1], "VIGIL_TRUST is not a fingerprint"),
        ("VIGIL_TRUST", PRINTED.replace("A", "1"), "VIGIL_TRUST is not a fingerprint"),
        ("VIGIL_DATA", "a\0b", "VIGIL_DATA holds a character"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.read({name: value})
    assert caught.value.what.startswith(says)
    assert caught.value.hint
