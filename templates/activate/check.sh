# ---- Before anything changes: everything that is wrong, at once.

check() {
    check_bundle
    check_programs
    check_address
    check_docker
    check_etcd
    check_clock
    check_files
    check_room "$root" "$(du -sk "$here" | cut -f1)"
    check_rooms
    check_shared
    refuse_problems
}
refuse_problems() {
    [ "$problems" -eq 0 ] || refuse "$problems reasons not to start: nothing was changed"
}

# What another fleet can change: checked again once none is at it.
check_shared() {
    check_project
    check_names
    check_paths
    read_claims
    [ "$problems" -eq 0 ] || return 0
    ask_host
    each_unit check_unit
    check_images
    ask_owners
    check_image_volumes
    check_ports
}

check_bundle() {
    faults=$(faults_of "$here")
    while read -r fault; do
        [ -z "$fault" ] || problem "$fault: copy the bundle again"
    done <<END
$faults
END
}

# id_of DIRECTORY: the release that a bundle is; empty where its MANIFEST is no file.
id_of() {
    if [ -L "$1/MANIFEST" ] || [ ! -f "$1/MANIFEST" ]; then return 0; fi
    sha256sum <"$1/MANIFEST" | cut -c1-12
}

# faults_of DIRECTORY: what makes it another bundle than its MANIFEST says, a line each. Nothing is read but files, which end.
faults_of() (
    cd "$1"
    odd=$(find . ! -type d ! -type f) || odd=unknown
    if [ -n "$odd" ]; then
        echo "there are links, or other things that are no files"
        exit 0
    fi
    listed=$(grep '^\\\{0,1\}[0-9a-f]\{64\}  ' MANIFEST | sort -u) || true
    [ "$(tail -n 1 MANIFEST)" = "# files: $(printf '%s\n' "$listed" | grep -c .)" ] ||
        echo "the MANIFEST is cut off, or lists a file twice"
    found=$(find . -type f ! -path ./MANIFEST -exec sha256sum {} + | sed 's|^\(\\\{0,1\}[0-9a-f]\{64\}  \)\./|\1|' | sort)
    [ "$found" = "$listed" ] ||
        printf '%s: %s\n' "files of this bundle are missing or were changed, or the MANIFEST does not list them" \
            "$(printf '%s\n' "$found" "$listed" | sort | uniq -u | sed 's/^[^ ]*  //' | sort -u | head -n 5 | tr '\n' ' ')"
    bare=$(find . -type d -empty) || bare=unknown
    [ -z "$bare" ] || echo "there are directories without files"
)

# faults_of_installed RELEASE: the same for one that was installed before.
faults_of_installed() {
    if [ "$(id_of "$root/releases/$1")" = "$1" ]; then
        faults_of "$root/releases/$1"
    else
        echo "its MANIFEST is missing or was changed"
    fi
}

check_programs() {
    for program in docker systemctl bash awk ss ip flock cmp ${prefix:+etcdctl} $programs; do
        command -v "$program" >/dev/null || problem "\`$program\` is not installed"
    done
}

check_address() {
    [ -z "$first_port" ] || [ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -le "$first_port" ] ||
        problem "users other than root cannot bind port $first_port, which $host is declared to allow:" \
            "echo net.ipv4.ip_unprivileged_port_start=$first_port >/etc/sysctl.d/50-ports.conf; sysctl --system"
    [ -n "$(ip -o address show to "$address" 2>/dev/null)" ] ||
        problem "this is not $host: no interface has its address $address"
}
