#!/bin/sh
# The certificates with which the machines of one site know each other: the front (nginx-front.conf) and the web machines
# (nginx-web.conf). Run it anywhere but on these machines, on one that is mostly off, best the one that keeps its folder:
#
#   certificates.sh ca           once: the authority, FOLDER/ca.pem and FOLDER/ca.key
#   certificates.sh front        FOLDER/front.pem and front.key, for /etc/vigil/cluster/ of the front
#   certificates.sh web NAME     FOLDER/NAME/web.pem and web.key, for /etc/vigil/cluster/ of the web machine NAME
#
# Every machine gets ca.pem too, none ca.key: who has that can pass for the front. Keys 0600, owner root. They are good for
# ten years. A machine that was broken into: begin again with `ca` in an empty folder. FOLDER says where; . without it.
set -eu
umask 077

FOLDER=${FOLDER:-.}
DAYS=3650

fail() {
    echo "certificates: error: $1" >&2
    echo "certificates: hint: $2" >&2
    exit 1
}

usage() {
    echo "usage: certificates.sh ca | front | web NAME" >&2
    exit 2
}

nothing_at() {
    [ ! -e "$1" ] || fail "$1 is there already" "move it away if you mean to make a new one"
}

# A new key and certificate, by the authority: their path without its ending, the name, and what it is for.
signed() {
    path=$1 name=$2 extensions=$3
    [ -e "$FOLDER/ca.key" ] || fail "there is no $FOLDER/ca.key" "begin with: certificates.sh ca"
    nothing_at "$path.pem"
    mkdir -p "$(dirname "$path")"
    printf '%s\n' "$extensions" basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature >"$path.ext"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" -keyout "$path.key" -out "$path.csr" \
        2>/dev/null
    openssl x509 -req -in "$path.csr" -CA "$FOLDER/ca.pem" -CAkey "$FOLDER/ca.key" -days "$DAYS" \
        -set_serial "0x$(openssl rand -hex 16)" -extfile "$path.ext" -out "$path.pem" 2>/dev/null
    rm -f -- "$path.csr" "$path.ext"
    echo "made $path.pem and $path.key"
}

case ${1-} in
ca)
    [ $# = 1 ] || usage
    mkdir -p "$FOLDER"
    nothing_at "$FOLDER/ca.key"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$DAYS" -subj "/CN=vigil-machines" \
        -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign \
        -keyout "$FOLDER/ca.key" -out "$FOLDER/ca.pem" 2>/dev/null
    echo "made $FOLDER/ca.pem and $FOLDER/ca.key"
    ;;
front)
    [ $# = 1 ] || usage
    signed "$FOLDER/front" vigil-front extendedKeyUsage=critical,clientAuth
    ;;
web)
    [ $# = 2 ] || usage
    case $2 in
    '' | *[!a-z0-9-]*) fail "$2 is no name of a web machine" "small letters, digits and hyphens, as in VIGIL_MACHINE" ;;
    esac
    # A name of its own, and one that all have: the front asks for that.
    signed "$FOLDER/$2/web" "vigil-$2" "extendedKeyUsage=critical,serverAuth
subjectAltName=DNS:web.vigil,DNS:$2.vigil"
    ;;
*)
    usage
    ;;
esac
