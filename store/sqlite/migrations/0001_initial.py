"""Reports, blobs and failure counts: a frozen copy of the models as they first were."""

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    Database,
    DateField,
    IntegerField,
    Model,
    TextField,
)
from playhouse.migrate import SchemaMigrator


def _tables(db: Database) -> list[type[Model]]:
    class Slot(Model):
        id = BlobField(primary_key=True)
        day = DateField()
        state = IntegerField()

        class Meta:
            database = db
            table_name = "slot"
            without_rowid = True

    class Body(Model):
        id = BlobField(primary_key=True)
        digest = BlobField(unique=True)
        envelope = BlobField()

        class Meta:
            database = db
            table_name = "body"
            without_rowid = True

    class Blob(Model):
        id = BlobField(primary_key=True)
        size = BigIntegerField()
        day = DateField()
        kept = BooleanField()
        settled = BooleanField()

        class Meta:
            database = db
            table_name = "blob"
            without_rowid = True
            indexes = ((("kept", "size"), False), (("settled", "kept"), False))

    class Failure(Model):
        day = DateField()
        kind = TextField()
        place = TextField()
        count = IntegerField()

        class Meta:
            database = db
            table_name = "failure"
            without_rowid = True
            primary_key = CompositeKey("day", "kind", "place")

    return [Slot, Body, Blob, Failure]


def up(_migrator: SchemaMigrator, db: Database) -> None:
    db.create_tables(_tables(db), safe=False)


def down(_migrator: SchemaMigrator, db: Database) -> None:
    db.drop_tables(_tables(db), safe=False)
