"""The outline in the language of a page: put into it once, and not for each question of each entry."""

from dataclasses import replace

from flask import current_app
from flask_babel import gettext

from payload.outline import SECTIONS, Field, Section
from web import language


def outline() -> tuple[Section, ...]:
    """Give the sections, in the language of this request."""
    kept: dict[str, tuple[Section, ...]] = current_app.extensions.setdefault("vigil.outlines", {})
    tag = language.current()
    if tag not in kept:
        kept[tag] = tuple(_section(section) for section in SECTIONS)
    return kept[tag]


def section(name: str) -> Section:
    """Give one of them.

    :raises KeyError: there is none of this name.
    """
    return {section.name: section for section in outline()}[name]


def _section(section: Section) -> Section:
    return replace(
        section,
        title=_said(section.title),
        note=_said(section.note),
        one=_said(section.one),
        add=_said(section.add),
        fields=tuple(_field(field) for field in section.fields),
    )


def _field(field: Field) -> Field:
    choices = tuple(choice._replace(label=_said(choice.label)) for choice in field.choices)
    return replace(field, label=_said(field.label), hint=_said(field.hint), choices=choices)


def _said(text: str) -> str:
    # Of nothing, gettext makes the head of its catalogue.
    return str(gettext(text)) if text else ""
