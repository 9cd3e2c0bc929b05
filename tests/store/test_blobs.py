from pathlib import Path

from store import Store
from tests.store.conftest import files, notes
from tests.store.kept import keep


def test_an_aborted_upload_leaves_nothing_at_once(store: Store, folder: Path) -> None:
    blob = store.start_blob(None)
    blob.write(b"x" * 600_000)
    assert files(folder) == notes(folder) == {blob.id.hex()}
    blob.abandon()
    blob.abandon()
    assert files(folder) == notes(folder) == set()


def test_a_finished_upload_of_a_failed_request_goes_when_abandoned(store: Store, folder: Path) -> None:
    blob = store.start_blob(None)
    blob.finish()
    blob.finish()
    assert files(folder) == {blob.id.hex()}
    assert notes(folder) == set()
    blob.abandon()
    assert files(folder) == set()
    assert store.missing([blob.id]) == [blob.id]


def test_abandoning_what_a_report_has_claimed_changes_nothing(store: Store, folder: Path) -> None:
    blob = store.start_blob(None)
    blob.finish()
    keep(store, b"e", [blob.id])
    blob.abandon()
    assert files(folder) == {blob.id.hex()}
