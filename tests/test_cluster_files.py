"""The files of deploy/cluster, each before its own judge: openssl, tor, Onionbalance, nginx.

Filled in as docs/cluster.md says, in a folder of the test's own; what systemd and Patroni say is in
test_cluster_machines.py. Other tests run them: tests/e2e and tests/soak.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e import torrc
from tests.e2e.balanced import BACKEND, CONFIG, KEY, OB_CONFIG, PUBLISHER, address, tor_key
from tests.e2e.test_torrc import verified
from tests.e2e.tornet import free_ports
from tests.test_torrc import NEVER

ROOT = Path(__file__).parent.parent
CLUSTER = ROOT / "deploy/cluster"
SCRIPT = CLUSTER / "certificates.sh"
MACHINES = {"db1": "10.20.0.1", "web1": "127.0.0.1", "web2": "fd00::12", "front": "10.20.0.100"}
ONION = "a" * 56 + ".onion"


def needs(program: str) -> pytest.MarkDecorator:
    """With CI set nothing may be missing, and the test says so by failing."""
    lacking = shutil.which(program) is None and "CI" not in os.environ
    return pytest.mark.skipif(lacking, reason=f"there is no {program} on this machine")


def ran(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def openssl(*arguments: str | Path) -> str:
    done = ran("openssl", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def live(path: Path) -> str:
    """What a program reads of a file: all but its comments."""
    return re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as certificates.sh leaves it."""
    folder = tmp_path_factory.mktemp("certificates") / "authority"
    assert ran(SCRIPT, folder, "authority").returncode == 0
    for name, where in MACHINES.items():
        done = ran(SCRIPT, folder, "machine", name, where)
        assert done.returncode == 0, done.stderr
        assert re.search(r"is good until \w+ +\d+ [\d:]+ 20\d\d GMT", done.stdout)
    return folder


# ---- certificates


def test_each_machine_has_a_certificate_of_the_authority_under_the_names_that_its_files_want(
    certificates: Path,
) -> None:
    for name in MACHINES:
        folder = certificates / name
        (certificate,) = [each for each in folder.iterdir() if each.stem in {"machine", "web", "front"}][:1]
        chain = certificate.with_suffix(".crt" if name.startswith("db") else ".pem")
        key = certificate.with_suffix(".key")
        assert key.stat().st_mode & 0o777 == 0o600
        (authority,) = folder.glob("ca.*")
        for purpose in ("sslserver", "sslclient"):
            openssl("verify", "-x509_strict", "-purpose", purpose, "-CAfile", authority, chain)
        assert openssl("pkey", "-in", key, "-pubout") == openssl("x509", "-in", chain, "-noout", "-pubkey")
        assert len(list(folder.iterdir())) == 3


def test_what_a_certificate_says_is_what_the_configurations_ask_for(certificates: Path) -> None:
    def said(path: str, what: str) -> str:
        return openssl("x509", "-in", certificates / path, "-noout", what, "-nameopt", "RFC2253").strip()

    def names(path: str) -> str:
        return openssl("x509", "-in", certificates / path, "-noout", "-ext", "subjectAltName")

    assert said("db1/machine.crt", "-subject") == "subject=CN=db1"
    assert said("web1/web.pem", "-subject") == "subject=CN=web1"
    front = said("front/front.pem", "-subject").removeprefix("subject=")
    assert f'"{front}" "1";' in live(CLUSTER / "nginx-web.conf")
    # PostgreSQL's map of a certificate's name to a role: what is in slashes is a regular expression.
    maps = re.findall(r"- machines +/(\S+)\$ +(\w+)", live(CLUSTER / "patroni.yml"))
    roles = {name: {role for pattern, role in maps if re.search(pattern, name)} for name in MACHINES}
    assert roles == {
        "db1": {"replicator", "rewinder"},
        "web1": {"vigil"},
        "web2": {"vigil"},
        "front": set(),
    }
    assert "DNS:web.vigil" in names("web1/web.pem")
    assert "proxy_ssl_name web.vigil;" in live(CLUSTER / "nginx-front.conf")
    assert "IP Address:10.20.0.1" in names("db1/machine.crt")
    named = set(re.findall(r"/etc/(?:patroni/tls|vigil/cluster)/([\w.]+)", all_of_it()))
    made = {path.name for machine in MACHINES for path in (certificates / machine).iterdir()}
    assert named == made


def all_of_it() -> str:
    return "\n".join(live(path) for path in CLUSTER.rglob("*") if path.is_file() and path.suffix != ".md")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["authority"], 1, "has an authority already"),
        (["machine", "db4", "10.20.0.4"], 1, "'db4' is no machine"),
        (["machine", "web1/../x", "10.20.0.4"], 1, "is no machine"),
        (["machine", "db2", "10.20.0.2,DNS:db1"], 1, "is no address"),
        (["machine", "db2", "999.1"], 1, "could be signed"),
        (["machine", "db2"], 2, "Usage"),
    ],
    ids=["authority twice", "no such machine", "a path", "more than an address", "no address", "too few"],
)
def test_the_authority_refuses_what_it_cannot_sign(
    certificates: Path, arguments: Sequence[str], status: int, said: str
) -> None:
    done = ran(SCRIPT, certificates, *arguments)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr


# ---- tor and Onionbalance


def test_a_backend_s_torrc_is_that_of_a_site_and_one_line_more() -> None:
    site = [(name, value) for name, value, _ in torrc.directives(torrc.WEB)]
    backend = [(name, value) for name, value, _ in torrc.directives(BACKEND)]
    assert [line for line in backend if line not in site] == [("HiddenServiceOnionBalanceInstance", "1")]
    assert [line for line in backend if line in site] == site


@pytest.mark.parametrize("path", [BACKEND, PUBLISHER], ids=["backend", "publisher"])
def test_every_line_has_its_reason_above_it_and_none_is_unsafe(path: Path) -> None:
    lines = torrc.directives(path)
    assert [name for name, _, explained in lines if not explained] == []
    names = [name for name, _, _ in lines]
    assert len(names) == len(set(names))
    assert NEVER & set(names) == set()
    told = {name: value for name, value, _ in lines}
    assert (told["SafeLogging"], told["HeartbeatPeriod"]) == ("1", "0")
    assert told["Log"] == f"[*]err [config,fs,control]notice {torrc.LOG}"


@needs("tor")
@pytest.mark.parametrize("path", [BACKEND, PUBLISHER], ids=["backend", "publisher"])
def test_tor_takes_it_over_debians_defaults_without_a_warning(path: Path, tmp_path: Path) -> None:
    (tmp_path / "onion").mkdir(mode=0o700)
    (tmp_path / "onion/ob_config").write_text(OB_CONFIG.read_text().replace("@FRONT@", address(tor_key())))
    assert verified(tmp_path, path.read_text().replace(torrc.WEB_FOLDER, f"{tmp_path}/onion")) == ""


ASKED = """
import json, sys, types
from onionbalance.hs_v3 import onionbalance, service
ob = onionbalance.my_onionbalance
ob.config_path, ob.is_testnet = sys.argv[1], False
ob.controller = types.SimpleNamespace(controller=None)
try:
    ob.config_data = ob.load_config_file()
except onionbalance.ConfigError as error:
    sys.exit(str(error))
(front,) = ob.initialize_services_from_config_data()
print(json.dumps([front.onion_address, [each.onion_address for each in front.instances]]))
"""


def onionbalance(config: Path) -> subprocess.CompletedProcess[str]:
    program = Path(shutil.which("onionbalance") or "").read_text()
    return ran(program.partition("\n")[0].removeprefix("#!"), "-c", ASKED, config)


@needs("onionbalance")
def test_onionbalance_reads_its_configuration_and_either_kind_of_key(tmp_path: Path) -> None:
    backends = [address(tor_key()) for _ in range(2)]
    key = tor_key()
    (tmp_path / "of tor").write_bytes(key)
    openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "new")
    for name in ("of tor", "new"):
        text = CONFIG.read_text().replace(KEY, str(tmp_path / name))
        for number, backend in enumerate(backends, 1):
            text = text.replace(f"@BACKEND_{number}@", backend)
        (tmp_path / "config.yaml").write_text(text)
        done = onionbalance(tmp_path / "config.yaml")
        assert done.returncode == 0, done.stderr
        front, instances = json.loads(done.stdout)
        assert [f"{each}.onion" for each in instances] == backends
        assert (front == address(key)) == (name == "of tor")


@needs("onionbalance")
def test_onionbalance_would_say_that_it_is_not_filled_in() -> None:
    done = onionbalance(CONFIG)
    assert done.returncode == 1
    assert "Cannot load instance with address: '@BACKEND_1@'" in done.stderr


# ---- the installer, on a machine that is one of several

LAID_OUT = """
set -euo pipefail
DRY_RUN='' DEPLOY=$DEPLOY ONION=yes STAFF_ONION=no DOMAIN=news.example.org
eval "$(sed "s#/var/lib/tor#$ROOT/tor#" "$DEPLOY/install/lib.sh")"
eval "$(sed -n '/^# Debian.s own torrc/,/^staff_files/p' "$DEPLOY/install/lay_out.sh" | sed '$d' |
    sed "s#/etc/vigil/cluster#$ROOT/cluster#")"
getent() { :; }
timeout() { shift 2; while [ "${1#--}" != "$1" ]; do shift; done; "$@"; }
put() { cat >"$ROOT/laid.$(basename "$3")"; }
folder() { :; }
apparmor() { :; }
grep() { case $* in *%include*) ;; *) command grep "$@" ;; esac; }
echo "$(onion_name vigil)"
torrc
nginx_files
"""


def laid_out(root: Path) -> str:
    """Lay tor's and nginx's files out; give the name of the onion service."""
    done = ran("bash", "-c", LAID_OUT, ROOT=str(root), DEPLOY=str(ROOT / "deploy"))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_installer_goes_by_what_lies_there(certificates: Path, tmp_path: Path) -> None:
    (tmp_path / "tor/vigil").mkdir(parents=True)
    (tmp_path / "tor/vigil/hostname").write_text("b" * 56 + ".onion\n")
    assert laid_out(tmp_path) == "b" * 56 + ".onion"
    assert (tmp_path / "laid.vigil.torrc").read_text() == torrc.WEB.read_text()
    alone = (tmp_path / "laid.vigil.conf").read_text()
    assert alone == (ROOT / "deploy/nginx/vigil.conf").read_text().replace("@DOMAIN@", "news.example.org")

    ob_config = OB_CONFIG.read_text().replace("@FRONT@", ONION)
    (tmp_path / "tor/vigil/ob_config").write_text(ob_config)
    for name, where in (("web1", "127.0.0.1"), ("web2", "[FD00:0:0:0:0:0:0:12]")):
        shutil.rmtree(tmp_path / "cluster", ignore_errors=True)
        shutil.copytree(certificates / name, tmp_path / "cluster")
        assert laid_out(tmp_path) == ONION
        assert (tmp_path / "laid.vigil.torrc").read_text() == BACKEND.read_text()
        several = (tmp_path / "laid.vigil.conf").read_text()
        assert f"listen {where}:8443 ssl" in several
        assert re.findall("@[A-Z]+@", several) == []


# ---- nginx


@needs("nginx")
@pytest.mark.parametrize("name", ["web", "front"])
def test_nginx_takes_it(name: str, certificates: Path, tmp_path: Path) -> None:
    ports = iter(free_ports(8))
    site = (CLUSTER / f"nginx-{name}.conf").read_text()
    for old, new in {
        "@DOMAIN@": "news.example.org",
        "@ADDRESS@:8443": "127.0.0.1:8443",
        "/etc/vigil/cluster": str(certificates / ("web1" if name == "web" else name)),
        "/etc/vigil/tls/chain.pem": str(certificates / "web1/web.pem"),
        "/etc/vigil/tls/key.pem": str(certificates / "web1/web.key"),
    }.items():
        site = site.replace(old, new)
    site = re.sub(r"listen \S*?\d+(?= |;)", lambda _: f"listen 127.0.0.1:{next(ports)}", site)
    (tmp_path / "vigil.conf").write_text(site)
    main = (ROOT / "deploy/nginx/nginx.conf").read_text().replace("/run/nginx.pid", f"{tmp_path}/pid")
    main = main.replace("/var/lib/nginx/", f"{tmp_path}/").replace("/etc/vigil/nginx/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(main)
    done = ran("nginx", "-t", "-q", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["web", "front"])
def test_nginx_keeps_nothing_of_anybody(name: str) -> None:
    text = live(CLUSTER / f"nginx-{name}.conf")
    assert set(re.findall(r"access_log (.*);", text)) == {"off"}
    assert set(re.findall(r"error_log (.*);", text)) == {"/dev/null crit"}
    for server in text.split("\nserver {")[1:]:
        assert "access_log off;" in server
    words = ("limit_req", "proxy_cache", "userid", "geo ", "X-Forwarded-For", "X-Real-IP", "$remote_addr")
    assert [word for word in words if word in text] == []
    assert "proxy_pass_request_headers off;" in text
    assert "proxy_request_buffering off;" in text
    assert "proxy_max_temp_file_size 0;" in text
