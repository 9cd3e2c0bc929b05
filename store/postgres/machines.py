"""The table `machine`: what each web machine tells of itself, by the day."""

from collections.abc import Callable
from datetime import date, timedelta

from peewee import BlobField, CompositeKey, DateField, IntegerField, Model, TextField

from store.engine import Database
from store.machines import WebMachine

# One that was not heard of for so long is no machine of the site's any more.
DAYS_SILENT = 30


class Machine(Model):
    """One web machine; see `WebMachine`."""

    name = TextField()
    host = BlobField()
    day = DateField()
    release = TextField()
    texts = BlobField()
    static = BlobField()
    form_keys = BlobField()
    team = IntegerField()
    swept = DateField(null=True)

    class Meta:
        table_name = "machine"
        primary_key = CompositeKey("name", "host")


class Machines:
    """The web machines that share this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, machine: WebMachine) -> None:
        """Put what is known of a machine in the place of what was; ``swept`` stays as it is noted.

        :raises StoreError: the database failed
        """
        row = {name: getattr(machine, name) for name in _NOTED}
        latest = {getattr(Machine, name): value for name, value in row.items() if name not in _KEY}
        silent = Machine.day < machine.day - timedelta(days=DAYS_SILENT)

        def put() -> None:
            with self._database.writing():
                Machine.insert(row).on_conflict(
                    conflict_target=[Machine.name, Machine.host], update=latest
                ).execute(self._database)
                Machine.delete().where(silent).execute(self._database)

        self._again(put)

    def note_swept(self, name: str, host: bytes, day: date) -> None:
        """Note that a machine, which is noted already, has swept.

        :raises StoreError: the database failed
        """
        mine = (Machine.name == name) & (Machine.host == host)

        def put() -> None:
            with self._database.writing():
                Machine.update(swept=day).where(mine).execute(self._database)

        self._again(put)

    def all(self) -> list[WebMachine]:
        """Give all of them, by name and host.

        :raises StoreError: the database failed
        """
        fields = [getattr(Machine, name) for name in (*_NOTED, "swept")]
        query = Machine.select(*fields).order_by(Machine.name, Machine.host)
        with self._database.reading():
            return [_of(row) for row in query.tuples().execute(self._database)]

    def _again(self, call: Callable[[], None]) -> None:
        self._database.again(call)


_KEY = ("name", "host")
_NOTED = (*_KEY, "day", "release", "texts", "static", "form_keys", "team")


def _of(row: tuple[object, ...]) -> WebMachine:
    values = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    return WebMachine(*values)  # type: ignore[arg-type]  # the columns, in the order of the fields
