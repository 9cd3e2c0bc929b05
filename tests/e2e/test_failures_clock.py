"""A clock that jumps, a month forward or a day back: what a visitor sees, and what the desk opens.

The server and its commands are given another time by libfaketime; what counts seconds goes on as it does
where somebody sets a real clock.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.coming_back import mailbox
from tests.e2e.conftest import MakeSite
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.steps import PROBLEMS, report

WORDS = "Every word of it"
DAY, MONTH = timedelta(days=1), timedelta(days=31)
SetClock = Callable[[timedelta], None]


@pytest.fixture
def jumping(clock: None, make_site: MakeSite, tmp_path: Path) -> tuple[Site, SetClock]:
    """A running server, and what sets its clock: to now and so much more, or less."""
    said = tmp_path / "clock"

    def set_clock(jump: timedelta) -> None:
        said.with_suffix(".new").write_text(f"{int(jump.total_seconds()):+d}\n")
        said.with_suffix(".new").replace(said)

    set_clock(timedelta())
    (library, *_) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(said),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    return make_site(environment=environment).start(), set_clock


def received_on(desk: Desk, word: str) -> str:
    """The day on which the server says that it received this."""
    return str(desk.opened(word)["received_on"])


def in_days(jump: timedelta) -> set[str]:
    """The day that it is then; two of them, should midnight pass."""
    now = datetime.now(UTC) + jump
    return {str(now.date()), str((now - timedelta(minutes=10)).date())}


def test_a_clock_that_goes_back_a_day_costs_nobody_anything(
    jumping: tuple[Site, SetClock], desk: Desk, tmp_path: Path
) -> None:
    site, set_clock = jumping
    assert Source(site.address).send("before it")
    source = Source(site.address).attach(("a.bin", b"a" * 70_000), text=WORDS)
    set_clock(-DAY)
    assert source.attach(("b.bin", b"b" * 70_000)).send()
    assert Source(site.address).send("a new form")
    done = site.flask("sweep")
    assert done.returncode == 0, done.stderr
    # Set right again, the forms of that day go on too.
    late = Source(site.address).attach(("c.bin", b"c"), text="begun in the past")
    set_clock(timedelta())
    assert late.send()
    desk.take(site, tmp_path / "bundle.tar")
    assert len(desk.cases()) == 4
    assert [file["name"] for file in desk.opened(WORDS)["files"]] == ["a.bin", "b.bin"]
    assert received_on(desk, WORDS) in in_days(-DAY)


def test_a_clock_that_goes_forward_a_month_costs_the_files_of_open_forms_and_no_word(
    jumping: tuple[Site, SetClock], desk: Desk, tmp_path: Path
) -> None:
    site, set_clock = jumping
    kept = Source(site.address).attach(("kept.bin", b"k" * 70_000))
    assert kept.send("before it")
    source = Source(site.address).attach(("a.bin", b"a" * 70_000), text=WORDS).caption(0, "the van")
    set_clock(MONTH)
    assert not source.send()
    assert source.answer.status == 422
    assert "Some attached files were kept too long to be used. Attach them again." in source.answer.text
    assert "the van" in source.answer.text
    assert source.form.value("what_happened") == WORDS
    assert source.attach(("a.bin", b"a" * 70_000)).send()
    # The nightly sweep of a month that is not there takes nothing that was received.
    done = site.flask("sweep")
    assert done.returncode == 0, done.stderr
    set_clock(timedelta())
    assert Source(site.address).send("after it")
    # Nobody has to notice it by themselves.
    (told,) = [
        check for check in json.loads(site.flask("doctor", "--json").stdout) if check["name"] == "clock"
    ]
    assert told["ok"] is False
    assert "the clock was put back, or was ahead" in told["what"]

    desk.take(site, tmp_path / "bundle.tar")
    assert len(desk.cases()) == 3
    assert [file["size"] for file in desk.opened("before it")["files"]] == [70_000]
    assert [file["size"] for file in desk.opened(WORDS)["files"]] == [70_000]
    # The desk opens what was sealed for another month, and shows the day that the server took it for.
    assert received_on(desk, WORDS) in in_days(MONTH)
    assert received_on(desk, "after it") in in_days(timedelta())


@pytest.mark.parametrize("jump", [MONTH, -DAY], ids=["a month forward", "a day back"])
def test_an_open_mailbox_stays_open_whatever_the_clock_says(
    jumping: tuple[Site, SetClock], firefox: Firefox, desk: Desk, tmp_path: Path, jump: timedelta
) -> None:
    site, set_clock = jumping
    code = report(firefox, site.url).describe("before it").send().code()
    case = desk.take(site, tmp_path / "out.tar").opened("before it")["case"]
    desk.reply(case, "an answer").give(site, tmp_path / "back.tar")
    page = mailbox(firefox, site.url).open(code).write(WORDS)
    set_clock(jump)
    if jump == MONTH:
        # The form's own key has gone with its day; the one that the page rides on counts seconds.
        page.press("#send", PROBLEMS)
        assert "Nothing is lost: press Send again." in page.refused()
        assert page.typed() == WORDS
    page.send()
    assert page.look_again().replies() == ["an answer"]
    assert len(page.sent()) == 2


def test_a_clock_years_wrong_seals_to_months_that_the_team_has_keys_for(
    jumping: tuple[Site, SetClock], desk: Desk, tmp_path: Path
) -> None:
    site, set_clock = jumping
    for years in (-20, 20):
        set_clock(timedelta(days=365 * years))
        assert Source(site.address).send(f"{years} years")
    set_clock(timedelta())
    desk.take(site, tmp_path / "bundle.tar")
    assert {(case["begins"], case["state"]) for case in desk.cases()} == {
        ("-20 years", "complete"),
        ("20 years", "complete"),
    }
