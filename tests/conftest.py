"""What every test shares: how hard hypothesis looks, and an environment without the caller's settings."""

import os

from hypothesis import HealthCheck, settings

from tests.counts import count

# No deadline: machines are noisy, and a slow example is no failure.
settings.register_profile(
    "vigil",
    max_examples=count(30, 500),
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("vigil")

for name in [name for name in os.environ if name.startswith("VIGIL_") and name != "VIGIL_SOAK"]:
    del os.environ[name]
for name in ("DESK_PASSPHRASE_FILE", "DESK_IDENTITY_PASSPHRASE_FILE"):
    os.environ.pop(name, None)
