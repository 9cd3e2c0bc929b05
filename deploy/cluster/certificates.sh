#!/bin/sh
# The newsroom's own authority, and a certificate for each machine of a cluster: by these the machines know each other,
# and there is no password. Run it on a computer that is none of them, in a folder that is then kept offline: whoever has
# authority.key can join the cluster. docs/cluster.md says where the files go.
#
# Usage: certificates.sh FOLDER authority             once: FOLDER/authority.key, and ca.pem for every machine
#        certificates.sh FOLDER machine NAME ADDRESS  the files of one machine, in FOLDER/NAME
#
# NAME is db1 to db3, web1 to web9, or front, and ADDRESS the machine's own among the others: what a machine may do goes by
# its name (pg_ident in patroni.yml, nginx-web.conf).
set -eu
umask 077

DAYS_OF_AUTHORITY=3650 DAYS_OF_MACHINE=730

fail() {
    echo "certificates: error: $1" >&2
    echo "certificates: hint: $2" >&2
    exit 1
}

usage() {
    sed -n 's/^# \(Usage: .*\)/\1/p; s/^#  \(      certificates.*\)/ \1/p' "$0" >&2
    exit 2
}

ends() {
    openssl x509 -in "$1" -noout -enddate | cut -d = -f 2
}

authority() {
    [ ! -e "$folder/authority.key" ] || fail "$folder has an authority already" "name another folder for a new one"
    mkdir -p "$folder"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -days "$DAYS_OF_AUTHORITY" \
        -subj '/CN=vigil cluster' -keyout "$folder/authority.key" -out "$folder/ca.pem" \
        -addext 'keyUsage=critical,keyCertSign,cRLSign' -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' 2>/dev/null
    echo "certificates: the authority is made, good until $(ends "$folder/ca.pem"); keep $folder/authority.key offline"
}

# The files are called as patroni.yml and etcd.env, nginx-web.conf and nginx-front.conf have them.
machine() {
    name=$1 address=$2 common=$1 names=DNS:$1,IP:$2
    case $name in
        db[1-3]) certificate=machine.crt key=machine.key ca=ca.crt ;;
        # The front asks any of them by one name.
        web[1-9]) certificate=web.pem key=web.key ca=ca.pem names=$names,DNS:web.vigil ;;
        front) certificate=front.pem key=front.key ca=ca.pem common=vigil-front ;;
        *) fail "'$name' is no machine" "db1 to db3, web1 to web9, or front" ;;
    esac
    printf '%s\n' "$address" | grep -Eqx '[0-9.]+|[0-9a-f:]+' ||
        fail "'$address' is no address" "give a number such as 10.20.0.1"
    [ -e "$folder/authority.key" ] || fail "$folder has no authority" "certificates.sh $folder authority"
    mkdir -p "$folder/$name"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -subj "/CN=$common" \
        -keyout "$folder/$name/$key" -out "$folder/$name/request" 2>/dev/null
    printf '%s\n' "subjectAltName=$names" 'extendedKeyUsage=serverAuth,clientAuth' 'keyUsage=critical,digitalSignature' \
        'basicConstraints=critical,CA:FALSE' >"$folder/$name/extensions"
    openssl x509 -req -in "$folder/$name/request" -CA "$folder/ca.pem" -CAkey "$folder/authority.key" \
        -set_serial "0x$(openssl rand -hex 16)" -sha256 -days "$DAYS_OF_MACHINE" \
        -extfile "$folder/$name/extensions" -out "$folder/$name/$certificate" 2>/dev/null ||
        fail "no certificate for $name at $address could be signed" "see that the address is right"
    rm -f "$folder/$name/request" "$folder/$name/extensions"
    cp "$folder/ca.pem" "$folder/$name/$ca"
    echo "certificates: $folder/$name is good until $(ends "$folder/$name/$certificate"): put that day into a calendar"
}

[ $# -ge 2 ] || usage
folder=$1
command=$2
shift 2
case "$command $#" in
    'authority 0') authority ;;
    'machine 2') machine "$@" ;;
    *) usage ;;
esac
