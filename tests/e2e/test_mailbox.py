"""A source comes back: by twelve words, in real browsers, without a cookie; and what is deleted is gone."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counts import SOAK, count
from tests.e2e.coming_back import OPEN, as_typed, mailbox
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.search import found
from tests.e2e.server import Site
from tests.e2e.steps import Browser, report
from tests.e2e.test_main_road import some_file
from tests.e2e.tornet import TorNet

SAID = "Which ‘white van’ <b>was</b> it?\n\nمرحبا 👀 Ünïcödé"  # noqa: RUF001 - as people write
MORE = "The second one & it came back 🚐\n  at night."


@pytest.fixture
def with_script(window: OpenWindow) -> Browser:
    return window(script=True)


@pytest.fixture
def without_script(window: OpenWindow) -> Browser:
    return window(script=False)


@pytest.fixture
def in_firefox(firefox: Firefox) -> Browser:
    return firefox


@pytest.fixture
def through_tor(tor: TorNet) -> Iterator[Browser]:
    browser = Firefox(tor.socks)
    yield browser
    browser.close()


WAYS = ["with_script", "through_tor", *(["without_script", "in_firefox"] if SOAK else [])]


@pytest.mark.parametrize("way", WAYS)
def test_the_team_asks_the_source_answers_and_deletes_and_the_desk_has_it_in_one_case(
    way: str, request: pytest.FixtureRequest, site: Site, desk: Desk, tmp_path: Path
) -> None:
    browser: Browser = request.getfixturevalue(way)
    url = f"http://{request.getfixturevalue('tor').onion}" if way == "through_tor" else site.url
    word = f"back{os.urandom(8).hex()}"
    photo = some_file(tmp_path / "photo.jpg", 90_000)
    words = report(browser, url).describe(word).attach(photo).send().code()

    # Nobody has carried anything yet.
    page = mailbox(browser, url).open(words)
    assert page.replies() == []
    (waiting,) = page.sent()
    assert "1 file" in waiting
    assert "still on this server" in waiting

    case = desk.take(site, tmp_path / "out1.tar").opened(word)["case"]
    asked = some_file(tmp_path / "Карта ‘7’.pdf", count(2_000_000, 20_000_000))  # noqa: RUF001 - as people name
    desk.reply(case, SAID, asked).give(site, tmp_path / "back1.tar")

    page = mailbox(browser, url).open(as_typed(words)[1])
    assert [" ".join(said.split()) for said in page.replies()] == [" ".join(SAID.split())]
    (collected,) = page.sent()
    assert "the team has it" in collected
    (tmp_path / "saved").mkdir()
    saved = page.save(tmp_path / "saved")
    assert hashlib.sha256(saved.read_bytes()).digest() == hashlib.sha256(asked.read_bytes()).digest()

    second = some_file(tmp_path / "second.mp4", 400_000)
    page.write(MORE).attach(second).send()
    assert len(page.sent()) == 2
    desk.take(site, tmp_path / "out2.tar")
    (shown,) = [each for each in desk.cases() if each["begins"].startswith(word)]
    assert shown["case"] == case
    written = desk.files(case, tmp_path / "files")
    sent = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (photo, second)}
    assert sent <= set(written.values())
    assert MORE.split("\n", 1)[0] in desk("show", case)

    assert "words open nothing now" in mailbox(browser, url).open(words).delete_all()
    assert "nothing here for these words" in mailbox(browser, url).enter(words).refused()
    # The desk has what it took.
    assert desk.opened(word)["case"] == case


def test_words_open_the_mailbox_however_they_are_typed_and_a_wrong_one_is_named(
    site: Site, firefox: Firefox, window: OpenWindow
) -> None:
    for browser in (firefox, window(script=True)):
        words = report(browser, site.url).describe("as people type").send().code()
        for typed in as_typed(words):
            mailbox(browser, site.url).open(typed)
        first, *others = words.split()
        wrong = first[0] + ("x" if first[1] != "x" else "z") + first[1:]
        page = mailbox(browser, site.url).enter(" ".join([wrong, *others]))
        assert wrong in page.refused()
        page.press(f"button[value=word-1-{first}]", OPEN)


def test_a_restart_while_somebody_writes_asks_for_the_words_and_loses_nothing(
    make_site: MakeSite, firefox: Firefox, window: OpenWindow, desk: Desk, tmp_path: Path
) -> None:
    for number, browser in enumerate((firefox, window(script=True))):
        site = make_site().start()
        words = report(browser, site.url).describe("begun").send().code()
        page = mailbox(browser, site.url).open(words).write(MORE)
        page.attach(some_file(tmp_path / "kept.bin", 70_000))
        # The key of the open page was in memory only.
        site.kill()
        site.start()
        page.press("#send", "#code")
        page.enter(words)
        assert (page.typed(), page.listed()) == (MORE, 1)
        page.send()
        desk.take(site, tmp_path / f"{number}.tar")
        site.stop()
    assert len(desk.cases()) == 2


def test_a_seized_server_has_no_word_of_the_code_of_a_reply_or_of_what_was_deleted(
    make_site: MakeSite, firefox: Firefox, desk: Desk, tmp_path: Path
) -> None:
    site = make_site().start()
    said, more = f"reply{os.urandom(8).hex()}", f"more{os.urandom(8).hex()}"
    words = report(firefox, site.url).describe("to be answered").send().code()
    desk.take(site, tmp_path / "out.tar")
    desk.reply(desk.cases()[0]["case"], said).give(site, tmp_path / "back.tar")
    page = mailbox(firefox, site.url).open(words).write(more).send()
    assert page.replies() == [said]
    needles = [words.encode(), "".join(words.split()).encode(), said.encode(), more.encode()]
    needles += [" ".join(word[:4] for word in words.split()).encode()]
    assert found(needles, *site.disks) == []
    page.delete_all()
    site.stop()
    assert found(needles, *site.disks) == []


def test_two_sources_see_nothing_of_each_other(
    site: Site, window: OpenWindow, firefox: Firefox, desk: Desk, tmp_path: Path
) -> None:
    one, other = window(script=True), firefox
    first, second = f"one{os.urandom(8).hex()}", f"other{os.urandom(8).hex()}"
    ours = report(one, site.url).describe(first).send().code()
    theirs = report(other, site.url).describe(second).send().code()
    desk.take(site, tmp_path / "out.tar")
    for word in (first, second):
        desk.reply(desk.opened(word)["case"], f"for {word}")
    desk.give(site, tmp_path / "back.tar")
    for browser, words, mine in ((one, ours, first), (other, theirs, second)):
        page = mailbox(browser, site.url).open(words)
        assert page.replies() == [f"for {mine}"]
        assert len(page.sent()) == 1
    assert "words open nothing now" in mailbox(one, site.url).open(ours).delete_all()
    assert mailbox(other, site.url).open(theirs).replies() == [f"for {second}"]
