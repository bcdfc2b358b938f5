# Children have a lock too, for as long as they outlive this script when it is killed: so it waits a little, and those
# that can take long close it.
lock() {
    [ "$(id -u)" = 0 ] || refuse "activate must run as root"
    mkdir /run/dpc 2>/dev/null || true
    ! led "/run/dpc/$fleet.lock" || refuse "there can be no lock: $why"
    make_lock "$fleet.lock"
    exec 9>>"/run/dpc/$fleet.lock"
    flock --timeout 3 9 || refuse "another activation of $fleet is running"
}

# Whoever may read a file may lock it.
make_lock() { (umask 077 && : >>"/run/dpc/$1"); }

# What fleets share on a host: names, ports, paths, the list of reserved ports, systemd's units. No fleet has this file's name.
lock_host() {
    make_lock .lock
    exec 8>>/run/dpc/.lock
    flock --nonblock 8 && return 0
    say "waiting for the activation of another fleet"
    flock --timeout 300 8 || refuse "the activation of another fleet does not end"
}
unlock_host() { exec 8>&-; }
