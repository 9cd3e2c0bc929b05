"""A book of the desk under test, and words typed into its commands."""

import io
import sys
from datetime import date
from pathlib import Path

import pytest

from crypto import keyfile
from crypto.envelope import Kind
from crypto.keyfile import DeskKeys
from crypto.seal import sealed
from desk.book import Book, CaseFile, open_book
from desk.home import Home
from tests.desk.bundles import Parcel
from tests.desk.conftest import Answer, DeskUnderTest
from tests.desk.mail import Source, took_in


def keys_of(desk: DeskUnderTest) -> DeskKeys:
    """Give the practice desk's keys."""
    return keyfile.unlocked((desk.home / "desk.keys").read_bytes(), "practice")


def booked(desk: DeskUnderTest) -> Book:
    """Open the desk's book, as if for the first time."""
    return open_book(Home(desk.home), keys_of(desk))


def case_with(book: Book, words: str) -> CaseFile:
    """Give the one case that begins with these words."""
    (found,) = [file for file in book.files() if file.case.head.begins.startswith(words)]
    return found


def again(book: Book, file: CaseFile) -> CaseFile:
    """Give a case as it stands now."""
    return book.case(file.name)


def put_in(desk: DeskUnderTest, parcel: Parcel, body: bytes, kind: Kind) -> None:
    """Put an envelope into the casebook, as only who has the folder can."""
    envelope = sealed(kind, parcel.epoch, parcel.team.recipients(parcel.epoch), body)
    digest = parcel.add_envelope(envelope)
    (desk.home / "casebook" / "env").mkdir(parents=True, exist_ok=True)
    (desk.home / "casebook" / "env" / digest).write_bytes(envelope)


def typed(monkeypatch: pytest.MonkeyPatch, desk: DeskUnderTest, words: str, *arguments: object) -> Answer:
    """Run a command with these words on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(words.encode()), "utf-8"))
    return desk.run(*arguments)


def three_cases(desk: DeskUnderTest, tmp_path: Path) -> DeskUnderTest:
    """Take in three cases: one with two files, one of a source who can be answered, one more."""
    parcel = desk.parcel()
    parcel.add("A van at the yard", [("van.txt", b"hello"), ("b.txt", b"more")])
    parcel.add("Another thing", received_on=date(2026, 1, 2))
    took_in(desk, tmp_path, Source().report(b"d" * 16, "Three boys"), parcel=parcel)
    return desk
