"""The pages that a source has to be able to rely on: what they say is so, and is there."""

import io
import re
import shutil
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from crypto.teamkeys import TeamKeys
from store import Retention
from tests.site import CONTENT, Site

ROOT = Path(__file__).parents[2]
PAGES = ["/", "/safety", "/privacy", "/accessibility", "/keys", "/report", "/mailbox"]


def titled(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert found
    return unescape(found[1]).strip()


# ---- the way out, and what a history shows


@pytest.mark.parametrize("path", [*PAGES, "/no/such/page", "/corrections"])
def test_every_page_has_a_way_out_that_needs_no_script(site: Site, path: str) -> None:
    page = site.client.get(path).text
    link = re.search(r'<a class="exit"[^>]*>', page)
    assert link
    assert f'href="{site.vigil.site.exit}"' in link[0]
    assert 'rel="noreferrer"' in link[0]
    assert "does not clear your history" in page


@pytest.mark.parametrize("path", ["/report", "/safety", "/mailbox"])
def test_the_title_says_nothing_in_a_history(site: Site, path: str) -> None:
    title = titled(site.client.get(path).text)
    assert 3 < len(title) < 25
    assert site.vigil.site.name not in title
    assert not re.search(r"report|crime|safe|tell|police|write|secret|source", title, re.IGNORECASE)


def test_the_receipt_and_a_problem_are_titled_as_quietly(site: Site) -> None:
    assert titled(site.post(text="words").text) == "Form"
    assert titled(site.post(text="").text) == "Problem: Form"


def test_the_page_on_safety_is_kept_by_no_cache(site: Site) -> None:
    assert site.client.get("/safety").headers["Cache-Control"] == "no-store"


# ---- what is claimed


def test_each_claim_on_privacy_names_tests_that_exist(site: Site) -> None:
    named = set(re.findall(r"<code>([^<]+)</code>", site.client.get("/privacy").text))
    assert len(named) > 12
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_document_that_a_page_names_exists(site: Site, path: str) -> None:
    named = re.findall(r"\b(?:docs|crypto|tests)/[\w./]+\.(?:md|py)", site.client.get(path).text)
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_place_within_a_page_that_is_linked_to_exists(site: Site, path: str) -> None:
    for link in re.findall(r'href="([^"]*#[^"]+)"', site.client.get(path).text):
        parts = urlsplit(unescape(link))
        there = site.client.get(parts.path or path).text
        assert f'id="{parts.fragment}"' in there, link


# ---- keys


def test_the_code_is_a_picture_of_the_size_that_the_page_gives_it(site: Site) -> None:
    answer = site.client.get("/keys/qr.png")
    assert answer.content_type == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.info.keys() <= {"transparency", "dpi"}
    assert f'width="{picture.width}" height="{picture.height}"' in site.client.get("/keys").text
    again = site.client.get("/keys/qr.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_file_of_keys_is_the_one_that_reports_are_sealed_to(site: Site) -> None:
    answer = site.client.get("/keys/team.keys")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="team.keys"'
    assert answer.data == (site.folder / "team.keys").read_bytes()
    assert TeamKeys.read(answer.data).fingerprint == site.vigil.team_keys.fingerprint


# ---- security.txt


def fields(site: Site) -> dict[str, str]:
    answer = site.client.get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


def test_security_txt_names_a_contact_and_runs_out_within_a_year(site: Site) -> None:
    said = fields(site)
    assert said["Contact"] == "http://localhost/contact"
    expires = datetime.fromisoformat(said["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=366)
    assert "Canonical" not in said


def test_security_txt_takes_what_the_newsroom_says(site: Site) -> None:
    site.vigil.site = replaced(site, security="mailto:safe@example.org", url="https://example.org")
    said = fields(site)
    assert said["Contact"] == "mailto:safe@example.org"
    assert said["Canonical"] == "https://example.org/.well-known/security.txt"


def replaced(site: Site, **texts: str) -> object:
    from dataclasses import replace

    return replace(site.vigil.site, **texts)  # type: ignore[arg-type]  # all of them texts


# ---- before anything is published


def test_the_first_page_works_before_anything_is_published(site: Site) -> None:
    page = site.client.get("/")
    assert page.status_code == 200
    assert 'href="/report"' in page.text
    assert page.text.count("<h1") == 1
    assert site.client.get("/about").status_code == 503
    assert "report all the same" in site.client.get("/corrections").text


# ---- how long things stay


def test_the_page_on_privacy_prints_the_days_that_the_store_keeps_to(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    texts = (content / "site.toml").read_text().split("[retention]")[0]
    days = "collected_days = 11\nreply_days = 23\nblur_days = 5"
    (content / "site.toml").write_text(f"{texts}[retention]\n{days}\n")
    made = Site.make(tmp_path / "site", content=content)
    try:
        page = made.client.get("/privacy").text
        assert "stays 11 to 16 days more" in page
        assert "stays 23 to 28 days, and its files 33 days at most" in page
        assert made.store.retention == Retention(11, 23, 5)
    finally:
        made.close()


def test_the_mailbox_is_linked_where_a_source_would_look(site: Site) -> None:
    for path in ("/", "/report", "/safety", "/privacy"):
        assert 'href="/mailbox"' in site.client.get(path).text.split("<main")[1].split("</main>")[0], path
    assert 'href="/mailbox"' in site.client.get("/agencies/").text.split("<footer")[1]
