# led PATH: whether others than root could lead PATH elsewhere, and $why: by a link in it, or by a directory above it that
# they can write. Where root alone can write all of them, nothing can be put in their place later either. In a directory
# with the sticky bit others cannot move what is root's.
led() {
    place=$1 why='' seen=''
    until [ -L "$place" ]; do
        case $trusted in *"
$place
"*) place=/ ;; esac
        if [ "$place" = / ]; then
            trusted="$trusted$seen"
            return 1
        fi
        below=$place
        place=${place%/*}
        place=${place:-/}
        [ ! -L "$place" ] || break
        case $(stat -c %u:%a -- "$place" 2>/dev/null) in
            '') ;; # still to be made
            0:1???)
                is_roots "$1" && continue
                why="others than root can write $below"
                return 0
                ;;
            0:*[2367] | 0:*[2367]? | [!0]*)
                why="others than root can write $place"
                return 0
                ;;
            *) seen="$seen$place
" ;;
        esac
    done
    # No container writes below /etc or /dev: root's own link, such as /etc/localtime, leads where root wants.
    case $place:$(stat -c %u -- "$place" 2>/dev/null) in
        /etc/*:0 | /dev/*:0) led "${place%/*}/." || led "$(readlink -f -- "$1")" ;;
        *) why="$place is a link: write the path that it leads to" ;;
    esac
}
is_roots() {
    [ -d "$1" ] && [ "$below" = "$1" ] && return 0 # a volume's own directory is its owner's
    case $(stat -c %u -- "$below" 2>/dev/null) in 0 | '') ;; *) return 1 ;; esac
}
