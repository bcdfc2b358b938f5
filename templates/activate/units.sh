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
    missing_images=''
    ! ask_images || [ "$platforms" != "
" ] || return 0
    for image in $images; do
        is_here || missing_images="$missing_images $image"
    done
}
# $images, and the id and the digests of each, if all are there.
ask_images() {
    images=$(each_unit image_of | sort -u)
    # shellcheck disable=SC2086 # several words
    image_ids=$(ask_docker image inspect --format '{{.Id}}{{range .RepoDigests}} {{.}}{{end}}' $images 2>/dev/null) || {
        refuse_hung "$?"
        image_ids=''
        return 1
    }
}
# An image of another platform than its service names is not the one that it asks for.
is_here() {
    found=$(ask_docker image inspect --format '{{.Os}}/{{.Architecture}}' "$image" 2>/dev/null) || {
        refuse_hung "$?"
        return 1
    }
    case $(platform)/ in / | "$found"/*) ;; *) return 1 ;; esac
}
platform() { echo "$platforms" | awk -v "image=$image" '$1 == image { print $2 }'; }
image_of() { echo "$image"; }

# A line each: image, id, digests.
list_images() {
    for image in $images; do
        read -r what <&3 || true
        echo "$image $what"
    done 3<<END
$image_ids
END
}

# check_tags COMMAND: tells it of names that were other images when they were activated last.
check_tags() {
    moved=$({ list_images; cat "$root/images" 2>/dev/null || true; } |
        awk '!($1 in now) { now[$1] = $2; next } now[$1] != "" && now[$1] != $2 { print $1 }')
    for image in $moved; do
        "$1" "warning: $image is another image than at the last activation: what starts from now on runs that one"
    done
}

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
port_of() { echo "$port $name $bound"; }
# For each port the first one.
taken_by_others() { printf '%s\n' "$wanted" | holders | awk '$3 == "?" && !seen[$1]++'; }
