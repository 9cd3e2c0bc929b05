"""The certificate's script: what it takes, where it puts it, and what it says to nginx and certbot."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.proxy import SHIPPED, Certificates, openssl


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
        [str(SHIPPED / "certificate.sh"), *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_certificate_from_elsewhere_is_put_where_nginx_reads_it(
    nginx: None, issued: Certificates, tmp_path: Path
) -> None:
    done = certificate(tmp_path, "install", issued.chain, issued.key)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "tls/chain.pem").read_bytes() == issued.chain.read_bytes()
    assert (tmp_path / "tls/key.pem").read_bytes() == issued.key.read_bytes()
    assert (tmp_path / "tls/key.pem").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "tls").iterdir()) == ["chain.pem", "key.pem"]
    assert (tmp_path / "called").read_text().splitlines() == ["-t -q", "-s reload"]


def test_a_renewed_certificate_takes_the_old_one_s_place(
    nginx: None, issued: Certificates, tmp_path: Path
) -> None:
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


def test_a_pair_that_does_not_fit_changes_nothing(nginx: None, issued: Certificates, tmp_path: Path) -> None:
    certificate(tmp_path, "temporary", "news.example.org")
    before = (tmp_path / "tls/chain.pem").read_bytes(), (tmp_path / "tls/key.pem").read_bytes()
    done = certificate(tmp_path, "install", issued.authority, issued.key)
    assert (done.returncode, "is not the key of" in done.stderr) == (1, True)
    done = certificate(tmp_path, "install", issued.key, issued.key)
    assert (done.returncode, "holds no certificate" in done.stderr) == (1, True)
    assert ((tmp_path / "tls/chain.pem").read_bytes(), (tmp_path / "tls/key.pem").read_bytes()) == before
    assert not (tmp_path / "called").exists()


def test_a_certificate_that_names_an_ocsp_server_is_warned_of(nginx: None, tmp_path: Path) -> None:
    key, chain = tmp_path / "k.pem", tmp_path / "c.pem"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    asks = ("-addext", "authorityInfoAccess=OCSP;URI:http://ocsp.example.org")
    openssl("req", "-x509", *curve, "-subj", "/CN=localhost", *asks, "-keyout", key, "-out", chain)
    done = certificate(tmp_path, "install", chain, key)
    assert done.returncode == 0
    assert "names an OCSP server" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("nothing",), ("install", "x"), ("get", "x"), ("temporary",)])
def test_a_wrong_call_is_told_how(nginx: None, arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = certificate(tmp_path, *arguments)
    assert done.returncode in {1, 2}
    assert "certificate.sh" in done.stderr


def test_certbot_is_called_with_webroot_and_the_hook(nginx: None, tmp_path: Path) -> None:
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
        ("--deploy-hook", f"{SHIPPED}/certificate.sh renewed"),
    ):
        assert called[called.index(option) + 1] == value
    assert acme.stat().st_mode & 0o777 == 0o755
