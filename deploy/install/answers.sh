# shellcheck shell=bash
# What the operator wants: from the options, else as it was the last time, else asked for.

# Read again by the next run and by a rollback. Nothing in it is secret.
DOMAIN='' ONION='' STAFF_ONION='' EMAIL='' CERTIFICATE=''

NAME_PATTERN='([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]'

known_answers() {
    local name value
    [ -e "$ANSWERS" ] || return 0
    while IFS='=' read -r name value; do
        case $name in DOMAIN | ONION | STAFF_ONION | EMAIL | CERTIFICATE) printf -v "$name" '%s' "$value" ;; esac
    done <"$ANSWERS"
}

# An answer by its name: $1 the variable, $2 what was given, $3 what counts else, $4 what it has to look like, $5 the
# question.
answer() {
    local name=$1 given=$2 default=${!1:-$3} pattern=$4 question=$5
    if [ -n "$given" ]; then
        [[ $given =~ ^($pattern)$ ]] || fail "'$given' cannot be used for this: $question" "see install.sh --help"
        printf -v "$name" '%s' "$given"
    elif [ -n "${!name}" ]; then
        return
    elif [ -n "$ASK" ] && [ -t 0 ]; then
        printf -v "$name" '%s' "$(ask "$question" "$default" "$pattern")"
    else
        printf -v "$name" '%s' "$default"
    fi
}

# An address that people have written down does not go by an option of a run like any other.
onion_stays() {
    local name=$1 before=$2 given=$3
    [ "$before" = yes ] && [ "$given" = no ] && [ -n "$(installed_release)" ] || return 0
    fail "this site has that onion service, and $name no does not take it away" \
        "leave $name out; or give the address up: --uninstall, take VIGIL_ONION out of $ETC/vigil.env, and install again"
}

answers() {
    known_answers
    onion_stays --onion "$ONION" "$GIVEN_ONION"
    onion_stays --staff-onion "$STAFF_ONION" "$GIVEN_STAFF_ONION"
    answer DOMAIN "${GIVEN_DOMAIN,,}" none "none|$NAME_PATTERN" \
        "The site's name on the open web, such as news.example.org, or none"
    answer ONION "$GIVEN_ONION" yes 'yes|no' "An onion service, for people with Tor Browser: yes or no"
    answer STAFF_ONION "$GIVEN_STAFF_ONION" yes 'yes|no' \
        "An onion service by which staff fetch reports and bring answers: yes or no"
    if [ "$DOMAIN" = none ] && [ "$ONION" = no ]; then
        fail "the site would have neither a domain nor an onion service" "give --domain NAME or --onion yes"
    fi
    certificate_answers
    if [ ! -e "$DATA/team.keys" ] && [ -z "$GIVEN_TEAM_KEYS" ] && [ -n "$ASK" ] && [ -t 0 ]; then
        GIVEN_TEAM_KEYS=$(ask "The file team.keys, as the desk made it" "team.keys" '.+')
    fi
}

certificate_answers() {
    [ "$DOMAIN" != none ] || return 0
    if [ -n "$GIVEN_CERTIFICATE$GIVEN_KEY" ]; then
        if [ ! -f "$GIVEN_CERTIFICATE" ] || [ ! -f "$GIVEN_KEY" ]; then
            fail "--certificate and --key do not both name a file" "give both: PEM files, the chain and its key"
        fi
        CERTIFICATE=own
    elif [ -n "$GIVEN_NO_CERTIFICATE" ]; then
        [ "$CERTIFICATE" = own ] || CERTIFICATE=self-made
    elif [ -z "$CERTIFICATE" ] || [ -n "$GIVEN_EMAIL" ]; then
        CERTIFICATE=certbot
    fi
    if [ "$CERTIFICATE" = certbot ]; then
        answer EMAIL "$GIVEN_EMAIL" '' '[^@[:space:]]+@[^@[:space:]]+' \
            "Your address for Let's Encrypt, which warns there of a certificate that ends"
        [ -n "$EMAIL" ] || fail "Let's Encrypt wants an address of e-mail" "give --email, or --no-certificate"
    fi
}

keep_answers() {
    put 0644 root:root "$ANSWERS" <<END
DOMAIN=$DOMAIN
ONION=$ONION
STAFF_ONION=$STAFF_ONION
EMAIL=$EMAIL
CERTIFICATE=$CERTIFICATE
END
}
