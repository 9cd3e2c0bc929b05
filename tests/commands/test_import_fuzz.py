"""Whatever happens to a bundle on its way, only what a listed desk signed, whole, gets in."""

import random
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from crypto.back import BackReader
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from store import Store
from tests import inside
from tests.commands.conftest import Site, keep
from tests.commands.parcel import Parcel
from tests.commands.test_import import tables
from tests.counts import count

KINDS = ["one bit", "cut", "bytes left out", "bytes more"]


def damaged(data: bytes, kind: str, dice: random.Random) -> bytes:
    place = dice.randrange(len(data))
    match kind:
        case "one bit":
            return data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :]
        case "cut":
            return data[:place]
        case "bytes left out":
            return data[:place] + data[place + dice.choice((1, 100, 512)) :]
    return data[:place] + dice.randbytes(dice.choice((1, 100, 512))) + data[place:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_bundle_brings_only_what_is_whole_and_nothing_unless_it_is_signed(
    kind: str,
    store: Store,
    site: Site,
    identity: Identity,
    desk: DeskKeys,
    runner: FlaskCliRunner,
    tmp_path: Path,
) -> None:
    old, new = site.team_keys.raw, identity.team_keys((desk.public(),), version=8, practice=True)
    path, keys = tmp_path / "back", site.settings.team_keys
    dice = random.Random(kind)
    for seq in range(1, count(12, 500)):
        keys.write_bytes(old)
        envelope, blobs = keep(store, site.team_keys, b"one")
        before = tables(store)
        parcel = Parcel(desk, seq=seq)
        parcel.mark([envelope], blobs)
        parcel.reply()
        parcel.blob(b"a file of it" * 100)
        parcel.keys(new)
        path.write_bytes(damaged(parcel.data(), kind, dice))
        result = runner.invoke(args=["import", str(path)])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        after = tables(store)
        if store.last_imports().get(desk.public().sign_public) == seq:
            assert after["envelopes"] == before["envelopes"] - parcel.collected
            names = {f"reply/{each.hex()}" for each in after["replies"] - before["replies"]}
            names |= {f"blob/{each.hex()}" for each in after["blobs"] - before["blobs"]}
            assert names <= parcel.members.keys()
            for each in after["replies"] - before["replies"]:
                (row,) = store.replies([each])
                assert row.envelope == parcel.members[f"reply/{each.hex()}"]
            for each in after["blobs"] - before["blobs"]:
                assert inside.blobs(store.data)[each] == parcel.members[f"blob/{each.hex()}"]
            assert keys.read_bytes() in (old, parcel.members["team.keys"])
            with path.open("rb") as file:
                BackReader(file).verify(desk.public().sign_public)
        else:
            assert result.exit_code == 1
            assert after == before
            assert keys.read_bytes() == old
