"""What an import remembers of what it refused, and what it says of a bundle that goes the other way."""

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from commands import taking
from crypto.keyfile import DeskKeys
from store import NoRoom, Store
from tests.commands.parcel import Parcel, taken


def test_each_desk_has_its_own_list_of_refusals(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, parcel = tmp_path / "back", Parcel(desk)
    monkeypatch.setattr(taking, "MAX_REFUSED", 1)
    store.note_import(bytes(32), 1, b"1", {b"o" * 16: "of a desk that is listed no more"})
    slot = parcel.reply(b"two")
    path.write_bytes(parcel.hole(parcel.data(), f"reply/{slot.hex()}"))
    taken(runner, path, exit_code=1)
    assert [slot for slot, _, _ in store.refused()] == [slot]


def test_a_bundle_that_a_server_made_is_told_as_such(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "out"
    assert runner.invoke(args=["export", str(path)]).exit_code == 0
    _, told = taken(runner, path, exit_code=1)
    assert told == [
        f"error: {path} was made by a server; here goes one that a desk exported",
        "hint: import it at the desk, export there, and bring what that writes",
    ]


def test_a_refusal_is_not_forgotten_where_the_bundle_is_not_noted(
    store: Store, desk: DeskKeys, runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, parcel = tmp_path / "back", Parcel(desk)
    slot = parcel.reply(b"one")

    def full(*_: object, **__: object) -> None:
        raise NoRoom

    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep_reply", full)
        taken(runner, parcel.write(path), exit_code=1)
    parcel.again()
    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep_reply", full)
        patch.setattr("store.imports.Desk.insert", full)
        taken(runner, parcel.write(path), exit_code=1)
    taken(runner, path)
    assert [row.id for row in store.replies([slot])] == [slot]
    assert store.refused() == []
