"""The mailbox, from the outside: what opens it, what does not, and what it shows of what was sent."""

import re
from html import unescape

import pytest

from crypto import returncode
from crypto.returncode import ReturnCode
from store.errors import DiskFailed
from tests.site import Site, hidden, problems
from web.memory_keys import HALF_HOUR, MemoryKeys


def token(page: object) -> str:
    found: list[str] = hidden(page, "mailbox")  # type: ignore[arg-type]  # an answer
    return found[0]


def offered(page: str) -> list[tuple[str, str]]:
    """The near words of a page: the value of each button, and what stands on it."""
    return re.findall(r'<button name="do" value="(word-[^"]+)"[^>]*>([^<]+)</button>', page)


def test_the_words_of_the_receipt_open_the_mailbox(site: Site) -> None:
    code = site.sent("A van came.", [("a.jpg", b"1"), ("b.jpg", b"2")])
    assert len(code.split()) == 12
    page = site.mailbox(code)
    assert page.status_code == 200
    assert "2 files" in page.text
    assert "still on this server. The team may have read it already." in page.text
    assert "There is no reply." in page.text
    assert "A van came." not in page.text
    assert code not in page.text


@pytest.mark.parametrize(
    "typed",
    [
        lambda words: " ".join(words).upper(),
        lambda words: "\r\n".join(words) + "\r\n",
        lambda words: ", ".join(word.title() for word in words),
        lambda words: " ".join(word[:4] for word in words),
        lambda words: "\n".join(f"{place}. {word}" for place, word in enumerate(words, 1)),
        lambda words: "   " + "\t".join(words),
    ],
    ids=["capitals", "lines", "commas", "four letters", "numbers", "spaces"],
)
def test_the_words_may_be_typed_as_people_type(site: Site, typed: object) -> None:
    words = site.sent().split()
    assert site.mailbox(typed(words)).status_code == 200  # type: ignore[operator]  # one of those above


def test_a_saved_card_opens_it_too(site: Site) -> None:
    code = site.sent()
    card = site.mailbox(code, do="card")
    assert site.mailbox(card.text).status_code == 200


@pytest.mark.parametrize("place", [1, 7, 12])
def test_a_word_with_a_typing_error_is_named_and_put_right_by_a_button(site: Site, place: int) -> None:
    words = site.sent().split()
    right = words[place - 1]
    wrong = right[0] + right[2] + right[1] + right[3:]
    while wrong in returncode._LISTED or wrong == right:
        wrong += "q"
    words[place - 1] = wrong
    page = site.mailbox(" ".join(words))
    assert page.status_code == 422
    assert problems(page) == [f"Word {place}, “{wrong}”, is not one of our words. Look at your paper."]
    assert " ".join(words) in unescape(page.text)
    value = {text: value for value, text in offered(page.text)}[right]
    opened = site.press(page, value)
    assert opened.status_code == 200
    assert "What you sent" in opened.text


def test_several_wrong_words_are_put_right_one_after_the_other(site: Site) -> None:
    words = site.sent().split()
    rights = {3: words[2], 9: words[8]}
    for place in rights:
        words[place - 1] = "zqx" + words[place - 1]
    page = site.mailbox("\n".join(f"{n}. {word}" for n, word in enumerate(words, 1)))
    assert len(problems(page)) == 2
    fixed = " ".join(rights.get(n, word) for n, word in enumerate(words, 1))
    assert site.press(page, "open", code=fixed).status_code == 200


def test_the_same_word_wrong_twice_is_put_right_at_its_own_place(site: Site) -> None:
    page = site.mailbox("abandn " * 2 + "zoo " * 10)
    values = [value for value, _text in offered(page.text)]
    assert {"word-1-abandon", "word-2-abandon"} <= set(values)
    again = site.press(page, "word-2-abandon")
    assert "abandn abandon zoo" in again.text
    assert problems(again) == ["Word 1, “abandn”, is not one of our words. Look at your paper."]


@pytest.mark.parametrize("do", ["word-3-abandon", "word-1-zebra", "word-x", "word-", "word-1-<b>"])
def test_only_a_word_that_is_offered_is_put_in(site: Site, do: str) -> None:
    typed = "abandn " + "zoo " * 11
    page = site.mailbox(typed, do=do)
    assert page.status_code == 422
    assert typed in page.text
    assert "<b>" not in page.text


def test_words_that_do_not_belong_together_are_told_so(site: Site) -> None:
    page = site.mailbox("zoo " * 12)
    assert len(problems(page)) == 1
    assert problems(page)[0].startswith("These are all words of ours, but they do not belong together.")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type your twelve words."),
        ("  \r\n ", "Type your twelve words."),
        ("zoo", "This is 1 word. There must be twelve."),
        ("zoo " * 11, "These are 11 words. There must be twelve."),
        ("zoo " * 13, "These are 13 words. There must be twelve."),
        (
            "zoo " * 500,
            "This is far more than twelve words. Type your twelve words, and nothing else.",
        ),
        (
            "x" * 50_000,
            "This is far more than twelve words. Type your twelve words, and nothing else.",
        ),
    ],
    ids=["nothing", "blanks", "one", "eleven", "thirteen", "hundreds", "endless"],
)
def test_another_number_of_words_is_told(site: Site, typed: str, says: str) -> None:
    page = site.mailbox(typed)
    assert page.status_code == 422
    assert problems(page) == [says]


def test_words_that_open_nothing_are_told_honestly(site: Site) -> None:
    words = " ".join(returncode.words(ReturnCode.new()))
    page = site.mailbox(words)
    assert page.status_code == 422
    # Calmly, and once: after some weeks it is what everybody sees.
    assert page.text.count("There is nothing here for these words.") == 1
    assert '<div class="said" id="problems"' in page.text
    assert 'class="wrong"' not in page.text
    assert "<title>Form</title>" in page.text
    assert words in page.text
    assert hidden(page, "mailbox") == []


def test_the_page_is_opened_again_by_what_rides_in_it_without_the_words(site: Site) -> None:
    page = site.mailbox(site.sent())
    assert site.press(page, "open").status_code == 200
    assert site.mailbox(mailbox=token(page)).status_code == 200


def test_what_rides_in_the_page_is_another_each_time_and_reads_as_noise(site: Site) -> None:
    code = site.sent()
    one, other = token(site.mailbox(code)), token(site.mailbox(code))
    assert one != other
    assert len(one) == len(other)


def test_after_an_hour_it_asks_for_the_words_and_keeps_what_was_typed_and_attached(site: Site) -> None:
    now = [1000.0]
    site.vigil.mailbox_keys = MemoryKeys(lambda: now[0])
    code = site.sent()
    page = site.press(site.mailbox(code), "attach", [("b.txt", b"kept")], message="kept words\n")
    now[0] += 2 * HALF_HOUR
    asked = site.press(page, "send", message="kept words\nand more")
    assert asked.status_code == 422
    assert problems(asked) == ["To keep you safe this page has closed. Type your words again."]
    assert "is not lost" in asked.text
    assert site.follow_ups() == []
    wrong = site.press(asked, "open", code="zoo " * 12)
    assert wrong.status_code == 422
    again = site.press(wrong, "open", code=code)
    assert again.status_code == 200
    assert "kept words\nand more</textarea>" in again.text
    sent = site.press(again, "send")
    assert 'id="notice"' in sent.text
    (follow_up,) = site.follow_ups()
    assert follow_up.text == "kept words\nand more"
    assert site.contents(follow_up) == [("b.txt", b"kept")]


@pytest.mark.parametrize("spoiled", ["nonsense", "A" * 20, "ü"], ids=["a word", "too short", "not ASCII"])
def test_a_spoiled_token_asks_for_the_words(site: Site, spoiled: str) -> None:
    answer = site.mailbox(mailbox=spoiled, message="kept")
    assert answer.status_code == 422
    assert "this page has closed" in problems(answer)[0]
    assert hidden(answer, "message") == ["kept"]


def test_at_another_machine_it_asks_for_the_words_and_keeps_what_was_typed_and_attached(site: Site) -> None:
    code = site.sent()
    here, there = site.vigil.mailbox_keys, MemoryKeys(machine="web-2")
    page = site.press(site.mailbox(code), "attach", [("b.txt", b"kept")], message="kept words\n")
    site.vigil.mailbox_keys = there
    for button in ("send", "open", "delete-all"):
        asked = site.press(page, button, [("c.txt", b"and this")], message="kept words\nand more")
        assert asked.status_code == 422
        assert "another of our computers" in problems(asked)[0]
        assert "is not lost" in asked.text
        assert 'id="code"' in asked.text
        # No token is left that would be tried again.
        assert hidden(asked, "mailbox") == []
    assert site.follow_ups() == []
    again = site.press(asked, "open", code=code)
    assert again.status_code == 200
    sent = site.press(again, "send")
    assert 'id="notice"' in sent.text
    (follow_up,) = site.follow_ups()
    assert follow_up.text == "kept words\nand more"
    assert site.contents(follow_up) == [("b.txt", b"kept"), ("c.txt", b"and this")]
    # Back at the first machine its own page is good, and the other's is not.
    site.vigil.mailbox_keys = here
    assert site.press(page, "open").status_code == 200
    assert "another of our computers" in problems(site.press(again, "open"))[0]
    there.close()


def test_a_store_that_cannot_be_read_is_told_and_loses_no_word(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = site.sent()

    def fails(*_: object) -> None:
        raise DiskFailed

    monkeypatch.setattr(site.store, "slots", fails)
    page = site.mailbox(code)
    assert page.status_code == 503
    assert code in page.text
    assert problems(page) == ["We cannot look into the mailbox now. Try again in a few minutes."]


def test_looking_writes_nothing_and_touches_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    code = site.sent()
    site.reply(code, files=[("a.txt", b"1")])
    site.vigil._scrub()
    site.vigil.soon.cancel()
    monkeypatch.setattr(site.vigil.soon, "touch", lambda: pytest.fail("something asked for a scrub"))
    site.client.get("/mailbox")
    before = {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()}
    page = site.mailbox(code)
    site.press(page, "open")
    site.press(page, "delete-all")
    (get,) = re.findall(r'value="(get-[^"]+)"', page.text)
    assert site.press(page, get).data == b"1"
    site.mailbox(" ".join(returncode.words(ReturnCode.new())))
    assert {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("kind", ["blank", "wrong", "unknown", "open", "sure", "card"])
def test_no_page_is_kept_or_compressed(site: Site, kind: str) -> None:
    code = site.sent()
    page = {
        "blank": lambda: site.client.get("/mailbox", headers={"Accept-Encoding": "gzip"}),
        "wrong": lambda: site.mailbox("zoo"),
        "unknown": lambda: site.mailbox(" ".join(returncode.words(ReturnCode.new()))),
        "open": lambda: site.mailbox(code),
        "sure": lambda: site.press(site.mailbox(code), "delete-all"),
        "card": lambda: site.mailbox(code, do="card"),
    }[kind]()
    assert page.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in page.headers
    assert "Set-Cookie" not in page.headers


def test_the_box_for_the_words_asks_browsers_to_keep_nothing(site: Site) -> None:
    (box,) = re.findall(r'<textarea id="code"[^>]*>', site.client.get("/mailbox").text)
    for said in ('autocomplete="off"', 'spellcheck="false"', 'autocapitalize="off"', 'translate="no"'):
        assert said in box


def test_a_form_of_no_known_encoding_is_refused_with_a_page(site: Site) -> None:
    assert site.client.post("/mailbox", data=b"{}", content_type="application/json").status_code == 415


def test_far_too_much_at_once_keeps_what_arrived(site: Site) -> None:
    page = site.mailbox(site.sent())
    answer = site.mailbox(mailbox=token(page), message="x" * 3_000_000, do="send")
    assert answer.status_code == 413
    assert "Send less text" in problems(answer)[0]
    assert "x" * 1_000_000 in answer.text
    assert site.follow_ups() == []


def test_what_is_typed_is_shown_as_it_was_typed_on_the_page_that_is_rendered_once(site: Site) -> None:
    code = " ".join(returncode.words(ReturnCode.new()))
    for typed in (f"{code}\n</textarea><b>", f"\n{code.upper()}", f"{code} &amp;"):
        for _ in range(2):
            page = site.mailbox(typed)
            assert "<b>" not in page.text
            assert unescape(page.text).split("\n" + typed + "</textarea>")[1:], typed
