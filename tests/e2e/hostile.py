"""What somebody hostile sends to the report form: forms that no browser would send, requests that are none.

hypothesis makes them, of names from the outline, whole or bent, and of bytes, most of them no text at all.
`MARK` is in many of them: where it turns up tells what became of them.
"""

import os
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from payload.outline import SECTIONS
from tests.e2e import filled

MARK = f"hostile{os.urandom(8).hex()}"
BOUNDARY = b"----hostile"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY.decode()}"
URLENCODED = "application/x-www-form-urlencoded"


class Part(NamedTuple):
    """One part of a form: a field, or, with the name of a file and its type, a file."""

    name: bytes
    value: bytes
    file: bytes | None = None
    type: bytes = b"application/octet-stream"


class Sent(NamedTuple):
    """A request: its body, and what it says of it."""

    body: bytes
    kind: str
    method: str = "POST"
    path: str = "/report"
    headers: tuple[tuple[str, str], ...] = ()


# ---- names and values

QUESTIONS = [name.encode() for section in SECTIONS for entry in filled.names(section, 2) for name, _ in entry]
OTHERS = [
    b"what_happened",
    b"draft",
    b"website",
    b"file",
    b"caption",
    b"upload",
    b"do",
    b"remove",
    b"name",
    b"to",
]
BENT = [
    b"",
    b"-",
    b"people",
    b"people-0",
    b"people-0-",
    b"people--1-names",
    b"people-00-names",
    b"people-9999-names",
    b"people-99999999999999999999-names",
    "people-²-names".encode(),
    "people-٣-names".encode(),
    b"people-0-names-0",
    b"people-0-nosuch",
    b"people[0][names]",
    b"PEOPLE-0-names",
    b"danger-0-now",
    b"when-__class__",
    b"__proto__",
    b"_charset_",
    b"isindex",
    b"people-0-names\0",
    b'quo"te-\r\nX-Injected: yes',
    b"\xff\xfe-\x00-\xed\xa0\x80",
    b"x" * 5_000,
    b"-" * 5_000,
]
TEXTS = [
    b"",
    b" \t\r\n",
    b"\0",
    b"\x01\x08\x0b\x1b[31m\x7f\x80\x9f",
    "\u202e\u2066\u2069\u200f\ufeff\ufffe\uffff".encode(),
    "\U000e0001\U0010ffff\ufdd0".encode(),
    b"\xff\xfe\xc0\x80\xf5\x80",
    b"\xed\xa0\x80\xed\xb0\x80",
    b"\xf4\x90\x80\x80\xe2\x82",
    ("a" + "\u0301" * 1_000).encode(),
    "\u0e33\u0e4d".encode() * 200,
    ("\U0001f469\u200d" * 300).encode(),
    b"9" * 5_000,
    b"-1",
    b"1e999",
    b"NaN",
    "٣".encode(),
    b"%s%n%00%zz",
    b"{{7*7}}${7*7}<%=7*7%>",
    f"<script>{MARK}</script>".encode(),
    f"'\"></textarea></form><img src=x onerror={MARK}>".encode(),
    b"../../../../etc/passwd",
    b"\r\n--" + BOUNDARY + b"--\r\n",
    b"x" * 301,
    b"y" * 5_001,
    b"yes",
    b"unknown",
]
DO = [
    *(
        b"review",
        b"send",
        b"attach",
        b"upload",
        b"add",
        b"add-people",
        b"add-danger",
        b"add-nosuch",
        b"drop-",
    ),
    *(
        b"drop-people-0",
        b"drop-people-99999999999999999999",
        "drop-people-²".encode(),
        b"change-",
        b"change-files",
    ),
    *(b"change-people-0-names", b"send-", b"-", b"", b"__call__", b"SEND", b"send\0", b"x" * 5_000),
]

names = st.one_of(
    st.sampled_from(QUESTIONS), st.sampled_from(OTHERS), st.sampled_from(BENT), st.binary(max_size=20)
)
marked = st.sampled_from(TEXTS).map(lambda text: MARK.encode() + text)
values = st.one_of(
    st.sampled_from(TEXTS), marked, st.binary(max_size=60), st.text(max_size=60).map(str.encode)
)
files = st.builds(
    Part,
    name=st.sampled_from([b"upload", b"what_happened", b"draft", b""]),
    value=values,
    file=values,
    type=st.sampled_from(
        [b"", b"image/jpeg", b"text/html; charset=\xff", b"x" * 300, b"multipart/mixed; boundary=a"]
    ),
)


def _parts(draft: bytes) -> st.SearchStrategy[list[Part]]:
    known = st.sampled_from([Part(b"draft", draft), Part(b"what_happened", MARK.encode() + b" words")])
    pressed = st.sampled_from(DO).map(lambda do: Part(b"do", do))
    one = st.one_of(st.builds(Part, name=names, value=values), files, known, pressed)
    some = st.lists(one, max_size=25)
    # The same field many times over.
    often = st.tuples(one, st.integers(2, 200)).map(lambda drawn: [drawn[0]] * drawn[1])
    # Most forms have what makes them go further than the first refusal.
    begun = st.sampled_from([[Part(b"draft", draft)], []])
    return st.tuples(begun, some, st.one_of(st.just([]), often), pressed).map(
        lambda drawn: [*drawn[0], *drawn[1], *drawn[2], drawn[3]]
    )


# ---- bodies


def multipart(parts: Iterable[Part]) -> bytes:
    """A form as multipart/form-data, its names as they are."""
    body = bytearray()
    for part in parts:
        body += b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="' + part.name + b'"'
        if part.file is not None:
            body += b'; filename="' + part.file + b'"\r\nContent-Type: ' + part.type
        body += b"\r\n\r\n" + part.value + b"\r\n"
    return bytes(body) + b"--" + BOUNDARY + b"--\r\n"


def urlencoded(parts: Iterable[Part]) -> bytes:
    """A form as one line; files are no part of it."""
    return b"&".join(
        f"{quote_from_bytes(part.name)}={quote_from_bytes(part.value)}".encode() for part in parts
    )


def forms(draft: bytes) -> st.SearchStrategy[Sent]:
    """Forms that are well-formed, whatever they say; ``draft`` is a draft's token."""
    either = st.sampled_from([(multipart, MULTIPART), (urlencoded, URLENCODED)])
    return st.tuples(_parts(draft), either).map(lambda drawn: Sent(drawn[1][0](drawn[0]), drawn[1][1]))


KINDS = [
    *(MULTIPART, URLENCODED, "", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed"),
    *(
        f"{MULTIPART}; charset=utf-16",
        f'multipart/form-data; boundary="{"b" * 3_000}"',
        "multipart/form-data; b=\xff",
    ),
    *("application/json", "text/plain", "text/html; charset=\x80", "a" * 3_000, ";;;", "\xff/\xfe", "*/*"),
    *(
        f"{URLENCODED}; charset=utf-7",
        "multipart/form-data; boundary=\xe4\xf6",
        "MULTIPART/FORM-DATA; BOUNDARY=-",
    ),
]
HEADERS = [
    *(
        ("HX-Request", "true"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Origin", "null"),
        ("Accept-Language", "\xff," * 500),
    ),
    *(
        ("Content-Encoding", "gzip"),
        ("X-Forwarded-For", "::1, ::2"),
        ("Range", "bytes=0-1"),
        ("Expect", "100-continue"),
    ),
    *(
        ("Cookie", f"session={MARK}"),
        ("Referer", f"https://x/{MARK}"),
        ("User-Agent", MARK),
        ("X-HTTP-Method-Override", "PUT"),
    ),
]
METHODS = ["POST"] * 6 + ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X"]
PATHS = [
    *["/report"] * 6,
    *(
        "/report/",
        "/report/check",
        "/report/more",
        "/report?do=send",
        "/report/%00",
        "/report/%ff",
        "//report",
    ),
    *(
        "/report/more?section=people&number=1",
        "/report/more?section=people&number=%C2%B2",
        "/report/more?number=0",
    ),
    *("/report/more?section=danger&number=-1", "/report/more?section=people&number=" + "9" * 1_500),
]


@st.composite
def broken(draw: st.DrawFn, draft: bytes) -> Sent:
    """Requests of which something or everything is wrong."""
    sent = draw(forms(draft))
    body = bytearray(sent.body)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        how = draw(st.sampled_from(["cut", "put", "change", "twice"]))
        if how == "cut":
            del body[at : at + draw(st.integers(1, 400))]
        elif how == "put":
            body[at:at] = draw(st.sampled_from(PIECES))
        elif how == "change" and at < len(body):
            body[at] = draw(st.integers(0, 255))
        else:
            body[at:at] = body[max(0, at - 200) : at]
    kind = draw(st.sampled_from([sent.kind] * 4 + KINDS))
    headers = tuple(draw(st.lists(st.sampled_from(HEADERS), max_size=2, unique_by=lambda header: header[0])))
    return Sent(bytes(body), kind, draw(st.sampled_from(METHODS)), draw(st.sampled_from(PATHS)), headers)


PIECES = [
    *(
        b"\0",
        b"\r",
        b"\n",
        b"--",
        b"\r\n\r\n",
        b"--" + BOUNDARY,
        b"\r\n--" + BOUNDARY + b"--",
        b"%",
        b"&",
        b"=",
    ),
    *(
        b";",
        b'"',
        b"\\",
        b'\r\nContent-Disposition: form-data; name="x',
        b"\r\nContent-Transfer-Encoding: base64",
    ),
    *(b"\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a", b"\r\nX: " + b"y" * 20_000, b"\xff" * 50),
]


# ---- the worst, one by one

MANY = 100_000
GRAPHEME = ("a" + "\u0301" * (MANY - 100)).encode()
CONTROLS = bytes(range(32)) + b"\x7f" + "".join(map(chr, range(0x80, 0xA0))).encode()
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f".encode()


def _said(name: str, value: bytes) -> list[Part]:
    return [Part(name.encode(), MARK.encode() + value)]


def _headers(lines: bytes) -> bytes:
    part = b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="when-date"\r\n'
    return part + lines + b"\r\n\r\nMay\r\n--" + BOUNDARY + b"--\r\n"


# By what they are: what follows the draft's token, and the answers that may come.
FORMS: dict[str, tuple[list[Part], set[int]]] = {
    "a hundred thousand fields": ([Part(b"x", b"y")] * MANY, {413}),
    "a hundred thousand questions": ([Part(b"people-%d-names" % n, b"Bo") for n in range(MANY)], {413}),
    "one question a hundred thousand times": ([Part(b"when-date", b"May")] * MANY, {413}),
    "one question five thousand times": ([Part(b"when-date", b"May")] * 5_000, {422}),
    "five thousand people": ([Part(b"people-%d-names" % n, b"Bo") for n in range(5_000)], {422}),
    "five thousand questions that nobody asks": ([Part(b"x-%d" % n, b"y") for n in range(5_000)], {422}),
    "one grapheme": (_said("what_happened", GRAPHEME), {200}),
    "one grapheme in an answer": (_said("when-date", GRAPHEME), {422}),
    "one grapheme in every question": ([Part(name, GRAPHEME) for name in QUESTIONS], {413, 422}),
    "control characters": (_said("what_happened", CONTROLS), {200}),
    "control characters in an answer": (_said("when-date", CONTROLS), {200}),
    "text that runs the other way": (_said("what_happened", BIDI * 900), {200}),
    "a name of a million bytes": ([Part(b"people-0-" + b"n" * 1_000_000, b"Bo")], {400, 413}),
    "a text of nine million bytes": ([Part(b"what_happened", b"x" * 9_000_000)], {413}),
    "a thousand long choices": ([Part(b"what-kinds", b"x" * 1_000)] * 1_000, {422}),
    "five thousand tokens of files": ([Part(b"file", b"x" * 300)] * 5_000, {413, 422}),
    "five thousand captions": ([Part(b"caption", b"x" * 300)] * 5_000, {413, 422}),
    "five thousand buttons": ([Part(b"do", b"add-people")] * 5_000, {200}),
    "five thousand files": ([Part(b"upload", b"", b"n")] * 5_000, {413, 422}),
    "files of long names": ([Part(b"upload", b"", b"n" * 20_000)] * 60, {400, 422}),
    "a file of an odd type": ([Part(b"upload", b"x", b"x", b"a/" + b"b" * 2_000)], {200, 422}),
}
BODIES: dict[str, tuple[bytes, str, set[int]]] = {
    "a large header": (_headers(b"X: " + b"y" * 3_000_000), MULTIPART, {400}),
    "many headers": (_headers(b"X: y\r\n" * 300_000), MULTIPART, {400}),
    "no end": (multipart([Part(b"when-date", b"May")])[:-40], MULTIPART, {400}),
    "no form": (b"\0" * 100_000, MULTIPART, {400}),
    "boundaries alone": ((b"--" + BOUNDARY + b"\r\n") * MANY, MULTIPART, {400, 413}),
    "separators alone": (b"&" * MANY, URLENCODED, {413}),
    "broken escapes": (b"when-date=%" * 5_000, URLENCODED, {422}),
    "JSON": (b'{"when-date": "May"}', "application/json", {415}),
    "no type": (b"when-date=May", "", {422}),
    "no boundary": (b"when-date=May", "multipart/form-data", {400}),
}
WORST = [f"{name}, {how}" for name in FORMS for how in ("in parts", "in one line")] + list(BODIES)


def worst(name: str, draft: bytes) -> tuple[Sent, set[int]]:
    """Give the request of a name in `WORST`, in a form of this draft, and the answers that may come."""
    if name in BODIES:
        body, kind, may = BODIES[name]
        return Sent(body, kind), may
    what, _, how = name.rpartition(", ")
    parts, may = FORMS[what]
    form = [Part(b"draft", draft), *parts, Part(b"do", b"review")]
    return (
        Sent(multipart(form), MULTIPART) if how == "in parts" else Sent(urlencoded(form), URLENCODED)
    ), may
