"""site.toml is read strictly, and what is wrong with it is said with the file, the key and the remedy."""

from dataclasses import astuple
from pathlib import Path

import pytest

from web import site
from web.setup import SetUpError

SHIPPED = Path(__file__).parents[2] / "content"


def written(folder: Path, **changes: str | None) -> Path:
    """Write the shipped texts with ``changes``: a raw TOML value for a key, None to leave it out."""
    import tomllib

    texts = {key: f'"{value}"' for key, value in tomllib.loads((SHIPPED / "site.toml").read_text()).items()}
    lines = [f"{key} = {value}" for key, value in {**texts, **changes}.items() if value is not None]
    (folder / "site.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_the_shipped_texts_are_right_and_say_what_they_must() -> None:
    shipped = site.read(SHIPPED)
    assert all(text == text.strip() for text in astuple(shipped))
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
    ],
)
def test_what_is_wrong_is_named_with_its_key(
    tmp_path: Path, changes: dict[str, str | None], says: str
) -> None:
    with pytest.raises(SetUpError, match=says) as refused:
        site.read(written(tmp_path, **changes))
    assert str(tmp_path) in refused.value.what
    assert refused.value.hint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="cannot be read") as refused:
        site.read(tmp_path / "none")
    assert "VIGIL_CONTENT" in refused.value.hint


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes('name = "é"'.encode("latin-1"))
    with pytest.raises(SetUpError, match="not UTF-8"):
        site.read(tmp_path)
