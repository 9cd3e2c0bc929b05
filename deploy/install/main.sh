#!/bin/bash
# The installation itself: run by deploy/install.sh once the release's signature is checked, out of that release.
set -euo pipefail
HERE=$(dirname "$(realpath "$0")")
cd /
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
PUBLISHED=''

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

# Puts in place whatever is missing, and starts it; what runs goes on. The first time that is everything.
set_up() {
    local before how=$1
    lay_out "$RELEASE"
    certificate "$RELEASE"
    staff_keys
    enable_units
    open_doors
    start_around "$how"
    before=$(setting VIGIL_ONION)
    onion_setting
    if [ "$before" != "$(setting VIGIL_ONION)" ] && booted && running; then
        warn "the site does not know its onion address yet" "at a quiet time: systemctl restart vigil"
    fi
    [ -n "$PUBLISHED" ] || vigil publish || fail "the texts cannot be published" \
        "mend what is named above in $CONTENT, then run this again; what was published before stays"
    start_site
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
    ! has_onion_name vigil || echo "In Tor Browser:     http://$(onion_name vigil)/"
    ! has_onion_name vigil-staff || echo "For staff:          $(onion_name vigil-staff)"
    cat <<END

What to do next, before you tell anybody about the site:
  1. Put the newsroom's own words into $CONTENT: name, reading, next and url in site.toml, and pages/about.md.
     Promise only what you keep. Then:  vigil publish && systemctl reload vigil
  2. Compare the fingerprint at /keys with what the desk shows.
  3. Send a test report from another device, fetch it, carry it to the desk, read it, answer it. Fetch it by
     vigil-fetch on the staff computer, or here:  vigil export /root/test-\$(date +%F).tar
  4. Keep the onion service's keys, sealed to the team:  vigil onion-keys /root/onion-keys-\$(date +%F)
  5. Fetch a backup from $BACKUPS now and then: one is made every night.
END
    [ "$STAFF_ONION" = no ] || echo "  6. Let a staff computer in:  vigil-staff-client add NAME (docs/operations.md says how)"
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
    previous=$(release_before)
    answers
    check_version
    if [ -n "$DRY_RUN" ]; then
        dry_run
        return
    fi
    prepare
    if [ -z "$previous" ]; then
        use_release "$RELEASE"
        set_up restart
    else
        if [ "$previous" = "$RELEASE" ]; then
            end_going_back "$previous"
        else
            upgrade "$previous"
        fi
        set_up reload-or-restart
    fi
    certbot_certificate
    last_words
}

main
