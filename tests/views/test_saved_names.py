"""What a browser is told to call a file of a reply: never a path, always a header that can be sent."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from views.saving import disposition, safe_name


@pytest.mark.parametrize(
    ("sent", "plain", "whole"),
    [
        ("a.pdf", "a.pdf", None),
        ("Karte Müller.pdf", "Karte Muller.pdf", "Karte Müller.pdf"),
        ("Карта ‘7’.pdf", "7.pdf", "Карта ‘7’.pdf"),  # noqa: RUF001 - as people name
        ("夜.jpg", "file", "夜.jpg"),
        ("../../etc/passwd", "_._etc_passwd", None),
        ('x";y=z.txt', "x_;y=z.txt", None),
        ("", "file", None),
        # What only looks like a separator becomes one in ASCII.
        ("..／x", "_x", "／x"),  # noqa: RUF001
        ("C：＼a.exe", "C__a.exe", "C：＼a.exe"),  # noqa: RUF001
        ("⑴℀.txt", "(1)a_c.txt", "⑴℀.txt"),
    ],
)
def test_a_name_is_said_in_ascii_and_whole_where_it_has_other_letters(
    sent: str, plain: str, whole: str | None
) -> None:
    kind, options = parse_options_header(disposition(safe_name(sent)))
    assert kind == "attachment"
    # Werkzeug reads the whole name where there is one.
    assert options["filename"] == (plain if whole is None else whole)
    assert f"filename={plain}" in disposition(safe_name(sent)).replace('"', "")


@given(st.text(max_size=200))
def test_whatever_a_file_is_called_the_header_can_be_sent(name: str) -> None:
    said = disposition(safe_name(name))
    assert said.isascii()
    assert said.isprintable()
    plain, _, whole = said.partition("filename*=UTF-8''")
    assert not set(unquote(whole)) & set('/\\"')
    assert not set(plain) & set("/\\:*?<>|%")
    _kind, options = parse_options_header(plain.rstrip("; "))
    assert options["filename"].strip(" .") == options["filename"] != ""
