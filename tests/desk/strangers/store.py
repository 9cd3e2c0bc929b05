"""A casebook with one attachment in it, sealed as a server would, and files of many kinds made here."""

import io
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path

from crypto.attachment import AttachmentSealer
from desk.casebook import Casebook
from payload import AttachedFile


def stored(
    folder: Path, data: bytes, name: str = "file", type_: str = "application/octet-stream"
) -> tuple[Casebook, AttachedFile]:
    """Seal ``data`` into a casebook; give both."""
    casebook = Casebook(folder / "casebook")
    casebook.blob_folder.mkdir(parents=True, exist_ok=True)
    sealer = AttachmentSealer()
    sealed = sealer.write(data) + b"".join(sealer.finish())
    file = AttachedFile(
        blob=secrets.token_bytes(16),
        key=sealer.key.reveal(),
        name=name,
        type=type_,
        size=len(data),
        sha256=sealer.sha256(),
        sealed_sha256=sealer.sealed_sha256(),
    )
    casebook.blob(file.sealed_sha256.hex()).write_bytes(sealed)
    return casebook, file


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """Make a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for name, data in parts.items():
            found.writestr(name, data)
    return out.getvalue()
