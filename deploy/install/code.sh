# shellcheck shell=bash
# The release's code: unpacked beside the others, with a Python of its own, and put into use by one link.

installed_release() {
    readlink "$OPT/current" 2>/dev/null || true
}

check_version() {
    local now
    now=$(basename "$(installed_release)")
    [ -n "$now" ] || return 0
    if [ "$now" != "$VERSION" ] && [ "$(printf '%s\n' "$now" "$VERSION" | sort -V | tail -n 1)" = "$now" ]; then
        fail "$VERSION is older than $now, which is installed" \
            "an older release may have a hole that a newer one mended: get the newest"
    fi
    if [ -e "$RELEASE/.complete" ] && [ "$(cat "$RELEASE/.complete")" != "$DIGEST" ]; then
        fail "another release is installed under the same version, $VERSION" "get one with a version of its own"
    fi
}

install_code() {
    if [ -e "$RELEASE/.complete" ]; then
        say "the code of $VERSION is installed already"
        return
    fi
    if [ -n "$DRY_RUN" ]; then
        say "would install: the code in $RELEASE, and with pip what requirements.txt names, each by its hash"
        return
    fi
    say "installing the code of $VERSION; this takes a minute or two"
    # What a run cut short has left. It is in use only if it was whole.
    rm -rf -- "$RELEASE"
    cp -R -- "$UNPACKED" "$RELEASE"
    chmod -R u=rwX,go=rX "$RELEASE"
    /usr/bin/python3 -I -m venv "$RELEASE/.venv" ||
        fail "Python makes no virtual environment" "apt-get install python3-venv, and run this again"
    # Wheels alone: nothing is built, so nothing runs whose hash is not in the release.
    "$RELEASE/.venv/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
        --only-binary :all: -r "$RELEASE/requirements.txt" ||
        fail "pip cannot install what the site needs" "see what it says above: is there a network? then run this again"
    "$RELEASE/.venv/bin/python" -I -m compileall -q "$RELEASE" -x '/(\.venv|tests|bench|docs)/' ||
        fail "the code cannot be compiled" "see what is said above"
    (cd "$RELEASE" && .venv/bin/python -m deploy.nginx.lay_static public) ||
        fail "the static files cannot be laid out" "see what is said above"
    sync -f "$RELEASE"
    printf '%s\n' "$DIGEST" >"$RELEASE/.complete"
    sync -f "$RELEASE"
}

use_release() {
    ln -sfn -- "$1" "$OPT/current.new"
    mv -fT -- "$OPT/current.new" "$OPT/current"
    sync -f "$OPT"
}

# The one in use, and the one before it. Others that are running still, to end an upload, keep what they need open;
# what they have not loaded yet by then they load never: everything is loaded at the start.
remove_old_releases() {
    local each
    for each in "$OPT"/releases/*; do
        case $each in "$RELEASE" | "$1") continue ;; esac
        [ ! -d "$each" ] || { rm -rf -- "$each" && say "removed: $each"; }
    done
}

# Run something of a release as the user vigil, who can change nothing of it.
as_vigil() {
    (cd "$RELEASE" && env -i PATH="$PATH" LANG=C.UTF-8 HOME="$DATA" PYTHONDONTWRITEBYTECODE=1 \
        setpriv --reuid=vigil --regid=vigil --init-groups --inh-caps=-all --no-new-privs "$@")
}

# The app's own code says whether this list of keys may be used here.
check_team_keys() {
    local keys=${GIVEN_TEAM_KEYS:-$DATA/team.keys} known
    [ -e "$keys" ] || fail "there is no list of the team's keys${GIVEN_TEAM_KEYS:+ at $GIVEN_TEAM_KEYS}" \
        "bring team.keys over from the desk, and give it: --team-keys FILE"
    if [ -n "$DRY_RUN" ]; then
        say "would check: $keys"
        return
    fi
    known=/dev/null
    [ ! -e "$DATA/team.keys" ] || known=$DATA/team.keys
    as_vigil .venv/bin/python -m deploy.install.check_keys "$known" "$(trusted)" <"$keys" || exit 1
}

trusted() {
    settings_lines | sed -n 's/^VIGIL_TRUST=//p' | tail -n 1
}

put_team_keys() {
    [ -n "$GIVEN_TEAM_KEYS" ] || return 0
    if [ -n "$DRY_RUN" ]; then
        say "would write: $DATA/team.keys"
    elif ! cmp -s "$GIVEN_TEAM_KEYS" "$DATA/team.keys"; then
        # shellcheck disable=SC2016  # of the inner shell
        as_vigil sh -c 'umask 077; cat >"$1.new" && sync "$1.new" && mv -f "$1.new" "$1"' sh "$DATA/team.keys" \
            <"$GIVEN_TEAM_KEYS"
    fi
}

# The newsroom's own folder: filled once, never written to again.
put_content() {
    if [ -n "$(ls -A "$CONTENT" 2>/dev/null)" ]; then
        if [ -n "$GIVEN_CONTENT" ] && [ "$GIVEN_CONTENT" != "$CONTENT" ] && ! diff -rq "$GIVEN_CONTENT" "$CONTENT" >/dev/null; then
            warn "$CONTENT has texts already, so those in $GIVEN_CONTENT were not copied" \
                "copy them yourself, then: vigil publish"
        fi
        return
    fi
    local from=${GIVEN_CONTENT:-$UNPACKED/content}
    [ -e "$from/site.toml" ] || fail "there is no site.toml in $from" "give the newsroom's folder: --content DIR"
    run cp -RT -- "$from" "$CONTENT"
    run chown -R root:vigil "$CONTENT"
    run chmod -R u=rwX,g=rXs,o= "$CONTENT"
}
