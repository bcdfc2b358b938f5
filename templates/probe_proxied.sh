# proxied ADDRESS PORT: the same of a bridge's port at a loopback address. docker's proxy accepts before the process listens, and then
# ends the connection: behind one that stays, or that says something, is the process.
proxied() {
    local ended=0
    { exec 4<>"/dev/tcp/$1/$2" && read -r -t 0.3 -n 1 _ <&4; } 2>/dev/null || ended=$?
    [ "$ended" -ne 1 ] && return
    why="nothing listens behind $1 port $2"
    return 1
}
