"""The property that matters: no way to reach a source is in a pack, in whatever way it was typed."""

import io
import re
import unicodedata
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from desk.packing.consent import Refused
from desk.packing.handing import Wish
from desk.packing.preparing import Prepared, finished
from desk.packing.told import Told, pieces
from desk.pointing import Choice, Guarded, marks
from desk.referral import Decision, Undecided
from tests.counts import count
from tests.desk.referral.cases import ANY, DAY, GRADE, all_decided, draft_of, helpline, told_of

_DIGITS = {
    digit: [digit, chr(0x0660 + int(digit)), chr(0xFF10 + int(digit)), chr(0x0966 + int(digit))]
    for digit in "0123456789"
}
_ALIKE = {"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "s": "\u0455", "i": "\u0456"}
GAPS = st.sampled_from(
    ["", "", "", " ", "  ", "\n", "\r\n", "-", ".", "\u00a0", "\u200b", "\u200d", "\u2009", "\t", "/", " - "]
)

phones = st.integers(7_700_900_000, 7_700_900_999).map(lambda number: f"0{number}")
names = st.text("abcdefghkmnprstuvwyz", min_size=6, max_size=10)
addresses = st.tuples(names, names).map(lambda parts: f"{parts[0]}@{parts[1]}.example")
handles = st.tuples(names, st.integers(10, 99)).map(lambda parts: f"{parts[0]}_{parts[1]}")


@st.composite
def respelt(draw: st.DrawFn, value: str) -> str:
    """Give a value as somebody could type it: other digits, letters, case, and gaps anywhere."""
    made = []
    for char in value:
        if char in _DIGITS:
            char = draw(st.sampled_from(_DIGITS[char]))
        elif char in _ALIKE and draw(st.integers(0, 4)) == 0:
            char = _ALIKE[char]
        made += [char.upper() if draw(st.booleans()) else char, draw(GAPS)]
    return "".join(made).strip()


@st.composite
def tales(draw: st.DrawFn) -> tuple[str, str, Told]:
    """Give a value, how the source gave it, and a report that gives it away somewhere."""
    value = draw(st.one_of(phones, addresses, handles))
    how = draw(st.sampled_from(["{}", "Signal: {}", "{} after six, not at home", "write to {} please"]))
    spelt = [draw(respelt(value)) for _ in range(4)]
    told = told_of(
        f"They wait in a van. {spelt[0]} and then {spelt[1]}, so it is.",
        {"people": ({"names": f"Dave {spelt[2]}", "age": "18-24"},)},
        (f"More of it: {spelt[3]}",),
    )
    return value, how.format(value), told


def bare(text: str) -> str:
    """Fold a text in a way of this test's own."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(str(unicodedata.digit(char, char)) for char in plain)
    for latin, other in _ALIKE.items():
        plain = plain.replace(other, latin)
    return re.sub(r"[^a-z0-9]", "", plain)


def unpacked(data: bytes) -> str:
    """Give all that a pack says: names, data, the text of the paper and what it says of itself."""
    said = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            said.append(info.filename)
            if info.filename.endswith(".pdf"):
                paper = PdfReader(io.BytesIO(archive.read(info)))
                said += [page.extract_text() for page in paper.pages]
                said.append(str(paper.metadata))
                assert paper.xmp_metadata is not None
                said.append(paper.xmp_metadata.stream.get_data().decode())
            else:
                said.append(archive.read(info).decode())
    # Written into JSON, a line end is two signs, of which one is a letter.
    return "\n".join(said).replace("\\n", " ").replace("\\r", " ").replace("\\t", " ")


def ready(told: Told, how: str) -> Prepared:
    guarded = Guarded((how,))
    return Prepared(
        Wish(helpline(), GRADE, DAY, answer_to="Ann, 0114 496 0000"),
        draft_of(told, guarded, ANY),
        (),
        guarded,
    )


@settings(max_examples=count(25, 2_000), deadline=None)
@given(tales())
def test_no_contact_value_is_in_the_unpacked_pack(tale: tuple[str, str, Told]) -> None:
    value, how, told = tale
    prepared = ready(told, how)
    made = finished(prepared, all_decided(prepared.draft))
    assert bare(value.lstrip("0")) not in bare(unpacked(made.pack.data))


@settings(max_examples=count(100, 5_000), deadline=None)
@given(tales())
def test_nothing_is_made_until_a_person_decided_on_each(tale: tuple[str, str, Told]) -> None:
    _, how, told = tale
    prepared = ready(told, how)
    wheres = {mark.where for mark in prepared.draft.marks if mark.severity == "contact"}
    assert wheres >= {piece.where for piece in pieces(told) if piece.text}
    decisions = all_decided(prepared.draft)
    for mark in prepared.draft.marks:
        left = {key: value for key, value in decisions.marks.items() if key != mark.id}
        with pytest.raises(Undecided):
            finished(prepared, replace(decisions, marks=left))


@settings(max_examples=count(50, 2_000), deadline=None)
@given(tales(), st.data())
def test_what_somebody_types_in_its_place_is_looked_through_again(
    tale: tuple[str, str, Told], data: st.DataObject
) -> None:
    value, how, told = tale
    prepared = ready(told, how)
    decisions = all_decided(prepared.draft)
    mark = data.draw(st.sampled_from([one for one in prepared.draft.marks if Choice.REPLACE in one.choices]))
    again = Decision(Choice.REPLACE, f"somebody at {data.draw(respelt(value))}")
    with pytest.raises(Refused, match="would still go out"):
        finished(prepared, replace(decisions, marks={**decisions.marks, mark.id: again}))


@settings(max_examples=count(50, 2_000), deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_marks_of_any_text_fit_it(text: str, reach: str, told: str) -> None:
    (piece,) = [piece for piece in pieces(told_of(f"x {text}")) if piece.where.endswith("what_happened")]
    at = 0
    for mark in marks([piece], Guarded((reach,), (told,))):
        assert at <= mark.start <= mark.end
        assert piece.text[mark.start : mark.end] == mark.text
        at = mark.end
