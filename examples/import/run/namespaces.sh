docker run -d --ipc host --pid host --uts host --userns host --cgroupns private --cgroup-parent app.slice --group-add 999 alpine:3.20 sleep 1d
