"""Films and sound: one picture, some sound, or the same tracks in a new file without any tag."""

import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import av

from . import pictures, traces
from .frames import Answer, Cannot
from .kinds import Kind

RATE = 16_000  # samples a second, as much as speech needs
PART = 240  # seconds of sound at once: no browser puts so little into a file of its own
# What a reader is called -> what writes the same kind.
_WRITERS = {
    "mp4": "mp4", "matroska": "matroska", "avi": "avi", "mpegts": "mpegts", "flv": "flv", "mp3": "mp3",
    "aac": "adts", "ogg": "ogg", "flac": "flac", "wav": "wav", "amr": "amr", "caf": "caf",
}  # fmt: skip
_SAYS_NOTHING = frozenset({"VideoHandler", "SoundHandler", "und", "[0][0][0][0]", "Lavf"})
_TELLING = ("title", "artist", "author", "comment", "location", "creation_time", "com.apple.quicktime.make")
_WHOLE = 0.98  # of the packets: readers of sound cut it up anew
_OPTIONS = {
    # No date, no name of the program that wrote it.
    "fflags": "+bitexact",
    "id3v2_version": "0",
    "write_id3v2": "0",
    "write_xing": "0",
}
# Remarks for nobody's eyes between the pictures: an encoder's settings, a camera's own words.
_REMARKS = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}


@contextmanager
def opened(source: BinaryIO, kind: Kind) -> Iterator[Any]:
    """Open a film or a sound as the kind that it is, and as no other: some kinds are lists of other files.

    :raises Cannot: it is damaged.
    """
    source.seek(0)
    av.logging.set_level(None)
    try:
        with av.open(source, format=kind.reader, options={"protocol_whitelist": "none"}) as container:
            yield container
    except (Cannot, MemoryError):
        raise
    # One library of a hundred codecs: it raises what the bytes make it raise.
    except Exception as bad:
        raise Cannot("damaged") from bad


def preview(source: BinaryIO, kind: Kind, answer: Answer, part: int) -> None:
    """Send the first picture of a film, or a part of a sound.

    :raises Cannot: it is damaged, or has not so many parts.
    """
    with opened(source, kind) as container:
        if shown := _tracks(container, "video"):
            _send_picture(container, shown[0], answer)
        elif heard := _tracks(container, "audio"):
            _send_sound(container, heard[0], answer, part)
        else:
            raise Cannot("no-track")


def clean(source: BinaryIO, kind: Kind, answer: Answer) -> None:
    """Send the same tracks in a new file, with no tag in it.

    :raises Cannot: what the file is cannot be written.
    """
    writer = _WRITERS.get(kind.reader)
    if writer is None:
        raise Cannot("no-cleaning")
    out = io.BytesIO()
    with opened(source, kind) as container:
        tracks = [*_tracks(container, "video"), *_tracks(container, "audio")]
        if not tracks:
            raise Cannot("no-track")
        heads = [(track.codec_context.name, bytes(track.codec_context.extradata or b"")) for track in tracks]
        with av.open(out, "w", format=writer, options=_OPTIONS) as written:
            counts = _copy(container, tracks, written)
    traces.write_over(out.getbuffer(), heads)
    _check(out, kind, counts)
    answer.send({"remuxed": kind.code}, out.getbuffer())


def facts(source: BinaryIO, kind: Kind) -> Iterator[tuple[str, str]]:
    """Give what the file and its tracks say of themselves."""
    with opened(source, kind) as container:
        if container.duration:
            yield "Length", f"{container.duration / 1e6:.1f} seconds"
        yield from ((name, value) for name, value in container.metadata.items() if value not in _SAYS_NOTHING)
        for number, stream in enumerate(container.streams):
            yield f"Track {number}", f"{stream.type}, {getattr(stream.codec_context, 'name', 'data')}"
            for name, value in stream.metadata.items():
                if value not in _SAYS_NOTHING:
                    yield f"Track {number}: {name}", value


def _tracks(container: Any, kind: str) -> list[Any]:
    # A picture that goes with a sound, such as a record's cover, is no track.
    return [
        stream
        for stream in getattr(container.streams, kind)
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]


def _send_picture(container: Any, stream: Any, answer: Answer) -> None:
    context = stream.codec_context
    if context.width * context.height > pictures.MOST_PIXELS:
        raise Cannot("too-large")
    context.thread_count = 1
    for frame in container.decode(stream):
        if frame.width * frame.height > pictures.MOST_PIXELS:
            raise Cannot("too-large")
        picture = frame.to_image(threads=1)
        picture.thumbnail((pictures.PREVIEW_SIDE, pictures.PREVIEW_SIDE), reducing_gap=2.0)
        turn = round(getattr(frame, "rotation", 0) or 0)
        if turn:
            picture = picture.rotate(turn, expand=True)
        seconds = int((container.duration or 0) / 1e6)
        pictures.send(answer, picture.convert("RGB"), {"seconds": max(0, seconds)})
        return
    raise Cannot("damaged")


def _send_sound(container: Any, stream: Any, answer: Answer, part: int) -> None:
    stream.codec_context.thread_count = 1
    start, most = 2 * RATE * PART * part, 2 * RATE * PART
    at, samples = 0, bytearray()
    for piece in _samples(container, stream):
        at += len(piece)
        if at > start:
            samples += piece[max(0, start - (at - len(piece))) :]
        if len(samples) > most:
            break
    if not samples:
        raise Cannot("no-part" if part and at else "damaged")
    answer.send({"rate": RATE, "more": len(samples) > most}, memoryview(samples)[:most])


def _samples(container: Any, stream: Any) -> Iterator[bytes]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    frames = container.decode(stream)
    for frame in itertools.chain(frames, (None,)):
        for piece in resampler.resample(frame):
            yield bytes(piece.planes[0])[: 2 * piece.samples]


def _copy(container: Any, tracks: list[Any], written: Any) -> list[int]:
    copies = {track.index: written.add_stream_from_template(track) for track in tracks}
    filters = {
        track.index: av.BitStreamFilterContext(_REMARKS[track.codec_context.name], track, copies[track.index])
        for track in tracks
        if track.type == "video" and track.codec_context.name in _REMARKS
    }
    changed = {track.index: track.codec_context.name for track in tracks if _changes(track)}
    for copy in copies.values():
        copy.metadata.clear()
    written.metadata.clear()
    counts = dict.fromkeys(copies, 0)
    for packet in container.demux(tracks):
        # The last of a track is empty. One without a time of decoding is none: Matroska keeps few of them.
        if not packet.size:
            continue
        index = packet.stream.index
        whole = _without_traces(packet, changed[index]) if index in changed else packet
        for part in filters[index].filter(whole) if index in filters else (whole,):
            part.stream = copies[index]
            written.mux(part)
            counts[index] += 1
    return list(counts.values())


def _changes(track: Any) -> bool:
    return track.type == "video" and traces.changes(track.codec_context.name)


def _without_traces(packet: Any, codec: str) -> Any:
    made = av.Packet(traces.of_packet(codec, bytes(packet)))
    made.pts, made.dts, made.duration = packet.pts, packet.dts, packet.duration
    made.time_base, made.is_keyframe = packet.time_base, packet.is_keyframe
    return made


def _check(copy: BinaryIO, kind: Kind, counts: list[int]) -> None:
    """See that a copy can be opened and has all that was put into it.

    :raises Cannot: it has not, so nobody should take it for the film.
    """
    with opened(copy, kind) as container:
        tracks = [*_tracks(container, "video"), *_tracks(container, "audio")]
        there = dict.fromkeys((track.index for track in tracks), 0)
        for packet in container.demux(tracks):
            there[packet.stream.index] += packet.size > 0
        if len(there) != len(counts) or sum(there.values()) < sum(counts) * _WHOLE:
            raise Cannot("no-cleaning")
        if any(container.metadata.get(name) for name in _TELLING):
            raise Cannot("no-cleaning")
