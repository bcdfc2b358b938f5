# ---- --status

status_of() {
    container=as-built registration=-
    [ "$running" = "$hash" ] || container=differs
    ! is_sick || container=unhealthy
    case $kind in timer | hook) container=- ;; esac
    if [ "$key" != - ]; then
        registration=unknown
        [ "$etcd" = no ] || registration=not-registered
        case $keys in *"
$key
"*) registration=registered ;; esac
    fi
    printf '%-24s %-12s %-9s %s\n' "$name" "$state" "$container" "$registration"
    [ "$container" != unhealthy ] || warn "$name is not healthy: $(symptom)"
    ! has_new_secret || problem "$(new_secret)"
    case $kind:$state in timer:failed | hook:failed) warn "the last run of $name failed: journalctl -t $name" ;; esac
    # A hook runs when something fails.
    case $kind:$state in hook:inactive | hook:activating) return 0 ;; esac
    case $state:$container:$registration in
        active:differs:* | active:unhealthy:* | active:*:not-registered | active:*:unknown) problems=$((problems + 1)) ;;
        active:*) ;;
        *) problems=$((problems + 1)) ;;
    esac
}
