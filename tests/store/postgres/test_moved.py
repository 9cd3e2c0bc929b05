"""What a sweep moves while somebody is about to write the same is not there twice after that."""

from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pytest

from store import Busy, KeptReply, open_store
from store.postgres import settling
from store.postgres.settling import Move, Settler
from tests import inside
from tests.store.conftest import DAY, OpenStore
from tests.store.postgres.two import url

pytestmark = pytest.mark.usefixtures("on_postgres")
SLOT = b"s" * 16


def test_a_reply_that_another_machine_brings_and_a_sweep_moves_is_there_once(
    opened: OpenStore, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "LOCK_SECONDS", 0.05)
    other, meanwhile = opened(), iter([True])
    store = open_store(tmp_path / "web", database_url=url(folder), today=lambda: DAY)
    with closing(other._database.connected()) as connection:
        settler = Settler(connection, lambda _: 0, patience=0.0)
        settler._make_part("reply", "reply_new")
        move = Move(["reply"], "reply_new", ["id", "day", "envelope", "expires"], ["id"], "envelope")

        def today() -> date:
            # Asked for when a reply was looked for in vain, and is about to be written.
            if next(meanwhile, False):
                assert other.keep_reply(SLOT, b"reply") is KeptReply.NEW
                with suppress(Busy):
                    settler._pass(move)
            return DAY

        monkeypatch.setattr(store._replies, "_today", today)
        assert store.keep_reply(SLOT, b"reply") is KeptReply.SAME
    assert inside.count(folder, "reply") == 1
    other.sweep()
    assert inside.count(folder, "reply") == 1
    store.close()
