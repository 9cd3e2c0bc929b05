# shellcheck shell=bash
# From one release to the next: tried on a copy, backed up, handed over without a gap, and back again when the new
# one's doctor finds what the old one's did not. Nothing that was received is lost either way.

# Several web machines may share a database (docs/cluster.md). It is neither copied nor turned back.
shared_database() {
    settings_lines | sed -n '/^VIGIL_DATABASE_URL=./p' | tail -n 1
}

# The database that the site uses, by its settings.
database() {
    local url
    url=$(shared_database)
    as_vigil ${url:+env "$url"} .venv/bin/python -m deploy.install.database "$@"
}

# The changes that a release knows of.
known_to() {
    find "$1/store/postgres/migrations" -name '*.sql' -printf '%f\n' | sed 's/\.sql$//'
}

upgrade() {
    local previous=$1 aside known
    known=$(database names "$DATA") ||
        fail "the database cannot be read" "vigil doctor says more; nothing was changed"
    # Of an upgrade cut short, what was before that one counts: the way back leads there.
    [ ! -e "$UNDER_WAY/known" ] || known=$(cat "$UNDER_WAY/known")
    aside=$(mktemp -d)
    rehearse "$known"
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
    if go_over "$aside"; then
        rm -rf -- "$aside" "$UNDER_WAY"
        remove_old_releases "$previous"
        return
    fi
    rm -rf -- "$aside"
    go_back_or_fail "$previous" "$known"
    fail "$VERSION was not taken: the site is on $(basename "$previous") again, and nothing received was lost" \
        "tell the team what is said above"
}

# Ends well only when the release before is in use again.
go_back_or_fail() {
    local status=0 before
    before=$(basename "$1")
    go_back "$1" "$2" || status=$?
    case $status in
        0) rm -rf -- "$UNDER_WAY" ;;
        "$CANNOT_BE_UNDONE")
            fail "the site stays on $VERSION, for what it changed in the database cannot be undone; nothing received was lost" \
                "tell the team what is said above, and look: vigil doctor. When there is a mended release, install that"
            ;;
        *)
            fail "$VERSION was not taken, and $before does not start again; nothing received was lost" \
                "journalctl -u vigil -n 30; mend it, and run this again, with $VERSION or a mended release"
            ;;
    esac
}

# A run that was cut short while it went back, and now the release before is given again.
end_going_back() {
    local RELEASE VERSION
    [ -e "$UNDER_WAY/known" ] || return 0
    RELEASE=$(cat "$UNDER_WAY/next" 2>/dev/null) || RELEASE=''
    VERSION=$(basename "$RELEASE")
    # By the code of the release that made the changes: this one does not know them.
    [ ! -d "$RELEASE" ] || go_back_or_fail "$1" "$(cat "$UNDER_WAY/known")"
    rm -rf -- "$UNDER_WAY"
}

# Where an upgrade began, for as long as it is not known to be good.
UNDER_WAY=$OPT/upgrading

note_way_back() {
    rm -rf -- "$UNDER_WAY" "$UNDER_WAY.new"
    mkdir -m 0755 "$UNDER_WAY.new"
    printf '%s\n' "$1" >"$UNDER_WAY.new/previous"
    printf '%s\n' "$RELEASE" >"$UNDER_WAY.new/next"
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

# The new code with the settings, the texts and a copy of the database, where nothing can come to harm; with an empty
# one in the place of one that others share.
rehearse() {
    local outer copy lines known shared works='' undone=''
    shared=$(shared_database)
    mapfile -t known <<<"$1"
    say "trying $VERSION on a copy"
    outer=$(own_folder)
    copy=$outer/own
    mapfile -t lines < <(settings_lines)
    if { [ -n "$shared" ] || as_vigil .venv/bin/python -m deploy.install.database copy "$DATA" "$copy"; } &&
        as_vigil env "${lines[@]}" VIGIL_DATABASE_URL='' VIGIL_DATA="$copy" \
            .venv/bin/python -m flask --app app publish >/dev/null; then
        works=yes
        if [ -n "$shared" ] ||
            as_vigil .venv/bin/python -m deploy.install.database back "$copy" "${known[@]}" >/dev/null; then
            undone=yes
        fi
    fi
    rm -rf -- "$outer"
    [ -n "$works" ] || fail "$VERSION does not work with this site's settings, texts or database" \
        "see what is said above; the site runs as before"
    [ -n "$undone" ] || fail "$VERSION changes the database in a way that cannot be undone, so it was not taken" \
        "tell the team what is said above; the site runs as before"
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

CANNOT_BE_UNDONE=3

# Status 0: the release before is in use, and runs where anything does. Else it is not: CANNOT_BE_UNDONE where the new
# one stays in use, because only that one can use the database.
go_back() {
    local previous=$1 known
    mapfile -t known <<<"$2"
    [ -z "$(shared_database)" ] || mapfile -t known < <(known_to "$previous")
    say "going back to $(basename "$previous")"
    # First the link: whatever starts from now on is of the release before.
    use_release "$previous" || return 1
    if ! database back "$DATA" "${known[@]}"; then
        # What was undone by then is done again.
        use_release "$RELEASE" && vigil publish >/dev/null
        ! booted || running || systemctl restart vigil.service ||
            warn "the site does not start" "journalctl -u vigil -n 30; then: systemctl restart vigil"
        return "$CANNOT_BE_UNDONE"
    fi
    lay_out "$previous" || return 1
    if booted && ! running_from "$previous"; then
        hand_over "$previous" || systemctl restart vigil.service || return 1
        running_from "$previous" || return 1
    fi
    vigil publish || warn "the texts are not published again" "see what is said above, then: vigil publish"
}

# The old master goes on where the new one never served.
running_from() {
    [ "/proc/$(main_process)/cwd" -ef "$1" ]
}
