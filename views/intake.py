"""One post of the report form, read: the draft it belongs to, its files so far, what is wrong with it.

Nothing that arrived is lost by something else that is wrong. A file that is whole is sealed and pending;
its key goes back to the browser, sealed, in the form.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, cast

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crypto.errors import BadToken
from payload.limits import MAX_FILES
from views.forms.report import ReportForm
from views.sealing import SealingSink
from views.sending import Problem
from views.shared import Vigil
from web import blocking, body
from web.drafts import FileToken
from web.request import Request


class Attached(NamedTuple):
    """A file of the draft, as the form lists it. ``size`` is in bytes, ``position`` counts from 0."""

    token: str
    name: str
    size: int
    type: str
    position: int


@dataclass
class Intake:
    """What one post brought. ``fresh`` are the files that came with this very post."""

    vigil: Vigil
    fields: MultiDict[str, str]
    files: list[FileToken] = field(default_factory=list)
    fresh: list[FileToken] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._open_tokens(self.fields.getlist("file"))
        adopt = self.files[0].draft if self.files else None
        self.form = ReportForm(self.fields, self.vigil.drafts, adopt)

    @property
    def attached(self) -> list[Attached]:
        """Give the draft's files with fresh tokens, for the form."""
        seal = self.vigil.drafts.seal_file
        return [
            Attached(seal(file), file.name, file.size, file.type, position)
            for position, file in enumerate(self.files)
        ]

    def take(self, uploads: list[body.Upload]) -> None:
        """Add files that arrived whole; what is beyond the limit of a report is dropped, and said."""
        for upload in uploads:
            sink = cast("SealingSink", upload.sink)
            if len(self.files) >= MAX_FILES:
                blocking.run(sink.abandon)
                self._refuse(upload.name, body.TOO_MANY)
            else:
                token = sink.token(self.form.current.id)
                self.files.append(token)
                self.fresh.append(token)

    def refused(self, problems: list[body.Problem]) -> None:
        """Say of each file that did not arrive why."""
        for problem in problems:
            self._refuse(problem.upload.fields_so_far.get("name", problem.upload.name), problem.why)

    def drop_lost(self) -> None:
        """Take files from the list that the server no longer has, and name them."""
        if not self.files:
            return
        lost = set(blocking.run(self.vigil.store.missing, [file.blob for file in self.files]))
        for file in self.files:
            if file.blob in lost:
                self.problems.append(
                    Problem("upload", _("“%(name)s” is no longer here. Attach it again.", name=file.name))
                )
        self.files = [file for file in self.files if file.blob not in lost]

    def _open_tokens(self, tokens: list[str]) -> None:
        spoiled = 0
        for token in tokens:
            try:
                file = self.vigil.drafts.open_file(token)
            except BadToken:
                spoiled += 1
                continue
            if any(file.blob == other.blob for other in self.files):
                continue
            if len(self.files) < MAX_FILES:
                self.files.append(file)
            else:
                self._refuse(file.name, body.TOO_MANY)
        if spoiled:
            self.problems.append(
                Problem("upload", _("Some attached files were kept too long to be used. Attach them again."))
            )

    def _refuse(self, name: str, why: str) -> None:
        says = {
            body.TOO_LARGE: _(
                "“%(name)s” is larger than %(most)s MB. Send a shorter or smaller version, or leave it out.",
                name=name,
                most=self.vigil.max_file_mb,
            ),
            body.TOO_MANY: _(
                "“%(name)s” was not attached: a report holds %(most)s files. Send it with a second report.",
                name=name,
                most=MAX_FILES,
            ),
        }
        otherwise = _("“%(name)s” could not be stored now. You can send your words without it.", name=name)
        self.problems.append(Problem("upload", says.get(why, otherwise)))


def read(vigil: Vigil, request: Request) -> Intake:
    """Read one post of the form, sealing its files as they come.

    :raises body.BodyError: the body as a whole cannot be taken; it carries the fields that had arrived.
    """

    def open_file(upload: body.Upload) -> SealingSink:
        return SealingSink(vigil.store, upload, request.content_length)

    limits = body.Limits(file_bytes=vigil.settings.max_file_bytes, files=MAX_FILES)
    got = body.read(request, open_file, limits)
    intake = Intake(vigil, got.fields)
    intake.take([upload for upload in got.uploads if upload.sink is not None])
    intake.refused(got.problems)
    intake.drop_lost()
    return intake
