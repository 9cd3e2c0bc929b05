# shellcheck shell=bash
# What runs: started, handed over to a new release, and asked how it is.

# Seconds that a new release has until it serves.
PATIENCE=${PATIENCE:-180}

lay_out() {
    if [ -n "$DRY_RUN" ]; then
        LAID_OUT_ANSWERS=yes GIVEN_DOMAIN=$DOMAIN GIVEN_ONION=$ONION GIVEN_STAFF_ONION=$STAFF_ONION \
            bash "$1/deploy/install/lay_out.sh"
    else
        bash "$1/deploy/install/lay_out.sh"
    fi
}

certificate() {
    [ "$DOMAIN" != none ] || return 0
    local sign="$1/deploy/nginx/certificate.sh"
    if [ -n "$GIVEN_CERTIFICATE" ]; then
        run sh "$sign" install "$GIVEN_CERTIFICATE" "$GIVEN_KEY"
    elif [ ! -e "$CHAIN" ] || { [ "$CERTIFICATE" != own ] && ! names_domain; }; then
        # So that nginx can start, and answer Let's Encrypt; or it is of the name that the site had before.
        run sh "$sign" temporary "$DOMAIN"
    elif ! names_domain; then
        warn "the certificate is not for $DOMAIN: browsers warn of this site" \
            "get one for that name: vigil-certificate install CHAIN KEY"
    fi
}

CHAIN=/etc/vigil/tls/chain.pem

names_domain() {
    openssl x509 -in "$CHAIN" -noout -checkhost "$DOMAIN" 2>/dev/null | grep -q 'does match'
}

# Once nginx answers on port 80.
certbot_certificate() {
    [ "$DOMAIN" != none ] && [ "$CERTIFICATE" = certbot ] || return 0
    local live=/etc/letsencrypt/live/$DOMAIN
    if [ -e "$live/fullchain.pem" ]; then
        # After another name in between, the site has a self-made one.
        cmp -s "$live/fullchain.pem" "$CHAIN" || run env RENEWED_LINEAGE="$live" /usr/local/sbin/vigil-certificate renewed ||
            warn "the certificate for $DOMAIN cannot be used" "get another: vigil-certificate get $DOMAIN $EMAIL"
    elif ! booted; then
        warn "there is no certificate from Let's Encrypt yet" "after a start: vigil-certificate get $DOMAIN $EMAIL"
    elif ! run /usr/local/sbin/vigil-certificate get "$DOMAIN" "$EMAIL"; then
        warn "until Let's Encrypt gives a certificate, browsers warn of this site" \
            "see what it says above; then: vigil-certificate get $DOMAIN $EMAIL"
    fi
}

staff_keys() {
    [ "$STAFF_ONION" = no ] || run /usr/local/sbin/vigil-staff-client init
}

enable_units() {
    local units=(vigil.socket vigil.service vigil-sweep.timer vigil-backup.timer)
    [ "$ONION" = no ] || units+=(vigil-onion.socket)
    [ "$STAFF_ONION" = no ] || units+=(vigil-staff.socket)
    run systemctl --quiet enable "${units[@]}"
    if [ "$DOMAIN" != none ]; then
        run systemctl --quiet enable nginx.service
    elif [ -e /etc/vigil/nginx/vigil.conf ]; then
        # The site had a name on the open web, and has none any more.
        run systemctl --quiet disable nginx.service
        ! booted || run systemctl stop nginx.service
        run rm -f -- /etc/vigil/nginx/vigil.conf /etc/systemd/system/nginx.service.d/vigil.conf
        ! booted || run systemctl daemon-reload
        say "nginx is switched off: the site has no name on the open web any more"
    fi
    if [ "$ONION" = yes ] || [ "$STAFF_ONION" = yes ]; then
        run systemctl --quiet enable tor.service
    fi
}

start_or_fail() {
    run systemctl "$1" "$2" || fail "$2 does not start" "see why: journalctl -u $2 -n 30; mend it, and run this again"
}

# From now on systemd holds what comes in, until the site runs. It opens no new door to a site that runs: that one is
# started again.
open_doors() {
    local door doors=(vigil.socket) closed=''
    booted || return 0
    [ "$ONION" = no ] || doors+=(vigil-onion.socket)
    for door in "${doors[@]}"; do
        systemctl --quiet is-active "$door" >/dev/null 2>&1 || closed=yes
    done
    if [ -n "$closed" ] && running; then
        say "the site gets another door, and is stopped for a moment: uploads under way end first, or are cut off"
        run systemctl stop vigil.socket vigil.service ||
            fail "the site does not stop" "see why: journalctl -u vigil -n 30; then run this again"
    fi
    # That of the clear web last: whoever comes there starts the site, with all doors that are open by then.
    [ "$ONION" = no ] || start_or_fail start vigil-onion.socket
    start_or_fail start vigil.socket
    [ "$STAFF_ONION" = no ] || start_or_fail start vigil-staff.socket
}

start_site() {
    local each
    booted || return 0
    for each in vigil.service vigil-sweep.timer vigil-backup.timer; do
        start_or_fail start "$each"
    done
}

# Tor and nginx take up what was laid out for them: restarted the first time, then reloaded, which cuts nothing off.
start_around() {
    booted || return 0
    if [ "$ONION" = yes ] || [ "$STAFF_ONION" = yes ]; then
        start_or_fail "$1" tor@default.service
        [ "$ONION" = no ] || wait_for 60 has_onion_name vigil ||
            fail "tor has made no onion address" "see why: journalctl -u tor@default -n 30"
    fi
    if [ "$DOMAIN" != none ]; then
        run nginx -t -q -c /etc/vigil/nginx/nginx.conf ||
            fail "nginx refuses its configuration" "see what it says above"
        start_or_fail "$1" nginx.service
    fi
}

main_process() {
    systemctl show -p MainPID --value vigil.service
}

running() {
    [ "$(main_process)" != 0 ]
}

# A new master is in place, and runs this release's code.
handed_over() {
    local now
    now=$(main_process)
    [ "$now" != "$1" ] && [ "$now" != 0 ] && [ "/proc/$now/cwd" -ef "$2" ]
}

# Have the site run what `current` leads to. Status 1: it does not, and what ran before may still.
hand_over() {
    local before
    before=$(main_process)
    if [ "$before" = 0 ]; then
        systemctl restart vigil.service || return 1
    else
        systemctl reload vigil.service || return 1
    fi
    wait_for "$PATIENCE" handed_over "$before" "$1"
}

doctor() {
    vigil doctor "$@"
}
