"""`python -m desk`."""

import resource
import signal
import sys
from types import FrameType

from desk.cli import main


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# A crash must not write keys or reports into a core file.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
# Told to end, or its window closed: what is half saved is removed on the way out, as with Ctrl-C.
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
for _signal in _SIGNALS:
    signal.signal(_signal, _stop)
_status = main()
for _signal in _SIGNALS:
    signal.signal(_signal, signal.SIG_DFL)
sys.exit(_status)
