"""What a report says, as the JSON that is sealed: a versioned schema, its limits and a strict reader.

The web server writes payloads, the desk reads them; neither trusts the other to have kept the limits.
Nothing here knows of Flask, keys or files on a disk. No error and no repr holds a word of a report.
A new field is a new schema number: an older desk then says so, and keeps the envelope.
"""

from payload.errors import BadPayload, UnknownPayload
from payload.report import KIND, SCHEMA, AttachedFile, Report
from payload.strictjson import Fields, loads

__all__ = ["AttachedFile", "BadPayload", "Report", "UnknownPayload", "read"]

_MOST = 2**31  # a schema number beyond this is damage, not news


def read(kind: str | None, data: bytes) -> Report:
    """Read the payload in ``data``, which must be of ``kind`` unless that is None.

    :raises UnknownPayload: it is of a newer schema or of a kind unknown here.
    :raises BadPayload: it breaks its schema, or is of another kind than the envelope says.
    """
    fields = Fields(loads(data))
    schema = fields.number("schema", _MOST)
    if schema > SCHEMA:
        raise UnknownPayload(f"schema {schema}, newer than {SCHEMA}", "schema")
    if schema != SCHEMA:
        raise BadPayload("no schema has this number", "schema")
    found = fields.text("kind", 100)
    if kind is not None and found != kind:
        raise BadPayload("is not the kind that the envelope says", "kind")
    if found != KIND:
        raise UnknownPayload("a kind that this version does not know", "kind")
    return Report.taken(fields)
