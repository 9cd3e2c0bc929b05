"""A list of keys that one web machine has taken is used by the others, whatever their files hold."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crypto.teamkeys import TeamKeys
from store import Store
from store.machines import WebMachine, this_host
from store.sqlite.engine import SqliteEngine
from tests.site import Site
from tests.views.test_team_file import OTHER, config, keys, replaced, shown
from views import team_file
from views.team_file import TeamFile
from web.setup import SetUpError


@dataclass
class Kept:
    """What machines have told, in memory: on either engine the store does the same."""

    known: list[WebMachine] = field(default_factory=list)

    def note(self, machine: WebMachine) -> None:
        self.known = [*(each for each in self.known if each.name != machine.name), machine]

    def all(self) -> list[WebMachine]:
        return self.known


@pytest.fixture
def machines(on_sqlite: None, monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = Kept()
    monkeypatch.setattr(SqliteEngine, "machines", made)
    monkeypatch.setattr(team_file, "ASK_EVERY", 0.0)
    return made


@pytest.fixture
def running(tmp_path: Path, machines: Kept) -> Iterator[Site]:
    tmp_path.joinpath("site").mkdir()
    tmp_path.joinpath("site", "team.keys").write_bytes(keys(3))
    with closing(Site.make(tmp_path / "site")) as made:
        yield made


def elsewhere(site: Site, machines: Kept, raw: bytes, name: str = "web2") -> None:
    """Import a list on another machine: it is remembered, and that machine tells that it uses it."""
    team = TeamKeys.read(raw)
    store: Store = site.store
    assert store.trust_keys(raw, [desk.sign_public for desk in team.desks], store.trusted_keys())
    own = site.vigil.note_machine()
    assert own
    assert own.team == 3
    other = WebMachine(name, this_host(), own.day, "", b"", b"", b"", team.version)
    machines.note(other)


def test_a_running_machine_takes_a_list_that_another_one_has_imported(running: Site, machines: Kept) -> None:
    file = running.folder / "team.keys"
    assert "<dd>3</dd>" in shown(running)
    elsewhere(running, machines, keys(5))
    assert "<dd>5</dd>" in shown(running)
    # Nothing has touched its file; a file that is newer still counts more.
    assert file.read_bytes() == keys(3)
    replaced(file, keys(6))
    assert "<dd>6</dd>" in shown(running)
    assert list(running.store.failures()) == []


def test_it_starts_with_the_newer_list_though_its_file_is_older(running: Site, machines: Kept) -> None:
    elsewhere(running, machines, keys(5))
    read = TeamFile(config(running.folder), running.store).now(pytest.fail)
    assert read.raw == keys(5)


def test_a_file_that_was_put_back_is_refused_where_no_other_machine_uses_the_newer_list(
    running: Site, machines: Kept
) -> None:
    elsewhere(running, machines, keys(5))
    machines.known = [each for each in machines.known if each.name != "web2"]
    with pytest.raises(SetUpError, match="version 3 is older than version 5"):
        TeamFile(config(running.folder), running.store)


@pytest.mark.parametrize(
    "raw", [keys(5, OTHER), keys(5, practice=False)], ids=["another identity", "real keys after practice"]
)
def test_a_list_that_may_not_follow_the_file_is_never_used(running: Site, machines: Kept, raw: bytes) -> None:
    """Whoever can write the database cannot have a machine seal to keys that its list does not lead to."""
    elsewhere(running, machines, raw)
    assert "<dd>3</dd>" in shown(running)
    with pytest.raises(SetUpError):
        TeamFile(config(running.folder), running.store)
