"""What systemd and Patroni say of deploy/cluster, and the guide: what docs/cluster.md names exists."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

import commands
from tests.e2e.tornet import free_ports
from tests.test_cluster_files import CLUSTER, ROOT, live, needs, ran
from tests.test_docs import VARIABLE, rows, texts, tracked
from tests.test_units import analyze, needs_systemd

GUIDE = (ROOT / "docs/cluster.md").read_text()
TABLE = (CLUSTER / "README.md").read_text()
FILES = sorted(path for path in CLUSTER.rglob("*") if path.is_file())
# The services that open the database, and where each lies here.
FOUR = {
    "vigil": "systemd/vigil.service",
    "vigil-sweep": "systemd/vigil-sweep.service",
    "vigil-backup": "systemd/vigil-backup.service",
    "vigil-staff@": "staff/vigil-staff@.service",
}
DATABASES = ["10.20.0.1", "10.20.0.2", "10.20.0.3"]
MOST = 1.5  # of 10, systemd's "exposure": 1.0 on a machine that needs no network


# ---- systemd


def with_drop_in(folder: Path, unit: Path, drop_in: Path, name: str = "") -> str:
    """Lay a unit and its drop-in into a folder of units; give the unit's name."""
    # The programs are not here; the paths of a release are judged by test_units.py.
    text = re.sub(r"^(Exec\w+)=(-?)/\S+", r"\1=\2/bin/true", unit.read_text(), flags=re.MULTILINE)
    name = name or unit.name
    (folder / name).write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE))
    (folder / f"{name}.d").mkdir()
    (folder / f"{name}.d/vigil.conf").write_text(drop_in.read_text())
    return name


def exposure(folder: Path, unit: str, monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setenv("SYSTEMD_UNIT_PATH", f"{folder}:")
    judged = analyze("security", "--offline=true", "--no-pager", unit)
    score = re.search(r"Overall exposure level for \S+: ([0-9.]+)", judged.stdout)
    assert score, judged.stdout + judged.stderr
    return float(score[1])


@needs_systemd
@pytest.mark.parametrize("name", FOUR)
def test_a_service_that_reaches_the_database_is_hardly_more_exposed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = with_drop_in(tmp_path, ROOT / "deploy" / FOUR[name], CLUSTER / "network.conf")
    assert 0.5 < exposure(tmp_path, unit, monkeypatch) <= MOST


@needs_systemd
@needs("onionbalance")
def test_debian_s_onionbalance_is_confined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    debian = Path("/lib/systemd/system/onionbalance.service")
    drop_in = CLUSTER / "onionbalance/onionbalance.service.conf"
    assert exposure(tmp_path, with_drop_in(tmp_path, debian, drop_in), monkeypatch) <= MOST


@needs_systemd
def test_systemd_finds_no_fault_in_a_unit_or_a_drop_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [
        with_drop_in(tmp_path, ROOT / "deploy" / path, CLUSTER / "network.conf") for path in FOUR.values()
    ]
    drop_in = CLUSTER / "onionbalance/onionbalance.service.conf"
    bare = tmp_path / "bare"
    bare.write_text("[Service]\nExecStart=/bin/true\n")
    units.append(with_drop_in(tmp_path, bare, drop_in, "onionbalance.service"))
    for unit in (path for path in FILES if path.suffix in {".service", ".timer"}):
        laid = re.sub(r"^(Exec\w+)=\S+", r"\1=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(laid)
        units.append(unit.name)
    monkeypatch.setenv("SYSTEMD_UNIT_PATH", f"{tmp_path}:")
    plain = [tmp_path / unit for unit in units if "@" not in unit]
    judged = analyze("verify", "--man=no", "--recursive-errors=no", *plain)
    assert [line for line in judged.stderr.splitlines() if str(tmp_path) in line] == []


def test_the_guide_lays_the_drop_in_for_each_service_that_opens_the_database() -> None:
    (loop,) = re.findall(r"for unit in ([^;]+); do install \S+ -m 644 network.conf", GUIDE)
    assert loop.split() == list(FOUR)
    services = {
        path.stem for path in (ROOT / "deploy").rglob("vigil*.service") if CLUSTER not in path.parents
    }
    assert services == set(FOUR)


# ---- the database machines


@needs("patroni")
def test_patroni_takes_its_configuration(tmp_path: Path) -> None:
    done = validated(tmp_path, (CLUSTER / "patroni.yml").read_text())
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs("patroni")
def test_patroni_would_say_what_is_wrong(tmp_path: Path) -> None:
    done = validated(tmp_path, (CLUSTER / "patroni.yml").read_text().replace("ttl: 20", "ttl: soon"))
    assert done.returncode == 1
    assert "bootstrap.dcs.ttl" in done.stdout + done.stderr


def validated(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "config.yml").write_text(text)
    environment = settings(CLUSTER / "patroni_env.conf")
    # It looks whether it could listen there.
    for name, port in zip(("RESTAPI_LISTEN", "POSTGRESQL_LISTEN"), free_ports(2), strict=True):
        assert f"PATRONI_{name}" in environment
        environment[f"PATRONI_{name}"] = f"127.0.0.1:{port}"
    return ran("patroni", "--validate-config", folder / "config.yml", **environment)


def settings(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in live(path).splitlines() if line)


def test_etcd_speaks_to_machines_of_the_authority_alone_and_says_little() -> None:
    said = settings(CLUSTER / "etcd.env")
    assert said["ETCD_CLIENT_CERT_AUTH"] == said["ETCD_PEER_CLIENT_CERT_AUTH"] == "true"
    addresses = [value for name, value in said.items() if "URLS" in name or name == "ETCD_INITIAL_CLUSTER"]
    assert [value for value in addresses if "http:" in value] == []
    assert said["ETCD_LOG_LEVEL"] == "warn"


def test_postgresql_logs_nothing_of_a_request() -> None:
    text = live(CLUSTER / "patroni.yml")
    said = dict(re.findall(r"^ +(log_\w+): \"?([\w-]+)", text, re.MULTILINE))
    off = ("connections", "disconnections", "hostname", "duration", "lock_waits", "replication_commands")
    assert {name: said[f"log_{name}"] for name in off} == dict.fromkeys(off, "off")
    assert (said["log_statement"], said["log_min_duration_statement"]) == ("none", "-1")
    # ERROR is below LOG for a server's log: what a request caused is not in it.
    assert (said["log_min_messages"], said["log_min_error_statement"]) == ("log", "panic")
    assert said["log_parameter_max_length_on_error"] == "0"
    assert 'log_line_prefix: ""' in text


# What Patroni hands to PostgreSQL of the file, as its own code reads it.
EFFECTIVE = """
import json, sys
from patroni.config import Config
print(json.dumps(dict(Config(sys.argv[1])["postgresql"]["parameters"])))
"""


@needs("patroni")
def test_patroni_leaves_out_no_setting_of_the_file() -> None:
    """What it wants to have from `bootstrap` alone, it drops from here without a word."""
    done = ran(
        "/usr/bin/python3", "-c", EFFECTIVE, CLUSTER / "patroni.yml", **settings(CLUSTER / "patroni_env.conf")
    )
    assert done.returncode == 0, done.stderr
    text = live(CLUSTER / "patroni.yml").split("\npostgresql:\n")[1].split("\n  parameters:\n")[1]
    written = set(re.findall(r"^    (\w+):", text, re.MULTILINE))
    assert len(written) > 50
    assert written - set(json.loads(done.stdout)) == set()


def test_nothing_of_the_log_is_kept_for_no_reason() -> None:
    """Patroni puts 128 MB into its own file, and lets nobody write less than 16; this stands after it."""
    assert "\nALTER SYSTEM SET wal_keep_size = 0;" in (CLUSTER / "first-start.sh").read_text()


def test_the_addresses_of_the_examples_are_the_same_everywhere() -> None:
    hosts = ",".join(f"{each}:2379" for each in DATABASES)
    assert f"hosts: {hosts}" in live(CLUSTER / "patroni.yml")
    assert f"IPAddressAllow={' '.join(DATABASES)}" in live(CLUSTER / "network.conf")
    assert f"vigil@{','.join(DATABASES)}/vigil?target_session_attrs=read-write" in GUIDE
    told = set(re.findall(r"\b10\.\d+\.\d+\.\d+\b", "".join(live(path) for path in FILES)))
    assert {each for each in told if not each.endswith(".0")} <= set(re.findall(r"`(10\.[\d.]+)`", GUIDE))


# ---- the guide


def test_nothing_in_the_folder_is_a_secret() -> None:
    words = re.compile(r"PRIVATE KEY|password\s*[:=]|passwd|[a-z2-7]{56}|secret\s*[:=]", re.IGNORECASE)
    assert [path.name for path in FILES if words.search(path.read_text())] == []


def test_every_file_is_in_the_table_and_no_other() -> None:
    named = {path for line in TABLE.splitlines()[6:] for path in re.findall(r"\]\(([^)]+)\)", line[:120])}
    assert named == {str(path.relative_to(CLUSTER)) for path in FILES if path.name != "README.md"}


def test_every_file_that_the_guide_lays_out_is_shipped_or_made() -> None:
    laid = set(re.findall(r"\bDIR/([\w.-]+)", GUIDE))
    shipped = {path.name for folder in ("cluster", "nginx") for path in (ROOT / "deploy" / folder).rglob("*")}
    made = {"ca.crt", "machine.crt", "machine.key", "ca.pem", "web.pem", "web.key", "front.pem", "front.key"}
    assert laid - shipped - made == set()
    assert made <= laid
    places = re.findall(r"deploy/[\w./-]*\w", GUIDE.replace("current/deploy", "deploy"))
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_every_unit_of_a_cluster_is_in_the_guide() -> None:
    units = [path.name for path in FILES if path.suffix in {".service", ".timer", ".socket"}]
    assert [name for name in units if name not in GUIDE] == []


def test_every_command_and_option_of_the_guide_exists() -> None:
    app = Flask("documented")
    commands.register(app)
    typed = re.findall(r"(?:^    |`)vigil ([a-z][a-z-]+)([^`\n]*)", GUIDE, re.MULTILINE)
    assert {name for name, _ in typed} >= {"move", "share-form-keys", "doctor", "restore", "backup"}
    for name, rest in typed:
        assert name in {*app.cli.commands, "onion-keys"}, name
        known = known_options(app, name)
        assert set(re.findall(r"--[a-z][a-z-]+", rest)) <= known, (name, rest)
    installer = (ROOT / "deploy/install.sh").read_text()
    part = GUIDE.split("\n## 4. ")[1].split("\n## 5. ")[0].split("**Form keys.**")[0]
    assert set(re.findall(r"--[a-z][a-z-]+", part)) <= set(re.findall(r"--[a-z][a-z-]+", installer))


def known_options(app: Flask, name: str) -> set[str]:
    found = app.cli.commands.get(name)
    return {option for each in found.params for option in each.opts} if found else set()


def test_every_setting_of_the_guide_is_one_of_the_site() -> None:
    known = {name for cells in rows("Setting it up") for name in VARIABLE.findall(cells[0])}
    assert {"VIGIL_DATABASE_URL", "VIGIL_DATABASE_MB", "VIGIL_MACHINE"} <= set(VARIABLE.findall(GUIDE))
    assert set(VARIABLE.findall(GUIDE)) <= known


def test_every_place_of_the_guide_is_one_that_the_files_or_the_installer_know() -> None:
    known = "\n".join(path.read_text() for path in tracked("deploy") if path.is_file())
    known += texts(CLUSTER / "README.md")
    named = set(re.findall(r"(/(?:etc|opt/vigil|var/lib|usr/local)/[\w./-]*\w)", GUIDE))
    debian = {"/etc/modules-load.d/vigil.conf", "/etc/udev/rules.d/60-vigil.rules", "/var/lib/etcd/default"}
    debian |= {"/var/log/nginx"}
    made = {f"/var/lib/vigil/{name}" for name in ("form.keys", "form.new", "vigil.db", "blobs")}
    assert [
        path for path in named - debian - made if path not in known and Path(path).name not in known
    ] == []
    assert len(named) > 20
