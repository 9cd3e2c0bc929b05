"""The installer on a Debian of its own: from bare to a site that answers, on to new releases, and off again.

Everything is real but systemd, which does not boot in a folder: little_init.py stands in its place, and
starts the units' own commands as their users, confined as they say.
"""

import subprocess
from collections.abc import Iterator

import pytest

from tests.counts import SOAK
from tests.e2e import restored
from tests.e2e.debian import Debian, bootstrap, wheels
from tests.e2e.operators import ASK, DOMAIN, Server, seen_through_nginx
from tests.e2e.releases import Releases

SUITES = ["bookworm", "trixie"] if SOAK else ["bookworm"]
MIGRATION = '''"""Something that only this release knows."""

from peewee import Database
from playhouse.migrate import SchemaMigrator


def up(_migrator: SchemaMigrator, db: Database) -> None:
    db.execute_sql("CREATE TABLE newer (a INTEGER)")


def down(_migrator: SchemaMigrator, db: Database) -> None:
    db.execute_sql("DROP TABLE newer")
'''
KEPT = "find /etc /srv /usr/local /var/lib/tor/vigil -type f | sort | xargs sha256sum"


@pytest.fixture(scope="module", params=SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def debian(suite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    """A Debian that is up, with the packages that the installer would fetch first."""
    folder = tmp_path_factory.mktemp(suite)
    # In the soak as bare as a provider gives it: the installer has apt fetch the rest.
    tree = bootstrap(folder / "tree", suite, bare=SOAK)
    (folder / "wheels").mkdir()
    with Debian(tree, wheels(folder / "wheels", suite)) as running:
        (tree / "usr/local/lib/little/ask.py").write_text(ASK)
        yield running


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return Releases(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="module")
def server(debian: Debian, releases: Releases, tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(debian, releases, tmp_path_factory.mktemp("operator"))


# The tests of this file are one operator's story, in this order: an installation takes its time.


def test_nothing_of_a_release_that_cannot_be_trusted_is_used(server: Server, releases: Releases) -> None:
    release = server.release("1.0.0")
    tar = releases.source / "dist" / release
    signers = ("--signers", "/root/signers", "--team-keys", "/root/team.keys")

    def refused(name: str, *options: str) -> str:
        done = server.install(name, *options)
        assert done.returncode == 1, done.stdout
        assert "install: hint: " in done.stderr
        return done.stderr

    assert "it is not known who may sign releases" in refused(release)
    server.give(tar, "unsigned.tar.gz")
    assert "there is no signature" in refused("unsigned.tar.gz", *signers)
    data = bytearray(tar.read_bytes())
    data[len(data) // 2] ^= 1
    (server.folder / "changed.tar.gz").write_bytes(data)
    server.give(server.folder / "changed.tar.gz")
    server.give(tar.with_name(tar.name + ".sig"), "changed.tar.gz.sig")
    assert "is not what release@example.org signed" in refused("changed.tar.gz", *signers)
    other = releases.new_key(server.folder / "another")
    server.give(tar, "foreign.tar.gz")
    copy = server.folder / "foreign.tar.gz"
    copy.write_bytes(tar.read_bytes())
    signed = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(other), "-n", "vigil-release", str(copy)]
    subprocess.run(signed, check=True, capture_output=True)
    server.give(copy.with_name("foreign.tar.gz.sig"))
    assert "signed by nobody whom" in refused("foreign.tar.gz", *signers)
    assert "no list of the team's keys at /root/none" in refused(
        release, "--signers", "/root/signers", "--team-keys", "/root/none", "--dry-run"
    )
    assert "neither a domain nor an onion service" in refused(release, *signers, "--onion", "no", "--dry-run")
    assert not server.debian.path("/opt/vigil").exists()


def test_a_dry_run_says_what_it_would_do_and_does_none_of_it(server: Server) -> None:
    look = "find / -xdev -newer /root/install.sh -not -path '/root*' -not -path '/proc*' | sort"
    before = server.shell(look)
    done = server.install(
        "vigil-1.0.0.tar.gz", "--signers", "/root/signers", "--team-keys", "/root/team.keys", "--dry-run"
    )
    assert done.returncode == 0, done.stderr
    assert "would write: /etc/systemd/system/vigil.service" in done.stdout
    assert "nothing was changed" in done.stdout
    assert server.shell(look) == before


def test_from_a_bare_server_to_a_site_that_answers(server: Server) -> None:
    done = server.install(
        "vigil-1.0.0.tar.gz",
        "--signers", "/root/signers", "--team-keys", "/root/team.keys",
        "--domain", DOMAIN, "--no-certificate", "--staff-onion", "yes",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.identity.fingerprint in done.stdout
    onion = server.debian.path("/var/lib/tor/vigil/hostname").read_text().strip()
    assert f"http://{onion}/" in done.stdout
    assert f"https://{DOMAIN}/" in done.stdout
    assert "vigil export" in done.stdout
    assert "Put the newsroom's own words into /srv/vigil/content" in done.stdout
    assert server.current == "1.0.0"
    assert server.get("/report").startswith("200 ")
    assert onion in server.get("/report")
    seen_through_nginx(server, onion)
    checks = server.doctor()
    assert checks["tor"] is True
    assert checks["headers"] is True
    assert False not in checks.values()
    modes = (
        "stat -c '%a %U:%G' /var/lib/vigil /etc/vigil/vigil.env /run/vigil/http.sock /run/vigil/clearnet.sock"
    )
    assert server.shell(modes).splitlines() == [
        "700 vigil:vigil",
        "640 root:vigil",
        "660 vigil:debian-tor",
        "660 vigil:www-data",
    ]
    enabled = server.shell(
        "systemctl is-enabled vigil.service vigil-sweep.timer vigil-backup.timer nginx tor"
    )
    assert set(enabled.split()) == {"enabled"}


def test_the_nightly_jobs_and_the_operators_command_work_as_confined_as_they_are(server: Server) -> None:
    server.shell("systemctl start vigil-sweep.service && systemctl start vigil-backup.service")
    assert "vigil-" in server.shell("ls /var/backups/vigil")
    server.shell("cd /root && vigil export first.tar && vigil onion-keys onion.keys && vigil backup own.tar")
    assert (
        server.shell("stat -c '%a %U' /root/first.tar /root/onion.keys /root/own.tar").split()
        == ["600", "root"] * 3
    )
    assert (
        "already something at /root/first.tar"
        in server.debian.run("vigil", "export", "/root/first.tar").stderr
    )
    assert server.shell("ls -A /var/backups/vigil | grep -c '^[.]' || true").strip() == "0"


def test_a_restore_keeps_what_was_received_whatever_becomes_of_it(server: Server) -> None:
    server.receive("after own.tar")
    for each in (restored.refused, restored.interrupted):
        each(server.debian, "/root/own.tar")
        assert server.received() == 1
    restored.done(server.debian, "/root/own.tar")
    assert server.shell("vigil doctor | grep -c 'holds no reports'").strip() == "1"


def test_the_same_again_changes_nothing_and_keeps_what_the_operator_wrote(server: Server) -> None:
    server.shell("sed -i 's/VIGIL_MAX_FILE_MB=500/VIGIL_MAX_FILE_MB=200/' /etc/vigil/vigil.env")
    server.shell("echo '# mine' >>/etc/vigil/vigil.env; touch /srv/vigil/content/mine.txt")
    main = server.shell("systemctl show -p MainPID --value vigil.service")
    before = server.shell(KEPT)
    # As after a power cut in the middle: what is half there is put right.
    server.shell("rm /usr/local/bin/vigil /etc/systemd/system/vigil-sweep.timer")
    done = server.install("vigil-1.0.0.tar.gz")
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.shell(KEPT) == before
    refused = server.install("vigil-1.0.0.tar.gz", "--onion", "no")
    assert "this site has that onion service" in refused.stderr
    assert server.shell("systemctl show -p MainPID --value vigil.service") == main


@pytest.mark.parametrize(
    ("version", "practice", "said"),
    [(3, True, "practice keys, which anyone can open"), (1, False, "older than version 2")],
    ids=["practice", "older"],
)
def test_keys_that_may_not_be_used_are_refused(
    server: Server, version: int, practice: bool, said: str
) -> None:
    server.team_keys("refused.keys", version, practice=practice)
    before = server.debian.path("/var/lib/vigil/team.keys").read_bytes()
    done = server.install("vigil-1.0.0.tar.gz", "--team-keys", "/root/refused.keys")
    assert done.returncode == 1
    assert said in done.stderr
    assert server.debian.path("/var/lib/vigil/team.keys").read_bytes() == before


def test_a_newer_release_takes_over_and_what_was_received_stays(server: Server, releases: Releases) -> None:
    server.receive("before the upgrade")
    releases.write("store/sqlite/migrations/0998_newer.py", MIGRATION)
    done = server.install(server.release("1.1.0"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.current == "1.1.0"
    assert "0998_newer" in changes(server)
    assert server.get("/healthz") == "200 ok\n\n"
    server.receive("after the upgrade")
    if SOAK:
        taken_back_when_its_doctor_fails(server, releases)
        taken_back_also_after_a_power_cut(server)
    assert False not in server.doctor().values()
    assert server.received() == 2
    assert "is older than 1.1.0" in server.install("vigil-1.0.0.tar.gz").stderr


def taken_back_when_its_doctor_fails(server: Server, releases: Releases) -> None:
    """A release whose pages fail, and which has changed the database."""
    whole = (releases.source / "views/health.py").read_text()
    releases.write(
        "views/health.py", whole.replace("return Response(", "raise OSError\n    return Response(")
    )
    releases.write("store/sqlite/migrations/0999_newest.py", MIGRATION.replace("newer", "newest"))
    done = server.install(server.release("1.2.0"))
    assert done.returncode == 1, done.stdout
    assert "the site is on 1.1.0 again, and nothing received was lost" in done.stderr
    assert server.current == "1.1.0"
    assert "0999_newest" not in changes(server)
    assert server.get("/healthz") == "200 ok\n\n"


def taken_back_also_after_a_power_cut(server: Server) -> None:
    """The bad release once more, cut off when it had just been put into use."""
    server.shell("mkdir /opt/vigil/upgrading; readlink /opt/vigil/current >/opt/vigil/upgrading/previous")
    server.shell("vigil doctor --json >/opt/vigil/upgrading/before.json")
    server.debian.path("/opt/vigil/upgrading/known").write_text(changes(server))
    server.shell("ln -sfn /opt/vigil/releases/1.2.0 /opt/vigil/current; vigil publish")
    assert "0999_newest" in changes(server)
    done = server.install("vigil-1.2.0.tar.gz")
    assert "the site is on 1.1.0 again" in done.stderr, done.stdout + done.stderr
    assert server.current == "1.1.0"
    assert "0999_newest" not in changes(server)
    assert server.get("/healthz") == "200 ok\n\n"
    assert not server.debian.path("/opt/vigil/upgrading").exists()


def changes(server: Server) -> str:
    """What the database has seen, by the release in use."""
    return server.shell(
        "cd /opt/vigil/current && .venv/bin/python -m deploy.install.database names /var/lib/vigil"
    )


def test_off_again_with_the_data_kept_and_then_without(server: Server) -> None:
    onion = server.debian.path("/var/lib/tor/vigil/hostname").read_text()
    server.shell("bash /root/install.sh --uninstall --yes")
    assert not server.debian.path("/opt/vigil").exists()
    assert not server.debian.path("/usr/local/bin/vigil").exists()
    assert server.debian.path("/var/lib/vigil/vigil.db").exists()
    assert server.debian.path("/var/lib/tor/vigil/hostname").read_text() == onion
    assert "vigil" not in server.debian.path("/etc/tor/torrc").read_text()
    # With Debian's own configuration nginx would log addresses from the next start on.
    assert set(server.shell("systemctl is-enabled nginx tor || true").split()) == {"disabled"}
    purge = ["bash", "/root/install.sh", "--uninstall", "--purge", "--release", "/root/vigil-1.0.0.tar.gz"]
    assert server.debian.run(*purge, given="yes\n").returncode == 1
    assert server.debian.path("/var/lib/vigil/vigil.db").exists()
    done = server.debian.run(*purge, given="delete everything\n")
    assert done.returncode == 0, done.stderr
    left = "/var/lib/vigil /var/backups/vigil /srv/vigil /etc/vigil /var/lib/tor/vigil /opt/vigil"
    assert [path for path in left.split() if server.debian.path(path).exists()] == []
    assert server.debian.run("getent", "passwd", "vigil").returncode == 2
