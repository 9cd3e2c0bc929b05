"""nginx's files agree with the site; the static files as they are laid for it."""

import gzip
import re
from pathlib import Path

import pytest

from deploy.nginx.lay_static import lay, main
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
