#!/bin/bash
# Installs Vigil on a Debian 12 or 13 server of its own, and upgrades it: the same command with a newer release.
# Run it as root, any number of times; what a run cut short left behind, the next one finishes.
#
#   install.sh --release vigil-1.2.3.tar.gz --signers FILE --team-keys team.keys
#
# This file checks the machine and the release's signature. Only then anything of the release is used: the rest is
# done by its own deploy/install/main.sh. What is not given is asked for, or taken from the time before.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

usage() {
    cat <<'END'
usage: install.sh --release TAR [options]      install, or upgrade to a newer release
       install.sh --uninstall [--purge]        stop and remove the site; data and keys stay unless --purge is given
                                              (and --release TAR, where no release is installed any more)

  --release TAR          the release; its signature is beside it, TAR.sig
  --signers FILE         who may sign releases (needed once; then /etc/vigil/release.signers is what counts)
  --team-keys FILE       team.keys, as the desk made it
  --domain NAME|none     the site's name on the open web, or none for an onion service alone
  --onion yes|no         an onion service, for people with Tor Browser
  --staff-onion yes|no   an onion service by which staff fetch reports, so that they never visit the server openly
  --content DIR          the newsroom's texts; without it the starter texts are published
  --email ADDRESS        for Let's Encrypt, which warns there of a certificate that ends
  --no-certificate       no certificate from Let's Encrypt: a self-made one, or the one given by
  --certificate FILE --key FILE
  --yes                  ask nothing: what is not given is as it was, or: no domain, both onion services
  --dry-run              say what would be done, and change nothing
END
}

fail() {
    printf 'install: error: %s\ninstall: hint: %s\n' "$1" "$2" >&2
    exit 1
}

wrong_call() {
    printf 'install: error: %s\ninstall: hint: see install.sh --help\n' "$1" >&2
    exit 2
}

# What was asked for, handed to main.sh under these names.
export GIVEN_TEAM_KEYS='' GIVEN_DOMAIN='' GIVEN_ONION='' GIVEN_STAFF_ONION='' GIVEN_CONTENT='' GIVEN_EMAIL=''
export GIVEN_NO_CERTIFICATE='' GIVEN_CERTIFICATE='' GIVEN_KEY='' ASK=yes DRY_RUN='' PURGE=''
release='' signers='' uninstall=''

yes_or_no() {
    case $2 in yes | no) ;; *) wrong_call "$1 is yes or no, not '$2'" ;; esac
}

options() {
    local option
    while [ $# -gt 0 ]; do
        option=$1
        shift
        case $option in
            --yes) ASK='' && continue ;;
            --dry-run) DRY_RUN=yes && continue ;;
            --uninstall) uninstall=yes && continue ;;
            --purge) PURGE=yes && continue ;;
            --no-certificate) GIVEN_NO_CERTIFICATE=yes && continue ;;
            -h | --help) usage && exit 0 ;;
            --*=*) set -- "${option#*=}" "$@" && option=${option%%=*} ;;
        esac
        [ -n "${1:-}" ] || wrong_call "$option is not known here, or has no value"
        case $option in
            --release) release=$1 ;;
            --signers) signers=$1 ;;
            --team-keys) GIVEN_TEAM_KEYS=$1 ;;
            --domain) GIVEN_DOMAIN=$1 ;;
            --onion) yes_or_no "$option" "$1" && GIVEN_ONION=$1 ;;
            --staff-onion) yes_or_no "$option" "$1" && GIVEN_STAFF_ONION=$1 ;;
            --content) GIVEN_CONTENT=$1 ;;
            --email) GIVEN_EMAIL=$1 ;;
            --certificate) GIVEN_CERTIFICATE=$1 ;;
            --key) GIVEN_KEY=$1 ;;
            *) wrong_call "$option is not known here" ;;
        esac
        shift
    done
    [ -n "$release" ] || [ -n "$uninstall" ] || wrong_call "no release is given"
    [ -z "$PURGE" ] || [ -n "$uninstall" ] || wrong_call "--purge goes with --uninstall"
    # From another folder these names would lead elsewhere.
    local name
    for name in GIVEN_TEAM_KEYS GIVEN_CONTENT GIVEN_CERTIFICATE GIVEN_KEY release signers; do
        [ -z "${!name}" ] || printf -v "$name" '%s' "$(realpath -m -- "${!name}")"
    done
    # Nothing that lies where the operator happens to be is taken for a program's.
    cd /
}

# ---- the machine

check_machine() {
    local id version free
    [ "$(id -u)" = 0 ] || fail "this has to be run by root" "run it with sudo, or as root"
    # shellcheck source=/dev/null
    id=$(. /etc/os-release 2>/dev/null && echo "${ID:-}") || id=''
    # shellcheck source=/dev/null
    version=$(. /etc/os-release 2>/dev/null && echo "${VERSION_ID:-}") || version=''
    case $id:$version in
        debian:12 | debian:13) ;;
        *) fail "this is ${id:-no known system} ${version:-}, and Vigil is installed on Debian 12 or 13" \
            "take a server with Debian 12 or 13 and nothing else on it" ;;
    esac
    mkdir -p /opt
    free=$(df -Pm /opt | awk 'NR == 2 { print $4 }')
    [ "$free" -ge 1500 ] || fail "/opt has ${free} MB free, and 1500 are needed" \
        "free some, or take a larger disk: reports and their files need room too"
    free=$(df -Pm /var | awk 'NR == 2 { print $4 }')
    [ "$free" -ge 1000 ] || fail "/var has ${free} MB free, and 1000 are needed" \
        "free some, or take a larger disk: reports and their files need room too"
}

# A clock that is behind spoils Tor, TLS and the month whose keys are used. A release is never from the future.
check_clock() {
    local made now
    made=$(tar -tzvf "$work/release.tar.gz" --utc --full-time | awk 'NR == 1 { print $4 " " $5 }')
    made=$(date -u -d "$made" +%s)
    now=$(date -u +%s)
    [ "$now" -gt $((made - 86400)) ] || fail "the clock says $(date -u '+%-d %B %Y %H:%M') UTC, before this release was made" \
        "set it: timedatectl set-ntp true, wait a minute, look with: date"
    if [ -d /run/systemd/system ] && [ "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" = no ]; then
        echo "install: warning: nothing sets this machine's clock; when it drifts, Tor stops working" >&2
        echo "install: hint: apt-get install systemd-timesyncd, or chrony" >&2
    fi
}

# ---- the release

INSTALLED_SIGNERS=/etc/vigil/release.signers

check_signers() {
    if [ -e "$INSTALLED_SIGNERS" ]; then
        [ -z "$signers" ] || cmp -s "$signers" "$INSTALLED_SIGNERS" || fail \
            "$signers is not the list of signers that this server trusts, $INSTALLED_SIGNERS" \
            "leave --signers out; or, when the team has told you in person of a new key, copy it there yourself first"
        signers=$INSTALLED_SIGNERS
    fi
    [ -n "$signers" ] || fail "it is not known who may sign releases" \
        "give --signers FILE, from the team and not from where the release came from"
    [ -s "$signers" ] || fail "there is nothing in $signers" "give the list of signers that the team gave you"
}

check_signature() {
    local signer
    [ -f "$release" ] || fail "there is no release at $release" "see that the name is right"
    [ -f "$release.sig" ] || fail "there is no signature at $release.sig" "put it beside the release, from where that came from"
    # What is checked is what is used: a copy that nobody else can change.
    cp -- "$release" "$work/release.tar.gz"
    cp -- "$release.sig" "$work/release.sig"
    cp -- "$signers" "$work/signers"
    signer=$(ssh-keygen -Y find-principals -f "$work/signers" -s "$work/release.sig" 2>/dev/null | head -n 1) || signer=''
    [ -n "$signer" ] || fail "$release is signed by nobody whom $signers names; nothing of it was used" \
        "get the release again from the team; if that does not help, tell the team before you go on"
    ssh-keygen -Y verify -f "$work/signers" -I "$signer" -n vigil-release -s "$work/release.sig" \
        <"$work/release.tar.gz" >/dev/null 2>&1 ||
        fail "$release is not what $signer signed; nothing of it was used" \
            "get the release again from the team; if that does not help, tell the team before you go on"
    echo "install: $(basename "$release") is signed by $signer"
}

unpack() {
    tar -xzf "$work/release.tar.gz" -C "$work/unpacked" --no-same-owner --no-same-permissions \
        --strip-components=1 ||
        fail "$release cannot be unpacked" "see that /tmp has room: df -h /tmp"
    VERSION=$(cat "$work/unpacked/VERSION" 2>/dev/null) || VERSION=''
    [[ $VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
        fail "$release says no version" "a release is made by: make release VERSION= KEY="
}

main() {
    options "$@"
    check_machine
    if [ -n "$uninstall" ]; then
        local remover=/opt/vigil/current/deploy/install/uninstall.sh
        [ ! -e "$remover" ] || exec bash "$remover"
        [ -n "$release" ] || fail "no release is installed here" \
            "to remove what an earlier one left, give any release too: --uninstall --purge --release TAR"
    fi
    if ! command -v ssh-keygen >/dev/null; then
        [ -z "$DRY_RUN" ] || fail "ssh-keygen is missing, which checks the release" "apt-get install openssh-client"
        apt-get -q update || fail "apt-get update failed" "see what it says above, and run this again"
        DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends openssh-client ||
            fail "openssh-client cannot be installed" "see what apt says above, and run this again"
    fi
    work=$(mktemp -d)
    trap 'rm -rf -- "$work"' EXIT
    mkdir "$work/unpacked"
    check_signers
    check_signature
    check_clock
    unpack
    export VERSION SIGNERS=$work/signers UNPACKED=$work/unpacked
    DIGEST=$(sha256sum "$work/release.tar.gz" | cut -d ' ' -f 1)
    export DIGEST
    # Not replaced by it (exec): the trap removes the folder afterwards.
    if [ -n "$uninstall" ]; then
        bash "$UNPACKED/deploy/install/uninstall.sh"
    else
        bash "$UNPACKED/deploy/install/main.sh"
    fi
}

# Read to the end before it begins: half a download does nothing.
main "$@"
