check_docker() {
    command -v docker >/dev/null || return 0
    if ! version=$(ask_docker version --format '{{.Server.Version}}' 2>&1); then
        problem "docker does not answer${version:+: $version}"
        return 0
    fi
    major=${version%%.*}
    case $major in '' | *[!0-9]*) major=0 ;; esac
    [ "$major" -ge 20 ] || problem "docker $version is too old: 20.10 or later"
    if ! info=$(ask_docker info --format '{{.Driver}} {{.LiveRestoreEnabled}} {{.NCPU}} {{.CgroupDriver}} {{.CgroupVersion}}
memory:{{.MemoryLimit}} swap:{{.SwapLimit}} pids:{{.PidsLimit}} cpus:{{.CPUCfsQuota}} cpuset:{{.CPUSet}}
{{range .SecurityOptions}}{{.}} {{end}}
{{.DockerRootDir}}'); then
        problem "\`docker info\` fails"
        return 0
    fi
    directory=''
    {
        read -r driver live_restore processors cgroup_driver cgroups
        read -r controllers
        read -r security || true
        read -r directory || true
    } <<END
$info
END
    if [ "$driver" = devicemapper ]; then
        problem "docker's storage driver is devicemapper, which never gives back the space of removed images and which" \
            "docker 25 no longer has: set \"storage-driver\": \"overlay2\" in /etc/docker/daemon.json"
    elif [ -n "$storage_driver" ] && [ "$driver" != "$storage_driver" ]; then
        problem "docker's storage driver is $driver, and $host is declared to have $storage_driver"
    fi
    check_engine
    check_room "$directory" "$room"
    [ -z "$directory" ] || each_volume check_docker_directory
}

# What a container needs of an engine, which would only say so once the old container is gone, or not at all.
check_engine() {
    case " $security" in
        *' name=rootless'*) problem "docker runs without root: it cannot run what listens at the host's addresses and keeps data as other users" ;;
        *' name=userns'*) problem "docker runs with \"userns-remap\", so containers cannot use the host's network: remove it from /etc/docker/daemon.json" ;;
    esac
    case " $security" in
        *' name=selinux'*)
            note selinux "docker confines containers by SELinux: what they mount needs a type that they may use, such as container_file_t"
            [ "$(cat /sys/fs/selinux/enforce 2>/dev/null)" != 1 ] || each_volume check_label
            ;;
    esac
    case $directory/ in /var/snap/*) problem "docker is from snap, which sees neither /opt nor /srv: install docker.io or docker-ce" ;; esac
    for limit in $engine; do
        case $limit:" $controllers " in
            memory:*' memory:false '*)
                problem "docker cannot limit memory here, and would run services without their limit: boot with cgroup_enable=memory"
                ;;
            swap:*' swap:false '*) note swap "docker cannot limit swap here: services get more than their \`memory-swap\`: boot with swapaccount=1" ;;
            *:*" $limit:false "*)
                problem "docker cannot limit $limit here, and would run services without their limit: control groups of version $cgroups lack it"
                ;;
        esac
    done
    case $cgroups:$cgroup_driver in
        2:cgroupfs)
            note cgroup-driver "docker manages control groups beside systemd, and each may undo what the other sets: set" \
                "\"exec-opts\": [\"native.cgroupdriver=systemd\"] in /etc/docker/daemon.json"
            ;;
    esac
    case $engine in
        *gpu*)
            # Docker before 25 has no such field.
            ask_docker info --format '{{json .}}' 2>/dev/null | grep -q '"CDISpecDirs":\["' ||
                problem "docker gives no GPU by CDI here: docker 25 or later, with \"features\": {\"cdi\": true} in /etc/docker/daemon.json before 28.3"
            ;;
    esac
    for number in $cpus; do
        [ "$number" = "$processors" ] || [ "${number%.*}" -lt "$processors" ] ||
            problem "a service is limited to $number processors, which docker refuses: $host has $processors"
    done
    [ "$live_restore" = true ] ||
        note live-restore "without \"live-restore\": true in /etc/docker/daemon.json, a restart of docker restarts every service"
    case $engine:$(ask_systemd show --property=LogRateLimitBurst --value docker.service) in
        *journal*:0)
            grep -qsr '^RateLimit\(IntervalSec\|Burst\)=0' /etc/systemd/journald.conf /etc/systemd/journald.conf.d ||
                note journal "the journal takes so many lines of all containers together, and one that floods costs the others theirs:" \
                    "mkdir -p /etc/systemd/system/docker.service.d;" \
                    "printf '[Service]\\nLogRateLimitIntervalSec=30s\\nLogRateLimitBurst=1000000\\n'" \
                    ">/etc/systemd/system/docker.service.d/logs.conf; systemctl daemon-reload; systemctl restart docker"
            ;;
    esac
}

# What a container may use has this type, and a directory that is made has that of the directory above.
check_label() {
    [ "$label" = bare ] || return 0
    nearest "$path"
    type=$(stat -c %C -- "$place" 2>/dev/null) || type='?'
    case $place:$type in
        "$path":*:container_file_t:* | "$path":*:svirt_sandbox_file_t:*) ;;
        *) warn "warning: SELinux keeps $name from its volume $path ($type): give the volume selinux=\"shared\" or \"private\"" ;;
    esac
}

# note WHAT TEXT...: once after a boot.
note() {
    noted=$1
    shift
    ! grep -qsxF "$noted" /run/dpc/.told || return 0
    warn "note: $*"
    [ ! -d /run/dpc ] || echo "$noted" >>/run/dpc/.told
}

# Who writes docker's own directory is root on the host, wherever daemon.json puts it.
check_docker_directory() {
    case $access:$path/ in "rw:${directory%/}"/*) problem "the volume $path lies in $directory, which is docker's own" ;; esac
    case $access:$directory/ in "rw:${path%/}"/?*) problem "docker's own $directory lies in the volume $path" ;; esac
}
