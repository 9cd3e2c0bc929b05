"""What a web machine tells of itself: when it starts, and nothing that differs where nothing differs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import sharedkeys
from crypto.tokens import machine_tag
from publishing.publish import publish
from store import DiskFailed
from store.form_keys import prepare, share
from store.machines import WebMachine, this_host
from store.sqlite.engine import SqliteEngine
from tests.site import CONTENT, Site
from tests.views.test_team_shared import Kept


@pytest.fixture
def kept(on_sqlite: None, monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = Kept()
    monkeypatch.setattr(SqliteEngine, "machines", made)
    return made


@pytest.fixture
def site(kept: Kept, tmp_path: Path) -> Iterator[Site]:
    made = Site.make(tmp_path / "site")
    yield made
    made.close()


def told(site: Site) -> WebMachine:
    found = site.vigil.note_machine()
    assert found
    return found


def test_a_site_that_starts_tells_of_itself(kept: Kept, site: Site) -> None:
    (machine,) = kept.all()
    assert (machine.name, machine.host, machine.day) == ("web", this_host(), site.vigil.today())
    assert (machine.team, machine.release, machine.texts) == (1, "", b"")
    assert (len(machine.static), len(machine.form_keys)) == (32, 16)
    assert machine == told(site)


def test_a_command_tells_nothing_by_itself(kept: Kept, site: Site) -> None:
    kept.known.clear()
    app = site.app

    def again() -> None:
        made = Site.make(site.folder)
        made.close()

    app.cli.command("begin-again")(again)
    assert app.test_cli_runner().invoke(args=["begin-again"]).exit_code == 0
    assert kept.all() == []
    assert app.test_cli_runner().invoke(args=["doctor"]).exit_code in (0, 1)
    assert len(kept.all()) == 1


def test_a_database_that_takes_nothing_keeps_no_site_from_starting(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_machine: WebMachine) -> None:
        raise DiskFailed

    monkeypatch.setattr(kept, "note", fails)
    site = Site.make(tmp_path / "site")
    assert site.client.get("/report").status_code == 200
    assert [kind for _, kind, _, _ in site.store.failures()] == ["DiskFailed"]
    site.close()


def test_two_machines_of_one_folder_tell_the_same_and_a_change_shows(
    kept: Kept, site: Site, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    shutil.copytree(site.folder, tmp_path / "other", ignore=shutil.ignore_patterns("*.db*", "*.lock"))
    share(site.folder / "form.keys", site.vigil.today(), sharedkeys.following)
    shutil.copy(site.folder / "form.keys", tmp_path / "other/form.keys")
    other = Site.make(tmp_path / "other", content=content)
    for each, folder in ((site, CONTENT), (other, content)):
        publish(folder, each.folder / "site.db")
    assert told(site) == told(other)
    assert told(site).texts

    def differs() -> set[str]:
        one, two = vars(told(site)), vars(told(other))
        return {name for name in one if one[name] != two[name]}

    (content / "site.toml").write_text((CONTENT / "site.toml").read_text() + "\n# changed\n")
    assert differs() == {"texts"}
    (content / "site.toml").write_text((CONTENT / "site.toml").read_text())
    (other.folder / "form.keys").unlink()
    prepare(other.folder / "form.keys", other.vigil.today(), sharedkeys.following)
    assert differs() == {"form_keys"}
    other.close()


def test_form_keys_that_cannot_be_read_and_texts_of_an_older_release_are_told_as_none(site: Site) -> None:
    (site.folder / "form.keys").write_text("nonsense")
    assert told(site).form_keys == b""
    (site.folder / "site.db").write_bytes(b"nonsense")
    assert told(site).texts == b""


def test_the_tag_in_a_mailboxs_token_is_of_the_machines_name() -> None:
    tags = {machine_tag(name) for name in ("web", "web1", "web2", "web-1")}
    assert len(tags) == 4
    assert {len(tag) for tag in tags} == {6}
