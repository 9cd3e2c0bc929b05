"""Files get names that no stranger can turn against the machine they are saved on."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.names import MOST_BYTES, MOST_CHARACTERS, safe_names

paths = st.sampled_from(
    ["..", ".", "/", "\\", "~", "-rf", " ", "\n", "\0", "\x1b[2J", "$(x)", "CON", "nul.txt"]
)
letters = st.sampled_from(["é", "e\u0301", "É", "ß", "ss", "A", "a", "\ufb01", "fi", "😀", ".jpg", ".JPG"])
hidden = st.sampled_from(["\u202e", "\ufeff", "\u2028", "\U000e0041", "SHA256SUMS", "sha256sums"])
nasty = paths | letters | hidden
names = st.lists(
    st.text(max_size=40) | st.lists(nasty, max_size=6).map("".join) | st.text(min_size=300), max_size=12
)


@given(names)
def test_any_names_become_safe_and_distinct_ones(given_names: list[str]) -> None:
    found = safe_names(given_names, taken=["SHA256SUMS", "LIST.json"])
    assert len(found) == len(given_names)
    folded = {unicodedata.normalize("NFKD", name).casefold() for name in [*found, "SHA256SUMS", "LIST.json"]}
    assert len(folded) == len(found) + 2
    for name in found:
        assert name
        assert name not in {".", ".."}
        assert name[0] not in ".-~ "
        assert name[-1] not in ". "
        assert not set(name) & set('/\\<>:"|?*')
        assert all(unicodedata.category(char)[0] != "C" for char in name)
        assert len(name) <= MOST_CHARACTERS
        assert len(unicodedata.normalize("NFD", name).encode()) <= MOST_BYTES


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("photo.jpg", "photo.jpg"),
        ("Zoë's notes (final).docx", "Zoë's notes (final).docx"),
        ("фото.png", "фото.png"),
        ("", "file"),
        ("...", "file"),
        ("/", "file"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("C:\\Users\\x\\a.txt", "C__Users_x_a.txt"),
        (".bashrc", "_bashrc"),
        ("-rf", "_rf"),
        ("con", "_con"),
        ("Aux.txt", "_Aux.txt"),
        ("lpt¹.tar.gz", "_lpt¹.tar.gz"),
        ("console.log", "console.log"),
        ("gpj.\u202eexe", "gpj._exe"),
        ("a\nb\x1b[31m.txt", "a_b_[31m.txt"),
        ("name. . ", "name"),
        ("holiday.jpg" + " " * 95 + ".exe", "holiday.jpg .exe"),
        ("a \u00a0\u3000\u2003b", "a b"),
        ("a\u3164\u115f\u1160\uffa0.exe", "a____.exe"),
        ("a\u17b4\u17b5\u2800\U0001d159.exe", "a____.exe"),
        ("a\ufe0f\ufe00\u034f\u180b\U000e0100\U000e0fff.exe", "a______.exe"),
        ("a\u0378\U0003ffff\u2065.exe", "a___.exe"),
        ("\u3164\u2800", "file"),
        ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"),
        ("é" * 300, "é" * 46),
        ("a." + "b" * 300, "a." + "b" * 118),
    ],
)
def test_a_name_keeps_what_is_harmless(given_name: str, safe: str) -> None:
    assert safe_names([given_name]) == [safe]


def test_same_names_are_counted_before_the_extension() -> None:
    assert safe_names(["a.jpg", "A.JPG", "a.jpg", "e\u0301", "É"]) == [
        "a.jpg",
        "A (2).JPG",
        "a (3).jpg",
        "é",
        "É (2)",
    ]


def test_long_names_that_begin_alike_stay_distinct() -> None:
    found = safe_names(["x" * 500 + ".jpg"] * 40)
    assert len(set(found)) == 40
    assert all(name.endswith(".jpg") for name in found)
