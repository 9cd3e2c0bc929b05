"""How PostgreSQL's server is set: what it writes down of order and time, and how many copies there are.

The settings that are asked for are those of deploy/cluster/patroni.yml.
"""

from typing import Any, LiteralString

from store.looking import Remark
from store.postgres.connection import Connection

SETTINGS, COPIES, LOG, LINE = "database settings", "database copies", "database log", "database line"
GUIDE = "docs/capacity.md says how"
# What loses acknowledged reports when the power fails.
SAFE = {"fsync": {"on"}, "full_page_writes": {"on"}}
WAITED_FOR = {"on", "remote_write", "remote_apply"}
# What would write of a request, or when something was written, into files that stay.
QUIET = {
    "track_commit_timestamp": {"off"},
    "log_statement": {"none"},
    "log_duration": {"off"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "log_transaction_sample_rate": {"0"},
    "log_min_error_statement": {"log", "fatal", "panic"},
    "log_min_messages": {"log", "fatal", "panic"},
    "log_error_verbosity": {"terse"},
    "log_parameter_max_length_on_error": {"0"},
    "log_connections": {"off"},
    "log_disconnections": {"off"},
    "log_lock_waits": {"off"},
    "log_temp_files": {"-1"},
    "log_checkpoints": {"off"},
    "log_autovacuum_min_duration": {"-1"},
}
# What keeps the log that the sweep wants to be rid of.
FORGETFUL = {"archive_mode": {"off"}, "wal_recycle": {"off"}, "wal_keep_size": {"0"}}
_RIGHTS = (
    "SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE'),"
    " (SELECT bool_or(pg_has_role(oid, 'USAGE')) FROM pg_roles WHERE rolname = 'pg_checkpoint'),"
    " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
)
_SLOTS = (
    "SELECT slot_name::text, active, COALESCE(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint"
    " FROM pg_replication_slots ORDER BY slot_name"
)
# Of a copy's state a role without pg_monitor sees nothing.
_COPIES = (
    "SELECT count(*), count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')),"
    " count(*) FILTER (WHERE sync_state IS NULL) FROM pg_stat_replication"
)
_LINE = (
    "SELECT COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),"
    " COALESCE(inet_client_addr() = inet_server_addr() OR inet_client_addr() << '127.0.0.0/8', true)"
)
# What a copy that is away may keep of the log before it is told, in bytes.
MUCH = 64 * 1024 * 1024


def remarks(connection: Connection) -> tuple[Remark, ...]:
    """Say what the server is like to which a connection leads.

    :raises psycopg.Error: it cannot be asked
    """
    rows = connection.execute("SELECT name::text, setting::text FROM pg_settings").fetchall()
    settings = {str(name): str(setting) for name, setting in rows}
    return _settings(settings), _copies(connection, settings), _log(connection, settings), _line(connection)


def _settings(settings: dict[str, str]) -> Remark:
    unsafe = _other(settings, SAFE)
    if unsafe:
        what = f"{unsafe}: what was acknowledged may be lost when the power fails"
        return Remark(SETTINGS, good=False, what=what, hint=GUIDE)
    loud = _other(settings, QUIET)
    if loud:
        what = f"it writes down when somebody came, or more: {loud}"
        return Remark(SETTINGS, good=None, what=what, hint=GUIDE)
    if settings.get("data_checksums") == "off":
        hint = "pg_checksums --enable, while the server is stopped"
        return Remark(SETTINGS, good=None, what="a damaged page is not noticed: no checksums", hint=hint)
    return Remark(SETTINGS, good=True, what="safe when the power fails, and nothing of a request is logged")


def _copies(connection: Connection, settings: dict[str, str]) -> Remark:
    copies, waited_for, unknown = _row(connection, _COPIES)
    names = settings.get("synchronous_standby_names", "")
    if settings.get("synchronous_commit") not in WAITED_FOR:
        what = "what is acknowledged is not on the disk yet (synchronous_commit)"
        return Remark(COPIES, good=False, what=what, hint=GUIDE)
    if names and unknown and not waited_for:
        hint = "GRANT pg_monitor lets this see it"
        return Remark(COPIES, good=None, what=f"{copies} in all; which are waited for is not seen", hint=hint)
    if not names or not waited_for:
        what = f"what is acknowledged is on one database machine only; copies that follow: {copies}"
        hint = "back up every day; docs/cluster.md has what it takes to lose nothing with a machine"
        return Remark(COPIES, good=None, what=what, hint=hint)
    return Remark(COPIES, good=True, what=f"{copies}, of which {waited_for} waited for before an answer")


def _log(connection: Connection, settings: dict[str, str]) -> Remark:
    may_switch, may_checkpoint, is_superuser = _row(connection, _RIGHTS)
    slots = connection.execute(_SLOTS).fetchall()
    behind = [f"{name} ({size >> 20:,} MB)" for name, _, size in slots if size > MUCH]
    away = [str(name) for name, active, _ in slots if not active]
    kept = _other(settings, FORGETFUL)
    found = [
        *([f"its settings keep it: {kept}"] if kept else []),
        *([f"it is kept for copies that are far behind: {', '.join(behind)}"] if behind else []),
        *([f"it is kept for copies that are away: {', '.join(away)}"] if away else []),
    ]
    if not is_superuser and not (may_switch and may_checkpoint):
        found.append("this role may not let go of it at night")
    if found:
        what = f"who wrote before whom, and when, stays after the sweep: {'; '.join(found)}"
        return Remark(LOG, good=None, what=what, hint=GUIDE)
    return Remark(LOG, good=True, what="the sweep lets go of it every night")


def _line(connection: Connection) -> Remark:
    encrypted, local = _row(connection, _LINE)
    if not encrypted and not local:
        what = "what goes to the database and back is not encrypted"
        return Remark(LINE, good=False, what=what, hint="add sslmode=verify-full to VIGIL_DATABASE_URL")
    return Remark(LINE, good=True, what="encrypted" if encrypted else "it does not leave this machine")


def _other(settings: dict[str, str], wanted: dict[str, set[str]]) -> str:
    """Give the settings that are not as wanted; one that this server does not have is not missed."""
    others = [name for name, values in wanted.items() if settings.get(name, "") not in values | {""}]
    return ", ".join(f"{name} = {settings[name]}" for name in others)


def _row(connection: Connection, query: LiteralString) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    return () if row is None else tuple(row)
