# ---- Ports, claimed in etcd: another fleet on this host learns that they are taken before it changes anything.
#
# etcd is not ours alone, so what is read there is data. etcdctl writes keys and values as quoted text, each in one line
# (--write-out=fields); what is no claim of ours, letter by letter, is passed over; and transactions hold only keys and values
# that this file makes, and revisions, which are numbers.

# No fleet's name begins with a dot.
claim_key() { printf '%s\n' "$prefix/.ports/$host/$1"; }
claimant() {
    service=${name#"$fleet"-}
    echo "$fleet/${service%-*}"
}

# Claims on this host, a line each: port (such as tcp/8080 or udp/5000-5100), revision, owner (?: no service's).
read_claims() {
    own_claims='' foreign_claims=''
    [ "$etcd" = yes ] || return 0
    if ! answer=$(ask_etcd get --prefix --write-out=fields -- "$(claim_key '')" 2>/dev/null); then
        without_etcd
        return 0
    fi
    while read -r field _ value; do
        value=${value#\"}
        value=${value%\"}
        case $field in
            '"Key"') claimed=${value#"$prefix/.ports/$host/"} ;;
            '"ModRevision"') revision=$value ;;
            '"Value"') note_claim "$value" ;;
        esac
    done <<END
$answer
END
}

note_claim() {
    is_port "$claimed" || return 0
    owner=$1
    is_owner "$owner" || owner='?'
    case $owner in
        "$fleet"/*) own_claims="$own_claims$claimed $revision $owner
" ;;
        *) foreign_claims="$foreign_claims$claimed $revision $owner
" ;;
    esac
}

is_port() {
    case $1 in tcp/* | udp/* | sctp/*) ;; *) return 1 ;; esac
    first=${1#*/}
    last=${first#*-}
    first=${first%%-*}
    case $first in '' | *[!0-9]* | ??????*) return 1 ;; esac
    case $last in '' | *[!0-9]* | ??????*) return 1 ;; esac
}
is_owner() {
    case $1 in *[!a-z0-9/-]* | /* | */ | */*/*) return 1 ;; */*) ;; *) return 1 ;; esac
}

# each_claim CLAIMS COMMAND: calls it for every claim, with $claimed, $revision and $owner.
each_claim() {
    while read -r claimed revision owner; do
        [ -z "$claimed" ] || "$2" || return 1
    done <<END
$1
END
}

# Another fleet's claim that shares a port with this one.
clash() {
    [ "${claimed%/*}" = "${port%/*}" ] || return 0
    mine=${port#*/} theirs=${claimed#*/}
    if [ "${mine%-*}" -gt "${theirs#*-}" ] || [ "${theirs%-*}" -gt "${mine#*-}" ]; then return 0; fi
    case $owner in
        '?') problem "port $port of $host, for $name, is claimed by what is no service: look at $(claim_key "$claimed") in etcd" ;;
        *) problem "port $port of $host, for $name, belongs to $owner" ;;
    esac
}

# Ports that the fleet does not have yet: what it has keeps its owner's name until the new one runs. A transaction holds only if
# nobody claimed one of them meanwhile, and has no more than etcd takes at once (128).
claim_ports() {
    [ "$etcd" = yes ] || return 0
    compares='' puts='' count=0 taken="
$own_claims"
    each_unit claim_of_unit && commit_claims
}

claim_of_unit() { each_port claim_of_port; }
claim_of_port() {
    case $taken in *"
$port "*) return 0 ;; esac
    taken="$taken$port
"
    compares="${compares}ver(\"$(claim_key "$port")\") = \"0\"
"
    puts="${puts}put -- $(claim_key "$port") $(claimant)
"
    claimed_now="$claimed_now$port 0 $(claimant)
"
    count=$((count + 1))
    [ "$count" -lt 100 ] || commit_claims
}

commit_claims() {
    [ -n "$puts" ] || return 0
    answer=$(printf '%s\n%s\n\n' "$compares" "$puts" | ask_etcd txn 2>/dev/null) || refuse "etcd: the claim of ports failed: nothing was changed"
    case $answer in
        SUCCESS*) compares='' puts='' count=0 ;;
        *) refuse "another fleet claimed a port of $host just now: run activate again to see which" ;;
    esac
}

# etcd may have lost everything, or have been away when this release was activated.
check_own_claims() {
    read_claims
    [ "$etcd" = yes ] || return 0
    unclaimed=$({ printf '%s\n' "$own_claims"; each_unit ports_of; } | awk '$3 ~ /\// { claimed[$1]; next } NF == 3 && !($1 in claimed)' | grep -c .) ||
        return 0
    problem "$unclaimed ports of $host are not claimed in etcd: activate again"
}

# Takes back what claim_ports did. Whose claim it is by now is asked in the same transaction.
release_new_claims() { each_claim "$claimed_now" release_new_claim; }
release_new_claim() { transact "val(\"$(claim_key "$claimed")\") = \"$owner\"" "del -- $(claim_key "$claimed")"; }

transact() { printf '%s\n\n%s\n\n\n' "$1" "$2" | ask_etcd txn >/dev/null 2>&1 || true; }

# Claims of this fleet for ports that this release does not have go; those of a port that has moved to another service say so.
settle_claims() {
    read_claims
    wanted='
'
    each_unit note_wanted
    each_claim "$own_claims" settle_claim
}
# A host that was renamed has claims under its old name: the release before knows it. Where the address is another machine's by now,
# so is the name.
release_old_name() {
    old=$(value_in_good host)
    case $old in '' | "$host" | *[!a-z0-9-]*) return 0 ;; esac
    [ -n "$(ip -o address show to "$(value_in_good address)" 2>/dev/null)" ] || return 0
    (
        host=$old
        read_claims
        each_claim "$own_claims" release_claim
        [ -z "$own_claims" ] || say "released the ports that were claimed for $old, as this host was called"
    )
}
value_in_good() { sed -n "s/^$1=//p" "$root/good/activate" 2>/dev/null | head -n 1; }
release_claim() { transact "mod(\"$(claim_key "$claimed")\") = \"$revision\"" "del -- $(claim_key "$claimed")"; }
note_wanted() { each_port note_wanted_port; }
note_wanted_port() {
    wanted="$wanted$port $(claimant)
"
}
settle_claim() {
    same="mod(\"$(claim_key "$claimed")\") = \"$revision\""
    case $wanted in
        *"
$claimed $owner
"*) ;;
        *"
$claimed "*)
            new=${wanted#*"
$claimed "}
            transact "$same" "put -- $(claim_key "$claimed") ${new%%"
"*}"
            ;;
        *) transact "$same" "del -- $(claim_key "$claimed")" ;;
    esac
}
