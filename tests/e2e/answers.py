"""Every answer that somebody can get to see: each route with real values, each state, each refusal.

Asked once of a running server, so that all judges look at the same. A route that takes no value is asked by
itself; any other needs a line here, and test_everything.py fails for one that has none.
"""

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, abort

from payload.limits import MAX_ENTRIES
from payload.outline import SECTIONS
from tests import site as in_process
from tests.e2e import filled, newsroom
from tests.e2e.answers_mailbox import mailbox
from tests.e2e.answers_pressure import pressed
from tests.e2e.desk import Desk
from tests.e2e.http_client import Answer, Files, multipart, request
from tests.e2e.server import Site
from tests.e2e.source import Form, Source
from web.error_words import WORDS

LONG = "Wort" * 60
ODD = '"><script>&amp; مرحبا'
FILE = "x" * 9_000
TOO_LARGE = b"x" * 1_100_000  # with VIGIL_MAX_FILE_MB=1
# What a piece for HTMX stands in, as on its page.
FRAME = (
    '<!doctype html><html lang="en"><head><title>A piece</title></head><body><h1>A piece</h1>{}</body></html>'
)
ENTRY = '<form action="/report"><p id="short">Up to 300</p><p id="long">Up to 5,000</p>{}</form>'
HTMX = {"HX-Request": "true"}
# Routes that answer only when they are told what for.
WITH_VALUES = {"/report/more"}
Fields = list[tuple[str, str]]


@dataclass
class Answers:
    """What the server ``site`` answered, by a name for each: ``every`` as it came; of these, ``pages`` are
    whole, ``pieces`` are for HTMX and stand in a frame here. ``asked`` are the methods and paths."""

    site: Site
    every: dict[str, Answer] = field(default_factory=dict)
    pages: dict[str, Answer] = field(default_factory=dict)
    pieces: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, name: str, answer: Answer, status: int = 200, around: str = "{}") -> Answer:
        """Put an answer where it belongs; it must have this status."""
        assert answer.status == status, (name, answer.status, answer.body[:2_000])
        assert name not in self.every
        self.every[name] = answer
        if not answer.header("Content-Type").startswith("text/html"):
            return answer
        if answer.text.lstrip().lower().startswith("<!doctype"):
            self.pages[name] = answer
        else:
            self.pieces[name] = FRAME.format(around.format(answer.text))
        return answer

    def get(self, path: str, status: int = 200, around: str = "") -> Answer:
        """Ask for a page; with ``around``, which has {} where it goes, for HTMX's piece of it."""
        self.asked.append(("GET", path))
        answer = request(self.site.address, "GET", path, headers=HTMX if around else {})
        return self.keep(f"GET {path}{' for HTMX' * bool(around)}", answer, status, around or "{}")

    def post(
        self, name: str, path: str, fields: Fields, status: int = 200, around: str = "", files: Files = ()
    ) -> Answer:
        """Send a form; with ``around`` as HTMX or a script of ours does."""
        self.asked.append(("POST", path))
        body, kind = multipart(fields, files)
        headers = {"Sec-Fetch-Site": "same-origin", **(HTMX if around else {})}
        answer = request(self.site.address, "POST", path, body, kind, headers)
        return self.keep(name, answer, status, around or "{}")


def everything(site: Site, application: Flask, desk: Desk, folder: Path) -> Answers:
    """Ask ``site``, on which newsroom.py's folder is published, for everything.

    ``application`` is the same site in this process, for its address map; ``desk`` can open what the site
    receives; ``folder`` is for a work folder.
    """
    found = Answers(site)
    for rule in application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule not in WITH_VALUES:
            found.get(rule.rule)
    reading(found)
    choosing(found)
    letters(found)
    contact(found)
    report(found)
    found.asked.append(("POST", "/mailbox"))
    for name, answer in mailbox(site, desk, folder).items():
        found.keep(name, answer, answer.status)
    refusals(found)
    failures(found, folder)
    for name, answer, status in pressed(folder / "pressed"):
        found.keep(name, answer, status)
    return found


def reading(found: Answers) -> None:
    """Articles of each kind, lists, the search, and what belongs to them."""
    for slug in (newsroom.LONGEST, newsroom.SHORT, newsroom.DRAFT):
        found.get(f"/articles/{slug}")
    corrected = found.get(f"/articles/{newsroom.CORRECTED}").text
    found.get(f"/articles/{newsroom.WITHDRAWN}", 410)
    found.get("/images/" + corrected.split('src="/images/', 1)[1].split('"', 1)[0])
    found.get("/static/" + corrected.split('href="/static/', 1)[1].split('"', 1)[0])
    found.get("/articles", 308)
    for path in (
        "/articles/?page=2",
        "/topics/dirty-money",
        "/topics/dirty-money?page=2",
        "/topics/county-lines/feed.atom",
        f"/bylines/{newsroom.BYLINE}",
        "/search?q=words",
        "/search?q=words&page=2",
        "/search?q=zzzz",
        f"/search?q={LONG[:190]}",
        "/search?q=%22%3E%3Cscript%3E",
        "/contact?to=letter",
    ):
        found.get(path)
    found.get("/articles/?page=2", around="<ol>{}</ol>")
    found.get("/search?q=words&page=2", around="<ol>{}</ol>")
    found.get("/search?q=words", around="<div>{}</div>")
    found.get("/search?q=zzzz", around="<div>{}</div>")


def choosing(found: Answers) -> None:
    """The agencies, with each answer to "is anyone in danger?", and one that nobody can choose."""
    for danger in ("yes", "unsure", "no", ODD):
        fields = [("what", "county-lines"), ("where", "wales"), ("danger", danger)]
        found.post(f"agencies, danger {danger}", "/agencies/", fields)
        found.post(f"agencies, danger {danger}, for HTMX", "/agencies/", fields, around="<div>{}</div>")


def letters(found: Answers) -> None:
    """A letter blank, filled, filled in an odd way, and refused; each as page, piece and file."""
    at = f"/letter/{newsroom.LETTER}"
    found.get(at)
    filled = [
        ("name", ODD),
        ("address", f"{LONG[:80]}\n{ODD}\nB1 1AA"),
        ("mp", LONG[:80]),
        ("constituency", ODD),
        ("date", "1 March"),
    ]
    for name, fields, status in (("filled", filled, 200), ("refused", [("name", LONG * 9)], 422)):
        found.post(f"letter {name}", at, fields, status)
        found.post(f"letter {name}, for HTMX", at, fields, status, around='<div id="sheet">{}</div>')
    plain = [("name", "Ann Neill"), ("mp", "Bo Berg")]
    for kind in ("pdf", "docx"):
        found.get(f"{at}.{kind}")
        found.post(f"letter as {kind}", f"{at}.{kind}", plain)
        found.post(f"letter refused as {kind}", f"{at}.{kind}", [("name", LONG * 9)], 422)
    found.post("letter that no font has", f"{at}.pdf", [("name", "\U00010330\U0001f9e8")], 422)


def contact(found: Answers) -> None:
    """The message refused for all that can be wrong with it, and received."""

    def form() -> Fields:
        page = request(found.site.address, "GET", "/contact").text
        return [("draft", Form(page).value("draft")), ("to", "team")]

    wrong = [("to", "nobody"), ("topic", "x" * 300), ("message", ""), ("reach", "x" * 600)]
    found.post("contact refused", "/contact", [form()[0], *wrong], 422)
    long = [("topic", LONG[:190]), ("message", LONG * 20), ("reach", LONG)]
    found.post("contact received", "/contact", [*form(), *long])
    found.post("contact received, no answer wanted", "/contact", [*form(), ("message", ODD)])
    found.post("contact with a spoiled draft", "/contact", [("draft", "x"), *form()[1:], *long], 422)


def report(found: Answers) -> None:
    """The report's form and its review in every state, and what its script is answered."""
    address = found.site.address
    found.asked.append(("POST", "/report"))
    source = Source(address).attach((f"{LONG}.jpg", FILE.encode()), ("", b"x"), text=f"<i>{LONG}</i>\n\n\n")
    found.keep("report with files", source.answer)
    source.press("remove", "0")
    found.keep("report with a file less", source.answer)
    source.review("x" * 100_001)
    found.keep("report too long", source.answer, 422)
    source.review(ODD)
    found.keep("report looked through", source.answer)
    source.press("do", "change-files")
    found.keep("report to be changed", source.answer)
    source.send()
    found.keep("report received", source.answer)
    answered(found)
    in_danger(found)
    wrong(found)
    uploads(found)
    for section in (section.name for section in SECTIONS if section.one):
        for number in (1, MAX_ENTRIES - 1):
            found.get(f"/report/more?section={section}&number={number}", around=ENTRY)
    found.get("/report/more?section=danger&number=1", 404, around="<div>{}</div>")
    for length in ("95000", "100001"):
        found.post(
            f"report of length {length}", "/report/check", [("length", length)], around="<div>{}</div>"
        )


def answered(found: Answers) -> None:
    """Every question answered, in two entries each, with files: the form, its review, and back."""
    source = Source(found.site.address)
    for section in ("places", "people", "in_need", "vehicles"):
        source.press("do", f"add-{section}")
    found.keep("report with entries", source.answer)
    source.attach((f"{LONG}.jpg", b"x"), ("b.txt", b"y")).write(ODD, filled.as_fields())
    source.write(said={"people-1-names": LONG, "contact-how": LONG}).caption(0, LONG).caption(1, ODD)
    found.keep("report with everything looked through", source.press("do", "review").answer)
    found.keep("report with everything", source.press("do", "change-people").answer)
    found.keep("report with an entry less", source.press("do", "drop-people-1").answer)
    assert source.send()
    found.keep("report with everything received", source.answer)
    full = [(f"vehicles-{number}-make", "x") for number in range(MAX_ENTRIES)]
    found.post("report with as many entries as fit", "/report", [*full, ("do", "attach")])


def in_danger(found: Answers) -> None:
    """Somebody in danger now is told whom to call on every page that follows."""
    source = Source(found.site.address).write(ODD, {"danger-now": "yes"})
    for name, do in (("to go on with", "attach"), ("looked through", "review"), ("received", "send")):
        assert "now" in source.press("do", do).form.ids
        found.keep(f"report in danger, {name}", source.answer)
    assert source.received


def wrong(found: Answers) -> None:
    """Nothing said, something wrong with every question and file, and answers to what is no longer asked."""
    source = Source(found.site.address)
    source.send("")
    found.keep("report empty", source.answer, 422)
    source.attach((f"{LONG}.jpg", b"x"), ("b.txt", b"y")).caption(0, LONG * 3).caption(1, LONG * 3)
    own = [(name, value) for name, value in source.controls("x" * 100_001) if "-" not in name]
    said = [(name, LONG * 25) for name in filled.as_fields()]
    more = [(f"vehicles-{number}-make", LONG * 2) for number in range(MAX_ENTRIES + 1)]
    for name, fields in (
        ("wrong in every question", said),
        ("with too many entries", more),
        ("with what is no longer asked", [("no-longer", LONG), ("asked-2-here", ODD)]),
    ):
        found.post(f"report {name}", "/report", [*own, *fields, ("do", "review")], 422)
    found.post("report with one entry too many", "/report", [*own, *more, ("do", "add-vehicles")], 422)
    spoiled = [("draft", "x"), ("file", "y"), ("caption", LONG), ("what_happened", "words")]
    found.post("report spoiled", "/report", spoiled, 422)


def uploads(found: Answers) -> None:
    """Files that are refused, and what the script is answered for each of its own."""
    fields = Source(found.site.address).controls("words")
    large = [("upload", f"{LONG}.mov", TOO_LARGE)]
    found.post("report with a file too large", "/report", [*fields, ("do", "attach")], 422, files=large)
    small = [("upload", "y", b"y")]
    one = [("do", "upload"), *fields, ("name", f"{LONG}.jpg")]
    found.post("report, one file", "/report", one, around="<ul>{}</ul>", files=small)
    found.post("report, one file refused", "/report", one, 422, around="<div>{}</div>", files=large)


def refusals(found: Answers) -> None:
    """What the running server refuses, each with its own page."""
    address = found.site.address
    body, kind = multipart([("danger", "yes"), ("message", "words"), ("name", "Ann")])
    large, large_kind = multipart([("name", "Ann"), ("x", "y" * 3_000_000)])
    letter = f"/letter/{newsroom.LETTER}"
    for status, method, path, sent, kind_sent, headers in (
        (400, "POST", "/agencies/", body[:-20], kind, {}),
        (403, "POST", "/agencies/", body, kind, {"Sec-Fetch-Site": "cross-site"}),
        (404, "GET", "/no/such/page", b"", "", {}),
        (405, "PUT", "/report", b"", "", {}),
        (413, "POST", "/agencies/", large, large_kind, {}),
        (415, "POST", "/agencies/", b"{}", "application/json", {}),
        (415, "POST", "/report", b"{}", "application/json", {}),
        # The forms that somebody wrote in come back with what had arrived.
        (400, "POST", "/report", body[:-20], kind, {}),
        (413, "POST", "/report", large, large_kind, {}),
        (400, "POST", "/contact", body[:-20], kind, {}),
        (413, "POST", "/contact", large, large_kind, {}),
        (422, "POST", letter, body[:-20], kind, {}),
        (422, "POST", letter, large, large_kind, {}),
    ):
        name = f"refused with {status}: {method} {path} with {len(sent):,} bytes"
        answer = request(address, method, path, sent, kind_sent, headers)
        found.keep(name, answer, status)
        answer = request(address, method, path, sent, kind_sent, {**headers, **HTMX})
        found.keep(f"{name}, for HTMX", answer, status, '<div id="told">{}</div>')


def failures(found: Answers, folder: Path) -> None:
    """Every error's page, of a site in this process that fails as it is told; nothing is published there."""
    site = in_process.Site.make(folder)

    def fail(status: int) -> str:
        if status == 500:
            raise RuntimeError("as a test wants it")
        abort(status)

    site.app.add_url_rule("/fail/<int:status>", view_func=fail)
    try:
        for path, status in [(f"/fail/{status}", status) for status in WORDS] + [("/articles/", 503)]:
            for headers, ending in ((None, ""), (HTMX, ", for HTMX")):
                told = site.client.get(path, headers=headers)
                answer = Answer(told.status_code, tuple(told.headers), told.data)
                found.keep(f"failed with {status}: {path}{ending}", answer, status, '<div id="told">{}</div>')
    finally:
        site.close()
