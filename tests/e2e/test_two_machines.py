"""Two web machines, one PostgreSQL, one front: a source notices nothing, but for words typed once more."""

import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from crypto import tokens
from publishing.publish import publish
from tests.e2e.cluster import NAMES, Cluster, Mailbox, Switch, fresh_database, machine_of
from tests.e2e.coming_back import mailbox
from tests.e2e.conftest import OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.http_client import Answer, connected, head, multipart, received, request
from tests.e2e.proxy import DOMAIN
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.waiting import until
from tests.site import CONTENT

SOURCE = "127.0.0.5"


@pytest.fixture(scope="module")
def cluster(practice: Path, postgres: None) -> Iterator[Cluster]:
    """Two machines as an operator sets them up: form keys copied, the same folder published on each."""
    with tempfile.TemporaryDirectory(prefix="two") as folder:
        made = Cluster(Path(folder) / "all", practice / "data", fresh_database())
        made.share_form_keys()
        for number, site in enumerate(made.sites):
            content = Path(folder) / f"content{number}"
            shutil.copytree(CONTENT, content)
            site.environment["VIGIL_CONTENT"] = str(content)
            publish(content, site.data / "site.db")
        with made:
            yield made


@pytest.fixture(scope="module")
def code(cluster: Cluster) -> str:
    """The words of a report that is there."""
    return reported(cluster, SOURCE)


@pytest.fixture(scope="module")
def visitors(cluster: Cluster, code: str) -> list[str]:
    """An address whose requests go to the first machine, and one whose go to the second."""
    return cluster.visitors(code)


def reported(cluster: Cluster, address: str, text: str = "words") -> str:
    source = Source(cluster.address, address)
    assert source.send(text)
    return code_of(source.answer)


def code_of(receipt: Answer) -> str:
    """The words of the return code that a receipt shows."""
    return " ".join(
        re.findall(r"<li>([a-z]+)</li>", receipt.text.split('id="code-words"')[1].split("</ol>")[0])
    )


def hashes(*contents: bytes) -> set[str]:
    """The SHA-256 of each."""
    return {sha256(content).hexdigest() for content in contents}


# ---- a report


def test_a_report_begun_at_one_machine_is_finished_at_the_other_with_its_files(
    nginx: None, cluster: Cluster, visitors: list[str], desk: Desk, tmp_path: Path
) -> None:
    here, there = visitors
    files = {f"{name}.txt": f"{name} ".encode() * 30_000 for name in ("first", "second", "third")}
    source = Source(cluster.address, here).attach(("first.txt", files["first.txt"]), text="Walking about.")
    for address, name in ((there, "second.txt"), (here, "third.txt")):
        source.address_from = address
        source.attach((name, files[name]))
    assert len(source.form.tokens) == 3
    # Looked through at one, sent at the other.
    assert source.review()
    source.address_from = there
    assert source.send()
    words = code_of(source.answer)
    for address in visitors:
        assert "3 files" in Mailbox(cluster.address, address).enter(words).answer.text
    desk.take(cluster.sites[0], tmp_path / "export.tar")
    case = desk.opened("Walking about.")["case"]
    assert hashes(*files.values()) <= {*desk.files(case, tmp_path / "out").values()}


def test_a_file_taken_out_at_the_other_machine_is_gone_at_both(
    nginx: None, cluster: Cluster, visitors: list[str]
) -> None:
    here, there = visitors
    source = Source(cluster.address, here).attach(("a.txt", b"a"), ("b.txt", b"b"), text="Two.")
    source.address_from = there
    source.press("remove", source.form.of("remove")[0].value)
    assert len(source.form.tokens) == 1
    source.address_from = here
    assert source.send()
    assert "1 file" in Mailbox(cluster.address, there).enter(code_of(source.answer)).answer.text


# ---- the mailbox


def test_a_mailbox_opened_at_one_machine_asks_for_the_words_at_the_other_and_loses_nothing(
    nginx: None, cluster: Cluster, visitors: list[str], desk: Desk, tmp_path: Path
) -> None:
    here, there = visitors
    words = reported(cluster, here, "To be answered.")
    desk.take(cluster.sites[1], tmp_path / "export.tar")
    form = tmp_path / "form.txt"
    form.write_text("to be filled in " * 30_000)
    desk.reply(desk.opened("To be answered.")["case"], "An answer.", form)
    desk.give(cluster.sites[1], tmp_path / "back.tar")
    # Taken in by the second machine, read at the first.
    page = Mailbox(cluster.address, here).enter(words)
    assert "An answer." in page.answer.text
    (get,) = re.findall(r'value="(get-[^"]+)"', page.answer.text)
    saved, kind = multipart(page.parts("do", get))
    headers = {"Sec-Fetch-Site": "same-origin"}
    for_them = request(cluster.address, "POST", "/mailbox", saved, kind, headers, source=here)
    assert for_them.text == form.read_text()
    page.form.fill("message", "more\nof it")
    page.press("do", "attach", [("upload", "c.txt", b"c" * 50_000)])
    page.form.fill("message", "more\nof it, and the rest")
    page.address_from = there
    page.press("do", "send", [("upload", "d.txt", b"d" * 50_000)])
    assert page.answer.status == 422
    assert "another of our computers" in page.answer.text
    assert "is not lost" in page.answer.text
    page.enter(words)
    assert page.form.value("message") == "more\nof it, and the rest"
    assert len(page.form.tokens) == 2
    page.press("do", "send")
    assert "Received." in page.answer.text
    # And all of it is there, at the first machine too.
    assert "2 files" in Mailbox(cluster.address, here).enter(words).answer.text
    desk.take(cluster.sites[0], tmp_path / "again.tar")
    case = desk.opened("To be answered.")["case"]
    shown = json.dumps(desk.show(case))
    assert "and the rest" in shown
    assert hashes(b"c" * 50_000, b"d" * 50_000) <= {*desk.files(case, tmp_path / "out").values()}


def test_what_is_deleted_at_one_machine_is_gone_at_both(
    nginx: None, cluster: Cluster, visitors: list[str]
) -> None:
    here, there = visitors
    words = reported(cluster, here)
    page = Mailbox(cluster.address, there).enter(words)
    page.press("do", "delete-all").press("do", "erase-all")
    assert "It is deleted" in page.answer.text
    assert "nothing here for these words" in Mailbox(cluster.address, here).enter(words).answer.text


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_open_mailbox_asks_for_the_words_at_another_machine_and_keeps_all_that_was_typed(
    nginx: None, cluster: Cluster, window: OpenWindow, tmp_path: Path, script: bool
) -> None:
    source = Source(cluster.address)
    assert source.send("A van came.")
    words = code_of(source.answer)
    photo = tmp_path / "photo.txt"
    photo.write_bytes(b"of a van" * 1_000)
    with closing(Switch([site.port for site in cluster.sites])) as switch:
        browser = window(script=script)
        page = mailbox(browser, switch.url).open(words)
        page.attach(photo)
        page.write("One thing more.\nAnd another.")
        switch.choose(1)
        page.press("#send", "#code")
        until(lambda: "another of our computers" in page.refused(), "word of another machine")
        assert browser.count("input[name=file]") == 1
        # The box for the words is right there, and where the typing goes.
        assert browser.value("#code") == ""
        page.open(words)
        assert page.typed() == "One thing more.\nAnd another."
        assert page.listed() == 1
        page.send()
        assert len(page.sent()) == 2
        # And a file that is picked at yet another one is taken there, mailbox or not.
        switch.choose(0)
        if script:
            page.attach(photo)
            assert page.listed() == 1


# ---- what readers see


def test_pages_and_static_files_are_the_same_on_both_machines(
    nginx: None, cluster: Cluster, visitors: list[str]
) -> None:
    answers = [request(cluster.address, "GET", "/articles/", source=each) for each in visitors]
    (path,) = set(re.findall(r'href="(/articles/[^"?]+)"', answers[0].text)[:1])
    front = request(cluster.address, "GET", "/report", source=visitors[0]).text
    statics = sorted(set(re.findall(r"/static/[^\"]+", front + answers[0].text)))
    assert len(statics) >= 3
    for each in ("/", "/articles/", path, "/agencies/", "/feed.atom", "/sitemap.xml", "/about", *statics):
        one, other = (request(cluster.address, "GET", each, source=address) for address in visitors)
        assert one.status == other.status == 200, each
        assert one.body == other.body, each
        assert one.header("ETag") == other.header("ETag"), each
        # What a browser has of one machine, the other need not send again.
        if tag := one.header("ETag"):
            again = request(cluster.address, "GET", each, headers={"If-None-Match": tag}, source=visitors[1])
            assert again.status == 304, each


def test_the_doctor_finds_both_machines_alike_and_names_the_one_that_differs(
    nginx: None, cluster: Cluster
) -> None:
    lines = ("web machines", "releases", "form keys", "same texts", "same files", "same keys")
    for site in cluster.sites:
        found = doctor(site)
        assert {name: found[name]["ok"] for name in lines} == dict.fromkeys(lines, True)
        assert "web1, web2" in found["web machines"]["what"]
    second = cluster.sites[1]
    keys, content = second.data / "form.keys", Path(second.environment["VIGIL_CONTENT"])
    shared, article = keys.read_bytes(), min((content / "articles").glob("*.md"))
    text = article.read_text()
    try:
        keys.unlink()
        article.write_text(text.replace("the ", "a ", 1))
        assert second.flask("publish").returncode == 0
        found = doctor(cluster.sites[0])
        for name in ("form keys", "same texts"):
            assert found[name]["ok"] is False
            assert "web2" in found[name]["what"]
        assert found["same files"]["ok"] is True
    finally:
        article.write_text(text)
        keys.write_bytes(shared)
        assert second.flask("publish").returncode == 0
    assert {
        name for name, line in doctor(cluster.sites[0]).items() if name in lines and not line["ok"]
    } == set()


def doctor(site: Site) -> dict[str, dict[str, Any]]:
    """What the doctor says on a machine, by the names of its lines."""
    return {line["name"]: line for line in json.loads(site.flask("doctor", "--json").stdout)}


def test_one_machine_sweeps_and_the_other_says_so(nginx: None, cluster: Cluster) -> None:
    first, second = (site.flask("sweep") for site in cluster.sites)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "removed" in first.stdout
    assert second.stdout == "vigil: web1 has swept today, for all web machines; --again sweeps once more\n"
    assert "removed" in cluster.sites[1].flask("sweep", "--again").stdout


# ---- a machine is killed


def test_a_machine_killed_in_the_middle_costs_one_more_press_and_nothing_is_there_twice(
    nginx: None, cluster: Cluster, visitors: list[str], desk: Desk, tmp_path: Path
) -> None:
    here, _there = visitors
    source = Source(cluster.address, here).attach(("kept.txt", b"kept" * 9_000), text="Survives a machine.")
    body, kind = multipart(source.parts("do", "attach", [("upload", "cut.txt", b"x" * 900_000)]))
    site, web = cluster.sites[0], cluster.webs[0]
    with closing(connected(cluster.address, source=here)) as sock:
        sock.sendall(
            head("POST", "/report", DOMAIN, len(body), kind, {"Connection": "close"}) + body[:-5_000]
        )
        site.kill()
        sock.sendall(body[-5_000:])
        cut = received(sock)
    assert cut.status == 502
    assert "cannot answer just now" in cut.text
    # Pages come from the other machine at once; a form that is sent again does so too, soon.
    assert request(cluster.address, "GET", "/report", source=here).status == 200

    def sent() -> bool:
        form = source.form
        if source.send():
            return True
        assert source.answer.status == 502
        source.form = form
        return False

    until(sent, "form taken by the other machine")
    words = code_of(source.answer)
    assert machine_of(Mailbox(cluster.address, here).enter(words)) == tokens.machine_tag(NAMES[1])
    # The whole machine frozen, then gone: nothing is noticed, of a page or of a form, but a short wait.
    assert web.process
    os.killpg(web.process.pid, signal.SIGSTOP)
    assert Source(cluster.address, here).send("While one is frozen.")
    web.kill()
    assert Source(cluster.address, here).send("While one is gone.")
    web.start()
    site.start()
    until(
        lambda: machine_of(Mailbox(cluster.address, here).enter(words)) == tokens.machine_tag(NAMES[0]),
        "first machine, back",
    )
    desk.take(cluster.sites[0], tmp_path / "export.tar")
    begins = [case["begins"] for case in desk.cases()]
    for sent_once in ("Survives a machine.", "While one is frozen.", "While one is gone."):
        assert len([each for each in begins if each.startswith(sent_once)]) == 1, sent_once
    case = desk.opened("Survives a machine.")["case"]
    assert hashes(b"kept" * 9_000) <= {*desk.files(case, tmp_path / "out").values()}
