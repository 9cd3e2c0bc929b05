"""Whatever stands in a form arrives as it was typed, or is refused with a page that says so."""

import tracemalloc
import unicodedata

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.web.forms import BOUNDARY, ENCODINGS, Sinks, calls, form, multipart, request
from web import body, texts
from web.incoming import FAST_PIECE
from web.urlencoded import MAX_NAME

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
MiB = 1 << 20

both = pytest.mark.parametrize("encoding", ENCODINGS)

GRAPHEME = "a" + "\u0301" * 99_999
ODD = {
    "nul": "before\0after\0",
    "controls": "".join(map(chr, [*range(32), *range(0x7F, 0xA0)])),
    "terminal": "\x1b[2J\x1b]0;title\x07",
    "bidi": "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "bidi name": "report\u202egpj.exe",
    "invisible": "\ufeff\u200b\u200d\u2060\u00ad\ufffc\ufffe\uffff\U000e0001\U0010ffff",
    "line ends": "a\rb\nc\r\nd\u2028e\u2029f\x85g\x0bh\x0ci",
    "one grapheme": GRAPHEME,
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 5_000,
    "blanks": " \t\u00a0\u3000",
    "markup": "</textarea><script>alert(1)</script>{{7*7}}{% raw %}%s%n${x}`'\"\\",
    "boundary": f"--{BOUNDARY}\r\n\r\n--{BOUNDARY[:-1]}\r\n--",
    "escapes": "%00%0d%0a%22%zz&=;+%",
}


@both
@pytest.mark.parametrize("size", [13, 1 << 18])
@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_an_odd_text_arrives_as_it_was_typed(encoding: str, value: str, size: int) -> None:
    got = body.read(form(encoding, [("a", "1"), ("text", value), ("b", "2")], sizes=[size])).fields
    assert list(got.items(multi=True)) == [("a", "1"), ("text", value), ("b", "2")]


# Digits that int() or a regular expression's \d takes for 2, names that look alike, and those of no form.
NAMES = [
    "people-2-names", "people-\u00b2-names", "people-\u0662-names", "people-\uff12-names", "people-02-names",
    "people-2-name\u0073\u0301", "people-2-name\u015b", "people--2-names", "people-2-names ",
    " people-2-names", "People-2-names", "p\u0435ople-2-names", "people-2-names\0", "people-2\u202e-names",
    "", "[]", "a[b][c]", "__proto__", "people.2.names", "-", "\U0001f642", "a;b", "a=b", "a&b", "a+b",
    "\\", "'",
]  # fmt: skip


@both
def test_each_name_is_a_name_of_its_own(encoding: str) -> None:
    parts = [(name, str(place)) for place, name in enumerate(NAMES)]
    assert len(set(NAMES)) == len(NAMES)
    assert unicodedata.normalize("NFC", NAMES[5]) == NAMES[6]
    assert list(body.read(form(encoding, parts)).fields.items(multi=True)) == parts


@both
def test_of_a_name_that_comes_twice_every_value_is_there_in_order(encoding: str) -> None:
    parts = [("do", "send"), ("text", "first"), ("do", "review"), ("text", ""), ("text", "third")]
    got = body.read(form(encoding, parts)).fields
    assert got.getlist("do") == ["send", "review"]
    assert got.getlist("text") == ["first", "", "third"]


@both
def test_a_name_may_have_some_thousand_letters_and_no_more(encoding: str) -> None:
    error = {"multipart": body.BadBody, "urlencoded": body.TooLarge}[encoding]
    long = "n" * (MAX_NAME - 100)
    assert body.read(form(encoding, [(long, "1")])).fields.to_dict() == {long: "1"}
    for size in (1000, 1 << 18):
        with pytest.raises(error) as refused:
            body.read(form(encoding, [("a", "kept"), ("n" * (MAX_NAME + 1), "1"), ("b", "2")], sizes=[size]))
        assert refused.value.fields.to_dict() == {"a": "kept"}


@both
def test_long_names_are_counted_as_what_is_kept(encoding: str) -> None:
    parts = [(f"{number}" + "n" * 16_000, "") for number in range(1000)]
    sent = form(encoding, parts)
    tracemalloc.start()
    try:
        with pytest.raises(body.TooLarge) as refused:
            body.read(sent)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(map(len, refused.value.fields)) < 3 * MiB
    assert peak < 8 * MiB


NO_TEXT = [b"\xff\xfe", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80" * 50, b"caf\xe9"]


@pytest.mark.parametrize("raw", NO_TEXT, ids=repr)
def test_bytes_that_are_no_text_become_marks_and_nothing_else_is_harmed(raw: bytes) -> None:
    data = multipart([("a", "1"), ("t", "|"), ("b", "2")]).replace(b"|", b"x" + raw + b"y")
    escaped = b"a=1&t=x" + b"".join(b"%%%02x" % byte for byte in raw) + b"y&b=2"
    for sent in (
        request(data, sizes=[5]),
        request(escaped, content_type=URLENCODED, sizes=[5]),
        request(b"a=1&t=x" + raw + b"y&b=2", content_type=URLENCODED),
    ):
        got = body.read(sent).fields
        assert (got["a"], got["b"]) == ("1", "2")
        assert got["t"] == (b"x" + raw + b"y").decode("utf-8", "replace")
        assert "\ufffd" in got["t"]


def test_a_name_of_bytes_that_are_no_text_is_a_name_with_marks() -> None:
    data = multipart([("n|", "1"), ("b", "2")]).replace(b"|", b"\xff")
    assert body.read(request(data)).fields.to_dict() == {"n\ufffd": "1", "b": "2"}
    assert body.read(request(b"n%FF=1&b=2", content_type=URLENCODED)).fields.to_dict() == {
        "n\ufffd": "1",
        "b": "2",
    }


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1", "utf-7", "rot13", "nonsense", '"'])
def test_every_form_is_read_as_utf_8_whatever_charset_it_claims(charset: str) -> None:
    for kind, data in ((URLENCODED, "text=für".encode()), (MULTIPART, multipart([("text", "für")]))):
        got = body.read(request(data, content_type=f"{kind}; charset={charset}")).fields
        assert got["text"] == "für"
    asked = body.read(form("multipart", [("_charset_", charset), ("text", "für")])).fields
    assert asked.to_dict() == {"_charset_": charset, "text": "für"}


@pytest.mark.parametrize(
    "header", [b"Content-Type: text/plain; charset=utf-16", b"Content-Transfer-Encoding: base64", b"X-Y: z"]
)
def test_a_part_is_read_as_it_is_whatever_its_headers_claim(header: bytes) -> None:
    data = multipart([("text", "ZsO8cg== für")]).replace(b'"text"\r\n', b'"text"\r\n' + header + b"\r\n")
    assert header in data
    assert body.read(request(data)).fields.to_dict() == {"text": "ZsO8cg== für"}


HEAD = b'Content-Disposition: form-data; name="b"'
FIRST = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nkept'.encode()
LINE = f"\r\n--{BOUNDARY}\r\n".encode()
LAST = f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(LINE + HEAD + b"\r\n\r\nx", id="none at the end"),
        pytest.param(LINE + HEAD + b"\r\n\r\nx\r\n--" + BOUNDARY.encode(), id="half of the last"),
        pytest.param(
            LINE + HEAD + b"\r\n\r\nx\r\n--" + BOUNDARY[:-1].encode() + b"--\r\n", id="a shorter one"
        ),
        pytest.param(LINE + HEAD + b"\r\n\r\nx" + LAST.replace(b"\r\n", b"\n"), id="unix line ends"),
        pytest.param(LINE + HEAD + b"\n\nx" + LAST, id="unix line ends in its headers"),
        pytest.param(LINE + HEAD, id="ends in its headers"),
        pytest.param(LINE + b"\r\nx" + LAST, id="no headers"),
        pytest.param(LINE + b"Content-Disposition: form-data\r\n\r\nx" + LAST, id="no name"),
        pytest.param(LINE + HEAD + b"\r\nX: y" * 50 + b"\r\n\r\nx" + LAST, id="fifty headers"),
        pytest.param(LINE + HEAD + b"; x=" + b"y" * 20_000 + b"\r\n\r\nx" + LAST, id="a long header"),
    ],
)
def test_a_form_broken_on_the_way_is_refused_with_what_came_before(client: FlaskClient, rest: bytes) -> None:
    for size in (7, 1 << 18):
        sinks = Sinks()
        with pytest.raises(body.BadBody) as refused:
            body.read(request(FIRST + rest, sizes=[size]), sinks)
        assert refused.value.fields["a"] == "kept"
    answer = client.post("/form", data=FIRST + rest, content_type=MULTIPART)
    assert (answer.status_code, "<h1" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 415),
        ("application/json", 415),
        ("text/html; boundary=x", 415),
        ("multipart/mixed; boundary=x", 415),
        ("multipart/form-data-x; boundary=x", 415),
        ("application/x-www-form-urlencoded, multipart/form-data", 415),
        ("application", 415),
        (";", 415),
        ("\xff\xfe", 415),
        ("x" * 5000, 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        ('multipart/form-data; boundary="', 400),
        ("multipart/form-data; boundary=" + "b" * 201, 400),
        ("multipart/form-data; boundary=another", 400),
        ("multipart/form-data; boundary=b\xff", 400),
        ("multipart/form-data; boundary*=utf-8''" + BOUNDARY[:-1], 400),
        ("multipart/form-data" + "; boundary=a" * 500, 400),
    ],
    ids=lambda value: str(value)[:60].encode("unicode_escape").decode(),
)
def test_what_no_form_of_ours_sends_is_refused_with_a_page(
    client: FlaskClient, kind: str, status: int
) -> None:
    answer = client.post("/form", data=multipart([("a", "1")]), content_type=kind)
    assert (answer.status_code, "<h1" in answer.text) == (status, True)


@pytest.mark.parametrize(
    "kind",
    [
        f"Multipart/Form-Data; Boundary={BOUNDARY}",
        f'multipart/form-data;charset=utf-8;boundary="{BOUNDARY}"',
    ],
)
def test_a_content_type_may_be_written_in_several_ways(kind: str) -> None:
    assert body.read(request(multipart([("a", "1")]), content_type=kind)).fields.to_dict() == {"a": "1"}


@pytest.mark.parametrize("kind", [MULTIPART, URLENCODED, "text/plain", ""])
@given(st.binary(max_size=200))
def test_no_bytes_bring_a_traceback(kind: str, noise: bytes) -> None:
    codes = set()
    for data in (noise, FIRST + b"\r\n" + noise + LAST, FIRST + LINE + noise):
        try:
            body.read(request(data, content_type=kind), Sinks())
        except body.BodyError as refused:
            codes.add(refused.code)
    assert codes <= {400, 413, 415}


MANY = 100_000
ONE = {
    "fields": f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%d"\r\n\r\nx\r\n',
    "files": f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%d"; filename="x"\r\n\r\nx\r\n',
    "pairs": "%d=x&",
    "names": "%d&",
    "empty": "&%.0s",
}


@pytest.mark.parametrize("what", ONE)
def test_a_hundred_thousand_fields_end_at_the_limit_and_cost_little(client: FlaskClient, what: str) -> None:
    data = "".join(ONE[what] % number for number in range(MANY)).encode()
    kind = MULTIPART if what in ("fields", "files") else URLENCODED
    sent = request(data, content_type=kind, sizes=[65536])
    tracemalloc.start()
    try:
        with pytest.raises(body.TooLarge, match="too many fields") as refused:
            body.read(sent)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    kept = 0 if what in ("files", "empty") else body.Limits().fields
    assert list(refused.value.fields) == [str(number) for number in range(kept)]
    assert peak < 4 * MiB + 2 * FAST_PIECE
    assert sent.environ["wsgi.input"].at == len(data), "read to its end, so that the browser sees the answer"
    assert calls(lambda: body.read(request(data, content_type=kind))) < 400_000
    answer = client.post("/form", data=data, content_type=kind)
    assert (answer.status_code, "<h1" in answer.text) == (413, True)


@both
def test_others_run_while_thousands_of_fields_are_read(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    breaths = []
    monkeypatch.setattr(texts.blocking, "breathe", lambda: breaths.append(1))
    body.read(form(encoding, [("a", "")] * 6000))
    assert len(breaths) >= 6000 // 200


@both
def test_six_thousand_fields_cost_twice_as_much_as_three_thousand(encoding: str) -> None:
    def cost(fields: int) -> int:
        sent = form(encoding, [(f"people-{number}-names", "Bo") for number in range(fields)])
        return calls(lambda: body.read(sent))

    assert cost(6000) < 2.2 * cost(3000)
