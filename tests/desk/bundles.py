"""Bundles made without a server: reports sealed to a desk's own list, with their attachments."""

import io
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from crypto.attachment import AttachmentSealer
from crypto.bundle import BundleWriter, Heading, Member
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.seal import sealed
from crypto.teamkeys import TeamKeys
from payload import AttachedFile, Payload, Report


def today() -> date:
    """Give the day by UTC."""
    return datetime.now(UTC).date()


@dataclass
class Parcel:
    """What goes into a bundle: members' bytes by name."""

    team: TeamKeys
    epoch: Epoch
    seqs: dict[bytes, int] = field(default_factory=dict)
    refused: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    damaged: int = 0
    members: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def to(cls, team_keys: Path) -> "Parcel":
        """Begin an empty one, to the desks of a list."""
        team = TeamKeys.read(team_keys.read_bytes())
        return cls(team, team.epoch(today()))

    def add(
        self,
        text: str = "A van at the yard again.",
        files: Sequence[tuple[str, bytes]] = (),
        *,
        draft: bytes | None = None,
        received_on: date | None = None,
    ) -> Report:
        """Seal a report with files (name, bytes) as the server does, and give it."""
        report = Report(
            draft=draft or secrets.token_bytes(16),
            received_on=received_on or today(),
            language="en",
            what_happened=text,
            files=tuple(self._attach(name, data) for name, data in files),
        )
        self.add_report(report)
        return report

    def add_report(self, report: Payload) -> str:
        """Seal a report whose files are sealed already, or a contact; give the envelope's digest."""
        return self.add_body(report.to_bytes())

    def add_body(self, body: bytes) -> str:
        """Seal any bytes as the server does; give the envelope's digest."""
        return self.add_envelope(sealed(Kind.INCOMING, self.epoch, self.team.recipients(self.epoch), body))

    def add_envelope(self, envelope: bytes) -> str:
        """Add any bytes as an envelope; give their digest."""
        digest = sha256(envelope).hexdigest()
        self.members[f"env/{digest}"] = envelope
        return digest

    def write(self, path: Path) -> Path:
        """Write the bundle."""
        with path.open("wb") as out:
            heading = Heading(
                self.team.version,
                (self.epoch,),
                self.epoch,
                today(),
                self.seqs,
                {desk: tuple(sorted(slots)) for desk, slots in self.refused.items()},
                self.damaged,
            )
            write(out, heading, self.members.items())
        return path

    def _attach(self, name: str, data: bytes) -> AttachedFile:
        sealer = AttachmentSealer()
        blob = secrets.token_bytes(16)
        self.members[f"blob/{blob.hex()}"] = sealer.write(data) + b"".join(sealer.finish())
        return AttachedFile(
            blob=blob,
            key=sealer.key.reveal(),
            name=name,
            type="application/octet-stream",
            size=len(data),
            sha256=sealer.sha256(),
            sealed_sha256=sealer.sealed_sha256(),
        )


def write(out: io.BufferedIOBase, heading: Heading, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a bundle of members given as name and bytes."""
    members = [(Member(name, len(data), sha256(data).digest()), data) for name, data in sorted(files)]
    writer = BundleWriter(out, heading, [member for member, _ in members])  # type: ignore[arg-type]  # typeshed keeps BinaryIO and the io classes apart
    for member, data in members:
        writer.add(member, io.BytesIO(data))
    writer.finish()
