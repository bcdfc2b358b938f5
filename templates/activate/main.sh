# From here on this file is the same on every host.
#
# /opt/dpc/FLEET/releases/ID   the bundles, ID from their MANIFEST; five of them are kept
# /opt/dpc/FLEET/current       the release that the units run
# /opt/dpc/FLEET/good          the last one that became ready: where a release that does not goes back to
# /opt/dpc/FLEET/images        what each image was when it was activated: name, id, digests
# /opt/dpc/FLEET/previous      the good one before: where --rollback goes
# /etc/dpc/FLEET/current       its units, where /opt is a file system of its own: systemd reads units before it mounts that
root=/opt/dpc/$fleet
system=/etc/systemd/system
copies=/etc/dpc/$fleet
room=65536 # KiB that must be free where docker and the volumes are

main() {
    here=$(dirname -- "$(readlink -f -- "$0")")
    problems=0 changed=0 kept=0 claimed_now='' made='' installed='' told='' own_sockets='' rooms='' renew='' replace='' image_owners='' stopped=' ' trusted='
'
    exec 7>&2
    phase=checking
    trap at_end EXIT
    release=$(id_of "$here")
    [ -n "$release" ] || refuse "there is no MANIFEST in $here: copy the bundle again"
    case $#:${1:-} in
        0:) activate ;;
        1:--dry-run) dry_run ;;
        1:--rollback) roll_back ;;
        1:--status) show_status ;;
        1:--stop) stop_all ;;
        1:--restart-secrets)
            renew=yes
            activate
            ;;
        1:--replace)
            replace=yes
            activate
            ;;
        1:--return) return_here ;; # activate calls this in the release that it goes back to
        1:--paths) show_paths ;; # the activate of another fleet calls this
        *) usage ;;
    esac
}

activate() {
    lock
    check
    pull_images
    lock_host
    check_shared
    refuse_problems
    pull_images # what somebody removed meanwhile
    phase=preparing
    claim_ports
    install_release
    make_volumes
    phase=changing
    keep_images
    remove_what_left
    switch_release
    unlock_host
    if start_units; then
        finish
    else
        go_back
    fi
}

# Whatever ends this script, a command that failed too: what is half done is undone, or the release before runs again.
at_end() {
    status=$?
    trap - EXIT
    case $phase:$status in
        over:* | checking:0) exit "$status" ;;
        checking:*)
            [ -n "$told" ] || warn "a command failed: nothing was changed"
            exit 1
            ;;
        preparing:*)
            undo
            warn "what was prepared is undone: nothing was changed"
            exit 1
            ;;
        returning:*) exit 4 ;;
        changing:*)
            warn "a step failed half-way"
            go_back
            ;;
    esac
}

# What was prepared and is used by nothing yet.
undo() {
    set +e
    release_new_claims
    rm -rf "$root/.new"
    case $installed in
        new) rm -rf "$root/releases/$release" ;;
        again) [ -e "$root/releases/$release" ] || mv -T "$root/.damaged" "$root/releases/$release" ;;
    esac
    while read -r directory; do
        [ -z "$directory" ] || rmdir "$directory" 2>/dev/null
    done <<END
$made
END
}

dry_run() {
    check
    ask_health
    ask_secrets
    now=$(release_of current)
    say "would install release $release${now:+ in place of $now}"
    each_unit say_verdict
    for unit in $(units_that_left); do say "would stop and remove $unit"; done
    for image in $missing_images; do say "would pull $image"; done
    check_tags say
    say "nothing was changed"
}

# A release that was killed half-way or did not become ready is current, but not good.
roll_back() {
    target=$(release_of previous)
    [ "$(release_of current)" = "$(release_of good)" ] || target=$(release_of good)
    if [ -z "$target" ] || [ "$target" = "$(release_of current)" ]; then refuse "there is no release to go back to"; fi
    faults=$(faults_of_installed "$target") || faults="it cannot be read"
    [ -z "$faults" ] || refuse "release $target was damaged on this host: $faults"
    exec /bin/sh "$root/releases/$target/activate" --replace
}

# The fleet's lock is held by the activation that failed; the checks must not stand between here and a running release.
return_here() {
    phase=returning
    lock_host
    check_etcd
    make_volumes
    ask_host
    remove_what_left
    switch_release
    unlock_host
    start_units || exit 4
    finish
}

go_back() {
    phase=over
    set +e
    unlock_host
    good=$(release_of good)
    if [ -z "$good" ] || [ "$good" = "$release" ]; then
        warn "there is no other release to go back to: the units keep trying"
        exit 4
    fi
    faults=$(faults_of_installed "$good") || faults="it cannot be read"
    if [ -n "$faults" ]; then
        warn "release $good was damaged on this host, and is not gone back to: the units keep trying: $faults"
        exit 4
    fi
    # It knows only what it calls this host.
    [ "$(value_in_good host)" = "$host" ] || release_new_claims
    warn "going back to release $good"
    /bin/sh "$root/releases/$good/activate" --return || exit 4
    exit 3
}

finish() {
    settle_claims
    release_old_name
    if [ "$(release_of good)" != "$release" ]; then
        [ -z "$(release_of good)" ] || point previous "$(release_of good)"
        point good "$release"
    fi
    phase=over
    prune || warn "warning: old releases could not be removed"
    (remove_images) || warn "warning: old images could not be removed"
    say "release $release runs on $host: $changed started, $kept unchanged"
}

show_status() {
    current=$(release_of current)
    [ -n "$current" ] || refuse "no release of $fleet is installed"
    [ "$here" = "$root/releases/$current" ] || exec /bin/sh "$root/releases/$current/activate" --status
    check_etcd
    say "release $current"
    ask_host
    ask_health
    ask_secrets
    check_owners problem
    ask_images || true
    check_tags problem
    check_own_claims
    keys="
$([ "$etcd" = no ] || ask_etcd get --prefix --keys-only -- "$prefix/$fleet/" 2>/dev/null)
"
    each_unit status_of
    phase=over
    exit "$((problems > 0))"
}

# It is started again by the next boot, by activate, or by `systemctl start`.
stop_all() {
    lock
    phase=over
    # shellcheck disable=SC2046 # several words
    patiently "the end of all" systemctl stop "$fleet.target" $(units_that_are_ours) ||
        warn "warning: not all units stopped: systemctl status '$fleet*'"
    left=$(ask_docker ps --filter "label=dpc.fleet=$fleet" --format '{{.Names}}') || left='what docker does not say'
    if [ -n "$left" ]; then
        warn "still running: $left"
        exit 4
    fi
    say "all is stopped"
}

usage() {
    phase=over
    echo "usage: activate [--dry-run | --replace | --restart-secrets | --rollback | --status | --stop]" >&2
    exit 2
}

# Part of it may come from etcd, docker or a process: a terminal sees nothing but characters, and a line for each message. A reader
# that is gone stops nothing.
say() { { printf '%s' "$fleet: $*" | tr '\n' ' ' && echo; } | cat -v || true; }
warn() { say "$@" >&2; }
refuse() {
    told=yes
    warn "$*"
    exit 1
}
problem() {
    warn "$*"
    problems=$((problems + 1))
}
