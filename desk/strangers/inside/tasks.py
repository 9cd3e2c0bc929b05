"""The tasks that the desk gives the box, each loading only the libraries that its file needs."""

from functools import partial
from typing import BinaryIO

from . import kinds
from .frames import Answer, Cannot
from .run import Task


def task(name: str) -> Task:
    """Give a task by its name; "preview-part-2" is the third part of what can be shown.

    :raises KeyError: there is none.
    """
    name, _, part = name.partition("-part-")
    if name == "preview":
        return partial(_preview, part=int(part or 0))
    return _TASKS[name]


def _look(source: BinaryIO, answer: Answer) -> None:
    from . import look

    look.look(source, answer)


def _look_at_head(source: BinaryIO, answer: Answer) -> None:
    from . import look

    look.look_at_head(source, answer)


def _metadata(source: BinaryIO, answer: Answer) -> None:
    from . import facts

    facts.send(source, answer)


def _search(source: BinaryIO, answer: Answer) -> None:
    from . import searched

    searched.send(source, answer)


def _preview(source: BinaryIO, answer: Answer, *, part: int) -> None:
    kind = kinds.kind_of(source)
    if kind.group == kinds.PICTURE:
        from . import pictures

        pictures.preview(source, kind, answer)
    elif kind.group in (kinds.FILM, kinds.SOUND):
        from . import films

        films.preview(source, kind, answer, part)
    elif kind.group in (kinds.TEXT, kinds.PAGE):
        from . import texts

        texts.preview(source, answer, part)
    elif kind.code == "pdf":
        from . import pdfs

        pdfs.preview(source, answer, part)
    elif kind.code == "rtf":
        from . import rtf

        rtf.preview(source, answer, part)
    elif kind.code == "zip":
        from . import zips

        zips.preview(source, answer, part)
    elif kind.reader and kind.group == kinds.DOCUMENT:
        from . import office

        office.preview(source, kind, answer, part)
    else:
        raise Cannot("empty" if kind.code == "empty" else "no-preview")


def _clean(source: BinaryIO, answer: Answer) -> None:
    kind = kinds.kind_of(source)
    if kind.group == kinds.PICTURE:
        from . import pictures

        pictures.clean(source, kind, answer)
    elif kind.group in (kinds.FILM, kinds.SOUND):
        from . import films

        films.clean(source, kind, answer)
    elif kind.group == kinds.TEXT:
        from . import texts

        texts.clean(source, answer)
    elif kind.code == "pdf":
        from . import pdfs

        pdfs.clean(source, answer)
    elif kind.code == "rtf":
        from . import rtf

        rtf.clean(source, answer)
    elif kind.reader and kind.group == kinds.DOCUMENT:
        from . import office

        office.clean(source, kind, answer)
    else:
        raise Cannot("empty" if kind.code == "empty" else "no-cleaning")


_TASKS: dict[str, Task] = {
    "look": _look,
    "look-at-head": _look_at_head,
    "metadata": _metadata,
    "clean": _clean,
    "search": _search,
}
