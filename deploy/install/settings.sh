# shellcheck shell=bash
# The site's settings: what is missing is added, and what stands there stays as the operator wrote it.

SETTINGS=$ETC/vigil.env

setting() {
    settings_lines | sed -n "s/^$1=//p" | tail -n 1
}

# NAME=VALUE, where the settings say nothing of it yet.
settle() {
    local name=$1 value=$2
    [ -z "$(setting "$name")" ] || return 0
    if [ -n "$DRY_RUN" ]; then
        say "would set: $name=$value in $SETTINGS"
        return
    fi
    {
        [ ! -e "$SETTINGS" ] || sed "/^$name=\$/d" "$SETTINGS"
        printf '%s=%s\n' "$name" "$value"
    } >"$SETTINGS.new"
    chown root:vigil "$SETTINGS.new"
    chmod 0640 "$SETTINGS.new"
    sync -- "$SETTINGS.new"
    mv -f -- "$SETTINGS.new" "$SETTINGS"
}

settings() {
    if [ ! -e "$SETTINGS" ] && [ -z "$DRY_RUN" ]; then
        cat >"$SETTINGS.new" <<'END'
# The site's settings: NAME=value, one a line, without quotes. README.md says what each is. The installer adds what is
# missing, and leaves what stands here. After a change: systemctl restart vigil, at a quiet time.
END
        mv -f -- "$SETTINGS.new" "$SETTINGS"
    fi
    settle VIGIL_DATA "$DATA"
    settle VIGIL_CONTENT "$CONTENT"
    settle VIGIL_TEAM_KEYS "$DATA/team.keys"
    settle VIGIL_MAX_FILE_MB 500
    if [ "$(setting VIGIL_PRACTICE)" = 1 ]; then
        fail "VIGIL_PRACTICE=1 stands in $SETTINGS: this would be a site for practice" \
            "take that line out, and run this again"
    fi
    if [ -z "$DRY_RUN" ]; then
        chown root:vigil "$SETTINGS"
        chmod 0640 "$SETTINGS"
    fi
    if [ ! -e "$ETC/release.signers" ]; then
        put 0644 root:root "$ETC/release.signers" <"$SIGNERS"
    fi
}

# Tor has made the name by now, or makes it at the next start.
onion_setting() {
    local name
    [ "$ONION" = yes ] || return 0
    name=$(onion_name vigil)
    [ -n "$name" ] || return 0
    settle VIGIL_ONION "$name"
    if [ -z "$DRY_RUN" ] && [ "$(setting VIGIL_ONION)" != "$name" ]; then
        warn "VIGIL_ONION in $SETTINGS is not the onion service's address, $name" \
            "correct that line, then, at a quiet time: systemctl restart vigil"
    fi
}
