#!/bin/sh
# Called by `make preview`: the site with its drafts, for the one who writes, published again at each change.
# It has a folder of its own in VIGIL_DATA, so that no draft ever lies where a public site looks.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
data=${VIGIL_DATA:-var}
PYTHON=$python scripts/practice-keys.sh
export VIGIL_TEAM_KEYS="${VIGIL_TEAM_KEYS:-$data/team.keys}"
export VIGIL_DATA="$data/preview"
export VIGIL_PRACTICE="${VIGIL_PRACTICE-1}"
umask 077
mkdir -p "$VIGIL_DATA"

"$python" -m flask --app app publish --drafts --watch &
watching=$!
trap 'kill "$watching" 2>/dev/null || true' EXIT
# So that ctrl-C ends the trap's way too.
trap 'exit 130' INT
trap 'exit 143' TERM
"$python" -m gunicorn --config deploy/gunicorn.conf.py --graceful-timeout 2 --workers 1 \
    --bind "127.0.0.1:${PORT:-8002}" 'app:create_app()'
