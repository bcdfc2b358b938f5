# ---- Changing the host. Every step can be killed and done again.

pull_images() {
    for image in $missing_images; do
        say "pulling $image"
        named=$(platform)
        answer=$(in_time 3600 docker pull --quiet ${named:+--platform "$named"} "$image" 2>&1) || refuse "image $image cannot be pulled: nothing was changed: $answer"
    done
    [ -z "$missing_images" ] || ask_images || refuse "\`docker image inspect\` fails: nothing was changed"
}

# A unit pulls an image that somebody removed, and nothing else under its name.
keep_images() {
    check_tags warn
    {
        list_images
        cat "$root/images" 2>/dev/null || true
    } | awk '!seen[$1]++ && NR <= 1000' >"$root/.images.new"
    mv "$root/.images.new" "$root/images"
}

# Complete, and on the disk, or not there at all. What the copy holds is checked: the bundle may be changed meanwhile.
install_release() {
    if [ -d "$root/releases/$release" ] && [ -z "$(faults_of_installed "$release")" ]; then return 0; fi
    make_directory "$root/releases"
    ! led "$root/releases/$release" || refuse "releases cannot be kept in $root: $why"
    rm -rf "$root/.new"
    mkdir -m 0700 "$root/.new"
    cp -R -P "$here/." "$root/.new"
    [ "$(id_of "$root/.new"):$(faults_of "$root/.new")" = "$release:" ] ||
        refuse "the bundle was changed while it was copied: nothing was changed"
    set_modes "$root/.new"
    sync -f "$root/.new"
    if [ -d "$root/releases/$release" ]; then
        say "release $release was damaged on this host: it is installed again"
        rm -rf "$root/.damaged"
        installed=again
        mv -T "$root/releases/$release" "$root/.damaged"
    else
        installed=new
    fi
    mv -T "$root/.new" "$root/releases/$release"
    rm -rf "$root/.damaged"
}

# set_modes BUNDLE: whatever the modes that it was copied with. What a service is given stands in its files, so they are root's alone;
# containers read the config files by mounts of their own.
set_modes() {
    find "$1" -type d -exec chmod 0700 {} +
    find "$1" -type f -exec chmod 0600 {} +
    find "$1" -type f \( -path "$1/activate" -o -path "$1/docker/*.sh" -o -path "$1/etcd/*.sh" \) -exec chmod 0700 {} +
    find "$1" -type f -path "$1/files/*" -exec chmod 0644 {} +
    while IFS= read -r line; do
        [ -z "$line" ] || chmod "${line%% *}" "$1/${line#* }"
    done <<END
$modes
END
    find "$1" -type f -exec chmod go-w {} +
}

# Only below what root alone can write: elsewhere something else could be given to the owner.
make_volumes() {
    while read -r name owner mode _ make _ path; do
        if [ "$make" != made ] || [ -e "$path" ]; then continue; fi
        ! led "$path" || refuse "the volume $path cannot be made: $why"
        make_directory "${path%/*}"
        # Once more with the new ones: somebody else may have been first in a directory with the sticky bit.
        ! led "$path" || refuse "the volume $path cannot be made: $why"
        # Under its name only when it is complete: what exists is never touched.
        rmdir "$path.dpc-new" 2>/dev/null || true
        made="$path.dpc-new
$made"
        mkdir -m "$mode" "$path.dpc-new"
        if [ "$owner" = image ]; then
            owner_of_image
            owner=$number
        fi
        case $owner in - | '') ;; *) chown -h "$owner" "$path.dpc-new" ;; esac
        mv -T "$path.dpc-new" "$path"
        made="$path
$made"
    done <<END
$volumes
END
}

# make_directory PATH: with those above it.
make_directory() {
    if [ -z "$1" ] || [ -d "$1" ]; then return 0; fi
    make_directory "${1%/*}"
    mkdir "$1"
    made="$1
$made"
}

units_that_are_ours() {
    linked_to "$root/current/systemd"
    linked_to "$copies/current"
}
linked_to() { find "$system" -maxdepth 1 -lname "$1/*" -printf '%f '; }

# Units of this fleet that this release does not have, timers before what they start.
units_that_left() {
    for unit in $(units_that_are_ours); do
        [ -e "$here/systemd/$unit" ] || echo "$unit"
    done | sort -r
}

# Stopped while systemd still knows how. Their data stays.
remove_what_left() {
    for unit in $(units_that_left); do
        say "removing $unit"
        patiently "the end of $unit" systemctl stop "$unit"
        rm -f "$root/.loaded" "$system/$unit"
    done
    for container in $(printf '%s\n' "$present" | awk -v "fleet=\"$fleet\"" '$4 == fleet { print $1 }'); do
        case $units in
            *"
$container "*) : >"/run/dpc/$container.made" ;; # also where a script of another dpc, or nobody, says so
            *)
                in_time 300 docker rm --force --volumes "$container" >/dev/null
                rm -f "/run/dpc/$container.made"
                ;;
        esac
    done
    make_lock "$fleet.swept"
    echo yes >"/run/dpc/$fleet.swept"
}

switch_release() {
    loaded=$(cat "$root/releases/$release"/systemd/* | sha256sum)
    [ "$(cat "$root/.loaded" 2>/dev/null)" = "$loaded" ] || rm -f "$root/.loaded"
    point current "$release"
    touch "$root/releases/$release"
    place_units
    ours=" $(linked_to "$units_at")"
    for file in "$root"/current/systemd/*; do
        case $ours in *" ${file##*/} "*) continue ;; esac
        rm -f "$root/.loaded"
        ln -sfn "$units_at/${file##*/}" "$system/${file##*/}"
    done
    mkdir -p "$system/multi-user.target.wants"
    ln -sfn "../$fleet.target" "$system/multi-user.target.wants/$fleet.target"
    reserve_ports
    load_units
}

# $units_at: where systemd finds the units at a boot.
place_units() {
    units_at=$root/current/systemd
    [ "$(stat -c %d -- "$root")" != "$(stat -c %d -- "$system")" ] || return 0
    units_at=$copies/current
    mkdir -p "$copies"
    rm -rf "$copies/.new"
    cp -R "$root/releases/$release/systemd" "$copies/.new"
    rm -rf "$copies/.old"
    [ ! -e "$copies/$release" ] || mv -T "$copies/$release" "$copies/.old"
    mv -T "$copies/.new" "$copies/$release"
    sync -f "$copies"
    ln -sfn "$release" "$copies/.link"
    mv -T "$copies/.link" "$units_at"
    find "$copies" -mindepth 1 -maxdepth 1 ! -name current ! -name "$release" -exec rm -rf {} +
}

# Only where a text is another: with docker's systemd driver for control groups a reload takes the GPUs from running containers.
load_units() {
    [ ! -e "$root/.loaded" ] || return 0
    in_time 300 systemctl daemon-reload
    echo "$loaded" >"$root/.loaded"
}

# One file for every fleet: the kernel has one list, and of several files only the last would count.
reserve_ports() {
    list=/proc/sys/net/ipv4/ip_local_reserved_ports
    for file in "$root"/current/sysctl.d/*.conf; do
        [ -e "$file" ] || continue
        mine=$(sed -n 's/^net.ipv4.ip_local_reserved_ports = //p' "$file")
        others=$(cat "$list")
        echo "$mine${others:+,$others}" >"$list"
        echo "net.ipv4.ip_local_reserved_ports = $(cat "$list")" >/etc/sysctl.d/60-dpc.conf.new
        mv /etc/sysctl.d/60-dpc.conf.new /etc/sysctl.d/60-dpc.conf
    done
}

# release_of LINK, point LINK RELEASE
release_of() { basename "$(readlink "$root/$1" || true)"; }
point() {
    ln -sfn "releases/$2" "$root/.$1.new"
    mv -T "$root/.$1.new" "$root/$1"
}

# Five stay: what runs, what it would go back to, and the newest of the others.
prune() {
    stay='' count=0
    # shellcheck disable=SC2045 # the names are ours, and in hexadecimal
    for id in $(release_of current; release_of good; release_of previous; ls -t "$root/releases"); do
        case " $stay " in *" $id "*) continue ;; esac
        count=$((count + 1)) stay="$stay $id"
        [ "$count" -le 5 ] || rm -rf "$root/releases/$id"
    done
}

# Images that only releases had which went. What a registry does not have stays, and so does what a container has: docker sees to that.
remove_images() {
    [ -n "$(images_that_left)" ] || return 0
    lock_host
    for image in $(images_that_left); do remove_image; done
}
images_that_left() {
    known=$(awk 'NF > 2 { print $1 }' "$root/images")
    find /opt/dpc/*/releases -type f \( -name activate -o -name '*.sh' \) -exec grep -hosF -e "$known" {} + | sort -u |
        awk 'FILENAME == "-" { needed[$1]; next } NF > 2 && !($1 in needed) { print $1 }' - "$root/images"
}
remove_image() {
    # Another image under that name is somebody else's.
    found=$(ask_docker image inspect --format '{{.Id}}' "$image" 2>/dev/null) || refuse_hung "$?"
    case $found in
        "$(awk -v "image=$image" '$1 == image { print $2 }' "$root/images")")
            in_time 300 docker rmi "$image" >/dev/null 2>&1 || return 0
            say "removed the image $image, which no release has"
            ;;
    esac
    awk -v "image=$image" '$1 != image' "$root/images" >"$root/.images.new"
    mv "$root/.images.new" "$root/images"
}
