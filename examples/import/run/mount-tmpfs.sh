docker run -d --mount type=tmpfs,destination=/app,tmpfs-mode=1770,tmpfs-size=67108864 alpine:3.20 sleep 1d
