"""The mailbox, from the outside: a source comes back with twelve words, reads, writes more."""

from tests.site import Site


def test_the_words_of_the_receipt_open_the_mailbox(site: Site) -> None:
    code = site.sent("A van came.", [("a.jpg", b"1"), ("b.jpg", b"2")])
    assert len(code.split()) == 12
    page = site.mailbox(code)
    assert page.status_code == 200
    assert "2 files" in page.text
    assert "it waits here for the team." in page.text
    assert "There is no reply." in page.text
    assert "A van came." not in page.text
