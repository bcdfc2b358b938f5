# ---- What takes a question and never answers: docker, systemd or etcd. Each call has its time.

# in_time SECONDS COMMAND...: without the locks, which it would keep where it outlives this script.
in_time() {
    allowed=$1
    shift
    ended=0
    timeout --foreground --kill-after=5 "$allowed" "$@" 8>&- 9>&- || ended=$?
    case $ended in 124 | 137) say "\`$1 $2\` does not answer: it takes longer than $allowed s" >&7 ;; esac
    return "$ended"
}
# refuse_hung STATUS: what did not end in time is no answer, and says neither yes nor no.
refuse_hung() { [ "$1" -lt 124 ] || refuse "nothing can be done before it answers"; }
ask_docker() { in_time 60 docker "$@"; }
ask_systemd() { in_time 60 systemctl "$@"; }
ask_etcd() { timeout 5 etcdctl "$@"; }

# patiently WHAT COMMAND...: says after ten seconds what it waits for. What a unit does has a limit of its own, so it waits as long as
# systemd answers.
patiently() {
    awaited=$1
    shift
    "$@" 8>&- 9>&- &
    job=$!
    ends_within 10 || wait_on
    wait "$job"
}
wait_on() {
    say "waiting for $awaited"
    until ends_within 60; do
        ask_systemd show --property=Version >/dev/null || kill "$job"
    done
}
ends_within() { timeout --foreground "$1" tail --pid="$job" --sleep-interval=0.1 --follow /dev/null 8>&- 9>&-; }
