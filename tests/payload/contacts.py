"""Contacts for tests: any contact that the limits allow, and one plain one."""

from datetime import date

from hypothesis import strategies as st

from payload import Contact
from payload.contact import Role
from tests.payload.reports import texts

contacts = st.builds(
    Contact,
    draft=st.binary(min_size=16, max_size=16),
    received_on=st.dates(),
    language=st.sampled_from(["en", "en-GB", "zh-Hant-TW", "x-1"]),
    to=st.sampled_from(Role),
    topic=texts,
    message=texts.filter(str.strip),
    reach=texts,
)


def plain_contact(**changed: object) -> Contact:
    """Give a short contact, with ``changed`` fields."""
    usual: dict[str, object] = {
        "draft": b"c" * 16,
        "received_on": date(2026, 11, 22),
        "language": "en",
        "to": Role.EXPERT,
        "topic": "Invoices",
        "message": "How would one tell a made-up invoice?",
        "reach": "020 7946 0000, in the evening",
    }
    return Contact(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything
