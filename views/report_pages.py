"""What the report's pages show: the form blank or as it stands, one entry, the review, the receipt."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import get_template_attribute, render_template
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from payload.limits import MAX_FILES, MAX_LONG, MAX_SHORT, MAX_TEXT, MAX_WORDS
from payload.outline import SECTION, SECTIONS, Kind, Section
from views import questions, sending
from views.forms.answers import AnswersForm, field_id
from views.forms.report import ReportForm
from views.intake import F, Intake
from views.sending import Problem
from views.shared import vigil
from web import pages

FORM = "report/form.html"
# Parts of the review that are no section of the outline, and the field where each is changed.
OTHERS = {"what_happened": "what_happened", "files": "upload"}


def blank(draft: str) -> str:
    """Render the form as it first comes, for a draft's token."""
    return render_template(
        FORM, draft=draft, text="", files=[], problems=[], to="", **_outline(AnswersForm(MultiDict()), [])
    )


def form(got: Intake[ReportForm], status: int = HTTPStatus.OK, *, to: str = "") -> Response:
    """Show the form with all that has arrived; ``to`` is the id of the field to go on with."""
    return pages.long_page(
        FORM,
        status,
        cache=pages.FORM,
        draft=got.form.draft.data,
        text=got.form.text,
        files=got.attached,
        problems=got.told,
        to="" if got.told else to,
        **_outline(got.form.asked, got.told, to),
    )


def review(got: Intake[ReportForm], notice: str = "", status: int = HTTPStatus.OK) -> Response:
    """Show what will be sent, each part with a way to change it; ``notice`` says why it was not sent yet.

    No browser keeps it: it has buttons that lead back, and after sending nobody shall come back to it.
    """
    return pages.long_page(
        "report/review.html",
        status,
        notice=notice,
        too_soon=sending.too_soon(got.vigil, got.form.current),
        draft=got.form.draft.data,
        text=got.form.text,
        files=got.attached,
        hidden=got.form.asked.hidden(),
        answers=got.form.asked.answers(),
        **_outline(got.form.asked, []),
    )


def receipt(got: Intake[ReportForm], words: Sequence[str]) -> Response:
    """Say that the report is received, and show the words of its return code: here, and never again."""
    asked = got.form.asked
    said = {
        "danger": asked.danger,
        "reachable": bool(asked.answers().entries("contact")),
        "files": bool(got.files),
    }
    # All but the words is one of eight pages. They stand there twice: in a list, and in a form.
    page = pages.blank_piece(
        f"receipt {said}",
        lambda hole: render_template("report/receipt.html", words=[hole] * len(words), **said),
    )
    return pages.answer(page.fill(*words, *words))


def entry(section: Section, number: int) -> Response:
    """Give a blank entry, and the button for the one after it."""
    return pages.page(
        "report/_entry.html",
        section=questions.section(section.name),
        number=number,
        entry={},
        wrong={},
        to=first_question(section, number),
        note="",
        scripted=True,
        last=True,
        **_words(),
    )


def line(got: Intake[F]) -> Response:
    """Give the line of the file that has just arrived, for the list of those attached."""
    spoiled = got.form.draft.spoiled
    return pages.page(
        "report/_file.html",
        file=got.attached[-1],
        wrong={},
        limits=limits(),
        draft=got.form.draft.data if spoiled else None,
    )


def refused(got: Intake[F], status: int) -> Response:
    """Say why a file was not taken."""
    return pages.page("report/_refused.html", status, problems=got.told)


def length(characters: int) -> Response:
    """Say how a text of so many characters stands against its limit."""
    return pages.page("report/_check.html", length=characters, limits=limits())


def limits() -> dict[str, int]:
    """Give the limits that the form states."""
    return {
        "max_text": MAX_TEXT,
        "max_words": MAX_WORDS,
        "max_files": MAX_FILES,
        "max_short": MAX_SHORT,
        "max_long": MAX_LONG,
        "max_file_mb": vigil().max_file_mb,
    }


def first_question(section: Section, number: int = 0) -> str:
    """Give the id of the field that an entry begins with."""
    return field_id(section, number, section.fields[0].name)


def place_to_change(part: str) -> str:
    """Give the id of the field that a part of the review begins with; of an unknown part, nothing."""
    section = SECTION.get(part)
    return first_question(section) if section else OTHERS.get(part, "")


def _outline(asked: AnswersForm, problems: list[Problem], to: str = "") -> dict[str, Any]:
    """Give what the questions are drawn from; ``open`` are the sections that do not stand closed."""
    wrong: dict[str, list[str]] = {}
    for problem in problems:
        wrong.setdefault(problem.field, []).append(problem.message)
    places = {place.split("-")[0] for place in [to, *wrong]}
    return {
        "outline": questions.outline(),
        "asked": asked,
        "wrong": wrong,
        "open": {section.name for section in SECTIONS if section.name in places or asked.answered(section)},
        **_words(),
    }


def _words() -> dict[str, Any]:
    # What a box holds at most stands beside some thousand of them, in two ways.
    limit = get_template_attribute("report/_question.html", "limit")
    up_to = {Kind.SHORT: limit(MAX_SHORT), Kind.LONG: limit(MAX_LONG)}
    return {"limits": limits(), "up_to": up_to, "field_id": field_id}
