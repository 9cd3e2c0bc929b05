"""Urlencoded forms are read as browsers write them, however they are cut."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.forms import request
from web import body

KIND = "application/x-www-form-urlencoded"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.lists(st.tuples(texts.filter(bool), texts), max_size=8), st.integers(1, 30), st.booleans())
def test_every_field_comes_out_as_it_was_put_in(
    fields: list[tuple[str, str]], size: int, chunked: bool
) -> None:
    sent = request(urlencode(fields).encode(), content_type=KIND, sizes=[size], chunked=chunked)
    got = body.read(sent).fields
    names = list(dict.fromkeys(name for name, _ in fields))
    assert [(name, got.getlist(name)) for name in got] == [
        (name, [value for other, value in fields if other == name]) for name in names
    ]


@given(st.text("ab=&%41+\u00fc", max_size=40))
def test_the_standard_library_reads_the_same(text: str) -> None:
    theirs = [(name, value) for name, value in parse_qsl(text, keep_blank_values=True) if name or value]
    ours = body.read(request(text.encode(), content_type=KIND)).fields
    assert sorted((n, v) for n, v in ours.items(multi=True) if n or v) == sorted(theirs)


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b"a=1&a=2", {"a": ["1", "2"]}),
        (b"a=b=c", {"a": ["b=c"]}),
        (b"a", {"a": [""]}),
        (b"=v", {"": ["v"]}),
        (b"&&a=1&", {"a": ["1"]}),
        (b"a=1+2%2B%20", {"a": ["1 2+ "]}),
        (b"a=100%", {"a": ["100%"]}),
        (b"a=%zz%4", {"a": ["%zz%4"]}),
        (b"a=%0D%0A", {"a": ["\r\n"]}),
        (b"a=%FF", {"a": ["\ufffd"]}),
        (b"%61%3D=1", {"a=": ["1"]}),
        ("a=ü".encode(), {"a": ["ü"]}),
        (b"", {}),
    ],
)
def test_odd_forms_are_read_as_browsers_would(raw: bytes, fields: dict[str, list[str]]) -> None:
    for size in (1, 2, 100):
        assert body.read(request(raw, content_type=KIND, sizes=[size])).fields.to_dict(flat=False) == fields
