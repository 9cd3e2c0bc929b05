#!/bin/bash
# Puts what belongs outside of the release's own folder where systemd, tor, nginx and the shell look for it. Of the
# release that this file is in: so going back to an older release puts back what that one needs.
set -euo pipefail
: "${DRY_RUN=}"
HERE=$(dirname "$(realpath "$0")")
DEPLOY=$(dirname "$HERE")
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$HERE/lib.sh"
# shellcheck source-path=SCRIPTDIR source=answers.sh
. "$HERE/answers.sh"

UNITS=(vigil.service vigil.socket vigil-onion.socket vigil-sweep.service vigil-sweep.timer vigil-backup.service
    vigil-backup.timer)

units() {
    local unit again=''
    for unit in "${UNITS[@]}"; do
        put 0644 root:root "/etc/systemd/system/$unit" <"$DEPLOY/systemd/$unit"
        again=$again$CHANGED
    done
    if [ "$ONION" = yes ] || [ "$STAFF_ONION" = yes ]; then
        put 0644 root:root /etc/systemd/system/tor@default.service.d/vigil.conf <"$DEPLOY/systemd/tor.conf"
        again=$again$CHANGED
    fi
    if [ "$DOMAIN" != none ]; then
        put 0644 root:root /etc/systemd/system/nginx.service.d/vigil.conf <"$DEPLOY/nginx/nginx.service.conf"
        again=$again$CHANGED
    fi
    if [ "$STAFF_ONION" = yes ]; then
        for unit in vigil-staff.socket vigil-staff@.service; do
            put 0644 root:root "/etc/systemd/system/$unit" <"$DEPLOY/staff/$unit"
            again=$again$CHANGED
        done
    fi
    [ -z "$again" ] || ! booted || run systemctl daemon-reload
}

commands() {
    put 0755 root:root /usr/local/bin/vigil <"$DEPLOY/vigil"
    [ "$DOMAIN" = none ] || put 0755 root:root /usr/local/sbin/vigil-certificate <"$DEPLOY/nginx/certificate.sh"
    [ "$STAFF_ONION" = no ] ||
        put 0755 root:root /usr/local/sbin/vigil-staff-client <"$DEPLOY/staff/vigil-staff-client"
}

# Debian's own torrc stays, with one line more.
torrc() {
    local main=/etc/tor/torrc web=$DEPLOY/torrc
    ! behind_onionbalance || web=$DEPLOY/cluster/torrc-backend
    [ "$ONION" = yes ] || [ "$STAFF_ONION" = yes ] || return 0
    {
        if [ "$ONION" = yes ]; then
            cat "$web"
        else
            grep -Ev '^(#|HiddenService)' "$DEPLOY/torrc"
        fi
        [ "$STAFF_ONION" = no ] || cat "$DEPLOY/torrc-staff"
    } | put 0644 root:root /etc/tor/vigil.torrc
    if ! grep -qsx '%include /etc/tor/vigil.torrc' "$main"; then
        if [ -n "$DRY_RUN" ]; then
            say "would add to $main: %include /etc/tor/vigil.torrc"
        else
            printf '%%include /etc/tor/vigil.torrc\n' >>"$main"
        fi
    fi
    if [ -d /etc/apparmor.d ]; then
        apparmor
    fi
}

# Debian's file of local rules for tor may have others in it.
apparmor() {
    local rule file=/etc/apparmor.d/local/system_tor added=''
    while IFS= read -r rule; do
        if ! grep -qsxF -- "$rule" "$file"; then
            added=yes
            [ -z "$DRY_RUN" ] || { say "would add to $file: $rule" && continue; }
            mkdir -p /etc/apparmor.d/local
            printf '%s\n' "$rule" >>"$file"
        fi
    done < <(grep '^/' "$DEPLOY/apparmor/system_tor.local")
    if [ -n "$added" ] && booted && [ -e /etc/apparmor.d/system_tor ] && command -v apparmor_parser >/dev/null; then
        run apparmor_parser -r /etc/apparmor.d/system_tor
    fi
}

# One of several web machines (docs/cluster.md) has a certificate of its own, which names its address among the others.
address_among_others() {
    openssl x509 -in /etc/vigil/cluster/web.pem -noout -ext subjectAltName |
        sed -nE 's/.*IP Address:([0-9A-Fa-f.]+)(,.*)?$/\1/p; s/.*IP Address:([0-9A-Fa-f:]+)(,.*)?$/[\1]/p' | grep .
}

nginx_files() {
    local site=$DEPLOY/nginx/vigil.conf address=''
    [ "$DOMAIN" != none ] || return 0
    if [ -e /etc/vigil/cluster/web.pem ]; then
        site=$DEPLOY/cluster/nginx-web.conf
        address=$(address_among_others) || fail "/etc/vigil/cluster/web.pem names no address" "make it by certificates.sh"
    fi
    put 0644 root:root /etc/vigil/nginx/nginx.conf <"$DEPLOY/nginx/nginx.conf"
    sed "s/@DOMAIN@/$DOMAIN/g; s/@ADDRESS@/$address/g" "$site" | put 0644 root:root /etc/vigil/nginx/vigil.conf
    folder 0755 root:root /var/lib/vigil-acme
}

staff_files() {
    [ "$STAFF_ONION" = yes ] || return 0
    put 0644 root:root /etc/vigil/sshd_config <"$DEPLOY/staff/sshd_config"
}

if [ -n "${LAID_OUT_ANSWERS:-}" ]; then
    # Of a run that only says what it would do: nothing is written down yet.
    DOMAIN=$GIVEN_DOMAIN ONION=$GIVEN_ONION STAFF_ONION=$GIVEN_STAFF_ONION
else
    known_answers
fi
units
commands
torrc
nginx_files
staff_files
