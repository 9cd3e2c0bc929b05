"""Return codes: a slot's record and its end, replies, what desks hold, and what their bundles brought.

Slots that are here already get a random record: no return code was ever given for them.
"""

import secrets
import sqlite3

from peewee import (
    BigIntegerField,
    BlobField,
    CompositeKey,
    Database,
    DateField,
    IntegerField,
    Model,
    TextField,
)
from playhouse.migrate import SchemaMigrator, migrate

RECORD_BYTES = 681


def _tables(db: Database) -> list[type[Model]]:
    class Reply(Model):
        id = BlobField(primary_key=True)
        day = DateField()
        envelope = BlobField()
        expires = DateField()

        class Meta:
            database = db
            table_name = "reply"
            without_rowid = True
            indexes = ((("id",), False),)

    class Mark(Model):
        thing = BlobField()
        desk = BlobField()

        class Meta:
            database = db
            table_name = "mark"
            without_rowid = True
            primary_key = CompositeKey("thing", "desk")

    class Desk(Model):
        sign = BlobField(primary_key=True)
        seq = BigIntegerField()
        manifest = BlobField()

        class Meta:
            database = db
            table_name = "desk"
            without_rowid = True

    class Refused(Model):
        slot = BlobField()
        desk = BlobField()
        why = TextField()

        class Meta:
            database = db
            table_name = "refused"
            without_rowid = True
            primary_key = CompositeKey("slot", "desk")

    class Signer(Model):
        sign = BlobField(primary_key=True)
        day = DateField()

        class Meta:
            database = db
            table_name = "signer"
            without_rowid = True

    class Trusted(Model):
        id = IntegerField(primary_key=True)
        keys = BlobField()

        class Meta:
            database = db
            table_name = "trusted"
            without_rowid = True

    return [Reply, Mark, Desk, Refused, Signer, Trusted]


def _slot_before(db: Database) -> type[Model]:
    class Before(Model):
        id = BlobField(primary_key=True)
        day = DateField()
        state = IntegerField()

        class Meta:
            database = db
            table_name = "slot_copy"
            without_rowid = True

    return Before


def _slot_after(db: Database) -> type[Model]:
    class After(Model):
        id = BlobField(primary_key=True)
        day = DateField()
        state = IntegerField()
        record = BlobField()
        expires = DateField(null=True)

        class Meta:
            database = db
            table_name = "slot_copy"
            without_rowid = True

    return After


def _rebuild_slots(db: Database, copy: type[Model], record: bool) -> None:
    # SQLite adds no column that must not be null to rows that are there.
    db.create_tables([copy], safe=False)
    rows = _run(db, "SELECT id, day, state FROM slot ORDER BY id").fetchall()
    for slot, day, state in rows:
        more = {"record": secrets.token_bytes(RECORD_BYTES)} if record else {}
        copy.insert(id=slot, day=day, state=state, **more).execute()
    _run(db, "DROP TABLE slot")
    _run(db, "ALTER TABLE slot_copy RENAME TO slot")


def _run(db: Database, sql: str) -> sqlite3.Cursor:
    cursor: sqlite3.Cursor = db.execute_sql(sql)  # type: ignore[no-untyped-call]  # peewee leaves it untyped
    return cursor


def up(migrator: SchemaMigrator, db: Database) -> None:
    db.create_tables(_tables(db), safe=False)
    _rebuild_slots(db, _slot_after(db), record=True)
    migrate(
        migrator.add_column("blob", "expires", DateField(null=True)),
        migrator.drop_index("blob", "blob_kept_day_size"),
        migrator.add_index("blob", ("kept", "day", "size", "expires")),
        migrator.add_index("slot", ("id",)),
    )
    # What two reports name counts for one: nothing says so any more, and no return code deletes either.
    _run(db, 'ALTER TABLE blob ADD COLUMN "claims" INTEGER NOT NULL DEFAULT 0')
    _run(db, "UPDATE blob SET claims = 1 WHERE kept")


def down(migrator: SchemaMigrator, db: Database) -> None:
    # Files of replies would pass for files of reports: without their rows, the next sweep takes them away.
    _run(db, "DELETE FROM blob WHERE expires IS NOT NULL")
    migrate(
        migrator.drop_index("blob", "blob_kept_day_size_expires"),
        migrator.drop_column("blob", "expires"),
        migrator.drop_column("blob", "claims"),
        migrator.add_index("blob", ("kept", "day", "size")),
    )
    _rebuild_slots(db, _slot_before(db), record=False)
    db.drop_tables(_tables(db), safe=False)
