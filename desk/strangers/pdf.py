"""A PDF of pictures, written here: pages, and not one word of metadata."""

from collections.abc import Iterable
from dataclasses import dataclass, field

HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True)
class Page:
    """A page of ``width`` by ``height`` points, filled by a JPEG of ``pixels`` (width, height)."""

    jpeg: bytes = field(repr=False)
    pixels: tuple[int, int]
    width: int
    height: int


def pdf(pages: Iterable[Page]) -> bytes:
    """Write pages as one document."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids: list[int] = []
    for page in pages:
        first = len(objects) + 1
        kids.append(first)
        drawn = b"q %d 0 0 %d 0 0 cm /P Do Q" % (page.width, page.height)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /XObject << /P %d 0 R >> >> >>" % (page.width, page.height, first + 1, first + 2),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB "
            b"/BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%b\nendstream"
            % (*page.pixels, len(page.jpeg), page.jpeg),
        ]
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), listed)
    return _written(objects)


def _written(objects: list[bytes]) -> bytes:
    out, places = bytearray(HEAD), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
