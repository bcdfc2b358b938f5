docker run -d --init --stop-signal INT --stop-timeout 30 alpine:3.20 sleep 1d
