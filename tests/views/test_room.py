"""A full or failing disk: files are refused with a clear page, words go through down to the reserve."""

import pytest

from store.errors import DiskFailed, NoRoom
from tests import inside
from tests.site import Site, hidden, problems


@pytest.fixture
def full(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    def no_room(*_: object) -> None:
        raise NoRoom

    monkeypatch.setattr(site.store, "start_blob", no_room)
    return site


def test_a_full_disk_refuses_files_and_keeps_words(full: Site) -> None:
    answer = full.post(text="kept words", files=[("film.mp4", b"x" * 1000)])
    assert answer.status_code == 422
    assert problems(answer) == ["“film.mp4” could not be stored now. You can send your words without it."]
    assert "kept words</textarea>" in answer.text
    assert full.post(text="kept words").status_code == 200
    assert len(full.reports()) == 1


def test_a_disk_without_room_for_words_says_so_and_keeps_them(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise NoRoom

    monkeypatch.setattr(site.store, "keep_report", no_room)
    answer = site.post(text="kept words")
    assert answer.status_code == 503
    assert "kept words</textarea>" in answer.text
    assert problems(answer) == ["We cannot store anything now. Keep your words, and try again later."]


def test_a_file_that_the_disk_does_not_take_fails_the_upload(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DiskFailed

    blob = site.store.start_blob(None)
    blob.abandon()
    monkeypatch.setattr(type(blob), "finish", fails)
    answer = site.post(text="kept words", files=[("film.mp4", b"x" * 1000)])
    assert answer.status_code == 422
    assert hidden(answer, "file") == []
    assert site.reports() == []


def test_an_evicted_file_is_named(site: Site) -> None:
    answer = site.post(do="attach", files=[("film.mp4", b"1"), ("photo.jpg", b"2")])
    tokens = hidden(answer, "file")
    site.store.drop_pending(site.vigil.drafts.open_file(tokens[0]).blob)
    again = site.post(text="words", tokens=tokens)
    assert again.status_code == 422
    assert problems(again) == ["“film.mp4” is no longer here. Attach it again."]
    assert len(hidden(again, "file")) == 1


def test_no_byte_of_an_upload_lies_open_in_the_data_folder(site: Site) -> None:
    marker = b"marker-7f3a"
    site.post(do="attach", text=marker.decode(), files=[(f"{marker.decode()}.txt", marker * 100_000)])
    site.post(text=marker.decode(), files=[(f"{marker.decode()}.txt", marker * 100_000)])
    assert not any(marker in content for content in inside.readable(site.folder))
    assert len(inside.blobs(site.folder)) == 2
