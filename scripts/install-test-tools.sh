#!/bin/sh
# Installs what the tests and the bench drive beside Python: tor, two browsers, strace, Java (for the HTML
# checker), PostgreSQL and what makes several of it one, npm and what tests/package.json names. Called by `make test`; quick when all is there.
#
# As root on Debian it asks apt. Elsewhere it says what is missing, and the tests that need it are left out
# and counted. With CI set nothing may be left out: what is missing then is an error.
set -eu
cd "$(dirname "$0")/.."

# One line a tool: the command that shows it is there, the Debian package, what it is for.
tools='tor            tor                      a private Tor network, and the site as an onion service
tor-gencert    tor                      the keys of that network
chromium       chromium                 the pages in Chromium, with JavaScript and without
firefox-esr    firefox-esr              the pages in Firefox, without JavaScript
strace         strace                   what the server writes to disk, and in which order
faketime       faketime                 the server while its clock is wrong
java           default-jre-headless     the HTML checker
psql           postgresql               the store on PostgreSQL
patroni        patroni                  several PostgreSQL that stand in for each other
etcd           etcd-server              what they agree by on who leads
etcdctl        etcd-client              the same, looked at
ip             iproute2                 networks of their own, to be cut
onionbalance   onionbalance             several onion services at one address
age            age                      sealing, to compare ours with
gpg            gpg                      the same
nginx          nginx-light              the site behind nginx
sshd           openssh-server           the onion service for staff
nc             netcat-openbsd           ssh through Tor
openssl        openssl                  keys for computers of the staff
bwrap          bubblewrap               the user that the ssh server for staff runs as
mmdebstrap     mmdebstrap               the installer, on a Debian of its own
shellcheck     shellcheck               the shell scripts
systemd-analyze systemd                 what the units may do
npm            npm                      the judges of pages: axe, the Nu checker, Lighthouse'

missing() {
    printf '%s\n' "$tools" | while read -r command package purpose; do
        command -v "$command" >/dev/null 2>&1 || printf '%s\t%s\t%s\n' "$command" "$package" "$purpose"
    done
}

can_install() {
    [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null 2>&1
}

lacking=$(missing)
if [ -n "$lacking" ] && can_install; then
    # Debian's patroni lacks a module that it speaks TLS by.
    packages=$(printf '%s\n' "$lacking" | cut -f 2 | sort -u | sed 's/^patroni$/patroni python3-idna/' | tr '\n' ' ')
    echo "install-test-tools: installing $packages"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # The tests start what they need themselves: no server of these is to run on this machine, now or later.
    services=$(printf '%s\n' "$lacking" | cut -f 1 | sed -n 's/^sshd$/ssh/p; s/^psql$/postgresql/p
        /^nginx$/p; /^tor$/p; /^patroni$/p; /^etcd$/p; /^onionbalance$/p')
    quiet=/usr/sbin/policy-rc.d
    if [ ! -e "$quiet" ]; then
        trap 'rm -f "$quiet"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$quiet"
        chmod 755 "$quiet"
    fi
    # shellcheck disable=SC2086  # a list of packages, to be split
    apt-get install -q -y --no-install-recommends $packages
    for service in $services; do
        [ ! -d /run/systemd/system ] || systemctl disable --quiet "$service"
    done
    lacking=$(missing)
fi

if [ -n "$lacking" ]; then
    printf '%s\n' "$lacking" | while IFS='	' read -r command package purpose; do
        echo "install-test-tools: $command is missing, so left out: $purpose" >&2
        echo "install-test-tools: hint: as root on Debian, apt-get install $package" >&2
    done
    [ -z "${CI:-}" ] || exit 1
fi

command -v npm >/dev/null 2>&1 || exit 0
# Nothing to do when the last installation was of this very lock file.
stamp=tests/node_modules/.installed-lock.json
if ! cmp -s tests/package-lock.json "$stamp"; then
    # No scripts: the HTML checker's would download a Java of its own.
    npm ci --prefix tests --ignore-scripts --no-audit --no-fund --loglevel=error
    cp tests/package-lock.json "$stamp"
fi
