# tcp ADDRESS PORT: it accepts a connection; else $why.
tcp() {
    { : <"/dev/tcp/$1/$2"; } 2>/dev/null && return
    why="$1 port $2 accepts no connection"
    return 1
}
