"""Whatever a form holds, the running server gives an answer that says what is wrong, and goes on serving."""

import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from bench.server import children, pss_bytes
from tests import inside
from tests.counts import count
from tests.e2e import hostile
from tests.e2e.desk import Desk
from tests.e2e.hostile import MARK, MULTIPART, Post
from tests.e2e.http_client import Answer, connected, head, request, reset
from tests.e2e.server import Site
from tests.e2e.source import Form, Source
from web.error_words import WORDS
from web.headers import ALWAYS

ALLOWED = {200, 303, 400, 403, 404, 405, 408, 411, 413, 415, 422}
# No hostile value holds these, so whoever finds one in an answer has found something of the server's inside.
INSIDE = (b"Traceback", b'File "', b"Error:", b"Exception", b"werkzeug", b"jinja", b"site-packages")
POSTS, QUERIES, ROUNDS = count(60, 4_000), count(20, 500), count(1, 10)
MB = 1 << 20
MORE_MEMORY = 64 * MB
TITLES = {str(words.title).encode() for words in WORDS.values()}
PROBLEMS = re.compile(rb'id="problems"(.*?)</(?:div|section)>', re.DOTALL)
TAGS = re.compile(rb"<[^>]*>")

fuzzing = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def attacked(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server of these tests' own, that takes files up to 1 MB."""
    folder = tmp_path_factory.mktemp("attacked")
    with Site(folder / "site", practice / "data", environment={"VIGIL_MAX_FILE_MB": "1"}) as running:
        yield running


def tokens(site: Site) -> list[bytes]:
    """True tokens: of a report's form, of one file attached to it, of the other form."""
    source = Source(site.address).attach(("true.txt", b"a true file"))
    contact = Form(request(site.address, "GET", "/contact").text)
    found = [source.form.value("draft"), *source.form.tokens, contact.value("draft")]
    assert len(found) == 3
    return [token.encode() for token in found]


def answered(site: Site, post: Post) -> Answer:
    """Send one, and check what comes back."""
    answer = request(site.address, post.method, post.path, post.body, post.kind, post.headers)
    assert not faults(post, answer), (post, answer.status, faults(post, answer), answer.body[:2_000])
    return answer


def faults(post: Post, answer: Answer) -> list[str]:
    """What is wrong with an answer."""
    found = [] if answer.status in ALLOWED else [f"status {answer.status}"]
    found += [f"{word!r} in it" for word in INSIDE if word in answer.body]
    found += [name for name, value in ALWAYS.items() if answer.header(name) != value]
    found += ["set a cookie"] * bool(answer.header("Set-Cookie"))
    found += ["markup that somebody typed"] * (MARK in answer.body)
    if post.method == "OPTIONS" and answer.status == 200:
        return found
    if not answer.header("Content-Type").startswith("text/html"):
        return [*found, "no HTML"]
    answer.body.decode()  # raises where it is no UTF-8
    page = answer.body.lower().startswith(b"<!doctype html>")
    found += ["no page"] * (not page and not may_be_partial(post))
    found += ["not one h1"] * (page and answer.body.count(b"<h1") != 1)
    refused = answer.status >= 400
    return found + ["no word of what is wrong"] * (refused and not told(answer.body, page))


def may_be_partial(post: Post) -> bool:
    """Whether a piece of a page is the right answer: to HTMX, and to the script that uploads."""
    pieces = post.path.startswith(("/report/more", "/report/check"))
    return pieces or post.headers is hostile.HTMX or b"upload" in post.body


def told(body: bytes, page: bool) -> bool:
    """Whether a refusal says what is wrong: at the form, on an error's page, or as a piece of one."""
    if not page:
        return len(TAGS.sub(b"", body).split()) > 3
    listed = PROBLEMS.search(body)
    if listed is not None:
        return len(TAGS.sub(b"", listed[1]).split()) > 3
    return any(b">%s</h1>" % title in body for title in TITLES)


def failures(site: Site) -> list[tuple[str, str, int]]:
    """The unexpected failures that the server has counted: kind, place, how often."""
    return inside.run(site.data, "SELECT kind, place, count FROM failure")  # type: ignore[return-value]


def assert_well(site: Site, desk: Desk, bundle: Path) -> None:
    """Nothing failed or was printed, and a good report still goes all the way, past the hostile ones."""
    assert not failures(site)
    assert "Traceback" not in site.output()
    assert site.output().count("Booting worker") == 2, site.output()
    source = Source(site.address)
    word = f"good{secrets.token_hex(8)}"
    assert source.send(f"{word} after all that", [("upload", "good.txt", b"good")])
    opened = desk.take(site, bundle).opened(word)
    assert opened["report"]["what_happened"] == f"{word} after all that"
    assert [file["name"] for file in opened["files"]] == ["good.txt"]


def test_every_hostile_form_gets_an_answer_and_the_server_goes_on(
    attacked: Site, desk: Desk, tmp_path: Path
) -> None:
    seen: set[int] = set()

    @settings(fuzzing, max_examples=POSTS)
    @given(hostile.posts(tokens(attacked)))
    # What no seed has to find.
    @example(Post("/report", b"x", "text/plain"))
    def post(one: Post) -> None:
        seen.add(answered(attacked, one).status)

    @settings(fuzzing, max_examples=QUERIES)
    @given(hostile.queries())
    def ask(one: Post) -> None:
        seen.add(answered(attacked, one).status)

    post()
    ask()
    # It did find ways to be refused, and was not refused for one reason only.
    assert {200, 400, 404, 415, 422} <= seen
    assert_well(attacked, desk, tmp_path / "bundle.tar")


@pytest.mark.parametrize("name", sorted(hostile.LARGE))
def test_every_large_form_gets_an_answer(attacked: Site, name: str) -> None:
    one = hostile.LARGE[name]()
    assert answered(attacked, one).status in {200, 400, 413, 422}
    assert request(attacked.address, "GET", "/report").status == 200
    assert not failures(attacked)


@pytest.mark.parametrize("path", ["/report", "/contact", "/report/check", "/report/more"])
def test_a_wrong_method_is_refused_in_words(attacked: Site, path: str) -> None:
    wrong = {"PUT", "PATCH", "DELETE", "HOSTILE", *({"POST"} if path.endswith("more") else ())}
    for method in sorted(wrong):
        one = Post(path, hostile.urlencoded([(b"do", b"send")]), method=method)
        assert answered(attacked, one).status == 405
    assert not failures(attacked)


def test_who_breaks_off_harms_nobody(attacked: Site, desk: Desk, tmp_path: Path) -> None:
    whole = hostile.multipart([(b"what_happened", b"x" * 5_000), (b"do", b"send")])
    for kept in range(0, len(whole), len(whole) // count(10, 200)):
        for breaking in (reset, lambda sock: sock.close()):
            sock = connected(attacked.address)
            sock.sendall(
                head("POST", "/report", "127.0.0.1", len(whole), MULTIPART, hostile.SAME) + whole[:kept]
            )
            breaking(sock)
    assert_well(attacked, desk, tmp_path / "bundle.tar")


def grown(site: Site, posts: Iterable[Post]) -> int:
    """By how many bytes the memory of the server's processes grows through these posts."""
    assert site.process is not None
    processes = [site.process.pid, *children(site.process.pid)]
    assert len(processes) == 3
    before = pss_bytes(processes)
    for one in posts:
        answered(site, one)
    after = pss_bytes(processes)
    assert before
    assert after
    return after - before


def test_hostile_forms_leave_no_more_memory_taken_than_ordinary_ones(
    linux: None, practice: Path, tmp_path: Path
) -> None:
    with Site(tmp_path / "site", practice / "data") as site:
        said = {
            "draft": Source(site.address).form.value("draft"),
            "what_happened": "words " * 500,
            "do": "review",
        }
        fields = [(name.encode(), text.encode()) for name, text in said.items()]
        ordinary = Post("/report", hostile.multipart(fields), MULTIPART)
        # First everything once: what Python takes for the first large form, it keeps for the next.
        grown(site, (make() for make in hostile.LARGE.values()))
        usual = grown(site, [ordinary] * len(hostile.LARGE) * ROUNDS)
        unusual = grown(site, (make() for make in [*hostile.LARGE.values()] * ROUNDS))
        assert unusual - max(0, usual) < MORE_MEMORY, (usual, unusual)
