#!/bin/sh
# The site's certificate, as nginx reads it: /etc/vigil/tls/chain.pem and key.pem. Run as root:
#
#   certificate.sh temporary DOMAIN     a self-signed one, so that nginx can start and answer Let's Encrypt on port 80
#   certificate.sh get DOMAIN EMAIL     one from Let's Encrypt, by certbot; renewed by certbot's own timer from then on
#   certificate.sh install CHAIN KEY    one from elsewhere: PEM files, the chain with the server's own certificate first
#   certificate.sh renewed              called by certbot after every renewal, which names the new one in RENEWED_LINEAGE
#
# TLS_FOLDER, ACME_FOLDER and NGINX may name other places and another nginx; tests do.
set -eu
umask 077

TLS_FOLDER=${TLS_FOLDER:-/etc/vigil/tls}
ACME_FOLDER=${ACME_FOLDER:-/var/lib/vigil-acme}
# The command that lets nginx read the files again.
NGINX=${NGINX:-nginx -c /etc/vigil/nginx/nginx.conf}

fail() {
    echo "certificate: error: $1" >&2
    echo "certificate: hint: $2" >&2
    exit 1
}

public_key() {
    openssl pkey -in "$1" -pubout 2>/dev/null
}

# Put a chain and its key where nginx reads them, whole or not at all, and let a running nginx take them up.
install_pair() {
    chain=$1 key=$2
    openssl x509 -in "$chain" -noout 2>/dev/null || fail "$chain holds no certificate" "it has to be a PEM file"
    openssl x509 -in "$chain" -noout -checkend 0 >/dev/null || fail "the certificate in $chain has expired" "get a new one"
    [ "$(openssl x509 -in "$chain" -noout -pubkey)" = "$(public_key "$key")" ] ||
        fail "$key is not the key of $chain" "the first certificate of the chain has to be the server's own"
    if [ -n "$(openssl x509 -in "$chain" -noout -ocsp_uri)" ]; then
        echo "certificate: warning: it names an OCSP server, which some browsers will tell that somebody visits this site" >&2
        echo "certificate: hint: Let's Encrypt's certificates name none" >&2
    fi
    mkdir -p "$TLS_FOLDER"
    # nginx must never read one of the two from the old pair: both are there before either has its name.
    cp -- "$key" "$TLS_FOLDER/key.pem.new"
    cp -- "$chain" "$TLS_FOLDER/chain.pem.new"
    chmod 600 "$TLS_FOLDER/key.pem.new"
    chmod 644 "$TLS_FOLDER/chain.pem.new"
    sync "$TLS_FOLDER/key.pem.new" "$TLS_FOLDER/chain.pem.new"
    mv -f -- "$TLS_FOLDER/key.pem.new" "$TLS_FOLDER/key.pem"
    mv -f -- "$TLS_FOLDER/chain.pem.new" "$TLS_FOLDER/chain.pem"
}

# A reload and no restart: uploads that run go on. Not where nginx does not run yet.
reload() {
    $NGINX -t -q 2>/dev/null || fail "nginx refuses its configuration" "run: $NGINX -t"
    $NGINX -s reload 2>/dev/null || echo "certificate: nginx does not run; it takes the certificate when it starts" >&2
}

case ${1-} in
temporary)
    [ $# = 2 ] || fail "temporary needs a domain" "certificate.sh temporary DOMAIN"
    folder=$(mktemp -d)
    trap 'rm -rf -- "$folder"' EXIT
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$2" \
        -addext "subjectAltName=DNS:$2" -keyout "$folder/key.pem" -out "$folder/chain.pem" 2>/dev/null ||
        fail "no certificate can be made for $2" "is it the name of a site, such as news.example.org?"
    install_pair "$folder/chain.pem" "$folder/key.pem"
    ;;
get)
    [ $# = 3 ] || fail "get needs a domain and an address" "certificate.sh get DOMAIN EMAIL"
    command -v certbot >/dev/null || fail "certbot is not installed" "apt-get install certbot"
    mkdir -p "$ACME_FOLDER"
    chmod 755 "$ACME_FOLDER"
    # Webroot: nginx goes on running and certbot never touches its files. The hook is kept for every renewal.
    certbot certonly --non-interactive --agree-tos --no-eff-email --email "$3" --webroot --webroot-path "$ACME_FOLDER" \
        --key-type ecdsa --cert-name "$2" --domain "$2" --deploy-hook "$(realpath "$0") renewed" ||
        fail "Let's Encrypt gave no certificate for $2" "does the name lead to this machine, and is its port 80 open?"
    ;;
install)
    [ $# = 3 ] || fail "install needs a chain and a key" "certificate.sh install CHAIN KEY"
    install_pair "$2" "$3"
    reload
    ;;
renewed)
    [ -n "${RENEWED_LINEAGE-}" ] || fail "RENEWED_LINEAGE is not set" "certbot sets it when it calls this"
    install_pair "$RENEWED_LINEAGE/fullchain.pem" "$RENEWED_LINEAGE/privkey.pem"
    reload
    ;;
*)
    echo "usage: certificate.sh temporary DOMAIN | get DOMAIN EMAIL | install CHAIN KEY | renewed" >&2
    exit 2
    ;;
esac
