import pytest

from store import Store, StoreError
from tests.store.conftest import OpenStore

ONE, TWO = b"1" * 32, b"2" * 32


def test_the_last_bundle_of_each_desk_is_known_after_a_restart(opened: OpenStore) -> None:
    store = opened()
    assert store.last_import(ONE) is None
    assert store.last_imports() == {}
    store.note_import(ONE, 1, b"a" * 32)
    store.note_import(ONE, 2, b"b" * 32)
    store.note_import(TWO, 2**40, b"c" * 32)
    again = opened()
    assert again.last_import(ONE) == (2, b"b" * 32)
    assert again.last_imports() == {ONE: 2, TWO: 2**40}


def test_a_lower_number_takes_nobody_back(store: Store) -> None:
    store.note_import(ONE, 5, b"five")
    store.note_import(ONE, 4, b"four")
    store.note_import(ONE, 5, b"another five")
    assert store.last_import(ONE) == (5, b"five")


def test_what_was_refused_is_told_until_its_desk_has_been_told(store: Store) -> None:
    both = [ONE, TWO]
    store.note_import(ONE, 1, b"1", {b"b" * 16: "taken"}, both)
    store.note_import(TWO, 1, b"1", {b"a" * 16: "no room"}, both)
    store.note_import(ONE, 2, b"2", {b"b" * 16: "damaged"}, both)
    assert store.refused() == [(b"a" * 16, TWO, "no room"), (b"b" * 16, ONE, "damaged")]
    store.note_import(ONE, 3, b"3", {}, both)
    assert store.refused() == [(b"a" * 16, TWO, "no room")]


def test_a_desk_refuses_nothing_in_the_name_of_another(store: Store) -> None:
    store.note_import(ONE, 1, b"1", {b"a" * 16: "damaged"}, [ONE, TWO])
    store.note_import(TWO, 1, b"1", {b"a" * 16: "damaged"}, [ONE, TWO])
    assert [(slot, desk) for slot, desk, _ in store.refused()] == [(b"a" * 16, ONE), (b"a" * 16, TWO)]


def test_what_was_refused_of_a_desk_that_is_listed_no_more_is_forgotten(store: Store) -> None:
    store.note_import(TWO, 1, b"1", {b"a" * 16: "damaged"}, [ONE, TWO])
    store.note_import(ONE, 1, b"1", {b"b" * 16: "damaged"}, [ONE])
    assert [desk for _, desk, _ in store.refused()] == [ONE]


def test_the_number_of_a_bundle_and_what_was_refused_of_it_are_noted_together(store: Store) -> None:
    store.note_import(ONE, 1, b"1", {b"a" * 16: "damaged"}, [ONE])
    with pytest.raises(StoreError):
        store.note_import(ONE, 2, b"2", {b"b" * 16: None}, [ONE])  # type: ignore[dict-item]
    assert store.refused() == [(b"a" * 16, ONE, "damaged")]
    assert store.last_import(ONE) == (1, b"1")


def test_the_trusted_list_is_the_newest_and_whole(opened: OpenStore) -> None:
    store = opened()
    assert store.trusted_keys() is None
    assert store.trust_keys(b"version 1", [ONE])
    assert store.trust_keys(b"version 2" * 5000, [ONE], b"version 1")
    assert opened().trusted_keys() == b"version 2" * 5000


def test_a_list_takes_no_place_but_that_of_the_one_it_was_compared_with(store: Store) -> None:
    assert store.trust_keys(b"version 1", [ONE])
    assert store.trust_keys(b"version 3", [ONE], b"version 1")
    assert not store.trust_keys(b"version 2", [TWO], b"version 1")
    assert store.trusted_keys() == b"version 3"
    assert store.signers() == [ONE]
    assert store.trust_keys(b"version 3", [ONE], b"version 1")


def test_every_desk_that_was_ever_listed_is_remembered(opened: OpenStore) -> None:
    store = opened()
    assert store.signers() == []
    store.trust_keys(b"version 1", [TWO])
    store.trust_keys(b"version 2", [ONE, TWO], b"version 1")
    store.trust_keys(b"version 3", [ONE], b"version 2")
    assert opened().signers() == [ONE, TWO]
