"""A reply reaches every mailbox of its case and nobody else's, and leaves nothing readable behind."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from crypto import identity
from crypto.epoch import Epoch
from crypto.errors import NotForThisKey
from crypto.keyfile import DeskKeys
from crypto.teamkeys import TeamKeys
from payload.limits import MAX_FILES, MAX_TEXT
from tests.desk.bundles import today
from tests.desk.conftest import DeskUnderTest
from tests.desk.mail import (
    Source,
    answered,
    everything,
    exported,
    file_of,
    read_in,
    slots_of,
    took_in,
    wrote,
)
from tests.payload.contacts import plain_contact
from tests.payload.reports import mailbox_of, plain_report

DRAFT = b"d" * 16
ODD = "Dziękuję 🙂\r\n\u202eabc\u202c\x1b[31m\ttab \0 end"


def test_a_source_reads_what_the_team_wrote(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    assert answered(desk, tmp_path, case, ODD) == {
        "case": case,
        "mailboxes": 1,
        "full": 0,
        "unusable": 0,
        "files": 0,
    }
    ((opened, reply),) = read_in(source, desk, exported(desk, tmp_path))
    assert opened.desk == "practice"
    assert reply.text == ODD.replace("\r\n", "\n")
    assert (reply.written_on, reply.language, reply.files) == (today(), "en", ())


def test_files_go_with_it_byte_for_byte(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    big, empty = tmp_path / "leaflet é.pdf", tmp_path / "nothing"
    big.write_bytes(b"%PDF" + bytes(range(256)) * 1200)
    empty.write_bytes(b"")
    answered(desk, tmp_path, case, "See the leaflet.", "--file", big, "--file", empty)
    bundle = exported(desk, tmp_path)
    ((_, reply),) = read_in(source, desk, bundle)
    assert [(file.name, file.type) for file in reply.files] == [
        ("leaflet é.pdf", "application/pdf"),
        ("nothing", "application/octet-stream"),
    ]
    assert file_of(reply, bundle, 0) == big.read_bytes()
    assert file_of(reply, bundle, 1) == b""


def test_two_mailboxes_of_one_case_both_get_it_and_share_nothing(desk: DeskUnderTest, tmp_path: Path) -> None:
    first, second, stranger = Source(), Source(), Source()
    case = took_in(desk, tmp_path, first.report(DRAFT), second.report(DRAFT), stranger.report(b"x" * 16))
    case = next(one["case"] for one in desk.json("list") if one["mailboxes"] == 2)
    file = tmp_path / "a.txt"
    file.write_bytes(b"the same file")
    told = desk.done("reply", case, "--text-file", wrote(tmp_path, "Hello"), "--file", file)
    assert "the reply goes to 2 mailboxes" in told
    assert "\nsealed\n" in told
    assert "it leaves with the next `export`" in told
    bundle = exported(desk, tmp_path)
    ((_, one),), ((_, two),) = read_in(first, desk, bundle), read_in(second, desk, bundle)
    assert read_in(stranger, desk, bundle) == []
    assert (one.text, file_of(one, bundle)) == (two.text, file_of(two, bundle)) == ("Hello", b"the same file")
    assert {one.files[0].blob, one.files[0].key} & {two.files[0].blob, two.files[0].key} == set()
    assert len(set(bundle.members.values())) == len(bundle.members) == 4


def test_one_source_cannot_open_anothers_reply(desk: DeskUnderTest, tmp_path: Path) -> None:
    source, other = Source(), Source()
    answered(desk, tmp_path, took_in(desk, tmp_path, source.report(DRAFT)))
    team = TeamKeys.read((desk.home / "team.keys").read_bytes())
    ((slot, envelope),) = exported(desk, tmp_path).replies().items()
    with pytest.raises(NotForThisKey):
        other.box.open_reply(slot, envelope, team)


def test_nothing_readable_of_it_is_left(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    file = tmp_path / "unmistakable-name.txt"
    file.write_bytes(b"unmistakable bytes" * 10)
    answered(desk, tmp_path, case, "unmistakable words", "--file", file)
    exported(desk, tmp_path)
    kept = everything(desk.home)
    assert not [name for name, data in kept.items() if b"unmistakable" in data or "unmistakable" in name]
    assert source.mailbox.reply.hex().encode() not in b"".join(kept.values())
    assert b"unmistakable" not in (tmp_path / "back.tar").read_bytes()
    for path in [desk.home / "state.json", *(desk.home / "outbox").iterdir()]:
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_reply_is_shown_with_its_case_and_what_became_of_it(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT, received_on=date(2026, 11, 20)))
    answered(desk, tmp_path, case, ODD)
    (reply,) = desk.json("show", case)["replies"]
    assert (reply["text"], reply["desk"], reply["mailboxes"]) == (ODD.replace("\r\n", "\n"), "practice", 1)
    assert (reply["waiting"], reply["exported"], reply["delivered"]) == (1, 0, 0)
    assert "  leaves with the next export" in desk.done("show", case)
    bundle = exported(desk, tmp_path)
    assert "  exported, not known to have arrived" in desk.done("show", case)
    parcel = desk.parcel()
    parcel.seqs[bundle.desk] = bundle.seq
    assert "1 reply has arrived" in desk.done("import", parcel.write(tmp_path / "later.tar"))
    shown = desk.done("show", case)
    assert "  delivered: it lies in the source's mailbox" in shown
    assert f"reply of {today()} by practice, to 1 mailbox" in shown
    assert all(char == "\n" or unicodedata.category(char) not in {"Cc", "Cf"} for char in shown)
    assert [one["case"] for one in desk.json("list")] == [case]
    assert list((desk.home / "outbox").iterdir()) == []


def test_neither_mailbox_nor_keys_are_shown(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    file = tmp_path / "a.txt"
    file.write_bytes(b"x")
    case = took_in(desk, tmp_path, source.report(DRAFT), source.follow_up(b"f" * 16, "more"))
    answered(desk, tmp_path, case, "Hello", "--file", file)
    told = desk.done("show", case, "--json")
    assert '"mailbox"' not in told
    assert '"key"' not in told
    assert source.mailbox.reply.hex() not in told


# ---- what cannot be answered, and what cannot be an answer


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (plain_contact(), "a message from the contact form has no mailbox"),
        (plain_report(files=(), mailbox=None), "it came before there were any"),
    ],
    ids=["contact", "schema 2"],
)
def test_what_has_no_mailbox_cannot_be_answered(
    desk: DeskUnderTest, tmp_path: Path, sent: object, why: str
) -> None:
    case = took_in(desk, tmp_path, sent)  # type: ignore[arg-type]  # a contact as well
    answer = desk.run("reply", case, "--text-file", wrote(tmp_path, "Hello"))
    assert answer.status == 1
    assert why in answer.err
    assert not (desk.home / "state.json").exists()


def test_what_did_not_open_cannot_be_answered(desk: DeskUnderTest, tmp_path: Path) -> None:
    parcel = desk.parcel()
    parcel.add_envelope(b"not an envelope")
    desk.done("import", parcel.write(tmp_path / "in.tar"))
    answer = desk.run("reply", desk.json("list")[0]["case"], "--text-file", wrote(tmp_path, "Hello"))
    assert (answer.status, "nothing in it opens here" in answer.err) == (1, True)


def test_a_mailbox_with_a_bad_key_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    bad = plain_report(draft=DRAFT, files=(), mailbox=mailbox_of(b"bad"))
    worst = plain_report(draft=b"w" * 16, files=(), mailbox=mailbox_of(b"worse"))
    took_in(desk, tmp_path, source.report(DRAFT), bad, worst)
    both, alone = sorted(desk.json("list"), key=lambda one: -one["mailboxes"])
    assert answered(desk, tmp_path, both["case"])["unusable"] == 1
    answer = desk.run("reply", alone["case"], "--text-file", wrote(tmp_path, "Hello"))
    assert (answer.status, "nothing can be sealed to" in answer.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (b"", "the reply is empty"),
        (b" \n\t\r\n", "the reply is empty"),
        (b"x" * (MAX_TEXT + 1), f"more than {MAX_TEXT:,} characters"),
        ("🙂".encode() * (MAX_TEXT + 1), f"more than {MAX_TEXT:,} characters"),
        (b"x" * 10_000_000, f"more than {MAX_TEXT:,} characters"),
        (b"caf\xe9 secret", "not text in UTF-8"),
    ],
    ids=["nothing", "blanks", "too long", "too long in smiles", "far too long", "not UTF-8"],
)
def test_what_is_no_text_for_a_reply_is_refused(
    desk: DeskUnderTest, tmp_path: Path, words: bytes, why: str
) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    file = tmp_path / "words.txt"
    file.write_bytes(words)
    answer = desk.run("reply", case, "--text-file", file)
    assert answer.status == 1
    assert why in answer.err
    assert "secret" not in answer.err
    assert not (desk.home / "state.json").exists()


def test_the_longest_text_goes(desk: DeskUnderTest, tmp_path: Path) -> None:
    source = Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    answered(desk, tmp_path, case, "🙂" * MAX_TEXT)
    ((_, reply),) = read_in(source, desk, exported(desk, tmp_path))
    assert reply.text == "🙂" * MAX_TEXT


def test_too_many_files_and_what_is_no_file_are_refused(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    file = wrote(tmp_path, "Hello")
    many = [argument for _ in range(MAX_FILES + 1) for argument in ("--file", file)]
    for given, why in (
        (many, f"at most {MAX_FILES} files"),
        (["--file", tmp_path], "is no file"),
        (["--file", tmp_path / "none"], "no such file"),
    ):
        answer = desk.run("reply", case, "--text-file", file, *given)
        assert (answer.status, why in answer.err) == (1, True), answer
    assert not (desk.home / "state.json").exists()


@pytest.mark.slow
def test_each_of_32_places_is_used_once_and_then_it_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    source, other = Source(), Source()
    case = took_in(desk, tmp_path, source.report(DRAFT))
    for number in range(32):
        assert answered(desk, tmp_path, case, f"number {number}")["mailboxes"] == 1
    answer = desk.run("reply", case, "--text-file", wrote(tmp_path, "one more"))
    assert answer.status == 1
    assert "every place for this desk's replies in the mailbox is used" in answer.err
    bundle = exported(desk, tmp_path)
    assert len(slots_of(source, bundle)) == 32
    assert len({reply.text for _, reply in read_in(source, desk, bundle)}) == 32
    # Without its memory the desk still sees from its own notes what was used.
    (desk.home / "state.json").unlink()
    assert desk.run("reply", case, "--text-file", wrote(tmp_path, "one more")).status == 1
    took_in(desk, tmp_path, other.report(DRAFT))
    assert answered(desk, tmp_path, case, "to the other")["full"] == 1


def test_a_desk_that_is_not_listed_is_told(desk: DeskUnderTest, tmp_path: Path) -> None:
    case = took_in(desk, tmp_path, Source().report(DRAFT))
    signer = identity.unlocked((desk.home / "identity.key").read_bytes(), "practice")
    other = DeskKeys.make("other", Epoch.of(today()))
    (desk.home / "team.keys").write_bytes(signer.team_keys((other.public(),), version=2, practice=True))
    for command in (["reply", case, "--text-file", wrote(tmp_path, "Hello")], ["export", tmp_path / "b.tar"]):
        answer = desk.run(*command)
        assert (answer.status, "this desk is not on the team's list" in answer.err) == (1, True)
    assert not (tmp_path / "b.tar").exists()
