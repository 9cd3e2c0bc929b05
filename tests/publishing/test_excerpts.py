import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.excerpts import CLOSES, CUT, LENGTH, OPENS, cut


def marked(text: str) -> str:
    return text.replace("[", OPENS).replace("]", CLOSES)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ()),
        ("No hit.", (("No hit.", False),)),
        ("A [hit] here.", (("A ", False), ("hit", True), (" here.", False))),
        ("[one][two]", (("one", True), ("two", True))),
        (
            "Filler words. " * 20 + "The [hit] here.",
            (
                ("…Filler words. Filler words. Filler words. Filler words. Filler words. The ", False),
                ("hit", True),
                (" here.", False),
            ),
        ),
        ("[a] " + "x" * 300, (("a", True), (" " + "x" * 218 + CUT, False))),
        ("z" * 300 + "[a]", ((CUT, False), ("a", True))),
    ],
)
def test_a_text_is_cut_round_its_hit(text: str, pieces: object) -> None:
    assert cut(marked(text)) == pieces


def test_it_is_cut_where_most_of_what_was_found_stands_together() -> None:
    text = (
        "The [gang] came. " + "Filler. " * 50 + "A [gang] and a [child]. " + "Filler. " * 50 + "The [child]."
    )
    found = [piece for piece, hit in cut(marked(text)) if hit]
    assert found == ["gang", "child"]


@given(st.lists(st.tuples(st.text(alphabet="ab .!…”\n", max_size=90), st.booleans()), max_size=40))
def test_an_excerpt_is_short_and_a_part_of_the_text(parts: list[tuple[str, bool]]) -> None:
    text = "".join(f"{OPENS}{part}{CLOSES}" if hit else part for part, hit in parts)
    plain = "".join(part for part, _ in parts)
    pieces = cut(text)
    shown = "".join(piece for piece, _ in pieces)
    assert len(shown) <= LENGTH + 2
    assert shown.removeprefix(CUT).removesuffix(CUT).strip(CUT) in plain
    assert all(piece for piece, _ in pieces)
    if any(part and hit for part, hit in parts) and max(len(part) for part, _ in parts) < LENGTH // 3:
        assert any(hit for _, hit in pieces)
