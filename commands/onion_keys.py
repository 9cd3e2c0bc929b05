"""`flask --app app seal-onion-keys FILE`: the key of the onion service, sealed to the desks."""

import io
import sys
import tarfile
from pathlib import Path, PurePosixPath

import click
from flask.cli import with_appcontext

from commands.new_file import new_file
from commands.output import fail, say
from commands.running import configured, running
from crypto import onionkeys
from crypto.errors import BadEnvelope, UnsafeKey
from crypto.onionkeys import FILES, OnionKeys

# Tor's three files are some 200 bytes; a tar of them is 10 KB.
MOST = 64 * 1024
GIVE = f"give a tar of tor's {', '.join(FILES)} on standard input, as `vigil onion-keys FILE` does"


@click.command("seal-onion-keys")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def seal_onion_keys(file: Path) -> None:
    """Seal an onion service's keys, a tar on standard input, to every desk, in FILE, a new file."""
    team, expected = running().team_keys, configured().onion
    try:
        keys = OnionKeys.of_files(_files(sys.stdin.buffer.read(MOST + 1)))
        sealed = onionkeys.locked(keys, team)
    except (BadEnvelope, UnsafeKey) as bad:
        fail(f"what came on standard input is not an onion service's keys: {bad}", GIVE)
    if expected is not None and keys.address != expected:
        fail(
            f"these are the keys of {keys.address}, and VIGIL_ONION is {expected}",
            "give the keys of this site's onion service, or set VIGIL_ONION to its address",
        )
    try:
        with new_file(file) as out:
            out.write(sealed)
    except FileExistsError:
        fail(f"there is already something at {file}", "name a new file: nothing is ever overwritten")
    except OSError as error:
        fail(f"cannot write {file}: {error.strerror}", "name a new file in a folder that has room for it")
    say(f"the keys of {keys.address} are in {file}, sealed to the desks' keys of {team.newest}")
    say("a desk can open it until it destroys its key of that month: make a new one with every new list")


def _files(data: bytes) -> dict[str, bytes]:
    """Read the three files out of a tar; anything else in it is refused.

    :raises SystemExit: it is no such tar
    """
    found: dict[str, bytes] = {}
    try:
        if len(data) > MOST:
            raise tarfile.TarError
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            for member in tar:
                name = PurePosixPath(member.name).name
                if member.isdir():
                    continue
                source = tar.extractfile(member) if member.type == tarfile.REGTYPE else None
                if source is None or name not in FILES or name in found:
                    raise tarfile.TarError
                found[name] = source.read(MOST)
    except (tarfile.TarError, ValueError, EOFError):
        fail("what came on standard input is not a tar of an onion service's keys", GIVE)
    return found
