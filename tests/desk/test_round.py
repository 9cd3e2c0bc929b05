"""All the way round: a report on a real store, exported, opened, answered, carried back, read, deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

import commands
from crypto.attachment import AttachmentSealer
from crypto.envelope import Kind
from crypto.mailbox import OpenedReply
from crypto.seal import sealed
from crypto.teamkeys import TeamKeys
from payload import AttachedFile, FollowUp, Reply, Report
from store import Store
from tests.desk.bundles import today
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source, answered
from tests.engine import open_store

DRAFT = b"d" * 16
BIG = bytes(range(256)) * 80_000  # 20 MB


@dataclass
class Settings:
    """Where the list of keys is."""

    team_keys: Path


@dataclass
class Server:
    """A server's store and commands, and the stick between it and the desk."""

    store: Store
    team_keys: TeamKeys
    settings: Settings
    desk: DeskUnderTest
    stick: Path
    number: int = 0

    def today(self) -> object:
        return today()

    def note_machine(self) -> None:
        """It has its store alone."""

    def run(self, command: str, file: Path) -> str:
        """Run one of its commands."""
        app = Flask(__name__)
        app.extensions["vigil"] = self
        commands.register(app)
        runner: FlaskCliRunner = app.test_cli_runner()
        result = runner.invoke(args=[command, str(file)])
        assert result.exit_code == 0, result.output
        return result.output

    def keep(self, source: Source, sent: Report | FollowUp) -> None:
        """Take in what a source sent, as the site does."""
        epoch = self.team_keys.epoch(today())
        envelope = sealed(Kind.INCOMING, epoch, self.team_keys.recipients(epoch), sent.to_bytes())
        blobs = [file.blob for file in sent.files]
        self.store.keep_report(
            envelope, blobs, source.box.own_ids, lambda row: source.box.seal_record(row, blobs)
        )

    def attach(self, name: str, data: bytes) -> AttachedFile:
        """Take in a file."""
        sealer = AttachmentSealer()
        blob = self.store.start_blob()
        for piece in (sealer.write(data), *sealer.finish()):
            blob.write(piece)
        blob.finish()
        return AttachedFile(
            blob.id, sealer.key.reveal(), name, "", len(data), sealer.sha256(), sealer.sealed_sha256()
        )

    def to_desk(self) -> str:
        """Carry a bundle to the desk."""
        self.number += 1
        file = self.stick / f"{self.number}-out.tar"
        self.run("export", file)
        return self.desk.done("import", file)

    def from_desk(self, *, lost: bool = False) -> str:
        """Carry a bundle from the desk, or lose it."""
        self.number += 1
        file = self.stick / f"{self.number}-back.tar"
        self.desk.done("export", file)
        return "" if lost else self.run("import", file)

    def places(self, source: Source) -> list[bytes]:
        """Give where replies to a source may lie."""
        return [slot for desk in self.team_keys.desks for slot in source.box.reply_ids(desk.sign_public)]

    def read(self, source: Source) -> list[tuple[OpenedReply, Reply]]:
        """Give what a source reads."""
        ids = [slot for desk in self.team_keys.desks for slot in source.box.reply_ids(desk.sign_public)]
        found = [
            source.box.open_reply(row.id, row.envelope, self.team_keys) for row in self.store.replies(ids)
        ]
        return [(opened, Reply.read(opened.body)) for opened in found]


@pytest.fixture
def server(desk: DeskUnderTest, tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "stick").mkdir()
    listed = tmp_path / "server.keys"
    listed.write_bytes((desk.home / "team.keys").read_bytes())
    store = open_store(tmp_path / "data", today=today)
    yield Server(store, TeamKeys.read(listed.read_bytes()), Settings(listed), desk, tmp_path / "stick")
    store.close()


def test_a_report_is_answered_read_followed_up_and_deleted(server: Server, tmp_path: Path) -> None:
    desk, source, stranger = server.desk, Source(), Source()
    photo = server.attach("photo.jpg", b"a photo")
    server.keep(source, source.report(DRAFT, files=(photo,)))
    server.keep(stranger, stranger.report(b"s" * 16, "somebody else"))
    server.to_desk()
    case = next(one["case"] for one in desk.json("list") if one["files"])
    file = tmp_path / "leaflet.pdf"
    file.write_bytes(BIG)
    answered(desk, tmp_path, case, "Which yard? 🙂", "--file", file)
    server.from_desk(lost=True)
    server.from_desk()
    ((opened, reply),) = server.read(source)
    assert (opened.desk, reply.text, reply.files[0].size) == ("practice", "Which yard? 🙂", len(BIG))
    assert server.read(stranger) == []
    # The report is gone from the server, and its file with it; the mailbox still says that it was collected.
    assert [row.state.name for row in server.store.slots(source.box.own_ids)] == ["COLLECTED"]
    server.keep(source, source.follow_up(b"f" * 16, "The one by the river."))
    assert "1 reply has arrived" in server.to_desk()
    shown = desk.done("show", case)
    assert "delivered: it lies in the source's mailbox" in shown
    assert "  | The one by the river." in shown
    # Deleted, it stays deleted: neither a late bundle nor the next one puts it back.
    answered(desk, tmp_path, case, "One more thing.")
    server.from_desk()
    assert len(server.read(source)) == 2
    server.store.delete(replies={row.id: () for row in server.store.replies(server.places(source))})
    server.from_desk()
    assert server.read(source) == []
    assert server.to_desk().startswith("0 sends (reports and follow-ups) new, 0 here already")
    assert len(desk.json("list")) == 2


def test_a_refused_reply_arrives_by_the_next_bundle(server: Server, tmp_path: Path) -> None:
    desk, source = server.desk, Source()
    server.keep(source, source.report(DRAFT))
    server.to_desk()
    (case,) = (one["case"] for one in desk.json("list"))
    file = tmp_path / "a.txt"
    file.write_bytes(b"the file")
    answered(desk, tmp_path, case, "Hello", "--file", file)
    # Somebody was there before: of 32 places it can only be the one that this reply goes to.
    sign = server.team_keys.desks[0].sign_public
    for slot in source.box.reply_ids(sign)[:31]:
        server.store.keep_reply(slot, b"something else", expires=today().replace(year=2099))
    for number in range(32):
        out = server.stick / f"try-{number}.tar"
        desk.done("export", out)
        app = Flask(__name__)
        app.extensions["vigil"] = server
        commands.register(app)
        taken = app.test_cli_runner().invoke(args=["import", str(out)])
        server.to_desk()
        if taken.exit_code == 0:
            break
        assert "refused" in taken.output
    assert desk.json("show", case)["replies"][0]["delivered"] == 1
