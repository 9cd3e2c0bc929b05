from store import Store
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
    store.refuse(b"b" * 16, ONE, "taken")
    store.refuse(b"a" * 16, TWO, "no room")
    store.refuse(b"b" * 16, ONE, "damaged")
    assert store.refused() == [(b"a" * 16, TWO, "no room"), (b"b" * 16, ONE, "damaged")]
    store.forget_refused(ONE)
    assert store.refused() == [(b"a" * 16, TWO, "no room")]


def test_the_trusted_list_is_the_newest_and_whole(opened: OpenStore) -> None:
    store = opened()
    assert store.trusted_keys() is None
    store.trust_keys(b"version 1")
    store.trust_keys(b"version 2" * 5000)
    assert opened().trusted_keys() == b"version 2" * 5000
