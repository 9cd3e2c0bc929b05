# shellcheck shell=bash
# What every step of the installer uses. Nothing here knows of Vigil but where it lies.
# shellcheck disable=SC2034  # used by those who read this file

# Another root is for `--dry-run` and for reading; nothing is installed anywhere else.
OPT=/opt/vigil
ETC=/etc/vigil
DATA=/var/lib/vigil
BACKUPS=/var/backups/vigil
CONTENT=/srv/vigil/content
ANSWERS=$ETC/install.conf
CHANGED=''

fail() {
    printf 'install: error: %s\ninstall: hint: %s\n' "$1" "$2" >&2
    exit 1
}

warn() {
    printf 'install: warning: %s\ninstall: hint: %s\n' "$1" "$2" >&2
}

say() {
    printf 'install: %s\n' "$*"
}

# Run a command that changes something; with --dry-run, say so instead.
run() {
    if [ -n "$DRY_RUN" ]; then
        say "would run: $*"
    else
        "$@"
    fi
}

# Standard input becomes FILE with this mode and owner, whole or not at all; CHANGED tells whether it was new. What
# somebody else wrote into a file of ours is kept beside it, as FILE.own.
put() {
    local mode=$1 owner=$2 file=$3 new
    CHANGED=''
    new=$(mktemp)
    cat >"$new"
    if [ -e "$file" ] && cmp -s "$new" "$file"; then
        rm -f -- "$new"
        [ -n "$DRY_RUN" ] || { chown "$owner" "$file" && chmod "$mode" "$file"; }
        return
    fi
    CHANGED=yes
    if [ -n "$DRY_RUN" ]; then
        say "would write: $file"
        rm -f -- "$new"
        return
    fi
    mkdir -p -- "$(dirname "$file")"
    if [ -e "$file" ] && [ "$(written "$file")" != "$(digest "$file")" ]; then
        cp -p -- "$file" "$file.own"
        warn "$file was changed by hand; it is as the release has it now, and yours is $file.own" \
            "tell the team what you needed: the next upgrade replaces it again"
    fi
    install -m "$mode" -o "${owner%:*}" -g "${owner#*:}" -- "$new" "$file.new"
    sync -- "$file.new"
    mv -f -- "$file.new" "$file"
    rm -f -- "$new"
    remember "$file"
}

digest() {
    sha256sum <"$1" | cut -d ' ' -f 1
}

# What the installer wrote where, so that it knows its own.
written() {
    [ ! -e "$ETC/written" ] || awk -v file="$1" '$2 == file { print $1 }' "$ETC/written"
}

remember() {
    local all
    all=$([ ! -e "$ETC/written" ] || awk -v file="$1" '$2 != file' "$ETC/written")
    printf '%s\n%s %s\n' "$all" "$(digest "$1")" "$1" | sed '/^$/d' | sort -k 2 >"$ETC/written.new"
    mv -f -- "$ETC/written.new" "$ETC/written"
}

folder() {
    local mode=$1 owner=$2 path=$3
    if [ -n "$DRY_RUN" ]; then
        [ -d "$path" ] || say "would make: $path"
        return
    fi
    install -d -m "$mode" -o "${owner%:*}" -g "${owner#*:}" -- "$path"
}

booted() {
    [ -d /run/systemd/system ]
}

# Ask until the answer is one of the allowed; empty means what stands in brackets.
ask() {
    local question=$1 given=$2 pattern=$3 answer
    while true; do
        read -r -p "$question [$given] " answer || fail "no answer came" "give the answers as options: install.sh --help"
        answer=${answer:-$given}
        if [[ $answer =~ ^($pattern)$ ]]; then
            printf '%s\n' "$answer"
            return
        fi
        printf 'That cannot be used here.\n' >&2
    done
}

# The site's command, of the release in use.
vigil() {
    /usr/local/bin/vigil "$@"
}

# The settings as systemd reads them: NAME=value, one a line, to its end, in quotes or not. As in deploy/vigil.
settings_lines() {
    [ ! -e "$ETC/vigil.env" ] || sed -nE \
        "s/^[[:space:]]+//; s/[[:space:]]+\$//; s/^([A-Z_]+=)([\"'])(.*)\\2\$/\\1\\3/; /^VIGIL_[A-Z_]+=/p" "$ETC/vigil.env"
}

# What belongs to tor is read as tor: a link there leads nowhere that tor may not go.
as_tor() {
    getent passwd debian-tor >/dev/null || return 0
    (cd / && timeout 20 setpriv --reuid=debian-tor --regid=debian-tor --clear-groups "$@" 2>/dev/null)
}

# The name by which people know one of tor's onion services, nothing where there is none yet. Behind Onionbalance
# (docs/cluster.md) that is the front's.
onion_name() {
    local folder=/var/lib/tor/$1
    {
        as_tor head -c 100 "$folder/ob_config" | sed -n 's/^MasterOnionAddress //p'
        as_tor head -c 100 "$folder/hostname"
    } | grep -m 1 -xE '[a-z2-7]{56}\.onion' || true
}

behind_onionbalance() {
    [ -n "$(as_tor head -c 1 /var/lib/tor/vigil/ob_config)" ]
}

has_onion_name() {
    [ -n "$(onion_name "$1")" ]
}

# A folder of root's, on the backups' disk, with one of vigil's in it (`own`), in whose place vigil can put nothing
# else. What was left when the power went is removed.
own_folder() {
    local around made
    around=$(dirname "$BACKUPS")
    find "$around" -maxdepth 1 -name '.vigil.????????' -mmin +1440 -exec rm -rf -- {} +
    made=$(mktemp -d "$around/.vigil.XXXXXXXX")
    chmod 711 "$made"
    mkdir -m 700 "$made/own"
    chown -h vigil:vigil "$made/own"
    printf '%s\n' "$made"
}

# Wait up to so many seconds for a command to succeed.
wait_for() {
    local seconds=$1 end
    shift
    end=$((SECONDS + seconds))
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 1
    done
}
