#!/bin/sh
# Called by `make desk`: the practice desk's page on this machine, made with its keys where there is none yet.
set -eu
data=${VIGIL_DATA:-var}
home=$data/practice-desk
if [ ! -e "$home" ]; then
    scripts/practice-keys.sh
fi
if [ ! -e "$home" ]; then
    echo "desk: error: there is no practice desk in $data, and the team's keys there are those of another desk" >&2
    echo "desk: hint: open that by: python -m desk --home DIR serve; or try things out with VIGIL_DATA=another-folder" >&2
    exit 1
fi
echo "The practice desk in $home; its passphrase is: practice"
exec "${PYTHON:-python3}" -m desk --home "$home" serve --port "${DESK_PORT:-8100}"
