#!/bin/sh
# A kit for laptops that are never online: dist/desk-kit-VERSION.tar.gz and its signature beside it. It holds the
# desk's code, every library that the desk needs as a wheel for Debian and macOS, the SHA-256 of every file, and
# install-desk.sh, which installs them without a network. Called by `make desk-kit`. It needs the network itself.
# It holds the commit that is checked out, and nothing else: what is changed or added but not committed stops it.
#
# From the environment:
#   KEY        an SSH key file that signs, the one of releases (ssh-keygen -t ed25519 -f KEY makes one)
#   VERSION    three numbers; without it the tag of the commit, or its day and first letters
#   PLATFORMS  what it is for, such as "linux-x86_64-3.11 macos-arm64-3.13"; "this" for this machine alone
#   UNSIGNED   "yes" makes a kit without a signature, to try it out; nobody should install it on a desk
set -eu
cd "$(dirname "$0")/.."
umask 022

fail() {
    echo "desk-kit: error: $1" >&2
    echo "desk-kit: hint: $2" >&2
    exit 1
}

python=${PYTHON:-python3}
key=${KEY:-}
[ -z "$(git status --porcelain)" ] || fail "something here is not committed" "commit it, or clone anew: git status"
version=${VERSION:-$(git describe --exact-match --match 'v[0-9]*' 2>/dev/null | sed 's/^v//' || true)}
[ -n "$version" ] || version=$(git log -1 --date=format:%Y.%m.%d --format=%cd-%h)
printf '%s\n' "$version" | grep -Eqx '[0-9][0-9A-Za-z.-]*' ||
    fail "'$version' is no version" "give three numbers: make desk-kit VERSION=1.2.3 KEY=path"
if [ "${UNSIGNED:-}" != yes ]; then
    [ -f "$key" ] || fail "there is no key file '$key'" \
        "give the key that signs releases: make desk-kit KEY=path; to try a kit out: make desk-kit UNSIGNED=yes"
fi

mkdir -p dist
tar=dist/desk-kit-$version.tar.gz
[ ! -e "$tar" ] || fail "$tar is there already" "a kit is made once: give a new version, or remove it"
work=$(mktemp -d)
trap 'rm -rf "$work" "$tar.new" "$tar.new.sig"' EXIT
kit=$work/desk-kit-$version
mkdir -p "$kit/vigil"
git archive --format=tar HEAD desk crypto payload publishing web templates/desk templates/ui static \
    content/agencies.toml docs translations requirements-desk.txt README.md | tar -xf - -C "$kit/vigil"
git log -1 --date=short --format="$version %cd %H" >"$kit/KIT"
cp scripts/install-desk.sh "$kit/install-desk.sh"
# shellcheck disable=SC2086  # a list of platforms, to be split
"$python" scripts/desk_kit.py "$kit" "$tar.new" "$(git log -1 --format=%ct)" ${PLATFORMS:-}
if [ "${UNSIGNED:-}" = yes ]; then
    mv "$tar.new" "$tar"
    echo "desk-kit: warning: $tar is not signed: for trying out alone, not for a desk" >&2
    exit 0
fi
ssh-keygen -q -Y sign -f "$key" -n vigil-release "$tar.new"
mv "$tar.new.sig" "$tar.sig"
mv "$tar.new" "$tar"
cp scripts/install-desk.sh dist/install-desk.sh
signers=dist/release.signers
# The list is the team's, where there is one; else it names this key alone.
if [ ! -e "$signers" ]; then
    if [ -f "${key%.pub}.pub" ]; then
        public=$(cut -d ' ' -f 1,2 "${key%.pub}.pub")
    else
        public=$(ssh-keygen -y -f "$key" | cut -d ' ' -f 1,2)
    fi
    printf 'release namespaces="vigil-release" %s\n' "$public" >"$signers"
fi
if ! ssh-keygen -Y find-principals -f "$signers" -s "$tar.sig" >/dev/null 2>&1; then
    echo "desk-kit: warning: $signers does not name the key that signed" >&2
    echo "desk-kit: hint: put the team's list there, or remove it to have one made for this key alone" >&2
fi
cat <<END
desk-kit: $tar and $tar.sig are made
desk-kit: next, put these on a stick, and on the laptop: sh install-desk.sh DIR (docs/desk.md, Set up)
  $tar $tar.sig dist/install-desk.sh $signers
desk-kit: write down the fingerprint of the key that signs: staff compare it on the laptop
END
cut -d ' ' -f 3- "$signers" | while read -r line; do
    printf '%s\n' "$line" | ssh-keygen -l -f - | sed 's/^/  /'
done
