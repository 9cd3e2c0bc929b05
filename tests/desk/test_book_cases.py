"""A note goes to the case that it names, whatever else is there and in whatever order it is found."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from desk.cases import Case, gathered, is_of_case, name_of, named_by, names_of
from desk.opening import Brief, State


def _sent(number: int, kind: str, draft: int, mailbox: int | None) -> Brief:
    if kind == "unknown":
        return Brief(f"{number:064x}", State.NEWER, "newer", "202611")
    mailbox = draft if mailbox is None and kind == "follow-up" else mailbox
    return Brief(
        f"{number:064x}",
        State.OPENED,
        "",
        "202611",
        kind,
        bytes([draft + (8 if kind == "follow-up" else 0)]) * 16,
        f"2026-11-{10 + draft}",
        mailbox=None if mailbox is None else bytes([mailbox]) * 32,
        body=bytes([number]),
    )


def _noted(number: int, subject: str, which: int) -> Brief:
    about = {
        "draft": bytes([which]) * 16,
        "mailbox": bytes([which]) * 32,
        "envelope": bytes.fromhex(f"{which:064x}"),
        "investigation": bytes([which]) * 16,
        "link": bytes([which]) * 32,
    }
    return Brief(
        f"{100 + number:064x}",
        State.OPENED,
        "",
        "202611",
        "note",
        received_on="2026-11-22",
        subject=subject,
        about=about[subject],
    )


sends = st.lists(
    st.tuples(
        st.sampled_from(["report", "report", "contact", "follow-up", "unknown"]),
        st.integers(0, 4),
        st.none() | st.integers(0, 4),
    ),
    max_size=8,
).map(lambda rows: [_sent(number, *row) for number, row in enumerate(rows)])
notes = st.lists(
    st.tuples(st.sampled_from(["draft", "mailbox", "envelope", "investigation", "link"]), st.integers(0, 6)),
    max_size=8,
).map(lambda rows: [_noted(number, *row) for number, row in enumerate(rows)])


def _of(cases: list[Case], brief: Brief) -> Case | None:
    return next((case for case in cases if brief in (*case.sends, *case.notes)), None)


@given(sends, notes, st.randoms(use_true_random=False))
def test_each_note_is_in_the_case_that_it_names(sent: list[Brief], noted: list[Brief], order: Random) -> None:
    mixed = [*sent, *noted]
    order.shuffle(mixed)
    cases = gathered(mixed, frozenset())
    in_order = gathered([*sent, *noted], frozenset())
    assert [case.name for case in cases] == [case.name for case in in_order]
    assert len({case.name for case in cases}) == len(cases)
    for note in noted:
        case = _of(cases, note)
        if not is_of_case(note):
            assert case is None
            continue
        assert case is not None
        assert name_of(note.subject, note.about) in set(names_of(case))
    for case in cases:
        assert case.name == name_of(*named_by(case))
        assert case.name in set(names_of(case))


@given(sends, notes)
def test_notes_change_no_name_of_a_case_that_is_here(sent: list[Brief], noted: list[Brief]) -> None:
    before = {case.name for case in gathered(sent, frozenset())}
    after = {case.name for case in gathered([*sent, *noted], frozenset()) if case.sends}
    assert after == before


@given(sends)
def test_what_is_noted_of_a_case_comes_back_to_it(sent: list[Brief]) -> None:
    for case in gathered(sent, frozenset()):
        kind, id_ = named_by(case)
        note = Brief(
            "f" * 64, State.OPENED, "", "202611", "note", None, "2026-11-22", subject=kind, about=id_
        )
        found = [one for one in gathered([*sent, note], frozenset()) if note in one.notes]
        assert [one.name for one in found] == [case.name]
