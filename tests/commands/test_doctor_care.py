"""The doctor says what only the operator can do: own words, an attack's end, Debian's updates, leftovers."""

import json
import os
import shutil
from pathlib import Path

import pytest
from flask import Flask

import commands
from commands import doctor_care, doctor_texts
from commands.doctor_check import Check, Patient
from config import Config
from publishing.publish import publish
from store import Looked
from tests.commands.conftest import TODAY, Site
from tests.site import CONTENT
from web.site import FILE


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newsroom's folder with the starter texts; nothing else is published here, to be quick."""
    monkeypatch.setattr(doctor_care, "ROOT", tmp_path / "machine")
    content = tmp_path / "content"
    (content / "pages").mkdir(parents=True)
    for name in ("pages/about.md", FILE, "agencies.toml"):
        shutil.copy(CONTENT / name, content / name)
    (tmp_path / "data").mkdir(exist_ok=True)
    return content


def texts(content: Path, practice: str = "") -> dict[str, Check]:
    data = content.parent / "data"
    environ = {"VIGIL_DATA": str(data), "VIGIL_CONTENT": str(content), "VIGIL_PRACTICE": practice}
    patient = Patient(Config.read(environ), TODAY, None, None, None, None, None)
    return {check.name: check for check in doctor_texts.checks(patient)}


def published(content: Path) -> None:
    publish(content, content.parent / "data/site.db", today=TODAY)


def replace(content: Path, old: str, new: str) -> None:
    path = content / FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_starter_texts_are_named_until_they_are_the_newsrooms_own(content: Path) -> None:
    assert texts(content)["texts"].ok is False
    published(content)
    found = texts(content)["texts"]
    assert found.ok is None
    for name in ("pages/about.md", "name in site.toml", "reading in site.toml", "next in site.toml"):
        assert name in found.what
    assert "systemctl reload vigil" in found.hint
    assert texts(content, practice="1")["texts"].ok is True
    replace(content, 'name = "Vigil"', 'name = "The Lamp"')
    replace(content, "usually within two working days", "within a week")
    (content / "pages/about.md").write_text((content / "pages/about.md").read_text() + "\nMore.\n")
    found = texts(content)["texts"]
    assert ": next in site.toml came with" in found.what
    replace(content, "next = ", 'next = "We read it." # ')
    assert texts(content)["texts"].ok is True


def test_a_folder_that_cannot_be_compared_is_no_alarm(content: Path) -> None:
    published(content)
    (content / "pages/about.md").unlink()
    (content / FILE).write_text("name = ")
    assert texts(content)["texts"].ok is True


def test_a_switch_that_is_left_on_is_told(content: Path) -> None:
    assert texts(content)["attack"] == Check("attack", None, "nothing is published yet")
    published(content)
    assert texts(content)["attack"].ok is True
    replace(content, "[attack]\non = false", "[attack]\non = true")
    published(content)
    found = texts(content)["attack"]
    assert found.ok is None
    assert "no files are taken" in found.what
    assert "on = false" in found.hint


ON = 'APT::Periodic::Unattended-Upgrade "1";\n'
OFF = 'APT::Periodic::Unattended-Upgrade "0";\n'


@pytest.mark.parametrize(
    ("files", "ok", "hint"),
    [
        ({}, None, ""),
        ({"etc/debian_version": "12\n"}, None, "apt-get install unattended-upgrades"),
        ({"etc/debian_version": "12\n", "usr/bin/unattended-upgrade": ""}, None, "dpkg-reconfigure"),
        (
            {"etc/debian_version": "12\n", "usr/bin/unattended-upgrade": "", "etc/apt/apt.conf.d/20": ON},
            True,
            "",
        ),
        (
            {
                "etc/debian_version": "12\n",
                "usr/bin/unattended-upgrade": "",
                "etc/apt/apt.conf.d/20": ON,
                "etc/apt/apt.conf.d/99": OFF,
            },
            None,
            "dpkg-reconfigure",
        ),
        (
            {"etc/debian_version": "12\n", "run/reboot-required": ""},
            None,
            "at a quiet time: systemctl reboot",
        ),
    ],
    ids=["no debian", "not installed", "installed alone", "on", "off again", "to be started again"],
)
def test_updates_of_the_machine_are_looked_at(
    content: Path, files: dict[str, str], ok: bool | None, hint: str
) -> None:
    for name, text in files.items():
        path = doctor_care.ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = doctor_care._updates()
    assert (found.ok, found.hint.startswith(hint), bool(found.hint)) == (ok, True, bool(hint))


def test_what_a_restore_set_aside_is_told_until_it_is_removed(content: Path) -> None:
    data = content.parent / "data"
    assert doctor_care._set_aside(data, None).ok is True
    left = content.parent / "data.before.2026-11-20.101112"
    left.mkdir()
    found = doctor_care._set_aside(data, _holding(1))
    assert found.ok is None
    assert "(2026-11-20)" in found.what
    assert found.hint.endswith(f"rm -r {left}")
    found = doctor_care._set_aside(data, _holding(0))
    assert found.ok is False
    assert "was that cut short?" in found.what
    left.rename(content.parent / "data.failed.2026-11-21.101112")
    found = doctor_care._set_aside(data, _holding(0))
    assert found.ok is None
    assert "(2026-11-21)" in found.what


def _holding(reports: int) -> Looked:
    return Looked(True, reports, 0, 0, 0, 0, None, 0, ())


def test_the_journal_comes_as_an_open_file(site: Site, content: Path) -> None:
    app = Flask(__name__)
    site.settings = Config.read({"VIGIL_DATA": str(content.parent / "data"), "VIGIL_PRACTICE": "1"})  # type: ignore[assignment]  # it has what is asked for
    app.extensions["vigil"] = site
    commands.register(app)
    theirs, ours = os.pipe()
    os.write(ours, b"Started vigil.service.\nip=203.0.113.77\n")
    os.close(ours)
    said = app.test_cli_runner().invoke(args=["doctor", "--json", "--journal-fd", str(theirs)]).stdout
    (journal,) = [check for check in json.loads(said) if check["name"] == "journal"]
    assert journal["ok"] is False
    assert "203.0.113.77" not in said
