#!/bin/sh
# A signed release: dist/vigil-VERSION.tar.gz and its signature beside it, and what a new server needs besides:
# install.sh, and release.signers, who may sign. Called by `make release`.
# It holds the commit that is checked out, and nothing else: what is changed or added but not committed stops it.
# Where the tag vVERSION exists, that is the commit. deploy/install.sh checks the signature before it uses anything.
#
# Usage: scripts/release.sh VERSION KEY      KEY: an SSH key file that signs, such as one on a security key;
#                                            ssh-keygen -t ed25519 -f KEY makes one
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
[ -f "$key" ] || fail "there is no key file '$key'" "make one by: ssh-keygen -t ed25519 -f KEY; then: make release VERSION=$version KEY=path"
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
signers=dist/release.signers
trap 'rm -f "$tar.new" "$tar.new.sig" "$signers.new"' EXIT
# The same commit gives the same bytes: times are the commit's, and gzip adds none.
git archive --format=tar --prefix="vigil-$version/" \
    --add-virtual-file="vigil-$version/VERSION:$version
" "$commit" | gzip -n -9 >"$tar.new"
ssh-keygen -q -Y sign -f "$key" -n vigil-release "$tar.new"
mv "$tar.new.sig" "$tar.sig"
git show "$commit:deploy/install.sh" >dist/install.sh
# The list is the team's, where there is one; else it names this key alone.
if [ ! -e "$signers" ]; then
    if [ -f "${key%.pub}.pub" ]; then
        public=$(cut -d ' ' -f 1,2 "${key%.pub}.pub")
    else
        public=$(ssh-keygen -y -f "$key" | cut -d ' ' -f 1,2)
    fi
    printf 'release namespaces="vigil-release" %s\n' "$public" >"$signers.new"
    mv "$signers.new" "$signers"
fi
mv "$tar.new" "$tar"
echo "release: $tar and $tar.sig are made"
if ! ssh-keygen -Y find-principals -f "$signers" -s "$tar.sig" >/dev/null 2>&1; then
    echo "release: warning: $signers does not name the key that signed" >&2
    echo "release: hint: put the team's list there, or remove it to have one made for this key alone" >&2
fi
cat <<END
release: next, for a new server (an upgrade needs the first two alone; docs/operations.md):
  scp $tar $tar.sig dist/install.sh $signers root@SERVER:
END
