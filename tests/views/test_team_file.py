"""The list of keys that a site uses: remembered, taken anew without a restart, and never turned back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from config import Config
from crypto.envelope import header
from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.teamkeys import fingerprint
from store import DiskFailed, Store
from tests import engine
from tests.site import CONTENT, Site
from web.setup import SetUpError

MONTH = Epoch(202611)
IDENTITY, OTHER = Identity.new(), Identity.new()
DESK = DeskKeys.make("desk", MONTH, 3)


def keys(version: int, identity: Identity = IDENTITY, *, practice: bool = True, **more: object) -> bytes:
    return identity.team_keys((DESK.public(),), version=version, practice=practice, **more)  # type: ignore[arg-type]  # a test's own words


def replaced(path: Path, data: bytes) -> None:
    """Put a file in the place of another, as an import does."""
    new = path.with_suffix(".new")
    new.write_bytes(data)
    new.replace(path)


def config(folder: Path, trust: str | None = None) -> Config:
    return Config(
        data=folder,
        team_keys=folder / "team.keys",
        content=CONTENT,
        form_key=folder / "form.keys",
        max_file_bytes=1_000_000,
        practice=True,
        trust=trust,
        database_url=engine.database(folder),
    )


def start(folder: Path, data: bytes, trust: str | None = None) -> None:
    """Start a site on a list, and stop it."""
    folder.mkdir(exist_ok=True)
    replaced(folder / "team.keys", data)
    create_app(config(folder, trust)).extensions["vigil"].store.close()


def test_the_first_list_is_remembered_and_a_newer_one_takes_its_place(tmp_path: Path) -> None:
    start(tmp_path, keys(3))
    start(tmp_path, keys(5))
    with pytest.raises(SetUpError, match="version 3 is older than version 5, known here") as caught:
        start(tmp_path, keys(3))
    assert caught.value.hint == "put the newest list there: it is team.keys in the desk's folder"


def test_another_list_of_the_same_version_stops_the_start(tmp_path: Path) -> None:
    start(tmp_path, keys(3))
    with pytest.raises(SetUpError, match="another version 3 than the one known here"):
        start(tmp_path, keys(3, expires=date(2029, 1, 1)))


def test_another_identity_stops_the_start_until_the_operator_names_it(tmp_path: Path) -> None:
    start(tmp_path, keys(3))
    strange = fingerprint(OTHER.public)
    with pytest.raises(SetUpError, match="another identity") as caught:
        start(tmp_path, keys(1, OTHER))
    assert f"VIGIL_TRUST='{strange}'" in caught.value.hint
    with pytest.raises(SetUpError):
        start(tmp_path, keys(1, OTHER), trust=fingerprint(IDENTITY.public))
    start(tmp_path, keys(1, OTHER), trust=strange)
    # From then on as if it had always been so, whether or not the setting was left where it is.
    start(tmp_path, keys(2, OTHER))
    for trust in (strange, None):
        with pytest.raises(SetUpError, match="version 1 is older than version 2"):
            start(tmp_path, keys(1, OTHER), trust=trust)
        with pytest.raises(SetUpError, match="another identity"):
            start(tmp_path, keys(9), trust=trust)


def test_an_identity_that_the_one_before_signed_for_needs_nobody(tmp_path: Path) -> None:
    start(tmp_path, keys(3))
    start(tmp_path, keys(4, OTHER, previous=IDENTITY))


def test_practice_never_becomes_real_whoever_is_trusted(tmp_path: Path) -> None:
    start(tmp_path, keys(3))
    for identity in (IDENTITY, OTHER):
        with pytest.raises(SetUpError) as caught:
            start(tmp_path, keys(4, identity, practice=False), trust=fingerprint(OTHER.public))
        assert "a VIGIL_DATA of their own" in caught.value.hint


def test_a_start_that_was_refused_leaves_nothing_open(tmp_path: Path) -> None:
    start(tmp_path, keys(3))
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(SetUpError):
            start(tmp_path, keys(1))
    assert len(list(Path("/dev/fd").iterdir())) <= before + 1


@pytest.fixture
def running(tmp_path: Path) -> Site:
    tmp_path.joinpath("site").mkdir()
    tmp_path.joinpath("site", "team.keys").write_bytes(keys(3))
    return Site.make(tmp_path / "site")


def shown(site: Site) -> str:
    return site.client.get("/keys").text


def test_a_running_site_takes_a_new_list_at_once(running: Site) -> None:
    path = running.folder / "team.keys"
    code = running.client.get("/keys/qr.png").data
    assert "<dd>3</dd>" in shown(running)
    replaced(path, keys(4, OTHER, previous=IDENTITY))
    page = shown(running)
    assert "<dd>4</dd>" in page
    assert all(f"<span>{part}</span>" in page for part in fingerprint(OTHER.public).split())
    assert running.client.get("/keys/team.keys").data == path.read_bytes()
    assert running.client.get("/keys/qr.png").data != code
    assert running.store.trusted_keys() == path.read_bytes()
    assert list(running.store.failures()) == []
    running.close()


def test_what_is_sent_after_is_sealed_to_the_new_list(running: Site) -> None:
    running.vigil.today = lambda: date(2026, 11, 22)
    desks = (DESK.public(), DeskKeys.make("second", MONTH, 3).public())
    assert running.post("One.").status_code == 200
    replaced(running.folder / "team.keys", IDENTITY.team_keys(desks, version=4, practice=True))
    assert running.post("Two.").status_code == 200
    sealed = [running.store.envelope(digest) for digest, _ in running.store.envelopes()]
    assert sorted(header(each).recipients for each in sealed) == [1, 2]
    running.close()


BAD = [
    ("older", keys(2)),
    ("of another identity", keys(4, OTHER)),
    ("for real", keys(4, practice=False)),
    ("damaged", keys(4)[:-9]),
    ("empty", b""),
]


@pytest.mark.parametrize("bad", [data for _, data in BAD], ids=[name for name, _ in BAD])
def test_a_running_site_keeps_its_list_where_the_new_one_may_not_follow(bad: bytes, running: Site) -> None:
    path = running.folder / "team.keys"
    replaced(path, bad)
    for _ in range(3):
        assert "<dd>3</dd>" in shown(running)
    ((_, kind, place, times),) = running.store.failures()
    assert (kind, place.partition(":")[0], times) == ("SetUpError", "views/team_file.py", 1)
    replaced(path, keys(5))
    assert "<dd>5</dd>" in shown(running)
    running.close()


def test_a_list_that_is_gone_is_missed_once_and_the_site_goes_on(running: Site) -> None:
    (running.folder / "team.keys").unlink()
    for _ in range(3):
        assert "<dd>3</dd>" in shown(running)
    assert [times for *_, times in running.store.failures()] == [1]
    running.close()


def test_while_the_store_fails_the_new_list_is_tried_again(
    running: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise DiskFailed

    replaced(running.folder / "team.keys", keys(4))
    with monkeypatch.context() as patch:
        patch.setattr(Store, "trust_keys", failing)
        assert "<dd>3</dd>" in shown(running)
    assert "<dd>4</dd>" in shown(running)
    running.close()


@pytest.mark.parametrize("days", [-366, -31, 0, 31, 366, 36_600])
def test_be_the_clock_wrong_a_report_is_sealed_and_kept(days: int, tmp_path: Path) -> None:
    now = date(2026, 11, 22)
    site = Site.make(tmp_path / "site", day=now)
    site.vigil.today = lambda: now + timedelta(days=days)
    assert site.post("The van came again.").status_code == 200
    (report,) = site.reports()
    assert report.what_happened == "The van came again."
    months = site.vigil.team_keys
    ((digest, _),) = site.store.envelopes()
    epoch = header(site.store.envelope(digest)).epoch
    assert epoch is not None
    assert months.oldest <= epoch <= months.newest
    assert report.received_on == site.vigil.today()
    # Nor does a sweep of that day, or of any later one, take what waits for the desk.
    site.store.sweep(now + timedelta(days=days))
    site.store.sweep(now + timedelta(days=100_000))
    assert len(site.reports()) == 1
    site.close()


def test_a_list_that_was_read_before_a_newer_one_came_does_not_take_its_place(
    running: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = running.folder / "team.keys", Store.trust_keys
    newest = keys(5)

    def overtaken(store: Store, *args: Any) -> bool:
        monkeypatch.undo()
        replaced(path, newest)
        assert store.trust_keys(newest, [DESK.public().sign_public], keys_before)
        return real(store, *args)

    keys_before = running.store.trusted_keys()
    monkeypatch.setattr(Store, "trust_keys", overtaken)
    replaced(path, keys(4))
    assert "<dd>5</dd>" in shown(running)
    assert running.store.trusted_keys() == newest
    running.close()
