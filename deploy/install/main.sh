#!/bin/bash
# The installation itself: run by deploy/install.sh once the release's signature is checked, out of that release.
set -euo pipefail
HERE=$(dirname "$(realpath "$0")")
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$HERE/lib.sh"
# shellcheck source-path=SCRIPTDIR source=answers.sh
. "$HERE/answers.sh"
# shellcheck source-path=SCRIPTDIR source=machine.sh
. "$HERE/machine.sh"
# shellcheck source-path=SCRIPTDIR source=code.sh
. "$HERE/code.sh"
# shellcheck source-path=SCRIPTDIR source=settings.sh
. "$HERE/settings.sh"
# shellcheck source-path=SCRIPTDIR source=services.sh
. "$HERE/services.sh"
# shellcheck source-path=SCRIPTDIR source=upgrade.sh
. "$HERE/upgrade.sh"

RELEASE=$OPT/releases/$VERSION

# Everything but the site's own process: it runs its release, old or new, meanwhile.
prepare() {
    packages
    accounts
    folders
    no_core_dumps
    install_code
    check_team_keys
    put_team_keys
    put_content
    settings
    [ -n "$DRY_RUN" ] || keep_answers
}

first_time() {
    use_release "$RELEASE"
    lay_out "$RELEASE"
    certificate "$RELEASE"
    staff_keys
    enable_units
    vigil publish || fail "the texts cannot be published" "mend what is named above in $CONTENT, and run this again"
    start_site
    start_around restart
}

# The same release again: whatever is missing is put back, and what runs goes on.
again() {
    lay_out "$RELEASE"
    certificate "$RELEASE"
    staff_keys
    enable_units
    vigil publish || fail "the texts cannot be published" "mend what is named above in $CONTENT; the site shows the old ones"
    start_site
    start_around reload-or-restart
}

take_onion_address() {
    local before
    before=$(setting VIGIL_ONION)
    onion_setting
    if [ "$before" != "$(setting VIGIL_ONION)" ] && booted; then
        # Its settings are read by systemd when it starts, so a reload would not do. It has only just begun.
        start_or_fail restart vigil.service
    fi
}

last_words() {
    local state=0
    advice
    if booted; then
        doctor || state=$?
    else
        warn "systemd does not run here, so nothing was started" "start the machine, then: vigil doctor"
    fi
    echo
    [ "$DOMAIN" = none ] || echo "The site:           https://$DOMAIN/"
    [ ! -s /var/lib/tor/vigil/hostname ] || echo "In Tor Browser:     http://$(cat /var/lib/tor/vigil/hostname)/"
    [ ! -s /var/lib/tor/vigil-staff/hostname ] || echo "For staff:          $(cat /var/lib/tor/vigil-staff/hostname)"
    cat <<END

What to do next:
  1. Compare the fingerprint at /keys with what the desk shows.
  2. Send a test report from another device, and fetch it:  vigil export /root/first.tar
     Carry it to the desk, import it, read it. Only then tell people about the site.
  3. Keep the onion service's keys, sealed to the team:      vigil onion-keys /root/onion-keys
  4. Fetch a backup from $BACKUPS now and then: one is made every night.
END
    [ "$STAFF_ONION" = no ] || echo "  5. Let a staff computer in:  vigil-staff-client add NAME (docs/operations.md says how)"
    echo "How to look after it: $OPT/current/docs/operations.md"
    if [ "$state" != 0 ]; then
        fail "the site is installed, and the doctor is not content" "do what it says above, then: vigil doctor"
    fi
}

dry_run() {
    prepare
    lay_out "$UNPACKED"
    certificate "$UNPACKED"
    enable_units
    say "would set the link: $OPT/current -> $RELEASE"
    say "would publish the texts, start the site, and ask its doctor"
    say "nothing was changed"
}

main() {
    local previous
    previous=$(installed_release)
    answers
    check_version
    if [ -n "$DRY_RUN" ]; then
        dry_run
        return
    fi
    prepare
    if [ -z "$previous" ]; then
        first_time
    elif [ "$previous" = "$RELEASE" ]; then
        again
    else
        upgrade "$previous"
        again
    fi
    take_onion_address
    certbot_certificate
    last_words
}

main
