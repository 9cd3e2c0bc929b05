"""File the practice reports: sealed and bundled as a server does it, then imported as any bundle is."""

import secrets
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path

from crypto import keyfile
from crypto.attachment import AttachmentSealer
from crypto.bundle import BundleWriter, Heading, Member
from crypto.envelope import Kind
from crypto.keyfile import DeskKeys
from crypto.returncode import words
from crypto.seal import sealed
from crypto.teamkeys import TeamKeys
from desk import passphrase
from desk.casebook import Casebook
from desk.cases import gathered
from desk.errors import DeskError
from desk.home import Home, read_key_file
from desk.importing import import_bundle
from desk.keys import notes
from desk.opening import NOTE, open_all
from desk.practice.making import made
from desk.practice.sends import Planned, code_of, draft_of, planned
from desk.progress import bar
from desk.server import read_server
from payload import AttachedFile

_TYPES = {".heic": "image/heic", ".ogg": "audio/ogg", ".mp4": "video/mp4"}


ANSWERED = "cutlers-row"  # the report whose source a trainee can play, with words that are no secret


@dataclass(frozen=True)
class Filed:
    """How many sends are new, how many were here already, and the words of one case's source.

    With these twelve words its replies can be read, once they are imported, on a practice site of the same
    keys.
    """

    new: int
    already: int
    case: str
    words: tuple[str, ...]


def file_reports(home: Home) -> Filed:
    """File what is not there yet: run again, it files nothing.

    :raises DeskError: the desk's keys are real ones, there is no desk, or its passphrase is not given.
    :raises OSError: something cannot be read or written.
    """
    home.check()
    team = home.read_team_keys()
    if not team.practice:
        raise DeskError(
            "practice reports are not mixed with real ones: this desk's keys are no practice keys",
            "make a practice desk elsewhere: python -m desk --home DIR init --practice",
        )
    keys = _keys(home)
    due, already = _due(planned(), _here(home, keys))
    if due:
        parcel = _Parcel(team)
        with bar("practice reports", len(due), "sends") as shown:
            for one in due:
                parcel.add(one)
                shown.update()
        _import(home, parcel)
    return Filed(len(due), already, _case(home, keys), words(code_of(ANSWERED)))


def _keys(home: Home) -> DeskKeys:
    """Open the key file with what every practice desk has for a passphrase, or ask where it was changed."""
    try:
        keys = read_key_file(home.keys, passphrase.PRACTICE, keyfile.unlocked)
    except DeskError:
        return home.read_keys()
    notes.read(home, keys).check(home.read_team_keys())
    return keys


def _here(home: Home, keys: DeskKeys) -> Counter[bytes]:
    """Count the sends that the casebook has of each draft."""
    briefs = open_all(Casebook(home.casebook), keys)
    return Counter(brief.draft for brief in briefs if brief.draft is not None and brief.kind != NOTE)


def _case(home: Home, keys: DeskKeys) -> str:
    """Give the name of the case whose source's words are told."""
    casebook = Casebook(home.casebook)
    draft = draft_of(ANSWERED)
    every = gathered(open_all(casebook, keys), casebook.blobs())
    return next(case.name for case in every for send in case.sends if send.draft == draft)


def _due(plan: Sequence[Planned], here: Mapping[bytes, int]) -> tuple[list[Planned], int]:
    seen: Counter[bytes] = Counter()
    due = []
    for one in plan:
        seen[one.draft] += 1
        if seen[one.draft] > here.get(one.draft, 0):
            due.append(one)
    return due, len(plan) - len(due)


def _import(home: Home, parcel: "_Parcel") -> None:
    # What lies there meanwhile is sealed, and the keys are no secret.
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "practice.tar"
        parcel.write(home, bundle)
        done = import_bundle(home, bundle)
    if done.trouble is not None:
        raise done.trouble
    if done.refused:
        raise DeskError(
            f"not all practice reports could be filed: {done.refused[0].why}",
            "see that the disk has room, then run it again",
        )


@dataclass
class _Parcel:
    """The members of a bundle, by name."""

    team: TeamKeys
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    members: dict[str, bytes] = field(default_factory=dict)
    attached: dict[tuple[str, str], AttachedFile] = field(default_factory=dict)

    def add(self, one: Planned) -> None:
        epoch = self.team.epoch(self.today)
        body = one.made(self.today, self.attach).to_bytes()
        envelope = sealed(Kind.INCOMING, epoch, self.team.recipients(epoch), body)
        self.members[f"env/{sha256(envelope).hexdigest()}"] = envelope

    def attach(self, file: Mapping[str, str], day: date) -> AttachedFile:
        """Seal a file once: a report that is sent again names the same attachment."""
        found = self.attached.get((file["make"], file["name"]))
        if found is None:
            data = made(file["make"], day)
            sealer, blob = AttachmentSealer(), secrets.token_bytes(16)
            self.members[f"blob/{blob.hex()}"] = sealer.write(data) + b"".join(sealer.finish())
            found = self.attached[file["make"], file["name"]] = AttachedFile(
                blob,
                sealer.key.reveal(),
                file["name"],
                file.get("type") or _type(file["name"]),
                len(data),
                sealer.sha256(),
                sealer.sealed_sha256(),
                file.get("caption", ""),
            )
        return found

    def write(self, home: Home, path: Path) -> None:
        """Write the bundle, with what the server of this practice desk said last, if it said anything."""
        epoch = self.team.epoch(self.today)
        said = read_server(home.folder)
        heading = Heading(
            self.team.version,
            (epoch,),
            epoch,
            self.today,
            {} if said is None else said.seqs,
            {} if said is None else said.refused,
        )
        data = dict(sorted(self.members.items()))
        members = [Member(name, len(one), sha256(one).digest()) for name, one in data.items()]
        with path.open("wb") as out:
            writer = BundleWriter(out, heading, members)
            for member in members:
                writer.add(member, BytesIO(data[member.name]))
            writer.finish()


def _type(name: str) -> str:
    return _TYPES.get(Path(name).suffix.lower()) or guess_type(name)[0] or "application/octet-stream"
