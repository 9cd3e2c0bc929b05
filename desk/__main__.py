"""`python -m desk`."""

import resource
import sys

from desk.cli import main

# A crash must not write keys or reports into a core file.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.exit(main())
