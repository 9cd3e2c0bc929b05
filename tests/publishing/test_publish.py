"""What is published is what the newsroom wrote: lists, drafts, withdrawals, corrections, pictures."""

import io
import os
import sqlite3
import stat
from datetime import date

import pytest
from PIL import Image

from publishing.errors import NotWritten
from publishing.model import Byline, Heading, Note, Topic
from tests.publishing.newsroom import ARTICLE, TODAY, Newsroom, picture


def test_an_article_is_read_as_it_was_written(newsroom: Newsroom) -> None:
    newsroom.article(byline='["Ann Neill", "Zoë O\'Brien"]', updated="2026-03-05", text="Words. " * 660)
    newsroom.publish()
    found = newsroom.site.article("piece")
    assert found
    assert (found.title, found.summary, found.date) == ("A piece", "What it says.", date(2026, 3, 1))
    assert found.byline == (Byline("Ann Neill", "ann-neill"), Byline("Zoë O'Brien", "zoe-obrien"))
    assert found.topic == Topic("county-lines", "County lines", 1)
    assert found.updated == date(2026, 3, 5)
    assert found.minutes == 3
    assert [(s.title, s.publisher, s.url, s.date_read) for s in found.sources] == [
        ("A report", "An office", "https://office.example/report", date(2026, 1, 2))
    ]
    assert found.html.startswith("<p>Words. Words.")
    assert (found.toc, found.corrections, found.withdrawn) == ((), (), None)
    assert (found.previous, found.next, found.related) == (None, None, ())
    assert newsroom.site.article("none") is None


def test_a_source_that_nobody_has_opened_yet_says_so(newsroom: Newsroom) -> None:
    newsroom.article(date_read='""')
    newsroom.publish()
    found = newsroom.site.article("piece")
    assert found
    assert found.sources[0].date_read is None


def test_only_a_long_piece_has_contents(newsroom: Newsroom) -> None:
    headings = "## One\n\n### Half\n\n## Two\n\n## *Three*[^1]\n\n[^1]: x\n\n"
    newsroom.article("short", text=headings)
    newsroom.article("long", text=headings + "word " * 600)
    newsroom.publish()
    short, long = newsroom.site.article("short"), newsroom.site.article("long")
    assert short
    assert long
    assert short.toc == ()
    assert long.toc == (
        Heading(2, "h-one", "One"),
        Heading(3, "h-half", "Half"),
        Heading(2, "h-two", "Two"),
        Heading(2, "h-three", "Three"),
    )


def test_lists_are_newest_first_and_in_pages(newsroom: Newsroom) -> None:
    for number in range(1, 13):
        topic = "local" if number % 3 == 0 else "county-lines"
        newsroom.article(
            f"p{number}", date=f"2026-03-{number:02}", topic=f'"{topic}"', byline=f'"N{number % 2}"'
        )
    newsroom.publish()
    site = newsroom.site
    first, last = site.teasers(), site.teasers(page=2)
    assert [one.slug for one in first.items] == [f"p{number}" for number in range(12, 2, -1)]
    assert [one.slug for one in last.items] == ["p2", "p1"]
    assert (first.page, first.pages, first.total) == (1, 2, 12)
    assert site.teasers(page=3).items == ()
    assert [one.slug for one in site.teasers(topic="local").items] == ["p12", "p9", "p6", "p3"]
    assert [one.slug for one in site.teasers(byline="n1", size=2).items] == ["p11", "p9"]
    assert [one.slug for one in site.teasers(topic="local", byline="n1").items] == ["p9", "p3"]
    assert [topic.articles for topic in site.topics()] == [8, 4]
    assert site.topic("local") == Topic("local", "Where we live", 4)
    assert site.topic("none") is None
    assert site.bylines() == [Byline("N0", "n0", 6), Byline("N1", "n1", 6)]
    assert site.byline("n1") == Byline("N1", "n1", 6)
    assert site.byline("none") is None
    assert [entry.slug for entry in site.feed("local")] == ["p12", "p9", "p6", "p3"]
    assert site.feed()[0].html.startswith("<p>")
    middle = site.article("p6")
    assert middle
    assert middle.previous
    assert middle.next
    assert (middle.previous.slug, middle.next.slug) == ("p5", "p7")
    assert [one.slug for one in middle.related] == ["p9", "p3", "p12"]


def test_related_are_rather_not_those_beside_it(newsroom: Newsroom) -> None:
    for number in range(1, 7):
        newsroom.article(f"p{number}", date=f"2026-03-{number:02}")
    newsroom.publish()
    found = newsroom.site.article("p3")
    assert found
    assert [one.slug for one in found.related] == ["p5", "p1", "p6"]


def test_drafts_are_left_out_and_only_a_preview_shows_them(newsroom: Newsroom) -> None:
    newsroom.article()
    newsroom.article("later", draft="true", summary='""', text="")
    done = newsroom.publish()
    assert (done.articles, done.drafts, done.left_out) == (1, 0, 1)
    assert newsroom.site.article("later") is None
    assert b"later" not in newsroom.target.read_bytes()
    done = newsroom.publish(drafts=True)
    assert (done.articles, done.drafts, done.left_out) == (2, 1, 0)
    found = newsroom.site.article("later")
    assert found
    assert found.draft
    assert "/articles/later" not in [address.path for address in newsroom.site.sitemap()]


def test_a_broken_draft_does_not_hold_up_the_rest(newsroom: Newsroom) -> None:
    newsroom.article()
    newsroom.article("later", draft="true", title="7", text="<b>")
    assert newsroom.publish().articles == 1
    assert len(newsroom.problems(drafts=True)) == 2


def test_what_is_withdrawn_is_gone_and_not_only_hidden(newsroom: Newsroom) -> None:
    newsroom.write("images/face.jpg", picture())
    newsroom.article("kept", date="2026-03-02")
    newsroom.article(
        "gone",
        title='"Its title"',
        summary='"Its summary"',
        withdrawn='"We could not stand by it."',
        updated="2026-04-01",
        image='{file = "images/face.jpg", alt = "Secretface"}',
        text="Secretwords [x](/nowhere)\n\n![Secretface](images/face.jpg)\n",
    )
    newsroom.article("older", date="2026-02-02")
    done = newsroom.publish()
    assert (done.articles, done.withdrawn, done.images) == (2, 1, 0)
    site = newsroom.site
    found = site.article("gone")
    assert found
    assert found.withdrawn == "We could not stand by it."
    assert (found.html, found.summary, found.image, found.sources, found.toc) == ("", "", None, (), ())
    assert (found.previous, found.next, found.related) == (None, None, ())
    written = newsroom.target.read_bytes()
    assert not [word for word in (b"Secretwords", b"Secretface", b"Its summary", b"face-") if word in written]
    assert [one.slug for one in site.teasers().items] == ["kept", "older"]
    assert [one.slug for one in site.feed()] == ["kept", "older"]
    assert site.search("its title").total == 0
    assert "/articles/gone" not in [address.path for address in site.sitemap()]
    kept = site.article("kept")
    assert kept
    assert kept.previous
    assert kept.previous.slug == "older"
    assert [(one.slug, one.date, one.text, one.withdrawn) for one in site.corrections()] == [
        ("gone", date(2026, 4, 1), "We could not stand by it.", True)
    ]


def test_corrections_stand_on_the_article_and_on_their_own_page(newsroom: Newsroom) -> None:
    notes = "[{date = 2026-04-01, text = 'One.'}, {date = 2026-04-03, text = 'Two.'}]"
    newsroom.article(corrections=notes, updated="2026-03-20")
    newsroom.article("other", corrections="[{date = 2026-04-02, text = 'Three.'}]")
    newsroom.publish()
    found = newsroom.site.article("piece")
    assert found
    assert found.corrections == (Note(date(2026, 4, 3), "Two."), Note(date(2026, 4, 1), "One."))
    assert found.updated == date(2026, 4, 3)
    assert [(one.slug, one.text) for one in newsroom.site.corrections()] == [
        ("piece", "Two."),
        ("other", "Three."),
        ("piece", "One."),
    ]


def test_pages_agencies_and_letters_come_through(newsroom: Newsroom) -> None:
    newsroom.publish()
    about = newsroom.site.page("about")
    assert about
    assert (about.title, about.summary) == ("About", "Who we are.")
    assert about.html == '<p>Some words. <a href="/report">Report</a>.</p>\n'
    assert newsroom.site.page("none") is None
    assert [agency.phone for agency in newsroom.site.agencies()] == ["999"]
    letters = newsroom.site.letters()
    assert [letter.slug for letter in letters] == ["support"]
    assert newsroom.site.letter("support") == letters[0]
    assert newsroom.site.letter("none") is None


def test_the_site_map_knows_when_each_page_last_changed(newsroom: Newsroom) -> None:
    newsroom.article(updated="2026-03-05")
    newsroom.article("other", date="2026-03-04")
    newsroom.publish()
    assert {address.path: address.changed for address in newsroom.site.sitemap()} == {
        "/articles/piece": date(2026, 3, 5),
        "/articles/other": date(2026, 3, 4),
        "/topics/county-lines": date(2026, 3, 5),
        "/bylines/ann-neill": date(2026, 3, 5),
        "/letter/support": None,
    }


def test_a_picture_is_made_anew_without_what_it_told_of_its_maker(newsroom: Newsroom) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secretcamera"
    exif[0x0112] = 6
    told = picture(2000, 1000, exif=exif, comment=b"Secretcomment", xmp=b"Secretxmp")
    assert b"Secretcamera" in told
    newsroom.write("images/2026/street.JPG", told)
    newsroom.article(image='{file = "images/2026/street.JPG", alt = "A street", credit = "Me"}')
    assert newsroom.publish().images == 1
    found = newsroom.site.article("piece")
    assert found
    image = found.image
    assert image
    # It lay on its side (orientation 6), and stands upright now.
    assert [(one.width, one.height) for one in image.variants] == [(480, 960), (960, 1920), (1000, 2000)]
    assert (image.width, image.height, image.alt, image.credit) == (1000, 2000, "A street", "Me")
    assert image.path.startswith("2026/street-1000-")
    assert image.srcset.startswith(f"/images/{image.variants[0].path} 480w, ")
    for one in (*image.variants, image.card):
        data, kind = newsroom.site.image(one.path) or (b"", "")
        with Image.open(io.BytesIO(data)) as opened:
            assert opened.size == (one.width, one.height)
            assert opened.get_format_mimetype() == kind
            assert not opened.getexif()
            assert not {"icc_profile", "xmp", "comment", "exif"} & set(opened.info)
        assert b"Secret" not in data
    assert newsroom.site.image("none.webp") is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind_are_taken(newsroom: Newsroom, mode: str) -> None:
    out = io.BytesIO()
    plain = Image.linear_gradient("L")
    image = (
        plain.convert("I").convert(mode) if mode == "I;16" else plain.convert("RGBA" if mode == "PA" else "L")
    )
    image.convert("P" if mode == "PA" else mode).save(out, "JPEG" if mode == "CMYK" else "PNG")
    name = "images/x.jpg" if mode == "CMYK" else "images/x.png"
    newsroom.write(name, out.getvalue())
    newsroom.article(image=f'{{file = "{name}", alt = "x"}}')
    assert newsroom.publish().images == 1


def test_a_picture_that_changes_gets_another_address(newsroom: Newsroom) -> None:
    paths = set()
    for width in (600, 700):
        newsroom.write("images/a.jpg", picture(width))
        newsroom.article(image='{file = "images/a.jpg", alt = "x"}')
        newsroom.publish()
        found = newsroom.site.article("piece")
        assert found
        assert found.image
        paths.add(found.image.path)
    assert len(paths) == 2


def test_the_file_is_for_the_group_to_read_and_nobody_to_write(newsroom: Newsroom) -> None:
    before = os.umask(0)
    try:
        newsroom.publish()
    finally:
        os.umask(before)
    assert stat.S_IMODE(newsroom.target.stat().st_mode) == 0o640
    assert stat.S_IMODE(newsroom.target.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_to_is_said(newsroom: Newsroom) -> None:
    newsroom.target.parent.parent.joinpath("data").write_text("a file")
    with pytest.raises(NotWritten, match="cannot be written: file exists"):
        newsroom.publish()


def test_what_is_written_is_sound(newsroom: Newsroom) -> None:
    newsroom.article()
    newsroom.publish()
    with sqlite3.connect(newsroom.target) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        database.execute("INSERT INTO search(search) VALUES ('integrity-check')")
    database.close()


def test_many_articles_are_read_by_several_processes_to_the_same_site(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        newsroom.article(f"p{number}")
    newsroom.write("articles/bad.md", ARTICLE.replace("title", "tittle"))
    alone = newsroom.problems()
    monkeypatch.setattr("publishing.publish.FEW", 1)
    monkeypatch.setattr("publishing.publish.CHUNK", 2)
    assert newsroom.problems() == alone
    (newsroom.content / "articles" / "bad.md").unlink()
    assert newsroom.publish(today=TODAY).articles == 12
    assert newsroom.site.teasers(size=100).total == 12
