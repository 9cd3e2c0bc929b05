#!/bin/sh
# A signed release: dist/vigil-VERSION.tar.gz and its signature beside it. Called by `make release`.
# It holds the commit that is checked out, and nothing else: what is changed or added but not committed stops it.
# Where the tag vVERSION exists, that is the commit. deploy/install.sh checks the signature before it uses anything.
#
# Usage: scripts/release.sh VERSION KEY      KEY: an SSH key file that signs, such as one on a security key
set -eu
cd "$(dirname "$0")/.."
umask 022

fail() {
    echo "release: error: $1" >&2
    echo "release: hint: $2" >&2
    exit 1
}

version=${1:-}
key=${2:-}
printf '%s\n' "$version" | grep -Eqx '[0-9]+\.[0-9]+\.[0-9]+' ||
    fail "'$version' is no version" "give three numbers: make release VERSION=1.2.3 KEY=path"
[ -f "$key" ] || fail "there is no key file '$key'" "give the key that signs: make release VERSION=$version KEY=path"
[ -z "$(git status --porcelain)" ] || fail "something here is not committed" "commit it, or clone anew: git status"

commit=HEAD
if git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null; then
    commit=v$version
    [ "$(git rev-parse "$commit^{commit}")" = "$(git rev-parse HEAD)" ] ||
        fail "the tag v$version is another commit than the one checked out" "git checkout v$version"
fi

mkdir -p dist
tar=dist/vigil-$version.tar.gz
[ ! -e "$tar" ] || fail "$tar is there already" "a release is made once: give a new version, or remove it"
trap 'rm -f "$tar.new" "$tar.new.sig"' EXIT
# The same commit gives the same bytes: times are the commit's, and gzip adds none.
git archive --format=tar --prefix="vigil-$version/" \
    --add-virtual-file="vigil-$version/VERSION:$version
" "$commit" | gzip -n -9 >"$tar.new"
ssh-keygen -q -Y sign -f "$key" -n vigil-release "$tar.new"
mv "$tar.new.sig" "$tar.sig"
mv "$tar.new" "$tar"
echo "release: $tar and $tar.sig are made"
