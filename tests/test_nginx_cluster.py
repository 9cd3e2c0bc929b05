"""The nginx of a front and of a web machine agree with that of a site on one machine, and with the site."""

import re
from pathlib import Path

import pytest

from tests.test_nginx_files import SITE
from web.environment import KEPT
from web.headers import ALWAYS

FOLDER = Path(__file__).parent.parent / "deploy/cluster"


def live(text: str) -> str:
    """The text without its comments."""
    return re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)


FRONT, WEB = (live((FOLDER / f"nginx-{name}.conf").read_text()) for name in ("front", "web"))
BOTH = pytest.mark.parametrize("text", [FRONT, WEB], ids=["front", "web"])


def static_location(text: str) -> str:
    return text.split('location ~ "^/static/')[1].split("location @site")[0]


def handed(text: str) -> dict[str, str]:
    """What goes on of a request: each header with its value."""
    return dict(re.findall(r"proxy_set_header (\S+) (\S+);", text))


@BOTH
def test_what_goes_on_of_a_request_is_what_one_machine_hands_on(text: str) -> None:
    assert handed(text) == handed(live(SITE))
    assert "proxy_pass_request_headers off;" in text
    kept = {name.removeprefix("HTTP_").replace("_", "-").title() for name in KEPT if name.startswith("HTTP_")}
    assert {name.title() for name in handed(text)} >= kept - {"Transfer-Encoding"}


@BOTH
def test_there_is_no_log_and_nothing_remembers_an_address(text: str) -> None:
    assert set(re.findall(r"access_log (.*);", text)) == {"off"}
    assert set(re.findall(r"error_log (.*);", text)) == {"/dev/null crit"}
    words = (
        "limit_req",
        "proxy_cache",
        "userid",
        "geo ",
        "X-Forwarded-For",
        "X-Real-IP",
        "sticky",
        "ip_hash",
    )
    assert [word for word in words if word in text] == []
    for server in text.split("\nserver {")[1:]:
        assert "access_log off;" in server


@BOTH
@pytest.mark.parametrize(
    "line",
    [
        "proxy_request_buffering off;",
        "proxy_max_temp_file_size 0;",
        "proxy_http_version 1.1;",
        "client_max_body_size 0;",
        "gzip off;",
        "server_tokens off;",
        "proxy_pass_header Server;",
        "ssl_session_tickets off;",
        "ssl_session_cache off;",
    ],
)
def test_what_keeps_bodies_off_the_disk_is_said_as_on_one_machine(text: str, line: str) -> None:
    assert line in text
    assert line in SITE


def test_no_form_is_sent_twice() -> None:
    """`non_idempotent` would have nginx send a POST again that a machine may have received."""
    assert "non_idempotent" not in FRONT
    assert "proxy_next_upstream error timeout;" in FRONT
    assert "proxy_next_upstream off;" in WEB


def test_only_the_front_is_heard_by_a_web_machine_and_only_web_machines_by_the_front() -> None:
    for line in ("ssl_verify_client on;", "ssl_protocols TLSv1.3;", '"CN=vigil-front" "1";'):
        assert line in WEB
    for line in ("proxy_ssl_verify on;", "proxy_ssl_name web.vigil;", "proxy_ssl_protocols TLSv1.3;"):
        assert line in FRONT


def test_static_files_have_the_headers_of_one_machine_but_for_what_the_front_says() -> None:
    own, one = (re.findall(r"add_header (.*);", static_location(each)) for each in (WEB, live(SITE)))
    assert own == [line for line in one if not line.startswith("Strict-Transport-Security")]
    for name in ("$static_policy", "$static_opener", "$static_permissions"):
        ours, theirs = (text.split(f"map $uri {name} {{")[1].split("}")[0] for text in (WEB, live(SITE)))
        assert ours == theirs


@BOTH
def test_nginx_s_own_answers_have_the_headers_of_the_site(text: str) -> None:
    server = text.split("\nserver {")[-1].split("location")[0]
    said = dict(re.findall(r"add_header (\S+) (\$\S+) always;", server))
    assert set(said) == {*ALWAYS, "Cache-Control"}
    for name, value in said.items():
        (own,) = re.findall(r'"1" "([^"]*)";', text.split(f"map $own {value} {{")[1].split("}")[0])
        assert own == {**ALWAYS, "Cache-Control": "no-store"}[name] or name == "Content-Security-Policy"


def test_a_web_machine_judges_later_than_the_front_and_answers_sooner() -> None:
    def seconds(text: str, name: str) -> int:
        return int(re.findall(rf"{name} (\d+)s;", text)[0])

    for name in ("client_body_timeout", "send_timeout"):
        assert seconds(WEB, name) > seconds(FRONT, name)
    assert seconds(FRONT, "proxy_send_timeout") > seconds(WEB, "proxy_send_timeout")
    assert seconds(FRONT, "proxy_read_timeout") > seconds(WEB, "proxy_read_timeout")
