"""Only what lies in the newsroom's folder is published, and nothing in it makes publishing wait or fail."""

import os
from pathlib import Path

import pytest

from publishing import files
from tests.publishing.newsroom import ARTICLE, Newsroom, picture


def test_a_link_that_leads_out_of_the_folder_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(ARTICLE)
    (tmp_path / "secret.png").write_bytes(picture(kind="PNG"))
    newsroom.article(text="![x](images/x.png)\n")
    (newsroom.content / "articles" / "out.md").symlink_to(tmp_path / "secret.md")
    (newsroom.content / "images").mkdir()
    (newsroom.content / "images" / "x.png").symlink_to(tmp_path / "secret.png")
    assert [str(one) for one in newsroom.problems()] == [
        "articles/out.md: is a link that leads out of the folder",
        "articles/piece.md:14: images/x.png is a link that leads out of the folder",
    ]


def test_a_link_within_the_folder_is_followed_and_the_folder_may_be_one(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    newsroom.article()
    (newsroom.content / "articles" / "again.md").symlink_to("piece.md")
    (tmp_path / "link").symlink_to(newsroom.content)
    newsroom.content = tmp_path / "link"
    assert newsroom.publish().articles == 2


def test_a_pipe_is_not_waited_for_and_a_device_is_not_read(newsroom: Newsroom) -> None:
    os.mkfifo(newsroom.content / "pages" / "pipe.md")
    (newsroom.content / "images").mkdir()
    os.mkfifo(newsroom.content / "images" / "x.png")
    newsroom.article(text="![x](images/x.png)\n")
    assert [str(one) for one in newsroom.problems()] == [
        "articles/piece.md:14: images/x.png is no file",
        "pages/pipe.md: is no text",
    ]
    with pytest.raises(files.BadFile, match="is no file"):
        files.data(Path("/dev"), "zero", 10)


def test_no_more_of_a_large_file_is_read_than_is_wanted(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.truncate(1 << 40)
    with pytest.raises(files.BadFile, match="is larger than 200 KB"):
        files.data(tmp_path, "large", 200_000)
    (tmp_path / "just").write_bytes(b"x" * 10)
    assert files.data(tmp_path, "just", 10) == b"x" * 10


def test_a_name_that_is_not_utf8_is_a_problem(newsroom: Newsroom) -> None:
    newsroom.article()
    (newsroom.content / "articles" / os.fsdecode(b"caf\xe9.md")).write_text(ARTICLE)
    assert [str(one) for one in newsroom.problems()] == ["articles/caf\\xe9.md: has a name that is not UTF-8"]
