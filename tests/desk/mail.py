"""Sources and a server for tests of what goes back: real mailboxes, and what a server makes of a bundle."""

import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from crypto.back import BackReader
from crypto.mailbox import Mailbox as Box
from crypto.mailbox import OpenedReply
from crypto.open_attachment import opened
from crypto.returncode import root
from crypto.secret import AttachmentKey, ReturnCode
from crypto.teamkeys import TeamKeys
from payload import FollowUp, Mailbox, Reply, Report
from tests.desk.bundles import Parcel, today
from tests.desk.conftest import DeskUnderTest
from tests.payload.reports import plain_report


@dataclass
class Source:
    """Somebody with a return code."""

    box: Box = field(default_factory=lambda: Box(root(ReturnCode.new())))

    @property
    def mailbox(self) -> Mailbox:
        """What their report says of their mailbox."""
        return Mailbox(bytes(self.box.public), self.box.reply_key.reveal())

    def report(self, draft: bytes, words: str = "A van at the yard again.", **changed: object) -> Report:
        """Give a report of theirs, without files unless told otherwise."""
        return plain_report(
            **{
                "draft": draft,
                "what_happened": words,
                "files": (),
                "mailbox": self.mailbox,
                "received_on": today(),
                **changed,
            }
        )

    def follow_up(self, draft: bytes, words: str, received_on: date | None = None) -> FollowUp:
        """Give a follow-up of theirs."""
        return FollowUp(draft, received_on or today(), "en", self.mailbox, words)


@dataclass
class Carried:
    """A bundle that came to the server: what is marked, and its members."""

    seq: int
    desk: bytes
    not_after: date
    collected: list[str]
    gone: list[str]
    members: dict[str, bytes]

    def replies(self) -> dict[bytes, bytes]:
        """Give the replies by slot."""
        return {
            bytes.fromhex(name.removeprefix("reply/")): data
            for name, data in self.members.items()
            if name.startswith("reply/")
        }

    def blob(self, blob: bytes) -> bytes:
        """Give a sealed file."""
        return self.members[f"blob/{blob.hex()}"]


def carried(desk: DeskUnderTest, file: Path) -> Carried:
    """Read a bundle as the server does, its signature checked."""
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    with file.open("rb") as source:
        reader = BackReader(source)
        signer = next(one for one in team.desks if one.sign_public == reader.heading.desk)
        reader.verify(signer.sign_public)
        found = Carried(
            reader.heading.seq,
            reader.heading.desk,
            reader.heading.not_after,
            [digest.hex() for digest in reader.collected()],
            [blob.hex() for blob in reader.gone()],
            {entry.name: b"".join(entry.pieces()) for entry in reader},
        )
        assert reader.damage == []
    return found


def read_in(source: Source, desk: DeskUnderTest, bundle: Carried) -> list[tuple[OpenedReply, Reply]]:
    """Give what a source reads in their mailbox, once a bundle came: signatures are checked."""
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    replies = bundle.replies()
    there = [slot for slot in source.box.reply_ids(bundle.desk) if slot in replies]
    found = [source.box.open_reply(slot, replies[slot], team) for slot in there]
    return [(reply, Reply.read(reply.body)) for reply in found]


def slots_of(source: Source, bundle: Carried) -> list[bytes]:
    """Give the slots of a source's mailbox that a bundle fills."""
    replies = bundle.replies()
    return [slot for slot in source.box.reply_ids(bundle.desk) if slot in replies]


def file_of(reply: Reply, bundle: Carried, number: int = 0) -> bytes:
    """Open a file of a reply."""
    file = reply.files[number]
    return b"".join(opened(io.BytesIO(bundle.blob(file.blob)), AttachmentKey(file.key), file.size))


def took_in(
    desk: DeskUnderTest, tmp_path: Path, *sent: Report | FollowUp, parcel: Parcel | None = None
) -> str:
    """Import what sources sent, and give the name of the first case."""
    parcel = parcel or desk.parcel()
    for one in sent:
        parcel.add_report(one)
    desk.done("import", parcel.write(tmp_path / "in.tar"))
    return str(desk.json("list")[0]["case"])


def wrote(tmp_path: Path, words: str) -> Path:
    """Write a text file."""
    path = tmp_path / "words.txt"
    path.write_bytes(words.encode())
    return path


def answered(desk: DeskUnderTest, tmp_path: Path, case: str, words: str = "Thank you.", *more: object) -> Any:
    """Reply to a case, and give what it said."""
    return desk.json("reply", case, "--text-file", wrote(tmp_path, words), *more)


def exported(desk: DeskUnderTest, tmp_path: Path, name: str = "back.tar") -> Carried:
    """Export, and read the bundle as the server does."""
    desk.done("export", tmp_path / name)
    return carried(desk, tmp_path / name)


def everything(folder: Path) -> dict[str, bytes]:
    """Give what every file below a folder holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def spoil(path: Path) -> None:
    """Flip a bit of a file, as a disk does."""
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
