"""Take a bundle into the casebook: what is whole is kept, what is damaged is named, nothing is kept twice."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crypto.bundle import BundleReader, Damage, Entry
from crypto.errors import BadBundle
from desk.casebook import MOST_ENVELOPE, Casebook, is_whole
from desk.durable import writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home
from desk.progress import bar


@dataclass
class Counts:
    """How many of one kind are new, and how many were here already."""

    new: int = 0
    already: int = 0


@dataclass
class Imported:
    """What an import did: counts, and what was refused, each with why ("" names the bundle itself)."""

    envelopes: Counts = field(default_factory=Counts)
    attachments: Counts = field(default_factory=Counts)
    refused: list[Damage] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Give the object that `import --json` shows."""
        return {
            "envelopes": vars(self.envelopes),
            "attachments": vars(self.attachments),
            "refused": [{"name": damage.name, "why": damage.why} for damage in self.refused],
        }


def import_bundle(home: Home, file: Path) -> Imported:
    """Put what is whole in the bundle ``file`` into the casebook of ``home``, durably.

    Killed at any moment, it leaves whole files only; run again, it goes on with what is not there yet.

    :raises DeskError: it is no bundle, or nothing of it is usable.
    :raises OSError: it cannot be read, or the disk is full.
    """
    home.check()
    casebook = Casebook(home.casebook)
    with home.lock(), file.open("rb") as source:
        casebook.prepare()
        try:
            reader = BundleReader(source)
        except (BadBundle, io.UnsupportedOperation) as bad:
            raise DeskError(
                f"{harmless(str(file))}: {bad}",
                "export it again on the server, and carry it on another stick",
            ) from None
        done = Imported()
        with bar("importing", source.seek(0, io.SEEK_END), "B") as shown:
            for entry in reader:
                _import(casebook, entry, done, shown.update)
        casebook.sync()
    done.refused += reader.damage
    return done


def _import(casebook: Casebook, entry: Entry, done: Imported, moved: Callable[[float], object]) -> None:
    is_envelope = entry.name.startswith("env/")
    counts = done.envelopes if is_envelope else done.attachments
    folder = casebook.envelope_folder if is_envelope else casebook.blob_folder
    if is_envelope and entry.size > MOST_ENVELOPE:
        done.refused.append(Damage(entry.name, "it is larger than any envelope"))
        return
    path = folder / entry.member.sha256.hex()
    # Hashed, not only seen: importing again is how a file that the disk has damaged is mended.
    if is_whole(path):
        counts.already += 1
        moved(entry.size)
        return
    try:
        with writing(path, replace=True) as out:
            for piece in entry.pieces():
                out.write(piece)
                moved(len(piece))
    except BadBundle:
        return  # the reader has noted it, with why
    counts.new += 1
