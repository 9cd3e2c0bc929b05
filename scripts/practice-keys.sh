#!/bin/sh
# Called by `make serve`: practice keys and a practice desk for a data folder that has no team keys yet.
# With VIGIL_TEAM_KEYS set there is nothing to make: those are the site's keys.
set -eu
data=${VIGIL_DATA:-var}
if [ -n "${VIGIL_TEAM_KEYS:-}" ] || [ -e "$data/team.keys" ]; then
    exit 0
fi
umask 077
mkdir -p "$data"
echo "No team keys in $data yet: making practice keys and a practice desk (passphrase: practice)"
exec "${PYTHON:-python3}" -m desk --home "$data/practice-desk" init --practice --team-keys "$data/team.keys"
