"""What must be read in each sample of ``samples/``, for ever.

A sample is JSON as some version of the site wrote it, or might have. None of them ever changes. A new schema
number comes with samples of its own: a minimal one, a full one, and as many as it takes for each section,
question and choice to stand in one.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from payload import (
    Answers,
    Anything,
    AttachedFile,
    Contact,
    FollowUp,
    Mailbox,
    Reply,
    Report,
    SentReply,
    StaffNote,
    Subject,
)
from payload.changes import (
    Change,
    Event,
    Grade,
    Group,
    Investigation,
    LinkDecision,
    Lock,
    Member,
    Owner,
    Person,
    Read,
    Referred,
    Status,
    Tags,
    Task,
    Text,
)
from payload.contact import Role

FOLDER = Path(__file__).parent / "samples"

_DRAFT = bytes.fromhex("3f0c5d1e9a7b48268d40c1f2a6b3e795")


def _file(number: int, name: str, kind: str, size: int, caption: str = "") -> AttachedFile:
    return AttachedFile(
        blob=bytes([number]) * 16,
        key=bytes([16 + number]) * 32,
        name=name,
        type=kind,
        size=size,
        sha256=bytes([32 + number]) * 32,
        sealed_sha256=bytes([48 + number]) * 32,
        caption=caption,
    )


def _chosen(
    danger: str, timing: str, safe: str, to: str, premises: tuple[str, ...] = (), ages: tuple[str, ...] = ()
) -> Report:
    """Give a report in which nothing is told but one of several choices."""
    return Report(
        draft=_DRAFT,
        received_on=date(2026, 11, 22),
        language="en",
        what_happened="",
        answers=Answers({
            "danger": ({"now": danger},),
            "when": ({"timing": timing},),
            **({"places": tuple({"premises": value} for value in premises)} if premises else {}),
            **({"people": tuple({"age": value} for value in ages)} if ages else {}),
            "consent": ({"safe": safe, "to": to},),
        }),
    )  # fmt: skip


TEXT = "Three boys are kept there.\r\n\tOne said: “Pomóż”. \u202e\u0647\u0646\u0627\u202c \0\x1b[31m 🙂 "

FULL_1 = Report(
    draft=_DRAFT,
    received_on=date(2026, 11, 20),
    language="zh-Hant-TW",
    what_happened=TEXT,
    files=(
        _file(1, "van at night.jpg", "image/jpeg", 1_840_000),
        _file(2, "../../\u202egpj.exe", "", 0),
        _file(3, "", "video/mp4", 2**63 - 1),
    ),
)

ALL_AGES = ("0-9", "10-15", "16-17", "18-24", "25-34", "35-49", "50-64", "65", "unknown")
ALL_PREMISES = (
    "home",
    "farm",
    "factory",
    "building_site",
    "car_wash",
    "salon",
    "food",
    "shop",
    "hotel",
    "care",
    "school",
    "street",
    "transport",
    "online",
    "other",
    "unknown",
)
ALL_CONDUCT = (
    "labour",
    "sexual",
    "domestic",
    "county_lines",
    "cuckooing",
    "begging",
    "wages",
    "organ",
    "child",
    "drugs",
    "weapons",
    "violence",
    "fraud",
    "smuggling",
    "laundering",
    "corruption",
    "other",
    "unknown",
)

FULL_2 = Report(
    draft=_DRAFT,
    received_on=date(2026, 11, 22),
    language="en-GB",
    what_happened=TEXT,
    files=(
        _file(1, "van at night.jpg", "image/jpeg", 1_840_000, "the van, the driver’s face is in the mirror"),
        _file(2, "../../\u202egpj.exe", "", 0),
        _file(3, "", "video/mp4", 2**63 - 1),
    ),
    answers=Answers({
        "danger": ({"now": "yes"},),
        "you": (
            {
                "part": ("saw", "heard", "happened", "work", "professional"),
                "how_known": "I clean there.\r\nThey talk when I am in the room.",
                "who_else": "only my sister",
            },
        ),
        "what": ({"kinds": ALL_CONDUCT},),
        "when": ({"timing": "ongoing", "date": " around May", "pattern": "Friday nights, after ten"},),
        "places": (
            {
                "address": "14a Mill Lane, the flat above",
                "postcode": "zz99 3vz",
                "landmark": "behind the bus station",
                "what3words": "///filled.count.soap",
                "map_reference": "sk 12 34",
                "online": "https://example.org/x?y=<z>&w",
                "premises": "shop",
                "what_happens": "Food is brought in the evening.\nNobody goes out.",
            },
            {"landmark": "the second yard, left of the gate"},
        ),
        "people": (
            {
                "names": "Mace, also “the Uncle”",
                "age": "35-49",
                "build": "thin",
                "height": "about 6 ft",
                "hair": "shaved",
                "face": "grey beard",
                "marks": "a crown on the neck",
                "clothing": "black coat",
                "speech": "speaks very fast",
                "telephone": "(07700) 900 123",
                "accounts": "mace-in-the-flat",
                "address": "near the school",
                "work": "barber",
                "role": "takes the money",
                "weapons": "a knife",
                "dogs": "two, brown",
                "company": "a woman with a red car",
            },
            {"names": "Bo"},
        ),
        "in_need": (
            {
                "how_many": "3 or 4",
                "ages": ALL_AGES,
                "condition": "one limps",
                "may_not": "leave, or use a phone",
                "papers": "the Uncle",
                "languages": "Welsh, I think",
                "needs": "a doctor",
            },
            {"how_many": "one more on Sundays"},
        ),
        "vehicles": (
            {
                "registration": "ab1? c?e",
                "make": "Ford",
                "model": "Transit",
                "colour": "white",
                "marks": "dent, left door",
                "direction": "from the ring road",
                "occupants": "two men",
            },
            {"colour": "red"},
        ),
        "organisation": (
            {"name": "MACE & Sons “Ltd”", "does": "cuts hair, it says", "reached": "0116 496 0000"},
        ),
        "money": (
            {
                "accounts": "00-00-00 12345678",
                "wallets": "bc1q…",
                "shops": "the barber’s",
                "transfers": "by hand",
            },
        ),
        "travel": (
            {"route": "Leeds, Dover, Calais", "port": "Dover", "flight": "XX 123", "boat": "a small one"},
        ),
        "evidence": ({"originals": "on my old phone"},),
        "consent": (
            {
                "safe": "no",
                "may": ("keep", "investigate", "pass_without", "pass_with"),
                "to": "some",
                "agencies": "not the local police",
            },
        ),
        "contact": ({"how": "a letter to the library, for “Anna”", "when": "never at the weekend"},),
    }),
)  # fmt: skip

MAILBOX = Mailbox(bytes(range(256)) * 4 + bytes(range(192)), bytes(range(32)))
FULL_3 = replace(FULL_2, received_on=date(2026, 11, 23), mailbox=MAILBOX)
FULL_FOLLOW_UP = FollowUp(_DRAFT, date(2026, 11, 24), "cy", MAILBOX, TEXT, FULL_2.files)
FULL_REPLY = Reply(
    date(2026, 11, 23), "en", TEXT, (_file(1, "how to stay safe.pdf", "application/pdf", 20_000_000),)
)

_HASH = "5e" * 32
_DECIDED = LinkDecision("aaaaaaaaaa", "bbbbbbbbbb", "registration", "KX61?BC", "confirmed")


def _note(change: Change, subject: Subject | None = None) -> StaffNote:
    return StaffNote(
        bytes.fromhex("0badc0de" * 4),
        datetime(2026, 11, 25, 9, 30, 1, tzinfo=UTC),
        "Zoë",
        "Anna’s desk",
        subject or Subject("draft", _DRAFT),
        change,
    )


_YARD = Subject("investigation", b"y" * 16)

SAMPLES: dict[str, Anything] = {
    "report-1-minimal": Report(_DRAFT, date(2026, 11, 20), "en", ""),
    "report-1-full": FULL_1,
    "report-1-otherwise": FULL_1,
    "report-2-minimal": Report(_DRAFT, date(2026, 11, 22), "en", ""),
    "report-2-full": FULL_2,
    "report-2-otherwise": FULL_2,
    "report-2-choices-1": _chosen("yes", "now", "yes", "any", ALL_PREMISES, ALL_AGES),
    "report-2-choices-2": _chosen("no", "ongoing", "no", "some"),
    "report-2-choices-3": _chosen("unknown", "once", "unknown", "none"),
    "report-2-choices-4": _chosen("yes", "coming", "yes", "any"),
    "report-2-choices-5": _chosen("yes", "unknown", "yes", "any"),
    "report-3-minimal": Report(_DRAFT, date(2026, 11, 23), "en", "", mailbox=MAILBOX),
    "report-3-full": FULL_3,
    "report-3-otherwise": FULL_3,
    "report-3-choices-1": replace(
        _chosen("yes", "now", "yes", "any", ALL_PREMISES, ALL_AGES), mailbox=MAILBOX
    ),
    "report-3-choices-2": replace(_chosen("no", "ongoing", "no", "some"), mailbox=MAILBOX),
    "report-3-choices-3": replace(_chosen("unknown", "once", "unknown", "none"), mailbox=MAILBOX),
    "report-3-choices-4": replace(_chosen("yes", "coming", "yes", "any"), mailbox=MAILBOX),
    "report-3-choices-5": replace(_chosen("yes", "unknown", "yes", "any"), mailbox=MAILBOX),
    "follow-up-1-minimal": FollowUp(_DRAFT, date(2026, 11, 24), "en", MAILBOX, ""),
    "follow-up-1-full": FULL_FOLLOW_UP,
    "follow-up-1-otherwise": FULL_FOLLOW_UP,
    "reply-1-minimal": Reply(date(2026, 11, 23), "en", "."),
    "reply-1-full": FULL_REPLY,
    "reply-1-otherwise": FULL_REPLY,
    "sent-reply-1-minimal": SentReply(
        Reply(date(2026, 11, 23), "en", "."), "", bytes(16), MAILBOX, bytes(16), bytes(16)
    ),
    "sent-reply-1-full": SentReply(
        FULL_REPLY, "Anna’s desk", b"s" * 16, MAILBOX, _DRAFT, bytes.fromhex("0badc0de" * 4)
    ),
    "note-1-minimal": StaffNote(
        bytes(16), datetime(2026, 11, 25, tzinfo=UTC), "", "", Subject("envelope", bytes(32)), Text(".")
    ),
    "note-1-full": _note(Grade(2, "B", "C", "To the police alone."), Subject("mailbox", b"m" * 32)),
    "note-1-text": _note(Text(TEXT)),
    "note-1-status": _note(Status("investigating")),
    "note-1-owner": _note(Owner("")),
    "note-1-tags": _note(Tags(("farm", "Boston"), ("new",))),
    "note-1-read": _note(Read(True, ("0123456789abcdef",))),
    "note-1-task": _note(Task(b"t" * 16, "Ring the council", date(2026, 12, 1), True)),
    "note-1-task-without-a-day": _note(Task(b"t" * 16, "Ring the council")),
    "note-1-event": _note(Event("2026-05", "The van came first.")),
    "note-1-lock": _note(Lock(_HASH, True, "A child is to be seen.")),
    "note-1-referred": _note(Referred("gla", "The GLAA", _HASH, (_HASH,), "2BP", "", 3)),
    "note-1-group": _note(Group("same as aaaaaaaaaa")),
    "note-1-investigation": _note(Investigation("The yard", "Who owns it?", False), _YARD),
    "note-1-member": _note(Member("aaaaaaaaaa", False), _YARD),
    "note-1-person": _note(Person("Jo", "0116 496 0000", "neighbour", False), _YARD),
    "note-1-link": _note(_DECIDED, Subject.of_link(_DECIDED)),
    "contact-1-minimal": Contact(_DRAFT, date(2026, 11, 20), "en", Role.TEAM, "", ".", ""),
    "contact-1-full": Contact(
        _DRAFT, date(2026, 11, 20), "en-GB", Role.EXPERT, "Invoices", TEXT, " 0116 496 0000\n"
    ),
    "contact-1-advocate": Contact(_DRAFT, date(2026, 11, 20), "en", Role.ADVOCATE, "", ".", ""),
    "contact-1-community": Contact(_DRAFT, date(2026, 11, 20), "en", Role.COMMUNITY, "", ".", ""),
    "contact-1-letter": Contact(_DRAFT, date(2026, 11, 20), "en", Role.LETTER, "", ".", ""),
}
