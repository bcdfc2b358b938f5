# not_led PATH: no part of it is a link, and others than root can write no directory above it; in one with the sticky bit
# they cannot move what is root's.
not_led() {
    place=$1
    while [ ! -L "$place" ]; do
        [ "$place" != / ] || return 0
        below=$place
        place=${place%/*}
        place=${place:-/}
        [ ! -L "$place" ] || break
        case $(stat -c %u:%a -- "$place" 2>/dev/null) in
            0:1???) is_roots "$1" || die "$1 is not safe to use: others than root can write $below" ;;
            0:*[2367] | 0:*[2367]? | [!0]*) die "$1 is not safe to use: others than root can write $place" ;;
        esac
    done
    # No container writes below /etc or /dev: root's own link, such as /etc/localtime, leads where root wants.
    case $place:$(stat -c %u -- "$place") in
        /etc/*:0 | /dev/*:0)
            not_led "${place%/*}/."
            not_led "$(readlink -f -- "$1")"
            ;;
        *) die "$1 is not safe to use: $place is a link" ;;
    esac
}
is_roots() {
    [ -d "$1" ] && [ "$below" = "$1" ] && return 0 # a volume's own directory is its owner's
    [ "$(stat -c %u -- "$below" 2>/dev/null)" = 0 ]
}
