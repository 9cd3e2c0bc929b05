"""`onion-keys FILE --out DIR`: what the server sealed of its onion service, as the files that tor reads."""

import argparse
from pathlib import Path

from crypto import onionkeys
from crypto.errors import BadEnvelope, NotForThisKey
from crypto.keyfile import DeskKeys
from crypto.onionkeys import OnionKeys
from desk.durable import make_folder, sync_folder, writing
from desk.errors import DeskError
from desk.harmless import harmless
from desk.home import Home

DONE = 0
# An envelope to four desks has 9 KB.
MOST = 64 * 1024


def run(home: Home, given: argparse.Namespace) -> int:
    """Open the file, and write tor's three files into a new folder."""
    out = Path(given.out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DeskError(
            f"{harmless(given.out)} is there already, and not empty",
            "give a new folder: nothing is ever overwritten",
        )
    with Path(given.file).open("rb") as file:
        data = file.read(MOST + 1)
    keys = opened(data, given.file, home)
    make_folder(out)
    out.chmod(0o700)
    for name, content in keys.files().items():
        with writing(out / name, replace=False) as file_out:
            file_out.write(content)
    sync_folder(out)
    print(f"the keys of {keys.address} are in {harmless(given.out)}: whoever has them is that site")
    print("compare the address with the one that you have printed or published, carry the folder to the new")
    print("server as docs/operations.md says, and destroy what carried it")
    return DONE


def opened(data: bytes, name: str, home: Home) -> OnionKeys:
    """Open what the server sealed.

    :raises DeskError: it does not open here.
    """
    try:
        month = onionkeys.month_of(data)
    except BadEnvelope as bad:
        raise _damaged(name, bad) from None
    keys: DeskKeys = home.read_keys()
    seed = keys.seeds.get(month)
    if seed is None:
        raise DeskError(
            f"no key here opens {harmless(name)}: it was sealed for {month}, whose key is not here",
            "try at another desk; at the server, `vigil onion-keys FILE` seals them anew",
        )
    try:
        return onionkeys.unlocked(data, seed)
    except NotForThisKey:
        raise DeskError(
            f"{harmless(name)} is sealed to other desks",
            "open it at a desk that was on the list when it was made",
        ) from None
    except BadEnvelope as bad:
        raise _damaged(name, bad) from None


def _damaged(name: str, bad: BadEnvelope) -> DeskError:
    return DeskError(
        f"{harmless(name)} holds no onion keys: {bad}", "is it the right file? else use another copy of it"
    )
