docker run -d --mount source=myvol2,target=/app --mount 'type=volume,target=/cache' alpine:3.20 sleep 1d
