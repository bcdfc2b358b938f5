check_docker() {
    command -v docker >/dev/null || return 0
    if ! version=$(docker version --format '{{.Server.Version}}' 2>&1); then
        problem "docker does not answer: $version"
        return 0
    fi
    major=${version%%.*}
    case $major in '' | *[!0-9]*) major=0 ;; esac
    [ "$major" -ge 20 ] || problem "docker $version is too old: 20.10 or later"
    if ! info=$(docker info --format '{{.Driver}} {{.LiveRestoreEnabled}} {{.MemoryLimit}} {{.NCPU}}
{{range .SecurityOptions}}{{.}} {{end}}
{{.DockerRootDir}}'); then
        problem "\`docker info\` fails"
        return 0
    fi
    directory=''
    {
        read -r driver live_restore memory processors
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
        *' name=selinux'*) note selinux "docker confines containers by SELinux: what they mount needs a type that they may use, such as container_file_t" ;;
    esac
    case $directory/ in /var/snap/*) problem "docker is from snap, which sees neither /opt nor /srv: install docker.io or docker-ce" ;; esac
    case $engine:$memory in
        *memory*:false) problem "docker cannot limit memory here, and would run services without their limit: boot with cgroup_enable=memory" ;;
    esac
    case $engine in
        *gpu*)
            # Docker before 25 has no such field.
            docker info --format '{{json .}}' 2>/dev/null | grep -q '"CDISpecDirs":\["' ||
                problem "docker gives no GPU by CDI here: docker 25 or later, with \"features\": {\"cdi\": true} in /etc/docker/daemon.json before 28.3"
            ;;
    esac
    for number in $cpus; do
        [ "$number" = "$processors" ] || [ "${number%.*}" -lt "$processors" ] ||
            problem "a service is limited to $number processors, which docker refuses: $host has $processors"
    done
    [ "$live_restore" = true ] ||
        note live-restore "without \"live-restore\": true in /etc/docker/daemon.json, a restart of docker restarts every service"
    case $engine:$(systemctl show --property=LogRateLimitBurst --value docker.service) in
        *journal*:0)
            grep -qsr '^RateLimit\(IntervalSec\|Burst\)=0' /etc/systemd/journald.conf /etc/systemd/journald.conf.d ||
                note journal "the journal takes so many lines of all containers together, and one that floods costs the others theirs:" \
                    "mkdir -p /etc/systemd/system/docker.service.d;" \
                    "printf '[Service]\\nLogRateLimitIntervalSec=30s\\nLogRateLimitBurst=1000000\\n'" \
                    ">/etc/systemd/system/docker.service.d/logs.conf; systemctl daemon-reload; systemctl restart docker"
            ;;
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
