#!/bin/sh
# Makes a cluster as deploy/cluster/ describes it on this one machine, and takes its parts away while 50 sources
# report: the leader of the databases loses its power, is cut off, its standby is cut off, a web machine loses
# its power, PostgreSQL is killed, the leader's disk is full. Then a practice desk says what came.
#
# For anyone with Debian, as root; it takes ten minutes. All of it runs in namespaces of its own, sees no other
# network, and ends with this script. `scripts/failover.sh --help` says what can be chosen.
set -eu
cd "$(dirname "$0")/.."

[ -x .venv/bin/python ] || make --no-print-directory dev
[ "$(id -u)" != 0 ] || command -v patroni >/dev/null 2>&1 || scripts/install-test-tools.sh
exec .venv/bin/python -m tests.soak "$@"
