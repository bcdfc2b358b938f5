docker run -d --tmpfs /tmp:rw,noexec,nosuid,size=65536k,mode=1777 --tmpfs /run:uid=1000 alpine:3.20 sleep 1d
