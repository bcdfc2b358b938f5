docker run -d --entrypoint /usr/bin/tini alpine:3.20 -- sleep 1d
