"""A server's backup reads back as it was written, and whatever is changed, cut or added is refused."""

import io
import os
import random
import tarfile
from collections.abc import Callable
from datetime import date
from hashlib import sha256

import pytest

from crypto import archive, ustar
from crypto.archive import About, ArchiveReader, ArchiveWriter, size_of
from crypto.errors import BadArchive
from tests.counts import count

ABOUT = About(date(2026, 11, 22), 2)
BLOB = "blob/" + "ab" * 16
OTHER = "blob/" + "cd" * 16
MEMBERS = {BLOB: os.urandom(1500), OTHER: b"", "database": os.urandom(512), "team.keys": b"keys\n"}


def made(members: dict[str, bytes] | None = None, about: About = ABOUT) -> bytes:
    out = io.BytesIO()
    writer = ArchiveWriter(out, about)
    for name, content in (MEMBERS if members is None else members).items():
        writer.add(name, len(content), io.BytesIO(content))
    writer.finish()
    return out.getvalue()


WHOLE = made()


def read(data: bytes) -> dict[str, bytes]:
    reader = ArchiveReader(io.BytesIO(data))
    reader.verify()
    assert reader.about == ABOUT
    return {name: b"".join(reader.pieces(name)) for name in reader.members}


def test_what_was_written_is_read() -> None:
    assert read(WHOLE) == MEMBERS


def test_its_size_is_known_before() -> None:
    assert size_of([(name, len(content)) for name, content in MEMBERS.items()], ABOUT) == len(WHOLE)
    assert size_of([], ABOUT) == len(made({}))


def test_any_tar_unpacks_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as tar:
        assert tar.getnames() == [*MEMBERS, "manifest"]
        assert {member.mode for member in tar} == {0o600}


def test_members_come_in_the_order_of_their_names_and_with_their_size() -> None:
    writer = ArchiveWriter(io.BytesIO(), ABOUT)
    writer.add(OTHER, 1, io.BytesIO(b"x"))
    with pytest.raises(ValueError, match="order"):
        writer.add(BLOB, 1, io.BytesIO(b"x"))
    for content in (b"", b"xy"):
        with pytest.raises(BadArchive, match="size"):
            ArchiveWriter(io.BytesIO(), ABOUT).add(BLOB, 1, io.BytesIO(content))


def test_every_truncation_is_refused() -> None:
    for length in range(0, len(WHOLE), count(61, 1)):
        with pytest.raises(BadArchive):
            read(WHOLE[:length])
    with pytest.raises(BadArchive, match="follows"):
        read(WHOLE + bytes(512))


def test_any_flipped_bit_is_refused() -> None:
    dice = random.Random(5)
    for bit in [dice.randrange(len(WHOLE) * 8) for _ in range(count(300, 20_000))]:
        changed = bytearray(WHOLE)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadArchive):
            read(bytes(changed))


def _of_tar(build: Callable[[tarfile.TarFile], None]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        build(tar)
    return out.getvalue()


def _link(tar: tarfile.TarFile) -> None:
    info = tarfile.TarInfo(BLOB)
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    tar.addfile(info)


def _sparse(tar: tarfile.TarFile) -> None:
    info = tarfile.TarInfo(BLOB)
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 2**33 - 1
    tar.addfile(info)


def _member(name: str, size: int = 0) -> bytes:
    return ustar.header(name, size) + bytes(512)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no backup"),
        (os.urandom(5000), "no backup"),
        (b"PK\3\4" + bytes(2000), "no backup"),
        (_of_tar(_link), "no backup"),
        (_of_tar(_sparse), "no backup"),
        (_member("../../etc/cron.d/x"), "does not belong"),
        (_member("/etc/passwd"), "does not belong"),
        (_member("form.keys"), "does not belong"),
        (_member(BLOB + "/x"), "does not belong"),
        (_member(BLOB, ustar.MAX_SIZE), "cut short"),
        (_member(OTHER) + _member(BLOB), "damaged"),
        (ustar.header(OTHER, 0) + _member(BLOB), "does not belong"),
        (ustar.header(BLOB, 0) * 2 + ustar.END, "does not belong"),
        (_member("manifest"), "bundle"),
    ],
    ids=[
        "nothing", "noise", "a zip", "a link", "a sparse file", "a path upwards", "an absolute path",
        "form keys", "a path below", "a huge member", "zeros between", "out of order", "a member twice",
        "a bundle",
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_what_it_is(data: bytes, says: str) -> None:
    with pytest.raises(BadArchive, match=says):
        read(data)


def _closed(manifest: bytes) -> bytes:
    return _with_manifest(manifest + b'{"manifest":"' + sha256(manifest).hexdigest().encode() + b'"}\n')


def _with_manifest(manifest: bytes) -> bytes:
    body = ustar.header(BLOB, 3) + b"abc".ljust(512, b"\0")
    return body + ustar.header("manifest", len(manifest)) + manifest + bytes(-len(manifest) % 512) + ustar.END


SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
FIRST = b'{"server_backup":1,"members":1,"made_on":"2026-11-22","lost":2}\n'
LINE = f'{{"name":"{BLOB}","size":3,"sha256":"{SHA}"}}\n'.encode()


def test_a_manifest_by_hand_is_read() -> None:
    assert read(_closed(FIRST + LINE)) == {BLOB: b"abc"}


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (FIRST, "promises"),
        (FIRST + LINE + LINE, "promises"),
        (FIRST.replace(b"p\":1", b'p":2') + LINE, "unknown version"),
        (FIRST.replace(b"1,", b"1, ") + LINE, "spelt"),
        (FIRST.replace(b'"lost":2', b'"lost":-1') + LINE, "lost"),
        (FIRST.replace(b"2026-11-22", b"2026-11-31") + LINE, "day"),
        (FIRST.replace(b'"lost":2', b'"lost":2,"more":1') + LINE, "unknown key"),
        (FIRST + LINE.replace(b"ab", b"cd", 1), "does not list"),
        (FIRST + LINE.replace(b":3", b":4"), "does not list"),
        (FIRST + LINE.replace(b"ba78", b"ba79"), "damaged"),
        (FIRST + LINE.replace(b"ba78", b"BA78"), "hex"),
        (FIRST + b'{"name":"form.keys","size":3,"sha256":"' + SHA.encode() + b'"}\n', "not one of"),
        (b'{"bundle":1}\n', "not that of a server's backup"),
        (b"\xff\n", "refused"),
        (FIRST + LINE + b" " * 600, "longer"),
    ],
    ids=[
        "no line", "a line twice", "version 2", "a blank more", "lost less than none", "no day", "a key more",
        "another name", "another size", "another hash", "a hash in capitals", "form keys", "a bundle's",
        "no text", "too long",
    ],
)  # fmt: skip
def test_a_manifest_that_is_wrong_is_refused(manifest: bytes, says: str) -> None:
    with pytest.raises(BadArchive, match=says):
        read(_closed(manifest))


@pytest.mark.parametrize(
    "manifest", [b"", b"\n", FIRST, FIRST + LINE], ids=["empty", "a line end", "one", "two"]
)
def test_a_manifest_without_its_last_line_is_refused(manifest: bytes) -> None:
    with pytest.raises(BadArchive, match="manifest is damaged"):
        read(_with_manifest(manifest))


def test_a_member_name_of_a_backup_is_no_path() -> None:
    assert not archive.ArchiveMember.NAMES.fullmatch("blob/../../x")
