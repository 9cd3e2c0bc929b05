"""What a nightly sweep does is each engine's own; what it tells, and how long things stay, is not."""

from dataclasses import dataclass

# Two whole days lie between the day of an upload and the day on which it goes: 48 hours at least.
DAYS_PENDING = 2
DAYS_OF_FAILURES = 366


@dataclass(frozen=True)
class SweepReport:
    """What a sweep did, in numbers of blobs, but for slots and replies.

    ``unclaimed``: gone, no report claimed them in time. ``partial``: gone, aborted uploads. ``moved``:
    copied to new places in random order. ``left``: not copied, for want of room. ``lost``: claimed by
    reports, and not there. ``wanted``: how many bytes have to be free for the database to be rewritten; 0
    where it was. ``slots``, ``replies``, ``reply_blobs``: gone, their last day was over; slots are
    those of collected reports.
    """

    unclaimed: int
    partial: int
    moved: int
    left: int
    lost: int
    wanted: int = 0
    slots: int = 0
    replies: int = 0
    reply_blobs: int = 0
