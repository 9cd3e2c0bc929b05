"""The tables. Days, random ids, no rowids: what a row says is all it says.

No table joins a report to its blobs: only the sealed envelope knows them. A slot (what is answered about)
stands apart from the body (the sealed bytes), so that the one can go without the other. No model is bound
to a database: every query names the one it runs on. A change here goes with a file in migrations/.
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


class State(IntEnum):
    """What has become of a slot."""

    KEPT = 1


class Slot(Model):
    """One report: its random id (16 bytes), its UTC day, its state."""

    id = BlobField(primary_key=True)
    day = DateField()
    state = IntegerField()

    class Meta:
        table_name = "slot"
        without_rowid = True


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

    ``kept``: a report has claimed it. ``settled``: a sweep has moved it to a new inode since, in random
    order.
    """

    id = BlobField(primary_key=True)
    size = BigIntegerField()
    day = DateField()
    kept = BooleanField()
    settled = BooleanField()

    class Meta:
        table_name = "blob"
        without_rowid = True
        # How much waits for a report, and how much of a day's files is claimed; what waits for a sweep: few
        # beside all that is kept.
        indexes = ((("kept", "day", "size"), False), (("settled", "kept"), False))


# Queries name these; SQL needs a comparison where Python would not.
CLAIMED = Blob.kept == True  # noqa: E712 - SQL, not Python
UNCLAIMED = Blob.kept == False  # noqa: E712 - SQL, not Python
UNSETTLED = Blob.settled == False  # noqa: E712 - SQL, not Python


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


MODELS = (Slot, Body, Blob, Failure)
