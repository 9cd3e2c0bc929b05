"""A whole site in this process: real keys, real store, no server and no waiting."""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import unescape
from itertools import zip_longest
from pathlib import Path
from typing import Self

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

import payload
from app import create_app
from config import Config
from crypto import open as opening
from crypto import returncode
from crypto.attachment import AttachmentSealer
from crypto.epoch import Epoch
from crypto.errors import BadToken
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.mailbox import Mailbox
from crypto.open_attachment import opened as opened_attachment
from crypto.reply import seal_reply
from crypto.secret import AttachmentKey, SigningSeed
from store import KeptReply, Store
from tests import engine
from tests.e2e.http_client import multipart as browser_multipart
from tests.e2e.source import Form
from views.shared import Vigil

CONTENT = Path(__file__).parent.parent / "content"

BOUNDARY = "----geckoformboundary5d0a7c"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
File = tuple[str, bytes]


class Compiled(BytecodeCache):
    """Templates as the first site of this process has compiled them: else each test waits for that anew."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class Site:
    """A site on practice keys in a folder of its own. ``waits`` are the seconds it would have held back."""

    folder: Path
    app: Flask
    desk: DeskKeys
    waits: list[float] = field(default_factory=list)

    @classmethod
    def make(
        cls,
        folder: Path,
        *,
        max_file_bytes: int = 500_000_000,
        day: date | None = None,
        content: Path = CONTENT,
        onion: str | None = None,
    ) -> Self:
        desk = DeskKeys.make("practice", Epoch.of(day or datetime.now(UTC).date()))
        folder.mkdir(parents=True, exist_ok=True)
        keys = folder / "team.keys"
        if not keys.exists():
            keys.write_bytes(Identity.new().team_keys((desk.public(),), version=1, practice=True))
        app = create_app(
            Config(
                data=folder,
                team_keys=keys,
                content=content,
                form_key=folder / "form.keys",
                max_file_bytes=max_file_bytes,
                practice=True,
                onion=onion,
                database_url=engine.database(folder),
            )
        )
        app.testing = True
        app.jinja_env.bytecode_cache = COMPILED
        app.config["PROPAGATE_EXCEPTIONS"] = False
        site = cls(folder, app, desk)
        site.vigil.pause = site.waits.append
        return site

    @property
    def vigil(self) -> Vigil:
        found: Vigil = self.app.extensions["vigil"]
        return found

    @property
    def store(self) -> Store:
        return self.vigil.store

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client(use_cookies=False)

    def close(self) -> None:
        self.vigil.soon.cancel()
        self.vigil.mailbox_keys.close()
        self.vigil.pressure.close()
        self.store.close()

    def draft(self) -> str:
        return hidden(self.client.get("/report"), "draft")[0]

    def draft_of(self, tokens: Sequence[str]) -> str:
        """Give the token of the draft that these files belong to, or of a new one."""
        for token in tokens:
            with suppress(BadToken):
                return self.vigil.drafts.seal(self.vigil.drafts.new(self.vigil.drafts.open_file(token).draft))
        return self.draft()

    def post(
        self,
        text: str = "",
        files: Sequence[File] = (),
        tokens: Sequence[str] = (),
        *,
        do: str = "send",
        answers: Mapping[str, str | Sequence[str]] | None = None,
        captions: Sequence[str] = (),
        draft: str | None = None,
        website: str = "",
        **more: str,
    ) -> TestResponse:
        """Press the button ``do`` of a form that holds this: text and answers, then files.

        ``captions`` are those of the tokens. Without a ``draft``, it is that of the tokens. A button that is
        called otherwise stands in ``more``, and ``do`` is empty then.
        """
        fields = [("draft", self.draft_of(tokens) if draft is None else draft), ("website", website)]
        # Where our script uploads a file, what it wants stands before the file; elsewhere no order counts.
        fields += [("do", do)] if do else []
        fields += [("what_happened", text), *more.items()]
        for name, said in (answers or {}).items():
            fields += [(name, value) for value in ([said] if isinstance(said, str) else said)]
        for token, caption in zip_longest(tokens, captions, fillvalue=""):
            fields += [("file", token), ("caption", caption)]
        headers = {"HX-Request": "true"} if do == "upload" else {}
        return self.client.post(
            "/report", data=multipart(fields, files), content_type=MULTIPART, headers=headers
        )

    def press(
        self, answer: TestResponse, do: str, files: Sequence[File] = (), **instead: str
    ) -> TestResponse:
        """Press a button of a page as a browser does: what its form holds goes back, and nothing else.

        ``instead`` is what some fields hold by then.

        :raises AssertionError: the page has no such button.
        """
        form = Form(answer.text)
        assert do in {control.value for control in form.of("do")}
        for name, value in instead.items():
            form.fill(name, value)
        parts = form.sent(("do", do), [("upload", name, content) for name, content in files])
        body, kind = browser_multipart(parts)
        action = re.search(r'<form id="(?:report|mailbox)"[^>]* action="([^"]+)"', answer.text)
        assert action
        return self.client.post(action[1], data=body, content_type=kind)

    def code_of(self, receipt: TestResponse) -> str:
        """Give the words of the return code that a receipt shows."""
        shown = receipt.text.split('id="code-words"')[1].split("</ol>")[0]
        return " ".join(re.findall(r"<li>([a-z]+)</li>", shown))

    def sent(self, text: str = "words", files: Sequence[File] = ()) -> str:
        """Send a report, and give the words to come back with."""
        receipt = self.post(text, files)
        assert receipt.status_code == 200, receipt.text
        return self.code_of(receipt)

    def mailbox(
        self,
        code: str = "",
        files: Sequence[File] = (),
        tokens: Sequence[str] = (),
        *,
        do: str = "open",
        mailbox: str = "",
        message: str = "",
        captions: Sequence[str] = (),
        draft: str | None = None,
        website: str = "",
        **more: str,
    ) -> TestResponse:
        """Press the button ``do`` at the mailbox, with these words typed or this token carried."""
        if draft is None:
            draft = hidden(self.client.get("/mailbox"), "draft")[0]
        fields = [("draft", draft), ("website", website), ("mailbox", mailbox), ("code", code)]
        fields += [("do", do)] if do else []
        fields += [("message", message), *more.items()]
        for token, caption in zip_longest(tokens, captions, fillvalue=""):
            fields += [("file", token), ("caption", caption)]
        headers = {"HX-Request": "true"} if do == "upload" else {}
        return self.client.post(
            "/mailbox", data=multipart(fields, files), content_type=MULTIPART, headers=headers
        )

    def reply(
        self,
        code: str,
        text: str = "an answer",
        files: Sequence[File] = (),
        *,
        sign: SigningSeed | None = None,
    ) -> bytes:
        """Leave a reply in a mailbox as a bundle would, and give its id; the desk signs unless told."""
        mailbox = Mailbox(returncode.root(returncode.read_words(code)))
        attached = tuple(self._left(name, data) for name, data in files)
        said = payload.Reply(written_on=self.vigil.today(), language="en", text=text, files=attached)
        desk = next(desk for desk in self.vigil.team_keys.desks if desk.name == self.desk.name)
        ids = mailbox.reply_ids(desk.sign_public)
        taken = {row.id for row in self.store.replies(ids)}
        slot = next(each for each in ids if each not in taken)
        sealed = seal_reply(mailbox.public, slot, said.to_bytes(), sign or self.desk.sign)
        assert self.store.keep_reply(slot, sealed) is KeptReply.NEW
        return slot

    def _left(self, name: str, data: bytes) -> payload.AttachedFile:
        sealer, blob = AttachmentSealer(), secrets.token_bytes(16)
        writer = self.store.take_blob(blob)
        assert not isinstance(writer, KeptReply)
        writer.write(b"".join([sealer.write(data), *sealer.finish()]))
        writer.finish()
        return payload.AttachedFile(
            blob, sealer.key.reveal(), name, "", len(data), sealer.sha256(), sealer.sealed_sha256()
        )

    def reports(self) -> list[payload.Report]:
        """Open the reports that are kept, as the desk would."""
        return [found for found in self.kept() if isinstance(found, payload.Report)]

    def follow_ups(self) -> list[payload.FollowUp]:
        """Open what was sent from mailboxes."""
        return [found for found in self.kept() if isinstance(found, payload.FollowUp)]

    def kept(self) -> list[payload.Anything]:
        """Open everything that is kept, as the desk would."""
        envelopes = (self.store.envelope(digest) for digest, _ in self.store.envelopes())
        seeds = self.desk.seeds.values()
        return [payload.read(None, opening.opened(envelope, seeds).body) for envelope in envelopes]

    def opened(self, envelope: bytes) -> payload.Report:
        found = payload.read("report", opening.opened(envelope, self.desk.seeds.values()).body)
        assert isinstance(found, payload.Report)
        return found

    def contents(self, report: payload.Report | payload.FollowUp) -> list[File]:
        """Open a report's attachments."""
        found = []
        for file in report.files:
            with self.store.open_blob(file.blob) as source:
                data = b"".join(opened_attachment(source, AttachmentKey(file.key), file.size))
            found.append((file.name, data))
        return found


def multipart(fields: Sequence[tuple[str, str]], files: Sequence[File]) -> bytes:
    """Write a form as browsers do; Werkzeug writes empty fields in another way."""
    parts = [(f'form-data; name="{name}"', value.encode()) for name, value in fields]
    for name, data in files or [("", b"")]:
        escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        kind = "application/octet-stream"
        parts.append((f'form-data; name="upload"; filename="{escaped}"\r\nContent-Type: {kind}', data))
    body = [f"--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n".encode() + data for head, data in parts]
    return b"\r\n".join([*body, f"--{BOUNDARY}--\r\n".encode()])


def hidden(response: TestResponse, name: str) -> list[str]:
    """Give the values of the hidden fields of a name."""
    found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', response.text)
    return [unescape(value) for value in found]


def problems(response: TestResponse) -> list[str]:
    """Give the problems that a page states at its top."""
    at_top = response.text.split('id="problems"')[1].split("</ul>")[0]
    return [
        unescape(re.sub(r"<[^>]+>", "", item)).strip()
        for item in re.findall(r"<li>(.*?)</li>", at_top, re.DOTALL)
    ]


def calm(response: TestResponse) -> str:
    """Give what a page says above all else that is no problem."""
    said = response.text.split('id="notice"')[1].split(">", 1)[1].split("</p>")[0]
    return unescape(re.sub(r"<[^>]+>", "", said)).strip()
