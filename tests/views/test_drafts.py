"""Files belong to the draft they were attached to; a draft that cannot be read costs none of them."""

import pytest

from tests.site import Site, hidden, problems


def attach(site: Site, *files: tuple[str, bytes], draft: str | None = None) -> list[str]:
    answer = site.post(do="attach", files=files, draft=draft)
    assert answer.status_code == 200, answer.text
    return hidden(answer, "file")


@pytest.mark.parametrize("draft", ["", "nonsense", "A" * 100, "ü"])
def test_a_spoiled_draft_costs_neither_words_nor_files(site: Site, draft: str) -> None:
    tokens = attach(site, ("one.txt", b"1"))
    answer = site.post(text="kept", tokens=tokens, draft=draft)
    assert answer.status_code == 422
    assert problems(answer) == ["This form had been open for too long. Nothing is lost: press Send again."]
    assert "kept</textarea>" in answer.text
    again = site.post(text="kept", tokens=hidden(answer, "file"), draft=hidden(answer, "draft")[0])
    assert again.status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("one.txt", b"1")]


def test_a_file_of_another_form_is_not_taken_and_is_asked_for_by_name(site: Site) -> None:
    draft, other = site.draft(), site.draft()
    mine = attach(site, ("mine.txt", b"1"), draft=draft)
    theirs = attach(site, ("other.txt", b"2"), draft=other)
    answer = site.post(text="kept", tokens=[*theirs, *mine], draft=draft)
    assert answer.status_code == 422
    assert problems(answer) == ["“other.txt” was attached to another form. Attach it here again."]
    assert "kept</textarea>" in answer.text
    assert [site.vigil.drafts.open_file(token).name for token in hidden(answer, "file")] == ["mine.txt"]
    # It is still there for the form that it belongs to.
    assert site.post(tokens=theirs, draft=other).status_code == 200


def test_a_form_whose_draft_is_spoiled_goes_on_with_that_of_its_first_file(site: Site) -> None:
    draft = site.draft()
    tokens = attach(site, ("one.txt", b"1"), ("two.txt", b"2"), draft=draft)
    theirs = attach(site, ("other.txt", b"3"))
    answer = site.post(text="kept", tokens=[*tokens, *theirs], draft="spoiled")
    assert answer.status_code == 422
    assert problems(answer)[0] == "“other.txt” was attached to another form. Attach it here again."
    assert len(hidden(answer, "file")) == 2
    drafts = site.vigil.drafts
    assert drafts.open(hidden(answer, "draft")[0]).id == drafts.open(draft).id


def test_the_scripts_upload_goes_on_with_the_draft_of_a_file_it_shows(site: Site) -> None:
    draft = site.draft()
    (first,) = attach(site, ("one.txt", b"1"), draft=draft)
    answer = site.post(do="upload", files=[("two.txt", b"2")], tokens=[first], draft="old")
    assert answer.status_code == 200
    assert answer.text.count("<li>") == 1
    tokens, drafts = [first, *hidden(answer, "file")], hidden(answer, "draft")
    assert site.post(tokens=tokens, draft=drafts[0]).status_code == 200
    (report,) = site.reports()
    assert site.contents(report) == [("one.txt", b"1"), ("two.txt", b"2")]
