"""The newsroom's own authority, made by the script that operators run."""

from pathlib import Path

from tests.e2e.cluster import Machines


class Authority(Machines):
    """The authority in a folder, which signs for each machine when it is asked to."""

    def __init__(self, folder: Path) -> None:
        # Not as its parent, whose machines are all at one address.
        self.folder = folder
        self.run("authority")

    def issue(self, name: str, address: str) -> Path:
        """Make a machine's files; give their folder."""
        self.run("machine", name, address)
        return self.folder / name
