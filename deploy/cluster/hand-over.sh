#!/bin/sh
# /usr/local/sbin/vigil-hand-over on each database machine, run as postgres by vigil-hand-over.timer: where this machine
# leads and its disk is nearly full, its standby takes the lead, within seconds and with all that was acknowledged.
# PostgreSQL itself would go on leading, and refuse every report.
#
# Not more than once an hour: where all disks are full, the lead is not to go round.
set -eu

CONFIG=/etc/patroni/config.yml DATA=/var/lib/postgresql
STAMP=${STAMP:-/run/postgresql/handed-over}
LEAST_MB=${LEAST_MB:-500}

free=$(df --output=avail --block-size=1M "$DATA" | tail -n 1)
[ "$free" -lt "$LEAST_MB" ] || exit 0
[ -z "$(find "$STAMP" -mmin -60 2>/dev/null)" ] || exit 0
# Where PostgreSQL does not answer, there is no lead to give away.
[ "$(psql -XAtqd postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ] || exit 0
standby=$(psql -XAtqd postgres -c "SELECT application_name FROM pg_stat_replication WHERE sync_state = 'sync' LIMIT 1")
[ -n "$standby" ] || exit 0
echo "vigil-hand-over: $free MB are free, less than $LEAST_MB: $standby takes the lead; make room on this machine" >&2
touch "$STAMP"
exec patronictl -c "$CONFIG" switchover vigil --candidate "$standby" --force
