"""Pages say which language they are in, and it is one that we have."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment

from web import language


@pytest.mark.parametrize("asked", ["", "en-GB,en;q=0.9", "de", "xx;q=nonsense,,", "*", "en;q=0"])
def test_a_page_is_in_english_whatever_is_asked_for(client: FlaskClient, asked: str) -> None:
    assert '<html lang="en">' in client.get("/page", headers={"Accept-Language": asked}).text


def test_outside_a_request_there_is_a_language_too() -> None:
    assert language.chosen() == "en"


@pytest.mark.parametrize(
    "template",
    [
        '{{ _("Send") }}',
        '{{ _("50%% of it") }}',
        '{{ _("<b>") }}',
        '{{ _("Call %(number)s.", number="<9>") }}',
        '{{ _("Call %(number)s.", number="<9>"|safe) }}',
        "{% trans %}See <a>it</a>: 5%.{% endtrans %}",
        "{% trans n=3 %}one{% pluralize %}{{ n }} <more>{% endtrans %}",
        '{% autoescape false %}{{ _("<b>")|upper }}{% endautoescape %}{{ "<c>" ~ _("<b>") }}',
    ],
)
def test_a_text_that_is_kept_is_the_one_that_jinja_itself_makes(app: Flask, template: str) -> None:
    plain = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    plain.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    wanted = plain.from_string(template).render()
    with app.test_request_context():
        for _ in range(2):
            assert app.jinja_env.from_string(template).render() == wanted
