"""Who presses hard waits, or keeps their files for later; nobody else does, and nothing typed is lost."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from store.errors import NoRoom
from tests.site import MULTIPART, Site, calm, hidden, multipart, problems
from views.sending import LEAST_SECONDS
from web import pressure

FLOODER, SOMEBODY = b"\0\0\0\x01", b"\0\0\0\x02"
NO_CODE = " ".join(["abandon"] * 11 + ["about"])


@pytest.fixture
def by(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]  # a function that sets the circuit
    """Have all that follows come by a circuit, or by none."""

    def come(circuit: bytes | None) -> None:
        monkeypatch.setattr("web.circuit.current", lambda: circuit)

    come(FLOODER)
    return come


@contextmanager
def crowd(site: Site, number: int = pressure.MOST_UPLOADS, circuit: bytes | None = None) -> Iterator[None]:
    """Have so many uploads under way."""
    with ExitStack() as under_way:
        for _ in range(number):
            under_way.enter_context(site.vigil.pressure.upload(circuit))
        yield


def waited(site: Site) -> float:
    """Give the longest wait since this was asked last."""
    longest = max(site.waits, default=0)
    site.waits.clear()
    return longest


# ---- a flood of reports


def test_ten_fakes_slow_whoever_sends_them_and_nobody_else(site: Site, by) -> None:
    answers = [site.post(f"fake {number}") for number in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 8 + [429] * 2
    assert waited(site) > 30
    for other in (SOMEBODY, None):
        by(other)
        assert site.post("a real one").status_code == 200
        assert waited(site) <= LEAST_SECONDS
    assert len(site.reports()) == 10


def test_who_would_wait_too_long_gets_the_page_back_with_every_word(site: Site, by) -> None:
    tokens = hidden(site.post(do="attach", files=[("a.jpg", b"1")]), "file")
    page = site.mailbox(site.sent("the report"))
    contact = hidden(site.client.get("/contact"), "draft")[0]
    for number in range(10):
        site.post(f"fake {number}")
    told = (
        "Not sent yet, but nothing is lost. Your Tor connection has sent a lot just now. "
        "Wait a minute, then press “%s” below."
    )
    held = site.post("kept words", tokens=tokens, captions=["the gate"], answers={"people-0-names": "Bo"})
    assert held.status_code == 429
    assert calm(held) == told % "Send now"
    for name, typed in (("what_happened", "kept words"), ("caption", "the gate"), ("people-0-names", "Bo")):
        assert hidden(held, name) == [typed]
    more = site.press(page, "send", message="more words")
    assert (more.status_code, calm(more)) == (429, told % "Send")
    assert "more words</textarea>" in more.text
    fields = {"draft": contact, "to": "team", "message": "a question", "do": "send"}
    asked = site.client.post("/contact", data=fields)
    assert (asked.status_code, calm(asked)) == (429, told % "Send")
    assert "a question</textarea>" in asked.text
    by(SOMEBODY)
    assert site.press(held, "send").status_code == 200
    assert "kept words" in {report.what_happened for report in site.reports() if report.files}


def test_what_is_sent_from_every_form_counts_together(site: Site, by) -> None:
    code = site.sent("the first")
    page = site.mailbox(code)
    site.mailbox(mailbox=hidden(page, "mailbox")[0], do="send", message="the second")
    contact = hidden(site.client.get("/contact"), "draft")[0]
    fields = {"draft": contact, "to": "team", "message": "the third", "do": "send"}
    assert site.client.post("/contact", data=fields).status_code == 200
    assert waited(site) <= LEAST_SECONDS
    for number in range(3):
        site.post(f"number {number}")
    assert waited(site) > LEAST_SECONDS


def test_what_is_not_kept_and_pages_that_keep_nothing_wait_for_nothing(site: Site, by) -> None:
    for _ in range(20):
        assert site.post("").status_code == 422
        assert site.post("words", do="review").status_code == 200
        assert site.client.get("/report").status_code == 200
    assert waited(site) == 0


def test_the_circuit_is_the_one_that_the_server_names(site: Site) -> None:
    def send(circuit: bytes) -> None:
        data = multipart([("draft", site.draft()), ("do", "send"), ("what_happened", "words")], [])
        site.client.post(
            "/report", data=data, content_type=MULTIPART, environ_overrides={"vigil.circuit": circuit}
        )

    for _ in range(10):
        send(FLOODER)
    assert waited(site) > 30
    send(SOMEBODY)
    assert waited(site) <= LEAST_SECONDS


def test_no_header_makes_a_circuit(site: Site) -> None:
    headers = {"Vigil-Circuit": "1", "Vigil.Circuit": "1", "X-Vigil-Circuit": "1"}
    data = multipart([("draft", site.draft()), ("do", "attach")], [("a.txt", b"1")])
    assert site.client.post("/report", data=data, content_type=MULTIPART, headers=headers).status_code == 200
    assert len(site.vigil.pressure) == 0


# ---- uploads


def test_while_too_many_come_a_file_is_refused_by_name_and_the_words_go_on(site: Site) -> None:
    with crowd(site):
        answer = site.post("kept words", [("film.mp4", b"x" * 1000)])
        assert answer.status_code == 422
        (told,) = problems(answer)
        assert told == (
            "“film.mp4” was not attached: too many files are coming in just now. "
            "Attach it again in a few minutes. You can send your words without it."
        )
        assert "kept words</textarea>" in answer.text
        assert site.post("kept words").status_code == 200
    assert site.post("words", [("film.mp4", b"x" * 1000)]).status_code == 200
    assert sorted(len(report.files) for report in site.reports()) == [0, 1]


def test_of_one_circuit_too_many_files_at_once_are_refused_and_of_another_none(site: Site, by) -> None:
    with crowd(site, pressure.UPLOADS_OF_A_CIRCUIT, FLOODER):
        assert site.post(do="attach", files=[("a", b"1")]).status_code == 422
        by(SOMEBODY)
        assert site.post(do="attach", files=[("a", b"1")]).status_code == 200


def test_who_has_sent_very_much_is_told_when_to_go_on(site: Site, by) -> None:
    with site.vigil.pressure.upload(FLOODER) as came:
        came(pressure.BYTES_OF_A_CIRCUIT)
    draft = site.draft()
    answer = site.post("kept words", [("film.mp4", b"x"), ("b.mp4", b"y")], do="attach", draft=draft)
    assert len(problems(answer)) == 2
    assert problems(answer)[0] == (
        "“film.mp4” was not attached: your Tor connection has sent a lot in the last hour. "
        "Attach it again in an hour. You can send your words without it."
    )
    assert "kept words</textarea>" in answer.text
    by(SOMEBODY)
    assert site.post(do="attach", files=[("film.mp4", b"x")]).status_code == 200


def test_what_was_attached_before_stays_with_its_caption(site: Site, by) -> None:
    tokens = hidden(site.post(do="attach", files=[("here.jpg", b"1")]), "file")
    with crowd(site, pressure.UPLOADS_OF_A_CIRCUIT, FLOODER):
        answer = site.post("words", [("not.jpg", b"2")], tokens, do="attach", captions=["the gate"])
    assert len(hidden(answer, "file")) == 1
    assert "the gate</textarea>" in answer.text


@pytest.mark.parametrize("path", ["/report", "/mailbox"])
def test_the_script_that_sends_one_file_is_told_why_too(site: Site, path: str) -> None:
    fields = [("do", "upload"), ("draft", hidden(site.client.get(path), "draft")[0]), ("name", "a.mp4")]
    with crowd(site):
        data = multipart(fields, [("a.mp4", b"x")])
        answer = site.client.post(path, data=data, content_type=MULTIPART, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert "“a.mp4” was not attached: too many files are coming in just now." in answer.text


def test_from_the_mailbox_what_was_written_stays_too(site: Site, by) -> None:
    page = site.mailbox(site.sent("the report"))
    with crowd(site, pressure.UPLOADS_OF_A_CIRCUIT, FLOODER):
        answer = site.press(page, "send", [("a.mp4", b"x")], message="more words")
    assert answer.status_code == 422
    assert "more words</textarea>" in answer.text
    assert "“a.mp4” was not attached" in problems(answer)[0]


def places_taken(site: Site) -> int:
    return sum(site.vigil.pressure._uploads.values())


def test_every_upload_gives_its_place_back_however_it_ends(
    site: Site, by, monkeypatch: pytest.MonkeyPatch
) -> None:
    object.__setattr__(site.vigil.settings, "max_file_bytes", 10_000)
    whole = multipart([("draft", site.draft()), ("do", "attach")], [("a", b"1" * 9_000)])
    for circuit in (FLOODER, None):
        by(circuit)
        site.client.post("/report", data=whole, content_type=MULTIPART)
        site.client.post("/report", data=whole[:-20], content_type=MULTIPART)
        site.post(do="attach", files=[("too large", b"1" * 10_001), ("b", b"2")])
        site.post("words", [(str(number), b"1") for number in range(45)])
        site.client.post("/contact", data=whole, content_type=MULTIPART)
    assert places_taken(site) == 0

    def no_room(*_: object) -> None:
        raise NoRoom

    monkeypatch.setattr(site.store, "start_blob", no_room)
    site.post(do="attach", files=[("a", b"1")])
    assert places_taken(site) == 0


# ---- return codes


def test_wrong_return_codes_are_slowed_before_the_answer_and_for_one_circuit_alone(site: Site, by) -> None:
    code = site.sent("the report")
    waited(site)
    for _ in range(9):
        assert "There is nothing here for these words." in site.mailbox(NO_CODE).text
    assert waited(site) > 10
    opened = site.mailbox(code)
    assert "Your mailbox" in opened.text
    assert waited(site) > 10
    for _ in range(3):
        later = site.mailbox(code, message="more words")
    assert later.status_code == 429
    assert problems(later) == ["Your Tor connection has tried many words. Try yours again in a minute."]
    assert code in later.text
    assert hidden(later, "message") == ["more words"]
    waited(site)
    for other in (SOMEBODY, None):
        by(other)
        assert "There is nothing here for these words." in site.mailbox(NO_CODE).text
        assert "Your mailbox" in site.mailbox(code).text
    assert waited(site) == 0


def test_a_word_that_is_misspelt_and_a_page_that_is_open_are_no_guess(site: Site, by) -> None:
    page = site.mailbox(site.sent("the report"))
    waited(site)
    for _ in range(20):
        site.mailbox("abandon abandon")
        site.press(page, "open")
    assert waited(site) == 0
