"""Files of many kinds, with marks planted in all the places where such a file can carry one."""

import io
import struct
from fractions import Fraction

import av
import pillow_heif
from PIL import Image, PngImagePlugin
from PIL.ExifTags import IFD

from tests.desk.strangers.store import zipped

MARK = "Josephine-Planted"  # whoever finds it in a cleaned copy has found a trace
XMP = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description photoshop:AuthorsPosition="{MARK}">'
    f"<dc:creator><rdf:Seq><rdf:li>{MARK}</rdf:li></rdf:Seq></dc:creator>"
    f"</rdf:Description></rdf:RDF></x:xmpmeta>"
).encode()


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """A picture whose left half is red, whose right one is blue."""
    found = Image.new("RGB", (width, height), (255, 0, 0))
    found.paste((0, 0, 255), (width // 2, 0, width, height))
    return found


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a person, a device and a place."""
    found = Image.Exif()
    found[0x010F] = f"{MARK} maker"
    found[0x0110] = f"{MARK} model"
    found[0x013B] = MARK
    found[0x0112] = orientation
    found.get_ifd(IFD.Exif).update({0xA430: MARK, 0xA431: f"{MARK} 12345", 0x9003: "2026:03:01 12:00:00"})
    found.get_ifd(IFD.GPSInfo).update(
        {1: "N", 2: (53.0, 24.0, 36.0), 3: "W", 4: (2.0, 59.0, 24.0), 29: "2026:03:01"}
    )
    return found


def jpeg(orientation: int = 1, **how: object) -> bytes:
    out = io.BytesIO()
    picture().save(out, "JPEG", exif=exif(orientation), xmp=XMP, comment=MARK.encode(), **how)
    return out.getvalue()


def png() -> bytes:
    out, texts = io.BytesIO(), PngImagePlugin.PngInfo()
    texts.add_text("Author", MARK)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    picture().save(out, "PNG", pnginfo=texts, exif=exif())
    return out.getvalue()


def saved(format_: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture().save(out, format_, **how)
    return out.getvalue()


def heic(orientation: int = 1) -> bytes:
    out = io.BytesIO()
    made = pillow_heif.from_pillow(picture())
    made.save(out, exif=exif(orientation).tobytes(), xmp=XMP, quality=90)
    return out.getvalue()


def tone(format_: str, codec: str, seconds: int = 1, rate: int = 16_000) -> bytes:
    """Sound with tags: as a container of ``format_`` with ``codec`` in it."""
    out = io.BytesIO()
    with av.open(out, "w", format=format_) as written:
        written.metadata.update(
            {"title": MARK, "artist": MARK, "comment": MARK, "date": "2026", "location": MARK}
        )
        stream = written.add_stream(codec, rate=rate)
        stream.layout = "mono"
        stream.metadata["title"] = MARK
        _encode_tone(written, stream, seconds, rate)
    return out.getvalue()


def _encode_tone(
    written: av.container.OutputContainer, stream: av.AudioStream, seconds: int, rate: int
) -> None:
    made = 0
    resampler = av.AudioResampler(
        format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size or 1024
    )
    while made < seconds * rate:
        frame = av.AudioFrame("s16", "mono", 1024)
        frame.sample_rate, frame.pts = rate, made
        frame.planes[0].update(
            b"".join(
                ((made + i) * 700 % 20_000 - 10_000).to_bytes(2, "little", signed=True) for i in range(1024)
            )
        )
        made += 1024
        for part in resampler.resample(frame):
            written.mux(stream.encode(part))
    for part in resampler.resample(None):
        written.mux(stream.encode(part))
    written.mux(stream.encode(None))


def film(format_: str = "mp4", codec: str = "mpeg4", *, sound: str = "", frames: int = 5) -> bytes:
    """A film with tags, of the left-red right-blue picture."""
    out = io.BytesIO()
    with av.open(out, "w", format=format_) as written:
        where = "+53.4100-002.9900/"
        written.metadata.update({"title": MARK, "artist": MARK, "location": where, "comment": MARK})
        written.metadata["creation_time"] = "2026-03-01T12:00:00Z"
        stream = written.add_stream(codec, rate=Fraction(5))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.metadata["handler_name"] = MARK
        heard = written.add_stream(sound, rate=16_000) if sound else None
        if heard is not None:
            heard.layout = "mono"
        for number in range(frames):
            frame = av.VideoFrame.from_image(picture())
            frame.pts = number
            written.mux(stream.encode(frame))
        written.mux(stream.encode(None))
        if heard is not None:
            _encode_tone(written, heard, 1, 16_000)
    return out.getvalue()


def turned_film() -> bytes:
    """A film that a telephone held upright took: to be turned a quarter to the right when it is shown."""
    data = bytearray(film())
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    return bytes(data)


def pdf(text: str = "Hello", extra: str = "") -> bytes:
    """A PDF of one page with a name in its Info and in its XMP."""
    drawn = f"BT /F 24 Tf 20 100 Td ({text}) Tj ET 1 0 0 rg 0 0 100 50 re f"
    fonts = "/Resources << /Font << /F 5 0 R >> >>"
    note = f"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /T ({MARK}) /Contents (a note) >>"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R {extra} >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 150] /Contents 4 0 R {fonts} /Annots [ {note} ] >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Type /Metadata /Subtype /XML /Length {len(XMP)} >>\nstream\n{XMP.decode()}\nendstream",
        f"<< /Author ({MARK}) /Title ({MARK}) /Producer ({MARK}) /CreationDate (D:20260301120000Z) >>",
    ]
    out, places = bytearray(b"%PDF-1.6\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{place:010} 00000 n \n" for place in places).encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 7 0 R >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str = "", **parts: bytes | str) -> bytes:
    """A Word document: two paragraphs, a struck-out word, and names all over."""
    body = body or (
        "<w:p><w:r><w:t>The van came</w:t></w:r><w:r><w:tab/><w:t>at nine.</w:t></w:r></w:p>"
        f'<w:p><w:ins w:author="{MARK}"><w:r w:rsidR="00A1B2C3"><w:t>Twice &amp; loud.</w:t></w:r></w:ins>'
        f'<w:del w:author="{MARK}"><w:r><w:delText>{MARK} struck out</w:delText></w:r></w:del></w:p>'
    )
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<?xml version="1.0"?><w:document {_W}><w:body>{body}</w:body></w:document>',
        "docProps/core.xml": f"<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:creator>{MARK}</dc:creator>"
        f"<cp:lastModifiedBy>{MARK} too</cp:lastModifiedBy></cp:coreProperties>",
        "docProps/app.xml": f"<P><Company>{MARK}</Company><Template>{MARK}.dotm</Template></P>",
        "word/settings.xml": f'<w:settings {_W}><w:rsids><w:rsid w:val="00A1B2C3"/></w:rsids></w:settings>',
        **parts,
    })  # fmt: skip


def xlsx() -> bytes:
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "docProps/core.xml": f"<c xmlns:dc='d'><dc:creator>{MARK}</dc:creator></c>",
        "xl/workbook.xml": "<workbook/>",
        "xl/sharedStrings.xml": "<sst><si><t>name</t></si><si><r><t>am</t></r><r><t>ount</t></r></si></sst>",
        "xl/worksheets/sheet1.xml": '<worksheet><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        '<row><c t="inlineStr"><is><t>Kev</t></is></c><c><v>250</v></c></row></worksheet>',
    })  # fmt: skip


def pptx() -> bytes:
    slide = "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>Slide {}</a:t></a:r></a:p></p:sld>"
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "docProps/core.xml": f"<c xmlns:dc='d'><dc:creator>{MARK}</dc:creator></c>",
        "ppt/slides/slide10.xml": slide.format(10),
        "ppt/slides/slide9.xml": slide.format(9),
    })  # fmt: skip


def odt() -> bytes:
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "<o:c xmlns:o='o' xmlns:text='t'><text:h>Head</text:h><text:p>A<text:s text:c='3'/>B"
        f"<o:annotation><text:p>{MARK}</text:p></o:annotation></text:p></o:c>",
        "meta.xml": f"<o:m xmlns:o='o' xmlns:m='m'><m:initial-creator>{MARK}</m:initial-creator></o:m>",
    })  # fmt: skip


RTF = (
    rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\author "
    + MARK.encode()
    + rb"}}\f0 The van\par caf\'e9 \u8364?10 \{x\}}"
)
