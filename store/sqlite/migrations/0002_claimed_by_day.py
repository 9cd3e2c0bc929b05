"""How much of a day's files is claimed is asked at every upload: the index of what waits has the day too."""

from peewee import Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, _db: Database) -> None:
    migrate(
        migrator.drop_index("blob", "blob_kept_size"),
        migrator.add_index("blob", ("kept", "day", "size")),
    )


def down(migrator: SchemaMigrator, _db: Database) -> None:
    migrate(
        migrator.drop_index("blob", "blob_kept_day_size"),
        migrator.add_index("blob", ("kept", "size")),
    )
