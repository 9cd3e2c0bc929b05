"""nginx's files agree with the site; the certificate's script; the static files as they are laid."""

import gzip
import os
import re
import subprocess
from pathlib import Path

import pytest

from deploy.nginx.lay_static import lay, main
from tests.e2e.proxy import Certificates, openssl
from web.assets import TYPES, Assets
from web.cached import FOREVER
from web.environment import KEPT
from web.headers import ALWAYS, OF_PAGES, PARTS

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "deploy/nginx"
SITE = (FOLDER / "vigil.conf").read_text()
MAIN = (FOLDER / "nginx.conf").read_text()
LIVE = re.sub(r"^\s*#.*\n", "", MAIN + SITE, flags=re.MULTILINE)


# ---- the configuration


def test_what_the_site_keeps_of_a_request_is_what_nginx_hands_on() -> None:
    handed = {name.upper().replace("-", "_") for name in re.findall(r"proxy_set_header (\S+)", LIVE)}
    kept = {name.removeprefix("HTTP_") for name in KEPT if name.startswith("HTTP_")} | {"CONTENT_TYPE"}
    # The connection is nginx's own, gunicorn takes the scheme, and the last is refused with words.
    own = {"CONNECTION", "X_FORWARDED_PROTO", "X_TOR2WEB"}
    # nginx frames the body itself.
    assert handed - own == kept - {"TRANSFER_ENCODING"} - own
    assert "proxy_pass_request_headers off;" in LIVE


def test_there_is_no_log() -> None:
    assert set(re.findall(r"access_log (.*);", LIVE)) == {"off"}
    assert set(re.findall(r"error_log (.*);", LIVE)) == {"/dev/null crit"}
    servers = LIVE.split("\nserver {")[1:]
    assert len(servers) == 4
    for server in servers:
        assert "access_log off;" in server
        assert "error_log /dev/null crit;" in server


def test_nothing_remembers_an_address() -> None:
    words = ("limit_req", "proxy_cache", "userid", "geo ", "X-Forwarded-For", "X-Real-IP", "$remote_addr")
    assert [word for word in words if word in LIVE] == []


def test_the_headers_of_static_files_are_those_of_the_site() -> None:
    location = LIVE.split('location ~ "^/static/')[1].split("location @site")[0]
    said = dict(re.findall(r'add_header (\S+) "?([^";]*?)"?(?: always)?;', location))
    assert said.pop("Cache-Control") == FOREVER
    assert (said.pop("Last-Modified"), said.pop("Strict-Transport-Security")) == ("", "max-age=63072000")
    for suffix, wanted in (("css", PARTS), ("png", ALWAYS)):
        given = {name: of_map(value, suffix) for name, value in said.items()}
        assert {name: value for name, value in given.items() if value} == wanted
    assert set(said) - set(PARTS) == OF_PAGES


def of_map(value: str, suffix: str) -> str:
    """What a value is for a file of this kind: itself, or what the map of this name gives."""
    if not value.startswith("$"):
        return value
    block = LIVE.split(f"map $uri {value} {{")[1].split("}")[0]
    of_parts, of_others = re.findall(r'"([^"]*)";', block)
    return str(of_parts if suffix in {"css", "js"} else of_others)


def test_nginx_s_own_answers_have_the_headers_of_the_site() -> None:
    server = LIVE.split("\nserver {")[4].split("location")[0]
    said = dict(re.findall(r"add_header (\S+) (\$\S+) always;", server))
    assert set(said) == {*ALWAYS, "Cache-Control"}
    for name, value in said.items():
        (own,) = re.findall(r'"1" "([^"]*)";', LIVE.split(f"map $own {value} {{")[1].split("}")[0])
        # Its only page has neither scripts nor pictures.
        assert own == {**ALWAYS, "Cache-Control": "no-store"}[name] or name == "Content-Security-Policy"


def test_every_suffix_of_the_site_has_its_type() -> None:
    said = re.findall(r'^ +"?([a-z/0-9-]+[^"\n]*?)"? (\w+);$', LIVE, re.MULTILINE)
    types = {f".{suffix}": kind for kind, suffix in said}
    assert {suffix: types.get(suffix) for suffix in TYPES} == TYPES


# ---- static files


def test_the_files_are_laid_as_the_site_sends_them(tmp_path: Path) -> None:
    assert main([str(tmp_path / "public")]) == 0
    assets = Assets(ROOT / "static")
    laid = {path for path in (tmp_path / "public").rglob("*") if path.is_file()}
    wanted = set()
    for name, asset in assets.items():
        path = tmp_path / "public/static" / name
        assert path.read_bytes() == asset.data
        wanted.add(path)
        if asset.packed:
            packed = path.with_name(path.name + ".gz")
            assert gzip.decompress(packed.read_bytes()) == asset.data
            wanted.add(packed)
    assert laid == wanted
    assert {path.stat().st_mode & 0o777 for path in laid} == {0o644}
    assert {path.stat().st_mtime for path in laid} == {1_000_000_000}


def test_files_laid_again_are_the_same_and_older_ones_stay(tmp_path: Path) -> None:
    assets = Assets(ROOT / "static")
    number = lay(assets, tmp_path)
    (tmp_path / "static/site.0123456789abcdef.css").write_text("old")
    assert lay(assets, tmp_path) == number
    assert (tmp_path / "static/site.0123456789abcdef.css").read_text() == "old"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main([str(tmp_path / "file")]) == 1
    told = capsys.readouterr().err
    assert "lay_static: error:" in told
    assert "lay_static: hint:" in told


# ---- the certificate


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("issued") / "tls")


def certificate(folder: Path, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the script, with a nginx that writes down how it was called."""
    nginx = folder / "nginx"
    nginx.write_text(f'#!/bin/sh\necho "$*" >>{folder}/called\n')
    nginx.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "TLS_FOLDER": str(folder / "tls"), "NGINX": str(nginx), **more}
    return subprocess.run(
        [str(FOLDER / "certificate.sh"), *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_certificate_from_elsewhere_is_put_where_nginx_reads_it(
    issued: Certificates, tmp_path: Path
) -> None:
    done = certificate(tmp_path, "install", issued.chain, issued.key)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "tls/chain.pem").read_bytes() == issued.chain.read_bytes()
    assert (tmp_path / "tls/key.pem").read_bytes() == issued.key.read_bytes()
    assert (tmp_path / "tls/key.pem").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "tls").iterdir()) == ["chain.pem", "key.pem"]
    assert (tmp_path / "called").read_text().splitlines() == ["-t -q", "-s reload"]


def test_a_renewed_certificate_takes_the_old_one_s_place(issued: Certificates, tmp_path: Path) -> None:
    assert certificate(tmp_path, "temporary", "news.example.org").returncode == 0
    old = (tmp_path / "tls/chain.pem").read_bytes()
    assert "DNS:news.example.org" in openssl("x509", "-in", tmp_path / "tls/chain.pem", "-noout", "-text")
    lineage = tmp_path / "live"
    lineage.mkdir()
    (lineage / "fullchain.pem").write_bytes(issued.chain.read_bytes())
    (lineage / "privkey.pem").write_bytes(issued.key.read_bytes())
    done = certificate(tmp_path, "renewed", RENEWED_LINEAGE=str(lineage))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tls/chain.pem").read_bytes() == issued.chain.read_bytes() != old
    assert (tmp_path / "called").read_text().splitlines() == ["-t -q", "-s reload"]


def test_a_pair_that_does_not_fit_changes_nothing(issued: Certificates, tmp_path: Path) -> None:
    certificate(tmp_path, "temporary", "news.example.org")
    before = (tmp_path / "tls/chain.pem").read_bytes(), (tmp_path / "tls/key.pem").read_bytes()
    done = certificate(tmp_path, "install", issued.authority, issued.key)
    assert (done.returncode, "is not the key of" in done.stderr) == (1, True)
    done = certificate(tmp_path, "install", issued.key, issued.key)
    assert (done.returncode, "holds no certificate" in done.stderr) == (1, True)
    assert ((tmp_path / "tls/chain.pem").read_bytes(), (tmp_path / "tls/key.pem").read_bytes()) == before
    assert not (tmp_path / "called").exists()


def test_a_certificate_that_names_an_ocsp_server_is_warned_of(tmp_path: Path) -> None:
    key, chain = tmp_path / "k.pem", tmp_path / "c.pem"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    asks = ("-addext", "authorityInfoAccess=OCSP;URI:http://ocsp.example.org")
    openssl("req", "-x509", *curve, "-subj", "/CN=localhost", *asks, "-keyout", key, "-out", chain)
    done = certificate(tmp_path, "install", chain, key)
    assert done.returncode == 0
    assert "names an OCSP server" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("nothing",), ("install", "x"), ("get", "x"), ("temporary",)])
def test_a_wrong_call_is_told_how(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = certificate(tmp_path, *arguments)
    assert done.returncode in {1, 2}
    assert "certificate.sh" in done.stderr


def test_certbot_is_called_with_webroot_and_the_hook(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "certbot").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{tmp_path}/certbot-called\n')
    (tools / "certbot").chmod(0o755)
    acme = tmp_path / "acme"
    path = f"{tools}:{os.environ['PATH']}"
    done = certificate(tmp_path, "get", "news.example.org", "a@b.example", PATH=path, ACME_FOLDER=str(acme))
    assert done.returncode == 0, done.stderr
    called = (tmp_path / "certbot-called").read_text().splitlines()
    assert called[0] == "certonly"
    for option, value in (
        ("--webroot-path", str(acme)),
        ("--domain", "news.example.org"),
        ("--email", "a@b.example"),
        ("--deploy-hook", f"{FOLDER}/certificate.sh renewed"),
    ):
        assert called[called.index(option) + 1] == value
    assert acme.stat().st_mode & 0o777 == 0o755
