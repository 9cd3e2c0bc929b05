"""Posts that no browser of ours sends: forms whose names, texts, buttons, tokens or encoding are hostile.

Every post is made so that nothing in it could be taken for the server's own words in an answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from payload.limits import MAX_LONG, MAX_SHORT, MAX_TEXT
from payload.outline import SECTIONS

FORM = "application/x-www-form-urlencoded"
BOUNDARY = b"hostile-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY.decode()}"
SAME = {"Sec-Fetch-Site": "same-origin"}
HTMX = {"HX-Request": "true", **SAME}
MARK = b"<fuzz-mark>"  # what is typed never comes back as markup
GRAPHEME = "a" + "\u0301\u0489\u20dd" * 33_333  # 100,000 characters that are one letter to a reader
MANY = 100_000  # fields

Fields = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Post:
    """One request."""

    path: str
    body: bytes = b""
    kind: str = FORM
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=lambda: SAME)

    def __repr__(self) -> str:
        shown = self.body if len(self.body) <= 3_000 else self.body[:2_000] + b" ... " + self.body[-500:]
        how = f"{self.kind!r}, {self.headers}"
        return f"<{self.method} {self.path}, {how}, {len(self.body):,} bytes: {shown!r}>"


def urlencoded(fields: Fields) -> bytes:
    """A form as browsers encode it, of names and texts in any bytes."""
    return b"&".join(b"%s=%s" % (_quoted(name), _quoted(text)) for name, text in fields)


def _quoted(what: bytes) -> bytes:
    return quote_from_bytes(what).encode()


def multipart(fields: Fields, *, end: bytes = b"--" + BOUNDARY + b"--\r\n") -> bytes:
    """A form in parts. Names stand as they are: quotes and line ends in them break the header, on purpose."""
    part = b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return b"".join(part % pair for pair in fields) + end


def with_file(fields: Fields, filename: bytes, content: bytes, kind: bytes) -> bytes:
    """A form in parts that ends with a file."""
    head = b'--%s\r\nContent-Disposition: form-data; name="upload"; filename="%s"\r\nContent-Type: %s\r\n\r\n'
    return (
        multipart(fields, end=b"")
        + head % (BOUNDARY, filename, kind)
        + content
        + b"\r\n--%s--\r\n" % BOUNDARY
    )


# ---- what a hostile form is made of

TRUE_NAMES = [
    *("what_happened", "draft", "file", "caption", "remove", "website", "do", "upload", "length"),
    *("to", "topic", "message", "reach", "csrf_token"),
    *(
        f"{section.name}-{number}{question.name}"
        for section in SECTIONS
        for question in section.fields
        for number in (("0-", "1-", "49-", "50-", "9999-") if section.one else ("",))
    ),
]
ODD_NAMES = [
    *(
        "people-²-names",
        "people-٣-names",
        "people--1-names",
        "people-0-",
        "people-",
        "-",
        "--",
        "",
        "-0-names",
    ),
    *(
        "people-99999999999999999999-names",
        "people-00-names",
        "people-0-names-0",
        "people-names",
        "when-0-date",
    ),
    *("when-", "when-nothing", "__class__", "what_happened[]", "_file.html", "{{7*7}}", "a-" + "b" * 5_000),
    *("what_happened\0", "people-0\u200b-names", "\u202epeople-0-names", "-" * 3_000, "x" * 100_000, "do-do"),
]
ODD_BYTES = [
    b"people-\xff-names",
    b"\xc3\x28",
    b"\xed\xa0\x80-x",
    b'a"; filename="b',
    b"a\r\nX-Header: b",
    b"a\rb",
]
VALUES: list[bytes] = [
    *(
        bytes(range(32)),
        b"\0",
        b"a\0b",
        b"\r",
        b"a\rb\rc",
        b"\n\r\n\r",
        b" \t ",
        b"\x7f\x80\x9f",
        b"\xff\xfe\xfd",
    ),
    *(
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc0\xaf",
        b"%00%ff%",
        b"${7*7}{{7*7}}",
        b"' OR 1=1 --",
        b"-1",
        b"1e9",
    ),
    *(
        "\u202eevil\u2066\u2069\u200f".encode(),
        "\ufeff\ufffe\U0010ffff".encode(),
        "²٣".encode(),
        b"9" * 5_000,
    ),
    *(MARK, b'">' + MARK, b"</textarea>" + MARK, b"'" + MARK, b"</title></style>" + MARK, b"<!--" + MARK),
    *(b"a" * most for most in (MAX_SHORT, MAX_SHORT + 1, MAX_LONG + 1, MAX_TEXT + 1, 1 << 20, (1 << 20) + 1)),
    *(GRAPHEME.encode(), ("\u202e" * 9_000).encode(), b"\r\n" * 50_000, b"<" * 60_000, b"&amp;" * 20_000),
]
ACTS = [
    *(
        "review",
        "send",
        "attach",
        "upload",
        "add-people",
        "drop-people-0",
        "drop-vehicles-49",
        "change-people",
    ),
    *(
        "change-what_happened",
        "change-files",
        "remove-0",
        "drop-people-²",
        "drop-people-",
        "add-",
        "add-when",
    ),
    *(
        "change-",
        "change-nothing",
        "-",
        "",
        "add-people-3",
        "drop-people--1",
        "send\0",
        "SEND",
        "review-review",
    ),
]
ODD_KINDS = [
    *(
        "text/plain",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed",
    ),
    *(
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=" + "b" * 201,
        "*/*",
        ";",
        "/",
        "a b",
    ),
    *(f"{FORM}; charset=utf-16", f"{FORM}; charset=nothing", MULTIPART.upper(), f'{MULTIPART}; boundary="x"'),
    *(
        "multipart/form-data; boundary=\xff\xfe",
        'multipart/form-data; boundary="\xa0',
        f"{MULTIPART}, {FORM}",
    ),
]
PATHS = ["/report", "/report", "/report", "/contact", "/report/check"]
TOKEN_NAMES = (b"draft", b"file")

names = st.one_of(
    st.sampled_from([name.encode() for name in TRUE_NAMES]),
    st.sampled_from([name.encode() for name in TRUE_NAMES + ODD_NAMES]),
    st.sampled_from(ODD_BYTES),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
values = st.one_of(
    st.sampled_from(VALUES),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=60),
)


@st.composite
def forms(draw: st.DrawFn, tokens: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """The fields of a form: some twice, with these tokens or broken ones, a button or several or none."""
    made = draw(st.lists(st.tuples(names, values), max_size=12))
    made += draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
    token = st.sampled_from(tokens)
    broken = token.map(lambda true: true[:-1]) | token.map(lambda true: true[::-1]) | values
    made += draw(st.lists(st.tuples(st.sampled_from(TOKEN_NAMES), token | broken), max_size=4))
    made = draw(st.permutations(made))
    acts = st.sampled_from([act.encode() for act in ACTS]) | values
    return [*made, *((b"do", act) for act in draw(st.lists(acts, max_size=2)))]


@st.composite
def bodies(draw: st.DrawFn, tokens: Sequence[bytes]) -> tuple[bytes, str]:
    """A body and its content type: whole, cut, garbled, or not what the type says."""
    fields = draw(forms(tokens))
    how = draw(
        st.sampled_from(["url", "url", "parts", "parts", "parts", "file", "cut", "garbled", "odd", "junk"])
    )
    if how == "url":
        return urlencoded(fields), FORM
    if how == "file":
        name, kind = draw(values.filter(lambda value: len(value) < 5_000)), draw(st.binary(max_size=20))
        return with_file(fields, name, draw(values), kind), MULTIPART
    if how == "junk":
        return draw(values), draw(st.sampled_from([FORM, MULTIPART, ""]))
    body = multipart(fields)
    if how == "cut":
        return body[: draw(st.integers(0, len(body)))], MULTIPART
    if how == "garbled":
        at, junk = draw(st.integers(0, len(body))), draw(values)
        return body[:at] + junk + body[at + draw(st.integers(0, 40)) :], MULTIPART
    if how == "odd":
        return draw(st.sampled_from([body, urlencoded(fields)])), draw(st.sampled_from(ODD_KINDS))
    return body, MULTIPART


@st.composite
def posts(draw: st.DrawFn, tokens: Sequence[bytes]) -> Post:
    """Any post to any of the forms; now and then another method, or a form of another site."""
    body, kind = draw(bodies(tokens))
    method = draw(st.sampled_from(["POST"] * 12 + ["PUT", "PATCH", "DELETE", "OPTIONS"]))
    headers = draw(st.sampled_from([SAME] * 6 + [HTMX, HTMX, {"Sec-Fetch-Site": "cross-site"}, {}]))
    return Post(draw(st.sampled_from(PATHS)), body, kind, method, headers)


@st.composite
def queries(draw: st.DrawFn) -> Post:
    """Any question for one more entry, or for the form."""
    section = draw(st.sampled_from(["people", "places", "when", "", "²"]).map(str.encode) | names | values)
    number = draw(
        st.sampled_from([b"0", b"1", b"49", b"50", "²".encode(), b"-1", b"1" * 1_000, b"", b"1.0"]) | values
    )
    # A longer address is refused by gunicorn itself, which test_headers asks.
    query = f"section={quote_from_bytes(section[:200])}&number={quote_from_bytes(number[:200])}"
    path = draw(st.sampled_from(["/report/more", "/report/more", "/report", "/contact"]))
    return Post(f"{path}?{query}", kind="", method="GET", headers=draw(st.sampled_from([SAME, HTMX, {}])))


# ---- the large ones, one of each, made only when asked for


def _report(body: bytes, kind: str = FORM) -> Post:
    return Post("/report", body, kind)


def _many(name: bytes = b"people-%d-names", text: bytes = b"x", times: int = MANY) -> Fields:
    return [(name % number if b"%d" in name else name, text) for number in range(times)]


LETTER = [(b"what_happened", GRAPHEME.encode()), (b"do", b"review")]
LETTERS = [*LETTER, *_many(text=GRAPHEME.encode(), times=3)]
REVIEW = (b"do", b"review")

LARGE: dict[str, Callable[[], Post]] = {
    "many fields in parts": lambda: _report(multipart(_many()), MULTIPART),
    "many fields urlencoded": lambda: _report(urlencoded(_many())),
    "one field many times in parts": lambda: _report(multipart(_many(b"people-0-names")), MULTIPART),
    "one field many times urlencoded": lambda: _report(urlencoded(_many(b"people-0-names"))),
    "many fields for the team": lambda: Post("/contact", urlencoded(_many())),
    "many fields for the check": lambda: Post("/report/check", urlencoded(_many())),
    "many empty fields": lambda: _report(b"&" * MANY),
    "many percent signs": lambda: _report(b"%" * MANY),
    "many files": lambda: _report(multipart(_many(b'upload"; filename="a')), MULTIPART),
    "many boundaries": lambda: _report((b"--" + BOUNDARY + b"\r\n") * MANY, MULTIPART),
    "a large letter in parts": lambda: _report(multipart(LETTER), MULTIPART),
    "a large letter urlencoded": lambda: _report(urlencoded(LETTER)),
    "large letters in several fields": lambda: _report(multipart(LETTERS), MULTIPART),
    "a large letter for the team": lambda: Post("/contact", urlencoded([(b"message", GRAPHEME.encode())])),
    "a large name in parts": lambda: _report(multipart([(b"n" * 3_000_000, b"x")]), MULTIPART),
    "a large name urlencoded": lambda: _report(b"n" * 3_000_000),
    "a large text": lambda: _report(urlencoded([(b"what_happened", b"<" * 3_000_000)])),
    "a header without end": lambda: _report(b"--" + BOUNDARY + b"\r\nX: " + b"y" * 3_000_000, MULTIPART),
    "thousands of questions not asked": lambda: _report(
        urlencoded([*_many(b"gone-%d", MARK, 5_900), REVIEW])
    ),
    "thousands of entries": lambda: _report(urlencoded([*_many(text=MARK, times=5_900), REVIEW])),
}
