"""The files that come with practice reports: drawn, set and sounded here, each with what such files carry.

A photograph says which telephone took it and where: in the middle of the sea. So does the film.
"""

import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta

import av
import numpy as np
import pillow_heif
import typst
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

WIDE, HIGH = 1280, 960
SEA = (56.0, 0.0, 0.0), (3.0, 0.0, 0.0)  # degrees, minutes, seconds north and east
SEA_ISO = "+56.0000+003.0000/"  # as films write it
_MAKE, _MODEL, _WHEN, _ARTIST, _PLACE, _DETAILS = 0x010F, 0x0110, 0x0132, 0x013B, 0x8825, 0x8769
_TAKEN, _OWNER, _SERIAL = 0x9003, 0xA430, 0xA431


def made(what: str, day: date) -> bytes:
    """Give the bytes of a file, as of a day: ``what`` is a key of ``MAKERS``.

    :raises KeyError: there is no such file.
    """
    return MAKERS[what](day)


def _picture(draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    image = Image.new("RGB", (WIDE, HIGH), (150, 160, 165))
    pen = ImageDraw.Draw(image)
    draw(pen)
    _write(pen, (24, HIGH - 60), "Practice picture: drawn, not photographed", 30)
    return image


def _write(pen: ImageDraw.ImageDraw, where: tuple[float, float], text: str, size: int) -> None:
    pen.text(where, text, fill=(20, 20, 20), font=ImageFont.load_default(size))


def _exif(day: date, *, owner: str = "") -> Image.Exif:
    """Give what a telephone writes into a photograph; with ``owner`` also whose it is."""
    exif = Image.Exif()
    taken = f"{day - timedelta(days=1):%Y:%m:%d} 16:58:11"
    exif[_MAKE], exif[_MODEL], exif[_WHEN] = "Practice", "Practice Phone 12", taken
    details = exif.get_ifd(_DETAILS)
    details[_TAKEN] = taken
    if owner:
        exif[_ARTIST] = owner
        details[_OWNER], details[_SERIAL] = owner, "PRACTICE-000471"
    place = exif.get_ifd(_PLACE)
    place[1], place[2], place[3], place[4] = "N", SEA[0], "E", SEA[1]
    return exif


def _jpeg(draw: Callable[[ImageDraw.ImageDraw], None], *, owner: str = "") -> Callable[[date], bytes]:
    def jpeg(day: date) -> bytes:
        out = io.BytesIO()
        _picture(draw).save(out, "JPEG", quality=80, exif=_exif(day, owner=owner))
        return out.getvalue()

    return jpeg


def _heic(draw: Callable[[ImageDraw.ImageDraw], None]) -> Callable[[date], bytes]:
    def heic(day: date) -> bytes:
        out = io.BytesIO()
        image = pillow_heif.from_pillow(_picture(draw))
        image.save(out, quality=60, exif=_exif(day).tobytes())
        return out.getvalue()

    return heic


def _png(draw: Callable[[ImageDraw.ImageDraw], None], software: str) -> Callable[[date], bytes]:
    def png(_day: date) -> bytes:
        out, said = io.BytesIO(), PngImagePlugin.PngInfo()
        said.add_text("Software", software)
        said.add_text("Author", "Practice scanner, upstairs office")
        _picture(draw).save(out, "PNG", pnginfo=said)
        return out.getvalue()

    return png


def _car(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 620, WIDE, HIGH), fill=(110, 110, 112))
    pen.polygon([(300, 480), (430, 340), (800, 340), (940, 480)], fill=(35, 35, 40))
    pen.rectangle((200, 480, 1060, 680), fill=(25, 25, 28))
    for middle in (370, 890):
        pen.ellipse((middle - 80, 610, middle + 80, 770), fill=(10, 10, 10), outline=(90, 90, 90), width=14)
    pen.rectangle((515, 600, 770, 660), fill=(240, 200, 40))
    _write(pen, (535, 602), "QK68 WLN", 46)
    for left in (60, 1110):
        pen.rectangle((left, 420, left + 110, 640), fill=(40, 110, 60))


def _car_wash(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 640, WIDE, HIGH), fill=(120, 125, 130))
    pen.pieslice((150, 180, 1130, 1160), 180, 360, fill=(125, 80, 65))
    pen.pieslice((270, 320, 1010, 1060), 180, 360, fill=(60, 60, 65))
    pen.rectangle((375, 90, 960, 170), fill=(245, 245, 240))
    _write(pen, (400, 100), "BRIGHT ARCH hand wash", 46)
    pen.rectangle((930, 520, 1160, 700), fill=(200, 200, 190))
    for left in (420, 560, 700):
        pen.ellipse((left, 560, left + 50, 610), fill=(70, 70, 75))
        pen.rectangle((left - 10, 610, left + 60, 740), fill=(70, 70, 75))


def _door(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, WIDE, 840), fill=(45, 42, 40))
    pen.rectangle((420, 90, 860, 840), fill=(120, 95, 70))
    pen.rectangle((780, 470, 900, 530), fill=(190, 190, 195))
    pen.ellipse((800, 540, 860, 600), outline=(190, 190, 195), width=12)
    pen.ellipse((450, 480, 490, 520), fill=(200, 180, 120))


def _padlock(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((120, 60, 700, 900), fill=(90, 30, 35))
    pen.rectangle((780, 160, 1180, 520), fill=(150, 115, 75))
    pen.arc((600, 380, 760, 560), 180, 360, fill=(200, 200, 205), width=22)
    pen.rectangle((590, 465, 770, 610), fill=(200, 170, 60))
    _write(pen, (300, 200), "31", 120)


def _caravans(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, WIDE, 420), fill=(185, 200, 215))
    pen.rectangle((0, 420, WIDE, HIGH), fill=(105, 115, 70))
    for left in (80, 380, 680, 980):
        pen.rounded_rectangle((left, 380, left + 240, 540), 40, fill=(225, 225, 220))
        pen.rectangle((left + 150, 430, left + 190, 540), fill=(120, 120, 120))
    pen.rectangle((700, 250, 1200, 360), fill=(130, 70, 60))


def _note(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((180, 120, 1100, 820), fill=(250, 246, 225))
    for place, line in enumerate(("PLEASE", "NOT MONEY", "ONLY HELP")):
        _write(pen, (300 + 20 * place, 220 + 170 * place), line, 120)


def _screen(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, WIDE, HIGH), fill=(245, 247, 250))
    pen.rectangle((0, 0, WIDE, 110), fill=(20, 60, 95))
    pen.text((40, 28), "HARBOUR VALE INVESTMENTS", fill=(255, 255, 255), font=ImageFont.load_default(48))
    _write(pen, (80, 220), "Your digital bonds", 44)
    _write(pen, (80, 300), "GBP 38,214.07", 110)
    _write(pen, (80, 480), "Withdrawal fee due: GBP 4,000.00", 44)
    _write(pen, (80, 560), "bc1qhv7practice0notreal0address9wallet3xq", 34)


def _document(title: str, author: str, body: str) -> Callable[[date], bytes]:
    def pdf(_day: date) -> bytes:
        source = f'#set document(title: "{title}", author: "{author}")\n#set page(paper: "a5")\n{body}'
        return bytes(typst.compile(source.encode()))

    return pdf


ROTA = """= Bright Arch: August
#table(columns: 4, [name], [days], [owes], [paid],
  [No 1], [31], [£ 640], [£ 0], [No 2], [31], [£ 555], [£ 20], [No 3], [30], [£ 710], [£ 0],
  [No 4], [31], [£ 320], [£ 40], [No 5], [29], [£ 805], [£ 0], [No 6], [31], [£ 640], [£ 0])
Late: £ 20. Sick: £ 30. Boots: £ 60. Talking to customers: £ 50.

D V Valeting, 31 Salt Lane, Aldermouth AM9 1JD"""

CERTIFICATE = """#align(center)[#text(24pt)[Harbour Vale Investments]

#text(16pt)[Digital Bond Certificate No. 0047]

This is to certify that the holder has invested £ 31,000.00 at 9.4 per cent a year, guaranteed.

Julian Frayne, Senior Adviser

https:\\//www.harbourvale-invest.example/ · 020 7946 0818]"""

MESSAGES = """From the second phone. K is saved as +44 7700 900 142

K   fri 16:02   u on the train
him fri 16:05   yes
K   fri 16:05   black golf. dont talk to nobody
K   fri 23:40   2 of each to the church car park
K   sat 01:12   answer
K   sat 01:15   u owe me 480 now dont be late
him sat 01:16   i got robbed its not my fault
K   sat 01:16   not my problem lil bro. u work it off
"""


def _voice(_day: date) -> bytes:
    """Give a voice note of three seconds: notes of music, nobody's voice."""
    rate, out = 48_000, io.BytesIO()
    with av.open(out, "w", format="ogg") as box:
        box.metadata["title"] = "Practice voice note"
        box.metadata["artist"] = "Practice Phone 12"
        stream = box.add_stream("libopus", rate=rate)
        stream.layout = "mono"
        at = np.arange(rate * 3) / rate
        wave = 0.2 * np.sin(2 * np.pi * at * np.where(at % 1 < 0.5, 330.0, 262.0))
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None, :], format="fltp", layout="mono")
        frame.sample_rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            box.mux(packet)
    return out.getvalue()


def _film(day: date) -> bytes:
    """Give a film of three seconds: a boat comes out of the dark."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as box:
        box.metadata["location"] = SEA_ISO
        box.metadata["creation_time"] = f"{day}T03:04:00Z"
        box.metadata["com.android.model"] = "Practice Phone 12"
        stream = box.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for place in range(30):
            image = Image.new("RGB", (640, 480), (12, 16, 28))
            pen = ImageDraw.Draw(image)
            pen.rectangle((0, 300, 640, 480), fill=(20, 30, 48))
            left = 40 + 9 * place
            pen.polygon([(left, 290), (left + 220, 290), (left + 180, 340), (left + 30, 340)], (70, 74, 80))
            frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
            for packet in stream.encode(frame):
                box.mux(packet)
        for packet in stream.encode(None):
            box.mux(packet)
    return out.getvalue()


def _not_a_picture(_day: date) -> bytes:
    """Give what says that it is a picture and begins as a Windows program does; it does nothing."""
    return b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + b"This is a practice file. It is no program.\r\n" * 20


MAKERS: Mapping[str, Callable[[date], bytes]] = {
    "car": _jpeg(_car),
    "car_wash": _jpeg(_car_wash, owner="Practice Customer"),
    "caravans": _jpeg(_caravans),
    "certificate": _document("Bond Certificate", "Practice Office PC 3", CERTIFICATE),
    "door": _jpeg(_door),
    "film": _film,
    "messages": lambda _day: MESSAGES.encode(),
    "not_a_picture": _not_a_picture,
    "note": _png(_note, "Practice Scanner 2"),
    "padlock": _heic(_padlock),
    "rota": _document("Rota", "D Vance", ROTA),
    "screen": _png(_screen, "Practice Screen Capture"),
    "voice": _voice,
}
