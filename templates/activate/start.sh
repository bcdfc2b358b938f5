# ---- Starting: in order, one after the other, each until it is ready.

start_units() {
    ask_host
    ask_health
    ask_secrets
    refresh_registrar
    each_unit start_unit || return 1
    patiently "$fleet.target" systemctl start "$fleet.target" || return 1
    [ "$changed" -eq 0 ] || sleep 2
    ask_host
    each_unit still_active
}

start_unit() {
    case $(verdict) in
        keep)
            kept=$((kept + 1))
            ! has_new_secret || warn "warning: $(new_secret)"
            ;;
        timer) ask_systemd restart "$name.timer" || return 1 ;;
        hook) return 0 ;;
        restart)
            say "starting $name"
            make_way
            rm -f "/run/dpc/$name.ends"
            # One that gave up has its tries again.
            [ "$state" != failed ] || ask_systemd reset-failed "$name.service" || true
            patiently "$name" systemctl restart "$name.service" || failed || return 1
            changed=$((changed + 1))
            until_registered
            return 0
            ;;
    esac
    refresh_registration
}

# What is healthy and made as this release makes it stays. A unit that is starting may be an old script: again.
verdict() {
    case $kind:$state:$running:$stopped in
        timer:*) echo timer ;;
        hook:*) echo hook ;;
        *" $name "*) echo restart ;;
        *:active:"$hash":*)
            if is_sick || { [ -n "$renew" ] && has_new_secret; }; then
                echo restart
                return
            fi
            # It may have ended since, for what was restarted.
            if [ "$changed" -eq 0 ] || ask_systemd is-active --quiet "$name.service"; then echo keep; else echo restart; fi
            ;;
        *) echo restart ;;
    esac
}

say_verdict() {
    case $(verdict) in
        keep)
            say "would keep $name"
            ! has_new_secret || say "$(new_secret)"
            ;;
        timer) say "would set the timer of $name" ;;
        restart) say "would start $name: $(why)" ;;
    esac
}
why() {
    case $running in
        -) echo "it does not run" ;;
        "$hash") if has_new_secret; then echo "its secret is newer"; else echo "it is not healthy: $(symptom)"; fi ;;
        *) echo "its container changes" ;;
    esac
}

# A port that another service of this fleet still holds, but not in this release.
make_way() {
    [ "$ports" != - ] || return 0
    wanted=$(ports_of) own_sockets=''
    [ -n "$(taken_by_others)" ] || return 0
    list_ours
    for unit in $(printf '%s\n' "$wanted" | holders | cut -d' ' -f3 | grep -v '^?' | sort -u); do
        [ "$unit" != "$name" ] || continue
        stopped="$stopped$unit "
        patiently "the end of $unit" systemctl stop "$unit.service"
    done
}

failed() {
    warn "$name did not become ready; its last words:"
    journalctl --quiet --no-pager --output cat --lines 10 --identifier "$name" | cat -v | sed 's/^/  /' >&2 || true
    return 1
}

still_active() {
    case $kind in timer | hook) return 0 ;; esac
    [ "$state" = active ] || failed
}

# The other instance goes on only when clients can find this one.
until_registered() {
    if [ "$key" = - ] || [ "$etcd" = no ]; then return 0; fi
    tries=150
    until registered; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 0
        sleep 0.1
    done
}
registered() { [ -n "$(ask_etcd get --keys-only -- "$key" 2>/dev/null)" ]; }

# The registrar of this release goes on with the leases of the one before.
refresh_registrar() {
    new=$root/current/etcd/register.sh old=/run/dpc/$fleet/.register/started-from
    if [ ! -e "$new" ] || [ "$(cat "$old" 2>/dev/null)" = "$(sha256sum <"$new")" ]; then return 0; fi
    in_time 60 systemctl reload-or-restart "$fleet-register.service" || warn "warning: $fleet-register.service does not start"
}

# A registration that changed while its service did not is replaced without a gap.
refresh_registration() {
    new=$root/current/etcd/$name.registration old=/run/dpc/$fleet/$name/registration
    if [ "$key" = - ]; then
        [ ! -e "$old" ] || registrar withdraw "$name"
    elif ! cmp -s "$old" "$new"; then
        say "registering $name again"
        registrar ready "$name"
    fi
}
registrar() { [ ! -e "$root/current/etcd/register.sh" ] || /bin/bash "$root/current/etcd/register.sh" "$@" 8>&- 9>&-; }
