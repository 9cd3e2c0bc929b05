"""The inbox and the search: what is shown, and what no address holds."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desk.book import Book
from desk.pages.session import Session
from payload import Answers
from payload.changes import Group, Tags
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import Source
from tests.payload.contacts import plain_contact
from tests.payload.reports import plain_report


def test_every_case_stands_in_the_inbox(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "A white van" in page
    assert "They keep people" in page


def test_a_row_tells_how_a_report_begins_what_harm_it_tells_of_and_where(
    client: FlaskClient, filled: DeskUnderTest, tmp_path: Path
) -> None:
    long = "They lock the door at night. " * 20
    parcel = filled.parcel()
    parcel.add_report(
        plain_report(
            draft=b"p" * 16,
            what_happened=long,
            files=(),
            answers=Answers(
                {
                    "what": ({"kinds": ("cuckooing", "child")},),
                    "places": ({"address": "3 Mill Lane"}, {"postcode": "ls1 4ap"}),
                    "danger": ({"now": "yes"},),
                }
            ),
        )
    )
    parcel.add_report(
        plain_report(
            draft=b"q" * 16,
            what_happened="Boxes.",
            files=(),
            answers=Answers({"places": ({"landmark": "behind <i>the</i> mill"},)}),
        )
    )
    parcel.add_report(plain_contact(draft=b"c" * 16, message="Please ring me."))
    parcel.add_report(Source().follow_up(b"r" * 16, "One more thing."))
    client.post("/bundles/in", data={"typed": str(parcel.write(tmp_path / "places.tar"))})
    rows = client.get("/").get_data(as_text=True).split("<li class=")
    plain = {row.partition("data-row>")[2][:20]: re.sub(r"</?(bdi|span)[^>]*>", "", row) for row in rows}
    (row,) = [row for begins, row in plain.items() if "They lock" in begins]
    assert long[:198] in row
    assert long[:201] not in row
    assert "danger now children" in row
    assert "A home taken over by a gang, a child used or harmed, LS1</p>" in row
    (row,) = [row for begins, row in plain.items() if "Boxes." in begins]
    assert "Report, no kind ticked, behind &lt;i&gt;the&lt;/i&gt; mill</p>" in row
    (row,) = [row for begins, row in plain.items() if "Please ring" in begins]
    assert "Message to a subject expert" in row
    (row,) = [row for begins, row in plain.items() if "One more" in begins]
    assert "Follow-up to a report that is not here" in row


def test_what_a_stranger_wrote_is_text_and_nothing_else(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert '<span class="mark">&lt;U+202E&gt;</span>' in page


def test_a_search_leaves_no_word_in_an_address(client: FlaskClient) -> None:
    answer = client.post("/search/", data={"words": "white van"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/search/1"
    page = client.get("/search/1").get_data(as_text=True)
    assert "A white van" in page
    assert "They keep people" not in page


def test_a_case_is_shown_and_then_read(client: FlaskClient, case_named: Callable[[str], str]) -> None:
    name = case_named("A white van")
    assert "Unread (3)" in client.get("/").get_data(as_text=True)
    page = client.get(f"/case/{name}").get_data(as_text=True)
    assert "LX19 ABC" in page
    assert "photo.jpg" in page
    assert "Unread (2)" in client.get("/").get_data(as_text=True)


def test_what_says_the_same_is_one_line_until_somebody_looks(
    client: FlaskClient, filled: DeskUnderTest, session: Session, tmp_path: Path
) -> None:
    parcel = filled.parcel()
    words = "Every Friday night the same four men carry boxes from the blue house to a van without plates."
    for number in range(60):
        parcel.add(f"{words} {number}")
    client.post("/bundles/in", data={"typed": str(parcel.write(tmp_path / "many.tar"))})
    session.alike.wait(120)
    page = client.get("/").get_data(as_text=True)
    assert page.count("Every Friday night") == 1
    assert "59 more say nearly the same" in page
    (target,) = re.findall(r'href="([^"]*alike=[^"]*)"', page)
    opened = client.get(target.replace("&amp;", "&")).get_data(as_text=True)
    assert opened.count("Every Friday night") == 50
    (older,) = re.findall(r'href="([^"]*)" rel="next"', opened)
    assert client.get(older.replace("&amp;", "&")).get_data(as_text=True).count("Every Friday night") == 10
    (sent,) = re.findall(r'action="(/alike/[^"]*)"', opened)
    client.post(sent, data={"group": "same"})
    assert "more say nearly the same" not in client.get("/").get_data(as_text=True)
    groups = [file.work.group for file in session.book().files() if "Friday" in file.case.head.begins]
    assert len(groups) == 60
    assert groups.count("") == 1
    client.post(sent, data={"group": "spam"})
    assert "Every Friday night" not in client.get("/").get_data(as_text=True)
    assert client.get("/?group=spam").get_data(as_text=True).count("Every Friday night") == 1
    client.post(sent, data={"group": ""})
    assert client.get("/").get_data(as_text=True).count("Every Friday night") == 1
    assert client.post(sent, data={"group": "x"}).status_code == 404
    assert client.post("/alike/nothing", data={"group": "spam"}).status_code == 404


def test_filters_are_addresses_that_hold_no_word_of_staff(
    client: FlaskClient, book: Book, case_named: Callable[[str], str]
) -> None:
    name = case_named("They keep")
    for form in ({"what": "tags", "add": "operation red"}, {"what": "owner", "owner": "Ben"}):
        client.post(f"/case/{name}/change", data=form)
    page = client.get("/").get_data(as_text=True)
    options = dict(re.findall(r'<option value="([0-9a-f]{12})">([^<]*)</option>', page))
    assert set(options.values()) == {"operation red", "Ben", "nobody"}
    numbers = {words: number for number, words in options.items()}
    tagged = client.get(f"/?tag={numbers['operation red']}").get_data(as_text=True)
    assert "They keep people" in tagged
    assert "A white van" not in tagged
    mine = client.get(f"/?owner={numbers['Ben']}&status=new").get_data(as_text=True)
    assert "They keep people" in mine
    assert "A white van" not in mine
    nobodys = client.get(f"/?owner={numbers['nobody']}").get_data(as_text=True)
    assert "They keep people" not in nobodys


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=99999999999", "tag=x", "owner=x", "kind=x", "since=x", "alike=x", "words=van"],
)
def test_an_address_that_no_page_of_ours_leads_to_does_no_harm(client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


def test_nothing_that_was_searched_for_is_there_after_locking(client: FlaskClient, session: Session) -> None:
    client.post("/search/", data={"words": "white van"})
    session.lock()
    assert session.searches == []
    assert session.alike.groups == {}


@pytest.mark.parametrize("path", ["/search/2", "/search/0", "/search/1/0"])
def test_a_search_that_was_never_made_is_no_page(client: FlaskClient, path: str) -> None:
    client.post("/search/", data={"words": "white van"})
    assert client.get(path).status_code == 404


def test_a_piece_of_the_results_is_enough_for_a_script(client: FlaskClient) -> None:
    client.post("/search/", data={"words": "yard"})
    page = client.get("/search/1", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in page
    assert "A white van" in page


def test_what_another_command_took_in_is_there_too(
    client: FlaskClient, filled: DeskUnderTest, session: Session, tmp_path: Path
) -> None:
    assert "A boat" not in client.get("/").get_data(as_text=True)
    parcel = filled.parcel()
    parcel.add("A boat at the pier.")
    filled.done("import", parcel.write(tmp_path / "new.tar"))
    assert "A boat at the pier." in client.get("/").get_data(as_text=True)


def test_danger_now_stands_in_a_section_of_its_own_and_says_who_marked_it(
    client: FlaskClient, book: Book, case_named: Callable[[str], str]
) -> None:
    assert "Danger now, not closed" not in client.get("/").get_data(as_text=True)
    book.add(book.case(case_named("A white van")), Tags(("danger now",)), "Ann")
    page = client.get("/").get_data(as_text=True)
    assert page.index("Danger now, not closed") < page.index("A white van") < page.index("All others")
    assert "danger now, marked by staff" in page


def test_unread_counts_the_rows_that_it_shows(
    client: FlaskClient, book: Book, case_named: Callable[[str], str]
) -> None:
    book.add(book.case(case_named("A white van")), Group("spam"), "Ann")
    assert "Unread (2)" in client.get("/").get_data(as_text=True)
    assert "2 cases." in client.get("/?unread=yes").get_data(as_text=True)
