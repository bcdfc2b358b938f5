# each_unit COMMAND: calls it for every unit in order, with the columns as variables, until it fails.
each_unit() {
    while read -r name kind hash ports image key check state running owner; do
        [ -z "$name" ] || "$1" </dev/null || return 1
    done <<END
$units
END
}

# ask_host: what runs under the names of this bundle, asked once for all. Adds to each of its rows the state of the unit, and of the
# container there is the hash and the fleet: `-` for none, `?` for what is no word of ours, `.` where there is no container.
ask_host() {
    present=$(ask_docker ps --all --format '{{.Names}} {{.State}} {{json (.Label "dpc.hash")}} {{json (.Label "dpc.fleet")}}') ||
        refuse "\`docker ps\` fails"
    # shellcheck disable=SC2046 # several words
    states=$(ask_systemd is-active -- $(each_unit units_of)) || refuse_hung "$?"
    units="
$(printf '%s\n' "$present" "$states" "$units" | awk '
        function word(text) { return text ~ /^"[a-z0-9-]+"$/ ? substr(text, 2, length(text) - 2) : text == "\"\"" ? "-" : "?" }
        $3 ~ /^"/ {
            hash[$1] = word($3)
            fleet[$1] = word(NF == 4 ? $4 : "?")
            paused[$1] = $2 == "paused"
            next
        }
        NF == 1 { states[++answers] = $1; next }
        NF >= 7 {
            there = $1 in hash
            state = ++asked in states ? states[asked] : "unknown"
            if ($2 == "timer" && states[++asked] == "failed") state = "failed"
            if (state == "active" && paused[$1]) state = "paused"
            print $1, $2, $3, $4, $5, $6, $7, state, there ? hash[$1] : "-", there ? fleet[$1] : "."
        }')
"
}
# The last run of a task is what its service says.
units_of() {
    case $kind in
        timer) echo "$name.timer $name.service" ;;
        *) echo "$name.service" ;;
    esac
}

# ask_health: what is as built and does not answer as healthy, a line each: unit, and why. All are asked side by side, twenty at
# once, and nobody is called sick who has answered one time of three.
ask_health() {
    sick=$(each_unit has_health)
    for pause in 1 1 0; do
        [ -n "$sick" ] || break
        sick=$(
            count=0
            for asked in $(printf '%s\n' "$sick" | cut -d' ' -f1); do
                (exec 8>&- 9>&- && answer_of "$asked") &
                count=$((count + 1))
                [ $((count % 20)) -ne 0 ] || wait
            done
            wait
        )
        [ -z "$sick" ] || sleep "$pause"
    done
    sick="
$sick
"
}
answer_of() {
    answer=$(/bin/sh "$here/docker/$1.sh" healthy 2>&1 </dev/null) || printf '%s\n' "$1 $(printf %s "$answer" | tr '\n' ' ')"
}
has_health() { case $check:$state:$running in -:*) ;; *:active:"$hash") echo "$name" ;; esac; }
is_sick() { case $sick in *"
$name "*) ;; *) return 1 ;; esac; }
symptom() { printf '%s\n' "$sick" | sed -n "s/^$name //p"; }

# ask_secrets: what they hold now, to compare with what the script of a service noted when it started the container.
ask_secrets() {
    set --
    while read -r what path; do
        case $what in secret | env) set -- "$@" "$path" ;; esac
    done <<END
$files
END
    secrets="
$([ $# -eq 0 ] || sha256sum -- "$@" 2>/dev/null)
"
}
has_new_secret() {
    noted=/run/dpc/.secrets/$name
    case $state:$running in active:"$hash") [ -e "$noted" ] || return 1 ;; *) return 1 ;; esac
    while IFS= read -r line; do
        case $secrets in *"
$line
"*) ;; *) return 0 ;; esac
    done <"$noted"
    return 1
}
new_secret() { echo "a secret of $name is newer than the container: ./activate --restart-secrets starts it again"; }

# each_volume COMMAND: the same for every volume.
each_volume() {
    while read -r name owner mode access make label path; do
        [ -z "$path" ] || "$1" || return 1
    done <<END
$volumes
END
}

# each_file COMMAND: the same for every file that root reads, with $what (secret, certificate) and $path.
each_file() {
    while read -r what path; do
        [ -z "$what" ] || "$1" || return 1
    done <<END
$files
END
}

# each_port COMMAND: the same for every port of the unit, with $port and $bound: the address that it is bound to, or `*`.
each_port() {
    [ "$ports" != - ] || return 0
    for port in $(echo "$ports" | tr , ' '); do
        bound='*'
        case $port in *@*) bound=${port#*@} port=${port%@*} ;; esac
        "$1" || return 1
    done
}
