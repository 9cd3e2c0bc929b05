#!/bin/sh
# Pins what requirements/*.in names, with hashes. Called by `make lock`; run it to take up new releases.
# Usage: scripts/lock.sh PYTHON [pip-compile options, such as --upgrade]
set -eu
cd "$(dirname "$0")/.."
python=$1
shift
compile() {
    source=$1
    target=$2
    shift 2
    CUSTOM_COMPILE_COMMAND="make lock" "$python" -m piptools compile --quiet --strip-extras \
        --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --output-file "$target" "$@" "$source"
}
compile requirements/server.in requirements.txt "$@"
compile requirements/desk.in requirements-desk.txt "$@"
compile requirements/dev.in requirements-dev.txt "$@"
