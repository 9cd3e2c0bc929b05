"""The files of a form while they come: each into its sink, and every sink undone when the form fails."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Protocol

from werkzeug.datastructures import MultiDict

from web.fields import Fields
from web.refusals import Refused, TooLarge

TOO_LARGE = "too large"
TOO_MANY = "too many"
# Characters of a name or a type that are kept: those of a file system have 255 at most.
MOST_NAME = 1_000


class FileSink(Protocol):
    """Where one file's bytes go. Any method may raise `Refused`; the reader then calls `abandon`."""

    def write(self, data: bytes, /) -> object: ...

    def finish(self) -> object:
        """The file is whole."""

    def abandon(self) -> object:
        """Undo everything, also after `finish`: the request failed. Called once at most; must not raise."""


@dataclass
class Upload:
    """One file of a form.

    Names beyond 1,000 characters are cut. ``fields_so_far`` are the fields that stood before it. ``sink`` is
    what `read`'s ``open_file`` gave, once it has. ``size`` counts the bytes received.
    """

    field: str
    name: str
    type: str
    fields_so_far: Fields
    sink: FileSink | None = None
    size: int = 0


@dataclass(frozen=True)
class Problem:
    """A file that did not arrive, and why: TOO_LARGE, TOO_MANY or the word of the sink that refused it."""

    upload: Upload
    why: str


@dataclass
class Body:
    """What a form said: fields in order, files that arrived whole, and files that did not."""

    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    uploads: list[Upload] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Receiver:
    """Takes the files of one form, one after the other.

    ``whole`` are those that have arrived, ``problems`` those that were refused; ``fields`` what stood before
    them. ``passed`` counts the bytes of refused files that were read past; more than ``overshoot`` of them
    end the request, and so do files of more than twice ``most_files``.
    """

    def __init__(
        self,
        open_file: Callable[[Upload], FileSink] | None,
        most_bytes: int,
        most_files: int,
        overshoot: int,
        fields: Fields,
    ) -> None:
        self.whole: list[Upload] = []
        self.problems: list[Problem] = []
        self.passed = 0
        self._open_file = open_file
        self._most_bytes = most_bytes
        self._most_files = most_files
        self._overshoot = overshoot
        self._fields = fields
        self._upload: Upload | None = None
        self._sink: FileSink | None = None  # None while the bytes are read past
        self._files = 0
        self._to_undo: list[FileSink] = []

    @property
    def coming(self) -> bool:
        """Whether a file has begun and not ended."""
        return self._upload is not None

    def begin(self, field_name: str, name: str, content_type: str) -> None:
        """A file begins.

        :raises TooLarge: after far too many.
        """
        self._upload = upload = Upload(
            field_name[:MOST_NAME], name[:MOST_NAME], content_type[:MOST_NAME], self._fields
        )
        # An input in which nothing was picked sends a file without name and bytes: that is no file.
        if name:
            self._open(upload)

    def write(self, data: bytes) -> None:
        """Some of the file's bytes.

        :raises TooLarge: too many bytes of refused files, or far too many files.
        """
        upload = self._upload
        assert upload is not None  # noqa: S101 - the caller asks `coming` first
        if not upload.size and not upload.name:
            self._open(upload)
        upload.size += len(data)
        if self._sink is None:
            self.passed += len(data)
            if self.passed > self._overshoot:
                raise TooLarge("a file is too large")
        elif upload.size > self._most_bytes:
            self.passed += len(data)
            self._refuse(upload, TOO_LARGE)
        else:
            try:
                self._sink.write(data)
            except Refused as refused:
                self._refuse(upload, refused.why)

    def end(self) -> None:
        """The file is whole."""
        upload, self._upload = self._upload, None
        if upload is None or self._sink is None:
            return
        try:
            self._sink.finish()
        except Refused as refused:
            self._refuse(upload, refused.why)
        else:
            self.whole.append(upload)
        self._sink = None

    def abandon(self) -> None:
        """Undo every file, also those that were whole. A second call does nothing."""
        sinks, self._to_undo = self._to_undo, []
        self._sink = None
        with ExitStack() as each:  # one that raises does not keep the others from being undone
            for sink in sinks:
                each.callback(sink.abandon)

    def give_up(self) -> None:
        """Undo every file, and read past those that still come."""
        self.abandon()
        self._open_file = None

    def _open(self, upload: Upload) -> None:
        if self._open_file is None:
            return
        self._files += 1
        # Those beyond are named, so that nobody takes them for attached; of thousands there is no need.
        if self._files > 2 * self._most_files:
            raise TooLarge("far too many files")
        if self._files > self._most_files:
            self._refuse(upload, TOO_MANY)
            return
        try:
            sink = self._open_file(upload)
        except Refused as refused:
            self._refuse(upload, refused.why)
        else:
            self._to_undo.append(sink)
            self._sink = upload.sink = sink

    def _refuse(self, upload: Upload, why: str) -> None:
        sink, self._sink, upload.sink = self._sink, None, None
        self.problems.append(Problem(upload, why))
        if sink is not None:
            self._to_undo.remove(sink)
            sink.abandon()
