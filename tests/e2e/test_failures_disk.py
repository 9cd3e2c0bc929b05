"""A real disk that gets full or read-only: what a visitor sees; and once it is mended, nothing is lost."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import MakeSite
from tests.e2e.desk import Desk
from tests.e2e.http_client import request
from tests.e2e.small_disk import BELOW_FILES, BELOW_TEXTS, Ext4, SmallSite
from tests.e2e.source import Source
from tests.e2e.test_failures import WORDS, answer, begun
from tests.e2e.waiting import until

PAGES = ["/", "/report", "/mailbox", "/contact", "/keys", "/healthz", "/safety"]
A_FEW_MB = 4_000_000
LARGEST = 600_000  # bytes that a file may have, in the last test


@pytest.fixture
def small(small_disk: None, practice: Path, tmp_path: Path) -> Iterator[SmallSite]:
    """A running server on a disk of its own."""
    site = SmallSite(tmp_path / "small", practice / "data")
    with closing(site):
        yield site.start()


def pages_answer(site: SmallSite) -> bool:
    """Whether whoever only reads notices nothing."""
    said = {path: request(site.address, "GET", path).status for path in PAGES}
    assert set(said.values()) == {200}, said
    return True


def refused(source: Source) -> None:
    """Press send, and see that it could not be stored, and that all of it is still in the form."""
    tokens = len(source.form.tokens)
    assert not source.send()
    assert source.answer.status == 503
    assert "We cannot store anything now. Keep your words, and try again later." in source.answer.text
    assert source.form.value("what_happened") == WORDS
    assert len(source.form.tokens) == tokens


def test_a_disk_that_fills_up_in_an_upload_costs_the_file_and_no_word(
    small: SmallSite, desk: Desk, tmp_path: Path
) -> None:
    source = Source(small.address).write(WORDS)
    sock, rest = begun(small, source, b"f" * 1_000_000, left=800_000)
    until(lambda: any((small.disk.seen / "blobs").iterdir()), "file under way")
    small.disk.change(f"size={BELOW_FILES}")
    with closing(sock):
        page = answer(sock, rest)
    assert page is not None
    source.answer = page
    assert page.status == 422
    assert "“film.mp4” could not be stored now. You can send your words without it." in page.text
    assert not any((small.disk.seen / "blobs").iterdir())
    assert source.send()
    assert desk.take(small, tmp_path / "bundle.tar").opened(WORDS)["files"] == []


def test_below_the_reserve_no_report_is_taken_and_the_same_form_goes_once_there_is_room(
    small: SmallSite, desk: Desk, tmp_path: Path
) -> None:
    source = Source(small.address).attach(("a.bin", b"a" * 70_000), text=WORDS)
    small.disk.change(f"size={BELOW_TEXTS}")
    refused(source)
    assert pages_answer(small)
    small.disk.free()
    assert source.send()
    (file,) = desk.take(small, tmp_path / "bundle.tar").opened(WORDS)["files"]
    assert file["size"] == 70_000


def test_without_a_byte_free_pages_answer_the_server_starts_and_what_was_received_is_kept(
    small: SmallSite, desk: Desk, tmp_path: Path
) -> None:
    assert Source(small.address).send("before it")
    source = Source(small.address).attach(("a.bin", b"a" * 70_000), text=WORDS)
    small.disk.fill()
    refused(source)
    assert pages_answer(small)
    # Nothing is damaged by a kill here. With a few MB free, what is there can be carried off.
    small.kill()
    small.start()
    assert pages_answer(small)
    refused(source)
    small.disk.change(f"size={small.disk.taken() + A_FEW_MB}")
    desk.take(small, tmp_path / "full.tar").opened("before it")
    small.disk.free()
    assert source.send()
    desk.take(small, tmp_path / "bundle.tar").opened(WORDS)
    assert len(desk.cases()) == 2


def test_a_disk_that_turns_read_only_keeps_what_was_received_and_every_word_that_was_typed(
    loop_disk: None, practice: Path, desk: Desk, tmp_path: Path
) -> None:
    with closing(
        SmallSite(tmp_path / "ext4", practice / "data", lambda at: Ext4(at, tmp_path / "image"))
    ) as site:
        disk = site.start().disk
        assert isinstance(disk, Ext4)
        assert Source(site.address).send("before it")
        source = Source(site.address).attach(("a.bin", b"a" * 70_000), text=WORDS)
        assert source.review()
        disk.fail()
        refused(source)
        assert pages_answer(site)
        source.attach(("b.bin", b"b" * 70_000))
        assert source.answer.status == 422
        assert "“b.bin” could not be stored now." in source.answer.text
        site.kill()
        disk.mend()
        site.start()
        assert source.send()
        (file,) = desk.take(site, tmp_path / "bundle.tar").opened(WORDS)["files"]
        assert file["name"] == "a.bin"
        assert len(desk.cases()) == 2


def test_a_server_cannot_start_on_a_read_only_disk_and_says_so(small: SmallSite) -> None:
    assert Source(small.address).send(WORDS)
    small.kill()
    small.disk.change("ro")
    process = small.spawn()
    assert process.wait(60) != 0
    lines = [line for line in small.output().splitlines() if line.startswith("vigil: ")]
    assert [line.split(": ")[1] for line in lines[-2:]] == ["error", "hint"]
    assert "Read-only file system" in lines[-2] or "READONLY" in lines[-2]
    small.disk.change("rw")
    small.start()
    assert pages_answer(small)


def test_a_write_that_fails_in_the_middle_of_a_file_costs_that_file_and_no_word(
    linux: None, make_site: MakeSite, desk: Desk, tmp_path: Path
) -> None:
    # The kernel takes no byte beyond this of any file, as where a quota is used up.
    site = make_site(prefix=["prlimit", f"--fsize={LARGEST}"]).start()
    source = Source(site.address).attach(("film.mp4", b"f" * 2 * LARGEST), text=WORDS)
    assert source.answer.status == 422
    assert "“film.mp4” could not be stored now." in source.answer.text
    assert not any((site.data / "blobs").iterdir())
    assert source.attach(("a.bin", b"a" * 70_000)).send()
    (file,) = desk.take(site, tmp_path / "bundle.tar").opened(WORDS)["files"]
    assert file["name"] == "a.bin"
