"""Tor itself takes the files that we ship, over the defaults that Debian gives it."""

import subprocess
from pathlib import Path

from tests.e2e import torrc
from tests.e2e.visits import Computer, Visits

# As Debian 12 and 13 have it in /usr/share/tor/tor-service-defaults-torrc; the folder's name aside.
DEBIAN = """\
DataDirectory {folder}/data
PidFile {folder}/tor.pid
RunAsDaemon 1
ControlSocket {folder}/control GroupWritable RelaxDirModeCheck
ControlSocketsGroupWritable 1
SocksPort unix:{folder}/socks WorldWritable
SocksPort 9050
CookieAuthentication 1
CookieAuthFileGroupReadable 1
CookieAuthFile {folder}/control.authcookie
Log notice syslog
"""


def verified(folder: Path, text: str) -> str:
    """Have tor read this as Debian's would; give what it says, and "" when it takes it."""
    folder.chmod(0o700)
    (folder / "defaults").write_text(DEBIAN.format(folder=folder))
    (folder / "torrc").write_text(text)
    command = ["tor", "--defaults-torrc", str(folder / "defaults"), "-f", str(folder / "torrc")]
    done = subprocess.run(
        [*command, "--RunAsDaemon", "0", "--verify-config"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = [line for line in done.stdout.splitlines() if "[warn]" in line or "[err]" in line]
    said = [line for line in said if "running Tor as root" not in line]
    return "\n".join(said) or ("" if done.returncode == 0 else done.stdout)


def test_tor_takes_both_over_debians_defaults_without_a_warning(tor_itself: None, tmp_path: Path) -> None:
    web, staff = (path.read_text() for path in (torrc.WEB, torrc.STAFF))
    for at, text in enumerate((web, web + staff)):
        (tmp_path / f"{at}").mkdir()
        assert verified(tmp_path / f"{at}", text) == ""


def test_tor_would_say_what_is_wrong(tor_itself: None, tmp_path: Path) -> None:
    assert "HiddenServiceMaxStreamz" in verified(tmp_path, "HiddenServiceMaxStreamz 4\n")


def test_tor_takes_what_vigil_fetch_writes_for_a_computer_of_staff(
    tor_itself: None, visits: Visits, tmp_path: Path
) -> None:
    computer = Computer(tmp_path / "keys of anna", "a" * 56 + ".onion")
    (tmp_path / "tor").mkdir()
    # The port, which here nobody gave.
    told = (computer.home / "torrc").read_text().replace("127.0.0.1:0", "127.0.0.1:9250")
    assert verified(tmp_path / "tor", told) == ""
    (key,) = computer.onion_keys.iterdir()
    assert key.name == "vigil.auth_private"
    assert computer.public.startswith("descriptor:x25519:")
