# ---- Who listens. Anybody can give a process any name, newlines too, and a control group of an account any name: only
# numbers of the kernel and paths that root alone can make are compared.

# holders: for each port that it reads, with whom it is for and the address, and each socket that listens there: port, whom, and the
# container of this fleet that has the socket; or `?` and the socket's number.
holders() {
    asked=$(cat)
    {
        printf '%s\n' "$own_sockets"
        for protocol in $(printf '%s\n' "$asked" | cut -d/ -f1 | sort -u); do
            listening=$(ss --no-header --listening --numeric --extended "--$protocol") || listening='?'
            if [ "$protocol:$listening" = sctp: ]; then listening=$(sctp_listeners); fi
            printf '%s\n' "$listening" | sed "s/^/$protocol /"
        done
        printf '%s\n' "$asked"
    } | awk '
        $1 ~ /^(tcp|udp|sctp)$/ && $2 == "?" { unknown[$1] = 1; next }
        $1 ~ /^(tcp|udp|sctp)$/ {
            socket = 0
            for (i = NF; i > 6; i--) if ($i ~ /^ino:[0-9]+$/) socket = substr($i, 5)
            gsub(/[][]/, "", $5)
            port = $5
            sub(/.*:/, "", port)
            address = $5 "/" $1
            holder[++count] = socket in container ? container[socket] : address in container ? container[address] : "? " socket
            sub(/:[^:]*$/, "", $5)
            sub(/%.*/, "", $5)
            sub(/^::ffff:/, "", $5)
            listens[count] = $5
            at[$1, port] = at[$1, port] " " count
            next
        }
        $1 ~ /^(tcp|udp|sctp)\/[0-9-]+$/ {
            split($1, part, "/")
            if (part[1] in unknown) print $1, $2, "? unknown"
            last = first = part[2]
            sub(/-.*/, "", first)
            sub(/.*-/, "", last)
            for (port = first + 0; port <= last + 0; port++) {
                if (!((part[1], port) in at)) continue
                here = split(at[part[1], port], listening, " ")
                for (i = 1; i <= here; i++) if (meets($3, listens[listening[i]])) print $1, $2, holder[listening[i]]
            }
            next
        }
        NF == 2 { container[$1] = $2 }
        function meets(wanted, taken) { return wanted == "*" || wanted == taken || taken ~ /^(\*|::|0\.0\.0\.0)$/ }'
}

# sctp_listeners: the same lines from the kernel's own table: without its module sctp_diag `ss` says nothing, and succeeds.
sctp_listeners() {
    awk '
        $4 == 10 {
            for (i = 9; i <= NF; i++) print "LISTEN 0 0", ($i ~ /^[0:]+$/ ? "::" : $i) ":" $6, "* ino:" $8
        }' /proc/net/sctp/eps 2>/dev/null || true
}

# What the containers of this fleet listen with, and the container, a line each: numbers of sockets; and ADDRESS:PORT/PROTOCOL of
# published ports, where docker itself listens.
list_ours() {
    own_sockets=''
    ids=$(ask_docker ps --quiet --no-trunc --filter "label=dpc.fleet=$fleet") || refuse "\`docker ps\` fails"
    [ -n "$ids" ] || return 0
    # One of them may have ended since.
    # shellcheck disable=SC2086 # several words
    running_containers=$(ask_docker inspect --format '{{.State.Pid}} {{.Id}} {{slice .Name 1}}{{range $port, $places := .NetworkSettings.Ports}}{{range $places}} {{.HostIp}}:{{.HostPort}}/{{$port}}{{end}}{{end}}' $ids 2>/dev/null) || true
    processes=$(processes_of_ours)
    own_sockets=$(sockets_of_ours)
}

# Process and container, a line each. A container's processes are in the control group that docker made for it, where its first one
# is, or below: /docker/ID or docker-ID.scope, in whatever parent but those that accounts have.
processes_of_ours() {
    { printf '%s\n' "$running_containers"; grep -s '' /proc/[0-9]*/cgroup; } | awk '
        !/^\/proc\// { own["/docker-" $2 ".scope"] = own["/" $2] = $1; container[$1] = $3; next }
        {
            split($0, part, "/")
            path = $0
            sub(/^[^:]*:[^:]*:[^:]*:/, "", path)
            pids[++count] = part[3]
            paths[count] = path
            if (!(part[3] in container) || path ~ /^\/user\.slice\//) next
            while (path != "" && own[last(path)] != part[3]) path = above(path)
            if (path != "") group[path] = container[part[3]]
        }
        END {
            for (i = 1; i <= count; i++) {
                path = paths[i]
                while (path != "" && !(path in group)) path = above(path)
                if (path != "" && !seen[pids[i]]++) print pids[i], group[path]
            }
        }
        function last(path) { return match(path, /\/[^\/]*$/) ? substr(path, RSTART) : "" }
        function above(path) { return match(path, /\/[^\/]*$/) ? substr(path, 1, RSTART - 1) : "" }'
}

sockets_of_ours() {
    printf '%s\n' "$running_containers" | while read -r _ _ container places; do
        for place in $places; do echo "${place%%/*}/${place##*/} $container"; done
    done
    [ -n "$processes" ] || return 0
    printf '%s\n' "$processes" | {
        set --
        while read -r process _; do set -- "$@" "/proc/$process/fd"; done
        printf '%s\n' "$processes"
        find "$@" -maxdepth 1 -lname 'socket:*' -printf '%h %l\n' 2>/dev/null || true
    } | awk '
        !/^\/proc\// { container[$1] = $2; next }
        { split($1, part, "/"); gsub(/[^0-9]/, "", $2); print $2, container[part[3]] }'
}

# name_of_socket NUMBER: the process that has it, for people.
name_of_socket() {
    [ "$1" != unknown ] || { echo "nobody knows whom: \`ss\` fails"; return 0; }
    process=$(find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$1\]" -printf '%h\n' -quit 2>/dev/null | tr -dc 0-9) || true
    if [ -z "$process" ]; then
        echo "no process of this host: by its kernel, or by what has ended"
    else
        printf '%s\n' "process $process ($(tr -dc '[:print:]' <"/proc/$process/comm" 2>/dev/null || true))"
    fi
}
