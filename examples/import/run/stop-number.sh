docker run -d --stop-signal 15 alpine:3.20 sleep 1d
