# Whoever breaks into a container can put a link into a volume that it writes: no other path of the host may go through there.
check_paths() {
    others=$(paths_of_others)
    [ -n "$others" ] || return 0
    while read -r _ access path; do
        while read -r owner their_access theirs; do
            case $their_access:$path/ in "rw:${theirs%/}"/?*) problem "$path lies in $theirs, which fleet $owner writes" ;; esac
            case $access:$their_access:$path in rw:rw:"$theirs") problem "$path is written by fleet $owner too" ;; esac
            case $access:$theirs/ in "rw:${path%/}"/?*) problem "$theirs of fleet $owner lies in $path, which $fleet writes" ;; esac
        done <<END
$others
END
    done <<END
$(show_paths)
END
}

# Volumes, devices, files that root reads, and what `docker-args` take: fleet, access, path.
show_paths() {
    each_volume show_volume
    while read -r what access path; do
        [ -z "$path" ] || printf '%s\n' "$fleet $access $path"
    done <<END
$given
END
    each_file show_file
}

show_volume() { printf '%s\n' "$fleet $access $path"; }
show_file() { printf '%s\n' "$fleet ro $path"; }

# Also of what they may go back to.
paths_of_others() {
    for other in /opt/dpc/*/current/activate /opt/dpc/*/good/activate; do
        case $other in "$root"/*) continue ;; esac
        [ -e "$other" ] || continue
        /bin/sh "$other" --paths 2>/dev/null || warn "note: $other is of another dpc: its volumes are not compared"
    done | sort -u
}

# Names run into each other where fleet `shop` has a service `a-b` and fleet `shop-a` a service `b`.
check_names() {
    ours=" $(units_that_are_ours)"
    for file in "$here"/systemd/*; do
        unit=${file##*/}
        case $ours in *" $unit "*) continue ;; esac
        link=$(readlink "$system/$unit" || true)
        case $link in
            /opt/dpc/*/current/systemd/* | /etc/dpc/*/current/*)
                owner=${link#/*/dpc/}
                problem "the unit $unit belongs to fleet ${owner%%/*}: rename the service or the fleet"
                ;;
            *)
                if [ -n "$link" ] || [ -e "$system/$unit" ]; then
                    problem "$system/$unit is there, and is no fleet's: remove it, or rename the service or the fleet"
                fi
                ;;
        esac
    done
}

# Two projects can call their fleets alike. Where nothing of this bundle runs here, what runs here may be the other's.
check_project() {
    [ -z "$replace" ] || return 0
    theirs=''
    for unit in $(units_that_are_ours); do
        case $unit in "$fleet.target" | "$fleet-register.service") continue ;; esac
        [ ! -e "$here/systemd/$unit" ] || return 0
        theirs="$theirs ${unit%.*}"
    done
    [ -z "$theirs" ] ||
        problem "fleet $fleet runs$theirs here, and nothing of this bundle: if another project made them, give one of the two fleets" \
            "another name, or declare the services of both in one project; if they shall go, activate with --replace"
}
