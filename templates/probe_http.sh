# http ADDRESS PORT STATUS REQUEST: it answers with one of these status codes (200-399,401); else $why. `cat` writes the request at
# once, and bash itself line by line: some servers read once.
http() {
    local request status=''
    printf -v request %b "$4"
    { exec 4<>"/dev/tcp/$1/$2"; } 2>/dev/null && cat <<<"$request" >&4 2>/dev/null && read -r _ status _ 2>/dev/null <&4
    is_accepted "$status" "$3"
}

# https: the same by TLS, in $seconds. Any certificate will do: nothing secret is sent.
https() {
    local request status='' name place=$1:$2
    case $1 in *:*) place=[$1]:$2 ;; esac
    printf -v request %b "$4"
    name=${request#*Host: } name=${name%%[:$'\r']*}
    # An address is no name of a server.
    case $name in \[* | *.*[0-9]) name='' ;; esac
    read -r _ status _ < <(timeout "$seconds" openssl s_client -quiet -connect "$place" ${name:+-servername "$name"} <<<"$request" 2>/dev/null)
    is_accepted "$status" "$3"
}

is_accepted() {
    local range path=${request#* }
    if [[ $1 =~ ^[0-9]{3}([^0-9]|$) ]]; then
        for range in ${2//,/ }; do
            [ "${1:0:3}" -lt "${range%-*}" ] || [ "${1:0:3}" -gt "${range#*-}" ] || return 0
        done
    fi
    why="${path%% *} answered ${1:-nothing}"
    return 1
}
