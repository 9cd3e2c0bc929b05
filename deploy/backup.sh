#!/bin/sh
# A backup of what the site holds, into /var/backups/vigil: sealed bytes only. Run every night by
# vigil-backup.service, and by the installer before an upgrade; as the user vigil, with the site's settings.
#
# The newest 7 are kept. Where they would leave less than a fifth of the disk free, fewer: room for what sources
# send comes first. The newest always stays. A backup on the same disk helps against mistakes, not against a lost
# machine: fetch one now and then.
#
# Usage: backup.sh [FOLDER]
set -eu
umask 077
cd "$(dirname "$0")/.."
folder=${1:-/var/backups/vigil}
most=7

# By name, which is by age: vigil-2026-03-09.1.tar, vigil-2026-03-09.2.tar.
kept() {
    find "$folder" -maxdepth 1 -name 'vigil-????-??-??.?.tar' | LC_ALL=C sort
}

free_percent() {
    df -P "$folder" | awk 'NR == 2 { print int(100 * $4 / $2) }'
}

remove_oldest() {
    oldest=$(kept | head -n 1)
    rm -f "$oldest"
    echo "vigil: $(basename "$oldest") is removed"
}

make_room() {
    while [ "$(kept | wc -l)" -gt 1 ] && [ "$(free_percent)" -lt 20 ]; do
        remove_oldest
    done
}

day=$(date -u +%Y-%m-%d)
number=1
while [ -e "$folder/vigil-$day.$number.tar" ]; do
    number=$((number + 1))
    if [ "$number" -gt 9 ]; then
        echo "vigil: error: there are nine backups of $day in $folder" >&2
        echo "vigil: hint: remove those that you do not need, or wait for tomorrow" >&2
        exit 1
    fi
done
new=$folder/vigil-$day.$number.tar

make_room
.venv/bin/python -m flask --app app backup "$new"

while [ "$(kept | wc -l)" -gt "$most" ]; do
    remove_oldest
done
make_room
