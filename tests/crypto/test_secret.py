"""A secret shows itself nowhere, is compared in constant time, and is kept in no set, copy or pickle."""

import copy
import dataclasses
import hmac
import pickle
import traceback

import pytest

from crypto import secret
from crypto.secret import (
    AttachmentKey,
    BoxSeed,
    EpochSeed,
    FileKey,
    FormKey,
    MailboxRoot,
    OnionKey,
    RecoverySecret,
    ReplyKey,
    ReturnCode,
    Secret,
    SigningSeed,
)

KINDS = (
    FileKey,
    AttachmentKey,
    EpochSeed,
    SigningSeed,
    FormKey,
    BoxSeed,
    MailboxRoot,
    ReplyKey,
    ReturnCode,
    RecoverySecret,
    OnionKey,
)
VALUE = bytes(range(65, 97))


def of(kind: type[Secret]) -> Secret:
    return kind((VALUE * 2)[: kind.SIZE])


def shows(text: str) -> bool:
    return any(part in text for part in (VALUE.decode("latin-1")[:4], VALUE.hex()[:8], repr(VALUE)[2:6]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_a_secret_is_its_name(kind: type[Secret]) -> None:
    made = of(kind)
    name = f"<{kind.__name__}>"
    assert [repr(made), str(made), f"{made}", f"{made!r}", "%s" % made] == [name] * 5  # noqa: UP031 - one more way
    assert repr([made, {"key": made}]) == f"[{name}, {{'key': {name}}}]"


def test_every_kind_of_secret_is_tried_here() -> None:
    def kinds(parent: type[Secret]) -> set[type[Secret]]:
        found = {kind for kind in parent.__subclasses__() if kind.__module__ == secret.__name__}
        return found | {below for kind in found for below in kinds(kind)}

    assert kinds(Secret) - {secret.XWingSeed} == set(KINDS)


def test_a_secret_inside_a_dataclass_does_not_show() -> None:
    @dataclasses.dataclass
    class Holder:
        key: FileKey

    assert not shows(repr(Holder(FileKey(VALUE))))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "bad", [b"", VALUE[:-1], VALUE + b"x", VALUE[:15], VALUE.decode(), bytearray(VALUE), None]
)
def test_a_bad_secret_is_refused_without_a_word_of_it(kind: type[Secret], bad: object) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        kind(bad)  # type: ignore[arg-type]  # bad on purpose
    assert not shows(str(caught.value))


def test_secrets_of_one_kind_are_equal_when_their_bytes_are() -> None:
    assert FileKey(VALUE) == FileKey(VALUE)
    assert FileKey(VALUE) != FileKey(bytes(32))
    assert FileKey(VALUE) != AttachmentKey(VALUE)
    assert FileKey(VALUE) != VALUE


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def compare(one: bytes, other: bytes) -> bool:
        asked.append((one, other))
        return one == other

    monkeypatch.setattr(secret.hmac, "compare_digest", compare)
    assert FileKey(VALUE) != FileKey(bytes(32))
    assert asked == [(VALUE, bytes(32))]
    assert secret.hmac is hmac


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_has_no_hash_no_copy_and_no_pickle(kind: type[Secret]) -> None:
    made = of(kind)
    for attempt in (
        hash,
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        lambda key: pickle.dumps([key], protocol=0),
    ):
        with pytest.raises(TypeError) as caught:
            attempt(made)
        assert not shows("".join(traceback.format_exception(caught.value)))


def test_a_secret_does_not_change_and_takes_no_attributes() -> None:
    made = FileKey(VALUE)
    for name in ("_value", "note"):
        with pytest.raises(AttributeError):
            setattr(made, name, bytes(32))
    assert not hasattr(made, "__dict__")
    assert made.reveal() == VALUE


def test_new_secrets_are_random() -> None:
    drawn = [EpochSeed.new().reveal() for _ in range(100)]
    assert len(set(drawn)) == 100
    assert {len(value) for value in drawn} == {32}
