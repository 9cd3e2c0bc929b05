"""One post of a form that takes files: the draft it belongs to, its files so far, what is wrong with it.

Nothing that arrived is lost by something else that is wrong. A file that is whole is sealed and pending;
its key goes back to the browser, sealed, in the form.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Generic, NamedTuple, TypeVar, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.datastructures import MultiDict

from crypto.errors import BadToken
from payload import AttachedFile
from payload.limits import MAX_FILES, MAX_LONG, MAX_NAME, MAX_SHORT
from store import StoreError
from views import sending
from views.forms.draft import SentForm, as_written
from views.sealing import UNDER_ATTACK, SealingSink, name_of
from views.sending import Problem
from views.shared import Vigil
from web import blocking, body
from web.drafts import Drafts, FileToken, Form
from web.pressure import BUSY, ENOUGH
from web.request import Request

# Of files that did not get in, so many are named; a form that goes on far beyond is no person's.
MOST_NAMED = MAX_FILES
MOST_TOKENS = 2 * MAX_FILES
# Of what is wrong with a form, so much is told at once.
MOST_TOLD = 100
GONE = "gone"
OF_ANOTHER_FORM = "of another form"

F = TypeVar("F", bound=SentForm)

SAID = {
    body.TOO_LARGE: lazy_gettext(
        "“%(name)s” is larger than %(size)s MB. Send a shorter or smaller version, or leave it out."
    ),
    GONE: lazy_gettext("“%(name)s” is no longer here. Attach it again."),
    OF_ANOTHER_FORM: lazy_gettext("“%(name)s” was attached to another form. Attach it here again."),
    BUSY: lazy_gettext(
        "“%(name)s” was not attached: too many files are coming in just now. "
        "Attach it again in a few minutes. You can send your words without it."
    ),
    ENOUGH: lazy_gettext(
        "“%(name)s” was not attached: your Tor connection has sent a lot in the last hour. "
        "Attach it again in an hour. You can send your words without it."
    ),
    UNDER_ATTACK: lazy_gettext(
        "“%(name)s” was not attached: somebody is flooding this site, so it takes no files now. "
        "You can send your words now, and the file on another day."
    ),
}
WITH_CAPTION = lazy_gettext("Of it you wrote: “%(caption)s”")
COULD_NOT = lazy_gettext("“%(name)s” could not be stored now. You can send your words without it.")


@dataclass(frozen=True)
class Asked(Generic[F]):
    """A form that takes files: whose tokens it carries, how it is made of what came, the name of the box
    beside which what is wrong with all of it stands, and what is said of a file too many.
    """

    tokens: Form
    make: Callable[[MultiDict[str, str], Drafts, bytes | None], F]
    box: str
    too_many: str


class Attached(NamedTuple):
    """A file of the draft, as the form lists it. ``size`` is in bytes, ``position`` counts from 0.

    ``caption`` is what the source says that it shows.
    """

    token: str
    name: str
    size: int
    type: str
    position: int
    caption: str


@dataclass
class Intake(Generic[F]):
    """What one post of the form ``asked`` brought. ``fresh`` are the files that came with this very post,
    ``captions`` what the source says that files show, by their blob, ``places`` the blob of each place in the
    list as it came.

    Files belong to one draft: the form's own, or, where its token is spoiled, the draft of its first file,
    which the form then goes on with.
    """

    vigil: Vigil
    asked: Asked[F]
    fields: MultiDict[str, str]
    files: list[FileToken] = field(default_factory=list)
    fresh: list[FileToken] = field(default_factory=list)
    captions: dict[bytes, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    places: dict[int, bytes] = field(default_factory=dict)
    unnamed: int = 0

    def __post_init__(self) -> None:
        self.drafts = self.vigil.drafts.of(self.asked.tokens)
        try:
            draft = self.drafts.open(self.fields.get("draft", "")).id
        except BadToken:
            draft = None
        self._open_tokens(self.fields.getlist("file"), self.fields.getlist("caption"), draft)
        adopt = self.files[0].draft if self.files else None
        self.form = self.asked.make(self.fields, self.drafts, adopt)
        self.problems.extend(self.form.noticed())

    @property
    def told(self) -> list[Problem]:
        """All that is wrong, for the page: of very many problems and files not each is named."""
        told = self.problems[:MOST_TOLD]
        if len(told) < len(self.problems):
            left = len(self.problems) - len(told)
            told.append(Problem("draft", ngettext("%(num)s more is wrong.", "%(num)s more are wrong.", left)))
        if self.unnamed:
            more = ngettext(
                "%(num)s more file was not attached.", "%(num)s more files were not attached.", self.unnamed
            )
            told.append(Problem("upload", more))
        return told

    @property
    def attached(self) -> list[Attached]:
        """Give the draft's files with fresh tokens, for the form."""
        seal = self.drafts.seal_file
        return [
            Attached(seal(file), file.name, file.size, file.type, position, self.caption_of(file))
            for position, file in enumerate(self.files)
        ]

    @property
    def action(self) -> tuple[str, str]:
        """Give what the pressed button wants, and of what: ``add-people`` is ("add", "people")."""
        if "remove" in self.fields:
            return "remove", self.fields["remove"]
        do, _dash, rest = self.fields.get("do", "send").partition("-")
        return do, rest

    def take_out(self, place: int | None) -> FileToken | None:
        """Take the file out that stood at this place in the list, whatever is missing there meanwhile."""
        blob = None if place is None else self.places.get(place)
        found = next((file for file in self.files if file.blob == blob), None)
        if found is not None:
            self.files.remove(found)
        return found

    def caption_of(self, file: FileToken) -> str:
        """Give what the source says that a file shows."""
        return self.captions.get(file.blob, "")

    def check_captions(self) -> None:
        """Add to the problems what is wrong with the captions."""
        for position, file in enumerate(self.files):
            over = len(self.caption_of(file)) - MAX_SHORT
            if over > 0:
                message = ngettext(
                    "“%(name)s”: what it shows is %(said)s character too long. %(most)s fit. Shorten it.",
                    "“%(name)s”: what it shows is %(said)s characters too long. %(most)s fit. Shorten it.",
                    over,
                    name=file.name[:MAX_NAME],
                    said=f"{over:,}",
                    most=MAX_SHORT,
                )
                self.problems.append(Problem(f"caption-{position}", message))

    def take(self, uploads: list[body.Upload]) -> None:
        """Add files that arrived whole; what is beyond the limit is dropped, and said."""
        for upload in uploads:
            sink = cast("SealingSink", upload.sink)
            if len(self.files) >= MAX_FILES:
                blocking.run(sink.abandon)
                self._refuse(name_of(upload), body.TOO_MANY)
            else:
                token = sink.token(self.form.current.id)
                self.files.append(token)
                self.fresh.append(token)

    def refused(self, problems: list[body.Problem]) -> None:
        """Say of each file that did not arrive why."""
        for problem in problems:
            self._refuse(name_of(problem.upload), problem.why)

    def drop_lost(self) -> None:
        """Take files from the list that the server no longer has, and name them.

        Where the server cannot even look, all of them stay, and it says that nothing can be stored.
        """
        if not self.files:
            return
        try:
            lost = set(blocking.run(self.vigil.store.missing, [file.blob for file in self.files]))
        except StoreError as error:
            self.vigil.failed(error)
            self.problems.append(Problem(self.asked.box, sending.not_kept()))
            return
        for file in self.files:
            if file.blob in lost:
                self._refuse(file.name, GONE, self.caption_of(file))
        self.files = [file for file in self.files if file.blob not in lost]

    def _open_tokens(self, tokens: list[str], captions: list[str], draft: bytes | None) -> None:
        spoiled: list[str] = []
        # The form sends a caption after each token.
        pairs = zip_longest(tokens[:MOST_TOKENS], captions[: len(tokens)][:MOST_TOKENS], fillvalue="")
        for place, (token, typed) in enumerate(pairs):
            caption = as_written(typed)
            try:
                file = self.drafts.open_file(token)
            except BadToken:
                spoiled.append(caption)
                continue
            self.places[place] = file.blob
            if any(file.blob == other.blob for other in self.files):
                continue
            draft = draft or file.draft
            if file.draft != draft:
                self._refuse(file.name, OF_ANOTHER_FORM, caption)
            elif len(self.files) < MAX_FILES:
                self.files.append(file)
                self.captions[file.blob] = caption
            else:
                self._refuse(file.name, body.TOO_MANY, caption)
        self.unnamed += len(tokens[MOST_TOKENS:])
        if spoiled:
            message = _("Some attached files were kept too long to be used. Attach them again.")
            self.problems.append(Problem("upload", _with_captions(message, spoiled)))

    def _refuse(self, name: str, why: str, caption: str = "") -> None:
        if sum(problem.field == "upload" for problem in self.problems) < MOST_NAMED:
            words = self.asked.too_many if why == body.TOO_MANY else SAID.get(why, COULD_NOT)
            said = words % {
                "name": name[:MAX_NAME],
                "files": MAX_FILES,
                "size": self.vigil.settings.max_file_bytes // 1_000_000,
            }
            self.problems.append(Problem("upload", _with_captions(said, [caption])))
        else:
            self.unnamed += 1


def _with_captions(message: str, captions: list[str]) -> str:
    """Add what was typed beside files that are lost: only the files are to be attached again."""
    typed = [WITH_CAPTION % {"caption": caption[:MAX_LONG]} for caption in captions if caption.strip()]
    return " ".join([message, *typed])


def read(vigil: Vigil, request: Request, asked: Asked[F]) -> Intake[F]:
    """Read one post of a form, sealing its files as they come.

    :raises body.BodyError: the body as a whole cannot be taken; it carries the fields that had arrived.
    """

    def open_file(upload: body.Upload) -> SealingSink:
        return SealingSink(vigil, upload, request.content_length)

    limits = body.Limits(file_bytes=vigil.settings.max_file_bytes, files=MAX_FILES)
    got = body.read(request, open_file, limits)
    intake = Intake(vigil, asked, got.fields)
    intake.take([upload for upload in got.uploads if upload.sink is not None])
    intake.refused(got.problems)
    intake.drop_lost()
    return intake


def unread(vigil: Vigil, error: body.BodyError, asked: Asked[F]) -> Intake[F]:
    """Give what had arrived of a body that could not be taken as a whole, and why it could not.

    :raises body.UnknownEncoding: it is no form's.
    """
    if isinstance(error, body.UnknownEncoding):
        raise error
    got = Intake(vigil, asked, error.fields)
    message = sending.not_read(
        error,
        too_much=_(
            "This was too much to send at once. Send less text, or fewer files at a time. "
            "If a text was very long, only its start is below."
        ),
        too_slow=_("Sending took too long. Try again, with smaller files or none."),
    )
    got.problems.append(Problem("upload", message))
    return got


def discard(got: Intake[F], place: int | None) -> None:
    """Take one file out of the form, and off the disk."""
    file = got.take_out(place)
    if file is None:
        return
    try:
        blocking.run(got.vigil.store.drop_pending, file.blob)
    except StoreError as error:
        # It is out of the form all the same; the sweep takes it off the disk.
        got.vigil.failed(error)
    got.vigil.soon.touch()


def in_payload(got: Intake[F]) -> tuple[AttachedFile, ...]:
    """Give what the payload says of the files: where each is, how to open it, and what it is."""
    return tuple(_attached(file, got.caption_of(file)) for file in got.files)


def _attached(file: FileToken, caption: str) -> AttachedFile:
    return AttachedFile(
        blob=file.blob,
        key=file.key.reveal(),
        name=file.name,
        type=file.type,
        size=file.size,
        sha256=file.sha256,
        sealed_sha256=file.sealed_sha256,
        caption=caption if caption.strip() else "",
    )


def number(said: str, digits: int = 4) -> int | None:
    """Give the number that stands in a field, None where there is none of so few digits."""
    return int(said) if len(said) <= digits and said.isascii() and said.isdigit() else None
