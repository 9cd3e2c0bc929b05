# shellcheck shell=bash
# From one release to the next: tried on a copy, backed up, handed over without a gap, and back again when the new
# one's doctor finds what the old one's did not. Nothing that was received is lost either way.

upgrade() {
    local previous=$1 aside known
    known=$(as_vigil .venv/bin/python -m deploy.install.database names "$DATA") ||
        fail "the database cannot be read" "vigil doctor says more; nothing was changed"
    # Of an upgrade cut short, what was before that one counts: the way back leads there.
    [ ! -e "$UNDER_WAY/known" ] || known=$(cat "$UNDER_WAY/known")
    aside=$(mktemp -d)
    rehearse
    say "backing up"
    vigil backup || {
        rm -rf -- "$aside"
        fail "the site cannot be backed up, so it was not upgraded" "see what is said above; nothing was changed"
    }
    if [ -e "$UNDER_WAY/known" ]; then
        cp -- "$UNDER_WAY/before.json" "$aside/before.json"
    else
        doctor --json >"$aside/before.json" 2>/dev/null || true
        note_way_back "$previous" "$known" "$aside/before.json"
    fi
    use_release "$RELEASE"
    if ! go_over "$aside"; then
        go_back "$previous" "$known" || true
        rm -rf -- "$aside" "$UNDER_WAY"
        fail "$VERSION was not taken: the site is on $(basename "$previous") again, and nothing received was lost" \
            "tell the team what is said above"
    fi
    rm -rf -- "$aside" "$UNDER_WAY"
    remove_old_releases "$previous"
}

# Where an upgrade began, for as long as it is not known to be good.
UNDER_WAY=$OPT/upgrading

note_way_back() {
    rm -rf -- "$UNDER_WAY" "$UNDER_WAY.new"
    mkdir -m 0755 "$UNDER_WAY.new"
    printf '%s\n' "$1" >"$UNDER_WAY.new/previous"
    printf '%s\n' "$2" >"$UNDER_WAY.new/known"
    cp -- "$3" "$UNDER_WAY.new/before.json"
    sync -f "$UNDER_WAY.new"
    mv -T -- "$UNDER_WAY.new" "$UNDER_WAY"
}

# The release to go back to, should a new one not do: the one in use, or the last that was known to be good.
release_before() {
    if [ -e "$UNDER_WAY/previous" ]; then
        cat "$UNDER_WAY/previous"
    else
        installed_release
    fi
}

# The new code with the settings, the texts and a copy of the database, where nothing can come to harm.
rehearse() {
    local copy lines works=''
    say "trying $VERSION on a copy"
    copy=$(mktemp -d "$BACKUPS/.rehearsal.XXXXXXXX")
    chown vigil:vigil "$copy"
    mapfile -t lines < <(grep -E '^VIGIL_[A-Z_]+=' "$SETTINGS")
    if as_vigil .venv/bin/python -m deploy.install.database copy "$DATA" "$copy" &&
        as_vigil env "${lines[@]}" VIGIL_DATA="$copy" .venv/bin/python -m flask --app app publish >/dev/null; then
        works=yes
    fi
    rm -rf -- "$copy"
    [ -n "$works" ] || fail "$VERSION does not work with this site's settings, texts or database" \
        "see what is said above; the site runs as before"
}

go_over() {
    lay_out "$RELEASE" || return 1
    if booted; then
        hand_over "$RELEASE" || {
            printf 'install: error: %s does not start\n' "$VERSION" >&2
            return 1
        }
    fi
    vigil publish || return 1
    # shellcheck disable=SC2034  # main.sh reads it
    PUBLISHED=yes
    booted || return 0
    doctor --json >"$1/after.json" || true
    as_vigil .venv/bin/python -m deploy.install.worse /dev/fd/3 /dev/fd/4 3<"$1/before.json" 4<"$1/after.json"
}

go_back() {
    local previous=$1 known
    mapfile -t known <<<"$2"
    say "going back to $(basename "$previous")"
    # First the link: whatever starts from now on is of the release before.
    use_release "$previous"
    as_vigil .venv/bin/python -m deploy.install.database back "$DATA" "${known[@]}"
    lay_out "$previous"
    if booted && ! running_from "$previous"; then
        hand_over "$previous" || systemctl restart vigil.service ||
            warn "the site does not start again" "journalctl -u vigil -n 30; then: systemctl restart vigil"
    fi
    vigil publish
}

# The old master goes on where the new one never served.
running_from() {
    [ "/proc/$(main_process)/cwd" -ef "$1" ]
}
