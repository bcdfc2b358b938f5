#!/bin/sh
# Runs in the machine at each boot: the first time it activates the fleet, the second time, after a power cut, it only looks.
set -eu
exec >/dev/console 2>&1
here=$(dirname "$0")
state=/var/lib/dpc-test
trap 'status=$?; [ "$status" -eq 0 ] || { journalctl --boot --no-pager --lines 60; echo "dpc-test: FAILED with status $status"; }' EXIT

say() { echo "dpc-test: $*"; }
group() { echo "/sys/fs/cgroup/system.slice/docker-$(docker inspect --format '{{.Id}}' vm-web-1).scope"; }
counted() { sed -n "s/^$2 //p" "$(group)/$1"; }

limits() {
    [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]
    docker info --format '{{.CgroupDriver}} {{.CgroupVersion}}' | grep -qx 'systemd 2'
    (cd "$(group)" && cat memory.max pids.max cpu.max) >/tmp/limits
    printf '67108864\n64\n50000 100000\n' | diff - /tmp/limits
    # More memory ends what wants it, more processes are none, and more time is not given.
    status=0
    docker exec vm-web-1 dd if=/dev/zero of=/dev/null bs=200M count=1 || status=$?
    [ "$status" -eq 137 ]
    [ "$(counted memory.events oom_kill)" -gt 0 ]
    docker exec vm-web-1 sh -c 'i=0; while [ $i -lt 100 ]; do i=$((i + 1)); sleep 5 & done; wait' || true
    [ "$(counted pids.events max)" -gt 0 ]
    docker exec vm-web-1 timeout 5 sh -c 'while :; do :; done' || true
    [ "$(counted cpu.stat nr_throttled)" -gt 0 ]
    systemctl is-active vm-web-1 vm-after-1
    say "limits bind"
}

if [ ! -e "$state" ]; then
    tar -C "$here/image" -c . | docker import --change 'USER 1000:1000' - vm/busybox:1
    sh "$here/out/vm/activate"
    limits
    echo kept >/srv/vm/web/data/file
    sync
    : >"$state"
    sync
    say ACTIVATED
else
    tries=600
    until systemctl is-active --quiet vm-web-1 vm-after-1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ]
        sleep 1
    done
    say "all came back $(cut -d. -f1 /proc/uptime) s after the start of the kernel"
    limits
    [ "$(cat /srv/vm/web/data/file)" = kept ]
    sh /opt/dpc/vm/current/activate --status
    say BACK
fi
