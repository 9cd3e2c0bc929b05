"""site.toml is read strictly, and what is wrong with it is said with the file, the key and the remedy."""

import json
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from web import site
from web.setup import SetUpError

SHIPPED = Path(__file__).parents[2] / "content"


def written(folder: Path, **changes: str | None) -> Path:
    """Write the shipped texts with ``changes``: a raw TOML value for a key, None to leave it out."""
    found = tomllib.loads((SHIPPED / "site.toml").read_text())
    texts = {key: raw(value) for key, value in found.items()}
    lines = [f"{key} = {value}" for key, value in {**texts, **changes}.items() if value is not None]
    (folder / "site.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def raw(value: str | int | dict[str, str]) -> str:
    """Write a value of the file as one line of TOML; true and false are written alike in JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {raw(title)}" for key, title in value.items()) + "}"
    return json.dumps(value)


def test_the_shipped_texts_are_right_and_say_what_they_must() -> None:
    shipped = site.read(SHIPPED)
    texts = asdict(shipped)
    roles = texts.pop("roles")
    assert texts.pop("retention") == {"collected_days": 30, "reply_days": 90, "blur_days": 7}
    assert roles
    texts |= roles
    assert all(text == text.strip() for text in texts.values())
    assert "999" in shipped.no_help
    assert "18000" in shipped.no_help
    assert "55" in shipped.silent


def test_texts_may_hold_any_letters(tmp_path: Path) -> None:
    assert site.read(written(tmp_path, name='"Die Wächter <& 記者>"')).name == "Die Wächter <& 記者>"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": None}, "has no name"),
        ({"reading": None}, "has no reading"),
        ({"name": '"  "'}, "name in .* is empty"),
        ({"name": "3"}, "name in .* is not a text"),
        ({"name": "[]"}, "name in .* is not a text"),
        ({"name": f'"{"x" * 81}"'}, "name in .* has 81 characters"),
        ({"reading": f'"{"x" * 501}"'}, "reading in .* has 501 characters"),
        ({"reading": r'"two\nlines"'}, "reading in .* has line breaks"),
        ({"readings": '"x"'}, "unknown key 'readings'"),
        ({"name": "nothing"}, "is not TOML"),
        ({"exit": '""'}, "exit in .* is empty"),
        ({"exit": '"http://plain.example"'}, "exit in .* is not an address that begins with https:"),
        ({"exit": '"javascript:alert(1)"'}, "exit in .* is not an address"),
        ({"exit": '"https://"'}, "exit in .* is not an address"),
        ({"exit": '"https://[bad"'}, "exit in .* is not an address"),
        ({"url": r'"https://x.example/\"><b>"'}, "url in .* is not an address"),
        ({"url": '"https://x.example/"'}, "url in .* ends in a slash"),
        ({"security": '"safe@example.org"'}, "security in .* that begins with https: or mailto:"),
        ({"topics": None}, r"has no \[topics\]"),
        ({"attacks": "{on = true}"}, "unknown key 'attacks'"),
        ({"roles": None}, r"has no \[roles\]"),
        ({"roles": '"x"'}, "roles in .* is not a table"),
        ({"roles": "{}"}, "has 0 lines"),
        ({"roles": '{"A/b" = "Title"}'}, "'A/b' in .* cannot stand in an address"),
        ({"roles": '{team = ""}'}, "roles.team in .* is empty"),
        ({"roles": "{team = 3}"}, "roles.team in .* is not a text"),
        ({"retention": "30"}, "retention in .* is not a table"),
        ({"retention": "{days = 30}"}, r"\[retention\] in .* has the unknown key 'days'"),
        ({"retention": "{collected_days = 0}"}, "collected_days .* is not a number of days from 1 to 365"),
        ({"retention": "{collected_days = 366}"}, "collected_days .* from 1 to 365"),
        ({"retention": "{reply_days = 6}"}, "reply_days .* from 7 to 365"),
        ({"retention": "{blur_days = 0}"}, "blur_days .* from 1 to 90"),
        ({"retention": "{blur_days = 7.5}"}, "blur_days .* from 1 to 90"),
        ({"retention": "{blur_days = true}"}, "blur_days .* from 1 to 90"),
        ({"retention": '{blur_days = "7"}'}, "blur_days .* from 1 to 90"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(
    tmp_path: Path, changes: dict[str, str | None], says: str
) -> None:
    with pytest.raises(SetUpError, match=says) as refused:
        site.read(written(tmp_path, **changes))
    assert str(tmp_path) in refused.value.what
    assert refused.value.hint


def test_what_may_be_empty_may_be_empty(tmp_path: Path) -> None:
    found = site.read(written(tmp_path, url='""', security='""'))
    assert (found.url, found.security) == ("", "")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (None, site.Retention(30, 90, 7)),
        ("{}", site.Retention(30, 90, 7)),
        ("{reply_days = 14}", site.Retention(30, 14, 7)),
        ("{collected_days = 1, reply_days = 365, blur_days = 90}", site.Retention(1, 365, 90)),
    ],
)
def test_how_long_things_stay_may_be_said_in_part_or_not_at_all(
    tmp_path: Path, said: str | None, meant: site.Retention
) -> None:
    assert site.read(written(tmp_path, retention=said)).retention == meant


@pytest.mark.parametrize("said", [None, "{on = true}", "{on = 3}"])
def test_the_switch_for_an_attack_is_for_publishing_to_read(tmp_path: Path, said: str | None) -> None:
    assert site.read(written(tmp_path, attack=said)) == site.read(SHIPPED)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="cannot be read") as refused:
        site.read(tmp_path / "none")
    assert "VIGIL_CONTENT" in refused.value.hint


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes('name = "é"'.encode("latin-1"))
    with pytest.raises(SetUpError, match="not UTF-8"):
        site.read(tmp_path)
