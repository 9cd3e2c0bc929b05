#!/bin/sh
# Installs the desk from a kit, on a laptop without a network. It is made by `make desk-kit`; docs/desk.md, Set up.
#
#   sh install-desk.sh DIR                    first time: the kit, its .sig and release.signers lie beside this file
#   sh DIR/install-desk.sh --kit KIT DIR      later: the desk's own copy checks the new kit by the key of the first time
#
#   --kit FILE       the kit, where it lies elsewhere
#   --signers FILE   who may sign (default: DIR/release.signers; the first time, release.signers beside the kit)
#   --older          although a newer version is installed
#   --unsigned       although nobody signed it: to try things out
#
# PYTHON names another Python than python3. Nothing of a kit is used before its signature and every file's SHA-256
# are checked. The desk's own folder, with keys and casebook, is never touched.
set -eu
umask 077
LC_ALL=C
export LC_ALL

fail() {
    echo "install-desk: error: $1" >&2
    echo "install-desk: hint: $2" >&2
    exit 1
}

usage() {
    echo "install-desk: error: $1" >&2
    echo "install-desk: hint: sh install-desk.sh [--kit FILE] [--signers FILE] [--older] [--unsigned] DIR" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
kit='' signers='' older='' unsigned='' target=''
while [ $# -gt 0 ]; do
    case $1 in
    --kit | --signers)
        [ $# -gt 1 ] || usage "$1 wants a file"
        if [ "$1" = --kit ]; then kit=$2; else signers=$2; fi
        shift
        ;;
    --older) older=yes ;;
    --unsigned) unsigned=yes ;;
    -*) usage "there is no option $1" ;;
    *)
        [ -z "$target" ] || usage "more than one DIR"
        target=$1
        ;;
    esac
    shift
done
[ -n "$target" ] || usage "DIR is missing: the folder to install into, such as ~/vigil"

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || fail "there is no $python" \
    "on a Mac, install Python 3.13 from python.org beforehand; PYTHON=python3.13 names another"
"$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python is older than 3.11" \
    "PYTHON=python3.13 names another; Debian 12 and Tails 6 or newer have one that is new enough"
sums=$(command -v sha256sum || true)
[ -n "$sums" ] || sums='shasum -a 256'

# The kit: named, or the only one beside this file, or this very folder where the kit is unpacked already.
if [ -z "$kit" ] && [ ! -e "$here/SHA256SUMS" ]; then
    for found in "$here"/desk-kit-*.tar.gz; do
        [ -e "$found" ] || fail "there is no kit beside $0" "put the kit there, or name it: --kit FILE"
        [ -z "$kit" ] || fail "there is more than one kit beside $0" "name one: --kit FILE"
        kit=$found
    done
fi
if [ -n "$kit" ]; then
    [ -f "$kit" ] || fail "there is no kit at $kit" "see that the name is right and the stick is mounted"
fi

mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$target/.installing
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT

check_signature() {
    first=''
    if [ -z "$signers" ]; then
        signers=$target/release.signers
        if [ ! -e "$signers" ]; then
            signers=$(dirname "$kit")/release.signers
            first=yes
        fi
    fi
    [ -f "$signers" ] || fail "there is no list of who may sign at $signers" \
        "get release.signers from the team, and name it: --signers FILE"
    [ -f "$kit.sig" ] || fail "there is no signature at $kit.sig" "put it beside the kit, from where that came from"
    command -v ssh-keygen >/dev/null 2>&1 || fail "ssh-keygen is missing, which checks the kit" \
        "it is in Debian's package openssh-client: install it before the laptop goes offline for good"
    cp "$signers" "$work/signers"
    cp "$kit.sig" "$work/kit.sig"
    signer=$(ssh-keygen -Y find-principals -f "$work/signers" -s "$work/kit.sig" 2>/dev/null | head -n 1) || signer=''
    [ -n "$signer" ] || fail "$kit is signed by nobody whom $signers names; nothing of it was used" \
        "get the kit again from the team; if that does not help, tell the team before you go on"
    ssh-keygen -Y verify -f "$work/signers" -I "$signer" -n vigil-release -s "$work/kit.sig" \
        <"$work/kit.tar.gz" >/dev/null 2>&1 || fail "$kit is not what $signer signed; nothing of it was used" \
        "get the kit again from the team; if that does not help, tell the team before you go on"
    [ -z "$first" ] || ask_first
    echo "install-desk: $(basename "$kit") is signed by $signer"
}

# The list came on the same stick as the kit: only a person can say whether it is the team's.
ask_first() {
    echo "install-desk: these keys may sign, says the list beside the kit. Compare them with what the team has on paper:"
    sed -n 's/.*\(ssh-[a-z0-9-]* [A-Za-z0-9+/=]*\).*/\1/p; s/.*\(sk-ssh-[a-z0-9@.-]* [A-Za-z0-9+/=]*\).*/\1/p' \
        "$work/signers" | while read -r public; do
        printf '%s\n' "$public" | ssh-keygen -l -f - | sed 's/^/  /'
    done
    printf 'install-desk: are these the same? Type yes: '
    read -r answer || answer=''
    [ "$answer" = yes ] || fail "nothing was installed" "get release.signers from the team by another way"
}

# Once it is unpacked nobody can see any more who signed it.
ask_unpacked() {
    [ ! -e "$target/release.signers" ] || fail "this kit is unpacked, so that its signature cannot be checked" \
        "name the kit itself: sh $target/install-desk.sh --kit FILE $target; to go on all the same: --unsigned"
    printf 'install-desk: did you check the signature of the kit before it was unpacked? Type yes: '
    read -r answer || answer=''
    [ "$answer" = yes ] || fail "nothing was installed" "give the kit as it came, with its .sig: --kit FILE"
}

if [ -n "$kit" ]; then
    # What is checked is what is used: a copy of our own.
    cp "$kit" "$work/kit.tar.gz"
    if [ -n "$unsigned" ]; then
        echo "install-desk: warning: nobody's signature was checked: for trying out alone, not for a desk" >&2
    else
        check_signature
    fi
    mkdir "$work/kit"
    tar -xzf "$work/kit.tar.gz" -C "$work/kit" --strip-components=1 ||
        fail "$kit cannot be unpacked" "copy it again, and see that $target has room: df -h $target"
    rm "$work/kit.tar.gz"
    source=$work/kit
else
    [ -n "$unsigned" ] || ask_unpacked
    source=$here
fi

[ -f "$source/SHA256SUMS" ] || fail "there is no kit in $source" "copy it again from the team"
(cd "$source" && $sums -c SHA256SUMS >/dev/null 2>&1) || fail "a file of the kit is missing or damaged" \
    "copy the kit again; nothing was installed"
listed=$(wc -l <"$source/SHA256SUMS")
there=$(find "$source" -type f ! -name SHA256SUMS | wc -l)
[ "$listed" -eq "$there" ] || fail "the kit holds files that its list does not name" "copy it again; nothing was installed"

read -r version day _ <"$source/KIT"
if [ -z "$older" ] && [ -f "$target/current/KIT" ]; then
    read -r had had_day _ <"$target/current/KIT"
    if [ "$(printf '%s\n%s\n' "$day" "$had_day" | sort | tail -n 1)" != "$day" ]; then
        fail "this kit ($version of $day) is older than what is installed ($had of $had_day)" \
            "get the newest; to go back all the same: --older"
    fi
fi

pip=$(find "$source/wheels" -name 'pip-*.whl' | head -n 1)
[ -n "$pip" ] || fail "the kit has no pip in it" "get a kit that was made by: make desk-kit"
fresh=$work/vigil
cp -R "$source/vigil" "$fresh"
cp "$source/KIT" "$fresh/KIT"
# Without pip: Debian has it in a package of its own. The kit's does it instead, and is not installed.
"$python" -I -m venv --without-pip "$fresh/.venv" || fail "$python makes no virtual environment" \
    "Python 3.11 or newer is needed; PYTHON=python3.13 names another"
echo "install-desk: installing for $("$python" -I -c 'import platform as p; print(p.system(), p.machine(), p.python_version())')"
"$fresh/.venv/bin/python" -I "$pip/pip" --isolated install --quiet --disable-pip-version-check --no-cache-dir \
    --no-index --find-links "$source/wheels" --require-hashes --no-deps --no-compile \
    -r "$source/requirements.txt" || fail "the kit has not every library for this machine" \
    "it is for Debian 12 and 13, Tails 6 and 7, and Apple's own processors with macOS 14 or newer"
# Found from the environment's own folder, so that the whole may be moved.
site=$("$fresh/.venv/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo '../../../..' >"$site/vigil.pth"
# What opens strangers' files can write nothing, and would compile these anew each time.
for part in PIL pillow_heif pypdfium2 pypdfium2_raw av; do
    "$fresh/.venv/bin/python" -I -m compileall -q "$site/$part" || fail "$part cannot be compiled" "tell the team"
done
"$fresh/.venv/bin/python" -I -m desk --help >/dev/null || fail "what was installed does not start" "tell the team what it says above"

rm -rf "$target/vigil-$version"
mv "$fresh" "$target/vigil-$version"
ln -s "vigil-$version" "$work/current"
if [ -L "$target/current" ]; then rm "$target/current"; fi
mv "$work/current" "$target/current"
cp "$source/install-desk.sh" "$work/install-desk.sh"
mv "$work/install-desk.sh" "$target/install-desk.sh"
if [ -f "$work/signers" ]; then mv "$work/signers" "$target/release.signers"; fi
cat >"$work/desk" <<'END'
#!/bin/sh
# The desk's command. -I: nothing that lies in the folder where it is called is taken for a part of it.
exec "$(dirname "$0")/current/.venv/bin/python" -I -m desk "$@"
END
chmod 700 "$work/desk"
mv "$work/desk" "$target/desk"
echo "install-desk: Vigil $version of $day is installed. Next:"
echo "  $target/desk --home DIR init        (DIR: a new folder for the keys and the casebook)"
