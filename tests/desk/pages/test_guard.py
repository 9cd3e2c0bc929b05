"""Who may ask anything: one browser, from the desk's own pages, and nobody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from desk.pages.doors import Doors
from desk.pages.guard import FOREIGN, NO_HOST, UNKNOWN, USED
from desk.pages.serving import guarded

HOST = "127.0.0.1:8100"
OURS = {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
Ask = Callable[..., TestResponse]


@pytest.fixture
def doors() -> Doors:
    return Doors(8100)


@pytest.fixture
def ask(app: Flask, doors: Doors) -> Ask:
    """Ask as a browser that keeps no cookie but the one that it is given."""
    browser = Client(guarded(app, doors), use_cookies=False)

    def asked(path: str, method: str = "GET", host: str = HOST, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return browser.open(path, method=method, headers={"Host": host, **named})

    return asked


def let_in(ask: Ask, doors: Doors) -> dict[str, str]:
    """Open the printed address; give the headers of whoever did."""
    answer = ask(doors.start.removeprefix(f"http://{HOST}"))
    assert answer.status_code == 303
    return {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}


def refused(answer: TestResponse, why: str) -> bool:
    return answer.status_code == 403 and why.replace("'", "&#39;") in answer.get_data(as_text=True)


def test_the_printed_address_lets_one_browser_in_once(ask: Ask, doors: Doors) -> None:
    cookie = let_in(ask, doors)
    assert ask(f"{doors.path}/", **cookie).status_code == 200
    assert refused(ask(f"/start/{doors.token}"), USED)


def test_the_cookie_is_for_this_browser_and_this_path_alone(ask: Ask, doors: Doors) -> None:
    said = ask(f"/start/{doors.token}").headers["Set-Cookie"]
    assert said.endswith(f"; Path={doors.path}/; HttpOnly; SameSite=Strict")
    assert len(doors.path) > 20
    assert doors.token not in said


def test_from_a_file_that_opened_the_browser_a_page_leads_on(ask: Ask, doors: Doors) -> None:
    answer = ask(f"/start/{doors.token}", Sec_Fetch_Site="cross-site")
    assert answer.status_code == 200
    assert f'content="0; url={doors.path}/"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 43, "../start/x"])
def test_another_token_opens_nothing_and_uses_nothing_up(ask: Ask, doors: Doors, token: str) -> None:
    answer = ask(f"/start/{token}")
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    let_in(ask, doors)


@pytest.mark.parametrize(
    "path", ["/", "/unlock", "/case/abc", "/start", "//", "/DOOR", "/DOORx/", "/x/DOOR/"]
)
def test_without_the_cookie_nothing_is_shown(ask: Ask, doors: Doors, path: str) -> None:
    let_in(ask, doors)
    assert refused(ask(path.replace("/DOOR", doors.path)), UNKNOWN)


def test_a_cookie_of_before_the_door_was_opened_is_worth_nothing(ask: Ask, doors: Doors) -> None:
    assert refused(ask(f"{doors.path}/", Cookie=f"desk={doors.cookie}"), UNKNOWN)


@pytest.mark.parametrize("value", ["", "x", "é", "desk=", "desk=x; desk=y", 'desk="', "=;=;"])
def test_another_cookie_is_refused(ask: Ask, doors: Doors, value: str) -> None:
    let_in(ask, doors)
    assert refused(ask(f"{doors.path}/", Cookie=value), UNKNOWN)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8100",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.2:8100",
        "localhost",
        "localhost:8100",
        "[::1]:8100",
        "127.0.0.1:8100.evil.example",
        "localhost:8100@evil.example",
        "",
    ],
)
def test_another_name_is_refused_whoever_asks(ask: Ask, doors: Doors, host: str) -> None:
    cookie = let_in(ask, doors)
    assert refused(ask(f"{doors.path}/", host=host, **cookie), NO_HOST)
    assert refused(ask("/static/x", host=host), NO_HOST)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_page_gets_nothing_even_with_the_cookie(
    ask: Ask, doors: Doors, site: str, method: str
) -> None:
    cookie = let_in(ask, doors)
    assert refused(ask(f"{doors.path}/lock", method, Sec_Fetch_Site=site, **cookie), FOREIGN)
    assert refused(ask("/static/x", method, Sec_Fetch_Site=site), FOREIGN)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:8100"},
        {"Origin": "http://127.0.0.1:8101"},
        {"Origin": "http://127.0.0.1:8100@evil.example"},
        {"Origin": "http://[::1"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "http://127.0.0.1:8101"},
    ],
    ids=str,
)
def test_a_form_is_taken_from_our_own_pages_only(ask: Ask, doors: Doors, headers: dict[str, str]) -> None:
    cookie = let_in(ask, doors)
    assert refused(ask(f"{doors.path}/lock", "POST", **headers, **cookie), FOREIGN)


@pytest.mark.parametrize(
    "headers", [OURS, {"Origin": OURS["Origin"]}, {"Sec-Fetch-Site": "same-origin"}], ids=str
)
def test_our_own_form_is_taken(ask: Ask, doors: Doors, ended: list[str], headers: dict[str, str]) -> None:
    cookie = let_in(ask, doors)
    answer = ask(f"{doors.path}/lock", "POST", **headers, **cookie)
    assert answer.status_code == 200
    answer.close()
    assert ended == ["ended"]


def test_every_answer_says_no_store_and_may_be_framed_by_nobody(ask: Ask, doors: Doors) -> None:
    answers = [ask("/"), ask(f"/start/{doors.token}"), ask("/static/x"), ask("/", host="evil.example")]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_repr_tells_the_token_or_the_cookie(doors: Doors) -> None:
    assert doors.token not in repr(doors)
    assert doors.cookie not in repr(doors)
    assert doors.path not in repr(doors)


def test_a_name_is_kept_for_the_next_worker(doors: Doors) -> None:
    assert doors.name == ""
    doors.keep_name("Zoë" * 100)
    assert doors.name.startswith("ZoëZoë")
    doors.keep_name("Ann")
    assert doors.name == "Ann"


def test_a_refusal_that_is_asked_for_by_its_head_has_no_body(ask: Ask) -> None:
    answer = ask("/", "HEAD")
    assert answer.status_code == 403
    assert answer.data == b""
