"""A desk whose server has moved on, so that this month's keys may be destroyed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from crypto import keyfile
from crypto.epoch import Epoch
from crypto.keyfile import DeskKeys
from crypto.paper import read_words
from crypto.secret import RecoverySecret
from tests.desk.conftest import DeskUnderTest

NOW = Epoch.of(datetime.now(UTC).date())
NEXT = NOW.next()
DESTROY = ("keys", "destroy", "--before", str(NEXT))


def keys_of(desk: DeskUnderTest, phrase: str = "practice") -> DeskKeys:
    return keyfile.unlocked((desk.home / "desk.keys").read_bytes(), phrase)


def files_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def recovery_of(desk: DeskUnderTest) -> RecoverySecret:
    return read_words((desk.home / "recovery.words").read_text(), RecoverySecret)


def case_of(desk: DeskUnderTest, text: str) -> str:
    found = [case["case"] for case in desk.json("list") if text in case["begins"]]
    assert len(found) == 1
    return str(found[0])


def fill(desk: DeskUnderTest, folder: Path) -> None:
    """Import three cases of this month, two with a file."""
    parcel = desk.parcel()
    parcel.add("the first one", [("a.txt", b"hello")])
    parcel.add("the second one")
    parcel.add("the third one", [("b.txt", b"hello again")])
    desk.done("import", parcel.write(folder / "out.tar"))


def move_on(desk: DeskUnderTest, folder: Path) -> None:
    """Let the server seal to the next month, and hold nothing of this one."""
    desk.done("keys", "renew", "--oldest", NEXT)
    desk.done("import", desk.parcel().write(folder / "empty.tar"))
