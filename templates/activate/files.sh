check_files() {
    ! led "$root/releases/$release" || problem "releases cannot be kept in $root: $why"
    each_file check_secret
    while read -r what access path; do
        [ -n "$path" ] || continue
        if led "$path"; then
            problem "the $what $path is not safe to use: $why"
        elif [ ! -e "$path" ]; then
            problem "the $what $path is not there"
        fi
    done <<END
$given
END
    each_volume check_volume
    check_mounts
    check_owners warn
}

check_volume() {
    if led "$path"; then
        problem "the volume $path is not safe to mount: $why"
    elif ! is_what_it_must_be; then
        problem "the volume $path of $name is no $make, and must be one"
    elif [ -e "$path" ] || [ "$make" = made ]; then
        check_room "$path" "$room"
    elif [ "$access" = ro ]; then
        problem "the volume $path is not there, and $name only reads it"
    else
        case $owner in - | image) owner=0:0 ;; esac
        problem "the volume $path of $name is not there, and is not below data-root, where activate makes volumes:" \
            "mount it, or: install -d -o ${owner%:*} -g ${owner#*:} -m $mode $(quoted "$path")"
    fi
}
is_what_it_must_be() {
    case $make in
        mount) mountpoint -q -- "$path" ;;
        directory) [ -d "$path" ] ;;
        file) [ -f "$path" ] ;;
    esac
}
quoted() {
    case $1 in
        *[!A-Za-z0-9/._-]*) printf "'%s'\n" "$(printf '%s\n' "$1" | sed "s/'/'\\\\''/g")" ;;
        *) printf '%s\n' "$1" ;;
    esac
}

# What is written below a disk that is not mounted would lie on the disk underneath.
check_mounts() {
    [ -e /etc/fstab ] || return 0
    away=$(awk '
        FILENAME ~ /mountinfo$/ { mounted[$5]; next }
        $2 ~ /^\/./ { sub(/\/$/, "", $2); if ($1 !~ /^#/ && !($2 in mounted)) { gsub(/\\040/, " ", $2); print $2 } }
    ' /proc/self/mountinfo /etc/fstab)
    [ -n "$away" ] || return 0
    while read -r _ access path; do
        while read -r place; do
            case $path/ in "$place"/*) problem "$path lies on $place, which is in /etc/fstab and not mounted: mount $(quoted "$place")" ;; esac
        done <<END
$away
END
    done <<END
$(show_paths)
END
}

# check_owners COMMAND: tells it of directories that are written and have another owner than is declared.
check_owners() {
    set -- "$1"
    while read -r name owner mode access make _ path; do
        if is_owned; then set -- "$@" "$path"; fi
    done <<END
$volumes
END
    [ $# -gt 1 ] || return 0
    command=$1
    shift
    owners=$(stat -c %u:%g -- "$@") || true
    while read -r name owner mode access make _ path <&3; do
        is_owned || continue
        read -r now <&4 || return 0
        case $now in
            "$owner" | "$owner":*) ;;
            *) "$command" "warning: the volume $path of $name belongs to $now, and is declared to belong to $owner:" \
                "chown it, or give it owner=\"$now\"" ;;
        esac
    done 3<<VOLUMES 4<<OWNERS
$volumes
VOLUMES
$owners
OWNERS
}
is_owned() { case $access:$owner in rw:- | rw:image | ro:*) return 1 ;; esac && [ -e "$path" ]; }

# A volume whose owner nobody says is made for the user of the image, as docker does for volumes with a name. All images are asked at
# once. Adds a line for each to $image_owners: image, number, user.
ask_owners() {
    image_owners=''
    # One that is not here yet is pulled, and asked then.
    [ -n "$image_ids" ] || return 0
    new=$(each_volume image_of_new_volume | sort -u)
    [ -n "$new" ] || return 0
    # shellcheck disable=SC2086 # several words
    users=$(ask_docker image inspect --format '{{printf "%q" .Config.User}}' $new) || return 0
    for image in $new; do
        read -r user <&3 || true
        user=${user#\"} user=${user%\"}
        case ${user%:*} in '' | root) number=0 ;; *[!0-9]*) number=$(number_in_image) ;; *) number=${user%:*} ;; esac
        image_owners="$image_owners$image ${number:--} $user
"
    done 3<<END
$users
END
    each_volume check_owner_of_image
}
image_of_new_volume() { if [ "$owner" = image ] && [ ! -e "$path" ]; then image_of_unit; fi; }
image_of_unit() { printf '%s\n' "$units" | awk -v "name=$name" '$1 == name { print $5; exit }'; }
check_owner_of_image() {
    [ -n "$(image_of_new_volume)" ] || return 0
    owner_of_image
    [ "$number" != - ] || problem "the image of $name runs as $user, and does not say which number that is: give the volume $path an \`owner=\`"
}

# A path that an image declares as a volume, and at which nothing is mounted, gets a volume without a name: empty in the next container,
# and left behind by each.
check_image_volumes() {
    # One that is not here yet is pulled, and asked then.
    [ -n "$image_ids" ] || return 0
    # shellcheck disable=SC2016,SC2086 # a variable of the template; several words
    declared=$(ask_docker image inspect --format '{{range $path, $_ := .Config.Volumes}}{{printf "%q" $path}} {{end}}' $images) || return 0
    while read -r name path; do
        [ -z "$name" ] || problem "the image of $name declares the volume $path, and nothing is mounted there: add a \`volume\` or a \`tmpfs\`"
    done <<END
$(bare_volumes)
END
}

# A line each: unit, path. A path with a space or an odd sign is nobody's: it cannot be told from two.
# docker mounts its own volume also below a directory that is mounted above.
bare_volumes() {
    {
        printf '%s\n' "$units" | awk 'NF { print "unit", $1, $5 }'
        printf '%s\n' "$mounts" | awk 'NF { print "mount", $0 }'
        for one in $images; do
            read -r paths <&3 || true
            echo "image $one $paths"
        done 3<<END
$declared
END
    } | awk '
        $1 == "unit" { order[++many] = $2; image[$2] = $3 }
        $1 == "mount" { mounted[$2] = mounted[$2] " " $3 "/" }
        $1 == "image" { for (i = 3; i <= NF; i++) if ($i ~ /^"\/[^"\\]*"$/) volumes[$2] = volumes[$2] " " substr($i, 2, length($i) - 2) }
        END {
            for (n = 1; n <= many; n++) {
                name = order[n]
                count = split(volumes[image[name]], paths)
                for (i = 1; i <= count; i++) {
                    sub(/\/+$/, "", paths[i])
                    covered = 0
                    mounts = split(mounted[name], places)
                    for (m = 1; m <= mounts; m++) if (places[m] == paths[i] "/") covered = 1
                    if (!covered) print name, paths[i]
                }
            }
        }'
}

# owner_of_image: $number and $user are those of the image of the unit $name; - where they are not known.
owner_of_image() {
    number=- user=-
    read -r number user <<END || true
$(printf '%s' "$image_owners" | awk -v "image=$(image_of_unit)" '$1 == image { print $2, $3 }')
END
}

# Nothing of the image runs for it. An archive is blocks of text with zeros between them.
number_in_image() {
    container=$(in_time 300 docker create "$image" - 2>/dev/null) || return 0
    ask_docker cp "$container:/etc/passwd" - 2>/dev/null | tr -d '\000' |
        awk -F: -v "user=${user%:*}" '$1 == user && $3 ~ /^[0-9]+$/ { print $3; exit }'
    in_time 300 docker rm --force --volumes "$container" >/dev/null 2>&1 || true
}

check_secret() {
    [ "$what" != certificate ] || return 0
    check_file
    [ "$what" != secret ] || [ ! -f "$path" ] || grep -qs . "$path" || problem "the secret file $path is empty"
}
check_certificate() { [ "$what" != certificate ] || check_file; }
check_file() {
    if led "$path"; then
        problem "the $what file $path is not safe to read: $why"
    elif [ ! -f "$path" ]; then
        problem "the $what file $path cannot be read: it is not there, or is no file"
    fi
}
