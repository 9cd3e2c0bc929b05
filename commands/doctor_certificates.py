"""The certificates by which this machine and its database know each other: how long they last.

All machines of a cluster have theirs from one day, or nearly; when they end, everything stops at once.
"""

from datetime import date
from pathlib import Path

from commands.doctor_check import Check, Patient, good, look, wrong

CERTIFICATES = "certificates"
DAYS_AHEAD = 60
ANEW = "make new ones for every machine, by deploy/cluster/certificates.sh; docs/cluster.md says how"


def checks(patient: Patient) -> list[Check]:
    """Look at the files that the database's URL names; nothing where it names none."""
    named = [path for path in _named(patient.settings.database_url) if path.is_file()]
    if not named:
        return []
    try:
        ends = {path: _end(path) for path in named}
    except OSError as error:
        return [
            wrong(CERTIFICATES, f"{error.filename} cannot be read: {error.strerror}", "let vigil read it")
        ]
    except ValueError:
        return [wrong(CERTIFICATES, "a file that the database's URL names holds no certificate", ANEW)]
    first = min(ends, key=lambda path: ends[path])
    return [_judged(first, ends[first], patient.today)]


def _judged(path: Path, end: date, today: date) -> Check:
    left = (end - today).days
    if left < 0:
        return wrong(CERTIFICATES, f"{path} ended on {end}: this machine cannot get to its database", ANEW)
    if left <= DAYS_AHEAD:
        return look(CERTIFICATES, f"{path} ends on {end}, and others of that day with it", ANEW)
    return good(CERTIFICATES, f"those of this machine and its authority last until {end} at least")


def _named(url: str | None) -> list[Path]:
    """Give the certificates that a URL names: this machine's own, and the authority's."""
    if url is None:
        return []
    # Only here: a site on SQLite loads nothing of PostgreSQL's.
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        # The site says so itself, when it starts.
        return []
    return [Path(str(parts[name])) for name in ("sslcert", "sslrootcert") if parts.get(name)]


def _end(path: Path) -> date:
    """Give the last day on which all certificates of a file are good.

    :raises OSError: it cannot be read
    :raises ValueError: it holds none
    """
    # Only here: no other command has to do with certificates.
    from cryptography import x509

    found = x509.load_pem_x509_certificates(path.read_bytes())
    return min(each.not_valid_after_utc for each in found).date()
