"""A preview: one picture, some text or some sound, made anew from what the box sent."""

from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

from desk.casebook import Casebook
from desk.strangers import encoding, words
from desk.strangers.box import MB, Bounds, BoxFailed, Frame, run
from desk.strangers.isolation import Isolation, isolation
from desk.strangers.opened import opened_file
from payload import AttachedFile

SIDE = 1600  # pixels of a preview's longer side
RATES = range(8_000, 48_001)
_BOUNDS = Bounds(seconds=30, memory=1536 * MB, answer=32 * MB)
_NONSENSE = BoxFailed("nonsense")


@dataclass(frozen=True)
class Preview:
    """What can be shown of a file: ``data`` of the media type ``type``, or ``why`` there is nothing.

    A picture is a PNG, a text UTF-8, a sound a WAV; ``note`` says what it is of, or nothing, and ``more``
    whether there is a part behind this one. ``isolation`` is what kept the box closed.
    """

    kind: Literal["image", "text", "sound", "none"]
    data: bytes = field(repr=False)
    type: str
    why: str
    note: str
    more: bool
    isolation: Isolation


def preview(
    casebook: Casebook, file: AttachedFile, *, locked: bool, blurred: bool = False, part: int = 0
) -> Preview:
    """Make a preview of ``file``; ``blurred``: of a picture only its colours.

    ``part`` counts from 0: pages of a PDF, four minutes each of a sound, 200,000 characters each of a text.

    :raises DeskError: the file is locked, missing or damaged.
    """
    kept = isolation()
    with opened_file(casebook, file, locked=locked) as opened:
        if not opened.whole:
            return _none("the file is too large to be opened", kept)
        try:
            with closing(run(f"preview-part-{part}", opened.source, _BOUNDS)) as frames:
                shown = next(iter(list(frames)), None)
            if shown is None:
                raise _NONSENSE
            return _shown(shown, kept, part, blur=blurred)
        except BoxFailed as failure:
            return _none(f"{words.UNSAFE}: {words.failed(failure)}", kept)


def _shown(frame: Frame, kept: Isolation, part: int, *, blur: bool) -> Preview:
    said = frame.said
    more = said.get("more") is True
    note = f"part {part + 1}" if more or part else ""
    if "cannot" in said:
        return _none(words.cannot(said["cannot"]), kept)
    if "pixels" in said:
        picture = encoding.pixels(said, frame.data, SIDE)
        data = encoding.png(encoding.blurred(picture) if blur else picture)
        return Preview("image", data, "image/png", "", _about_picture(frame, part), more, kept)
    if "rate" in said:
        rate = said["rate"]
        if not isinstance(rate, int) or rate not in RATES or len(frame.data) % 2:
            raise _NONSENSE
        return Preview("sound", encoding.wav(frame.data, rate), "audio/wav", "", note, more, kept)
    if "text" in said:
        text = frame.data.decode("utf-8", "replace").encode()
        return Preview("text", text, "text/plain; charset=utf-8", "", note, more, kept)
    raise _NONSENSE


def _about_picture(frame: Frame, part: int) -> str:
    def number(name: str) -> int:
        value = frame.said.get(name)
        return value if isinstance(value, int) and 0 <= value < 10**9 else 0

    if pages := number("pages"):
        return f"page {part + 1:,} of {pages:,}"
    if seconds := number("seconds"):
        return f"the first picture of a film of {seconds // 60}:{seconds % 60:02} minutes"
    width, height = number("width"), number("height")
    return f"{width:,} by {height:,} pixels as sent" if width and height else ""


def _none(why: str, kept: Isolation) -> Preview:
    return Preview("none", b"", "", why, "", False, kept)
