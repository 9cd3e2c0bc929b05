"""The whole round in a real browser: a source reports, the desk reads, links, passes on and replies, and
the source reads that and adds to it.

What the source told of themselves goes no further than the case, and nothing readable stays on any disk but
the pack that staff asked for.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.counts import SOAK
from tests.desk.referral.test_no_contact import bare
from tests.desk.strangers.making import MARK, jpeg
from tests.e2e.chromium import Chromium
from tests.e2e.coming_back import mailbox
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.desk_steps import SHOWN, AtDesk, serving
from tests.e2e.firefox import Firefox
from tests.e2e.search import found
from tests.e2e.source import Source
from tests.e2e.steps import PROBLEMS, Browser, report
from tests.e2e.waiting import until

PHONE, MAIL = "07700 900123", "maria.k@example.org"  # the source's own
SHARED, PLATE = "07700 900456", "LX19 ABC"  # of whom they tell
BEGINS = "A white van brings boys to the yard behind the mill"
TOLD = (
    f"{BEGINS}. Their boss gives {SHARED} to all. When I asked, they wrote my number down: 0 7 7 0 0-900 123."
)
OTHER = f"Every Friday {PLATE} stops at the car wash. The driver says to ring +44 7700 900456."
CAPTION = "The van at the gate"
NOTE = "Ask the neighbour about Fridays."
REPLY = "Thank you. Which day was it?\nTake no risk to find out."
MORE = "It was a Friday, and it came back on Sunday."
ANSWERS = {
    "you-part": ["saw"],
    "vehicles-0-registration": PLATE.lower().replace(" ", ""),
    "consent-safe": "yes",
    "consent-may": ["keep", "investigate", "pass_without"],
    "consent-to": "any",
    "contact-how": f"Signal {PHONE}, or {MAIL}",
}


@pytest.fixture
def with_script(window: OpenWindow) -> tuple[Browser, Browser]:
    return window(script=True), window(script=True, width=1200)


@pytest.fixture
def without_script(window: OpenWindow) -> tuple[Browser, Browser]:
    return window(script=False), window(script=False, width=1200)


@pytest.fixture
def in_firefox(firefox: Firefox) -> Iterator[tuple[Browser, Browser]]:
    # At two computers, as they are: cookies know nothing of ports.
    staff = Firefox()
    yield firefox, staff
    staff.close()


# Of the marks that may be kept, that; of those that reach the source, that they go.
KEPT = "fieldset input[type=radio][value=keep]"
REMOVED = "fieldset:not(:has([value=keep])) input[type=radio][value=remove]"
WAYS = ["with_script", *(["without_script", "in_firefox"] if SOAK else [])]


def reads(staff: AtDesk) -> None:
    """Open the case, with what the source told of themselves apart; note, and grade it."""
    rows = staff.inbox()
    assert len(rows) == 2
    assert all("unread" in row for row in rows)
    staff.open_case(BEGINS)
    report_part, source_part = staff.text(".said-there"), staff.text("section.source")
    assert source_part in report_part
    for value in (PHONE, MAIL):
        assert value in source_part
        assert value not in report_part.replace(source_part, "")
    assert bare(PLATE) in bare(report_part)
    staff.note(NOTE).grade("2", "B", "P")
    assert "unread" not in "".join(row for row in staff.inbox() if BEGINS in row)


def looks(staff: AtDesk) -> None:
    """Look at the photo: blurred, then clearly, then at what it carries."""
    staff.open_case(BEGINS).press('a[href$="/file/1/"]', "#clean")
    assert CAPTION in staff.text("main .facts")
    staff.press('a[href$="/blurred/0"]', f"{SHOWN}[alt*=blurred]")
    staff.press('a[href$="/clear/0"]', f"{SHOWN}[alt*=sent]")
    if isinstance(staff.browser, Chromium) and staff.browser.script:
        wide = "() => document.querySelector('main img').naturalWidth"
        until(lambda: staff.browser.page.evaluate(wide) == 64, "picture")
    staff.reach("file/1/", "#clean").reach("carries", "#facts-1")
    assert MARK in staff.text("main")
    assert "53.41" in staff.text("main")


def passes_on(staff: AtDesk, out: Path) -> None:
    """Pass the case on: nothing is written before all is decided, and nothing of the source then."""
    staff.open_case(BEGINS).choose("modern-slavery-helpline", 1)
    staff.write_pack(out, PROBLEMS)
    assert "must be decided" in staff.text(PROBLEMS)
    assert not out.exists()
    browser = staff.browser
    for css in KEPT, REMOVED:
        for place in range(browser.count(css)):
            browser.click(css, place)
    for number in range(browser.count("input[type=checkbox][name^=yes-]")):
        browser.click(f"input[name=yes-{number}]")
        if browser.count(f"input[name=because-{number}]"):
            browser.fill(f"input[name=because-{number}]", "The number is the ring's.")
    staff.write_pack(out)
    assert "Modern Slavery" in staff.text("#work")
    assert "graded 2BP, 1 file, pack" in staff.text("#work")

    with zipfile.ZipFile(out) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    assert set(members) == {"referral.pdf", "referral.json", "files/file-1.jpg", "SHA256SUMS"}
    paper = PdfReader(io.BytesIO(members["referral.pdf"]))
    printed = "".join(sheet.extract_text() for sheet in paper.pages)
    told = json.loads(members["referral.json"])
    for said in (printed, json.dumps(told, ensure_ascii=False)):
        for value in (BEGINS, SHARED, PLATE):
            assert bare(value) in bare(said)
    assert "2BP" in bare(printed).upper()
    everything = [printed, str(paper.metadata), *(data.decode("latin-1") for data in members.values())]
    for said in everything:
        for value in (PHONE.removeprefix("0"), MAIL, "Signal", NOTE, MARK):
            assert bare(value) not in bare(said)
    with Image.open(io.BytesIO(members["files/file-1.jpg"])) as copy:
        assert (copy.size, dict(copy.getexif())) == ((64, 48), {})


@pytest.mark.parametrize("way", WAYS)
def test_from_the_form_to_the_agency_and_back_to_the_mailbox(
    way: str, request: pytest.FixtureRequest, make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    theirs, ours = request.getfixturevalue(way)
    site = make_site().start()
    other = Source(site.address)
    photo = tmp_path / "IMG_0412.jpg"
    photo.write_bytes(jpeg())
    page = report(theirs, site.url).describe(TOLD).fill(ANSWERS).attach(photo).caption(0, CAPTION)
    words = page.send().code()
    assert other.send(OTHER)

    with serving(desk.home) as served:
        staff = AtDesk(ours, served.start).unlock()
        assert "2 sends new" in staff.take_in(site.export(tmp_path / "out1.tar"))
        reads(staff)
        looks(staff)
        staff.confirm(PLATE.replace(" ", ""))
        assert "confirmed" in staff.open_case(BEGINS).text("#work .connected")
        passes_on(staff, tmp_path / "referral.zip")

        staff.open_case(BEGINS).reply(REPLY).wait_for("Leaves with the next export", ".ours")
        assert "1 reply" in staff.give(tmp_path / "back1.tar")
        site.take(tmp_path / "back1.tar")
        box = mailbox(theirs, site.url).open(words)
        assert [" ".join(said.split()) for said in box.replies()] == [" ".join(REPLY.split())]
        assert "the team has it" in box.sent()[0]
        box.write(MORE).send()

        said = staff.take_in(site.export(tmp_path / "out2.tar"))
        assert "1 send new" in said
        assert "1 reply has arrived in the mailboxes" in said
        (row,) = [row for row in staff.inbox() if BEGINS in row]
        assert "unread" in row
        assert "1 added" in row
        staff.open_case(BEGINS).wait_for(MORE, "article.theirs")
        assert "Delivered: it lies in the source's mailbox" in staff.text("article.ours")
        staff.lock()

    kept = (TOLD, OTHER, PHONE, SHARED, MAIL, PLATE, CAPTION, NOTE, REPLY, MORE, MARK, words, photo.name)
    assert found([each.encode() for each in kept], desk.home, site.folder) == []
    told = [each for each in (theirs, ours) if isinstance(each, Chromium)]
    # The page that says what is still open has an error's status.
    assert [line for each in told for line in each.told if "422" not in line] == []
