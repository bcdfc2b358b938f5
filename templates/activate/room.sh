# check_room PATH KIB, where the path may be still to be made: asked for all of them at once.
check_room() {
    rooms="$rooms$2 $1
"
}
check_rooms() {
    set --
    while read -r needed path; do
        nearest "$path"
        set -- "$@" "$place"
    done <<END
${rooms%?}
END
    free=$(df --output=avail --block-size=1K -- "$@" | tail -n +2)
    while read -r needed path <&3; do
        read -r free <&4 || free=''
        case $free in
            '' | *[!0-9]*) problem "\`df\` does not say how much is free for $path" ;;
            *) [ "$free" -ge "$needed" ] || problem "disk full: $free KiB are free for $path, and $needed are needed" ;;
        esac
    done 3<<ROOMS 4<<FREE
${rooms%?}
ROOMS
$free
FREE
}

# nearest PATH: $place is the path, or the directory above it that is there.
nearest() {
    place=$1
    while [ -n "$place" ] && [ ! -e "$place" ]; do place=${place%/*}; done
    place=${place:-/}
}
