"""Reports for tests: any report that the limits allow, and one plain one."""

from datetime import date

from hypothesis import strategies as st

from payload import AttachedFile, Report
from payload.limits import MAX_FILE_SIZE, MAX_NAME, MAX_TYPE

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)

files = st.builds(
    AttachedFile,
    blob=st.binary(min_size=16, max_size=16),
    key=st.binary(min_size=32, max_size=32),
    name=texts.map(lambda name: name[:MAX_NAME]),
    type=texts.map(lambda name: name[:MAX_TYPE]),
    size=st.integers(0, MAX_FILE_SIZE),
    sha256=st.binary(min_size=32, max_size=32),
    sealed_sha256=st.binary(min_size=32, max_size=32),
)

reports = st.builds(
    Report,
    draft=st.binary(min_size=16, max_size=16),
    received_on=st.dates(),
    language=st.sampled_from(["en", "en-GB", "zh-Hant-TW", "x-1"]),
    what_happened=texts,
    files=st.lists(files, max_size=4, unique_by=lambda file: file.blob).map(tuple),
)


def plain_file(**changed: object) -> AttachedFile:
    """Give a file of five bytes, with ``changed`` fields."""
    usual: dict[str, object] = {
        "blob": b"b" * 16,
        "key": b"k" * 32,
        "name": "photo.jpg",
        "type": "image/jpeg",
        "size": 5,
        "sha256": b"s" * 32,
        "sealed_sha256": b"q" * 32,
    }
    return AttachedFile(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything


def plain_report(**changed: object) -> Report:
    """Give a short report with one file, with ``changed`` fields."""
    usual: dict[str, object] = {
        "draft": b"d" * 16,
        "received_on": date(2026, 11, 22),
        "language": "en",
        "what_happened": "A van at the yard again.",
        "files": (plain_file(),),
    }
    return Report(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything
