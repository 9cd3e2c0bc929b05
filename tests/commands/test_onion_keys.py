"""The server seals what tor gave it, to every desk; anything else is refused, and no secret is shown."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

import commands
from crypto import onionkeys
from crypto.keyfile import DeskKeys
from crypto.onionkeys import FILES, HOSTNAME, PUBLIC_FILE, SECRET_FILE
from tests.commands.conftest import Site
from tests.vectors.make_onionkeys import KEYS, SECRET

OTHER = "a" * 56 + ".onion"


def tar_of(files: Mapping[str, bytes], kind: bytes = tarfile.REGTYPE, folder: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(folder + name)
            info.type, info.size = kind, len(content) if kind == tarfile.REGTYPE else 0
            info.linkname = "/etc/passwd"
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def seal(site: Site, data: bytes, out: Path, onion: str | None = None) -> Result:
    app = Flask(__name__)
    site.settings.onion = onion
    app.extensions["vigil"] = site
    commands.register(app)
    return app.test_cli_runner().invoke(args=["seal-onion-keys", str(out)], input=data)


@pytest.mark.parametrize("folder", ["", "./", "vigil/"])
def test_what_tor_has_is_sealed_to_the_desks(site: Site, desk: DeskKeys, tmp_path: Path, folder: str) -> None:
    out = tmp_path / "sealed"
    result = seal(site, tar_of(KEYS.files(), folder=folder), out, KEYS.address)
    assert result.exit_code == 0, result.output
    assert f"the keys of {KEYS.address} are in {out}" in result.stdout
    assert out.stat().st_mode & 0o777 == 0o600
    data = out.read_bytes()
    assert onionkeys.unlocked(data, desk.seeds[onionkeys.month_of(data)]) == KEYS
    assert onionkeys.month_of(data) == site.team_keys.newest
    assert SECRET[:32] not in data
    assert SECRET[:4].hex() not in result.output


def test_it_never_overwrites(site: Site, tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(b"precious")
    result = seal(site, tar_of(KEYS.files()), tmp_path / "sealed")
    assert result.exit_code == 1
    assert "there is already something at" in result.stderr
    assert (tmp_path / "sealed").read_bytes() == b"precious"


GOOD = KEYS.files()
WRONG = {
    "nothing": (b"", "is not a tar"),
    "noise": (b"x" * 3000, "is not a tar"),
    "too much": (tar_of({SECRET_FILE: bytes(100_000)}), "is not a tar"),
    "links": (tar_of(GOOD, tarfile.SYMTYPE), "is not a tar"),
    "hard links": (tar_of(GOOD, tarfile.LNKTYPE), "is not a tar"),
    "another file": (tar_of({**GOOD, "authorized_clients": b""}), "is not a tar"),
    "no secret": (
        tar_of({name: GOOD[name] for name in FILES if name != SECRET_FILE}),
        f"{SECRET_FILE} is not",
    ),
    "a cut public key": (tar_of({**GOOD, PUBLIC_FILE: GOOD[PUBLIC_FILE][:-1]}), f"{PUBLIC_FILE} is not"),
    "another address": (tar_of({**GOOD, HOSTNAME: OTHER.encode()}), "is not the address of these keys"),
}


@pytest.mark.parametrize("name", WRONG)
def test_anything_else_is_refused_and_says_nothing_of_it(site: Site, tmp_path: Path, name: str) -> None:
    data, says = WRONG[name]
    result = seal(site, data, tmp_path / "sealed")
    assert result.exit_code == 1
    assert says in result.stderr
    assert "vigil: hint: give a tar of tor's" in result.stderr
    assert not (tmp_path / "sealed").exists()
    assert SECRET[:4].hex() not in result.output


def test_the_keys_of_another_service_are_refused(site: Site, tmp_path: Path) -> None:
    result = seal(site, tar_of(GOOD), tmp_path / "sealed", OTHER)
    assert result.exit_code == 1
    assert f"these are the keys of {KEYS.address}, and VIGIL_ONION is {OTHER}" in result.stderr
