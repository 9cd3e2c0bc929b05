#!/bin/sh
# A backup of what the site holds, into /var/backups/vigil: sealed bytes only. Run every night by
# vigil-backup.service, and by the installer before an upgrade; as the user vigil, with the site's settings.
#
# The newest 2 are kept (VIGIL_BACKUPS), because what a source deletes is in them still. Where they would leave less
# than a fifth of the disk free, one: room for what sources send comes first. A backup on the same disk helps against
# mistakes, not against a lost machine: fetch one now and then.
#
# Usage: backup.sh [FOLDER]
set -eu
umask 077
cd "$(dirname "$0")/.."
folder=${1:-/var/backups/vigil}
most=${VIGIL_BACKUPS:-2}
case $most in
    [1-9]) ;;
    *)
        echo "vigil: error: VIGIL_BACKUPS is '$most', and has to be a number from 1 to 9" >&2
        echo "vigil: hint: correct that line in /etc/vigil/vigil.env" >&2
        exit 1
        ;;
esac

# By name, which is by age: vigil-2026-03-09.1.tar, vigil-2026-03-09.2.tar.
kept() {
    find "$folder" -maxdepth 1 -name 'vigil-????-??-??.*.tar' | LC_ALL=C sort -V
}

free_percent() {
    df -P "$folder" | awk 'NR == 2 { print int(100 * $4 / $2) }'
}

size() {
    wc -c <"$1"
}

# Where nothing is kept here any more, older backups may be all that there is: only others as small go then.
nothing_kept() {
    [ "$(.venv/bin/python -m deploy.install.database empty "${VIGIL_DATA:-/var/lib/vigil}")" = empty ]
}

# Of those that are given, one a line; status 1 where none may go, or only one is left.
remove_oldest() {
    [ "$(kept | wc -l)" -gt 1 ] || return 1
    for oldest in $(kept); do
        if [ -n "$spare" ] && [ "$(size "$oldest")" -gt "$spare" ]; then
            continue
        fi
        [ "$oldest" != "$new" ] || continue
        rm -f "$oldest"
        echo "vigil: $(basename "$oldest") is removed"
        return 0
    done
    return 1
}

make_room() {
    while [ "$(free_percent)" -lt 20 ]; do
        remove_oldest || break
    done
}

day=$(date -u +%Y-%m-%d)
# Higher than any of the day: what is newest by its name is newest.
last=$(kept | sed -n "s/.*-$day\\.\\([0-9]*\\)\\.tar\$/\\1/p" | tail -n 1)
new=$folder/vigil-$day.$((${last:-0} + 1)).tar

spare=''
if nothing_kept && [ "$(kept | wc -l)" -gt 0 ]; then
    # In bytes: more than a backup of nothing has, less than one of a single report's file.
    spare=1000000
    echo "vigil: warning: nothing is kept here; backups of more than a megabyte stay until something is" >&2
    echo "vigil: hint: was a restore cut short? see: vigil doctor" >&2
fi

make_room
until said=$(.venv/bin/python -m flask --app app backup "$new" 2>&1); do
    case $said in
        *"has room for"* | *"No space left"*) remove_oldest && continue ;;
    esac
    # Also where it is there, and something was lost before: older ones may hold that, and stay.
    printf '%s\n' "$said" >&2
    exit 1
done
printf '%s\n' "$said"

while [ "$(kept | wc -l)" -gt "$most" ]; do
    remove_oldest || break
done
make_room
