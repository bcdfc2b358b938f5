# Seconds since the host started: a wall clock can be set.
clock() {
    read -r uptime _ </proc/uptime
    now=${uptime%.*}
}
