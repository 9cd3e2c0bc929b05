"""A lock is on what is in a file: the same file sent again, sealed anew, is locked too, in whatever case."""

from pathlib import Path

import pytest

from desk.book import open_book
from desk.book.locks import is_locked
from desk.home import Home
from payload.changes import Lock
from tests.desk.conftest import DeskUnderTest

SAME = b"the same picture"


@pytest.mark.parametrize("whole", [False, True], ids=["the file", "its whole case"])
def test_a_lock_covers_the_same_file_wherever_it_came(
    desk: DeskUnderTest, tmp_path: Path, whole: bool
) -> None:
    parcel = desk.parcel()
    parcel.add("It came twice.", [("a.jpg", SAME), ("b.jpg", SAME), ("c.txt", b"another")])
    parcel.add("And in another case.", [("d.jpg", SAME)])
    desk.done("import", parcel.write(tmp_path / "bundle.tar"))
    home = Home(desk.home)
    book = open_book(home, home.read_keys())
    first, other = sorted(book.files(), key=lambda file: -len(file.attachments))
    sealed = "" if whole else first.attachments[0].sealed_sha256.hex()
    book.add(first, Lock(sealed, True, "not ours to hold"), "Ann")
    files = book.files()
    told = [is_locked(files, file, one) for file in files for one in file.attachments if one.name != "c.txt"]
    assert told == [True, True, True]
    another = next(one for one in first.attachments if one.name == "c.txt")
    assert is_locked(files, book.case(first.name), another) is whole
    answer = desk.run("files", other.name, "--out", tmp_path / "out")
    assert (answer.status, (tmp_path / "out" / "d.jpg").exists()) == (1, False)
    answer = desk.run("metadata", other.name, 1)
    assert (answer.status, "locked" in answer.err) == (1, True)
    book.add(first, Lock(sealed, False), "Ann")
    assert not any(is_locked(book.files(), other, one) for one in other.attachments)
