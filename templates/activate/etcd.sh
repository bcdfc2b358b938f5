# The services need etcd only to be found, so a host can be activated without it.
check_etcd() {
    etcd=no
    [ -n "$prefix" ] || return 0
    sound=$problems
    each_file check_certificate
    [ "$problems" -eq "$sound" ] || return 0
    if [ -n "$etcd_password" ]; then
        ETCDCTL_PASSWORD=$(cat "$etcd_password")
        export ETCDCTL_PASSWORD
    fi
    case $prefix in *[\"\'\\\(\)\`]*) problem "etcdctl cannot read keys below $prefix: give etcd another prefix" ;; esac
    if ask_etcd get --limit=1 --keys-only -- "$(claim_key '')" >/dev/null 2>&1; then
        etcd=yes
    else
        without_etcd
    fi
}

# Leases do not depend on it, but certificates and whoever reads two journals do.
check_clock() {
    place=${ETCDCTL_ENDPOINTS-}
    place=${place%%,*}
    case $etcd:$place in yes:http://*) place=${place#http://} ;; *) return 0 ;; esac
    there=$(timeout 2 bash -c '
        exec 3<>"/dev/tcp/${0%:*}/${0##*:}" && printf "GET /version HTTP/1.0\r\n\r\n" >&3 && sed -n "s/^Date: //p" <&3
    ' "${place%%/*}" 2>/dev/null | tr -d '\r') || true
    [ -n "$there" ] || return 0
    there=$(date -d "$there" +%s 2>/dev/null) || return 0
    off=$((there - $(date +%s)))
    [ "${off#-}" -le 30 ] || note clock "the clock of $host is ${off#-} s away from that of etcd"
}
without_etcd() {
    etcd=no
    warn "warning: etcd does not answer: ports are not claimed (a clash with another fleet goes unseen), registrations not checked"
}
