"""Sources of the bench do what a browser does with the site's own pages."""

from pathlib import Path

import pytest

from bench import form, sources, wire
from tests.e2e.http_client import multipart
from tests.site import Site

TEXT = 'first line\n"second" <line> & more'


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    """The blank form, the form with a file, what will be sent, and the receipt."""
    site = Site.make(tmp_path)
    shown = [site.client.get("/report").text]
    for do in ("attach", "review", "send"):
        fields = [
            (name, TEXT if name == "what_happened" else value) for name, value in form.fields(shown[-1])
        ]
        files = [("upload", "film.mp4", b"a file")] if do == "attach" else []
        body, kind = multipart([*fields, ("do", do)], files)
        shown.append(site.client.post("/report", data=body, content_type=kind).text)
    site.close()
    return shown


def test_what_goes_back_is_what_a_whole_parser_reads(pages: list[str]) -> None:
    for page in pages[:3]:
        assert sources.fields(page) == form.fields(page)
    assert ("what_happened", TEXT) in sources.fields(pages[1])


def test_the_words_are_those_of_the_receipt(pages: list[str]) -> None:
    assert len(sources.words(pages[3]).split()) == 12
    with pytest.raises(wire.BrokenAnswer):
        sources.words(pages[2])
    with pytest.raises(wire.BrokenAnswer):
        sources.fields("<p>no form</p>")
