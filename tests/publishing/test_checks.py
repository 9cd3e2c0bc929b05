"""Every mistake is named with its file, its line and what to do, all of them in one run."""

from pathlib import Path

import pytest

from tests.publishing.newsroom import ARTICLE, SITE, Newsroom, picture, png_that_says

# Front matter: a line put in place of, or added before, the others; the line it is found on; what is said.
MATTER = [
    ("title", '""', 2, "title is empty"),
    ("title", "7", 2, "title is not a text"),
    ("title", f'"{"x" * 121}"', 2, "title has 121 characters"),
    ("title", '"a\\nb"', 2, "title has a line break or a tab"),
    ("title", '"a\\u202eb"', 2, "title holds an invisible character"),
    ("byline", "[]", 3, "byline has 0 entries"),
    ("byline", '["A", 7]', 3, "1 is not a text"),
    ("byline", '["A", "A"]', 3, "'A' stands twice in byline"),
    ("date", '"2026-03-01"', 4, "date is not a day"),
    ("date", "2026-03-01T10:00:00", 4, "date is not a day"),
    ("date", "2026-11-23", 4, "date 2026-11-23 has not come yet"),
    ("date", "0026-11-23", 4, "date 0026-11-23 is too long ago"),
    ("updated", "2026-02-01", 2, "updated 2026-02-01 lies before its date 2026-03-01"),
    ("topic", '"county-line"', 5, "no topic 'county-line'"),
    ("summary", f'"{"x" * 301}"', 6, "summary has 301 characters"),
    ("publisher", '""', 10, "publisher is empty"),
    ("url", '"ftp://x.example/"', 11, "'ftp://x.example/' is not an address on the web"),
    ("date_read", '"soon"', 12, "date_read is not a day"),
    ("draft", '"no"', 2, "draft is neither true nor false"),
    ("withdrawn", '""', 2, "withdrawn is empty"),
    ("heading", '"x"', 2, "unknown key 'heading'"),
    ("image", '"images/a.jpg"', 2, "image is not a table"),
    ("image", '{file = "images/a.jpg", alt = ""}', 2, "alt is empty"),
    (
        "image",
        '{file = "images/none.jpg", alt = "x"}',
        2,
        "images/none.jpg cannot be read: no such file or directory",
    ),
    ("image", '{file = "../a.jpg", alt = "x"}', 2, "'../a.jpg' is not the name of a picture"),
    (
        "image",
        '{file = "images/fake.jpg", alt = "x"}',
        2,
        "images/fake.jpg is not a JPEG, PNG or WebP picture",
    ),
    ("image", '{file = "images/bomb.png", alt = "x"}', 2, "images/bomb.png has far too many pixels"),
    ("image", '{file = "images/a.jpg", alt = "x", size = 1}', 2, "unknown key 'size'"),
    (
        "corrections",
        "[{date = 2026-02-01, text = 'x'}]",
        2,
        "a correction on 2026-02-01, before the article of 2026-03-01",
    ),
    ("corrections", "[{date = 2026-04-01}]", 2, "text is missing"),
    ("corrections", "'x'", 2, "corrections is not a list of tables"),
]


@pytest.mark.parametrize(("key", "value", "line", "what"), MATTER, ids=[row[3][:50] for row in MATTER])
def test_a_wrong_value_is_named_with_its_line(
    newsroom: Newsroom, key: str, value: str, line: int, what: str
) -> None:
    newsroom.write("images/a.jpg", picture())
    newsroom.write("images/fake.jpg", b"<script>")
    newsroom.write("images/bomb.png", png_that_says(60_000, 60_000))
    newsroom.article(**{key: value})
    found = [(problem.file, problem.line, problem.what) for problem in newsroom.problems()]
    assert ("articles/piece.md", line, what) in found
    assert not newsroom.target.exists()


# Texts: what stands on line 16, and what is said of it.
TEXT = [
    ("a <b>bold</b> word", "HTML: <b>"),
    ("<div>x</div>", "HTML: <div>"),
    ("<!-- a thought -->", "HTML: <!--"),
    ("[x](javascript:alert(1))", "'javascript:alert(1)': no address that may be linked to"),
    ("[x](data:text/html,x)", "'data:text/html,x': no address that may be linked to"),
    ("[x](//other.example/)", "'//other.example/': no address that may be linked to"),
    ("[x](report)", "'report': no address that may be linked to"),
    ("[x](http://user@x.example/)", "'http://user@x.example/': no address that may be linked to"),
    ("[x](/reprot)", "/reprot is no page of this site"),
    ("[x](/articles/none)", "/articles/none is no page of this site"),
    ("[x](/articles/later)", "/articles/later is still a draft"),
    ("[x](#nowhere)", "'#nowhere': no heading is called so"),
    ("[here](/report)", "a link that is called 'here'"),
    ("[](/report)", "a link without words"),
    ("[x](https://x.example/a b)", "a link that is not whole"),
    ("said so.[^9]", "note [^9] is not written anywhere"),
    ("[^2]: never named.", "note [^2] is never used"),
    ("# A title", "a heading of the first rank"),
    ("### Too deep", "a heading ### under one of #"),
    ("##", "a heading without words"),
    ("![](images/a.jpg)", "the picture images/a.jpg has no description"),
    ("![x](https://x.example/a.jpg)", "'https://x.example/a.jpg' is not the name of a picture"),
    ("![x](images/cut.jpg)", None),
    ("a\u202eb", "holds the invisible or damaged character U+202E"),
    ("a\x00b", "holds the invisible or damaged character U+0000"),
    ("a&#12;b", "holds the invisible or damaged character U+000C"),
    ("*a&#x202E;b*", "holds the invisible or damaged character U+202E"),
    ("a [link](/report 'ti&#12;tle')", "holds the invisible or damaged character U+000C"),
    ("a ![de&#x202A;scription](images/a.jpg)", "holds the invisible or damaged character U+202A"),
]


@pytest.mark.parametrize(("text", "what"), TEXT, ids=[row[1] or "cut" for row in TEXT])
def test_a_wrong_text_is_named_with_its_line(newsroom: Newsroom, text: str, what: str | None) -> None:
    newsroom.write("images/a.jpg", picture())
    newsroom.write("images/cut.jpg", picture()[:3000])
    newsroom.article("later", draft="true")
    newsroom.article(
        text=f"First,\nsecond.\n{text}\n"
        if text[0] not in "#<[!" or text[1] == "]"
        else f"First.\n\n{text}\n"
    )
    found = newsroom.problems()
    if what is None:
        assert [problem.file for problem in found] == ["images/cut.jpg"]
    else:
        assert ("articles/piece.md", 16, what) in [(one.file, one.line, one.what) for one in found]
    assert all(problem.hint for problem in found)
    assert not newsroom.target.exists()


FILES: list[tuple[str, str | bytes, int | None, str]] = [
    ("articles/Piece One.md", ARTICLE, None, "the file's name cannot be an address"),
    ("articles/piece.txt", ARTICLE, None, "is no text"),
    ("articles/one/two.md", ARTICLE, None, "is no text"),
    ("articles/piece.md", b"+++\ntitle = '\xff'\n+++\n", 2, "is not UTF-8 text"),
    ("articles/piece.md", "title = 'x'\n", 1, "does not begin with a line of +++"),
    ("articles/piece.md", "+++\ntitle = 'x'\n", 1, "has no second line of +++"),
    ("articles/piece.md", "+++\ntitle = 'x'\ntitle 'y'\n+++\n", 3, "is not TOML: expected '=' after a key"),
    ("articles/piece.md", "+++\n" + "a = " + "[" * 3000 + "\n+++\n", 2, "is not TOML"),
    ("articles/piece.md", "+++\na = 1\n[b" + ".b" * 8 + "]\n+++\n", 3, "a name of more than 8 parts"),
    ("articles/piece.md", "+++\n" + "a." * 90_000 + "a = 1\n+++\n", 2, "a name of more than 8 parts"),
    ("articles/piece.md", ARTICLE + "\n## Again\n" * 201, 416, "more than 200 headings"),
    ("articles/piece.md", "x" * 200_001, None, "is larger than 200 KB"),
    ("articles/piece.md", ARTICLE.replace("The first words.\n", ""), 14, "there is no text"),
    ("articles/piece.md", ARTICLE[: ARTICLE.index("[[")] + "+++\nx\n", 1, "no sources"),
    ("pages/about.md", "+++\ntitle = 'x'\nsumary = 'y'\n+++\n", 3, "unknown key 'sumary'"),
    (
        "pages/about.md",
        "+++\ntitle = 'x'\nsummary = 'y'\n+++\n[x](/nowhere)\n",
        5,
        "/nowhere is no page of this site",
    ),
    ("site.toml", "name = 'x'\n", 1, "no topics"),
    ("site.toml", "name = \n", 1, "is not TOML"),
    ("site.toml", SITE + 'Big = "B"\n', 6, "the topic 'Big' cannot be an address"),
    ("agencies.toml", "[[agency]]\nid = 7\n", 2, "id is not a text"),
    ("letters/support.md", "x", 1, "does not begin with a line of +++"),
]


@pytest.mark.parametrize(
    ("file", "text", "line", "what"), FILES, ids=[f"{row[0]} {row[3]}"[:60] for row in FILES]
)
def test_a_wrong_file_is_named(
    newsroom: Newsroom, file: str, text: str | bytes, line: int | None, what: str
) -> None:
    newsroom.write(file, text)
    name = "articles/one" if file.startswith("articles/one") else file
    found = newsroom.problems()
    assert [one for one in found if (one.file, one.line) == (name, line) and one.what.startswith(what)], found


def test_one_run_names_everything_that_is_wrong(newsroom: Newsroom) -> None:
    newsroom.article("one", title='""', topic='"none"', text="[x](/nowhere) <b>\n\n[y](/nor-there)\n")
    newsroom.article("two", byline='"ann neill"')
    newsroom.article("three")
    newsroom.write("pages/about.md", "no front matter")
    found = [str(problem) for problem in newsroom.problems()]
    assert found == [
        "articles/one.md:2: title is empty",
        "articles/one.md:5: no topic 'none'",
        "articles/one.md:14: HTML: <b>",
        "articles/two.md:3: byline 'ann neill', which is 'Ann Neill' in articles/three.md",
        "pages/about.md:1: does not begin with a line of +++",
    ]
    # With those mended, what only shows between whole files.
    newsroom.article("one", text="[x](/nowhere)\n\n[y](/nor-there)\n")
    newsroom.write("pages/about.md", "+++\ntitle = 'x'\nsummary = 'y'\n+++\n")
    assert [str(problem) for problem in newsroom.problems()] == [
        "articles/one.md:14: /nowhere is no page of this site",
        "articles/one.md:16: /nor-there is no page of this site",
        "articles/two.md:3: byline 'ann neill', which is 'Ann Neill' in articles/one.md",
    ]


def test_a_problem_leaves_the_site_as_it_was(newsroom: Newsroom) -> None:
    newsroom.article()
    version = newsroom.publish().version
    newsroom.article(title="7")
    assert newsroom.problems()
    assert newsroom.site.version == version
    assert sorted(path.name for path in newsroom.target.parent.iterdir()) == [".site.db.lock", "site.db"]


def test_a_line_that_slipped_into_a_block_is_sent_back_up(newsroom: Newsroom) -> None:
    newsroom.write("articles/piece.md", ARTICLE.replace("date_read", 'withdrawn = "Why."\ndate_read'))
    assert [(one.line, one.what, one.hint) for one in newsroom.problems()] == [
        (12, "unknown key 'withdrawn'", "move the line up, above the first one that begins with [")
    ]


def test_what_editors_leave_behind_is_no_problem(newsroom: Newsroom) -> None:
    for name in (".DS_Store", ".piece.md.swp", "piece.md~", "#piece.md#"):
        newsroom.write(f"articles/{name}", b"\xff")
    assert newsroom.publish().articles == 0


def test_windows_line_ends_and_a_byte_order_mark_are_no_problem(newsroom: Newsroom) -> None:
    newsroom.write("articles/piece.md", b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode())
    assert newsroom.publish().articles == 1


def test_a_file_that_cannot_be_read_is_named(newsroom: Newsroom) -> None:
    Path(newsroom.content / "articles").mkdir()
    (newsroom.content / "articles" / "gone.md").symlink_to("nowhere")
    assert [problem.file for problem in newsroom.problems()] == ["articles/gone.md"]


def test_the_starter_content_publishes(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.content = Path(__file__).parents[2] / "content"
    assert newsroom.publish().articles >= 5
