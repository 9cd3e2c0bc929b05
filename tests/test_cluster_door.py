"""Who gets into the database of a cluster: a real PostgreSQL, the lines of patroni.yml, real certificates.

The certificates are those that certificates.sh makes, the URL is the one that docs/cluster.md has typed.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.postgres import QUICK, Server, running
from config import Config
from store.postgres.waiting import each_address
from tests.e2e.tornet import free_ports
from tests.e2e.waiting import until
from tests.test_cluster_files import CLUSTER, ROOT, live, ran

HERE = "127.0.0.1"
NAMES = ("db1", "web1", "web2", "front")
SERVERS = ["10.20.0.1", "10.20.0.2", "10.20.0.3"]


def guides_url() -> str:
    """The URL that the guide has operators put together."""
    lines = re.findall(r"^    (DB=.*)$", (ROOT / "docs/cluster.md").read_text(), re.MULTILINE)
    assert len(lines) == 2
    done = subprocess.run(["sh", "-c", "; ".join([*lines, 'echo "$DB"'])], capture_output=True, text=True)
    return done.stdout.strip()


def lines_of(name: str) -> list[str]:
    """The last list of this name in patroni.yml: the one that counts."""
    part = live(CLUSTER / "patroni.yml").rpartition(f"  {name}:\n")[2]
    (lines,) = re.findall(r"\A((?:    - .*\n)+)", part)
    return [line.strip().removeprefix("- ") for line in lines.splitlines()]


@pytest.fixture(scope="module")
def certificates() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="door") as folder:
        made = Path(folder) / "authority"
        for arguments in (["authority"], *(["machine", name, HERE] for name in NAMES)):
            assert ran(CLUSTER / "certificates.sh", made, *arguments).returncode == 0
        yield made


@pytest.fixture(scope="module")
def server(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """PostgreSQL as a database machine has it, but for the addresses, and a way in for the test."""
    with tempfile.TemporaryDirectory(prefix="door") as place:
        folder = Path(place)
        for path in (certificates / "db1").iterdir():
            shutil.copy(path, folder)
        for path in (folder, *folder.iterdir()):
            if os.geteuid() == 0:
                shutil.chown(path, "postgres", "postgres")
        settings = {
            "port": str(free_ports(1)[0]),
            "ssl": "on",
            "ssl_cert_file": f"{folder}/machine.crt",
            "ssl_key_file": f"{folder}/machine.key",
            "ssl_ca_file": f"{folder}/ca.crt",
            "ssl_min_protocol_version": "TLSv1.3",
        }
        with running(tmp_path_factory.mktemp("server"), **QUICK, **settings) as started:
            started.create("vigil")
            allowed = [line.replace("10.20.0.0/24", "127.0.0.0/8") for line in lines_of("pg_hba")]
            (started.data / "pg_hba.conf").write_text("\n".join([*allowed, ""]))
            (started.data / "pg_ident.conf").write_text("\n".join([*lines_of("pg_ident"), ""]))
            with psycopg.connect(started.url("postgres", "postgres")) as connection:
                connection.execute("SELECT pg_reload_conf()")
            until(lambda: is_shut(started), "rules of patroni.yml")
            yield started


def is_shut(server: Server) -> bool:
    """Whether nobody comes in any more who shows no certificate."""
    try:
        psycopg.connect(server.url("postgres", "postgres")).close()
    except psycopg.OperationalError:
        return True
    return False


def enter(server: Server, certificates: Path, name: str, **other: str) -> str:
    """Come by the guide's URL, from this machine; give who one is there.

    :raises psycopg.OperationalError: that is refused.
    """
    chain, key, authority = (
        next(path for path in (certificates / name).iterdir() if re.fullmatch(pattern, path.name))
        for pattern in (r"(?!ca).*\.(pem|crt)", r".*\.key", r"ca\..*")
    )
    params = each_address(guides_url())[0]
    params |= {"host": HERE, "hostaddr": HERE, "port": server.settings["port"]}
    params |= {"sslrootcert": str(authority), "sslcert": str(chain), "sslkey": str(key), **other}
    with psycopg.connect(**params) as connection:
        return str(connection.execute("SELECT current_user, current_database()").fetchone())


def test_the_guides_url_is_one_for_the_site_and_names_every_server_and_the_files_of_a_web_machine(
    certificates: Path,
) -> None:
    url = guides_url()
    assert Config.read({"VIGIL_DATABASE_URL": url}).database_url == url
    found = each_address(url)
    assert [each["hostaddr"] for each in found] == SERVERS
    for each in found:
        assert (each["sslmode"], each["target_session_attrs"]) == ("verify-full", "read-write")
        files = {each["sslrootcert"], each["sslcert"], each["sslkey"]}
        assert files == {f"/etc/vigil/cluster/{path.name}" for path in (certificates / "web1").iterdir()}


@pytest.mark.parametrize("name", ["web1", "web2"])
def test_a_web_machine_gets_in(server: Server, certificates: Path, name: str) -> None:
    assert enter(server, certificates, name) == "('vigil', 'vigil')"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("front", {}),
        ("db1", {}),
        ("web1", {"user": "postgres"}),
        ("web1", {"user": "replicator"}),
        ("web1", {"dbname": "postgres"}),
        ("web1", {"sslcert": "/nowhere", "sslkey": "/nowhere"}),
        ("web1", {"sslmode": "disable", "sslcert": "", "sslkey": "", "sslrootcert": ""}),
    ],
    ids=["front", "database machine", "as superuser", "as replicator", "elsewhere", "nobody", "plain"],
)
def test_nobody_else_does_and_nobody_as_somebody_else(
    server: Server, certificates: Path, name: str, other: dict[str, str]
) -> None:
    with pytest.raises(psycopg.OperationalError):
        enter(server, certificates, name, **other)


def test_a_web_machine_speaks_to_no_server_of_another_authority(
    server: Server, certificates: Path, tmp_path: Path
) -> None:
    assert ran(CLUSTER / "certificates.sh", tmp_path / "other", "authority").returncode == 0
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        enter(server, certificates, "web1", sslrootcert=str(tmp_path / "other/ca.pem"))
