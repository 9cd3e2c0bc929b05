"""Every word that a page says can be translated, and the list of what there is to translate is complete."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The desk is its staff's tool, and speaks English as its command line does.
TEMPLATES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.glob("templates/**/*.html")
    if not path.is_relative_to(ROOT / "templates/desk")
)
CATALOGUE = ROOT / "translations" / "messages.pot"

# What Jinja puts in is either translated or not ours; what stands in {% trans %} is translated.
JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SAID = {"alt", "aria-label", "aria-description", "label", "placeholder", "summary", "title", "value"}
# Values that a form sends, which nobody reads.
SENT = {"button", "input"}


class Words(HTMLParser):
    """Gathers the words of a template that stand in the HTML itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            said = name in SAID or (name.startswith("data-") and not name.startswith("data-hx-"))
            if said and not (name == "value" and tag in SENT):
                self.handle_data(value or "")

    def handle_data(self, data: str) -> None:
        if re.search(r"[^\W\d_]{2,}", data):
            self.found.append(data.strip())


def words_of(template: str) -> list[str]:
    words = Words()
    words.feed(JINJA.sub("", template))
    words.close()
    return words.found


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_word_of_a_template_goes_through_gettext(template: str) -> None:
    assert words_of((ROOT / template).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{{ _("Hello") }}</p>', []),
        ("<p>{% trans x=1 %}Hello {{ x }}{% endtrans %}, you</p>", [", you"]),
        ('<nav aria-label="Main"></nav>', ["Main"]),
        ('<p data-lost="It broke."></p>', ["It broke."]),
        ('<button name="do" value="send">{{ _("Send") }}</button>', []),
        ("{# Why it is so #}<p>999 · {{ name }}</p>", []),
    ],
)
def test_the_search_for_bare_words_finds_them(template: str, found: list[str]) -> None:
    assert words_of(template) == found


def test_the_catalogue_is_what_the_sources_say_today(tmp_path: Path) -> None:
    fresh = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "babel.cfg"]
    options = [
        "--no-location",
        "--sort-output",
        "--omit-header",
        "-k",
        "words",
        "-k",
        "lazy_gettext",
        "-o",
        str(fresh),
        ".",
    ]
    subprocess.run([*command, *options], cwd=ROOT, check=True, timeout=300)
    assert fresh.read_text(encoding="utf-8") == CATALOGUE.read_text(encoding="utf-8"), "run `make messages`"
