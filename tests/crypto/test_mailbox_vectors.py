"""The vectors of return codes, records, replies and tokens: one outcome each, as FORMAT.md tables it."""

import base64
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

import crypto
from crypto import tokens
from crypto.errors import BadReturnCode, CryptoError
from crypto.mailbox import Mailbox
from crypto.returncode import read_words, root
from crypto.secret import FormKey, MailboxRoot
from crypto.teamkeys import TeamKeys
from crypto.tokens import Form, FormKeys, MailboxKeys
from tests.vectors import make_codes, make_mailbox, make_tokens
from tests.vectors.read import Vector, document, vectors

FORMAT = Path(crypto.__file__).with_name("FORMAT.md").read_text("utf-8")


def open_code(vector: Vector) -> None:
    found = root(read_words(vector.data.decode()))
    mailbox = Mailbox(found)
    reply_ids = mailbox.reply_ids(bytes.fromhex(document("codes.json")["desk"]))
    assert found.reveal().hex() == vector.more["root"]
    assert sha256(mailbox.public).hexdigest() == vector.more["public_sha256"]
    assert sha256(b"".join(mailbox.own_ids)).hexdigest() == vector.more["own_ids_sha256"]
    assert mailbox.reply_key.reveal().hex() == vector.more["reply_key"]
    assert sha256(b"".join(reply_ids)).hexdigest() == vector.more["reply_ids_sha256"]


def _mailbox(file: str, vector: Vector) -> Mailbox:
    return Mailbox(MailboxRoot(bytes.fromhex(document(file)["roots"][vector.more["mailbox"]])))


def open_record(vector: Vector) -> None:
    blobs = _mailbox("records.json", vector).open_record(bytes.fromhex(vector.more["row"]), vector.data)
    assert [blob.hex() for blob in blobs] == vector.more["blobs"]


def open_reply(vector: Vector) -> None:
    team = TeamKeys.read(base64.b64decode(document("replies.json")["teams"][vector.more["team"]]))
    mailbox = _mailbox("replies.json", vector)
    opened = mailbox.open_reply(bytes.fromhex(vector.more["slot"]), vector.data, team)
    assert opened.desk == vector.more["desk"]
    assert (len(opened.body), opened.body.hex()) == (vector.more["size"], vector.more["said"])


def open_token(vector: Vector) -> None:
    given, text = document("tokens.json"), vector.data.decode()
    keys = {int(number): FormKey(bytes.fromhex(key)) for number, key in given["form_keys"].items()}
    form_keys = FormKeys(max(keys), keys)
    if vector.more["kind"] == "root":
        newest, previous = (FormKey(bytes.fromhex(key)) for key in given["mailbox_keys"])
        machine = tokens.machine_tag(given["machine"])
        found = tokens.open_root(MailboxKeys(machine, newest, previous), text).reveal()
    elif vector.more["kind"] == "draft":
        draft = tokens.open_draft(form_keys, text, Form(vector.more["form"]))
        found = draft.id + draft.made.to_bytes(4, "big")
    else:
        file = tokens.open_file(form_keys, text, Form(vector.more["form"]))
        name = file.name.encode()
        found = file.draft + file.blob + file.key.reveal() + file.size.to_bytes(8, "big") + file.sha256
        found += file.sealed_sha256 + len(name).to_bytes(2, "big") + name + file.type.encode()
    assert found.hex() == vector.more["is"]


OPENERS: dict[str, Callable[[Vector], None]] = {
    "codes": open_code,
    "records": open_record,
    "replies": open_reply,
    "tokens": open_token,
}


@pytest.mark.parametrize(
    ("file", "vector"),
    [(file, vector) for file in OPENERS for vector in vectors(f"{file}.json")],
    ids=lambda part: repr(part) if isinstance(part, Vector) else part,
)
def test_it_has_the_outcome_of_its_vector(file: str, vector: Vector) -> None:
    try:
        OPENERS[file](vector)
        outcome = "opens"
    except CryptoError as error:
        outcome = f"{type(error).__name__}: {error}"
    assert outcome == vector.outcome


@pytest.mark.parametrize(
    "vector", [vector for vector in vectors("codes.json") if vector.outcome != "opens"], ids=repr
)
def test_what_is_wrong_with_a_code_is_named_as_its_vector_says(vector: Vector) -> None:
    with pytest.raises(BadReturnCode) as caught:
        read_words(vector.data.decode())
    assert caught.value.count == vector.more["count"]
    assert [word.position for word in caught.value.wrong] == [place for place, _ in vector.more["wrong"]]
    for word, (_, near) in zip(caught.value.wrong, vector.more["wrong"], strict=True):
        assert near in word.near or not (near or word.near)
    assert caught.value.checksum == ("belong together" in vector.outcome)


@pytest.mark.parametrize("file", OPENERS)
def test_the_table_of_outcomes_in_the_format_is_that_of_the_vectors(file: str) -> None:
    section = re.search(rf"^### {file}\.json\n(.*?)(?=^##|\Z)", FORMAT, re.DOTALL | re.MULTILINE)
    assert section, f"FORMAT.md has no table of {file}.json"
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section[1], re.MULTILINE)
    assert rows[0] == ("vector", "outcome")
    assert [row for row in rows[1:] if not row[0].startswith("-")] == [
        (vector.name, vector.outcome) for vector in vectors(f"{file}.json")
    ]


def test_the_files_hold_what_the_script_makes() -> None:
    for file, made in (
        ("codes.json", make_codes.found()),
        ("records.json", make_mailbox.records()),
        ("replies.json", make_mailbox.replies()),
        ("tokens.json", make_tokens.found()),
    ):
        kept = [(entry["name"], entry["outcome"]) for entry in document(file)["vectors"]]
        assert kept == [(entry["name"], entry["outcome"]) for entry in made]
        assert len(set(kept)) == len(kept)


def test_every_reason_of_the_code_has_a_vector() -> None:
    folder = Path(crypto.__file__).parent
    raised = {
        reason
        for name in ("mailbox", "tokens")
        for reason in re.findall(
            r"(?:Bad(?:Reply|Record|Token)|OtherMachine)\(\"(.+?)\"\)", (folder / f"{name}.py").read_text()
        )
    }
    named = {vector.outcome.partition(": ")[2] for file in OPENERS for vector in vectors(f"{file}.json")}
    assert raised - {"the token belongs to another draft"} <= named
