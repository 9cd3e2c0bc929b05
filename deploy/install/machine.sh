# shellcheck shell=bash
# What the machine has to have: packages, users, folders, and memory that stays out of files.

packages() {
    # What a run cut short has left.
    close_ssh
    let_start
    local wanted=(python3-venv ca-certificates openssl openssh-client procps) missing=() package
    [ "$ONION" = no ] && [ "$STAFF_ONION" = no ] || wanted+=(tor)
    [ "$STAFF_ONION" = no ] || wanted+=(openssh-server)
    [ "$DOMAIN" = none ] || wanted+=(nginx-light)
    [ "$CERTIFICATE" != certbot ] || [ "$DOMAIN" = none ] || wanted+=(certbot)
    for package in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = 'ii ' ] || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    run apt-get -q update || fail "apt-get update failed" "see what it says above: is there a network, is the clock right?"
    # They start once they are set up: Debian's nginx would keep a log of visitors meanwhile.
    local quiet=/usr/sbin/policy-rc.d
    if [ -z "$DRY_RUN" ] && [ ! -e "$quiet" ]; then
        printf '#!/bin/sh\n# of the installer of Vigil\nexit 101\n' >"$quiet"
        chmod 755 "$quiet"
    fi
    case " ${missing[*]} " in *' openssh-server '*) note_ssh ;; esac
    run env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "${missing[@]}" || {
        let_start
        fail "apt cannot install ${missing[*]}" "see what it says above, mend it, and run this again"
    }
    close_ssh
    let_start
}

# Where this machine had no ssh server, it is not to have one on port 22 because staff have theirs: that is another.
# Noted before apt begins, so that a run cut short in between is mended by the next; never done where one was before.
OUR_SSH=$ETC/ssh-brought

note_ssh() {
    [ -z "$DRY_RUN" ] || return 0
    mkdir -p -- "$ETC"
    : >"$OUR_SSH"
}

close_ssh() {
    [ -z "$DRY_RUN" ] && [ -e "$OUR_SSH" ] || return 0
    systemctl --quiet disable ssh.service ssh.socket || fail "the ssh server that came with the staff's cannot be switched off" \
        "do it yourself: systemctl disable --now ssh.service ssh.socket"
    ! booted || systemctl stop ssh.service ssh.socket
    rm -f -- "$OUR_SSH"
    say "this machine had no ssh server on port 22, and has none now: staff have their own." \
        "If you want one: systemctl enable --now ssh"
}

let_start() {
    if grep -qs '^# of the installer of Vigil$' /usr/sbin/policy-rc.d; then
        rm -f /usr/sbin/policy-rc.d
    fi
}

accounts() {
    getent group vigil >/dev/null || run groupadd --system vigil
    if ! getent passwd vigil >/dev/null; then
        run useradd --system --gid vigil --home-dir "$DATA" --no-create-home --shell /usr/sbin/nologin \
            --comment 'Vigil, the web site' vigil
        # No password fits, and the account is not "locked", which the ssh server for staff would refuse.
        run usermod --password '*' vigil
    fi
}

folders() {
    folder 0755 root:root "$OPT"
    folder 0755 root:root "$OPT/releases"
    folder 0755 root:root "$ETC"
    folder 0700 vigil:vigil "$DATA"
    folder 0700 vigil:vigil "$BACKUPS"
    folder 0755 root:root /srv/vigil
    [ -d "$CONTENT" ] || folder 2750 root:vigil "$CONTENT"
}

# A core dump would hold reports as they arrived. The units forbid them for their own; this for all of the machine.
no_core_dumps() {
    put 0644 root:root /etc/sysctl.d/60-vigil.conf <<'END'
# Written by the installer of Vigil: no core dump is kept, of any program.
kernel.core_pattern=|/bin/false
fs.suid_dumpable=0
END
    if [ -n "$CHANGED" ] && booted && ! run sysctl -q -p /etc/sysctl.d/60-vigil.conf; then
        warn "the kernel does not take /etc/sysctl.d/60-vigil.conf now" "it counts from the next start of the machine"
    fi
}

advice() {
    if [ "$(wc -l </proc/swaps)" -gt 1 ]; then
        warn "this machine has swap; the site, tor and nginx are told not to use it, other programs do" \
            "with 1 GB of memory or more: swapoff -a, and take it out of /etc/fstab"
    fi
    if [ "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" -lt 400 ]; then
        warn "this machine has less than 400 MB of memory" "take one with 512 MB or more"
    fi
    if [ "$(dpkg-query -W -f '${db:Status-Abbrev}' unattended-upgrades 2>/dev/null)" != 'ii ' ]; then
        warn "nothing installs Debian's security updates by itself" "apt-get install unattended-upgrades"
    fi
}
