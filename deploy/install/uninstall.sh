#!/bin/bash
# Takes the site off this machine. What was received, the backups and the onion service's keys stay, unless --purge is
# given and typed out: without them nobody ever reads those reports, or is found under that address, again.
set -euo pipefail
: "${DRY_RUN=}" "${ASK=yes}" "${PURGE=}"
HERE=$(dirname "$(realpath "$0")")
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$HERE/lib.sh"

MINE=(/usr/local/bin/vigil /usr/local/sbin/vigil-certificate /usr/local/sbin/vigil-staff-client /etc/tor/vigil.torrc
    /etc/sysctl.d/60-vigil.conf /etc/systemd/system/tor@default.service.d/vigil.conf
    /etc/systemd/system/nginx.service.d/vigil.conf)

agree() {
    local answer
    if [ -n "$PURGE" ]; then
        printf '%s\n' "This deletes, for good: every report that no desk has fetched, the backups on this machine, the" \
            "newsroom's texts in /srv/vigil, the onion service's keys (its address can then be used by nobody again)," \
            "the certificate and the settings."
        [ -t 0 ] || [ -z "$ASK" ] || say "type it out on standard input"
        read -r -p "Type 'delete everything' to go on: " answer || answer=''
        [ "$answer" = 'delete everything' ] || fail "nothing was removed" "leave --purge out to keep data and keys"
    elif [ -n "$ASK" ]; then
        read -r -p "Stop and remove the site? Data, backups and keys stay. yes or no: " answer || answer=''
        [ "$answer" = yes ] || fail "nothing was removed" "answer yes, or give --yes"
    fi
}

stop() {
    local unit
    for unit in /etc/systemd/system/vigil*.timer /etc/systemd/system/vigil*.socket /etc/systemd/system/vigil.service; do
        [ -e "$unit" ] || continue
        run systemctl --quiet disable "$(basename "$unit")"
        ! booted || run systemctl stop "$(basename "$unit")"
    done
}

# With Debian's own configuration nginx would keep a log of addresses, from the next start of the machine on.
switch_off() {
    run systemctl --quiet disable "$1"
    ! booted || run systemctl stop "$@"
    [ -n "$DRY_RUN" ] || say "$1 is switched off, also for the next start of the machine"
}

switch_off_around() {
    [ ! -e /etc/systemd/system/nginx.service.d/vigil.conf ] || switch_off nginx.service
    if [ -e /etc/tor/vigil.torrc ] && ! tor_has_more; then
        switch_off tor.service tor@default.service
    fi
}

# Whether tor does anything else here than ours.
tor_has_more() {
    grep -Evqs '^[[:space:]]*(#|$|%include /etc/tor/vigil\.torrc$)' /etc/tor/torrc
}

remove() {
    run rm -f -- /etc/systemd/system/vigil*.service /etc/systemd/system/vigil*.socket \
        /etc/systemd/system/vigil*.timer "${MINE[@]}"
    [ ! -e /etc/tor/torrc ] || run sed -i '\|^%include /etc/tor/vigil.torrc$|d' /etc/tor/torrc
    [ ! -e /etc/apparmor.d/local/system_tor ] || run sed -i '\|run/vigil.*\.sock rw,$|d' /etc/apparmor.d/local/system_tor
    run rm -rf -- "$OPT" /etc/vigil/nginx /var/lib/vigil-acme /var/cache/vigil-staff
    if booted; then
        run systemctl daemon-reload
        # What it does besides goes on.
        ! tor_has_more || run systemctl try-restart tor@default.service
    fi
}

purge() {
    local left
    run rm -rf -- "$DATA" "$BACKUPS" /srv/vigil /etc/vigil /var/lib/tor/vigil /var/lib/tor/vigil-staff
    for left in "$DATA".before.* "$DATA".failed.*; do
        [ ! -e "$left" ] || run rm -rf -- "$left"
    done
    ! getent passwd vigil >/dev/null || run userdel vigil
    ! getent group vigil >/dev/null || run groupdel vigil
}

[ -e "$ETC" ] || [ -e "$OPT" ] || fail "Vigil is not installed here" "there is nothing to remove"
[ -n "$DRY_RUN" ] || agree
stop
switch_off_around
remove
if [ -n "$PURGE" ]; then
    purge
    say "everything is gone; what the disk may still hold, only destroying it removes"
else
    say "the site is removed; these stay: $DATA, $BACKUPS, $CONTENT, $ETC, /var/lib/tor/vigil, /var/lib/tor/vigil-staff"
    say "to install it again on them, run install.sh with the release as before"
fi
