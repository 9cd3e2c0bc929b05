"""The blank entry that the script asks for: told a section and a number, and nothing else."""

import re

import pytest

from payload.limits import MAX_ENTRIES
from payload.outline import SECTIONS
from tests.e2e.source import Form
from tests.site import Site

REPEATED = [section for section in SECTIONS if section.one]
HTMX = {"HX-Request": "true"}


def more(site: Site, section: str, number: object):
    return site.client.get(f"/report/more?section={section}&number={number}", headers=HTMX)


@pytest.mark.parametrize("section", REPEATED, ids=lambda section: section.name)
@pytest.mark.parametrize("number", [1, 2, MAX_ENTRIES - 2, MAX_ENTRIES - 1])
def test_it_is_the_entry_that_the_form_would_show_and_the_button_for_the_next(
    site: Site, section, number: int
) -> None:
    answer = more(site, section.name, number)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.startswith(f'<fieldset class="entry" id="{section.name}-{number}">')
    controls = Form(f"<form>{answer.text}</form>").controls
    drop = f"drop-{section.name}-{number}"
    named = list(dict.fromkeys(control.name for control in controls if control.kind != "button"))
    assert named == [f"{section.name}-{number}-{field.name}" for field in section.fields]
    assert not any(control.on and control.value for control in controls)
    buttons = [control.value for control in controls if control.kind == "button"]
    if number == MAX_ENTRIES - 1:
        assert buttons == [drop]
        assert "More than 50 do not fit." in answer.text
    else:
        assert buttons == [drop, f"add-{section.name}"]
        assert f"number={number + 1}" in answer.text

    filled = {f"{section.name}-{n}-{section.fields[0].name}": "x" for n in range(number)}
    form = site.post(do=f"add-{section.name}", answers=filled).text
    there = re.search(
        rf'<fieldset class="entry" id="{section.name}-{number}">.*?(?=</details>)', form, re.DOTALL
    )
    assert there
    # Without the script, the browser is kept from remembering what is typed by the form itself.
    assert answer.text.replace(' autocomplete="off"', "").split() == there[0].split()


@pytest.mark.parametrize("section", ["", "nobody", "money", "danger", "people ", "People", "people-0"])
def test_a_section_that_has_no_entries_is_not_found(site: Site, section: str) -> None:
    assert more(site, section, 1).status_code == 404


@pytest.mark.parametrize(
    "number", ["", "0", "50", "51", "-1", "1.0", "x", "%D9%A3", "00001", "9" * 5_000, "1e1"]
)
def test_an_entry_that_cannot_be_is_not_found(site: Site, number: str) -> None:
    assert more(site, "people", number).status_code == 404


@pytest.mark.parametrize("query", ["", "?section=people", "?number=1"])
def test_half_a_question_is_not_found(site: Site, query: str) -> None:
    assert site.client.get(f"/report/more{query}").status_code == 404


def test_it_is_kept_by_nobody_and_takes_nothing_by_post(site: Site) -> None:
    assert more(site, "people", 1).headers["Cache-Control"] == "no-store"
    assert site.client.post("/report/more?section=people&number=1").status_code == 405
