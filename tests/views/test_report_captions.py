"""What the source says that each file shows: it stays with its file, and outlives it in a message."""

from collections.abc import Sequence

import pytest

from store.errors import DiskFailed
from tests.e2e.source import Form
from tests.site import MULTIPART, Site, hidden, multipart, problems
from tests.views.asked import AWKWARD

NAMES = ["one.jpg", "two.jpg", "three.jpg"]
CAPTIONS = ["a door", "a van", "a man"]
ALL = dict(zip(NAMES, CAPTIONS, strict=True))
TOO_LONG = "Some attached files were kept too long to be used. Attach them again."


@pytest.fixture
def tokens(site: Site) -> list[str]:
    return hidden(site.post(do="attach", files=[(name, name.encode()) for name in NAMES]), "file")


def pairs(site: Site, page: str) -> dict[str, str]:
    """Give the files that a page lists, each with its caption."""
    form = Form(page)
    names = [site.vigil.drafts.open_file(token).name for token in form.tokens]
    return dict(zip(names, (control.value for control in form.of("caption")), strict=True))


def sent(site: Site) -> dict[str, str]:
    (report,) = site.reports()
    return {file.name: file.caption for file in report.files}


@pytest.mark.parametrize("awkward", AWKWARD.values(), ids=AWKWARD)
def test_a_caption_arrives_as_it_was_typed(site: Site, tokens: list[str], awkward: str) -> None:
    captions = [awkward, "", f" {awkward}\n"]
    assert site.post(tokens=tokens, captions=captions).status_code == 200
    assert list(sent(site).values()) == captions


def test_a_caption_of_white_space_is_none(site: Site, tokens: list[str]) -> None:
    site.post(tokens=tokens, captions=[" ", "\r\n", "\xa0"])
    assert list(sent(site).values()) == ["", "", ""]


def test_the_same_caption_may_stand_at_several_files(site: Site, tokens: list[str]) -> None:
    site.post(tokens=tokens, captions=["same"] * 3)
    assert list(sent(site).values()) == ["same"] * 3


@pytest.mark.parametrize("order", [(2, 0, 1), (1, 2, 0), (2, 1, 0)], ids=str)
def test_each_caption_stays_with_its_file_in_whatever_order(
    site: Site, tokens: list[str], order: Sequence[int]
) -> None:
    mixed = {"tokens": [tokens[n] for n in order], "captions": [CAPTIONS[n] for n in order]}
    review = site.post(do="review", **mixed)
    assert list(pairs(site, review.text).items()) == [(NAMES[n], CAPTIONS[n]) for n in order]
    site.press(review, "send")
    assert sent(site) == ALL


def test_files_that_come_later_take_no_others_caption(site: Site, tokens: list[str]) -> None:
    page = site.post(do="attach", tokens=tokens, captions=CAPTIONS, files=[("four.jpg", b"4")])
    assert pairs(site, page.text) == {**ALL, "four.jpg": ""}
    review = site.press(page, "review", [("five.jpg", b"5")])
    assert pairs(site, review.text) == {**ALL, "four.jpg": "", "five.jpg": ""}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_file_taken_out_takes_its_own_caption_with_it(site: Site, tokens: list[str], place: int) -> None:
    page = site.post(do="", tokens=tokens, captions=CAPTIONS, remove=str(place))
    assert page.status_code == 200
    left = {name: caption for name, caption in ALL.items() if name != NAMES[place]}
    assert pairs(site, page.text) == left
    site.press(site.press(page, "review"), "send")
    assert sent(site) == left


@pytest.mark.parametrize("lost", [0, 1, 2])
@pytest.mark.parametrize("pressed", [0, 1, 2])
def test_the_file_that_is_taken_out_is_the_one_beside_the_button_although_another_is_gone(
    site: Site, tokens: list[str], lost: int, pressed: int
) -> None:
    site.store.drop_pending(site.vigil.drafts.open_file(tokens[lost]).blob)
    page = site.post(do="", tokens=tokens, captions=CAPTIONS, remove=str(pressed))
    assert page.status_code == 422
    left = {name: caption for n, (name, caption) in enumerate(ALL.items()) if n not in {lost, pressed}}
    assert pairs(site, page.text) == left
    assert site.post(tokens=Form(page.text).tokens).status_code == 200
    assert sent(site).keys() == left.keys()


@pytest.mark.parametrize("spoiled", [0, 1, 2])
def test_the_file_beside_the_button_is_taken_out_although_a_token_is_spoiled(
    site: Site, tokens: list[str], spoiled: int
) -> None:
    pressed = (spoiled + 1) % 3
    came = [*tokens[:spoiled], "spoiled", *tokens[spoiled + 1 :]]
    page = site.post(do="", tokens=came, captions=CAPTIONS, remove=str(pressed))
    assert pairs(site, page.text).keys() == set(NAMES) - {NAMES[spoiled], NAMES[pressed]}


@pytest.mark.parametrize("do", ["review", "send", "attach", "add-people"])
@pytest.mark.parametrize("spoiled", [0, 1, 2])
def test_the_caption_of_a_file_kept_too_long_is_told_and_the_others_stay(
    site: Site, tokens: list[str], do: str, spoiled: int
) -> None:
    came = [*tokens[:spoiled], "spoiled", *tokens[spoiled + 1 :]]
    page = site.post("words", do=do, tokens=came, captions=CAPTIONS)
    assert page.status_code == 422
    assert problems(page) == [f"{TOO_LONG} Of it you wrote: “{CAPTIONS[spoiled]}”"]
    assert pairs(site, page.text) == {n: c for n, c in ALL.items() if n != NAMES[spoiled]}


def test_all_captions_of_files_kept_too_long_are_told_whole(site: Site) -> None:
    captions = ["x" * 5_000, "", "<b> & “y”"]
    page = site.post("words", do="review", tokens=["spoiled"] * 3, captions=captions)
    told = f"Of it you wrote: “{captions[0]}” Of it you wrote: “{captions[2]}”"
    assert problems(page) == [f"{TOO_LONG} {told}"]


def test_the_caption_of_a_file_that_is_gone_is_told(site: Site, tokens: list[str]) -> None:
    site.store.drop_pending(site.vigil.drafts.open_file(tokens[1]).blob)
    page = site.post("words", do="review", tokens=tokens, captions=CAPTIONS)
    assert problems(page) == ["“two.jpg” is no longer here. Attach it again. Of it you wrote: “a van”"]
    assert pairs(site, page.text) == {"one.jpg": "a door", "three.jpg": "a man"}


def test_the_caption_of_a_file_of_another_form_is_told(site: Site, tokens: list[str]) -> None:
    (other,) = hidden(site.post(do="attach", files=[("other.jpg", b"x")]), "file")
    page = site.post("words", do="review", tokens=[tokens[0], other], captions=["a door", "another"])
    assert problems(page) == [
        "“other.jpg” was attached to another form. Attach it here again. Of it you wrote: “another”"
    ]


def test_captions_without_files_are_ignored(site: Site, tokens: list[str]) -> None:
    fields = [
        ("draft", site.draft_of(tokens)),
        ("caption", "a door"),
        ("caption", "none"),
        ("caption", "none"),
    ]
    data = multipart([*fields, ("file", tokens[0])], [])
    assert site.client.post("/report", data=data, content_type=MULTIPART).status_code == 200
    assert sent(site) == {"one.jpg": "a door"}


def test_a_removal_that_the_disk_refuses_shows_the_form_all_the_same(
    site: Site, tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DiskFailed

    monkeypatch.setattr(site.store, "drop_pending", fails)
    page = site.post("words", do="", tokens=tokens, captions=CAPTIONS, remove="0")
    assert page.status_code == 200
    assert pairs(site, page.text) == {"two.jpg": "a van", "three.jpg": "a man"}
    assert {kind for _, kind, _, _ in site.store.failures()} == {"DiskFailed"}
