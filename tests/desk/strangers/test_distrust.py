"""What comes from the box is believed no more than the file: answers of a box that was taken over."""

from collections.abc import Generator
from io import BytesIO
from pathlib import Path

import pytest

from desk.errors import DeskError
from desk.strangers import cleaning, looking
from desk.strangers import metadata as facts
from desk.strangers import preview as previews
from desk.strangers.box import BoxFailed, Frame
from desk.strangers.isolation import isolation
from tests.desk.strangers.store import stored

NONSENSE: list[list[Frame]] = [
    [],
    [Frame({}, b"")],
    [Frame({"pixels": [2, 2]}, b"123")],
    [Frame({"pixels": [0, 2]}, b"")],
    [Frame({"pixels": [-1, -2]}, b"123456")],
    [Frame({"pixels": ["1", 2]}, b"123456")],
    [Frame({"pixels": [1e300, 2]}, b"123456")],
    [Frame({"pixels": [100_000, 1]}, bytes(300_000))],
    [Frame({"pixels": [1]}, b"123")],
    [Frame({"rate": "16000"}, b"12")],
    [Frame({"rate": 10**9}, b"12")],
    [Frame({"rate": 16_000}, b"123")],
    [Frame({"cannot": ["x"]}, b"")],
    [Frame({"cannot": "<script>"}, b"")],
    [Frame({"remuxed": "exe"}, b"MZ")],
    [Frame({"remuxed": "mp4"}, b"MZ\0\0 this is no film")],
    [Frame({"remuxed": "mp4"}, b"")],
    [Frame({"points": [1, 1], "pixels": [1, 1], "of": 2}, b"123")],
    [Frame({"points": [0, 1], "pixels": [1, 1], "of": 1}, b"123")],
    [Frame({"points": [10**9, 1], "pixels": [1, 1], "of": 1}, b"123")],
    [Frame({"kind": "jpeg"}, b"")],
    [Frame({"kind": "our own words", "warnings": []}, b"")],
    [Frame({"kind": "jpeg", "warnings": [["our own words", 0]]}, b"")],
    [Frame({"kind": "jpeg", "warnings": [["macros", "0"]]}, b"")],
    [Frame({"kind": "jpeg", "warnings": [["members", -1]]}, b"")],
    [Frame({"facts": {"a": 1}, "cut": ""}, b"")],
    [Frame({"facts": [["a"]], "cut": ""}, b"")],
    [Frame({"facts": [["a", 1]], "cut": ""}, b"")],
]


@pytest.mark.parametrize("frames", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_told_as_such(
    frames: list[Frame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_given: object, **_named: object) -> Generator[Frame]:
        yield from frames

    for module in (previews, cleaning, looking, facts):
        monkeypatch.setattr(module, "run", run)
    casebook, file = stored(tmp_path, b"x")
    shown = previews.preview(casebook, file, locked=False)
    if shown.kind != "none":  # a page of a PDF without its paper is a picture all the same
        assert "points" in frames[0].said
    else:
        assert "nonsense" in shown.why
    assert not cleaning.cleaned(casebook, file, locked=False).data
    found = looking.looked(casebook, file, locked=False)
    assert found.kind == "nothing that the desk knows" or "kind" in frames[0].said
    assert not any("our own words" in warning for warning in found.warnings)
    assert "<script>" not in shown.why
    if frames:
        with pytest.raises(DeskError):
            facts.metadata(casebook, file, locked=False)


def test_an_answer_that_breaks_off_gives_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_given: object, **_named: object) -> Generator[Frame]:
        yield Frame({"pixels": [1, 1], "photograph": True}, b"123")
        raise BoxFailed("died")

    for module in (previews, cleaning):
        monkeypatch.setattr(module, "run", run)
    casebook, file = stored(tmp_path, b"x")
    assert cleaning.cleaned(casebook, file, locked=False).why_not.startswith("it could not be cleaned safely")
    assert previews.preview(casebook, file, locked=False).why.startswith("could not be shown safely")


def test_words_of_a_file_cannot_pass_for_more_facts_than_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_given: object, **_named: object) -> Generator[Frame]:
        yield Frame({"facts": [["name" * 1000, "value" * 1000]] * 10_000, "cut": ""}, b"")

    monkeypatch.setattr(facts, "run", run)
    casebook, file = stored(tmp_path, b"x")
    found = facts.metadata(casebook, file, locked=False)
    assert len(found) == 500
    assert max(len(fact.value) for fact in found) == 1000


def test_a_box_may_be_opened_from_bytes_too() -> None:
    # As on a system without memory files, where the bytes go through a pipe.
    from desk.strangers.box import MB, Bounds, run

    frames = list(run("preview", BytesIO(b"hello" * 100_000), Bounds(30, 512 * MB, MB), kept=isolation()))
    assert frames[0].data.startswith(b"hello")
