"""Every vector of key files, backups and words on paper has the one outcome that FORMAT.md names."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

import crypto
from crypto import backup, identity, keyfile, paper, shares
from crypto.errors import CryptoError
from crypto.paper import BadWords
from crypto.secret import RecoverySecret
from tests.vectors import make_keyfiles, make_papers
from tests.vectors.read import Vector, document, vectors

FORMAT = Path(crypto.__file__).with_name("FORMAT.md").read_text("utf-8")


def open_file(vector: Vector) -> str:
    given = document("keyfiles.json") | vector.more
    if given["as"] == "desk":
        held = keyfile.packed(keyfile.unlocked(vector.data, given["passphrase"]))
    elif given["as"] == "identity":
        held = identity.unlocked(vector.data, given["passphrase"]).seed.reveal()
    else:
        found = backup.unlocked(vector.data, RecoverySecret(bytes.fromhex(given["recovery"])))
        held = keyfile.packed(found.keys) + found.team.raw
    return sha256(held).hexdigest()


def read_paper(vector: Vector) -> str:
    typed = vector.data.decode()
    if vector.more["as"] == "words":
        return paper.read_words(typed, RecoverySecret).reveal().hex()
    return shares.joined([shares.read_share(one) for one in typed.splitlines()]).reveal().hex()


@pytest.mark.parametrize("vector", vectors("keyfiles.json"), ids=repr)
def test_a_file_has_the_outcome_of_its_vector(vector: Vector) -> None:
    try:
        opened, outcome = open_file(vector), "opens"
    except CryptoError as error:
        opened, outcome = None, f"{type(error).__name__}: {error}"
    assert outcome == vector.outcome
    assert opened == vector.more.get("sha256")


@pytest.mark.parametrize("vector", vectors("papers.json"), ids=repr)
def test_words_have_the_outcome_of_their_vector(vector: Vector) -> None:
    if vector.outcome == "opens":
        assert read_paper(vector) == vector.more["secret"]
        return
    with pytest.raises(BadWords) as caught:
        read_paper(vector)
    assert f"{type(caught.value).__name__}: {caught.value}" == vector.outcome
    assert caught.value.count == vector.more["count"]
    assert [wrong.position for wrong in caught.value.wrong] == vector.more["wrong"]


@pytest.mark.parametrize("file", ["keyfiles", "papers"])
def test_the_table_of_outcomes_in_the_format_is_that_of_the_vectors(file: str) -> None:
    section = re.search(rf"^### {file}\.json\n(.*?)(?=^##|\Z)", FORMAT, re.DOTALL | re.MULTILINE)
    assert section, f"FORMAT.md has no table of {file}.json"
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section[1], re.MULTILINE)
    assert rows[0] == ("vector", "outcome")
    assert [row for row in rows[1:] if not row[0].startswith("-")] == [
        (vector.name, vector.outcome) for vector in vectors(f"{file}.json")
    ]


def test_the_files_hold_what_the_scripts_make() -> None:
    for file, made in (("keyfiles.json", make_keyfiles.found()), ("papers.json", make_papers.found())):
        kept = [(entry["name"], entry["outcome"]) for entry in document(file)["vectors"]]
        assert kept == [(entry["name"], entry["outcome"]) for entry in made]
        assert len({name for name, _ in kept}) == len(kept)


def test_every_reason_of_the_code_has_a_vector() -> None:
    folder = Path(crypto.__file__).parent
    named = {
        vector.outcome.partition(": ")[2]
        for file in ("keyfiles", "papers")
        for vector in vectors(f"{file}.json")
    }
    # What depends on the machine, and what counts: every other reason stands here word for word.
    elsewhere = {"this machine has no {cost.memory // 1024} MiB of free memory to open it"}
    for name in ("passphrase", "keyfile", "identity", "backup", "paper", "shares"):
        text = (folder / f"{name}.py").read_text("utf-8")
        for reason in re.findall(r"(?:Bad\w+|WrongPassphrase)\(\s*f?\"(.+?)\"", text):
            if reason not in elsewhere:
                shape = re.sub(r"\\\{.*?\\\}", ".+", re.escape(reason))
                assert any(re.fullmatch(shape, one) for one in named), reason
