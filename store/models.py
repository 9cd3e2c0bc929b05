"""The tables. Days, random ids, no rowids: what a row says is all it says.

No table joins a report to its blobs: only the sealed envelope knows them. A slot (what is answered about)
stands apart from the body (the sealed bytes), so that the one can go without the other. No model is bound
to a database: every query names the one it runs on. A change here goes with a file in the migrations/ of
each engine.
"""

from enum import IntEnum

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    DateField,
    IntegerField,
    Model,
    TextField,
)

# Of slots, blobs and replies.
ID_BYTES = 16
# As long for every row, whatever it names; random bytes for a row that nobody comes back to.
RECORD_BYTES = 681


class State(IntEnum):
    """What has become of a slot: its envelope waits for the desk, or the desk has it and here it is gone."""

    KEPT = 1
    COLLECTED = 2


# Rows lie whole in the tree of their table, four to a page. An index of the ids alone is small: a hundred ids
# that somebody guesses are looked up in it, and nothing else is read.
IDS = ((("id",), False),)


class Slot(Model):
    """One report: its random-looking id (16 bytes), its UTC day, its state.

    ``record``: 681 sealed bytes for the source alone. ``expires``: after this day a sweep takes the row; a
    report that waits for the desk has no such day.
    """

    id = BlobField(primary_key=True)
    day = DateField()
    state = IntegerField()
    record = BlobField()
    expires = DateField(null=True)

    class Meta:
        table_name = "slot"
        without_rowid = True
        indexes = IDS


class Body(Model):
    """The sealed envelope of the slot of the same id, and its SHA-256 digest."""

    id = BlobField(primary_key=True)
    digest = BlobField(unique=True)
    envelope = BlobField()

    class Meta:
        table_name = "body"
        without_rowid = True


class Blob(Model):
    """One sealed file in the blobs folder: random id (16 bytes), sealed size, UTC day.

    ``kept``: a report has claimed it, or a reply brought it. ``claims``: how many reports here name it, none
    for what came with a reply; it goes when the last of these is deleted. ``settled``: a sweep has moved it
    to a new inode since, in random order. ``expires``: it came with a reply, and a sweep takes it after this
    day; for what came with a report there is no such day.
    """

    id = BlobField(primary_key=True)
    size = BigIntegerField()
    day = DateField()
    kept = BooleanField()
    settled = BooleanField()
    expires = DateField(null=True)
    claims = IntegerField(default=0)

    class Meta:
        table_name = "blob"
        without_rowid = True
        # How much waits for a report, and how much of a day's files is claimed; what waits for a sweep: few
        # beside all that is kept.
        indexes = ((("kept", "day", "size", "expires"), False), (("settled", "kept"), False))


# Queries name these; SQL needs a comparison where Python would not.
CLAIMED = Blob.kept == True  # noqa: E712 - SQL, not Python
UNCLAIMED = Blob.kept == False  # noqa: E712 - SQL, not Python
OF_REPORTS = Blob.expires.is_null()
UNSETTLED = Blob.settled == False  # noqa: E712 - SQL, not Python


class Reply(Model):
    """One sealed reply: an id that only its mailbox and the desks can tell, its UTC day, its last day."""

    id = BlobField(primary_key=True)
    day = DateField()
    envelope = BlobField()
    expires = DateField()

    class Meta:
        table_name = "reply"
        without_rowid = True
        indexes = IDS


class Mark(Model):
    """A desk holds this thing, opened and whole: an envelope by its digest, or a blob by its id."""

    thing = BlobField()
    desk = BlobField()

    class Meta:
        table_name = "mark"
        without_rowid = True
        primary_key = CompositeKey("thing", "desk")


class Desk(Model):
    """The last bundle from the desk with this signing key: its sequence number, its manifest's digest."""

    sign = BlobField(primary_key=True)
    seq = BigIntegerField()
    manifest = BlobField()

    class Meta:
        table_name = "desk"
        without_rowid = True


class Refused(Model):
    """A reply that could not be taken, to be told to its desk with the next export."""

    slot = BlobField()
    desk = BlobField()
    why = TextField()

    class Meta:
        table_name = "refused"
        without_rowid = True
        primary_key = CompositeKey("slot", "desk")


class Signer(Model):
    """A desk's signing key that a trusted list has ever named, and the UTC day of the first that did.

    For the desks of the very first list that is the first day there is: nothing here is older than they are.
    """

    sign = BlobField(primary_key=True)
    day = DateField()

    class Meta:
        table_name = "signer"
        without_rowid = True


class Trusted(Model):
    """The newest list of team keys that was ever trusted here, as it came: at most one row."""

    id = IntegerField(primary_key=True)
    keys = BlobField()

    class Meta:
        table_name = "trusted"
        without_rowid = True


class Failure(Model):
    """How often something unexpected happened at a place in the code on a UTC day; never its values."""

    day = DateField()
    kind = TextField()
    place = TextField()
    count = IntegerField()

    class Meta:
        table_name = "failure"
        without_rowid = True
        primary_key = CompositeKey("day", "kind", "place")


MODELS = (Slot, Body, Blob, Reply, Mark, Desk, Refused, Signer, Trusted, Failure)
