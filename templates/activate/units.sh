check_unit() {
    case $owner in
        . | "$fleet") ;;
        -) problem "the container $name is there, and is no fleet's: remove it, or rename the service or the fleet" ;;
        *) problem "the container $name belongs to fleet $owner: rename the service or the fleet" ;;
    esac
    [ -z "$foreign_claims" ] || each_port check_claims
}
check_claims() { each_claim "$foreign_claims" clash; }

check_images() {
    images=$(each_unit image_of | sort -u)
    missing_images=''
    # shellcheck disable=SC2086 # several words
    docker image inspect $images >/dev/null 2>&1 && return
    for image in $images; do
        docker image inspect "$image" >/dev/null 2>&1 || missing_images="$missing_images $image"
    done
}
image_of() { echo "$image"; }

check_ports() {
    wanted=$(each_unit ports_of)
    [ -n "$(taken_by_others)" ] || return 0
    # What is ours may have started or ended since it was listed: asked once more.
    list_ours
    while read -r port name _ socket; do
        [ -z "$port" ] || problem "port $port for $name is taken by $(name_of_socket "$socket")"
    done <<END
$(taken_by_others)
END
}
ports_of() { each_port port_of; }
port_of() { echo "$port $name"; }
# For each port the first one.
taken_by_others() { printf '%s\n' "$wanted" | holders | awk '$3 == "?" && !seen[$1]++'; }
