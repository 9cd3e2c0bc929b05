"""Write a new file that staff asked for by its name: readable, and never over another."""

from pathlib import Path

from desk.durable import write_new
from desk.errors import DeskError
from desk.harmless import harmless


def new_file(path: Path, data: bytes) -> None:
    """Write it (mode 0600), whole or not at all.

    :raises DeskError: something of that name is there.
    :raises OSError: the disk is full, or not to be written.
    """
    try:
        write_new(path, data)
    except FileExistsError:
        raise DeskError(
            f"{harmless(str(path))} is there already", "nothing was written; name a new file"
        ) from None
