"""Bundles that go back, made without a desk."""

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from flask.testing import FlaskCliRunner

from crypto import xwing
from crypto.back import BackHeading, BackMember, BackWriter
from crypto.keyfile import DeskKeys
from crypto.primitives import signing_public
from crypto.reply import seal_reply
from crypto.secret import EpochSeed
from crypto.teamkeys import TeamKeys

MAILBOX = xwing.PublicKey(xwing.public_of(EpochSeed(bytes(range(32)))))


@dataclass
class Parcel:
    """What a desk sends back: marks, and members' bytes by name."""

    desk: DeskKeys
    seq: int = 1
    not_after: date = date(2027, 1, 21)
    team_version: int = 7
    collected: set[bytes] = field(default_factory=set)
    gone: set[bytes] = field(default_factory=set)
    members: dict[str, bytes] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)

    def reply(self, body: bytes = b"Thank you.", slot: bytes | None = None) -> bytes:
        """Add a reply; give its slot."""
        slot = slot or os.urandom(16)
        self.members[f"reply/{slot.hex()}"] = seal_reply(MAILBOX, slot, body, self.desk.sign)
        return slot

    def blob(self, data: bytes) -> bytes:
        """Add a file of a reply; give its id."""
        blob = os.urandom(16)
        self.members[f"blob/{blob.hex()}"] = data
        return blob

    def keys(self, team: bytes) -> None:
        """Add a list of keys."""
        self.members["team.keys"] = team
        self.team_version = TeamKeys.read(team).version

    def mark(self, envelopes: Iterable[bytes] = (), blobs: Iterable[bytes] = ()) -> None:
        """Add marks on envelopes and blobs."""
        self.collected |= {sha256(envelope).digest() for envelope in envelopes}
        self.gone |= set(blobs)

    def again(self) -> None:
        """Make it the next bundle, which repeats what was in this one, and says so."""
        new = {name: self.seq for name in self.members if name != "team.keys"}
        self.since = new | self.since
        self.seq += 1

    def data(self) -> bytes:
        """Write the bundle."""
        out = io.BytesIO()
        heading = BackHeading(
            signing_public(self.desk.sign.reveal()), self.seq, self.not_after, self.team_version
        )
        members = [
            BackMember(name, len(data), sha256(data).digest(), self.since.get(name))
            for name, data in sorted(self.members.items())
        ]
        writer = BackWriter(out, heading, sorted(self.collected), sorted(self.gone), members, self.desk.sign)
        for member in members:
            writer.add(member, io.BytesIO(self.members[member.name]))
        writer.finish()
        return out.getvalue()

    def write(self, path: Path) -> Path:
        """Write the bundle into a file."""
        path.write_bytes(self.data())
        return path

    def hole(self, data: bytes, name: str) -> bytes:
        """Damage one member of the written bundle."""
        place = data.index(self.members[name])
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def taken(runner: FlaskCliRunner, path: Path, exit_code: int = 0) -> tuple[list[str], list[str]]:
    """Import a bundle; give the lines of both outputs without their beginning."""
    result = runner.invoke(args=["import", str(path)])
    assert result.exit_code == exit_code, result.output
    return (
        [line.removeprefix("vigil: ") for line in result.stdout.splitlines()],
        [line.removeprefix("vigil: ") for line in result.stderr.splitlines()],
    )
