"""The tasks that the desk gives the box, each loading only the libraries that its file needs."""

from typing import BinaryIO

from . import kinds
from .frames import Answer, Cannot
from .run import Task


def task(name: str) -> Task:
    """Give a task by its name.

    :raises KeyError: there is none.
    """
    return {"preview": _preview}[name]


def _preview(source: BinaryIO, answer: Answer) -> None:
    kind = kinds.kind_of(source)
    match kind.group:
        case kinds.PICTURE:
            from . import pictures

            pictures.preview(source, kind, answer)
        case kinds.TEXT | kinds.PAGE:
            from . import texts

            texts.preview(source, answer)
        case _:
            raise Cannot("no-preview")
